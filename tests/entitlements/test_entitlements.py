"""`AsyncEntitlements`: arguments, decisions, and how the snapshot is kept up to date."""

from __future__ import annotations

import logging
from typing import Any, Final

import pytest

from frontegg_async import AsyncEntitlements, AsyncFrontegg, ConfigurationError, InvalidArgumentError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.entitlements import Decision, DecisionReason, EntitlementsEvent, EntitlementsEventKind
from frontegg_async.errors import (
    ClientClosedError,
    FronteggError,
    NotFoundError,
    PermissionDeniedError,
    ServerError,
    StaleEntitlementsError,
)
from frontegg_sync import Entitlements
from tests.entitlements.stepped import PLANS, Stepped

pytestmark = pytest.mark.anyio

_ENTITLED: Final = Decision(True)
_MISSING: Final = Decision(False, DecisionReason.MISSING_FEATURE)
_PATHS: Final = "/entitlements/*"
_DOWN: Final[Any] = {"type": "status", "status": 503}


async def test_decisions_are_those_of_the_environment(stepped: Stepped) -> None:
    """By claims, or by ids; features and permissions."""
    async with AsyncEntitlements(stepped.client) as entitlements:
        claims = {"type": "userToken", "sub": "ann", "tenantId": "acme", "permissions": ["reports.*"]}
        assert entitlements.decide(claims, feature="reports") == _ENTITLED
        assert entitlements.decide(claims, permission="reports.read") == _ENTITLED
        assert entitlements.decide(claims, feature="beta") == _MISSING
        assert entitlements.decide(tenant_id="acme", feature="reports") == _ENTITLED
        assert entitlements.decide(tenant_id="acme", user_id="ann", feature="reports") == _ENTITLED
        assert entitlements.decide(tenant_id="other", feature="reports") == _MISSING
        assert entitlements.features_of(claims) == entitlements.features_of(tenant_id="acme") == {"reports"}
        assert entitlements.features_of(tenant_id="other") == frozenset()
    assert await stepped.requests() == ["whole"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"feature": "a"}, "claims or tenant_id must be given"),
        ({"tenant_id": "acme"}, "feature or permission must be given"),
        ({"tenant_id": "acme", "feature": "a", "permission": "b"}, "feature and permission exclude each other"),
        ({"tenant_id": "acme", "permission": "b"}, "permission needs claims"),
        ({"tenant_id": "acme", "feature": 5}, "feature must be a key as text, not int"),
        ({"tenant_id": "acme", "feature": ""}, "feature must not be empty"),
        ({"claims": {}, "permission": ""}, "permission must not be empty"),
        ({"claims": "a.b.c", "feature": "a"}, "claims must be Claims, or a mapping .* not str"),
        ({"claims": {}, "tenant_id": "acme", "feature": "a"}, "claims and tenant_id exclude each other"),
        ({"claims": {}, "user_id": "ann", "feature": "a"}, "claims and user_id exclude each other"),
        ({"user_id": "ann", "feature": "a"}, "claims or tenant_id must be given"),
        ({"tenant_id": 5, "feature": "a"}, "tenant_id must be"),
        ({"tenant_id": "acme", "user_id": "", "feature": "a"}, "user_id must"),
        ({"tenant_id": "acme", "feature": "a", "attributes": ["b"]}, "attributes must be a mapping .* not list"),
    ],
)
async def test_arguments_that_are_not_allowed(arguments: dict[str, Any], message: str) -> None:
    """The message names the argument, whether there is a snapshot or not."""
    async with AsyncFrontegg("a", "b") as frontegg:
        with pytest.raises(InvalidArgumentError, match=message):
            AsyncEntitlements(frontegg).decide(**arguments)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"refresh": 0.01}, "refresh must be a number of seconds from 0.1 to 86,400, not 0.01"),
        ({"refresh": True}, "refresh must be"),
        ({"max_age": "1"}, "max_age must be"),
        ({"max_age": 30}, "max_age must be longer than refresh, which is 30 seconds"),
        ({"stale_file": 5}, "stale_file must be a path"),
        ({"stale_file": ""}, "stale_file must be a path"),
        ({"stale_file": "a\0b"}, "stale_file must be .* without a NUL character"),
        ({"on_event": "log"}, "on_event must be a plain function"),
    ],
)
async def test_settings_that_are_not_allowed(settings: dict[str, Any], message: str) -> None:
    """The message names the setting."""
    async with AsyncFrontegg("a", "b") as frontegg:
        with pytest.raises(ConfigurationError, match=message):
            AsyncEntitlements(frontegg, **settings)
    with pytest.raises(ConfigurationError, match="frontegg must be an AsyncFrontegg, not str"):
        AsyncEntitlements("frontegg")  # type: ignore[arg-type]  # what is refused


async def test_it_must_be_open(stepped: Stepped) -> None:
    """Before and after, there are no decisions; to close twice does nothing."""
    entitlements = AsyncEntitlements(stepped.client)
    with pytest.raises(ClientClosedError, match="not open"):
        entitlements.decide(tenant_id="acme", feature="reports")
    await entitlements.open()
    await entitlements.open()
    assert entitlements.decide(tenant_id="acme", feature="reports") == _ENTITLED
    await entitlements.aclose()
    await entitlements.aclose()
    for use in (lambda: entitlements.decide(tenant_id="acme", feature="reports"), lambda: entitlements.age):
        with pytest.raises(ClientClosedError, match="are closed"):
            use()
    with pytest.raises(ClientClosedError, match="are closed"):
        await entitlements.open()


