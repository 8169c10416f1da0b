"""Single-use refresh tokens: no pair is lost by closing, cancelling, forking or a slow hook."""

from __future__ import annotations

import asyncio
import contextvars
import os
import threading

import pytest

from frontegg_async import ApiToken, AsyncFronteggUser, Options, RotatingTokens, TokenPair
from frontegg_async.errors import ClientClosedError, ConfigurationError, DecodeError, RequestTimeoutError
from frontegg_sync import FronteggUser
from tests.client.test_sessions import Service
from tests.support.clients import FakeClock, make_user
from tests.support.loop_time import skip_waits
from tests.support.raw_server import Answer, RawRequest, http, raw_server
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


class Store:
    """Keeps pairs when it is let."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.kept: list[str] = []
        self.gate = asyncio.Event()

    async def keep(self, pair: TokenPair) -> None:
        """Keep a pair."""
        self.begun.append(pair.refresh_token)
        await self.gate.wait()
        self.kept.append(pair.refresh_token)


def _rotating(store: Store) -> RotatingTokens:
    return RotatingTokens(refresh_token="r0", on_rotate=store.keep)


async def test_closing_waits_for_the_hook() -> None:
    """The pair before is used up: whoever opens the next client needs the one that the hook is about to keep."""
    service, store = Service(), Store()
    async with raw_server(service) as server:
        user = make_user(server.url, _rotating(store))
        call = asyncio.ensure_future(user.tenants.list().all())
        await until(lambda: store.begun == ["r1"])
        closing = asyncio.ensure_future(user.aclose())
        with pytest.raises(ClientClosedError):
            await call
        with pytest.raises(ClientClosedError):
            await user.tenants.list().all()
        assert not closing.done()
        store.gate.set()
        await closing
    assert store.kept == ["r1"]


async def test_closing_waits_for_a_refresh() -> None:
    """A request that is under way may have used the refresh token up already."""
    service, store = Service(), Store()
    store.gate.set()
    asked, answers = threading.Event(), threading.Event()

    def serve(request: RawRequest) -> Answer:
        asked.set()
        answers.wait(30)
        return service(request)

    def run() -> None:
        async def close() -> None:
            async with asyncio.timeout(30):
                user = make_user(url, _rotating(store))
                call = asyncio.ensure_future(user.tenants.list().all())
                await until(asked.is_set)
                closing = asyncio.ensure_future(user.aclose())
                with pytest.raises(ClientClosedError):
                    await call
                answers.set()
                await closing

        asyncio.run(close())

    # The client uses another loop, because `serve` blocks the loop of the server.
    async with raw_server(serve) as server:
        url = server.url
        await asyncio.to_thread(run)
    assert store.kept == ["r1"]


async def test_closing_may_be_cancelled() -> None:
    """The session is closed all the same, and the hook goes on."""
    service, store = Service(), Store()
    async with raw_server(service) as server:
        user = make_user(server.url, _rotating(store))
        call = asyncio.ensure_future(user.tenants.list().all())
        await until(lambda: store.begun == ["r1"])
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await user.aclose()
        with pytest.raises(ClientClosedError):
            await call
        assert user._context.sessions.is_closed
        store.gate.set()
        await user.aclose()
    assert store.kept == ["r1"]


async def test_closing_waits_for_so_long(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A hook that hangs does not keep a program from its end."""
    monkeypatch.setattr("frontegg_async.user.CLOSING_PATIENCE", 0.01)
    service, store = Service(), Store()
    async with raw_server(service) as server:
        user = make_user(server.url, _rotating(store))
        call = asyncio.ensure_future(user.tenants.list().all())
        await until(lambda: store.begun == ["r1"])
        await user.aclose()
        with pytest.raises(ClientClosedError):
            await call
    assert [record.getMessage() for record in caplog.records] == [
        "the function given as on_rotate does not return; the client is closed without waiting longer"
    ]
    store.gate.set()
    await until(lambda: store.kept == ["r1"])


