"""The environment token: single flight, refresh windows, refusals, and cancelled callers."""

from __future__ import annotations

import asyncio
import gc

import pytest

from frontegg_async._core.auth.secret_exchange import REFUSAL_MEMORY, RefusedSecret, RefusedSecrets, SecretExchange
from frontegg_async._core.auth.token_cache import REFRESH_PAUSE, REFUSAL_PAUSE, TokenCache
from frontegg_async._core.auth.token_windows import Token, make_token
from frontegg_async._values.secret import Secret
from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import (
    AuthenticationError,
    ClientClosedError,
    ConfigurationError,
    DecodeError,
    ErrorDetails,
    FronteggError,
    RequestTimeoutError,
    ServerError,
)
from frontegg_async.options import Options
from tests.support.clients import FakeClock, make_client
from tests.support.raw_server import SILENCE, Answer, RawRequest, http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

OK = http(200, tenant_row())


class Issuer:
    """Authenticates when it is let."""

    def __init__(self, clock: FakeClock, *, life: float = 1_000.0) -> None:
        self.clock = clock
        self.life = life
        self.calls = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.is_strained = False
        self.secret = Secret("s1")
        self.refusals = RefusedSecrets()

    async def current_secret(self) -> Secret:
        """Return the secret of now."""
        return self.secret

    async def authenticate(self, secret: Secret) -> Token:  # noqa: ARG002 - any secret will do
        """Return a token, or raise what the test wants."""
        self.calls += 1
        requested_at = self.clock.monotonic()
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return make_token(f"token-{self.calls}", self.life, requested_at)

    def tokens(self) -> TokenCache:
        """Return a source of its tokens."""
        self.exchange = SecretExchange(
            self.current_secret,
            self.authenticate,
            self.clock.monotonic,
            account=("https://host.example", "client"),
            refusals=self.refusals,
        )
        return TokenCache(
            self.exchange, self.clock.monotonic, kind="environment token", is_strained=lambda: self.is_strained
        )


async def test_ten_thousand_cold_calls_authenticate_once() -> None:
    """All share one authentication."""
    issuer = Issuer(FakeClock())
    tokens = issuer.tokens()
    await asyncio.gather(*(tokens.fetch() for _ in range(10_000)))
    assert issuer.calls == 1
    assert tokens.current() is not None


async def test_cancelled_callers_harm_no_other() -> None:
    """Half of them are cancelled, the first among them; the others are served and no task is left."""
    issuer = Issuer(FakeClock())
    issuer.gate.clear()
    tokens = issuer.tokens()
    before = len(asyncio.all_tasks())
    callers = [asyncio.ensure_future(tokens.fetch()) for _ in range(10_000)]
    await until(lambda: issuer.calls == 1)
    for caller in callers[::2]:
        caller.cancel()
    await asyncio.sleep(0)
    issuer.gate.set()
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert sum(result is True for result in results) == 5_000
    assert sum(isinstance(result, asyncio.CancelledError) for result in results) == 5_000
    assert issuer.calls == 1
    assert len(asyncio.all_tasks()) == before


async def test_if_all_callers_are_cancelled_the_token_still_comes() -> None:
    """Nobody owns the authentication."""
    issuer = Issuer(FakeClock())
    issuer.gate.clear()
    tokens = issuer.tokens()
    callers = [asyncio.ensure_future(tokens.fetch()) for _ in range(3)]
    await until(lambda: issuer.calls == 1)
    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    issuer.gate.set()
    await until(lambda: tokens.current() is not None)
    assert issuer.calls == 1


async def test_the_windows_of_a_token() -> None:
    """Fresh, then refreshed in the background while it is still sent, then not sent any more."""
    clock = FakeClock(now=0.0)
    issuer = Issuer(clock, life=1_000.0)
    tokens = issuer.tokens()
    await tokens.fetch()
    clock.now = 799.9
    assert tokens.current() == Secret("token-1")
    await asyncio.sleep(0)
    assert issuer.calls == 1
    issuer.gate.clear()
    clock.now = 800.1
    assert tokens.current() == Secret("token-1")
    await until(lambda: issuer.calls == 2)
    issuer.gate.set()
    await until(lambda: tokens.current() == Secret("token-2"))
    clock.now = 800.1 + 970.1
    assert tokens.current() is None


