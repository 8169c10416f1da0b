"""Sessions with refresh: rotating refresh tokens, and API tokens that are exchanged again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest

from frontegg_async import ApiToken, AsyncFronteggUser, Options, RotatingTokens, TokenPair
from frontegg_async._core.auth.secret_exchange import REFUSED_SECRETS
from frontegg_async._values.secret import Secret
from frontegg_async.emulator import Emulator
from frontegg_async.errors import (
    AuthenticationError,
    ClientClosedError,
    DecodeError,
    FronteggError,
    OutcomeUnknownError,
    ServerError,
)
from tests.support.clients import FakeClock, make_user
from tests.support.jwts import make_jwt
from tests.support.raw_server import CLOSE, SILENCE, Answer, RawRequest, RawServer, http, raw_server
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

REFRESH = "/identity/resources/auth/v1/user/token/refresh"


class Service:
    """Rotates refresh tokens as the service does, exchanges API tokens, and responses every other call with nothing."""

    def __init__(self, *, life: float = 1_000.0) -> None:
        self.life = life
        self.live = {"r0"}
        self.renewals: list[RawRequest] = []
        self.refuses: set[str] = set()
        self.instead: list[Answer] = []
        self.sent: list[str] = []

    def __call__(self, request: RawRequest) -> Answer:
        """Answer a request."""
        if "/auth/" in request.path:
            return self._renew(request)
        token = request.headers["authorization"].removeprefix("Bearer ")
        self.sent.append(token)
        return http(401, {"errors": ["Unauthorized"]}) if token in self.refuses else http(200, [])

    def _renew(self, request: RawRequest) -> Answer:
        self.renewals.append(request)
        if self.instead:
            return self.instead.pop(0)
        body = request.json()
        assert isinstance(body, dict)
        if "refreshToken" in body:
            if body["refreshToken"] not in self.live:
                return http(401, {"errors": ["Refresh token is not valid"]})
            self.live.remove(body["refreshToken"])
        elif body != {"clientId": "id", "secret": "emu_secret"}:
            return http(401, {"errors": ["Invalid credentials"]})
        refresh = f"r{len(self.renewals)}"
        self.live.add(refresh)
        access = self.access(len(self.renewals))
        if "/v2/" in request.path:
            answer = {"access_token": access, "refresh_token": refresh, "expires_in": self.life, "expires": "later"}
        else:
            answer = {"accessToken": access, "refreshToken": refresh, "expiresIn": self.life, "expires": "later"}
        return http(201 if "/v1/" in request.path else 200, answer)

    def access(self, number: int) -> str:
        """Return the access token of a renewal."""
        return make_jwt(jti=number)


def _rotating(clock: FakeClock, *, life: float = 600.0, **more: object) -> RotatingTokens:
    return RotatingTokens(refresh_token="r0", access_token=make_jwt(exp=clock.wall() + life, jti=0), **more)  # type: ignore[arg-type]  # as a test gives them


async def test_a_pair_is_used_and_then_refreshed() -> None:
    """Without a refresh while the token is good; by its end each pair leads to the next, and the hook gets each."""
    service, clock = Service(), FakeClock()
    pairs: list[TokenPair] = []
    credential = _rotating(clock, on_rotate=pairs.append)
    async with raw_server(service) as server, make_user(server.url, credential, clock=clock) as user:
        await user.tenants.list().all()
        assert service.renewals == []
        for _ in range(3):
            clock.now += 2_000
            await user.tenants.list().all()
    assert [request.json() for request in service.renewals] == [{"refreshToken": f"r{number}"} for number in range(3)]
    assert {request.path for request in service.renewals} == {REFRESH}
    assert {request.headers["frontegg-vendor-host"] for request in service.renewals} == {"127.0.0.1"}
    assert all("frontegg-vendor-host" not in request.headers for request in server.requests if request.path != REFRESH)
    assert [(pair.access_token, pair.refresh_token) for pair in pairs] == [
        (service.access(number), f"r{number}") for number in (1, 2, 3)
    ]
    assert pairs[0].expires_in == 1_000.0
    assert "r1" not in repr(pairs[0])


async def test_a_refresh_token_alone_is_enough() -> None:
    """The first call begins with a refresh; the host of the session may be told."""
    service = Service()
    credential = RotatingTokens(refresh_token="r0", vendor_host="app.example")
    async with raw_server(service) as server, make_user(server.url, credential) as user:
        await user.tenants.list().all()
    assert service.sent == [service.access(1)]
    assert service.renewals[0].headers["frontegg-vendor-host"] == "app.example"


async def test_a_thousand_calls_share_one_refresh() -> None:
    """A refresh token is good for one use: a second refresh with it would end the session."""
    service = Service()
    async with raw_server(service) as server, make_user(server.url, RotatingTokens(refresh_token="r0")) as user:
        calls = [asyncio.ensure_future(user.tenants.list().all()) for _ in range(1_000)]
        await asyncio.sleep(0)
        for call in calls[:500]:
            call.cancel()
        done = await asyncio.gather(*calls, return_exceptions=True)
    assert len(service.renewals) == 1
    assert sum(isinstance(each, list) for each in done) == 500


async def test_a_refused_access_token_is_refreshed_once() -> None:
    """All calls that were sent with it share the new one."""
    service, clock = Service(), FakeClock()
    credential = _rotating(clock)
    service.refuses = {credential.access_token.reveal()} if credential.access_token else set()
    async with raw_server(service) as server, make_user(server.url, credential, clock=clock) as user:
        await asyncio.gather(*(user.tenants.list().all() for _ in range(50)))
    assert len(service.renewals) == 1


async def test_a_refused_refresh_token_ends_the_session() -> None:
    """It is not sent again, since it never becomes good; the error says that the user has to sign in."""
    service = Service()
    service.live.clear()
    async with raw_server(service) as server, make_user(server.url, RotatingTokens(refresh_token="r0")) as user:
        for _ in range(3):
            with pytest.raises(AuthenticationError, match="the user has to sign in again") as caught:
                await user.tenants.list().all()
            assert caught.value.status == 401
    assert len(service.renewals) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(CLOSE, OutcomeUnknownError), (http(503), FronteggError), (http(201, {"accessToken": "x"}), OutcomeUnknownError)],
    ids=["lost", "503", "unreadable"],
)
async def test_a_refresh_is_not_sent_blindly_again(answer: Answer, kind: type[FronteggError]) -> None:
    """The call fails; a later one tries again, because the token may be good still."""
    service = Service()
    service.instead = [answer]
    async with raw_server(service) as server, make_user(server.url, RotatingTokens(refresh_token="r0")) as user:
        with pytest.raises(kind) as caught:
            await user.tenants.list().all()
        assert caught.value.details.endpoint == "sessions.refresh"
        assert len(service.renewals) == 1
        await user.tenants.list().all()
    assert len(service.renewals) == 2


async def test_a_hook_that_fails_does_not_end_the_session(caplog: pytest.LogCaptureFixture) -> None:
    """The log says which kind of error it was and nothing of the tokens."""

    async def keep(pair: TokenPair) -> None:
        raise OSError(pair.refresh_token)

    service = Service()
    with caplog.at_level(logging.ERROR):
        credential = RotatingTokens(refresh_token="r0", on_rotate=keep)
        async with raw_server(service) as server, make_user(server.url, credential) as user:
            await user.tenants.list().all()
    assert [record.getMessage() for record in caplog.records] == ["the function given as on_rotate raised OSError"]


async def test_a_pair_is_kept_before_it_is_used() -> None:
    """Whoever waits for a refresh goes on when the hook has ended."""
    stored: list[str] = []
    service = Service()

    async def keep(pair: TokenPair) -> None:
        await asyncio.sleep(0)
        assert service.sent == []
        stored.append(pair.refresh_token)

    credential = RotatingTokens(refresh_token="r0", on_rotate=keep)
    async with raw_server(service) as server, make_user(server.url, credential) as user:
        await user.tenants.list().all()
    assert stored == ["r1"]


async def test_switching_the_tenant_leads_to_a_new_token() -> None:
    """The next call is made with a token for the new tenant."""
    service = Service()

    def serve(request: RawRequest) -> Answer:
        if request.method == "PUT":
            return http(200, {"id": "u1", "tenantId": "t2"})
        return service(request)

    async with raw_server(serve) as server, make_user(server.url, RotatingTokens(refresh_token="r0")) as user:
        await user.tenants.switch("t2")
        await user.tenants.list().all()
    assert [request.json() for request in service.renewals] == [{"refreshToken": "r0"}, {"refreshToken": "r1"}]


@pytest.mark.parametrize(("version", "name"), [(1, "v1"), (2, "v2")])
async def test_an_api_token_is_exchanged(version: int, name: str) -> None:
    """Once for all calls, in either version's spelling, and again when the session ends."""
    service, clock = Service(), FakeClock()
    credential = ApiToken("id", "emu_secret", version=version)  # type: ignore[arg-type]  # 1 or 2
    async with raw_server(service) as server, make_user(server.url, credential, clock=clock) as user:
        await asyncio.gather(*(user.tenants.list().all() for _ in range(100)))
        assert len(service.renewals) == 1
        clock.now += 2_000
        await user.tenants.list().all()
    assert [request.path for request in service.renewals] == [f"/identity/resources/auth/{name}/api-token"] * 2
    assert service.sent[-1] == service.access(2)


