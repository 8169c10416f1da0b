"""Programs that use a client and end, or are ended, in every way there is.

Each is a function, run by ``python -m tests.sync.scenarios NAME`` with the emulator in the environment variables.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import gc
import importlib
import json
import os
import resource
import signal
import sys
import threading
import types
import urllib.request
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NoReturn

from frontegg_async import AsyncFrontegg
from frontegg_async._core.codec.fast_path import RowReader
from frontegg_sync import (
    ClientClosedError,
    ConfigurationError,
    ConnectionFailedError,
    Frontegg,
    FronteggError,
    Runner,
    Tenant,
)
from frontegg_sync._bridge import loop_thread, runner
from frontegg_sync._bridge.runner import _end_at_exit
from frontegg_sync.errors import BlockingCallWarning
from tests.sync.processes import STALLED, end_child, fork

for _module, _limit in ((runner, "_SECONDS_TO_END"), (loop_thread, "_SECONDS_TO_CLOSE")):
    setattr(_module, _limit, 600.0)  # an end that comes only when the wait for it is given up comes too late

_KEPT: Final[list[object]] = []
"""What lives until the interpreter ends."""

_DAEMONS: Final = 4
_PACKAGE: Final = f"{os.sep}frontegg_sync{os.sep}"
_FEWEST_LINES: Final = 10
_MOST_LINES: Final = 1000
_THREADS: Final = 32
_ROUNDS: Final = 4
_SECONDS_OF_A_CHILD: Final = 20


def _kept_client() -> Frontegg:
    client = Frontegg.from_env()
    _KEPT.append(client)
    assert client.tenants.get("t1").name == "First"
    return client


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _done() -> None:
    _say("done")


def _admin(verb: str, body: Mapping[str, object]) -> None:
    address = os.environ["FRONTEGG_BASE_URL"]
    url = f"{address}/_emulator/v1/environments/{os.environ['FRONTEGG_CLIENT_ID']}/{verb}"
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode())):
        return


def _wait_until_under_way(calls: int, path: str = STALLED) -> None:
    """Wait until the emulator has so many requests that it will not answer."""
    address = os.environ["FRONTEGG_BASE_URL"]
    journal = f"{address}/_emulator/v1/environments/{os.environ['FRONTEGG_CLIENT_ID']}/journal"
    while True:
        with urllib.request.urlopen(journal) as answer:
            requests = json.load(answer)["requests"]
        if sum(entry["path"].endswith(path) and entry["status"] is None for entry in requests) >= calls:
            return


def _in_threads(function: Callable[[], None], count: int, *, daemon: bool = False) -> list[threading.Thread]:
    threads = [threading.Thread(target=function, daemon=daemon) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def _stall(client: Frontegg, outcomes: list[object]) -> None:
    try:
        outcomes.append(client.tenants.get(STALLED))
    except FronteggError as error:
        outcomes.append(error)


def _exit_status(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _fork(child: Callable[[], None]) -> int:
    """Run something in a child that ends like any program, with status 7 if nothing is wrong."""
    pid = fork()
    if pid:
        return pid
    child()
    return end_child()


def never_used() -> None:
    """A client is made, and nothing else."""
    _KEPT.append(Frontegg.from_env())
    _done()


def never_closed() -> None:
    """A client that lives as long as the program is left as it is."""
    _kept_client()
    _done()


def closed() -> None:
    """A client is closed, twice, and says so from then on."""
    with Frontegg.from_env() as client:
        assert client.tenants.get("t1").name == "First"
    client.close()
    with contextlib.suppress(ClientClosedError):
        client.tenants.get("t1")
        raise AssertionError
    _done()


def made_in_a_function_and_dropped() -> None:
    """Nobody holds the client any more when the program ends."""

    def use() -> Tenant:
        return Frontegg.from_env().tenants.get("t1")

    assert [use().name, use().name] == ["First", "First"]
    _done()


def dropped_in_a_cycle() -> None:
    """The garbage collector finds the client, in whichever thread it runs."""
    client = Frontegg.from_env()
    assert client.tenants.get("t1").name == "First"
    cycle: list[object] = [client]
    cycle.append(cycle)
    runner = client._bridge._runner
    del client, cycle

    async def collect() -> None:
        gc.collect()

    with contextlib.suppress(ClientClosedError):
        runner.call(collect)
    with contextlib.suppress(ClientClosedError):
        runner.call(collect)
        raise AssertionError
    _done()


def exits_inside() -> None:
    """The program exits in the middle of using the client, with a status of its own."""
    with Frontegg.from_env() as client:
        client.tenants.get("t1")
        _done()
        sys.exit(3)


def raises_inside() -> None:
    """The program ends with an error of its own."""
    client = _kept_client()
    assert client.tenants.get("t1")
    _done()
    raise SystemExit(4)


def exits_in_the_loop() -> None:
    """What ends programs is raised in the loop: the caller gets it, the loop goes on."""

    async def leave() -> NoReturn:
        sys.exit(5)

    async def interrupt() -> NoReturn:
        raise KeyboardInterrupt

    with Runner() as runner, Frontegg.from_env(runner=runner) as client:
        for begin, expected in ((leave, SystemExit), (interrupt, KeyboardInterrupt)):
            with contextlib.suppress(expected):
                runner.call(begin)
                raise AssertionError
            assert client.tenants.get("t1").name == "First"
    _done()


def the_secret_exits() -> None:
    """A function that is to return the secret exits instead: the call fails, and the next one asks again."""
    answers = [sys.exit, lambda: os.environ["FRONTEGG_SECRET_KEY"]]

    def secret() -> str:
        return answers.pop(0)()

    client = Frontegg(os.environ["FRONTEGG_CLIENT_ID"], secret, base_url=os.environ["FRONTEGG_BASE_URL"])
    _KEPT.append(client)
    with contextlib.suppress(ConfigurationError):
        client.tenants.get("t1")
        raise AssertionError
    assert client.tenants.get("t1").name == "First"
    _done()


def the_loop_dies() -> None:
    """The loop itself is ended from inside: calls in flight are told, and the next call starts another."""
    client = _kept_client()
    runner = client._bridge._runner
    outcomes: list[object] = []
    threads = _in_threads(lambda: _stall(client, outcomes), 2)
    _wait_until_under_way(2)

    def leave() -> NoReturn:
        raise KeyboardInterrupt

    runner._soon(leave)
    for thread in threads:
        thread.join()
    assert [type(outcome) for outcome in outcomes] == [ClientClosedError] * 2, outcomes
    assert client.tenants.get("t1").name == "First"
    _done()


def forks() -> None:
    """Parent and child go on with the same client; each has a loop and connections of its own."""
    client = _kept_client()
    pages = client.tenants.list(page_size=1)
    iteration = iter(pages)
    first = next(iteration)

    def child() -> None:
        assert client.tenants.get("t1").name == "First"
        assert len([first, *iteration]) == 2
        assert client.tenants.list().count() == 2

    pids = [_fork(child), _fork(child)]
    assert client.tenants.get("t1").name == "First"
    assert [_exit_status(pid) for pid in pids] == [7, 7]
    assert len([first, *iteration]) == 2
    assert client.tenants.get("t1").name == "First"
    _done()


def forks_and_does_nothing() -> None:
    """The child has the client and lets it be, or closes it."""
    client = _kept_client()
    pids = [_fork(lambda: None), _fork(client.close), _fork(gc.collect)]
    assert [_exit_status(pid) for pid in pids] == [7, 7, 7]
    assert client.tenants.get("t1").name == "First"
    _done()


def forks_and_calls_at_once() -> None:
    """The first calls of the child are made by many threads at the same moment, and the child forks too."""
    client = _kept_client()

    def call(barrier: threading.Barrier) -> str:
        barrier.wait()
        return client.tenants.get("t1").name

    def call_at_once() -> None:
        barrier = threading.Barrier(_DAEMONS)
        with ThreadPoolExecutor(_DAEMONS) as pool:
            assert set(pool.map(call, [barrier] * _DAEMONS)) == {"First"}

    def child() -> None:
        call_at_once()
        assert _exit_status(_fork(call_at_once)) == 7
        call_at_once()

    assert [_exit_status(_fork(child)) for _ in range(_ROUNDS)] == [7] * _ROUNDS
    call_at_once()
    _done()


def forks_after_a_name_was_looked_up() -> None:
    """A thread of the parent's loop has looked up the host; the exit of the child does not wait for that thread."""
    url = os.environ["FRONTEGG_BASE_URL"].replace("127.0.0.1", "localhost")
    client = Frontegg.from_env(base_url=url)
    _KEPT.append(client)
    assert client.tenants.get("t1").name == "First"
    pids = [_fork(lambda: None), _fork(lambda: _KEPT.append(client.tenants.get("t1")))]
    assert [_exit_status(pid) for pid in pids] == [7, 7]
    _done()


