"""Work of several requests that is cancelled: a note says what was done, and has ids that nobody knows otherwise."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from typing import Any, Final

import attrs
import pytest

from frontegg_async import AsyncFrontegg, JsonValue
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync import Frontegg
from tests.support.waiting import until

pytestmark = pytest.mark.slow

IDS: Final = [f"t{number}" for number in range(250)]
ONBOARDING: Final = {"name": "Acme", "owner_email": "ann@acme.example", "tenant_id": "acme"}
OF_ONBOARDING: Final = "'acme': tenant done, owner unknown, roles not_tried. Call onboard() again"
OF_LOCK: Final = (
    "of 250 ids 100 succeeded, 0 failed, 100 are unknown (among them 't100' to 't199'), and the last 50 were not sent"
)


@attrs.frozen
class Case:
    """A call, and its request that is waiting when the call is cancelled.

    Args:
        path: The path of the request.
        nth: Which one with this path it is.
        start: Makes the call.
        note: A part of the note.
    """

    path: str
    nth: int
    start: Callable[[Any], Any]
    note: str


CASES: Final = {
    "onboard": Case("/identity/resources/users/v2", 1, lambda c: c.onboard(**ONBOARDING), OF_ONBOARDING),
    "lock": Case("/tenants/resources/tenants/v1/lock", 2, lambda c: c.tenants.lock(IDS), OF_LOCK),
    "create": Case("/tenants/resources/tenants/v1", 1, lambda c: c.tenants.create(name="New"), "with the id '"),
    "create below": Case(
        "/tenants/resources/sub-tenants/v1",
        1,
        lambda c: c.sub_tenants.create(name="New", parent_tenant_id="t0"),
        "with the id '",
    ),
}


@pytest.fixture(params=[*CASES.values()], ids=[*CASES])
def case(request: pytest.FixtureRequest) -> Case:
    """Return each case."""
    assert isinstance(request.param, Case)
    return request.param


def _stopped(emulator: EmulatorHandle, case: Case) -> Callable[[], bool]:
    """Let the request wait, and return what tells whether it was received."""
    emulator.seed(tenants=[{"tenantId": each, "name": each} for each in IDS])
    match: dict[str, JsonValue] = {"method": "POST", "path": case.path, "nth": case.nth}
    emulator.add_fault(stage="accept", action={"type": "delay", "seconds": 60}, match=match)
    return lambda: any(entry.faults for entry in emulator.journal())


def _notes_of(error: BaseException | None) -> str:
    return "".join(getattr(error, "__notes__", ()))


@pytest.mark.anyio
async def test_a_cancelled_call_says_what_was_done(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, case: Case
) -> None:
    """Cancelled by a timeout, whose error has the cancellation as its cause, or as a task."""
    is_stopped = _stopped(frontegg_emulator, case)
    timeout = asyncio.timeout(None)

    async def run() -> None:
        async with timeout:
            await case.start(frontegg_client)

    task = asyncio.create_task(run())
    await until(is_stopped)
    timeout.reschedule(0)
    with pytest.raises(TimeoutError) as caught:
        await task
    assert case.note in _notes_of(caught.value.__cause__)

    frontegg_emulator.reset()
    is_stopped = _stopped(frontegg_emulator, case)
    task = asyncio.ensure_future(case.start(frontegg_client))
    await until(is_stopped)
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as cancelled:
        await task
    assert case.note in _notes_of(cancelled.value)


def test_so_does_a_blocking_call(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg, case: Case) -> None:
    """At Ctrl-C."""
    is_stopped = _stopped(frontegg_emulator, case)
    thread = threading.main_thread().ident or 0

    async def interrupt() -> None:
        await until(is_stopped)
        signal.pthread_kill(thread, signal.SIGINT)

    interrupting = threading.Thread(target=asyncio.run, args=(interrupt(),))
    interrupting.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        case.start(frontegg_sync_client)
    interrupting.join()
    assert case.note in _notes_of(caught.value)
