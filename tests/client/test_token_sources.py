"""Token sources: a function, an expired pair, and responses that lack half of a pair."""

from __future__ import annotations

import asyncio

import pytest

from frontegg_async import ApiToken, RotatingTokens
from frontegg_async._core.auth.given_tokens import TokenOfCall, given_token
from frontegg_async._core.auth.token_cache import TokenCache
from frontegg_async._core.auth.token_windows import Token, make_token
from frontegg_async._values.secret import Secret
from frontegg_async.errors import (
    AuthenticationError,
    ClientClosedError,
    ConfigurationError,
    FronteggError,
    ServerError,
)
from frontegg_async.regions import parse_base_url
from tests.support.clients import FakeClock, make_user
from tests.support.jwts import make_jwt
from tests.support.raw_server import Answer, RawRequest, http, raw_server
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

_HOST = parse_base_url("https://app-acme.frontegg.com")


async def test_a_function_is_asked_until_there_is_a_token() -> None:
    """Once; again after a reset or a refusal, which tells whether there is another token now. Calls do not share it."""
    tokens = [make_jwt(jti=number) for number in (1, 2, 2, 3)]
    source = TokenOfCall(lambda: tokens.pop(0), _HOST, lambda: 0.0, allow_http=False)
    assert (source.current(), source.tenant_id, source.hint()) == (None, None, "")
    await source.fetch()
    first = source.current()
    assert first == Secret(make_jwt(jti=1))
    assert (source.tenant_id, source.hint()) == ("t1", "the user token is for tenant t1")
    assert await source.replace(first) is True
    second = source.current()
    assert second == Secret(make_jwt(jti=2))
    assert await source.replace(second) is False
    source.reset()
    assert source.current() is None
    await source.fetch()
    assert source.current() == Secret(make_jwt(jti=3))
    other = source.begin()
    assert other is not source
    assert other.current() is None
    assert source.is_per_call


async def test_a_function_may_be_awaited() -> None:
    """Its token may end, which is told by the wall clock of now."""
    now = [0.0]

    async def token() -> str:
        return make_jwt(exp=10)

    source = TokenOfCall(token, _HOST, lambda: now[0], allow_http=False)
    await source.fetch()
    assert "expired" not in source.hint()
    now[0] = 10.0
    assert "expired" in source.hint()


def test_a_token_that_was_given() -> None:
    """It has its tenant; whether it ended is judged when the service refuses it, not before."""
    now = [0.0]
    pinned = given_token(Secret(f" {make_jwt(exp=10, tenantId='t7')}\n"), _HOST, lambda: now[0], allow_http=False)
    assert pinned.tenant_id == "t7"
    assert pinned.hint() == "the user token is for tenant t7"
    now[0] = 10.0
    assert "expired" in pinned.hint()
    with pytest.raises(ConfigurationError, match=r"^token is a credential of an emulator"):
        given_token(Secret(make_jwt(aud="emu_client")), _HOST, lambda: 0.0, allow_http=True)
    with pytest.raises(ConfigurationError, match=r"^token must be a user's JWT"):
        given_token(Secret("no-jwt"), _HOST, lambda: 0.0, allow_http=True)


async def test_a_token_that_has_ended_is_not_sent() -> None:
    """The refresh token leads to one that is good, in the first call."""
    clock = FakeClock()
    sent: list[str] = []

    def serve(request: RawRequest) -> Answer:
        if "/auth/" in request.path:
            return http(200, {"accessToken": make_jwt(jti=1), "refreshToken": "r1", "expiresIn": 1_000})
        sent.append(request.headers["authorization"])
        return http(200, [])

    credential = RotatingTokens(refresh_token="r0", access_token=make_jwt(exp=clock.wall(), jti=0))
    async with raw_server(serve) as server, make_user(server.url, credential, clock=clock) as user:
        await user.tenants.list().all()
    assert sent == [f"Bearer {make_jwt(jti=1)}"]