def forks_in_a_thread() -> None:
    """Another thread than the main one forks, and in the child it is the only one."""
    client = _kept_client()
    statuses: list[int] = []

    def child() -> NoReturn:
        assert client.tenants.get("t1").name == "First"
        os._exit(7)  # the exit of a program is that of its main thread

    (thread,) = _in_threads(lambda: statuses.append(_exit_status(_fork(child))), 1)
    thread.join()
    assert statuses == [7]
    assert client.tenants.get("t1").name == "First"
    _done()


def forks_and_draws() -> None:
    """Each child draws random numbers of its own: the waits of workers are spread."""
    client = _kept_client()
    drawn: set[bytes] = set()
    for _ in range(_ROUNDS):
        reading, writing = os.pipe()

        def child(writing: int = writing) -> None:
            assert client.tenants.get("t1").name == "First"
            os.write(writing, repr(client._async._environment.context.clocks.rng()).encode())

        assert _exit_status(_fork(child)) == 7
        drawn.add(os.read(reading, 64))
        os.close(reading)
        os.close(writing)
    assert len(drawn) == _ROUNDS
    _done()


def forks_and_executes() -> None:
    """The child becomes another program; the connections of the parent are not its own."""
    client = _kept_client()
    source = "import os, sys; os.fstat(2); sys.exit(7)"
    pid = _fork(lambda: os.execv(sys.executable, [sys.executable, "-c", source]))
    assert _exit_status(pid) == 7
    assert client.tenants.get("t1").name == "First"
    _done()


