"""``frontegg bulk``: each exit code, and what reports and statuses are in each format."""

from __future__ import annotations

import asyncio
import csv
import fcntl
import io
import json
import sqlite3
import sys
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from frontegg_async import AsyncFrontegg
from frontegg_async.bulk.mixed import MixedRow, run_mixed
from frontegg_async.bulk.settings import settings_of
from frontegg_async.bulk.stores import read_report
from frontegg_async.cli import prompts
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Ran, Run

pytestmark = pytest.mark.slow

CREATE: Final = {"path": "/tenants/resources/tenants/v1", "method": "POST"}
LISTING: Final = {"path": "/tenants/resources/tenants/v2", "method": "GET"}
FORBIDDEN: Final[dict[str, Any]] = {"type": "status", "status": 403, "body": {"errors": ["no"]}}


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, with a file of three accounts."""
    monkeypatch.chdir(tmp_path)
    write_rows("rows.csv", range(3))
    return tmp_path


def write_rows(name: str, numbers: range) -> None:
    """Write a file of accounts."""
    Path(name).write_text("tenant_id,name\n" + "".join(f"t{n},=T {n}\n" for n in numbers), encoding="utf-8")


def created(emulator: EmulatorHandle) -> list[str]:
    """Return the ids that were created, in order."""
    done = [entry.effect for entry in emulator.journal() if entry.route == "tenants.create" and entry.effect]
    return sorted(tenant_id for effect in done for tenant_id in effect.created)


@contextmanager
def given(text: str, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Let standard input have a text."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        yield


@pytest.fixture
def partly(directory: Path, emulator: EmulatorHandle, run: Run) -> Ran:
    """A run of which one row failed, with its ledger in ``ledger``."""
    assert directory.is_dir()
    emulator.seed(tenants=[{"tenantId": "t1", "name": "There"}])
    return run("bulk", "run", "create", "rows.csv", "--ledger", "ledger")


@pytest.mark.usefixtures("directory")
def test_all_rows_are_done(emulator: EmulatorHandle, run: Run) -> None:
    """0, and the same again from then on."""
    ran = run("bulk", "run", "create", "rows.csv", "--ledger", "ledger")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["succeeded"] == 3
    assert created(emulator) == ["t0", "t1", "t2"]
    ran = run("bulk", "resume", "ledger", "--output", "table")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[1:] == ["  succeeded  3  100.0 %"]
    assert created(emulator) == ["t0", "t1", "t2"]


def test_some_rows_failed(partly: Ran) -> None:
    """3, and the last line is the command that lists them."""
    assert partly.code == 3
    assert json.loads(partly.out)["failed"] == 1
    assert partly.err == "to see the rows that failed:\nfrontegg bulk report ledger --only failed\n"


def test_the_credential_is_refused(
    directory: Path, emulator: EmulatorHandle, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """4, without a ledger if it is the secret, and with one if it is the permission."""
    with monkeypatch.context() as patch:
        patch.setenv("FRONTEGG_SECRET_KEY", "canary")
        ran = run("bulk", "run", "create", "rows.csv", "--ledger", "ledger")
    assert (ran.code, (directory / "ledger").exists()) == (4, False)
    emulator.add_fault(match=CREATE, stage="before_commit", action=FORBIDDEN)
    assert run("bulk", "run", "create", "rows.csv", "--ledger", "ledger").code == 4


def test_a_guard_is_shut(partly: Ran, run: Run) -> None:
    """6, with the command that continues anyway."""
    assert partly.code == 3
    ran = run("bulk", "run", "create", "rows.csv", "--ledger", "guarded", "--max-failures", "0", "--concurrency", "1")
    assert (ran.code, ran.out) == (6, "")
    told = ran.err.splitlines()
    assert told[0].startswith("error: the guard max_failures stopped the job: 1 rows failed, which is more than")
    assert told[1:] == ["to continue anyway:", "frontegg bulk resume guarded --override max_failures"]
    assert run("bulk", "resume", "guarded").code == 6
    assert run("bulk", "status", "guarded").err.splitlines()[-1] == told[2]
    assert run("bulk", "report", "guarded", "-o", "table").err.splitlines()[-1] == told[2]
    assert run("bulk", "resume", "guarded", "--override", "max_failures", "--max-failures", "0.9").code == 3


@pytest.mark.usefixtures("directory")
def test_outcomes_are_unknown(emulator: EmulatorHandle, run: Run) -> None:
    """7, also when other rows failed, until resume finds out."""
    emulator.seed(tenants=[{"tenantId": "t1", "name": "There"}])
    assert run("bulk", "run", "create", "rows.csv", "--ledger", "ledger").code == 3
    with closing(sqlite3.connect("ledger")) as ledger, ledger:
        ledger.execute("UPDATE state SET state = 1 WHERE number = 1")  # as when the process ended with it in flight
    fault = emulator.add_fault(match=LISTING, stage="accept", action=FORBIDDEN)
    ran = run("bulk", "resume", "ledger")
    assert ran.code == 7
    assert ran.err == (
        "to find out the outcome of the unknown rows:\nfrontegg bulk resume ledger\n"
        "to see the unknown rows:\nfrontegg bulk report ledger --only unknown\n"
    )
    assert len(run("bulk", "report", "ledger", "--only", "unknown").out.splitlines()) == 1
    emulator.delete_fault(fault)
    assert run("bulk", "resume", "ledger").code == 3


def test_another_run_holds_the_ledger(partly: Ran, run: Run) -> None:
    """8; how far it is can be seen meanwhile."""
    assert partly.code == 3
    with Path("ledger").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (("resume", "ledger"), ("run", "create", "rows.csv", "--ledger", "ledger")):
            ran = run("bulk", *command)
            assert ran.code == 8
            assert ran.err.splitlines()[-1] == "frontegg bulk status ledger"
        assert run("bulk", "status", "ledger").code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "creat", "rows.csv", "--ledger", "new"), "there is no operation 'creat': did you mean 'create'?"),
        (("run", "burn", "rows.csv", "--ledger", "new"), "the operations are create, update, add_metadata"),
        (("run", "create", "rows.csv"), "--ledger is missing"),
        (("run", "create", "rows.csv", "--ledger", "new", "--rows"), "--rows needs --dry-run"),
        (("run", "create", "rows.csv", "--ledger", "new", "--fields", "colour"), "not 'colour'"),
        (("run", "create", "none.csv", "--ledger", "new"), "there is no file none.csv"),
        (("run", "lock", "rows.csv", "--ledger", "new"), "rows.csv, line 1: lock has no column 'name'"),
        (
            ("run", "create", "rows.csv", "--ledger", "new", "--rate", "fast"),
            "rate must be a number of requests per second above 0",
        ),
        (
            ("run", "create", "rows.csv", "--ledger", "new", "--rate", "0"),
            "rate must be a number of requests per second above 0",
        ),
        (("run", "create", "rows.csv", "--ledger", "new", "--concurrency", "0"), "1<=x<=1000"),
        (
            ("run", "create", "rows.csv", "--ledger", "ledger"),
            "to continue the job of this ledger:\nfrontegg bulk resume ledger\n",
        ),
        (("resume", "ledger", "--override", "all"), "'all' is not one of"),
        (("report", "ledger", "--only", "lost"), "'lost' is not one of"),
        (("report", "ledger", "--fields", "colour"), "not 'colour'"),
    ],
)
@pytest.mark.usefixtures("partly")
def test_what_cannot_be_used(run: Run, arguments: tuple[str, ...], told: str) -> None:
    """2, and nothing is there that was not there before."""
    ran = run("bulk", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert not Path("new").exists()


@pytest.mark.usefixtures("directory")
def test_what_else_goes_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """2 if there is no ledger, and neither a status nor a report needs settings."""
    for command in (("status", "none"), ("report", "none"), ("resume", "none")):
        ran = run("bulk", *command)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == "error: there is no ledger none: a new job creates its ledger\n"
    assert run("bulk", "run", "create", "rows.csv", "--ledger", "ledger").code == 0
    monkeypatch.delenv("FRONTEGG_CLIENT_ID")
    assert run("bulk", "resume", "ledger").code == 2
    assert run("bulk", "status", "ledger").code == run("bulk", "report", "ledger").code == 0


@pytest.mark.usefixtures("directory")
def test_a_ledger_of_another_environment(server: EmulatorHandle, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused by name."""
    assert run("bulk", "run", "create", "rows.csv", "--ledger", "ledger").code == 0
    other = server.create_environment()
    monkeypatch.setenv("FRONTEGG_CLIENT_ID", other.client_id)
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", other.secret)
    ran = run("bulk", "resume", "ledger")
    assert ran.code == 2
    assert "belongs to another environment" in ran.err


