"""Row 52: a plan is applied by processes that are killed at random moments."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from frontegg_async.bulk.stores import read_report
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.plans.estate import Estate, make_estate
from tests.plans.mixed_estate import WRITES_PER_FAMILY
from tests.plans.sent_writes import planned_writes, sent_writes

_CHANGES: Final = 5_000
_KILLS: Final = 200


@attrs.define
class _Count:
    """What came of the applies."""

    applies: int = 0
    kills: int = 0
    writes: int = 0
    doubled: list[str] = attrs.field(factory=list[str])
    lost: list[str] = attrs.field(factory=list[str])
    foreign: list[str] = attrs.field(factory=list[str])
    differing: list[str] = attrs.field(factory=list[str])


async def measure(setting: Setting) -> Finding:
    """Apply one plan without a kill, and then again from the same state until there were enough kills."""
    count = _Count()
    kills = setting.scaled(_KILLS)
    with tempfile.TemporaryDirectory() as directory:
        async with make_estate(-(-setting.scaled(_CHANGES) // WRITES_PER_FAMILY), Path(directory)) as estate:
            plan = await estate.plan()
            plan.save(estate.directory / "plan.jsonl")
            planned, begun, keys = planned_writes(plan.writes), estate.emulator.snapshot(), await estate.keys()
            await _apply(estate, setting, 0, count)
            expected = await estate.state()
            while count.kills < kills:
                estate.emulator.restore(begun)
                estate.emulator.clear_journal()
                await _apply(estate, setting, kills - count.kills, count)
                _judge(estate, planned, {**keys, **await estate.keys()}, count)
                count.differing += _differing(expected, await estate.state())
    failures = (count.doubled, count.lost, count.foreign, count.differing)
    return Finding(
        figure=f"{len(plan.writes):,} changes, {count.kills} kills, {count.writes:,} writes: {len(count.doubled)}"
        f" doubled, {len(count.lost)} lost, {len(count.foreign)} not in the plan, {len(count.differing)} accounts"
        " and objects unlike those of an apply without kills",
        passed=not any(failures),
        details=tuple(each for some in failures for each in some[:6]),
    )


async def _apply(estate: Estate, setting: Setting, kills: int, count: _Count) -> None:
    """Apply the plan by processes of which at most so many are killed.

    Raises:
        RuntimeError: A process failed.
    """
    count.applies += 1
    ledger = estate.directory / f"{count.applies}.sqlite3"
    seed = setting.rng(f"apply {count.applies}").getrandbits(32)
    emulator = estate.emulator
    credential = emulator.url, emulator.client_id, emulator.secret
    files = estate.directory / "plan.jsonl", ledger
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.plans.applied_program", *credential, *map(str, files), str(kills), str(seed)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await program.communicate()
    if program.returncode:
        raise RuntimeError(errors.decode())
    count.kills += int(output)
    report = read_report(ledger)
    if report.succeeded != report.total:
        count.lost.append(report.summary())


def _judge(estate: Estate, planned: frozenset[str], keys: Mapping[str, str], count: _Count) -> None:
    """Compare what was sent with the plan."""
    sent = sent_writes(estate.emulator, keys)
    count.writes += sent.total()
    count.doubled += [each for each, times in sent.items() if times > 1]
    count.lost += planned - sent.keys()
    count.foreign += sent.keys() - planned


def _differing(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    ids = expected.keys() | found.keys()
    return [f"{each}: {found.get(each)}" for each in sorted(ids) if expected.get(each) != found.get(each)]


ROWS: Final = (
    Row(
        number=52,
        name="killed-applies",
        early=True,
        title="apply of a plan with 5,000 changes of every kind, killed 200 times, in full",
        target="doubled 0, lost 0, writes that are not in the plan 0; all is as after an apply without kills",
        measure=measure,
        starred=True,
        time_limit=120.0,
    ),
)
