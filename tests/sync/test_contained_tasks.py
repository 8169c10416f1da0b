"""SystemExit and KeyboardInterrupt of application code in the thread of the loop do not end the loop."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from typing import Final, NoReturn

import anyio
import pytest

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import FronteggError
from frontegg_sync import Frontegg, RequestSnapshot, Runner
from frontegg_sync._bridge.bells import LockBell
from frontegg_sync._bridge.bridged_call import BridgedCall, Waiting

_LISTING: Final = "/tenants/resources/tenants/v2"
_EXITS: Final = (SystemExit, KeyboardInterrupt)


def _ident(runner: Runner) -> int:
    async def ident() -> int:
        return threading.get_ident()

    return runner.call(ident)


def _attempt(call: Callable[[], object]) -> None:
    """Make a call that may fail in any way that is told to its caller."""
    try:
        call()
    except (FronteggError, *_EXITS):
        return


@pytest.mark.parametrize("exit", _EXITS)
def test_a_hook_that_exits_while_a_token_is_fetched(
    exit: type[BaseException], frontegg_emulator: EmulatorHandle
) -> None:
    """The token is fetched in a task of its own, which no caller owns."""
    emulator = frontegg_emulator
    emulator.seed(tenants=[{"tenantId": "t1", "name": "First"}])
    exits = [exit]

    def leave(request: RequestSnapshot) -> None:
        if request.operation == "auth.authenticate" and exits:
            raise exits.pop()

    with Runner() as runner:
        thread = _ident(runner)
        client = Frontegg(emulator.client_id, emulator.secret, base_url=emulator.url, runner=runner, on_request=leave)
        _attempt(lambda: client.tenants.get("t1"))
        assert exits == []
        assert client.tenants.get("t1").name == "First"
        assert _ident(runner) == thread


@pytest.mark.parametrize("exit", _EXITS)
def test_a_hook_that_exits_while_pages_are_read_ahead(
    exit: type[BaseException], frontegg_emulator: EmulatorHandle
) -> None:
    """A listing that fails says so, and others go on."""
    emulator = frontegg_emulator
    emulator.seed(tenants=[{"tenantId": f"t{number}", "name": f"Tenant {number}"} for number in range(6)])
    exits = [exit]

    def leave(request: RequestSnapshot) -> None:
        if "_offset=2" in request.url and exits:
            raise exits.pop()

    with Runner() as runner:
        thread = _ident(runner)
        client = Frontegg(emulator.client_id, emulator.secret, base_url=emulator.url, runner=runner, on_request=leave)
        _attempt(lambda: client.tenants.list(page_size=1, prefetch=3).all())
        assert exits == []
        assert len(client.tenants.list(page_size=1, prefetch=3).all()) == 6
        assert _ident(runner) == thread


class _LeavingStore:
    """A store of tokens that exits at each step."""

    async def _leave(self, *_: object) -> NoReturn:
        raise SystemExit

    get = put = acquire = release = wait = _leave


def test_a_store_that_exits(frontegg_emulator: EmulatorHandle) -> None:
    """Calls of other clients on the same thread do not notice."""
    emulator = frontegg_emulator
    emulator.seed(tenants=[{"tenantId": "t1", "name": "First"}])
    with Runner() as runner:
        thread = _ident(runner)
        settings = (emulator.client_id, emulator.secret)
        leaving = Frontegg(*settings, base_url=emulator.url, runner=runner, token_store=_LeavingStore())
        other = Frontegg(*settings, base_url=emulator.url, runner=runner)
        _attempt(lambda: leaving.tenants.get("t1"))
        assert other.tenants.get("t1").name == "First"
        assert _ident(runner) == thread


def test_a_task_of_the_users_that_exits() -> None:
    """Whoever waits for it is told."""

    async def leave() -> NoReturn:
        raise SystemExit

    async def wait() -> None:
        await asyncio.create_task(leave())

    with Runner() as runner:
        thread = _ident(runner)
        with pytest.raises(FronteggError, match="SystemExit"):
            runner.call(wait)
        assert _ident(runner) == thread


def test_tasks_are_otherwise_as_everywhere() -> None:
    """A group of anyio's cancels those that have begun, and one that has not begun is cancelled without a word."""
    ended: list[str] = []

    async def wait() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            ended.append("waiting")

    async def fail() -> NoReturn:
        raise LookupError

    async def wait_and_fail() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(wait)
            await anyio.lowlevel.checkpoint()
            group.start_soon(fail)

    async def groups() -> None:
        with pytest.raises(ExceptionGroup):
            await wait_and_fail()
        unbegun = asyncio.create_task(wait(), name="unbegun", context=contextvars.Context())
        assert unbegun.get_name() == "unbegun"
        unbegun.cancel()
        with pytest.raises(asyncio.CancelledError):
            await unbegun

    with Runner() as runner:
        runner.call(groups)
    assert ended == ["waiting"]


@pytest.mark.anyio
async def test_a_call_that_is_interrupted_before_its_first_step_leaves_the_table() -> None:
    """Until Python 3.12 a task takes its first step in the next turn of the loop."""
    under_way: set[Waiting] = set()

    async def answer() -> None:
        await asyncio.sleep(0)

    call = BridgedCall(answer, contextvars.copy_context(), lambda: True, under_way, LockBell())
    under_way.add(call)
    call.start()
    task = call._task
    assert task is not None
    call.cancel()
    await asyncio.wait([task])

    assert under_way == set()