def forks_under_load() -> None:
    """Other threads are in the middle of calls when the program forks."""
    client = _kept_client()
    stop = threading.Event()
    errors: list[FronteggError] = []

    def work() -> None:
        try:
            while not stop.is_set():
                assert client.tenants.get("t1").name == "First"
        except FronteggError as error:
            errors.append(error)

    def child() -> None:
        with ThreadPoolExecutor(4) as pool:
            tenants = list(pool.map(lambda _: client.tenants.get("t1"), range(20)))
        assert {tenant.name for tenant in tenants} == {"First"}

    threads = _in_threads(work, 8)
    for _ in range(4):
        assert _exit_status(_fork(child)) == 7
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert client.tenants.get("t1").name == "First"
    _done()


def forks_while_starting() -> None:
    """A child of a program whose client was never used."""
    client = Frontegg.from_env()
    _KEPT.append(client)
    # Otherwise the thread of the loop would create the policy, and hold a lock during the fork.
    assert asyncio.events._event_loop_policy is not None  # type: ignore[attr-defined]  # private
    pid = _fork(lambda: _KEPT.append(client.tenants.get("t1")))
    assert _exit_status(pid) == 7
    assert client.tenants.get("t1").name == "First"
    _done()


def forks_while_threads_start() -> None:
    """Threads start the loops of their clients while the program forks; children are ended when they hang."""
    for _ in range(_ROUNDS):
        assert _exit_status(_fork(_start_and_fork)) == 7
    _done()


def forks_while_a_name_is_learned() -> None:
    """A thread learns a name of a response at the moment of the fork, and the child learns one too."""
    reader = RowReader(Tenant)
    is_learning, may_go_on = threading.Event(), threading.Event()
    compile_path = reader._compile

    def compile_later(*arguments: Any) -> Any:
        is_learning.set()
        may_go_on.wait()
        return compile_path(*arguments)

    def child() -> None:
        signal.alarm(_SECONDS_OF_A_CHILD)
        del reader._compile
        assert reader.learn([{"address": "1 First Street"}])

    reader._compile = compile_later  # type: ignore[method-assign]  # the moment is the test's
    thread = threading.Thread(target=reader.learn, args=([{"website": "https://first.example"}],))
    thread.start()
    is_learning.wait()
    assert _exit_status(_fork(child)) == 7
    may_go_on.set()
    thread.join()
    _done()