async def test_the_whole_is_read_only_after_a_change(stepped: Stepped) -> None:
    """The offset is asked for every half minute. A change of it, also back, replaces the snapshot."""
    events: list[EntitlementsEvent] = []
    async with AsyncEntitlements(stepped.client, on_event=events.append) as entitlements:
        before = await stepped.emulator.snapshot()
        await stepped.advance(90.0)
        assert await stepped.requests() == ["whole", "offset", "offset", "offset"]
        assert entitlements.age == 0.0
        await stepped.client.plan_assignments.remove(["a1"])
        assert entitlements.decide(tenant_id="acme", feature="reports") == _ENTITLED
        await stepped.advance(30.0)
        assert await stepped.requests() == ["offset", "whole"]
        assert entitlements.decide(tenant_id="acme", feature="reports") == _MISSING
        await stepped.emulator.restore(before)
        await stepped.advance(45.0)
        assert await stepped.requests() == ["offset", "whole"]
        assert entitlements.decide(tenant_id="acme", feature="reports") == _ENTITLED
        assert entitlements.age == 15.0
    assert [each.kind for each in events] == ["ready", "changed", "changed"]


async def test_an_outage_is_told_once(stepped: Stepped, caplog: pytest.LogCaptureFixture) -> None:
    """The last snapshot stays, and each refresh is one attempt."""
    caplog.set_level(logging.INFO, "frontegg_async.entitlements")
    events: list[EntitlementsEvent] = []
    async with AsyncEntitlements(stepped.client) as entitlements:
        remove = entitlements.listen(events.append)
        await stepped.requests()
        await stepped.emulator.add_fault(stage="before_commit", action=_DOWN, match={"path": _PATHS})
        await stepped.advance(300.0)
        assert await stepped.requests() == ["offset"] * 10
        assert entitlements.decide(tenant_id="acme", feature="reports") == _ENTITLED
        assert (entitlements.age, entitlements.has_outage, entitlements.is_stale) == (300.0, True, False)
        await stepped.emulator.delete_faults()
        await stepped.advance(30.0)
        assert (entitlements.age, entitlements.has_outage) == (0.0, False)
        remove()
        await stepped.emulator.add_fault(stage="before_commit", action=_DOWN, match={"path": _PATHS})
        await stepped.advance(30.0)
    assert [each.kind for each in events] == ["error", "recovered"]
    assert isinstance(events[0].error, ServerError)
    assert (events[0].age, events[1].age, events[1].error) == (30.0, 0.0, None)
    assert [each.levelno for each in caplog.records] == [logging.WARNING, logging.INFO, logging.WARNING]
    assert "status 503" in caplog.text


async def test_a_snapshot_that_is_too_old_decides_nothing(stepped: Stepped) -> None:
    """From `max_age` on, until the service confirms it."""
    events: list[EntitlementsEvent] = []
    async with AsyncEntitlements(stepped.client, max_age=100, on_event=events.append) as entitlements:
        await stepped.emulator.add_fault(stage="before_commit", action=_DOWN, match={"path": _PATHS})
        await stepped.advance(99.0)
        assert entitlements.decide(tenant_id="acme", feature="reports") == _ENTITLED
        await stepped.advance(1.0)
        assert entitlements.is_stale
        with pytest.raises(StaleEntitlementsError, match=r"is 100 s old.* the snapshot cannot be refreshed"):
            entitlements.decide(tenant_id="acme", feature="reports")
        with pytest.raises(StaleEntitlementsError):
            entitlements.features_of(tenant_id="acme")
        await stepped.advance(200.0)
        await stepped.emulator.delete_faults()
        await stepped.advance(30.0)
        assert entitlements.decide(tenant_id="acme", feature="reports") == _ENTITLED
    kinds = EntitlementsEventKind
    assert [each.kind for each in events] == [kinds.READY, kinds.ERROR, kinds.STALE, kinds.RECOVERED]


@pytest.mark.parametrize(("status", "error"), [(403, PermissionDeniedError), (404, NotFoundError)])
async def test_an_environment_without_entitlements(stepped: Stepped, status: int, error: type[FronteggError]) -> None:
    """The start fails with the response of the service; later it is an outage."""
    refusal = {"type": "status", "status": status}
    fault = await stepped.emulator.add_fault(stage="before_commit", action=refusal, match={"path": _PATHS})
    with pytest.raises(error):
        await AsyncEntitlements(stepped.client).open()
    await stepped.emulator.delete_fault(fault)
    async with AsyncEntitlements(stepped.client) as entitlements:
        await stepped.emulator.add_fault(stage="before_commit", action=refusal, match={"path": _PATHS})
        await stepped.advance(30.0)
        assert entitlements.has_outage
        assert entitlements.decide(tenant_id="acme", feature="reports") == _ENTITLED


def test_the_blocking_twin(frontegg_emulator: EmulatorHandle) -> None:
    """It decides in any thread, and is closed at the end of its block."""
    frontegg_emulator.seed({"tenants": [{"tenantId": "acme", "name": "Acme"}], "tables": PLANS})
    with frontegg_emulator.client() as frontegg:
        events: list[EntitlementsEvent] = []
        with Entitlements(frontegg, on_event=events.append) as entitlements:
            assert entitlements.decide(tenant_id="acme", feature="reports") == _ENTITLED
            assert entitlements.features_of({"tenantId": "acme"}) == {"reports"}
            assert entitlements.age < 30.0
        with pytest.raises(ClientClosedError):
            entitlements.decide(tenant_id="acme", feature="reports")
    assert [each.kind for each in events] == ["ready"]
