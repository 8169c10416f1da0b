"""Jobs that write people are killed at each of their requests, and continue."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle

pytestmark = [pytest.mark.anyio, pytest.mark.acceptance]

_KILLS: Final = 30


async def test_people_are_complete_when_a_killed_job_continues(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Nobody is invited twice, and no name, role or removal is lost or written again."""
    await frontegg_client.roles.create(key="editor", name="Editor", level=1)
    frontegg_emulator.seed(
        tenants=[{"tenantId": f"a{number}", "name": "A"} for number in range(_KILLS)],
        users=[
            {"email": f"{name}-{number}@a.example", "name": "Before", "tenantId": f"a{number}"}
            for number in range(_KILLS)
            for name in ("ann", "bob")
        ],
    )
    for number in range(_KILLS):
        users = {
            f"ann-{number}@a.example": {"name": "Ann", "roles": ["editor"]},
            f"bob-{number}@a.example": {"absent": True},
            f"new-{number}@a.example": {"name": "New", "roles": ["ReadOnly", "editor"]},
        }
        plan = await frontegg_client.plan([{"tenant_id": f"a{number}", "users": users}])
        plan.save(tmp_path / f"{number}.jsonl")
    frontegg_emulator.clear_journal()

    credential = frontegg_emulator.url, frontegg_emulator.client_id, frontegg_emulator.secret
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.plans.killed_program", *credential, str(tmp_path), str(_KILLS)),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await program.communicate()
    endings = output.decode().split()
    assert (len(endings), endings[0], endings[-1]) == (_KILLS, "killed", "ended")

    for number in range(_KILLS):
        report = await frontegg_client.apply(tmp_path / f"{number}.jsonl", ledger=tmp_path / f"{number}.sqlite3")
        assert (report.succeeded, report.total) == (3, 3), (number, report.summary())
        people = [user async for user in frontegg_client.users.list(f"a{number}", with_roles=True)]
        shown = {user.email: (user.name, sorted(role.key for role in user.roles or ())) for user in people}
        assert shown == {
            f"ann-{number}@a.example": ("Ann", ["editor"]),
            f"new-{number}@a.example": ("New", ["ReadOnly", "editor"]),
        }
    sent = Counter(entry.route for entry in frontegg_emulator.journal() if entry.method != "GET")
    del sent["auth.authenticate"]
    writes = ("users.update", "users.assign_roles", "users.remove", "users.invite")
    assert sent == dict.fromkeys(writes, _KILLS)
    assert frontegg_emulator.outbox() == []