async def test_a_failing_refresh_is_tolerated_and_not_repeated_at_once() -> None:
    """Calls go on with the valid token; a try each half minute."""
    clock = FakeClock(now=0.0)
    issuer = Issuer(clock, life=1_000.0)
    tokens = issuer.tokens()
    await tokens.fetch()
    issuer.error = ServerError("down")
    clock.now = 810.0
    assert tokens.current() == Secret("token-1")
    await until(lambda: issuer.calls == 2)
    for _ in range(5):
        await asyncio.sleep(0)
        assert tokens.current() == Secret("token-1")
    assert issuer.calls == 2
    clock.now += REFRESH_PAUSE
    assert tokens.current() == Secret("token-1")
    await until(lambda: issuer.calls == 3)


async def test_a_refused_secret_is_remembered_and_its_age_told() -> None:
    """Calls fail here, without a request, for a minute."""
    clock = FakeClock()
    issuer = Issuer(clock)
    issuer.error = AuthenticationError("refused", ErrorDetails(trace_id="a" * 32))
    tokens = issuer.tokens()
    with pytest.raises(AuthenticationError, match=r"^refused"):
        await tokens.fetch()
    clock.now += 12.0
    with pytest.raises(AuthenticationError, match=r"refused \(12 s ago.*another 48 s") as caught:
        await tokens.fetch()
    assert caught.value.trace_id == "a" * 32
    assert issuer.calls == 1
    clock.now += REFUSAL_MEMORY
    with pytest.raises(AuthenticationError):
        await tokens.fetch()
    assert issuer.calls == 2


async def test_the_memory_is_shared_by_clients_of_one_account() -> None:
    """A second client with the same refused secret does not ask either."""
    clock = FakeClock()
    issuer = Issuer(clock)
    issuer.error = AuthenticationError("refused")
    for tokens in (issuer.tokens(), issuer.tokens()):
        with pytest.raises(AuthenticationError):
            await tokens.fetch()
    assert issuer.calls == 1


def test_the_memory_of_refusals_is_bounded() -> None:
    """The oldest gives way."""
    refusals = RefusedSecrets()
    refusal = RefusedSecret(0.0, AuthenticationError("refused"))
    for number in range(300):
        refusals.add(("host", str(number)), Secret("s"), refusal)
    assert refusals.find(("host", "0"), Secret("s"), 1.0) is None
    assert refusals.find(("host", "299"), Secret("s"), 1.0) is refusal
    assert refusals.find(("host", "299"), Secret("other"), 1.0) is None


async def test_a_secret_of_an_emulator_is_not_sent_to_the_service() -> None:
    """Also when a function returns it."""
    client = AsyncFrontegg("client", lambda: "emu_secret")
    with pytest.raises(ConfigurationError, match="emulator"):
        await client.check()
    await client.aclose()


async def test_another_secret_or_a_reset_ends_the_memory() -> None:
    """The memory is of the secret that was refused."""
    issuer = Issuer(FakeClock())
    issuer.error = AuthenticationError("refused")
    tokens = issuer.tokens()
    with pytest.raises(AuthenticationError):
        await tokens.fetch()
    issuer.secret = Secret("s2")
    with pytest.raises(AuthenticationError):
        await tokens.fetch()
    issuer.exchange.forget()
    issuer.error = None
    await tokens.fetch()
    assert issuer.calls == 3


async def test_each_caller_gets_an_error_of_its_own() -> None:
    """One object for all would collect the tracebacks of all."""
    issuer = Issuer(FakeClock())
    issuer.error = ServerError("down")
    tokens = issuer.tokens()
    first, second = await asyncio.gather(tokens.fetch(), tokens.fetch(), return_exceptions=True)
    assert isinstance(first, ServerError)
    assert first == second
    assert first is not second


async def test_only_the_token_that_was_used_is_forgotten() -> None:
    """A late 401 of an old token must not throw away the new one."""
    issuer = Issuer(FakeClock())
    tokens = issuer.tokens()
    await tokens.fetch()
    old = tokens.current()
    assert old is not None
    tokens.reject(old)
    assert tokens.current() is None
    await tokens.fetch()
    tokens.reject(old)
    assert tokens.current() == Secret("token-2")


async def test_closing_wakes_those_who_wait() -> None:
    """They are told that the client was closed, and no task is left."""
    issuer = Issuer(FakeClock())
    issuer.gate.clear()
    tokens = issuer.tokens()
    before = len(asyncio.all_tasks())
    caller = asyncio.ensure_future(tokens.fetch())
    await until(lambda: issuer.calls == 1)
    tokens.close()
    with pytest.raises(ClientClosedError):
        await caller
    with pytest.raises(ClientClosedError):
        await tokens.fetch()
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before


