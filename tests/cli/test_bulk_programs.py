"""``frontegg bulk`` as a process: Ctrl-C, kills, two at once, and terminals."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from frontegg_async import LedgerError
from frontegg_async.bulk.stores import read_report
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.test_programs import on_a_terminal
from tests.support.nursery import STARTED, forked
from tests.support.postgres import postgres_server

pytestmark = [pytest.mark.each_python, pytest.mark.skipif(os.name != "posix", reason="it needs signals and a terminal")]

ROWS: Final = 60
CREATE: Final = {"path": "/tenants/resources/tenants/v1", "method": "POST"}


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """A file of accounts."""
    path = tmp_path / "rows.csv"
    path.write_text("tenant_id,name\n" + "".join(f"t{n},T {n}\n" for n in range(ROWS)), encoding="utf-8")
    return path


@pytest.fixture
def variables(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The variables of a program."""
    return {name: value for name, value in environ.items() if name not in {"COLUMNS", "NO_COLOR", "TERM"}}


@contextmanager
def _at_work(
    rows: Path, ledger: Path | str, variables: Mapping[str, str], frontegg: Sequence[str] = ()
) -> Generator[subprocess.Popen[str]]:
    """Give a run that has made some rows and has others left: they would take a minute."""
    command = [*(frontegg or forked()), "bulk", "run", "create", str(rows), "--ledger", str(ledger)]
    command += ["--rate", "1", "--verbose"]
    with subprocess.Popen(command, stdout=-1, stderr=-1, env=variables, encoding="utf-8") as process:
        assert process.stderr is not None
        while "< 201" not in process.stderr.readline():
            assert process.poll() is None
        try:
            yield process
        finally:
            process.kill()


def _run(*arguments: str, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*forked(), "bulk", *arguments], env=variables, capture_output=True, encoding="utf-8", check=False
    )


def _created(emulator: EmulatorHandle) -> Counter[str]:
    done = [entry.effect for entry in emulator.journal() if entry.route == "tenants.create" and entry.effect]
    return Counter(tenant_id for effect in done for tenant_id in effect.created)


def _ledger_files(directory: Path) -> list[str]:
    """Return the names of a ledger and of what is beside it: SQLite has no log of one that nobody writes."""
    return sorted(path.name for path in directory.glob("ledger*"))


def test_ctrl_c_says_how_to_go_on(
    emulator: EmulatorHandle, rows: Path, tmp_path: Path, variables: Mapping[str, str]
) -> None:
    """130; and then each account is made once."""
    ledger = str(tmp_path / "ledger")
    with _at_work(rows, tmp_path / "ledger", variables) as process:
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        *_, reached, command = process.stderr.read().splitlines()
        assert re.fullmatch(r"interrupted after [\d,]+ of [\d,]+ rows; to continue:", reached)
        assert command == f"frontegg bulk resume {ledger}"
        assert process.wait() == 130
    assert _ledger_files(tmp_path) == ["ledger"]
    assert _run("status", ledger, variables=variables).stderr.splitlines()[-1] == f"frontegg bulk resume {ledger}"
    assert _ledger_files(tmp_path) == ["ledger"]
    ended = _run("resume", ledger, "--rate", "1000", variables=variables)
    assert _ledger_files(tmp_path) == ["ledger"]
    assert (ended.returncode, json.loads(ended.stdout)["succeeded"]) == (0, ROWS)
    assert _created(emulator) == dict.fromkeys((f"t{n}" for n in range(ROWS)), 1)


@pytest.mark.postgres
def test_ctrl_c_twice(emulator: EmulatorHandle, rows: Path, variables: Mapping[str, str]) -> None:
    """The second does not wait for what is in flight, and says no more than the first; the job can be resumed."""
    with postgres_server() as server:
        ledger = server.new_address()
        # psycopg warns of connections that were cut off, which users do not see.
        with _at_work(
            rows, ledger, variables, (*STARTED[:3], "-W", "ignore::ResourceWarning", *STARTED[3:])
        ) as process:
            assert process.stderr is not None
            fault = emulator.add_fault(stage="accept", action={"type": "delay", "seconds": 60}, match=CREATE)
            while not emulator.faults()[0]["fired"]:
                assert process.poll() is None
            while process.poll() is None:
                # The program treats two signals that come at once as one signal.
                process.send_signal(signal.SIGINT)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(2)
            said = process.stderr.read().splitlines()
            # Lines of --verbose may be of requests before the one that waits.
            usual = ("interrupted", "frontegg bulk resume ", "> POST", "< 201")
            assert [line for line in said if not line.startswith(usual)] == []
            assert process.returncode in {130, -signal.SIGINT}
        emulator.delete_fault(fault)
        assert _run("resume", ledger, "--rate", "1000", variables=variables).returncode == 0
    assert _created(emulator) == dict.fromkeys((f"t{n}" for n in range(ROWS)), 1)


