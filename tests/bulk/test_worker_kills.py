"""Programs that work on one job and are killed: nothing is doubled, and nothing is lost."""

from __future__ import annotations

import random
import signal

import pytest

from frontegg_async.bulk import stores
from frontegg_async.emulator import EmulatorHandle
from tests.bulk.crew import begin, harm, outcome, program, wait_for
from tests.support.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.acceptance]


async def test_three_of_four_are_killed(frontegg_emulator: EmulatorHandle, postgres: PostgresServer) -> None:
    """The last one does what is left, also when the server is restarted meanwhile."""
    ledger, rows, rate = postgres.new_address(), 4_000, 200
    await begin(frontegg_emulator, ledger, rows, rate)
    ended = harm(frontegg_emulator, postgres, ledger, rows, random.Random(17))
    found = outcome(frontegg_emulator, ledger, rows, rate, ended)
    assert (found.doubled, found.lost, found.succeeded, found.ended) == (0, 0, rows, f"{rows} 0")
    # In flight at the kills.
    assert found.twice <= 3 * 16


async def test_a_program_that_is_told_to_end(frontegg_emulator: EmulatorHandle, postgres: PostgresServer) -> None:
    """It ends after what is in flight, and says what is done."""
    ledger = postgres.new_address()
    await begin(frontegg_emulator, ledger, 600, 100)
    with program(frontegg_emulator, ledger) as process:
        wait_for(frontegg_emulator, 100)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    report = stores.read_report(ledger)
    assert (process.returncode, int(said)) == (0, report.succeeded)
    assert report.succeeded < 600
    assert report.unknown == 0
    with program(frontegg_emulator, ledger) as process:
        assert int(process.communicate(timeout=60)[0]) == 600
    assert outcome(frontegg_emulator, ledger, 600, 100, "").twice == 0