@pytest.mark.usefixtures("partly")
def test_formats_of_a_report(run: Run) -> None:
    """The fields by their names; for people, the summary."""
    report = json.loads(run("bulk", "report", "ledger", "--output", "json").out)
    assert [report[name] for name in ("total", "succeeded", "failed", "unknown", "skipped")] == [3, 2, 1, 0, 0]
    assert report["requests"] >= 3
    assert report["elapsed"] > 0
    assert report["reasons"][0]["error"] == "ConflictError"
    assert yaml.safe_load(run("bulk", "report", "ledger", "--output", "yaml").out) == report
    assert json.loads(run("bulk", "report", "ledger").out) == report
    assert run("bulk", "report", "ledger", "--output", "csv", "--fields", "total,failed").out == "total,failed\n3,1\n"
    text = run("bulk", "report", "ledger", "--output", "table").out
    assert "  failed     1   33.3 %\n" in text
    assert "line 3, t1: tenants.create returned 409" in text
    status = run("bulk", "status", "ledger", "--output", "json")
    assert (status.err, json.loads(status.out)) == ("", {k: v for k, v in report.items() if k != "reasons"})


@pytest.mark.usefixtures("partly")
def test_formats_of_rows(run: Run) -> None:
    """Those of CSV are guarded."""

    def failed(format_: str, *more: str) -> str:
        return run("bulk", "report", "ledger", "--only", "failed", "--output", format_, *more).out

    [row] = json.loads(failed("json"))
    assert (row["row"], row["line"], row["tenant_id"], row["status"]) == (2, 3, "t1", 409)
    assert (row["error"], row["input"]) == ("ConflictError", {"tenant_id": "t1", "name": "=T 1"})
    assert yaml.safe_load(failed("yaml")) == [row]
    assert failed("id") == "t1\n"
    assert failed("table").split()[:5] == ["row", "tenant_id", "error", "status", "message"]
    assert failed("jsonl", "--fields", "row,input.name") == '{"row":2,"input.name":"=T 1"}\n'
    [line] = csv.DictReader(io.StringIO(failed("csv")))
    assert (line["name"], line["_error"]) == ("'=T 1", "ConflictError")
    assert run("bulk", "report", "ledger", "--only", "skipped", "--output", "json").out == "[]\n"