def test_a_kill(emulator: EmulatorHandle, rows: Path, tmp_path: Path, variables: Mapping[str, str]) -> None:
    """Each account is made once, also after a kill; meanwhile the ledger is held, and can be read."""
    ledger = str(tmp_path / "ledger")
    with _at_work(rows, tmp_path / "ledger", variables, STARTED) as process:
        assert _run("resume", ledger, variables=variables).returncode == 8
        assert json.loads(_run("status", ledger, variables=variables).stdout)["total"] == ROWS
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert _run("run", "create", str(rows), "--ledger", ledger, variables=variables).returncode == 2
    assert _run("resume", ledger, "--rate", "1000", variables=variables).returncode == 0
    assert _ledger_files(tmp_path) == ["ledger"]
    assert _created(emulator) == dict.fromkeys((f"t{n}" for n in range(ROWS)), 1)


def test_ctrl_c_while_rows_are_read(tmp_path: Path, variables: Mapping[str, str]) -> None:
    """Nothing was sent, and nothing is left."""
    command = [*forked(), "bulk", "run", "create", "-", "--ledger", str(tmp_path / "ledger")]
    with subprocess.Popen(command, stdin=-1, stdout=-1, stderr=-1, env=variables, encoding="utf-8") as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write("\n" * 300_000)  # more than a pipe holds: the program is reading
        process.stdin.flush()
        while process.poll() is None:
            # Python does not notice a signal that comes just before a read blocks; people press again.
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(2)
        assert process.stderr.read() == "interrupted\n"
        assert process.returncode == 130
    assert not (tmp_path / "ledger").exists()


def test_a_terminal_of_40_columns(
    emulator: EmulatorHandle, rows: Path, tmp_path: Path, variables: Mapping[str, str]
) -> None:
    """A bar that fits, with what failed, and a report that fits too."""
    emulator.seed(tenants=[{"tenantId": "t1", "name": "There"}])
    command = ["bulk", "run", "create", str(rows), "--ledger", str(tmp_path / "l"), "--rate", "100"]
    code, shown = on_a_terminal(command, columns=40, environ={**variables, "TERM": "xterm"})
    assert code == 3
    lines = [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line) for line in re.split(r"[\r\n]+", shown)]
    command_lines = [line for line in lines if line.startswith("frontegg ")]  # whole, for who pastes them
    assert max(len(line) for line in lines if line not in command_lines) <= 40
    assert len(command_lines) == 1
    bars = [line for line in lines if "━" in line]
    assert any(re.fullmatch(r"[━╸╺ ]+ +\d+/60 +1 failed, \d+/s *", line) for line in bars), bars
    assert "  failed      1    1.7 %" in [line.rstrip() for line in lines]


@pytest.mark.parametrize("added", [{"TERM": "dumb"}, {"TERM": "xterm", "NO_COLOR": "1"}])
def test_no_colour_where_it_is_not_wanted(
    rows: Path, tmp_path: Path, variables: Mapping[str, str], added: Mapping[str, str]
) -> None:
    """Neither in the bar nor in the report; a dumb terminal has no bar."""
    command = ["bulk", "run", "create", str(rows), "--ledger", str(tmp_path / "l"), "--rate", "200"]
    code, shown = on_a_terminal(command, environ={**variables, **added})
    assert code == 0
    assert re.search(r"\x1b\[[0-9;]*3[0-9][0-9;]*m", shown) is None
    assert ("━" in shown) == (added["TERM"] == "xterm")


@pytest.mark.slow
def test_a_run_that_is_killed_while_it_reads_its_input(
    rows: Path, tmp_path: Path, variables: Mapping[str, str], emulator: EmulatorHandle
) -> None:
    """The same command continues, and ``resume`` says so: nothing was sent."""
    ledger, many = tmp_path / "l.sqlite3", tmp_path / "many.csv"
    many.write_text("tenant_id,name\n" + "".join(f"m{n},M {n}\n" for n in range(200_000)), encoding="utf-8")
    command = [*STARTED, "bulk", "run", "create", str(many), "--ledger", str(ledger)]
    with subprocess.Popen(command, stdout=-1, stderr=-1, env=variables) as process:
        while not _has_job(ledger):
            assert process.poll() is None
        process.kill()
    resumed = _run("resume", str(ledger), variables=variables)
    assert "repeat the call or command that began the job" in resumed.stderr
    assert not _created(emulator)
    again = _run("run", "create", str(rows), "--ledger", str(ledger), variables=variables)
    assert (again.returncode, json.loads(again.stdout)["succeeded"]) == (0, ROWS)


def _has_job(ledger: Path) -> bool:
    """Whether the tables of a ledger are there."""
    with contextlib.suppress(LedgerError):
        read_report(ledger)
        return True
    return False
