"""Row 53: others change accounts and objects between a plan, or the export that it was made from, and its apply."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs

from frontegg_async import AsyncFrontegg
from frontegg_async.bulk.report import BulkReport
from frontegg_async.plans import Plan
from frontegg_async.testing import parts
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.plans.estate import Estate, make_estate
from tests.plans.mixed_estate import WRITES_PER_FAMILY, WRITES_PER_SET, address, people_of, sets_of
from tests.plans.sent_writes import planned_writes, sent_writes

_CHANGES: Final = 1_000
_PER_FAMILY: Final = 7
"""What `_change_family` changes."""
_SKIPPED: Final = 4
"""The writes of a family that depend on an account that others have made."""
_PER_SET: Final = 8
"""What `_change_objects` and `_change_people` change."""
_SKIPPED_OF_SET: Final = 1
"""The write of a set that completes a role that others have made."""
_AT_ONCE: Final = 8


@attrs.define
class _Count:
    """What came of the changes of others."""

    changes: int = 0
    left: int = 0
    """Rows that are stale, and accounts and objects that a plan with ``base`` does not delete."""
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
    sets = sets_of(estate.families) // 2
    original = await estate.export("original", has_people=has_base)
    if has_base:
        await _change(estate, changed, sets)
        plans = await estate.plans_with_base(original)
    else:
        plans = [await estate.plan()]
        await _change(estate, changed, sets)
    found, keys = await estate.state(), await estate.keys()
    estate.emulator.clear_journal()
    applied = 0
    for number, plan in enumerate(plans):
        report = await estate.client.apply(plan, ledger=estate.directory / f"{number}.sqlite3")
        count.left += report.stale + plan.not_planned
        applied += report.succeeded
        keys = {**keys, **await estate.keys()}
        count.overwritten += _unplanned(estate, plan, report, keys)
        estate.emulator.clear_journal()
    count.changes += changed * _PER_FAMILY + sets * _PER_SET
    count.applied += applied
    of_accounts = estate.families * WRITES_PER_FAMILY - changed * (_PER_FAMILY + _SKIPPED)
    of_objects = sets_of(estate.families) * WRITES_PER_SET - sets * (_PER_SET + _SKIPPED_OF_SET)
    count.missing += abs(of_accounts + of_objects - applied)
    shown = await estate.state()
    names = [(name.format(number), fields) for number in range(changed) for name, fields in _CHANGED.items()]
    names += [(name.format(number), fields) for number in range(sets) for name, fields in _CHANGED_OBJECTS.items()]
    for name, fields in names:
        before, after = found[name], shown.get(name, {})
        count.overwritten += [f"{name}: {each}" for each in fields if before[each] != after.get(each)]


def _unplanned(estate: Estate, plan: Plan, report: BulkReport, keys: Mapping[str, str]) -> Sequence[str]:
    """Return the requests that were sent for rows that were not applied."""
    done = {(row.operation, row.tenant_id) for row in report.rows(only="done")}
    asked = planned_writes([each for each in plan.writes if (each.operation, each.key) in done])
    return sorted(sent_writes(estate.emulator, keys).keys() - asked)


_CHANGED: Final = {
    "changed-{}": ("name", "metadata", "settings"),
    "moved-{}": ("parent_tenant_id",),
    "deleted-{}": ("name",),
    "parent-{}": ("name", "is_reseller", "parent_tenant_id", "settings"),
}
"""The fields of accounts that others change, by patterns of ids."""
_CHANGED_OBJECTS: Final = {
    "permissions.changed.{}": ("name",),
    "roles.changed-{}": ("level",),
    "roles.new-{}": ("name", "level", "permissions"),
    "roles.deleted-{}": ("description",),
    "applications.App-{}": ("description",),
    "users.changed-{}@people.example": ("name", "roles"),
    "users.deleted-{}@people.example": ("name", "roles"),
    "users.new-{}@people.example": ("name", "roles"),
}
"""The fields of objects that others change."""


async def _change(estate: Estate, changed: int, sets: int) -> None:
    """Change families and sets by another client."""
    places = asyncio.Semaphore(_AT_ONCE)
    async with parts.client(estate.emulator) as client:

        async def change(number: int) -> None:
            async with places:
                await _change_family(client, number)

        async with asyncio.TaskGroup() as group:
            for number in range(changed):
                group.create_task(change(number))
        await _change_objects(client, sets)
        await _change_people(client, sets)


async def _change_family(client: AsyncFrontegg, number: int) -> None:
    """Change what each kind of write expects to find; a lock or an assignment by others is what the plan wants."""
    await client.tenants.update(f"changed-{number}", name="By others")
    await client.tenants.add_metadata(f"changed-{number}", {"plan": "by others"})
    await client.tenants.add_metadata(f"changed-{number}", {"old": "by others"})
    await client.account_settings.update(f"changed-{number}", date_format="by others")
    await client.hierarchy.move(f"moved-{number}", "west")
    await client.tenants.update(f"deleted-{number}", name="By others")
    await client.tenants.create(tenant_id=f"parent-{number}", name="By others")


async def _change_objects(client: AsyncFrontegg, sets: int) -> None:
    """Change what each kind of write of an object expects to find."""
    permissions = {each.key: each.id async for each in client.permissions.list()}
    roles = {role.key: role.id async for role in client.roles.list()}
    applications = {each.name: each.id for each in await client.applications.list().all()}
    for number in range(sets):
        await client.permissions.update(permissions[f"changed.{number}"], name="By others")
        await client.roles.update(roles[f"changed-{number}"], level=9)
        await client.roles.update(roles[f"deleted-{number}"], description="By others")
        await client.roles.create(key=f"new-{number}", name="By others", level=9)
        await client.applications.update(applications[f"App-{number}"], description="By others")


async def _change_people(client: AsyncFrontegg, sets: int) -> None:
    """Change what each kind of write of a person expects to find."""
    for number in range(sets):
        account = people_of(number)
        people = {str(user.email): user.id async for user in client.users.list(account)}
        await client.users.update(people[address("changed", number)], tenant_id=account, name="By others")
        deleted = people[address("deleted", number)]
        await client.users.assign_roles(deleted, tenant_id=account, role_keys=["ReadOnly"])
        await client.users.invite(account, email=address("new", number), name="By others", send_email=False)


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
