"""``frontegg bulk`` with a ledger in PostgreSQL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.postgres import postgres_server


@pytest.mark.slow
@pytest.mark.postgres
def test_a_job_of_several_processes(run: Run, tmp_path: Path) -> None:
    """The address takes the place of the file in each command."""
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"tenant_id": "t1", "name": "One"}\n{"tenant_id": "t2", "name": "Two"}\n', encoding="utf-8")
    with postgres_server() as server:
        ledger = server.new_address()
        assert run("bulk", "run", "create", str(rows), "--ledger", ledger).code == 0
        for command in (("worker", "--ledger", ledger), ("resume", ledger), ("status", ledger), ("report", ledger)):
            ran = run("bulk", *command, "--output", "json")
            assert (ran.code, json.loads(ran.out)["succeeded"]) == (0, 2), ran.err
        again = run("bulk", "run", "create", str(rows), "--ledger", ledger)
        assert again.code == 2
        assert "frontegg bulk resume" in again.err


def test_a_password_in_an_address_is_refused(run: Run) -> None:
    """It would be seen in the list of processes; nothing repeats it."""
    ran = run("bulk", "worker", "--ledger", "postgresql://me:canary-of-password@localhost/jobs")
    assert (ran.code, ran.out) == (2, "")
    assert "PGPASSWORD" in ran.err
    assert "canary" not in ran.err


def test_a_file_has_no_workers(run: Run, tmp_path: Path) -> None:
    """One process holds a file."""
    ran = run("bulk", "worker", "--ledger", str(tmp_path / "ledger.sqlite3"))
    assert ran.code == 2
    assert "postgresql://" in ran.err
