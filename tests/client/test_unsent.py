"""Errors of calls that are not sent, or not sent again, describe the call and not what it waited for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._core.call.context import Waits
from frontegg_async._core.call.retry_budget import RetryBudget
from frontegg_async.credentials import RotatingTokens
from frontegg_async.errors import (
    APIError,
    AuthenticationError,
    ClientClosedError,
    DecodeError,
    Outcome,
    OutcomeUnknownError,
    PermissionDeniedError,
    RequestTimeoutError,
    ServerError,
    UnexpectedRedirectError,
)
from frontegg_async.integrations.problems import problem_of
from frontegg_async.options import Options
from tests.support.clients import FakeClock, make_client, make_user
from tests.support.raw_server import CLOSE, SILENCE, Answer, RawRequest, Step, http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

OK = http(200, tenant_row())
TOKEN = http(200, {"token": "t", "expiresIn": 3600})


async def test_a_write_without_a_token_was_not_sent() -> None:
    """That nobody knows what became of the token's request says nothing of the write."""
    async with raw_server(OK, auth=[http(503)]) as server, make_client(server.url) as client:
        with pytest.raises(ServerError) as caught:
            await client.tenants.update("t1", name="n")
    assert caught.value.endpoint == "auth.authenticate"
    assert caught.value.outcome is Outcome.NOT_SENT
    assert server.requests == []


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 422])
@pytest.mark.parametrize("is_strained", [False, True])
async def test_a_refused_request_for_a_token_is_no_error_of_the_tenant(status: int, *, is_strained: bool) -> None:
    """A wrong address answers 404, which says nothing of whether there is such a tenant."""
    async with raw_server(OK, auth=[http(status)]) as server, make_client(f"{server.url}/wrong") as client:
        asked: list[Awaitable[object]] = [client.tenants.get("t1"), client.check()]
        if is_strained:
            with pytest.raises(AuthenticationError):
                await client.tenants.get("t1")
            for _ in range(RetryBudget.SIZE):
                client._environment.context.budget.spend()
        for each in asked:
            with pytest.raises(AuthenticationError, match=f"{status}, at {server.url}/wrong; is the") as caught:
                await each
            assert (caught.value.status, problem_of(caught.value).status) == (status, 502)


@pytest.mark.parametrize(
    ("status", "kind", "answered"), [(403, PermissionDeniedError, 403), (404, AuthenticationError, 502)]
)
async def test_only_a_403_of_a_session_is_about_the_user(status: int, kind: type[APIError], answered: int) -> None:
    """The tenant may be locked; other refusals come from a wrong address, and signing in again does not help."""
    credential = RotatingTokens(refresh_token="r0")
    async with raw_server(http(status)) as server, make_user(server.url, credential) as user:
        for call in (user.account_settings.get(), user.tenant.delete_current(confirm_tenant_id="acme")):
            with pytest.raises(kind) as caught:
                await call
            assert problem_of(caught.value).status == answered


async def test_a_token_that_came_too_late_is_no_deadline_of_the_call() -> None:
    """The error is that of the token's request, whose time for an attempt was over."""
    options = Options(timeout=0.05, max_retries=0, deadline=60.0)
    async with raw_server(OK, auth=[SILENCE]) as server, make_client(server.url, options=options) as client:
        with pytest.raises(RequestTimeoutError, match=r"within 0\.05 s") as caught:
            await client.tenants.get("t1")
    assert (caught.value.endpoint, caught.value.outcome) == ("auth.authenticate", Outcome.NOT_SENT)


@pytest.mark.parametrize("refusal", [http(401), http(503), http(200, {"token": "t", "expiresIn": 0})])
@pytest.mark.parametrize("deadline", [None, 60.0])
async def test_a_write_that_may_have_been_done_is_unknown_without_a_token(
    refusal: Answer, deadline: float | None
) -> None:
    """Its first response was lost, the token ended, and there is no other."""
    clock = FakeClock()

    def lose(_: RawRequest) -> Answer:
        clock.now += 10_000
        return CLOSE

    auth: list[Step] = [TOKEN, refusal]
    options = Options(deadline=None if deadline is None else deadline * 1_000)
    async with (
        raw_server(lose, OK, auth=auth) as server,
        make_client(server.url, clock=clock, options=options) as client,
    ):
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.tenants.update("t1", name="n")
    assert (caught.value.endpoint, caught.value.outcome) == ("tenants.update", Outcome.UNKNOWN)
    assert (caught.value.reason, caught.value.attempts) == ("token", 1)
    assert "no token" in caught.value.__notes__[0]
    assert len(server.requests) == 1


