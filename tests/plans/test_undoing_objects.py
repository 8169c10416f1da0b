"""`frontegg.undo` of what jobs have written of an environment: it leaves what others changed, and what needs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.testing import EmulatorFaults
from tests.plans.small_environment import applied, env, fill, lines, notes

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
async def client(frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of a small environment."""
    return await fill(frontegg_client)


async def test_undo_leaves_what_others_changed_since(client: AsyncFrontegg, tmp_path: Path) -> None:
    """And an object that they use, or that refers to what is gone."""
    file = env(
        permissions={"new": {"name": "N"}, "reports.read": {"name": "R"}},
        roles={"author": {"name": "A", "level": 1}, "editor": {"level": 6, "permissions": ["new"]}},
    )
    await applied(client, await client.plan(file), tmp_path / "ledger")
    roles = {role.key: role async for role in client.roles.list()}
    await client.roles.update(roles["editor"].id, level=7)
    await client.roles.update(roles["author"].id, description="Ours")
    undone = await client.undo(tmp_path / "ledger")
    assert lines(undone) == [
        "changed roles.editor permissions.new",
        "changed permissions.reports.read name",
        "deleted permissions.new",
    ]
    assert notes(undone) == [
        "roles.editor level: is 7 now, so the value stays",
        "roles.author: description has changed, so the role stays",
    ]
    await applied(client, undone, tmp_path / "undone")


async def test_undo_does_not_refer_to_what_the_job_has_deleted(client: AsyncFrontegg, tmp_path: Path) -> None:
    """It notes both."""
    file = env(permissions={"reports.write": {}}, roles={"editor": {"permissions": ["reports.write"]}, "Admin": {}})
    plan = await client.plan(file, prune=["part:permissions", "part:roles"])
    assert lines(plan) == [
        "changed roles.editor permissions.reports.read",
        "changed roles.editor permissions.reports.write",
        "deleted roles.ReadOnly",
        "deleted permissions.reports.read",
    ]
    await applied(client, plan, tmp_path / "ledger")
    undone = await client.undo(tmp_path / "ledger")
    assert lines(undone) == ["changed roles.editor permissions.reports.write"]
    assert notes(undone) == [
        "roles.editor permissions.reports.read: referred to permissions.reports.read, which was deleted, so it stays",
        "roles.ReadOnly: a deletion cannot be undone",
        "permissions.reports.read: a deletion cannot be undone",
    ]


async def test_many_objects_are_undone_with_few_requests(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """A part is read once."""
    file = env(permissions={f"p.{number}": {"name": "P"} for number in range(20)})
    await applied(client, await client.plan(file), tmp_path / "ledger")
    frontegg_emulator.clear_journal()
    assert len(await client.undo(tmp_path / "ledger")) == 20
    assert len(frontegg_emulator.journal()) < 10


async def test_a_row_that_was_done_in_part_is_undone(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults, tmp_path: Path
) -> None:
    """A role takes a request for its fields, and another for its permissions."""
    plan = await client.plan(env(roles={"editor": {"level": 6, "permissions": ["reports.write"]}}))
    [editor] = [role async for role in client.roles.list() if role.key == "editor"]
    frontegg_faults.status(400, path=f"/identity/resources/roles/v1/{editor.id}/permissions")
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert report.failed == 1
    undone = await client.undo(tmp_path / "ledger")
    assert (lines(undone), notes(undone)) == (["changed roles.editor level"], [])