def test_a_task_of_a_dead_loop_is_not_waited_for() -> None:
    """The next loop authenticates for itself."""
    issuer = Issuer(FakeClock())
    issuer.gate.clear()
    tokens = issuer.tokens()
    callers: list[asyncio.Task[None]] = []

    async def fetch() -> None:
        await tokens.fetch()

    async def begin() -> None:
        callers.append(asyncio.ensure_future(fetch()))
        await until(lambda: issuer.calls == 1)

    asyncio.run(begin())
    issuer.gate = asyncio.Event()
    issuer.gate.set()
    asyncio.run(fetch())
    assert issuer.calls == 2
    assert callers[0].cancelled()
    gc.collect()


async def test_calls_with_a_revoked_token_authenticate_once_together() -> None:
    """A hundred calls in flight meet 401; one of them fetches, all are sent once more."""

    def answer(request: RawRequest) -> Answer:
        is_new = request.headers["authorization"] == "Bearer token-2"
        return http(200, tenant_row(request.path.rpartition("/")[2])) if is_new else http(401)

    async with raw_server(answer) as server, make_client(server.url) as client:
        tenants = await asyncio.gather(*(client.tenants.get(f"t{n}") for n in range(100)))
    assert [tenant.tenant_id for tenant in tenants] == [f"t{n}" for n in range(100)]
    assert len(server.authentications) == 2
    assert len(server.requests) <= 200


async def test_a_refused_secret_names_host_and_stays_local() -> None:
    """Ten calls, one authentication; the message has no secret."""
    async with raw_server(OK, auth=[http(401, {"errors": ["nope"]})]) as server, make_client(server.url) as client:
        errors = [await _error_of(client) for _ in range(10)]
    assert len(server.authentications) == 1
    assert server.requests == []
    assert server.url in str(errors[0])
    assert "emu_secret" not in repr(errors)
    assert "emu_client" not in repr(errors)


async def _error_of(client: AsyncFrontegg) -> AuthenticationError:
    with pytest.raises(AuthenticationError) as caught:
        await client.tenants.get("t1")
    return caught.value


async def test_reset_auth_lets_the_secret_be_sent_again() -> None:
    """The owner repaired the environment and does not want to wait."""
    auth = [http(401), http(200, {"token": "t", "expiresIn": 60})]
    async with raw_server(OK, auth=auth) as server, make_client(server.url) as client:
        with pytest.raises(AuthenticationError):
            await client.tenants.get("t1")
        client.reset_auth()
        await client.tenants.get("t1")
    assert len(server.authentications) == 2


async def test_refusals_are_no_flood_of_authentications() -> None:
    """A service that refuses every token gets one other token, and another after a pause; each call is sent once."""
    clock = FakeClock()
    async with raw_server(http(401)) as server, make_client(server.url, clock=clock) as client:
        for _ in range(100):
            with pytest.raises(AuthenticationError):
                await client.tenants.get("t1")
        assert (len(server.authentications), len(server.requests)) == (2, 101)
        clock.now += REFUSAL_PAUSE
        for _ in range(100):
            with pytest.raises(AuthenticationError):
                await client.tenants.get("t1")
        assert (len(server.authentications), len(server.requests)) == (3, 202)
        client.reset_auth()
        with pytest.raises(AuthenticationError):
            await client.tenants.get("t1")
    assert len(server.authentications) == 5


@pytest.mark.parametrize("taken", [http(200, tenant_row()), http(404), http(403)])
async def test_a_token_that_was_taken_is_replaced_at_once(taken: Answer) -> None:
    """However often tokens are revoked: the one before was good, so the next one will be."""
    refused = http(401)
    script = [refused, taken] * 4
    async with raw_server(*script) as server, make_client(server.url) as client:
        for _ in range(4):
            try:
                await client.tenants.get("t1")
            except AuthenticationError:
                pytest.fail("it was not authenticated again")
            except FronteggError:
                continue
    assert (len(server.authentications), len(server.requests)) == (5, 8)


@pytest.mark.parametrize("other", [http(503), http(429, headers={"Retry-After": "0"})])
async def test_what_does_not_tell_whether_a_token_is_good(other: Answer) -> None:
    """An outage and a limit may come from what stands before the service."""
    options = Options(max_retries=0)
    async with raw_server(http(401), other, http(401)) as server, make_client(server.url, options=options) as client:
        for _ in range(3):
            with pytest.raises(FronteggError):
                await client.tenants.get("t1")
    assert (len(server.authentications), len(server.requests)) == (2, 4)


