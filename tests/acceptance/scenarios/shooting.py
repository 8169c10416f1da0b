"""Starts the load generator as a process, and reads its results."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

import attrs
import msgspec

from tests.acceptance.scenarios.load import PATIENCE, Came, Hit, Shot

_GRACE: Final = 15.0


@attrs.frozen(kw_only=True)
class Operation:
    """A kind of request.

    Args:
        name: What it is called.
        weight: How often it is made, beside the others.
        success: The status that is hoped for.
        make: Makes its method, path and body, of a random generator and the request's number.
        is_signed: Whether a user's token goes with it.
    """

    name: str
    weight: float
    success: int
    make: Callable[[Random, int], tuple[str, str, dict[str, Any] | None]]
    is_signed: bool = False


@attrs.frozen(kw_only=True)
class Result:
    """A shot and its result."""

    shot: Shot
    hit: Hit
    wanted: int

    @property
    def succeeded(self) -> bool:
        """Whether the answer is the one that was hoped for."""
        return self.hit.status == self.wanted

    @property
    def seconds(self) -> float:
        """From the moment for which it was planned to its end."""
        return self.hit.done - self.hit.planned

    def __str__(self) -> str:
        hit = self.hit
        answer = hit.failure if hit.status is None else f"{hit.status} {hit.body}"
        return f"{self.shot.operation} at {self.shot.at:.1f} s: {answer} after {self.seconds:.2f} s"


class Results(list[Result]):
    """The results of all shots.

    Args:
        results: Each of them.
        cpu: The seconds of processor time that it took to send them.
    """

    def __init__(self, results: Iterable[Result], cpu: float) -> None:
        super().__init__(results)
        self.cpu = cpu


def plan(operations: Sequence[Operation], *, rate: float, seconds: float, rng: Random) -> list[Shot]:
    """Plan requests at random moments, with random operations."""
    weights = [operation.weight for operation in operations]
    moments = sorted(rng.uniform(0.0, seconds) for _ in range(round(rate * seconds)))
    shots: list[Shot] = []
    for number, at in enumerate(moments):
        (operation,) = rng.choices(operations, weights)
        method, path, body = operation.make(rng, number)
        shots.append(
            Shot(at=at, operation=operation.name, method=method, path=path, body=body, is_signed=operation.is_signed)
        )
    return shots


@asynccontextmanager
async def shooting(
    url: str,
    shots: Sequence[Shot],
    operations: Sequence[Operation],
    directory: Path,
    *,
    token: Path | None = None,
    fresh: bool = False,
) -> AsyncGenerator[asyncio.Task[Results]]:
    """Yield while the load is sent; the task has the results."""
    sent, came = directory / "shots.json", directory / "hits.json"
    sent.write_bytes(msgspec.json.encode(shots))
    flags = [*(["--fresh"] if fresh else []), *([] if token is None else [f"--token={token}"])]
    command = ("-m", "tests.acceptance.scenarios.load", url, str(sent), str(came), *flags)
    process = await asyncio.create_subprocess_exec(sys.executable, *command)
    limit = shots[-1].at + PATIENCE + _GRACE
    wanted = {operation.name: operation.success for operation in operations}
    task = asyncio.create_task(_results(process, shots, came, wanted, limit))
    try:
        yield task
    finally:
        task.cancel()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _results(
    process: asyncio.subprocess.Process, shots: Sequence[Shot], came: Path, wanted: dict[str, int], limit: float
) -> Results:
    async with asyncio.timeout(limit):
        status = await process.wait()
    if status:
        raise RuntimeError(f"the load ended with status {status}")
    return _read(came, shots, wanted)


def _read(path: Path, shots: Sequence[Shot], wanted: dict[str, int]) -> Results:
    came = msgspec.json.decode(path.read_bytes(), type=Came)
    pairs = ((shots[hit.number], hit) for hit in came.hits)
    return Results((Result(shot=shot, hit=hit, wanted=wanted[shot.operation]) for shot, hit in pairs), came.cpu)
