"""SSO settings of the environment that nobody set."""

from __future__ import annotations

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import InvalidArgumentError, NotFoundError
from frontegg_async.managed.registry import ENVIRONMENT
from tests.managed.writing import create, full
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server

pytestmark = pytest.mark.anyio

KIND = ENVIRONMENT["sso_settings"]


async def test_settings_that_nobody_set(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """They have no values. The first write must name all of them, but for those that can be cleared."""
    frontegg_emulator.set_switch("sso_unset_settings", "not_found")
    found = (await KIND.read(frontegg_client._caller)).found
    assert {key: dict(each.values) for key, each in found.items()} == {
        key: dict.fromkeys(KIND.fields_of(key)) for key in ("domains", "multiple_sso", "oidc")
    }
    frontegg_emulator.clear_journal()
    problem = "sso_settings.multiple_sso was never set: give use_active_tenant, unspecified_tenant_strategy too"
    with pytest.raises(InvalidArgumentError, match=problem):
        await create(frontegg_client, "multiple_sso", {"enabled": True})
    assert {entry.method for entry in frontegg_emulator.journal()} == {"GET"}
    written = await create(frontegg_client, "multiple_sso", full("multiple_sso"))
    assert written.values == full("multiple_sso")
    assert (await create(frontegg_client, "oidc", {"enabled": True})).values == {"enabled": True, "redirect_uri": None}


async def test_a_proxy_that_knows_no_such_route() -> None:
    """Its 404 does not say that nobody set them."""
    async with raw_server(http(404, raw=b"<html>")) as server, make_client(server.url) as client:
        with pytest.raises(NotFoundError):
            await KIND.read(client._caller, ["oidc"])


async def test_only_what_is_needed_is_read(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Settings with other keys take no request."""
    assert [*(await KIND.read(frontegg_client._caller, ["oidc"])).found] == ["oidc"]
    routes = [entry.route for entry in frontegg_emulator.journal() if "settings" in str(entry.route)]
    assert routes == ["sso.settings.get_oidc_config"]


async def test_a_field_of_other_settings(frontegg_client: AsyncFrontegg) -> None:
    """It is refused, and nothing is sent."""
    assert KIND.key_problem("saml") == "the keys in sso_settings are domains, multiple_sso, oidc"
    with pytest.raises(InvalidArgumentError, match=r"sso_settings\.domains has no field enabled"):
        await create(frontegg_client, "domains", {"enabled": True})