async def plan(emulator: EmulatorHandle, *rows: MixedRow) -> None:
    """Run rows that expect values, with a ledger in ``ledger``."""
    settings = settings_of(1, None, 0.0, None)
    async with AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as client:
        environment = client._environment.name
        await run_mixed(client._caller, environment, rows, "ledger", identity="plan", settings=settings)


@pytest.mark.usefixtures("directory")
def test_some_rows_are_stale(emulator: EmulatorHandle, run: Run) -> None:
    """3, and the last line is the command that lists them."""
    emulator.seed(tenants=[{"tenantId": "t1", "name": "Changed"}])
    values = {"tenant_id": "t1", "name": "New"}
    asyncio.run(plan(emulator, MixedRow(operation="update", values=values, before={"name": "Old"})))
    ran = run("bulk", "resume", "ledger")
    assert (ran.code, json.loads(ran.out)["stale"]) == (3, 1)
    assert ran.err == "to see the rows that are stale:\nfrontegg bulk report ledger --only stale\n"
    [row] = json.loads(run("bulk", "report", "ledger", "--only", "stale", "--output", "json").out)
    assert row["message"] == 'name is "Changed" now, and the plan expects "Old"'
    assert "  stale      1  100.0 %" in run("bulk", "report", "ledger", "--output", "table").out


@pytest.mark.usefixtures("directory")
def test_a_job_without_rows_is_resumed(emulator: EmulatorHandle, run: Run) -> None:
    asyncio.run(plan(emulator))
    ran = run("bulk", "resume", "ledger")
    assert (ran.code, json.loads(ran.out)["total"]) == (0, 0)