def _start_and_fork() -> None:
    """Be a program of its own, with no loop yet, whose children have clients too."""
    clients = [Frontegg.from_env() for _ in range(3)]
    _KEPT.extend(clients)

    def start(client: Frontegg) -> None:
        _KEPT.append(Frontegg.from_env())
        assert client.tenants.get("t1").name == "First"

    def child() -> None:
        signal.alarm(_SECONDS_OF_A_CHILD)
        for client in clients:
            start(client)
        os._exit(7)  # the end of a program takes longer than all else here, and other scenarios are about it

    threads = [threading.Thread(target=start, args=(client,)) for client in clients]
    pids: list[int] = []
    for thread in threads:
        thread.start()
        pids += [_fork(child), _fork(child)]
    statuses = [_exit_status(pid) for pid in pids]
    assert statuses == [7] * len(pids), statuses
    for thread in threads:
        thread.join()


def is_interrupted() -> None:
    """Ctrl-C during a call ends the call, there too, and not the client."""
    client = _kept_client()

    def announce() -> None:
        _wait_until_under_way(1)
        _say("ready")

    (thread,) = _in_threads(announce, 1)
    try:
        client.tenants.get(STALLED)
    except KeyboardInterrupt:
        _say("interrupted")
    thread.join()
    assert client.tenants.get("t1").name == "First"
    thread_of_loop = client._bridge._runner._thread
    assert thread_of_loop is not None

    async def left() -> int:
        return len(asyncio.all_tasks()) - 2  # this call, and the loop's own

    assert client._bridge.call(left) == 0
    _done()


def is_interrupted_in_a_move() -> None:
    """Ctrl-C while a tenant has no parent: the exception says so, and where the tenant was to go."""
    client = _kept_client()
    for name in ("old", "new"):
        client.tenants.create(tenant_id=name, name=name, is_reseller=True)
    client.tenants.create(tenant_id="moved", name="Moved", parent_tenant_id="old")
    path = "/tenants/resources/hierarchy/v1"
    fault = {"stage": "accept", "action": {"type": "delay", "seconds": 600}, "match": {"method": "POST", "path": path}}
    _admin("faults", fault)

    def announce() -> None:
        _wait_until_under_way(1, path)
        _say("ready")

    (thread,) = _in_threads(announce, 1)
    try:
        client.hierarchy.move("moved", "new")
    except KeyboardInterrupt as interruption:
        _say(interruption.__notes__[0].partition(":")[0])
    thread.join()
    _done()


def is_interrupted_anywhere() -> None:
    """Ctrl-C at each line of the way to a response: the call leaves nothing behind, and the client goes on."""
    client = _kept_client()
    thread = client._bridge._runner._thread
    assert thread is not None
    count = _interrupt_at_each_line(lambda: client.tenants.get("t1"), lambda: client.tenants.get("t1"))
    assert count > _FEWEST_LINES
    client._bridge.call(_nothing)
    assert client._bridge._runner._thread is thread
    assert thread._calls == set()
    _done()


def is_interrupted_while_it_starts() -> None:
    """Ctrl-C at each line of the start of the loop's thread: no other thread is left behind."""
    clients: list[Frontegg] = []

    def prepare() -> None:
        if clients:
            assert clients[-1].tenants.get("t1").name == "First"
            clients[-1].close()
        clients.append(Frontegg.from_env())

    prepare()
    assert _interrupt_at_each_line(lambda: clients[-1].tenants.get("t1"), prepare) > _FEWEST_LINES
    prepare()
    _join_loops()
    _done()


