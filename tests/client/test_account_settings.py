"""The settings of tenants, for the management, for a view of one tenant, and for its users."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import pytest

from frontegg_async import (
    AsyncFrontegg,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    ResponseMismatchError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.models import PublicTenantSettings, TenantSettings
from frontegg_sync import Frontegg
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server

pytestmark = pytest.mark.anyio

SETTINGS: Mapping[str, Any] = {
    "application_url": "https://app.north.example",
    "login_url": "https://in.north.example",
    "address": "Weg 1",
    "timezone": "Europe/Berlin",
    "date_format": "DD/MM/YYYY",
    "time_format": "24h",
    "currency": "EUR",
    "logo": "aGk=",
}
READ, WRITE = "fe.secure.read.accountSettings", "fe.secure.write.accountSettings"


@pytest.fixture(autouse=True)
def north(frontegg_emulator: EmulatorHandle) -> None:
    """Two tenants."""
    frontegg_emulator.seed(tenants=[{"tenantId": tenant_id, "name": tenant_id} for tenant_id in ("north", "süd/1")])


async def test_settings_are_changed_and_read(frontegg_client: AsyncFrontegg) -> None:
    """Those of the tenant that is named; the tenant itself shows them too."""
    changed = await frontegg_client.account_settings.update("süd/1", name="South", **SETTINGS)
    assert changed == TenantSettings(tenant_id="süd/1", **SETTINGS)
    assert await frontegg_client.account_settings.get("süd/1") == changed
    assert repr(changed) == "TenantSettings(tenant_id='süd/1')"
    public = await frontegg_client.account_settings.get_public("süd/1")
    assert public == PublicTenantSettings(
        tenant_id="süd/1", application_url=changed.application_url, login_url=changed.login_url
    )
    tenant = await frontegg_client.tenants.get("süd/1")
    assert (tenant.name, tenant.date_format, tenant.currency) == ("South", "DD/MM/YYYY", "EUR")
    await frontegg_client.tenants.update("süd/1", currency="SEK")
    assert (await frontegg_client.account_settings.get("süd/1")).currency == "SEK"
    assert (await frontegg_client.account_settings.get("north")).timezone is None


async def test_none_clears_and_what_is_not_given_stays(frontegg_client: AsyncFrontegg) -> None:
    """As in the update of a tenant."""
    await frontegg_client.account_settings.update("north", **SETTINGS)
    changed = await frontegg_client.account_settings.update("north", timezone=None)
    assert (changed.timezone, changed.currency) == (None, "EUR")


async def test_the_tenant_header_goes_with_each(frontegg_client: AsyncFrontegg) -> None:
    """An unknown tenant is not found, whatever is asked."""
    for call in (
        frontegg_client.account_settings.get("nobody"),
        frontegg_client.account_settings.get_public("nobody"),
        frontegg_client.account_settings.update("nobody", name="n"),
    ):
        with pytest.raises(NotFoundError):
            await call


async def test_a_view_of_one_tenant(frontegg_client: AsyncFrontegg) -> None:
    """It does not name the tenant again."""
    view = frontegg_client.for_tenant("north").account_settings
    assert await view.update(address="Weg 2") == await view.get()
    assert (await view.get_public()).tenant_id == "north"


async def test_users_have_those_of_their_tenant(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """As far as they are permitted to; the public ones need no permission."""
    may = frontegg_emulator.user_token(tenant_id="north", permissions=[READ, WRITE]).access_token
    reads = frontegg_emulator.user_token(tenant_id="north", permissions=[READ]).access_token
    bare = frontegg_emulator.user_token(tenant_id="north").access_token
    manager, reader, nobody = (frontegg_client.as_user(token).account_settings for token in (may, reads, bare))
    changed = await manager.update(currency="SEK")
    assert await reader.get() == changed
    assert (await nobody.get_public()).tenant_id == "north"
    for refused in (reader.update(currency="EUR"), nobody.get(), nobody.update(name="n")):
        with pytest.raises(PermissionDeniedError):
            await refused
    assert (await frontegg_client.tenants.get("north")).currency == "SEK"


async def test_an_answer_about_another_tenant_is_refused() -> None:
    """The response of somebody else's call is not taken for this one's."""
    async with raw_server(http(200, {"tenantId": "t2"})) as server, make_client(server.url) as client:
        with pytest.raises(ResponseMismatchError):
            await client.account_settings.get("t1")
        assert server.requests[0].headers["frontegg-tenant-id"] == "t1"


async def test_what_the_service_adds_is_kept() -> None:
    """By its name on the wire."""
    async with (
        raw_server(http(200, {"tenantId": "t1", "theme": {"dark": True}})) as server,
        make_client(server.url) as client,
    ):
        assert (await client.account_settings.get("t1")).extra == {"theme": {"dark": True}}
        assert (await client.account_settings.get_public("t1")).extra == {"theme": {"dark": True}}


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("update", {}, "^give at least one setting to change"),
    ("update", {"name": None}, "name"),
    ("update", {"name": ""}, "name"),
    ("update", {"currency": 5}, "currency"),
    ("update", {"logo": b"x"}, "logo"),
    ("update", {"address": "\ud800"}, "address"),
    ("get", {"options": 5}, "options"),
]


@pytest.mark.parametrize(("verb", "arguments", "named"), BAD)
async def test_bad_arguments_are_named(
    frontegg_client: AsyncFrontegg, verb: str, arguments: dict[str, Any], named: str
) -> None:
    """By the management of all tenants as by the view of one."""
    with pytest.raises(InvalidArgumentError, match=named):
        await getattr(frontegg_client.account_settings, verb)("north", **arguments)
    with pytest.raises(InvalidArgumentError, match=named):
        await getattr(frontegg_client.for_tenant("north").account_settings, verb)(**arguments)


@pytest.mark.parametrize(("verb", "arguments", "named"), BAD)
def test_bad_arguments_are_named_before_anything_is_sent(
    frontegg_emulator: EmulatorHandle,
    frontegg_sync_client: Frontegg,
    verb: str,
    arguments: dict[str, Any],
    named: str,
) -> None:
    """By the blocking twin too."""
    with pytest.raises(InvalidArgumentError, match=named):
        getattr(frontegg_sync_client.account_settings, verb)("north", **arguments)
    assert frontegg_emulator.journal() == []


@pytest.mark.parametrize("tenant_id", ["", "..", " a", None, "\ud800"])
async def test_a_bad_tenant_is_named(frontegg_client: AsyncFrontegg, tenant_id: Any) -> None:
    """It would be lost or changed on its way."""
    for call in (
        frontegg_client.account_settings.get(tenant_id),
        frontegg_client.account_settings.get_public(tenant_id),
        frontegg_client.account_settings.update(tenant_id, name="n"),
    ):
        with pytest.raises(InvalidArgumentError, match="tenant_id"):
            await call


def test_the_blocking_twin(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """The same verbs, by each way."""
    settings = frontegg_sync_client.account_settings
    changed = settings.update("north", **SETTINGS)
    assert changed == settings.get("north") == TenantSettings(tenant_id="north", **SETTINGS)
    assert frontegg_sync_client.for_tenant("north").account_settings.get() == changed
    assert settings.get_public("north").login_url == changed.login_url
    with pytest.raises(NotFoundError):
        settings.get("nobody")
    token = frontegg_emulator.user_token(tenant_id="north", permissions=[READ]).access_token
    user = frontegg_sync_client.as_user(token)
    assert user.account_settings.get() == changed
    with pytest.raises(PermissionDeniedError):
        user.account_settings.update(name="n")


def test_a_clean_call_warns_of_nothing(frontegg_sync_client: Frontegg) -> None:
    """What is known is no reason to."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frontegg_sync_client.account_settings.update("north", timezone="Europe/Berlin", currency="CHF")
    assert caught == []