@pytest.mark.parametrize(("version", "name"), [(1, "v1"), (2, "v2")])
async def test_an_api_tokens_session_can_be_refreshed(version: int, name: str) -> None:
    """When that was asked for; a refresh that is refused leads to an exchange."""
    service, clock = Service(), FakeClock()
    credential = ApiToken("id", "emu_secret", version=version, renewal="refresh")  # type: ignore[arg-type]  # 1 or 2
    async with raw_server(service) as server, make_user(server.url, credential, clock=clock) as user:
        for renewed in (1, 2):
            await user.tenants.list().all()
            assert len(service.renewals) == renewed
            clock.now += 2_000
        service.live.clear()
        await user.tenants.list().all()
    exchange, refresh = (
        f"/identity/resources/auth/{name}/api-token",
        f"/identity/resources/auth/{name}/api-token/token/refresh",
    )
    assert [request.path for request in service.renewals] == [exchange, refresh, refresh, exchange]


async def test_a_refused_api_token_is_not_sent_again() -> None:
    """For a minute the original error is raised, with its age."""
    service, clock = Service(), FakeClock()
    credential = ApiToken("id", "emu_other")
    async with raw_server(service) as server, make_user(server.url, credential, clock=clock) as user:
        for expected in ("refused the id or the secret of the API token", "0 s ago"):
            with pytest.raises(AuthenticationError, match=expected):
                await user.tenants.list().all()
        assert len(service.renewals) == 1
        REFUSED_SECRETS.forget((server.url, "api-token", "id"))


