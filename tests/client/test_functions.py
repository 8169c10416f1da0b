"""Functions of the application that hang or block: each call keeps its deadline, and the client stays usable."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import NoReturn

import attrs
import pytest

from frontegg_async import AsyncFrontegg, AsyncFronteggUser, Options
from frontegg_async._core.auth import application_functions
from frontegg_async._core.auth.application_functions import (
    FunctionError,
    FunctionThreads,
    SharedFunction,
    ThreadCall,
    is_async,
)
from frontegg_async.errors import (
    ClientClosedError,
    ConfigurationError,
    ConnectionFailedError,
    FronteggError,
    Outcome,
    RequestTimeoutError,
)
from frontegg_sync import Frontegg, FronteggUser, Runner
from tests.support.jwts import make_jwt
from tests.support.loop_time import skip_waits
from tests.support.raw_server import RawServer, http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

OK = http(200, tenant_row())
SHORT = Options(deadline=0.05)


@attrs.define(eq=False)
class Plain:
    """A plain function that returns a secret when it is let, in whichever thread it is called."""

    gate: threading.Event = attrs.field(factory=threading.Event)
    threads: list[threading.Thread] = attrs.field(factory=list)
    secrets: list[str] = attrs.field(factory=lambda: ["emu_secret"])

    def __call__(self) -> str:
        """Return the secret of now."""
        self.threads.append(threading.current_thread())
        secret = self.secrets[min(len(self.threads), len(self.secrets)) - 1]
        self.gate.wait()
        return secret


@pytest.fixture
def plain() -> Iterator[Plain]:
    """Return a function whose threads end with the test."""
    function = Plain()
    yield function
    function.gate.set()
    for thread in function.threads:
        thread.join(30)


def _client(server: RawServer, secret: object, options: Options | None = None) -> AsyncFrontegg:
    return AsyncFrontegg("emu_client", secret, base_url=server.url, options=options)  # type: ignore[arg-type]  # any source


async def test_a_plain_secret_function_that_blocks_stops_nothing_else(plain: Plain) -> None:
    """It is called in a daemon thread; when it returns, the call goes on."""
    async with raw_server(OK) as server, _client(server, plain) as client, _client(server, "emu_secret") as other:
        call = asyncio.ensure_future(client.tenants.get("t1"))
        await until(lambda: bool(plain.threads))
        assert (await other.tenants.get("t1")).tenant_id == "t1"
        assert not call.done()
        plain.gate.set()
        assert (await call).tenant_id == "t1"
    [thread] = plain.threads
    assert thread is not threading.current_thread()
    assert thread.daemon
    assert thread.name == "frontegg-function"


async def test_calls_end_at_their_own_deadlines_while_it_hangs(plain: Plain) -> None:
    """However many calls there are, the function is called once; and when it returns, all is well."""
    async with raw_server(OK) as server, _client(server, plain) as client:
        for _ in range(3):
            with pytest.raises(RequestTimeoutError) as caught:
                await client.tenants.get("t1", options=SHORT)
            assert (caught.value.outcome, caught.value.attempts) == (Outcome.NOT_SENT, 0)
        await until(lambda: len(plain.threads) == 1)
        plain.gate.set()
        assert (await client.tenants.get("t1")).tenant_id == "t1"
        assert len(plain.threads) == 1
        assert server.authentications[0].json() == {"clientId": "emu_client", "secret": "emu_secret"}


async def test_a_check_ends_at_its_deadline_too(plain: Plain) -> None:
    """It waits for the function itself, and nothing was sent."""
    async with raw_server(OK) as server, _client(server, plain, SHORT) as client:
        with pytest.raises(RequestTimeoutError, match=r"did not return within 0\.05 s, at ") as caught:
            await client.check()
    assert (caught.value.details.reason, caught.value.outcome) == ("deadline", Outcome.NOT_SENT)
    assert not server.authentications


@pytest.mark.parametrize("kind", ["plain", "async"])
async def test_the_flight_has_the_deadline_of_the_client(plain: Plain, kind: str) -> None:
    """A call that may take longer is told what the client waited for, and the next one asks again."""
    asked: list[str] = []
    if kind == "async":
        skip_waits()

    async def hang() -> NoReturn:
        asked.append("")
        await asyncio.Event().wait()
        raise AssertionError

    async def call(client: AsyncFrontegg) -> None:
        with pytest.raises(RequestTimeoutError, match="the function given as secret did not return") as caught:
            await client.tenants.get("t1", options=Options(deadline=None))
        assert caught.value.outcome is Outcome.NOT_SENT

    options = Options(deadline=20.0) if kind == "async" else SHORT
    async with raw_server(OK) as server, _client(server, plain if kind == "plain" else hang, options) as client:
        await call(client)
        await call(client)
        # On a busy machine the second call joins the first flight, whose end is due: then the third one asks again.
        while kind == "async" and len(asked) < 2:
            await call(client)
        await until(lambda: bool(plain.threads or asked))
    assert (len(plain.threads), len(asked)) == ((1, 0) if kind == "plain" else (0, 2))


async def test_a_function_is_waited_for_until_the_deadline_of_the_client() -> None:
    """What the calls that share it are told says that nothing was sent."""
    async with raw_server(OK) as server, _client(server, asyncio.Event().wait, SHORT) as client:
        error = await client._environment._ask()
    assert isinstance(error, RequestTimeoutError)
    assert error.message == "the function given as secret did not return within 0.05 s"
    assert (error.details.reason, error.outcome) == ("deadline", Outcome.NOT_SENT)


async def test_reset_auth_cancels_an_async_function_that_hangs() -> None:
    """The calls that wait for it go on with what the next call of the function returns. Any thread may do it."""
    asked: list[asyncio.Event] = []

    async def secret() -> str:
        asked.append(asyncio.Event())
        if len(asked) < 3:
            await asked[-1].wait()
        return "emu_secret"

    async with raw_server(OK) as server, _client(server, secret, Options(deadline=None)) as client:
        calls = [asyncio.ensure_future(client.tenants.get("t1")) for _ in range(3)]
        await until(lambda: len(asked) == 1)
        client.reset_auth()
        await until(lambda: len(asked) == 2)
        await asyncio.to_thread(client.reset_auth)
        assert [tenant.tenant_id for tenant in await asyncio.gather(*calls)] == ["t1"] * 3
        # The reset from the other thread is one step of the loop.
        assert (len(asked), len(server.authentications)) == (3, 1)


async def test_reset_auth_has_a_plain_function_called_again(plain: Plain) -> None:
    """What it returns is of before the reset, and does not count; there is one thread at a time."""
    plain.secrets = ["emu_old", "emu_new"]
    async with raw_server(OK) as server, _client(server, plain) as client:
        call = asyncio.ensure_future(client.tenants.get("t1"))
        await until(lambda: len(plain.threads) == 1)
        client.reset_auth()
        with pytest.raises(RequestTimeoutError):
            await client.tenants.get("t1", options=SHORT)
        assert len(plain.threads) == 1
        plain.gate.set()
        assert (await call).tenant_id == "t1"
        [authentication] = server.authentications
        assert authentication.json() == {"clientId": "emu_client", "secret": "emu_new"}


async def test_many_resets_end_no_call() -> None:
    """A fetch that was given up is none: the service's tokens did not end before they could be sent."""
    asked: list[asyncio.Event] = []

    async def secret() -> str:
        asked.append(asyncio.Event())
        await asked[-1].wait()
        return "emu_secret"

    async with raw_server(OK) as server, _client(server, secret) as client:
        call = asyncio.ensure_future(client.tenants.get("t1"))
        for number in range(1, 21):
            await until(lambda number=number: len(asked) == number)  # type: ignore[misc]  # bound in the loop
            client.reset_auth()
        await until(lambda: len(asked) == 21)
        asked[-1].set()
        assert (await call).tenant_id == "t1"