async def test_a_token_without_an_end_is_good_for_five_minutes() -> None:
    """Nobody told how long; in its last minute it is refreshed beside the calls, and it is not sent for long."""
    clock = FakeClock()
    renewals: list[object] = []
    sent: list[str] = []

    def serve(request: RawRequest) -> Answer:
        if "/auth/" in request.path:
            renewals.append(request.json())
            return http(200, {"accessToken": make_jwt(jti=1), "refreshToken": "r1", "expiresIn": 1_000})
        sent.append(request.headers["authorization"])
        return http(200, [])

    credential = RotatingTokens(refresh_token="r0", access_token=make_jwt(jti=0))
    async with raw_server(serve) as server, make_user(server.url, credential, clock=clock) as user:
        clock.now += 239
        await user.tenants.list().all()
        assert renewals == []
        clock.now += 60
        await user.tenants.list().all()
    assert renewals == [{"refreshToken": "r0"}]
    assert sent == [f"Bearer {make_jwt(jti=number)}" for number in (0, 1)]


async def test_an_answer_without_a_refresh_token_keeps_the_one_before() -> None:
    """A service that does not rotate is asked with the same one again."""
    clock = FakeClock()
    renewals: list[object] = []

    def serve(request: RawRequest) -> Answer:
        if "/auth/" in request.path:
            renewals.append(request.json())
            return http(200, {"accessToken": make_jwt(jti=len(renewals)), "refreshToken": "", "expiresIn": 1_000})
        return http(200, [])

    async with (
        raw_server(serve) as server,
        make_user(server.url, RotatingTokens(refresh_token="r0"), clock=clock) as user,
    ):
        for _ in range(2):
            await user.tenants.list().all()
            clock.now += 2_000
    assert renewals == [{"refreshToken": "r0"}] * 2


@pytest.mark.parametrize("credential", [RotatingTokens(refresh_token="r0"), ApiToken("id", "emu_secret", version=1)])
async def test_a_refusal_explains_the_session(credential: RotatingTokens | ApiToken) -> None:
    """When the service refuses every token of a session, the error says whose the last one was."""

    def serve(request: RawRequest) -> Answer:
        if "/auth/" in request.path:
            return http(200, {"accessToken": make_jwt(tenantId="t9"), "refreshToken": "r1", "expiresIn": 1_000})
        return http(401, {"errors": ["Unauthorized"]})

    async with raw_server(serve) as server, make_user(server.url, credential) as user:
        with pytest.raises(AuthenticationError, match="the user token is for tenant t9"):
            await user.tenants.list().all()


async def test_a_keeper_is_one_for_all_calls() -> None:
    """All calls share it; it responses for no tenant, and has nothing to hint unless it was told how."""
    clock = FakeClock(now=100.0)
    fetched = 0

    async def fetch() -> Token:
        nonlocal fetched
        fetched += 1
        return make_token(f"token-{fetched}", 1_000.0, clock.monotonic())

    cache = TokenCache(fetch, clock.monotonic, kind="environment token")
    assert cache.begin() is cache
    assert (cache.tenant_id, cache.is_per_call, cache.hint()) == (None, False, "")
    assert TokenCache(fetch, clock.monotonic, kind="x", hint=lambda: "said").hint() == "said"
    await cache.fetch()
    token = cache.current()
    assert token == Secret("token-1")
    cache.reject(Secret("token-1"))
    assert cache.current() is token
    cache.forget_loop()
    assert cache.current() is token
    cache.reset()
    assert cache.current() is None


