"""Unknown time zones and currencies are sent, with a warning at the line of the caller."""

from __future__ import annotations

import asyncio
import inspect
import sys
import warnings
import zoneinfo
from collections.abc import Iterator

import pytest

from frontegg_async import AsyncFrontegg, InvalidArgumentError
from frontegg_async._core.checks import unknown_values
from frontegg_async._core.runtime.caller_warnings import calling_thread, warn_caller
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import BlockingCallWarning, UnknownValueWarning
from frontegg_sync import Frontegg

pytestmark = pytest.mark.anyio


@pytest.fixture
def caught(frontegg_emulator: EmulatorHandle) -> Iterator[list[warnings.WarningMessage]]:
    """Every warning, and a tenant to call about."""
    frontegg_emulator.seed(tenants=[{"tenantId": "t1", "name": "n"}])
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", BlockingCallWarning)
        yield found


def _line_before() -> int:
    """The line before that of the caller."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno - 1


@pytest.mark.parametrize(
    ("timezone", "currency", "message"),
    [
        (
            "Europe/Berln",
            None,
            "timezone 'Europe/Berln' is not a name of the time zone database; the nearest is 'Europe/",
        ),
        ("CET+1", None, "timezone 'CET+1'"),
        ("../../etc/passwd", None, "timezone"),
        ("a\0b", None, "timezone"),
        ("x" * 5_000, None, f"timezone '{'x' * 64}' is not"),
        (None, "EURO", "currency 'EURO' is not a code of ISO 4217; the nearest is 'EUR'"),
        (None, "eur", "the nearest is 'EUR'. The service accepts the value without a check"),
        (None, "€", "currency '€'"),
    ],
)
def test_what_does_not_exist_is_warned_of(timezone: str | None, currency: str | None, message: str) -> None:
    """The message names the argument, and what is near."""
    with pytest.warns(UnknownValueWarning) as caught:
        unknown_values.warn_now(timezone=timezone, currency=currency)
    assert len(caught) == 1
    assert message in str(caught[0].message)


@pytest.mark.parametrize("timezone", [*sorted(zoneinfo.available_timezones())[::50], "UTC", "Europe/Berlin", "", None])
@pytest.mark.parametrize("currency", ["EUR", "USD", "XAU", "HRK", "", None])
def test_what_exists_is_not(timezone: str | None, currency: str | None) -> None:
    """Nor what is not given, and what clears a field."""
    unknown_values.warn_now(timezone=timezone, currency=currency)


def test_a_system_without_the_database_knows_every_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be said there, so nothing is."""
    monkeypatch.setitem(sys.modules, "tzdata", None)
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    monkeypatch.setattr(unknown_values, "_zones", {})
    unknown_values._timezones.cache_clear()
    try:
        unknown_values.warn_now(timezone="Europe/Berln", currency=None)
    finally:
        unknown_values._timezones.cache_clear()


async def test_it_points_at_the_line_that_awaits(
    frontegg_client: AsyncFrontegg, caught: list[warnings.WarningMessage]
) -> None:
    """Whichever call it is; and the value is sent."""
    lines = []
    await frontegg_client.tenants.create(name="n", timezone="Europe/Berln")
    lines.append(_line_before())
    await frontegg_client.tenants.update("t1", currency="EURO")
    lines.append(_line_before())
    await frontegg_client.tenants.ensure("t2", name="n", currency="EURO")
    lines.append(_line_before())
    await frontegg_client.account_settings.update("t1", timezone="Nowhere")
    lines.append(_line_before())
    assert [(each.filename, each.lineno, each.category) for each in caught] == [
        (__file__, line, UnknownValueWarning) for line in lines
    ]
    assert (await frontegg_client.account_settings.get("t1")).timezone == "Nowhere"


def test_it_points_at_the_line_that_blocks(
    frontegg_sync_client: Frontegg, caught: list[warnings.WarningMessage]
) -> None:
    """Although the call is made in the loop's thread."""
    lines = []
    frontegg_sync_client.tenants.create(name="n", timezone="Europe/Berln")
    lines.append(_line_before())
    frontegg_sync_client.tenants.update("t1", currency="EURO")
    lines.append(_line_before())
    view = frontegg_sync_client.for_tenant("t1")
    view.account_settings.update(currency="EURO")
    lines.append(_line_before())
    assert [(each.filename, each.lineno, each.category) for each in caught] == [
        (__file__, line, UnknownValueWarning) for line in lines
    ]


async def test_a_task_of_its_own_still_warns(
    frontegg_client: AsyncFrontegg, caught: list[warnings.WarningMessage]
) -> None:
    """There is no line of the caller in its stack."""
    await asyncio.gather(frontegg_client.tenants.update("t1", currency="EURO"))
    assert [each.category for each in caught] == [UnknownValueWarning]


def test_a_thread_that_is_gone_still_warns() -> None:
    """The call goes on though nobody waits for it any more."""
    token = calling_thread.set(-1)
    try:
        with pytest.warns(UnknownValueWarning, match="lost"):
            warn_caller("lost", UnknownValueWarning)
    finally:
        calling_thread.reset(token)


@pytest.mark.usefixtures("caught")
async def test_as_an_error_it_stops_the_call(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, frontegg_sync_client: Frontegg
) -> None:
    """Before anything is sent, in both clients."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UnknownValueWarning)
        with pytest.raises(UnknownValueWarning):
            await frontegg_client.tenants.update("t1", timezone="Nowhere")
        with pytest.raises(UnknownValueWarning):
            frontegg_sync_client.tenants.update("t1", timezone="Nowhere")
    assert frontegg_emulator.journal() == []


def test_once_for_each_line_by_default() -> None:
    """The filters of Python see the module and the line of the caller."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            unknown_values.warn_now(timezone=None, currency="EURO")
        unknown_values.warn_now(timezone=None, currency="EURO")
    assert [each.lineno for each in caught] == [_line_before() - 1, _line_before()]


@pytest.mark.parametrize("name", ["create", "ensure", "update"])
async def test_a_bad_argument_comes_first(frontegg_client: AsyncFrontegg, name: str) -> None:
    """A call that cannot be made needs no warning about its values."""
    method = getattr(frontegg_client.tenants, name)
    with pytest.raises(InvalidArgumentError, match="website must be text, not int"):
        await method(tenant_id="t1", name="n", timezone="Nowhere", website=5)
    with pytest.raises(InvalidArgumentError, match="address must be text, not int"):
        await frontegg_client.account_settings.update("t1", currency="EURO", address=5)  # type: ignore[arg-type]  # the point
