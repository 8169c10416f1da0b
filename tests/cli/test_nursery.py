"""Programs that a nursery forks have what programs have that are started anew, and end as these do."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.nursery import ROOT, forked

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="a nursery needs fork")]

MODULE: Final = "tests.cli.described_process"


def _started(module: str) -> tuple[str, ...]:
    return (sys.executable, "-W", "error", "-m", module)


def _described(command: Sequence[str], shell: str, file: Path, **given: Any) -> Mapping[str, Any]:
    """Return what a program has that a shell starts."""
    file.unlink(missing_ok=True)
    words = shlex.join([*command, str(file), "a \udcff"])
    subprocess.run(["sh", "-c", shell.replace("PROGRAM", words)], cwd=ROOT, check=True, **given)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    "shell",
    [
        "PROGRAM",
        "exec PROGRAM",
        "PROGRAM < /dev/null | cat",
        "PROGRAM <&-",
        "PROGRAM >&-",
        "PROGRAM <&- >&- 2>&-",
        "umask 077; ANOTHER=1 PROGRAM",
        "trap '' INT HUP; exec PROGRAM",
        "trap '' TERM; PROGRAM 9< /dev/null",
    ],
)
def test_a_program_has_what_one_has_that_is_started(shell: str, tmp_path: Path) -> None:
    """But for the descriptor that the shell left open, which no test gives to a program."""
    file = tmp_path / "found"
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "start_new_session": "exec" in shell}
    started = _described(_started(MODULE), shell.replace(" 9< /dev/null", ""), file, **pipes)
    assert _described(forked(MODULE), shell, file, **pipes) == started


def test_a_program_on_a_terminal_has_what_one_has_that_is_started(tmp_path: Path) -> None:
    import pty

    master, slave = pty.openpty()
    terminal: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), slave)
    started, found = (
        _described(command, "PROGRAM", tmp_path / "found", **terminal) for command in (_started(MODULE), forked(MODULE))
    )
    os.close(master)
    os.close(slave)
    assert found == started


@pytest.mark.parametrize("name", ["PYTHONUTF8", "LC_ALL", "TZ"])
def test_a_program_with_variables_that_are_read_at_the_start_is_refused(name: str, tmp_path: Path) -> None:
    """It would have those of the nursery."""
    ran = subprocess.run(
        [*forked(MODULE), str(tmp_path / "found")],
        env={**os.environ, name: "C"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, f"start a program with such variables anew: {name}" in ran.stderr) == (1, True)
    assert not (tmp_path / "found").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_a_signal_ends_a_program_and_its_stand_in(number: signal.Signals) -> None:
    """What it writes to ends with it."""
    command = [*forked("json.tool"), "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b"1")
        process.stdin.flush()
        process.send_signal(number)
        assert process.stdout is not None
        assert process.stdout.read() == b""
        assert process.wait() == -number