async def test_a_reset_does_not_take_a_token_of_before() -> None:
    """An authentication that is under way is given up, and those who wait for it begin another."""
    gate = asyncio.Event()
    secrets = ["emu_old", "emu_new"]

    async def secret() -> str:
        if len(secrets) == 2:
            secrets.pop(0)
            await gate.wait()
            return "emu_old"
        return secrets[0]

    async with raw_server(OK) as server, _client(server, secret) as client:
        call = asyncio.ensure_future(client.tenants.get("t1"))
        await until(lambda: len(secrets) == 1)
        client.reset_auth()
        gate.set()
        await call
        assert [each.json() for each in server.authentications] == [{"clientId": "emu_client", "secret": "emu_new"}]


async def test_a_function_that_cannot_be_cancelled_holds_up_nobody() -> None:
    """The calls end at their deadlines, and the client goes on without it."""
    gate = asyncio.Event()
    asked: list[str] = []

    async def secret() -> str:
        asked.append("")
        if len(asked) > 1:
            return "emu_secret"
        while not gate.is_set():
            try:
                await gate.wait()
            except asyncio.CancelledError:
                continue
        return "emu_secret"

    skip_waits()
    async with raw_server(OK) as server, _client(server, secret, Options(deadline=20.0)) as client:
        with pytest.raises(RequestTimeoutError):
            await client.tenants.get("t1")
        await until(lambda: not client._environment._secret_request.is_under_way)
        assert (await client.tenants.get("t1", options=Options(deadline=None))).tenant_id == "t1"
        gate.set()
    assert len(asked) == 2


