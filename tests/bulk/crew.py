"""Programs that work on one job, and what happens to them: some are killed, and the server is restarted."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

import attrs

from frontegg_async import AsyncFrontegg
from frontegg_async.bulk import stores
from frontegg_async.bulk.intake import Intake
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.emulator import EmulatorHandle
from tests.support.postgres import PostgresServer

PROGRAMS = 4
KILLED = 3
PATIENCE = 60.0


@attrs.frozen
class Outcome:
    """What the journal of the emulator and the ledger say of a job."""

    share: float
    """The rows a second from the first to the last, as a share of the rate."""
    doubled: int
    lost: int
    twice: int
    """The creates that were sent although the tenant was there."""
    succeeded: int
    """The rows that are done by the ledger."""
    ended: str
    """What the program said that was left."""


async def begin(emulator: EmulatorHandle, ledger: str, rows: int, rate: float) -> None:
    """Read the input of a job into its ledger, and let others begin."""
    settings = {"concurrency": 16, "rate": rate, "reserve": 0.0, "max_failures": None}
    async with AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as client:
        opened = await stores.begin_ledger(
            ledger, operation="create", environment=client.bulk._environment, settings=settings
        )
        given = ({"name": f"Tenant {number}"} for number in range(rows))
        await Intake(client._caller, opened.store, OPERATIONS["create"], "raise").run(given)
        await opened.store.seal()
        await opened.store.start(settings)
        await opened.store.close()


@contextlib.contextmanager
def program(emulator: EmulatorHandle, ledger: str) -> Iterator[subprocess.Popen[str]]:
    """Start a program, and kill it in the end."""
    command = [sys.executable, "-m", "tests.bulk.worker_program", ledger, emulator.url]
    process = subprocess.Popen(
        [*command, emulator.client_id, emulator.secret], stdout=subprocess.PIPE, encoding="utf-8"
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def creates(emulator: EmulatorHandle) -> list[float]:
    """Return when each create was received, in seconds of the epoch."""
    found = [entry.at for entry in emulator.journal() if entry.route == "tenants.create"]
    return [dt.datetime.fromisoformat(at).timestamp() for at in found]


def wait_for(emulator: EmulatorHandle, count: int) -> None:
    """Wait until so many creates were received."""
    until = time.monotonic() + PATIENCE
    while len(emulator.journal()) < count:
        assert time.monotonic() < until
        time.sleep(0.1)


def harm(emulator: EmulatorHandle, server: PostgresServer, ledger: str, rows: int, chance: random.Random) -> str:
    """Run the programs, kill some at random, and restart the server; return what the last one said."""
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(program(emulator, ledger)) for _ in range(PROGRAMS)]
        moments = sorted(chance.uniform(0.1, 0.8) for _ in range(KILLED + 1))
        restart = chance.randrange(KILLED + 1)
        for number, moment in enumerate(moments):
            wait_for(emulator, int(rows * moment))
            if number == restart:
                server.stop()
                server.start()
            else:
                running.pop(chance.randrange(len(running))).kill()
        [last] = running
        said, _ = last.communicate(timeout=PATIENCE)
        return f"{said.strip()} {last.returncode}"


def outcome(emulator: EmulatorHandle, ledger: str, rows: int, rate: float, ended: str) -> Outcome:
    """Return the outcome of a job."""
    moments = creates(emulator)
    created = Counter(
        tenant_id for entry in emulator.journal() if entry.effect is not None for tenant_id in entry.effect.created
    )
    return Outcome(
        share=rows / (moments[-1] - moments[0]) / rate,
        doubled=created.total() - len(created),
        lost=rows - len(created),
        twice=len(moments) - rows,
        succeeded=stores.read_report(ledger).succeeded,
        ended=ended,
    )