async def test_no_caller_cancels_the_hook() -> None:
    """It was begun for one call, and is there for all."""
    service, store = Service(), Store()
    async with raw_server(service) as server, make_user(server.url, _rotating(store)) as user:
        call = asyncio.ensure_future(user.tenants.list().all())
        await until(lambda: store.begun == ["r1"])
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        store.gate.set()
        assert await user.tenants.list().all() == []
    assert (store.kept, service.sent) == (["r1"], [service.access(1)])


async def test_a_hook_that_hangs_wedges_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Calls end at their deadlines and later ones go on with the new pair; the hook gets each pair in its turn."""
    skip_waits()
    service, store, clock = Service(), Store(), FakeClock()
    async with raw_server(service) as server:
        user = make_user(server.url, _rotating(store), clock=clock, options=Options(deadline=20.0))
        with pytest.raises(RequestTimeoutError):
            await user.tenants.list().all()
        patient = user.with_options(deadline=None)
        assert await patient.tenants.list().all() == []
        clock.now += 2_000
        assert await patient.tenants.list().all() == []
        clock.now += 2_000
        assert await patient.tenants.list().all() == []
        assert (store.begun, service.sent) == (["r1"], [service.access(number) for number in (1, 2, 3)])
        closing = asyncio.ensure_future(user.aclose())
        store.gate.set()
        await closing
    assert store.kept == ["r1", "r2", "r3"]
    assert {record.getMessage() for record in caplog.records} == {
        "the function given as on_rotate does not return; calls continue with the new pair"
    }


async def test_a_plain_hook_runs_in_a_thread() -> None:
    """One that blocks stops no other call, and one that returns what is awaited has that awaited; in the context."""
    variable = contextvars.ContextVar("variable", default="")
    gate = threading.Event()
    kept: list[tuple[str, str, bool]] = []
    here = threading.current_thread()

    def keep(pair: TokenPair) -> object:
        gate.wait()
        kept.append((pair.refresh_token, variable.get(), threading.current_thread() is here))

        async def later() -> None:
            kept.append((pair.refresh_token, variable.get(), threading.current_thread() is here))

        return later()

    variable.set("of the call")
    credential = RotatingTokens(refresh_token="r0", on_rotate=keep)  # type: ignore[arg-type]  # it works too
    async with raw_server(Service()) as server, make_user(server.url, credential) as user:
        call = asyncio.ensure_future(user.tenants.list().all())
        async with make_user(server.url, ApiToken("id", "emu_secret")) as other:
            assert await other.tenants.list().all() == []
        gate.set()
        assert await call == []
    assert kept == [("r2", "of the call", False), ("r2", "of the call", True)]


@pytest.mark.parametrize("error", [OSError, SystemExit, asyncio.CancelledError])
async def test_what_a_plain_hook_raises_is_logged(error: type[BaseException], caplog: pytest.LogCaptureFixture) -> None:
    """By its kind; the session goes on."""

    def keep(pair: TokenPair) -> None:
        raise error(pair.refresh_token)

    credential = RotatingTokens(refresh_token="r0", on_rotate=keep)
    async with raw_server(Service()) as server, make_user(server.url, credential) as user:
        assert await user.tenants.list().all() == []
    messages = [record.getMessage() for record in caplog.records]
    assert messages == [f"the function given as on_rotate raised {error.__name__}"]


async def test_no_thread_for_the_hook(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """It is said that the pair is not kept, and the session goes on."""

    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread", self)

    credential = RotatingTokens(refresh_token="r0", on_rotate=print)
    async with raw_server(Service()) as server, make_user(server.url, credential) as user:
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", refuse)
            assert await user.tenants.list().all() == []
    messages = [record.getMessage() for record in caplog.records]
    assert messages == ["the function given as on_rotate was not called: no thread could be started"]


async def test_a_child_does_not_use_the_parents_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told what to do, whether or not handlers ran at the fork; the parent goes on."""
    service = Service()
    async with raw_server(service) as server, make_user(server.url, RotatingTokens(refresh_token="r0")) as user:
        await user.tenants.list().all()
        with monkeypatch.context() as patched:
            patched.setattr(os, "getpid", lambda: -1)
            for _ in range(2):
                with pytest.raises(ConfigurationError, match="create a client with a separate session in each process"):
                    await user.tenants.list().all()
        assert await user.tenants.list().all() == []
    assert len(service.renewals) == 1


