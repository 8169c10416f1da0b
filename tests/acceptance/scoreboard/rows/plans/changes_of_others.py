"""Row 53: others change accounts between a plan, or the export that it was made from, and its apply."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import attrs

from frontegg_async import AsyncFrontegg
from frontegg_async.bulk.report import BulkReport
from frontegg_async.plans import Plan
from frontegg_async.testing import parts
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.plans.estate import Estate, make_estate
from tests.plans.mixed_estate import WRITES_PER_FAMILY
from tests.plans.sent_writes import planned_writes, sent_writes

_CHANGES: Final = 1_000
_PER_FAMILY: Final = 7
"""What `_change_family` changes."""
_SKIPPED: Final = 4
"""The writes of a family that depend on an account that others have made."""
_AT_ONCE: Final = 8


@attrs.define
class _Count:
    """What came of the changes of others."""

    changes: int = 0
    left: int = 0
    """Rows that are stale, and accounts that a plan with ``base`` does not delete."""
    overwritten: list[str] = attrs.field(factory=list[str])
    applied: int = 0
    missing: int = 0
    """Rows that should have been applied, and were not."""


async def measure(setting: Setting) -> Finding:
    """Change half of the families: after the plan, and after the export that a plan is made from."""
    count = _Count()
    changed = -(-setting.scaled(_CHANGES) // _PER_FAMILY)
    for has_base in (False, True):
        with tempfile.TemporaryDirectory() as directory:
            async with make_estate(2 * changed, Path(directory)) as estate:
                await _attack(estate, changed, count, has_base=has_base)
    return Finding(
        figure=f"{count.changes:,} changes by others, half of them before a plan with base: {count.left:,} left alone,"
        f" {len(count.overwritten)} overwritten; {count.applied:,} other rows applied, {count.missing} not",
        passed=count.left == count.changes and not count.overwritten and not count.missing,
        details=tuple(count.overwritten[:12]),
    )


async def _attack(estate: Estate, changed: int, count: _Count, *, has_base: bool) -> None:
    original = await estate.export()
    if has_base:
        original = original.rename(original.with_name("original.jsonl"))
        await _change(estate, changed)
        plan = await estate.plan(base=original)
    else:
        plan = await estate.plan()
        await _change(estate, changed)
    found = await estate.accounts()
    estate.emulator.clear_journal()
    report = await estate.client.apply(plan, ledger=estate.directory / "ledger.sqlite3")
    count.changes += changed * _PER_FAMILY
    count.left += report.stale + plan.not_planned
    count.applied += report.succeeded
    wanted = estate.families * WRITES_PER_FAMILY - changed * (_PER_FAMILY + _SKIPPED)
    count.missing += abs(wanted - report.succeeded)
    count.overwritten += _unplanned(estate, plan, report)
    shown = await estate.accounts()
    for number in range(changed):
        for name, fields in _CHANGED.items():
            before, after = found[f"{name}-{number}"], shown.get(f"{name}-{number}", {})
            count.overwritten += [f"{name}-{number}: {each}" for each in fields if before[each] != after.get(each)]


def _unplanned(estate: Estate, plan: Plan, report: BulkReport) -> Sequence[str]:
    """Return the requests that were sent for rows that were not applied."""
    done = {(row.operation, row.tenant_id) for row in report.rows(only="done")}
    asked = planned_writes([each for each in plan.writes if (each.operation, each.key) in done])
    return sorted(sent_writes(estate.emulator).keys() - asked)


_CHANGED: Final = {
    "changed": ("name", "metadata", "settings"),
    "moved": ("parent_tenant_id",),
    "deleted": ("name",),
    "parent": ("name", "is_reseller", "parent_tenant_id", "settings"),
}
"""The fields that others change, by the beginnings of ids."""


async def _change(estate: Estate, changed: int) -> None:
    """Change families by another client."""
    places = asyncio.Semaphore(_AT_ONCE)
    async with parts.client(estate.emulator) as client:

        async def change(number: int) -> None:
            async with places:
                await _change_family(client, number)

        async with asyncio.TaskGroup() as group:
            for number in range(changed):
                group.create_task(change(number))


async def _change_family(client: AsyncFrontegg, number: int) -> None:
    """Change what each kind of write expects to find; a lock or an assignment by others is what the plan wants."""
    await client.tenants.update(f"changed-{number}", name="By others")
    await client.tenants.add_metadata(f"changed-{number}", {"plan": "by others"})
    await client.tenants.add_metadata(f"changed-{number}", {"old": "by others"})
    await client.account_settings.update(f"changed-{number}", date_format="by others")
    await client.hierarchy.move(f"moved-{number}", "west")
    await client.tenants.update(f"deleted-{number}", name="By others")
    await client.tenants.create(tenant_id=f"parent-{number}", name="By others")


ROWS: Final = (
    Row(
        number=53,
        name="changes-of-others",
        title="1,000 changes by another client, in full, between a plan and its apply, and as many after its base",
        target="all reported, as stale or as not planned; overwritten 0; all other rows applied",
        measure=measure,
        starred=True,
    ),
)