@pytest.mark.parametrize("kind", ["plain", "async"])
async def test_closing_while_it_hangs(plain: Plain, kind: str) -> None:
    """Calls and a check that wait for it are told, without waiting for it."""
    asked: list[str] = []

    async def hang() -> NoReturn:
        asked.append("")
        await asyncio.Event().wait()
        raise AssertionError

    async with raw_server(OK) as server:
        client = _client(server, plain if kind == "plain" else hang, Options(deadline=None))
        waiting = [asyncio.ensure_future(client.tenants.get("t1")), asyncio.ensure_future(client.check())]
        await until(lambda: bool(plain.threads or asked))
        await client.aclose()
        results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [ClientClosedError] * 2
    await until(lambda: not application_functions._tasks)


async def test_a_check_is_within_its_deadline(plain: Plain) -> None:
    """It asks for the secret beside the calls, and says what it waited for."""
    async with raw_server(OK) as server, _client(server, plain, Options(deadline=30.0)) as client:
        with pytest.raises(RequestTimeoutError, match=r"^the function given as secret did not return within 0\.05 s"):
            await client.with_options(deadline=0.05).check()
        plain.gate.set()
        assert (await client.check()).expires_in == 3600.0


@pytest.mark.parametrize("kind", ["plain", "async", "plain that returns a coroutine"])
async def test_it_runs_in_the_context_of_the_call(kind: str) -> None:
    """Of the one that began it; what it changes there is its own."""
    variable = contextvars.ContextVar("variable", default="")

    def secret() -> str:
        found = variable.get()
        variable.set("changed")
        return found

    async def later() -> str:
        return secret()

    variable.set("emu_secret")

    def both() -> Awaitable[str]:
        return later()

    chosen: dict[str, Callable[[], object]] = {"plain": secret, "async": later}
    async with raw_server(OK) as server, _client(server, chosen.get(kind, both)) as client:
        await client.tenants.get("t1")
        assert server.authentications[0].json() == {"clientId": "emu_client", "secret": "emu_secret"}
    assert variable.get() == "emu_secret"


@pytest.mark.parametrize("error", [OSError, SystemExit, asyncio.CancelledError])
@pytest.mark.parametrize("kind", ["plain", "async"])
async def test_what_it_raises_is_told_by_its_kind(error: type[BaseException], kind: str) -> None:
    """Also what would end a program or a task, as long as the function does not run on the loop."""

    def plain_one() -> str:
        raise error("canary")

    async def async_one() -> str:
        raise error("canary")

    async with raw_server(OK) as server, _client(server, plain_one if kind == "plain" else async_one) as client:
        with pytest.raises(ConfigurationError, match=f"^the function given as secret raised {error.__name__}$"):
            await client.tenants.get("t1")


async def test_no_thread_to_spare(monkeypatch: pytest.MonkeyPatch) -> None:
    """The call fails, nothing was sent, and the next one tries again."""

    def refuse(self: threading.Thread) -> NoReturn:
        raise RuntimeError("can't start new thread", self)

    async with raw_server(OK) as server, _client(server, lambda: "emu_secret") as client:
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", refuse)
            with pytest.raises(ConnectionFailedError, match="no thread could be started") as caught:
                await client.tenants.get("t1")
        assert (caught.value.details.reason, caught.value.outcome) == ("thread", Outcome.NOT_SENT)
        assert (await client.tenants.get("t1")).tenant_id == "t1"


async def test_a_blocking_client_whose_secret_hangs(plain: Plain) -> None:
    """Its calls end at their deadlines, and other clients of the same thread go on."""
    async with raw_server(OK) as server:

        def calls() -> None:
            with (
                Runner() as runner,
                Frontegg("emu_client", plain, base_url=server.url, runner=runner) as client,
                Frontegg("emu_client", "emu_secret", base_url=server.url, runner=runner) as other,
            ):
                with pytest.raises(RequestTimeoutError):
                    client.tenants.get("t1", options=SHORT)
                assert other.tenants.get("t1").tenant_id == "t1"
                plain.gate.set()
                assert client.tenants.get("t1").tenant_id == "t1"
                loop_thread = runner.call(_current_thread)
                assert loop_thread not in plain.threads

        await asyncio.to_thread(calls)
    assert len(plain.threads) == 1


