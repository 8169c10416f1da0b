"""Edge cases of sessions with refresh: hosts, hooks that exit, expiry, refusals and outages."""

from __future__ import annotations

import logging
from typing import Final

import pytest

from frontegg_async import ApiToken, AsyncFronteggUser, RotatingTokens, TokenPair
from frontegg_async.errors import ConfigurationError, FronteggError, OutcomeUnknownError, ResultLostError
from tests.support.clients import FakeClock, make_user
from tests.support.jwts import make_jwt
from tests.support.raw_server import Answer, RawRequest, http, raw_server

pytestmark = pytest.mark.anyio

_SERVICE = "https://app-acme.frontegg.com"


class Service:
    """Answers renewals with what a test wants, in order, and every other call with nothing."""

    def __init__(self, *renewals: Answer) -> None:
        self.renewals = list(renewals)
        self.asked: list[str] = []
        self.sent: list[str] = []

    def __call__(self, request: RawRequest) -> Answer:
        """Answer a request."""
        if "/auth/" in request.path:
            self.asked.append(request.path.rpartition("/auth/")[2])
            return self.renewals.pop(0)
        self.sent.append(request.headers["authorization"].removeprefix("Bearer "))
        return http(200, [])


def _pair(token: str, refresh: str = "r1") -> Answer:
    return http(200, {"accessToken": token, "refreshToken": refresh, "expiresIn": 1_000})


def test_where_a_session_may_go() -> None:
    """A refresh token alone goes to the service; an access token of an emulator or a bad one is named."""
    AsyncFronteggUser(domain="app-acme", credential=RotatingTokens(refresh_token="r0"))
    emulated = RotatingTokens(refresh_token="r0", access_token=make_jwt(aud="emu_client"))
    with pytest.raises(ConfigurationError, match=r"^access_token is a credential of an emulator"):
        AsyncFronteggUser(domain="app-acme", credential=emulated)
    with pytest.raises(ConfigurationError, match=r"^base_url must be https"):
        AsyncFronteggUser(base_url="http://emulator:1", credential=RotatingTokens(refresh_token="r0"), allow_http=True)
    AsyncFronteggUser(base_url="http://emulator:1", credential=emulated, allow_http=True)
    with pytest.raises(ConfigurationError, match=r"^access_token must be a user's JWT"):
        AsyncFronteggUser(domain="app-acme", credential=RotatingTokens(refresh_token="r0", access_token="opaque"))
    with pytest.raises(ConfigurationError, match=r"^credential is a credential of an emulator"):
        AsyncFronteggUser(domain="app-acme", credential=ApiToken("id", "emu_secret"))


async def test_the_last_second_of_a_token() -> None:
    """A token with half a second left is still sent."""
    clock, service = FakeClock(), Service()
    token = make_jwt(exp=clock.wall() + 0.5)
    credential = RotatingTokens(refresh_token="r0", access_token=token)
    async with raw_server(service) as server, make_user(server.url, credential, clock=clock) as user:
        await user.tenants.list().all()
    assert (service.asked, service.sent) == ([], [token])


@pytest.mark.parametrize("kind", [SystemExit, ValueError, KeyError])
async def test_a_hook_that_exits(kind: type[BaseException], caplog: pytest.LogCaptureFixture) -> None:
    """It would end the loop and nothing else: it is logged, and the call goes on with the new token."""

    def hook(pair: TokenPair) -> None:
        raise kind(pair.access_token)

    service = Service(_pair(make_jwt(jti=1)))
    credential = RotatingTokens(refresh_token="r0", on_rotate=hook)
    with caplog.at_level(logging.ERROR, logger="frontegg_async"):
        async with raw_server(service) as server, make_user(server.url, credential) as user:
            await user.tenants.list().all()
    assert service.sent == [make_jwt(jti=1)]
    assert [record.getMessage() for record in caplog.records] == [
        f"the function given as on_rotate raised {kind.__name__}"
    ]


_PAGE: Final = http(200, raw=b"<html>", headers={"Content-Type": "text/html"})


@pytest.mark.parametrize("answer", [http(401, {"errors": ["no"]}), http(403, {"errors": ["no"]}), http(201), _PAGE])
async def test_a_refresh_that_gives_no_token_leads_to_an_exchange(answer: Answer) -> None:
    """The API token is good although its session is not: its tenant was locked for a while, or a response was lost."""
    clock = FakeClock()
    service = Service(_pair(make_jwt(jti=1)), answer, _pair(make_jwt(jti=2)))
    credential = ApiToken("id", "emu_secret", version=1, renewal="refresh")
    async with raw_server(service) as server, make_user(server.url, credential, clock=clock) as user:
        await user.tenants.list().all()
        clock.now += 2_000
        await user.tenants.list().all()
    assert service.asked == ["v1/api-token", "v1/api-token/token/refresh", "v1/api-token"]
    assert service.sent == [make_jwt(jti=1), make_jwt(jti=2)]


async def test_a_refresh_whose_response_is_lost() -> None:
    """Nobody knows whether the refresh token was used up, or the new one is lost with an empty response."""
    clock = FakeClock()
    service = Service(_pair(make_jwt(jti=1)), Answer(then="reset"))
    credential = ApiToken("id", "emu_secret", version=1, renewal="refresh")
    async with raw_server(service) as server, make_user(server.url, credential, clock=clock) as user:
        await user.tenants.list().all()
        clock.now += 2_000
        with pytest.raises(OutcomeUnknownError):
            await user.with_options(max_retries=0).tenants.list().all()
    service = Service(http(201))
    async with raw_server(service) as server, make_user(server.url, RotatingTokens(refresh_token="r0")) as user:
        with pytest.raises(ResultLostError, match="the user probably has to sign in again"):
            await user.tenants.list().all()


@pytest.mark.parametrize("credential", [RotatingTokens(refresh_token="r0"), ApiToken("id", "emu_secret", version=1)])
async def test_a_token_that_says_nothing(credential: RotatingTokens | ApiToken) -> None:
    """Of a session with opaque tokens there is nothing to hint."""
    service = Service(_pair("opaque"), _pair("opaque"))
    async with raw_server(service) as server, make_user(server.url, credential) as user:
        await user.tenants.list().all()
        assert user._tokens.hint() == ""


@pytest.mark.parametrize("credential", [RotatingTokens(refresh_token="r0"), ApiToken("id", "emu_secret", version=1)])
async def test_an_outage_without_a_token(credential: RotatingTokens | ApiToken) -> None:
    """While the budget lasts each call asks for a token; when it is used up, one in a second does."""
    clock = FakeClock()
    service = Service(*[http(503, {})] * 200)
    async with raw_server(service) as server, make_user(server.url, credential, clock=clock) as user:
        for strained in (False, True):
            before = len(service.asked)
            for _ in range(3):
                with pytest.raises(FronteggError):
                    await user.tenants.list().all()
            asked = len(service.asked) - before
            assert (asked <= 1) is strained
            for _ in range(200):
                user._context.budget.spend()
            clock.now += 2.0