async def test_where_the_token_of_a_function_may_go() -> None:
    """An emulator's is not taken for the service, as one that was given is not."""
    source = TokenOfCall(lambda: make_jwt(aud="emu_client"), _HOST, lambda: 0.0, allow_http=True)
    with pytest.raises(
        ConfigurationError, match=r"^what the function given as token returned is a credential of an emulator"
    ):
        await source.fetch()
    assert source.current() is None
    elsewhere = parse_base_url("http://emulator:8080")
    allowed = TokenOfCall(lambda: make_jwt(aud="emu_client"), elsewhere, lambda: 0.0, allow_http=True)
    for each in (allowed, allowed.begin()):
        await each.fetch()
        assert each.current() is not None
    refused = TokenOfCall(lambda: make_jwt(aud="emu_client"), elsewhere, lambda: 0.0, allow_http=False)
    for each in (refused, refused.begin()):
        with pytest.raises(ConfigurationError, match=r"^base_url must be https"):
            await each.fetch()


async def test_the_edges_of_a_tokens_life() -> None:
    """Refreshed from the first moment of its window, tried each half minute, not sent from the first of its last."""
    clock = FakeClock(now=0.0)
    fetched: list[float] = []
    failing = False

    async def fetch() -> Token:
        fetched.append(clock.now)
        if failing:
            raise ServerError("it failed")
        return make_token(f"token-{len(fetched)}", 1_000.0, clock.monotonic())

    cache = TokenCache(fetch, clock.monotonic, kind="environment token")
    await cache.fetch()
    failing = True
    for now, tries in ((799.0, 1), (800.0, 2), (829.0, 2), (830.0, 3), (859.9, 3), (860.0, 4), (969.0, 5)):
        clock.now = now
        assert cache.current() == Secret("token-1")
        await until(lambda: not cache.single_flight.is_under_way)
        assert len(fetched) == tries, now
    clock.now = 970.0
    assert cache.current() is None
    failing = False
    await cache.fetch()
    clock.now = 970.0 + 800.0
    assert cache.current() == Secret("token-6")
    await until(lambda: not cache.single_flight.is_under_way)
    assert len(fetched) == 7
    cache.close()
    assert cache.current() is None
    with pytest.raises(ClientClosedError, match=r"^the client is closed$"):
        await cache.fetch()


async def test_why_there_is_no_token_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """By the kind of the failure; whoever waits gets it, and a defect by its kind alone."""
    errors = [ServerError("it failed"), ValueError("canary")]

    async def fetch() -> Token:
        raise errors.pop(0)

    cache = TokenCache(fetch, FakeClock().monotonic, kind="environment token")
    for expected in ("it failed", "no environment token could be fetched: ValueError"):
        with pytest.raises(FronteggError, match=f"^{expected}$"):
            await cache.fetch()
    assert [record.getMessage() for record in caplog.records] == ["no environment token could be fetched: ServerError"]


async def test_a_new_token_may_be_refreshed_at_once() -> None:
    """The pause between two tries is that of one token: a short one that comes next has its own."""
    clock = FakeClock(now=0.0)
    lives = [1_000.0, 10.0, 1_000.0]

    async def fetch() -> Token:
        return make_token(f"token-{len(lives)}", lives.pop(0), clock.monotonic())

    cache = TokenCache(fetch, clock.monotonic, kind="environment token")
    await cache.fetch()
    for now, left in ((800.0, 1), (807.9, 1), (808.0, 0)):
        clock.now = now
        assert cache.current() is not None
        await until(lambda: not cache.single_flight.is_under_way)
        assert len(lives) == left


async def test_a_child_leaves_the_fetch_of_its_parent_alone() -> None:
    """It begins one of its own; those who wait in the parent are served there."""
    gate = asyncio.Event()

    async def fetch() -> Token:
        await gate.wait()
        return make_token("token", 1_000.0, 0.0)

    cache = TokenCache(fetch, FakeClock(now=0.0).monotonic, kind="environment token")
    waiting = asyncio.ensure_future(cache.fetch())
    await until(lambda: cache.single_flight.is_under_way)
    cache.forget_loop()
    assert not cache.single_flight.is_under_way
    gate.set()
    await waiting
    assert cache.current() == Secret("token")
