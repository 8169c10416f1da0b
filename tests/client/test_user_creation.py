"""What becomes of lost responses when users are created."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg, ConflictError, OutcomeUnknownError
from tests.support.clients import make_client
from tests.support.raw_server import CLOSE, Answer, RawServer, http, raw_server

pytestmark = pytest.mark.anyio

_EMAIL: Final = "ada@acme.example"
_USER: Final[dict[str, Any]] = {"id": "u1", "email": _EMAIL, "tenantId": "acme", "tenantIds": ["acme"], "tenants": []}
_ABSENT: Final = http(404, {"errors": ["User not found"]})


@contextlib.asynccontextmanager
async def _client(*script: Answer) -> AsyncGenerator[tuple[RawServer, AsyncFrontegg]]:
    async with raw_server(*script) as server, make_client(server.url) as client:
        yield server, client


async def test_a_user_with_all_that_was_sent_is_the_one() -> None:
    """Nothing is sent twice."""
    shown = {**_USER, "name": "Ada", "mfaBypass": True, "externalId": "7"}
    async with _client(_ABSENT, CLOSE, http(200, shown)) as (server, client):
        made = await client.users.create("acme", email=_EMAIL, name="Ada", mfa_bypass=True, external_id="7")
        assert (made.id, len(server.requests)) == ("u1", 3)


@pytest.mark.parametrize(
    "sent", [{"password": "correct-Horse-1"}, {"external_id": "7"}, {"mfa_bypass": True}, {"mfa_bypass": False}]
)
async def test_a_user_who_does_not_show_what_was_sent_may_be_another_programs(sent: dict[str, Any]) -> None:
    async with _client(_ABSENT, CLOSE, http(200, _USER)) as (server, client):
        with pytest.raises(OutcomeUnknownError, match="it is unknown whether this call created it"):
            await client.users.create("acme", email=_EMAIL, **sent)
        assert len(server.requests) == 3


@pytest.mark.parametrize("sent", [{"external_id": "8"}, {"mfa_bypass": False}])
async def test_a_user_who_differs_is_another_programs(sent: dict[str, Any]) -> None:
    shown = {**_USER, "mfaBypass": True, "externalId": "7"}
    async with _client(_ABSENT, CLOSE, http(200, shown)) as (_, client):
        with pytest.raises(ConflictError):
            await client.users.create("acme", email=_EMAIL, **sent)


async def test_an_acknowledged_user_is_read_with_a_password_too() -> None:
    """The response said that it was created, and could not be read."""
    async with _client(_ABSENT, http(201, []), http(200, _USER)) as (_, client):
        assert (await client.users.create("acme", email=_EMAIL, password="correct-Horse-1")).id == "u1"


async def test_a_user_who_is_not_there_is_sent_again() -> None:
    async with _client(_ABSENT, CLOSE, _ABSENT, http(201, _USER)) as (server, client):
        assert (await client.users.create("acme", email=_EMAIL, password="correct-Horse-1")).id == "u1"
        assert [request.method for request in server.requests] == ["GET", "POST", "GET", "POST"]