async def test_an_environments_secret_that_was_given_as_an_api_token_is_good_where_it_belongs() -> None:
    """What was refused is the exchange of an API token, and not the authentication of the environment."""
    async with Emulator() as emulator:
        mistaken = ApiToken(emulator.client_id, emulator.secret)
        async with AsyncFronteggUser(base_url=emulator.url, credential=mistaken) as user:
            with pytest.raises(AuthenticationError, match="of the API token"):
                await user.tenants.list().all()
        async with emulator.client() as frontegg:
            assert await frontegg.tenants.list().count() == 0


async def test_a_token_that_ends_soon_is_refreshed_in_the_background() -> None:
    """Calls go on with the one that is good."""
    service, clock = Service(), FakeClock()
    async with raw_server(service) as server, make_user(server.url, ApiToken("id", "emu_secret"), clock=clock) as user:
        await user.tenants.list().all()
        clock.now += 850
        service.instead = [http(503)]
        await user.tenants.list().all()
        await until(lambda: user._tokens.current() == Secret(service.access(3)))
        await user.tenants.list().all()
    assert service.sent == [service.access(1), service.access(1), service.access(3)]


async def test_closing_ends_a_renewal() -> None:
    """Those who wait for it are told."""
    async with raw_server(SILENCE) as server:
        user = make_user(server.url, ApiToken("id", "emu_secret"))
        call = asyncio.ensure_future(user.tenants.list().all())
        await until(lambda: bool(server.requests))
        await user.aclose()
        with pytest.raises(ClientClosedError):
            await call


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": "no token", "expires_in": 10},
        {"access_token": make_jwt(), "expires_in": 0},
        {"access_token": make_jwt(), "expires_in": True},
        {"access_token": make_jwt()},
        {},
    ],
)
async def test_an_answer_without_a_token_is_refused(answer: object) -> None:
    """Whatever the service hands out instead of a token is not sent back to it."""
    async with raw_server(http(200, answer)) as server, make_user(server.url, ApiToken("id", "emu_secret")) as user:
        with pytest.raises(DecodeError):
            await user.tenants.list(options=Options(max_retries=0)).all()
    assert all("/auth/" in request.path for request in server.requests)
    REFUSED_SECRETS.forget((server.url, "api-token", "id"))


async def test_an_error_of_an_exchange_is_the_calls() -> None:
    """As for an environment's authentication."""
    async with raw_server(http(500)) as server, make_user(server.url, ApiToken("id", "emu_secret")) as user:
        with pytest.raises(ServerError):
            await user.tenants.list().all()


def _served(test: Callable[[RawServer, Service], object]) -> None:
    async def serve() -> None:
        service = Service()
        async with raw_server(service) as server:
            await asyncio.to_thread(test, server, service)

    asyncio.run(serve())


def test_two_loops_use_one_session_after_the_other() -> None:
    """The token lives on when a loop ends."""

    def test(server: RawServer, service: Service) -> None:
        user = AsyncFronteggUser(base_url=server.url, credential=ApiToken("id", "emu_secret"))

        async def call() -> None:
            await user.tenants.list().all()

        for _ in range(2):
            asyncio.run(call())
        assert len(service.renewals) == 1

    _served(test)