def is_interrupted_while_it_closes() -> None:
    """Ctrl-C at each line of closing: to close again closes."""
    for shared in (None, Runner()):
        clients: list[Frontegg] = []

        def prepare(shared: Runner | None = shared, clients: list[Frontegg] = clients) -> None:
            if clients:
                clients[-1].close()
                with contextlib.suppress(ClientClosedError):
                    clients[-1].tenants.get("t1")
                    raise AssertionError
                assert shared is None or clients[-1]._async not in shared._clients
            clients.append(Frontegg.from_env(runner=shared))
            assert clients[-1].tenants.get("t1").name == "First"

        prepare()
        assert _interrupt_at_each_line(lambda clients=clients: clients[-1].close(), prepare) > 1
        clients[-1].close()
        if shared is not None:
            shared.close()
    _join_loops()
    _done()


async def _nothing() -> None:
    pass


def _join_loops() -> None:
    """Wait until no loop's thread is left."""
    for thread in threading.enumerate():
        if thread.name == "frontegg":
            thread.join()


def _interrupt_at_each_line(action: Callable[[], object], prepare: Callable[[], object]) -> int:
    """Do something again and again, interrupted one line later each time, until it comes to its end.

    Args:
        action: What is interrupted, at the lines of the blocking package.
        prepare: Is called after each interruption.

    Returns:
        How often it was interrupted.
    """
    for count in range(_MOST_LINES):
        left = [count]

        def trace(frame: types.FrameType, event: str, _argument: object, left: list[int] = left) -> Any:
            if _PACKAGE not in frame.f_code.co_filename:
                return None
            if event == "line":
                left[0] -= 1
                if left[0] < 0:
                    sys.settrace(None)
                    raise KeyboardInterrupt
            return trace

        sys.settrace(trace)
        try:
            action()
        except KeyboardInterrupt:
            prepare()
        else:
            return count
        finally:
            sys.settrace(None)
    raise AssertionError


def is_interrupted_and_ends() -> None:
    """Ctrl-C that nobody catches ends the program as it does any other."""
    client = _kept_client()

    def announce() -> None:
        _wait_until_under_way(1)
        _say("ready")

    _in_threads(announce, 1)
    try:
        client.tenants.get(STALLED)
    except KeyboardInterrupt:
        _done()
        sys.exit(130)


def calls_beside_a_running_loop() -> None:
    """A loop runs in the thread of the caller, as in a notebook or an ASGI application."""

    async def main() -> None:
        # asyncio's debug mode would report that the blocking calls block the loop, and they do.
        asyncio.get_running_loop().slow_callback_duration = 600
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            client = _kept_client()
            assert client.tenants.list().count() == 2
        assert {each.category for each in caught} == {BlockingCallWarning}
        async with AsyncFrontegg.from_env() as other:
            assert (await other.tenants.get("t1")).name == "First"

    asyncio.run(main())
    _done()


def calls_from_many_threads() -> None:
    """Threads share a client, from its first call on."""
    client = Frontegg.from_env()
    _KEPT.append(client)
    barrier = threading.Barrier(_THREADS)

    def work(number: int) -> str:
        barrier.wait()
        created = client.tenants.create(name=f"Tenant {number}", tenant_id=f"n{number}")
        return client.tenants.get(created.tenant_id).name

    with ThreadPoolExecutor(_THREADS) as pool:
        names = list(pool.map(work, range(_THREADS)))
    assert names == [f"Tenant {number}" for number in range(_THREADS)]
    assert client.tenants.list().count() == _THREADS + 2
    _done()


def is_closed_during_calls() -> None:
    """Every call in flight is told that the client was closed."""
    client = _kept_client()
    outcomes: list[object] = []
    threads = _in_threads(lambda: _stall(client, outcomes), 4)
    _wait_until_under_way(4)
    client.close()
    for thread in threads:
        thread.join()
    assert [type(outcome) for outcome in outcomes] == [ClientClosedError] * 4, outcomes
    _done()


