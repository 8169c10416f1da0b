"""Standard output and standard error that are closed, full, left or not read: the work is done, and signals end it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from frontegg_async import cli
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.support.nursery import forked

pytestmark = pytest.mark.skipif(os.name != "posix", reason="it needs pipes and signals")

ROWS: Final = 60
FAULTS: Final = ("closed", "full", "left")


@pytest.fixture
def rows(tmp_path: Path, emulator: EmulatorHandle) -> Path:
    """A file of accounts; one of them is there already."""
    path = tmp_path / "rows.csv"
    path.write_text("tenant_id,name\n" + "".join(f"t{n},T {n}\n" for n in range(ROWS)), encoding="utf-8")
    emulator.seed(tenants=[{"tenantId": "t5", "name": "There"}])
    return path


@contextmanager
def broken(name: str, fault: str) -> Generator[None]:
    """Put a stream in the place of one of Python's that is closed, or that takes nothing."""
    usual = getattr(sys, name)
    if fault == "closed":
        stream = None
    elif fault == "full":
        if not Path("/dev/full").exists():
            pytest.skip("there is no /dev/full")
        stream = os.fdopen(os.open("/dev/full", os.O_WRONLY), "w", encoding="utf-8")
    else:
        read, write = os.pipe()
        os.close(read)
        stream = os.fdopen(write, "w", encoding="utf-8")
    setattr(sys, name, stream)
    try:
        yield
    finally:
        setattr(sys, name, usual)
        if stream is not None:
            stream.close()


@pytest.mark.usefixtures("environ")
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_work_is_done_and_the_exit_code_says_how(
    stream: str, fault: str, rows: Path, tmp_path: Path, emulator: EmulatorHandle
) -> None:
    """The code of a command that has one stays; others fail where their output is lost, and not where it is left."""
    ledger, file = str(tmp_path / "ledger"), tmp_path / "accounts.jsonl"
    lost = 1 if (stream, fault) == ("stdout", "full") else 0
    commands: Sequence[tuple[Sequence[str], int]] = (
        (("bulk", "run", "create", str(rows), "--ledger", ledger), 3),
        (("export", str(file)), lost),
        (("tenants", "delete", "t1", "t2", "--yes"), 0),
        (("diff", str(file), "live", "--exit-code", "--output", "jsonl"), 5),
        (("tenants", "get", "nobody"), 1),
        (("tenants", "list"), lost),
    )
    for arguments, code in commands:
        with broken(stream, fault):
            assert (arguments, cli.run([*arguments, "--progress", "jsonl", "--verbose"])) == (arguments, code)
    assert len(file.read_text(encoding="utf-8").splitlines()) == ROWS
    assert len(emulator.export_seed()["tenants"]) == ROWS - 2  # type: ignore[arg-type]


def pause_until(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait until a condition holds, while a process runs."""
    while not condition():
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.05)


def filled_pipe() -> tuple[int, int]:
    """Return the ends of a pipe that nobody reads, and that takes no more."""
    read, write = os.pipe()
    while select.select([], [write], [], 0)[1]:
        os.write(write, b"x" * 4096)
    return read, write


def created(emulator: EmulatorHandle) -> int:
    """Return how many accounts were created."""
    return sum(entry.status == 201 for entry in emulator.journal())


@pytest.mark.each_python
@pytest.mark.parametrize(("options", "code"), [((), 0), (("--verbose",), -signal.SIGTERM)])
def test_a_reader_of_messages_who_pauses(
    options: Sequence[str], code: int, rows: Path, environ: Mapping[str, str], emulator: EmulatorHandle
) -> None:
    """The job goes on without its progress; messages wait for the reader at the end, and a signal ends that."""
    emulator.reset()
    read, write = filled_pipe()
    command = [*forked(), "bulk", "run", "create", str(rows), "--ledger", f"{rows}.sqlite3", "--progress", "jsonl"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=write, env=dict(environ)) as process:
        os.close(write)
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["succeeded"] == ROWS
        if code:
            process.send_signal(-code)
        assert process.wait(60) == code
    os.close(read)
    assert created(emulator) == ROWS


@pytest.mark.each_python
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_reader_of_data_who_pauses(
    number: signal.Signals, code: int, environ: Mapping[str, str], emulator: EmulatorHandle
) -> None:
    """A listing waits in the middle of its work, and one signal ends it."""
    emulator.seed(tenants=[{"tenantId": f"many{number}", "name": "x" * 100} for number in range(1_000)])
    read, write = os.pipe()
    command = [*forked(), "tenants", "list"]
    with subprocess.Popen(command, stdout=write, stderr=subprocess.PIPE, env=dict(environ)) as process:
        pause_until(lambda: not select.select([], [write], [], 0)[1], process)
        process.send_signal(number)
        assert process.wait(60) == code
        assert process.stderr is not None
        assert process.stderr.read() == b"interrupted\n"
    os.close(read)
    os.close(write)


@pytest.mark.each_python
def test_a_terminal_that_is_stopped(
    rows: Path, tmp_path: Path, environ: Mapping[str, str], emulator: EmulatorHandle
) -> None:
    """As by Ctrl-S: the job goes on, and a signal ends the program that waits to show the rest."""
    import pty
    import termios

    emulator.reset()
    master, slave = pty.openpty()
    termios.tcflow(slave, termios.TCOOFF)
    command = [*forked(), "bulk", "run", "create", str(rows), "--ledger", str(tmp_path / "l"), "--rate", "200"]
    with subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env={**environ, "TERM": "xterm"}, start_new_session=True
    ) as process:
        pause_until(lambda: created(emulator) == ROWS, process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == -signal.SIGTERM
    os.close(slave)
    os.close(master)


@pytest.mark.each_python
@pytest.mark.skipif(sys.platform != "linux", reason="it needs descriptors of processes")
def test_a_signal_at_any_line(environ: Mapping[str, str]) -> None:
    """One signal ends a command whose readers pause, also where Python drops what its handler raises."""
    looked = subprocess.run(
        [sys.executable, "-m", "tests.cli.signals_everywhere", "nonsense"],
        stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", env=dict(environ), check=False,
    )  # fmt: skip
    *wrong, count = looked.stdout.splitlines()
    assert (wrong, looked.stderr, looked.returncode, int(count) > 100) == ([], "", 0, True)