async def _current_thread() -> threading.Thread:
    return threading.current_thread()


def _record(threads: list[threading.Thread]) -> Callable[[], str]:
    def token() -> str:
        threads.append(threading.current_thread())
        return make_jwt()

    return token


async def test_where_a_plain_token_function_runs() -> None:
    """On the loop of a client to await, and in a thread for a blocking one, which may use a blocking client itself."""
    threads: list[threading.Thread] = []
    async with raw_server(http(200, [])) as server:
        async with AsyncFronteggUser(base_url=server.url, token=_record(threads)) as user:
            assert await user.tenants.list().all() == []
        assert threads == [threading.current_thread()]

        def calls() -> None:
            with Runner() as runner:
                other = FronteggUser(base_url=server.url, token=make_jwt(), runner=runner)

                def token() -> str:
                    assert other.tenants.list().all() == []
                    return _record(threads)()

                with FronteggUser(base_url=server.url, token=token, runner=runner) as blocking:
                    assert blocking.tenants.list().all() == []
                    assert runner.call(_current_thread) is not threads[-1]
                other.close()

        await asyncio.to_thread(calls)
    assert threads[-1] is not threading.current_thread()
    assert threads[-1].daemon


async def test_a_plain_token_function_may_return_what_is_awaited() -> None:
    """In either package; and an object may be called as an async function is."""

    class Source:
        async def __call__(self) -> str:
            return make_jwt()

    source = Source()

    def plainly() -> Awaitable[str]:
        return source()

    async with raw_server(http(200, [])) as server:
        for token in (source, plainly):
            async with AsyncFronteggUser(base_url=server.url, token=token) as user:
                assert await user.tenants.list().all() == []

            def call(given: Callable[[], Awaitable[str]] = token) -> None:
                with FronteggUser(base_url=server.url, token=given) as user:  # type: ignore[arg-type]  # it works too
                    assert user.tenants.list().all() == []

            await asyncio.to_thread(call)


async def test_a_token_function_that_hangs() -> None:
    """The call ends at its deadline, also when the function does not let itself be cancelled."""
    gate = asyncio.Event()

    async def token() -> str:
        while not gate.is_set():
            try:
                await gate.wait()
            except asyncio.CancelledError:
                continue
        return make_jwt()

    async with raw_server(http(200, [])) as server, AsyncFronteggUser(base_url=server.url, token=token) as user:
        with pytest.raises(RequestTimeoutError):
            await user.tenants.list(options=SHORT).all()
        gate.set()
        assert await user.tenants.list().all() == []


@pytest.mark.slow
async def test_a_blocking_token_function_that_hangs(plain: Plain) -> None:
    """The call ends at its deadline, and the others of the thread go on."""
    plain.secrets = [make_jwt()]
    async with raw_server(http(200, [])) as server:

        def calls() -> None:
            with FronteggUser(base_url=server.url, token=plain) as user:
                with pytest.raises(RequestTimeoutError):
                    user.tenants.list(options=Options(deadline=1.0)).all()  # within which the function is called
                plain.gate.set()
                assert user.tenants.list().all() == []

        await asyncio.to_thread(calls)
    assert len(plain.threads) == 2


async def test_only_so_many_threads() -> None:
    """Who comes later waits until a function has returned; who is cancelled meanwhile leaves the others alone."""
    threads = FunctionThreads(2)
    gates = [threading.Event() for _ in range(4)]
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        gates[number].wait()
        return number

    def run(number: int) -> asyncio.Task[int]:
        return asyncio.create_task(threads.run(lambda: work(number), contextvars.copy_context()))

    first, second, third, fourth = (run(number) for number in range(4))
    await until(lambda: len(begun) == 2)
    third.cancel()
    with pytest.raises(asyncio.CancelledError):
        await third
    assert sorted(begun) == [0, 1]
    gates[1].set()
    assert await second == 1
    await until(lambda: len(begun) == 3)
    for gate in gates:
        gate.set()
    assert await asyncio.gather(first, fourth) == [0, 3]
    assert sorted(begun) == [0, 1, 3]


