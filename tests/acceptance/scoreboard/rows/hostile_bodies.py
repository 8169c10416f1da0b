"""Row 21: hostile bodies raise no foreign exception, take little memory and hardly block the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final

import attrs

from frontegg_async import AsyncFrontegg, FronteggError, Options
from frontegg_async.endpoints import Auth, Endpoint, Evidence
from frontegg_async.models.auth import EnvironmentToken
from frontegg_async.models.tenants import Tenant
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.hostile_body_server import BODY, HOSTILE

_MOST_MEMORY: Final = 48.0
_MOST_BLOCKED: Final = 50.0
_TRIES: Final = 4
_BEAT: Final = 0.001


@contextlib.contextmanager
def _server() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as directory:
        ready = Path(directory, "port")
        argv = [sys.executable, "-m", "tests.acceptance.scoreboard.rows.hostile_body_server", str(ready)]
        with subprocess.Popen(argv) as process:
            try:
                while not (ready.exists() and (port := ready.read_text())):
                    time.sleep(0.05)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.kill()


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _megabytes(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


@attrs.define
class _Heartbeat:
    """Measures how long the event loop was blocked by this process, not by others that used the processor."""

    slowest: float = 0.0

    async def run(self) -> None:
        """Beat until it is cancelled."""
        while True:
            wall, worked = time.perf_counter(), time.process_time()
            await asyncio.sleep(_BEAT)
            gap = min(time.perf_counter() - wall - _BEAT, time.process_time() - worked)
            self.slowest = max(self.slowest, gap * 1000)


def _endpoint(name: str, returns: type) -> Endpoint[object]:
    return Endpoint(
        name=name, method="GET", path=f"/{name}", auth=Auth.ENVIRONMENT, returns=returns, evidence=Evidence.CLIENT
    )


_TOKEN: Final = _endpoint("token", EnvironmentToken)
_MANY: Final = _endpoint("many", tuple[Tenant, ...])
_ANY: Final = _endpoint("any", object)
_CALLS: Final[dict[str, Callable[[AsyncFrontegg], Awaitable[object]]]] = {
    "one": lambda client: client.tenants.get("t"),
    "page": lambda client: client.tenants.list().first_page(),
    "many": lambda client: client.send(_MANY),
    "tree": lambda client: client.hierarchy.tree("t"),
    "any": lambda client: client.send(_ANY),
    "token": lambda client: client.send(_TOKEN),
}


@attrs.define
class _Took:
    """The cost of one call, and what is wrong with its result."""

    memory: float
    blocked: float
    foreign: str | None = None


async def _take_one(client: AsyncFrontegg, name: str, shape: str) -> _Took:
    view = client.with_options(headers={BODY: str(list(HOSTILE).index(name))})
    foreign: str | None = None
    gc.collect()
    _reset_peak()
    before = _megabytes("VmRSS")
    heart = _Heartbeat()
    beat = asyncio.create_task(heart.run())
    await asyncio.sleep(0)
    try:
        await _CALLS[shape](view)
    except FronteggError:
        pass
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        foreign = f"{name} as {shape}: {type(error).__name__}"
    await asyncio.sleep(2 * _BEAT)
    beat.cancel()
    return _Took(_megabytes("VmHWM") - before, heart.slowest, foreign)


async def measure_bodies(setting: Setting) -> Finding:
    """Send every body as every kind of answer; what exceeds a target is repeated, since machines are noisy."""
    pairs = [(name, shape) for name, hostile in HOSTILE.items() for shape in hostile.shapes]
    setting.rng("bodies").shuffle(pairs)
    memory = blocked = 0.0
    wrong: list[str] = []
    with _server() as url:
        options = Options(max_retries=0, timeout=30.0, deadline=30.0)
        async with AsyncFrontegg("emu_client", "emu_secret", base_url=url, options=options) as client:
            await client.check()
            gc.freeze()
            for name, shape in [("null", "one"), ("16 MiB of numbers", "any"), *pairs]:
                best = _Took(1e9, 1e9)
                for _ in range(_TRIES):
                    took = await _take_one(client, name, shape)
                    best = _Took(min(best.memory, took.memory), min(best.blocked, took.blocked), took.foreign)
                    if best.memory <= _MOST_MEMORY and best.blocked <= _MOST_BLOCKED:
                        break
                else:
                    wrong.append(f"{name} as {shape}: {best.memory:.0f} MB, {best.blocked:.0f} ms")
                wrong += [] if best.foreign is None else [best.foreign]
                memory, blocked = max(memory, best.memory), max(blocked, best.blocked)
    return Finding(
        figure=f"{len(HOSTILE)} bodies in {len(pairs)} calls: {len(wrong)} foreign exceptions or targets exceeded, "
        f"RSS rise {memory:.0f} MB, event loop blocked {blocked:.0f} ms by this process",
        passed=not wrong,
        details=tuple(wrong),
    )


ROWS: Final = (
    Row(
        number=21,
        name="hostile-bodies",
        alone=True,
        title="at least 60 hostile bodies",
        target="foreign exceptions 0; rise of RSS ≤ 48 MB; event loop blocked ≤ 50 ms",
        measure=measure_bodies,
        starred=True,
    ),
)
