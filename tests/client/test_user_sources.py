"""User sources: the secrets of their configurations, and writes whose responses are lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg, NotFoundError, OutcomeUnknownError
from frontegg_async._values.secret import Secret
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.models import UserSource
from tests.exercises import user_sources
from tests.support.clients import make_client
from tests.support.raw_server import CLOSE, http, raw_server

pytestmark = pytest.mark.anyio

_ROWS: Final[Any] = user_sources.TABLES["userSources"]


def _with(*app_ids: str) -> Any:
    """Return a response with a user source that has applications."""
    return http(200, {"id": "s1", "name": "S", "type": "auth0", "appIds": [*app_ids], "configuration": {}})


def _secrets(value: Any) -> Iterator[str]:
    """Yield the texts in a configuration that nobody may see."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _secrets(each)
    elif isinstance(value, str) and "canary" in value:
        yield value


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: str(row["type"]))
async def test_no_secret_of_a_configuration_is_shown(
    row: dict[str, Any], frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """Only ``reveal`` shows each; the rest of the configuration stays as JSON."""
    frontegg_emulator.seed({"tables": {"userSources": [row]}})
    (listed,) = await frontegg_client.user_sources.list().all()
    found = await frontegg_client.user_sources.get(row["id"])
    assert (listed.users_count, found.users_count) == (row.get("usersCount", 0), None)

    configuration = found.configuration
    assert configuration is not None
    assert configuration.extra == {}
    assert configuration.tenant_config == {"tenantResolverType": "new"}
    for shown in (repr(found), repr(configuration), found.to_json(), str(found.to_dict(mode="python"))):
        assert "canary" not in shown
    names = [name for name in dir(configuration) if isinstance(getattr(configuration, name), Secret)]
    revealed = json.dumps(configuration.to_dict(reveal=names))
    assert len([*_secrets(row["configuration"])]) == len(names)
    assert all(secret in revealed for secret in _secrets(row["configuration"]))


async def test_a_service_account_is_json_text() -> None:
    """A private key that is nested is hidden with all around it."""
    account = {"private_key": "-----BEGIN", "project_id": "p"}
    body = {"id": "s1", "appIds": [], "configuration": {"serviceAccount": account}}
    async with raw_server(http(200, body)) as server, make_client(server.url) as client:
        found = (await client.user_sources.get("s1")).configuration
    assert found is not None
    assert found.service_account is not None
    assert json.loads(found.service_account.reveal()) == account
    assert found.extra == {}


@pytest.mark.parametrize("verb", ["assign_applications", "unassign_applications"])
@pytest.mark.parametrize("is_done", [True, False])
async def test_a_lost_response_is_not_sent_again_blindly(verb: str, *, is_done: bool) -> None:
    """The client reads the user source, and sends the request again only if the service did not act."""
    done, before = ("a1", "a2"), ("a2",)
    shown = done if (verb == "assign_applications") is is_done else before
    async with raw_server(CLOSE, _with(*shown), http(201)) as server, make_client(server.url) as client:
        await getattr(client.user_sources, verb)("s1", app_ids=["a1"])
    assert [request.method for request in server.requests] == ["POST", "GET"] + ["POST"] * (not is_done)


async def test_a_part_is_not_all() -> None:
    """One of two applications is there: the request was not carried out, or not by this call."""
    async with raw_server(CLOSE, _with("a1"), http(201)) as server, make_client(server.url) as client:
        await client.user_sources.assign_applications("s1", app_ids=["a1", "a2"])
        assert len(server.requests) == 3
    async with raw_server(CLOSE, _with("a1"), http(201)) as server, make_client(server.url) as client:
        await client.user_sources.unassign_applications("s1", app_ids=["a1", "a2"])
        assert len(server.requests) == 3


@pytest.mark.parametrize("body", [{"id": "s1"}, {"id": "s1", "appIds": None}, {"id": "s2", "appIds": []}])
async def test_a_read_without_applications_proves_nothing(body: dict[str, object]) -> None:
    """A user source that does not say its applications, or another one, does not confirm that they are gone."""
    async with raw_server(CLOSE, http(200, body)) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError):
            await client.user_sources.unassign_applications("s1", app_ids=["a1"])
    assert [request.method for request in server.requests].count("POST") == 1


async def test_a_deletion_that_was_lost(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """The 404 of the second attempt is a success."""
    frontegg_emulator.seed({"tables": {"userSources": _ROWS}})
    frontegg_emulator.add_fault(stage="after_commit", action={"type": "reset"}, match={"method": "DELETE", "times": 1})
    await frontegg_client.user_sources.delete("auth0")
    with pytest.raises(NotFoundError):
        await frontegg_client.user_sources.get("auth0")


def test_a_user_source_as_a_dict() -> None:
    """It is the same after it was written and read."""
    found = UserSource(id="s1", app_ids=("a1",))
    assert UserSource.from_dict(found.to_dict()) == found
