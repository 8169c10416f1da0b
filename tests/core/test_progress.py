"""Polling a migration: the waits between polls, and the reader that polls."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async.errors import ConnectionFailedError, MigrationTimeoutError, NotFoundError, RequestTimeoutError
from frontegg_async.models.migrations import Migration, MigrationStatus
from frontegg_async.progress import FIRST_WAIT, LAST_POLL, LONGEST_WAIT, AsyncMigrationProgress, next_wait

_DRAWS = st.floats(0, 1)


@given(st.integers(1, 10_000), st.floats(min_value=1e-6, allow_nan=False), _DRAWS)
def test_a_wait_is_within_what_is_left(polls: int, left: float, draw: float) -> None:
    """It is never nothing, never longer than the longest, and never beyond the time allowed."""
    assert 0 < next_wait(polls, left, draw) <= min(left, LONGEST_WAIT)


@given(st.integers(1, 200), _DRAWS)
def test_waits_grow(polls: int, draw: float) -> None:
    """With the same draw each is at least as long as the one before; the draw spreads them over their upper half."""
    now, later = (next_wait(count, math.inf, draw) for count in (polls, polls + 1))

    assert now <= later
    assert next_wait(polls, math.inf, 0) * 2 == next_wait(polls, math.inf, 1)


@pytest.mark.parametrize(
    ("polls", "left", "draw", "expected"),
    [
        (1, math.inf, 1.0, FIRST_WAIT),
        (1, math.inf, 0.0, FIRST_WAIT / 2),
        (2, math.inf, 1.0, 0.75),
        (1_000_000, math.inf, 1.0, LONGEST_WAIT),
        (20, 30.5, 1.0, 30.0),
        (20, 20.0, 1.0, 20.0 - LAST_POLL),
        (20, LAST_POLL, 1.0, LAST_POLL),
        (20, 2 * LAST_POLL, 1.0, 2 * LAST_POLL),
    ],
)
def test_the_table_of_waits(polls: int, left: float, draw: float, expected: float) -> None:
    """Half a second at first, half a minute at last, and a last poll shortly before the end."""
    assert next_wait(polls, left, draw) == expected


def _migration(status: MigrationStatus | str) -> Migration:
    return Migration(migration_id="m1", status=status)


PENDING, RUNNING, DONE = (_migration(status) for status in (MigrationStatus.PENDING, "running", "completed"))
_Step = Migration | Exception


@attrs.define
class _Script:
    """A migration that is found as a script says; the last step is repeated."""

    steps: list[_Step]
    now: float = 100.0
    polls: list[float] = attrs.field(factory=list)
    takes: float = 0.0
    migration_id: str = "m1"

    async def poll(self, seconds: float) -> Migration:
        self.polls.append(seconds)
        self.now += min(self.takes, seconds)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, Exception):
            raise step
        return step

    async def pause(self, seconds: float) -> None:
        self.now += seconds

    def monotonic(self) -> float:
        return self.now

    def draw(self) -> float:
        return 1.0


def _progress(script: _Script, timeout: float = math.inf) -> AsyncMigrationProgress:
    return AsyncMigrationProgress(script, timeout=timeout)


async def _all(progress: AsyncMigrationProgress) -> list[Migration]:
    return [each async for each in progress]


@pytest.mark.anyio
@pytest.mark.parametrize("end", [MigrationStatus.COMPLETED, MigrationStatus.FAILED])
async def test_the_present_and_each_change_are_yielded(end: MigrationStatus) -> None:
    """What is as before is not, and the end is the last; a failed migration ends it like a completed one."""
    script = _Script([PENDING, PENDING, RUNNING, RUNNING, PENDING, _migration(end)])

    found = [each.status async for each in _progress(script)]

    assert found == ["pending", "running", "pending", end]
    assert script.now == pytest.approx(100 + 0.5 + 0.75 + 1.125 + 1.6875 + 2.53125)


@pytest.mark.anyio
async def test_each_iteration_begins_anew() -> None:
    """A migration that is over is looked at once."""
    script = _Script([DONE])
    progress = _progress(script)

    assert [each async for each in progress] == [each async for each in progress] == [DONE]
    assert len(script.polls) == 2
    assert await progress.result() == DONE


@pytest.mark.anyio
@pytest.mark.parametrize("ask", [AsyncMigrationProgress.result, _all])
async def test_the_time_allowed_runs_out(ask: Callable[[AsyncMigrationProgress], Awaitable[object]]) -> None:
    """The error has how far it was, and says that the migration goes on; the last poll is shortly before the end."""
    script = _Script([PENDING, RUNNING])

    with pytest.raises(MigrationTimeoutError, match=r"'m1' is not over after 20 s: the migration continues") as caught:
        await ask(_progress(script, 20.0))

    assert isinstance(caught.value, TimeoutError)
    assert caught.value.migration == RUNNING
    assert (caught.value.endpoint, caught.value.attempts) == ("migrations.get_status", len(script.polls))
    assert script.now == 120.0
    assert script.polls[-1] == LAST_POLL


@pytest.mark.anyio
async def test_a_look_that_takes_all_the_time_is_the_end_of_it() -> None:
    """A request that ran into the end of the time allowed is not told as a request that failed."""
    script = _Script([PENDING, RequestTimeoutError("too late")], takes=6.0)

    with pytest.raises(MigrationTimeoutError) as caught:
        await _progress(script, 10.0).result()

    assert caught.value.migration == PENDING
    assert caught.value.__cause__ is None


@pytest.mark.anyio
async def test_nothing_was_seen_in_the_time_allowed() -> None:
    """There is no progress to tell."""
    script = _Script([RequestTimeoutError("too late")], takes=60.0)

    with pytest.raises(MigrationTimeoutError) as caught:
        await _progress(script, 10.0).result()

    assert caught.value.migration is None


@pytest.mark.anyio
@pytest.mark.parametrize("error", [NotFoundError("none"), ConnectionFailedError("no"), RequestTimeoutError("early")])
async def test_a_look_that_fails_ends_the_iteration(error: Exception) -> None:
    """It is raised as it is; another iteration goes on from where the migration is then."""
    script = _Script([PENDING, error, DONE])
    progress = _progress(script, 100.0)
    seen: list[Migration] = []

    with pytest.raises(type(error)) as caught:
        seen.extend([each async for each in progress])

    assert caught.value is error
    assert await progress.result() == DONE