@pytest.mark.usefixtures("directory")
def test_values_before_are_kept(emulator: EmulatorHandle, run: Run) -> None:
    """Unless they are not wanted, or the operation replaces none."""
    emulator.seed(tenants=[{"tenantId": f"t{n}", "name": "Old"} for n in range(3)])
    for ledger, options in (("kept", ()), ("asked", ("--keep-before",)), ("not", ("--no-keep-before",))):
        assert run("bulk", "run", "update", "rows.csv", "--ledger", ledger, *options).code == 0
    kept, asked, none = ([row.before for row in read_report(name).rows()] for name in ("kept", "asked", "not"))
    assert (kept, asked, none) == ([{"name": "Old"}] * 3, [{"name": f"=T {n}"} for n in range(3)], [None] * 3)
    ran = run("bulk", "run", "create", "rows.csv", "--ledger", "made", "--keep-before")
    assert (ran.code, Path("made").exists()) == (2, False)
    assert "--keep-before is not for create, which replaces no values" in ran.err


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
@pytest.mark.usefixtures("partly")
def test_failed_rows_are_the_input_of_the_next_run(emulator: EmulatorHandle, run: Run, format_: str) -> None:
    """As they were given."""
    rows = run("bulk", "report", "ledger", "--only", "failed", "--output", format_).out
    Path(f"failed.{format_}").write_text(rows, encoding="utf-8")
    assert run("tenants", "delete", "t1", "--yes").code == 0
    assert run("bulk", "run", "create", f"failed.{format_}", "--ledger", "second").code == 0
    assert created(emulator) == ["t0", "t1", "t2"]
    assert json.loads(run("tenants", "get", "t1").out)["name"] == "=T 1"