def is_closed_and_called_at_once() -> None:
    """Calls that race with closing end, with a value or with the error, and never hang."""
    for _ in range(20):
        client = Frontegg.from_env()
        barrier = threading.Barrier(3)

        def work(client: Frontegg = client, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            with contextlib.suppress(ClientClosedError):
                while True:
                    client.tenants.get("t1")

        threads = _in_threads(work, 2)
        barrier.wait()
        client.close()
        for thread in threads:
            thread.join()
    _done()


def two_loops() -> None:
    """The client to await is used by two loops, one after the other."""
    client = AsyncFrontegg.from_env()
    _KEPT.append(client)

    async def main() -> str:
        # Slow steps on a busy machine are no failure here.
        asyncio.get_running_loop().slow_callback_duration = 600
        return (await client.tenants.get("t1")).name

    assert [asyncio.run(main()), asyncio.run(main())] == ["First", "First"]
    _done()


def ends_with_daemon_threads() -> None:
    """Daemon threads call without end, and some wait for a response, when the program ends."""
    client = _kept_client()
    outcomes: list[object] = []

    def work() -> None:
        while True:
            client.tenants.get("t1")

    def stall() -> None:
        outcomes.append(client.tenants.get(STALLED))

    _in_threads(work, _DAEMONS, daemon=True)
    _in_threads(stall, _DAEMONS, daemon=True)
    _wait_until_under_way(_DAEMONS)
    _done()


def calls_while_exiting() -> None:
    """What atexit calls may use the client; what it calls when the client is closed already is told so."""
    client = _kept_client()

    def early() -> None:
        assert client.tenants.get("t1").name == "First"

    def late() -> None:
        with contextlib.suppress(ClientClosedError):
            client.tenants.get("t1")
            raise AssertionError
        _done()

    # Exit functions run in reverse order. A program that imports the package late has registered some before it.
    atexit.unregister(_end_at_exit)
    for function in (late, _end_at_exit, early):
        atexit.register(function)


def iterations_are_dropped() -> None:
    """An iteration is left in the middle; what was being read ahead is not waited for."""
    client = _kept_client()
    for number in range(10):
        client.tenants.create(name=f"Tenant {number}")
    for tenant in client.tenants.list(page_size=1, prefetch=4):
        assert tenant.tenant_id
        break
    cycle: list[object] = [iter(client.tenants.list(page_size=1, prefetch=4))]
    assert next(cycle[0])  # type: ignore[call-overload]  # it is an iterator
    cycle.append(cycle)
    del cycle

    async def collect() -> None:
        gc.collect()

    client._bridge.call(collect)
    _KEPT.append(iter(client.tenants.list(page_size=1)))
    assert next(_KEPT[-1])  # type: ignore[call-overload]  # it is an iterator
    assert client.tenants.list().count() == 12
    _done()


def shares_a_runner() -> None:
    """Two clients have one thread; each is closed alone, and the runner closes what is left."""
    runner = Runner()
    first, second = Frontegg.from_env(runner=runner), Frontegg.from_env(runner=runner)
    assert first.tenants.get("t1") == second.tenants.get("t1")
    assert sum(thread.name == "frontegg" for thread in threading.enumerate()) == 1
    first.close()
    assert second.tenants.get("t1").name == "First"
    Frontegg.from_env(runner=runner).tenants.get("t1")
    runner.close()
    for client in (first, second):
        with contextlib.suppress(ClientClosedError):
            client.tenants.get("t1")
            raise AssertionError
    _done()


def has_no_file_to_spare() -> None:
    """The loop cannot be made; when there is room again, the client works."""
    client = Frontegg.from_env()
    _KEPT.append(client)
    asyncio.run(asyncio.sleep(0))
    importlib.import_module("anyio._backends._asyncio")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
    with contextlib.suppress(ConnectionFailedError):
        client.tenants.get("t1")
        raise AssertionError
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert client.tenants.get("t1").name == "First"
    _done()


def threads_are_patched() -> None:
    """A library has put something else in the place of threads."""

    def refuse(client: Frontegg) -> None:
        with contextlib.suppress(ConfigurationError):
            client.tenants.get("t1")
            raise AssertionError

    client = Frontegg.from_env()
    for module, tell in (("gevent.monkey", "is_module_patched"), ("eventlet.patcher", "is_monkey_patched")):
        stand_in = types.ModuleType(module)
        setattr(stand_in, tell, lambda name: name.startswith("thread"))
        sys.modules[module] = stand_in
        refuse(client)
        setattr(stand_in, tell, lambda _name: False)
    assert client.tenants.get("t1").name == "First"
    _done()


def main(arguments: Sequence[str]) -> None:
    """Run one scenario."""
    globals()[arguments[0]]()


if __name__ == "__main__":
    main(sys.argv[1:])