class _OutageWaits(Waits):
    """Waits during which a token of the client ends, none is to be had, and the budget of retries is used up."""

    def __init__(self, client: AsyncFrontegg, clock: FakeClock) -> None:
        super().__init__()
        self._client = client
        self._clock = clock
        self._is_out = False

    async def sleep(self, seconds: float) -> None:
        """Have another call find out, the first time."""
        if self._is_out:
            return
        del seconds
        self._is_out = True
        self._clock.now += 10_000
        with pytest.raises(ServerError):
            await self._client.tenants.get("other")
        for _ in range(RetryBudget.SIZE):
            self._client._environment.context.budget.spend()


@pytest.mark.parametrize("lost", [CLOSE, http(503)])
async def test_a_write_that_may_have_been_done_is_unknown_when_no_token_is_asked_for(lost: Answer) -> None:
    """In an outage the error that another call got for its token is raised at once."""
    clock = FakeClock()
    auth: list[Step] = [TOKEN, http(503)]
    async with (
        raw_server(lost, OK, auth=auth) as server,
        make_client(server.url, clock=clock, rng=lambda: 1.0) as client,
    ):
        client._environment.context.waits = _OutageWaits(client, clock)
        with pytest.raises(OutcomeUnknownError, match=r"tenants\.update") as caught:
            await client.tenants.update("t1", name="n")
    assert (caught.value.endpoint, caught.value.outcome) == ("tenants.update", Outcome.UNKNOWN)
    assert "no token" in caught.value.__notes__[0]
    assert len(server.requests) == 1


async def test_a_write_for_which_no_token_is_asked_was_not_sent() -> None:
    """What another call got for its token says nothing of this one."""
    clock = FakeClock()
    async with raw_server(OK, auth=[http(503)]) as server, make_client(server.url, clock=clock) as client:
        with pytest.raises(ServerError):
            await client.tenants.get("t1")
        for _ in range(RetryBudget.SIZE):
            client._environment.context.budget.spend()
        asked = len(server.authentications)
        with pytest.raises(ServerError) as caught:
            await client.tenants.update("t1", name="n")
    assert (caught.value.endpoint, caught.value.outcome) == ("auth.authenticate", Outcome.NOT_SENT)
    assert len(server.authentications) == asked


async def test_a_write_that_may_have_been_done_is_unknown_when_its_second_token_is_refused() -> None:
    """A lost response, then a 401, then no token."""
    auth: list[Step] = [TOKEN, http(401)]
    async with raw_server(CLOSE, http(401), auth=auth) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError):
            await client.tenants.delete("t1")
        with pytest.raises(AuthenticationError):
            await client.tenants.delete("t1")
    assert len(server.requests) == 2


async def test_a_redirect_after_a_lost_answer_tells_nothing_of_the_first_request() -> None:
    """It refuses the second."""
    redirect = http(307, headers={"Location": "http://elsewhere.example/"})
    async with raw_server(CLOSE, redirect, redirect) as server, make_client(server.url) as client:
        with pytest.raises(UnexpectedRedirectError) as caught:
            await client.tenants.update("t1", name="n")
        assert caught.value.outcome is Outcome.UNKNOWN
        with pytest.raises(UnexpectedRedirectError) as caught:
            await client.tenants.update("t1", name="n")
        assert caught.value.outcome is Outcome.REFUSED


@pytest.mark.parametrize(("failure", "outcome"), [(http(425), Outcome.NOT_SENT), (http(503), Outcome.UNKNOWN)])
async def test_closing_between_two_attempts_says_what_is_known(failure: Answer, outcome: Outcome) -> None:
    """The client was closed while a write waited for its next attempt."""
    async with raw_server(failure) as server:
        client = make_client(server.url, rng=lambda: 1.0)
        waits = client._environment.context.waits = Waits()
        call = asyncio.ensure_future(client.tenants.update("t1", name="n"))
        await until(lambda: bool(waits._waiting))
        await client.aclose()
        with pytest.raises(ClientClosedError) as caught:
            await call
    assert (caught.value.endpoint, caught.value.attempts) == ("tenants.update", 1)
    assert caught.value.outcome is outcome


async def test_tokens_that_end_at_once_are_not_fetched_for_ever() -> None:
    """A service that hands out such tokens would be asked as fast as it answers."""
    clock = FakeClock()

    def hurry(_: RawRequest) -> Answer:
        clock.now += 1
        return http(200, {"token": "t", "expiresIn": 0.5})

    async with raw_server(OK, auth=[hurry]) as server, make_client(server.url, clock=clock) as client:
        with pytest.raises(DecodeError, match="expire before they can be sent") as caught:
            await client.tenants.get("t1", options=Options(deadline=None))
    assert caught.value.outcome is Outcome.NOT_SENT
    assert 1 < len(server.authentications) < 10
    assert server.requests == []
    assert json.loads(server.authentications[0].body)["clientId"] == "emu_client"