@pytest.mark.usefixtures("directory")
def test_rows_that_csv_cannot_have(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The format that can is named."""
    with given('{"tenant_id": "none", "website": null}\n', monkeypatch):
        assert run("bulk", "run", "update", "-", "--ledger", "ledger").code == 3
    ran = run("bulk", "report", "ledger", "--only", "failed", "--output", "csv")
    assert ran.code == 2
    assert ran.err.splitlines()[-1] == "--output jsonl can write these rows."


@pytest.mark.usefixtures("directory")
def test_rows_of_standard_input(emulator: EmulatorHandle, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON Lines, told by their lines."""
    with given('{"tenant_id": "a", "name": "A"}\n{"tenant_id": "b"\n', monkeypatch):
        ran = run("bulk", "run", "create", "-", "--ledger", "ledger")
    assert ran.code == 2
    assert "nothing was sent: standard input, line 2: the row is not JSON" in ran.err
    with given('{"tenant_id": "a", "name": "A"}\n{"tenant_id": "b"\n', monkeypatch):
        assert run("bulk", "run", "create", "-", "--ledger", "ledger", "--on-bad-row", "report").code == 3
    assert created(emulator) == ["a"]


@pytest.mark.usefixtures("directory")
def test_a_dry_run(emulator: EmulatorHandle, run: Run) -> None:
    """It writes nothing, and says what each row would do."""
    emulator.seed(tenants=[{"tenantId": "t1", "name": "There"}])
    ran = run("bulk", "run", "create", "rows.csv", "--dry-run")
    assert (ran.code, ran.err) == (3, "dry run: 2 of 3 rows would be sent\n")
    assert (json.loads(ran.out)["pending"], json.loads(ran.out)["failed"]) == (2, 1)
    ran = run("bulk", "run", "create", "rows.csv", "--dry-run", "--rows", "-o", "csv", "--fields", "tenant_id,message")
    assert ran.out.splitlines()[1:] == [
        "t0,would be created",
        "t1,a tenant with this id already exists",
        "t2,would be created",
    ]
    assert created(emulator) == []
    assert run("bulk", "run", "lock", "ids.jsonl", "--dry-run").code == 2
    Path("ids.jsonl").write_text('{"tenant_id": "t1"}\n', encoding="utf-8")
    assert run("bulk", "run", "lock", "ids.jsonl", "--dry-run", "--quiet", "-o", "table").err == ""


def test_deletions_are_confirmed(directory: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """By their number, and not without a terminal; ``--yes`` asks nothing."""
    assert run("bulk", "run", "create", "rows.csv", "--ledger", "made").code == 0
    (directory / "ids.csv").write_text("tenant_id\nt0\nt1\n", encoding="utf-8")
    monkeypatch.setenv("FRONTEGG_ENVIRONMENT", "Staging")
    delete = ("bulk", "run", "delete", "ids.csv", "--ledger", "ledger")
    ran = run(*delete)
    assert ran.code == 2
    assert "Delete 2 accounts and all their users in Staging: refused without a terminal" in ran.err
    assert not (directory / "ledger").exists()
    asked: list[str] = []

    def answer(text: str) -> Callable[..., str]:
        def ask(question: str, **_: bool) -> str:
            asked.append(question)
            return text

        return ask

    monkeypatch.setattr(prompts, "can_ask", lambda: True)
    monkeypatch.setattr(prompts, "ask", answer("n"))
    assert run(*delete).code == 1
    assert asked == ["Delete 2 accounts and all their users in Staging? [y/N] "]
    monkeypatch.setattr(prompts, "ask", answer("y"))
    assert run(*delete).code == 0
    (directory / "ids.csv").write_text("tenant_id\nt2\n", encoding="utf-8")
    assert run("bulk", "run", "delete", "ids.csv", "--ledger", "last", "--yes").code == 0
    assert len(asked) == 2
    assert run("tenants", "list").out == ""


@pytest.mark.usefixtures("directory")
def test_a_secret_that_is_rotated_meanwhile(run: Run, emulator: EmulatorHandle) -> None:
    """The code is that of a refused credential, and the next lines say how to continue with the new one."""
    refused: dict[str, Any] = {"type": "status", "status": 401, "body": {"errors": ["no"]}}
    write_rows("rows.csv", range(60))
    create = ("bulk", "run", "create", "rows.csv", "--concurrency", "1", "--ledger")
    emulator.add_fault(match=CREATE, stage="before_commit", action=refused)
    ran = run(*create, "shut")
    assert ran.code == 4
    assert "If the secret was rotated, store the new secret, then continue:" in ran.err
    assert ran.err.splitlines()[-1] == "frontegg bulk resume shut --override max_failures"
    emulator.delete_faults()
    for nth in range(10, 20):
        emulator.add_fault(match={**CREATE, "nth": nth}, stage="before_commit", action=refused)
    ran = run(*create, "some")
    assert (ran.code, ran.err.splitlines()[-1]) == (4, "frontegg bulk resume some")
    assert json.loads(ran.out)["succeeded"] > 40
    assert run("bulk", "resume", "some").code == 0


@pytest.mark.usefixtures("directory")
def test_progress(run: Run) -> None:
    """A line for programs has what `BulkProgress` has; a pipe has none otherwise."""
    ran = run("bulk", "run", "create", "rows.csv", "--ledger", "a", "--progress", "jsonl")
    last = json.loads(ran.err.splitlines()[-1])
    assert (last["event"], last["what"], last["total"], last["done"], last["failed"]) == ("progress", "rows", 3, 3, 0)
    assert {"unknown", "skipped", "requests", "rate", "elapsed", "expected_end"} < last.keys()


def test_no_secret_is_kept(directory: Path, emulator: EmulatorHandle, run: Run) -> None:
    """Neither in the ledger nor in what is written, with all the words there are."""
    written = ""
    for number, fault in enumerate((None, FORBIDDEN)):
        if fault:
            emulator.add_fault(match=CREATE, stage="before_commit", action=fault)
        write_rows("rows.csv", range(10 * number, 10 * number + 3))
        ran = run("bulk", "run", "create", "rows.csv", "--ledger", f"l{number}", "--verbose", "--debug")
        rows = run("bulk", "report", f"l{number}", "--only", "failed", "--verbose")
        written += ran.out + ran.err + rows.out + rows.err
    files = [path for path in directory.iterdir() if path.is_file()]
    held = b"".join(path.read_bytes() for path in files) + written.encode()
    assert len(files) >= 3
    assert emulator.secret.encode() not in held
    assert b"eyJ" not in held  # the head of every token