async def test_a_thread_that_ended_just_now_is_not_waited_for() -> None:
    """Whoever comes late has its result at once; a failure is told each time."""

    def fail() -> NoReturn:
        raise ValueError("canary")

    call = ThreadCall(fail, contextvars.copy_context())
    await until(lambda: not call.is_under_way)
    await call.ended()
    for _ in range(2):
        with pytest.raises(FunctionError, match=r"^ValueError$"):
            call.result()


async def test_who_stopped_waiting_is_not_told(plain: Plain) -> None:
    """A thread that ends in the same moment finds a future that was cancelled."""
    call = ThreadCall(plain, contextvars.copy_context())
    waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    assert call.add_waiter(waiter)
    waiter.cancel()
    plain.gate.set()
    await call.ended()
    await until(lambda: not call.is_under_way)


def test_loops_may_end_while_it_runs(plain: Plain) -> None:
    """The one who waits in the next loop has the result of the same call."""
    function = SharedFunction(plain)

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await function(contextvars.copy_context())

    async def wait() -> str:
        plain.gate.set()
        return (await function(contextvars.copy_context())).reveal()

    asyncio.run(give_up())
    assert asyncio.run(wait()) == "emu_secret"
    assert len(plain.threads) == 1


async def test_a_loop_that_ended_is_not_told(plain: Plain) -> None:
    """A thread that finds it closed leaves it alone."""
    call = ThreadCall(plain, contextvars.copy_context())
    loop = asyncio.new_event_loop()
    waiter = loop.create_future()
    assert call.add_waiter(waiter)
    loop.close()
    plain.gate.set()
    await until(lambda: not call.is_under_way)
    plain.threads[0].join(30)
    call.remove_waiter(waiter)


async def test_a_forked_child_has_no_such_thread(plain: Plain, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that hung in the parent is called anew: nothing of the child would ever return from it."""
    function = SharedFunction(plain)
    waiting = asyncio.create_task(function(contextvars.copy_context()))
    await until(lambda: len(plain.threads) == 1)
    with monkeypatch.context() as patched:
        patched.setattr(application_functions.os, "getpid", lambda: -1)
        again = asyncio.create_task(function(contextvars.copy_context()))
        await until(lambda: len(plain.threads) == 2)
        plain.gate.set()
        assert (await again).reveal() == "emu_secret"
    assert (await waiting).reveal() == "emu_secret"


async def test_a_coroutine_that_nobody_awaits_is_closed(plain: Plain) -> None:
    """No warning tells of it: neither when all have given up, nor when a reset outdated it."""

    async def later() -> str:
        return "emu_secret"

    def both() -> object:
        plain()
        return later()

    function: SharedFunction[str] = SharedFunction(both)  # type: ignore[arg-type]  # it returns what is awaited
    waiting = asyncio.create_task(function(contextvars.copy_context()))
    await until(lambda: len(plain.threads) == 1)
    function.forget()
    outdated = asyncio.create_task(function(contextvars.copy_context()))
    await asyncio.sleep(0)
    waiting.cancel()
    plain.gate.set()
    assert (await outdated).reveal() == "emu_secret"
    plain.gate.clear()
    waiting = asyncio.create_task(function(contextvars.copy_context()))
    await until(lambda: len(plain.threads) == 3)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    plain.gate.set()
    plain.threads[-1].join(30)
    assert (await function(contextvars.copy_context())).reveal() == "emu_secret"


def test_what_is_async() -> None:
    """A function, what is made of one, and an object that is called like one."""

    async def function() -> None: ...

    def plainly() -> Awaitable[None]:
        return function()

    class Caller:
        async def __call__(self) -> None: ...

    assert is_async(function)
    assert is_async(functools.partial(function))
    assert is_async(Caller())
    assert not is_async(Caller)
    assert not is_async(plainly)


async def test_an_error_of_the_secret_is_the_calls() -> None:
    """A secret that cannot be one is named."""
    async with raw_server(OK) as server, _client(server, lambda: 5) as client:
        for _ in range(2):
            with pytest.raises(FronteggError, match="secret"):
                await client.tenants.get("t1")


async def test_a_secret_that_is_forgotten_before_a_caller_takes_it_is_asked_for_again() -> None:
    """As by `reset_auth` of another thread, just when the function has returned."""
    asked: list[str] = []

    async def secret() -> str:
        asked.append("emu_secret")
        return asked[-1]

    async with raw_server(OK) as server, _client(server, secret) as client:
        environment = client._environment

        def forget(_: object) -> None:
            environment._secret = None

        environment._secret_request.join().add_done_callback(forget)
        assert (await environment._current_secret()).reveal() == "emu_secret"

    assert len(asked) == 2