async def test_a_reset_by_another_thread_counts() -> None:
    """Also one that comes while a new token is being taken."""
    issuer = Issuer(FakeClock())
    tokens = issuer.tokens()
    resets = [tokens.reset]

    def clock() -> float:
        if issuer.calls and resets:
            resets.pop()()
        return issuer.clock.now

    tokens._clock = clock
    await tokens.fetch()
    assert tokens.current() is None
    await tokens.fetch()
    assert tokens.current() == Secret("token-2")


async def test_a_token_of_long_ago_is_replaced() -> None:
    """One that others fetched, and that was in a store since, may have been revoked meanwhile."""
    issuer = Issuer(FakeClock())
    tokens = issuer.tokens()
    tokens.adopt(make_token("first", 1_000.0, issuer.clock.now))
    first = tokens.current()
    assert first is not None
    assert await tokens.replace(first)
    tokens.adopt(make_token("second", 1_000.0, issuer.clock.now - REFUSAL_PAUSE))
    second = tokens.current()
    assert second is not None
    assert tokens.is_unproven
    assert await tokens.replace(second)
    tokens.adopt(make_token("third", 1_000.0, issuer.clock.now - REFUSAL_PAUSE + 0.1))
    third = tokens.current()
    assert third is not None
    assert not await tokens.replace(third)
    assert tokens.current() is third
    assert await tokens.replace(second)
    tokens.prove()
    assert await tokens.replace(third)


async def test_a_defect_is_told_to_those_who_wait() -> None:
    """No caller waits for ever, whatever goes wrong."""
    issuer = Issuer(FakeClock())
    issuer.error = ZeroDivisionError()
    with pytest.raises(FronteggError, match="ZeroDivisionError"):
        await issuer.tokens().fetch()


async def test_a_function_that_raises_is_named() -> None:
    """Its exception may quote the secret, so only its type is told."""

    def secret() -> str:
        raise LookupError("canary")

    async with raw_server(OK) as server, AsyncFrontegg("emu_client", secret, base_url=server.url) as client:
        with pytest.raises(ConfigurationError, match="LookupError") as caught:
            await client.tenants.get("t1")
    assert "canary" not in repr((caught.value, caught.value.__cause__, caught.value.__context__))


@pytest.mark.parametrize("expires_in", [0, -1, "3600", True, None, [1]])
async def test_a_life_that_is_none_is_refused(expires_in: object) -> None:
    """A token without an end in the future cannot be used."""
    async with raw_server(OK, expires_in=expires_in) as server, make_client(server.url) as client:
        with pytest.raises(DecodeError):
            await client.tenants.get("t1")
    assert server.requests == []


async def test_the_wall_clock_does_not_matter() -> None:
    """A day forth or back changes nothing."""
    clock = FakeClock()
    async with raw_server(OK) as server, make_client(server.url, clock=clock) as client:
        for offset in (0.0, 86_400.0, -86_400.0):
            clock.wall_offset = 1_700_000_000.0 + offset
            await client.tenants.get("t1")
    assert len(server.authentications) == 1


async def test_a_call_does_not_wait_longer_for_a_token_than_it_may() -> None:
    """The deadline of the call counts, and nothing was sent."""
    options = Options(deadline=0.05)
    async with raw_server(OK, auth=[SILENCE]) as server, make_client(server.url) as client:
        with pytest.raises(RequestTimeoutError, match=rf"deadline .* for a token, at {server.url} \(0"):
            await client.tenants.get("t1", options=options)
    assert server.requests == []


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_a_secret_may_come_from_a_function(*, asynchronous: bool) -> None:
    """Plain or asynchronous; it is asked for each authentication."""
    given: list[str] = []

    def plain() -> str:
        given.append("x")
        return f"emu_secret_{len(given)}"

    async def slow() -> str:
        return plain()

    secret = slow if asynchronous else plain
    async with raw_server(OK) as server, AsyncFrontegg("emu_client", secret, base_url=server.url) as client:
        await client.check()
        await client.check()
    assert [request.json() for request in server.authentications] == [
        {"clientId": "emu_client", "secret": "emu_secret_1"},
        {"clientId": "emu_client", "secret": "emu_secret_2"},
    ]


async def test_a_function_that_returns_no_secret_is_named() -> None:
    """The setting is at fault, not the call."""
    async with raw_server(OK) as server, AsyncFrontegg("emu_client", lambda: "", base_url=server.url) as client:
        with pytest.raises(ConfigurationError, match="secret"):
            await client.tenants.get("t1")
    assert server.authentications == []