async def test_a_child_exchanges_its_api_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The refresh token that the parent has is good for one use, and that is the parent's."""
    service, clock = Service(), FakeClock()
    credential = ApiToken("id", "emu_secret", renewal="refresh")
    async with raw_server(service) as server, make_user(server.url, credential, clock=clock) as user:
        await user.tenants.list().all()
        monkeypatch.setattr(os, "getpid", lambda: -1)
        for _ in range(2):
            clock.now += 2_000
            await user.tenants.list().all()
    paths = [request.path.rpartition("/")[2] for request in service.renewals]
    assert paths == ["api-token", "api-token", "refresh"]


async def test_a_child_has_no_hook_under_way() -> None:
    """What the parent hands over is the parent's."""
    service, store = Service(), Store()
    async with raw_server(service) as server, make_user(server.url, _rotating(store)) as user:
        call = asyncio.ensure_future(user.tenants.list().all())
        await until(lambda: store.begun == ["r1"])
        hook = user._tokens._notifier._task  # type: ignore[attr-defined]  # of a session that rotates
        user._tokens.forget_loop()  # type: ignore[attr-defined]  # as in a child
        await user.aclose()
        store.gate.set()
        await hook
        assert await asyncio.gather(call, return_exceptions=True) != [[]]
    assert store.kept == ["r1"]


async def test_a_successor_is_kept_though_the_access_token_is_of_no_use() -> None:
    """The next refresh is made with it: the one before is used up."""
    service = Service()
    service.instead = [http(201, {"accessToken": "no token", "refreshToken": "r0-next", "expiresIn": 10})]
    service.live.add("r0-next")
    async with raw_server(service) as server, make_user(server.url, RotatingTokens(refresh_token="r0")) as user:
        with pytest.raises(DecodeError):
            await user.tenants.list().all()
        assert await user.tenants.list().all() == []
    assert [request.json() for request in service.renewals] == [{"refreshToken": "r0"}, {"refreshToken": "r0-next"}]


async def test_a_switch_during_a_refresh() -> None:
    """The refresh comes to its end, since it uses the token up; what it got may be for the tenant of before."""
    service, store = Service(), Store()
    async with raw_server(service) as server, make_user(server.url, _rotating(store)) as user:
        call = asyncio.ensure_future(user.tenants.list().all())
        await until(lambda: store.begun == ["r1"])
        user._caller.forget_token()
        store.gate.set()
        assert await call == []
    assert (store.kept, service.sent) == (["r1", "r2"], [service.access(2)])


async def test_a_blocking_client_is_closed_while_the_hook_runs() -> None:
    """Closing does not wait, and the thread of its loop does, until the pair is kept."""
    kept: list[str] = []
    begun, gate = threading.Event(), threading.Event()

    async def keep(pair: TokenPair) -> None:
        begun.set()
        await until(gate.is_set)
        kept.append(pair.refresh_token)

    async with raw_server(Service()) as server:

        def close() -> None:
            user = FronteggUser(base_url=server.url, credential=RotatingTokens(refresh_token="r0", on_rotate=keep))
            outcomes: list[BaseException] = []

            def call() -> None:
                try:
                    user.tenants.list().all()
                except ClientClosedError as error:
                    outcomes.append(error)

            caller = threading.Thread(target=call)
            caller.start()
            begun.wait(30)
            loop = user._bridge.runner._thread
            assert loop is not None
            user.close()
            caller.join(30)
            assert [type(outcome) for outcome in outcomes] == [ClientClosedError]
            assert kept == []
            gate.set()
            loop.join(30)
            assert kept == ["r1"]

        await asyncio.to_thread(close)


async def test_closing_twice_and_without_a_session() -> None:
    """Where nothing is under way nothing is waited for."""
    async with raw_server(Service()) as server:
        for credential in (RotatingTokens(refresh_token="r0", on_rotate=print), ApiToken("id", "emu_secret")):
            user = AsyncFronteggUser(base_url=server.url, credential=credential)
            await user.aclose()
            await user.aclose()
