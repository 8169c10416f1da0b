"""The commands of the project: what they are, and what they say when they cannot work."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from checks import (
    CLOSING_LINE,
    CONTRACTS,
    FEW_PARTS,
    MANY_PARTS,
    MARKED_ACCEPTANCE,
    MARKED_EXTENDED,
    MARKED_SLOW,
    SUPPORTED,
    TOTAL,
    Result,
    concluded,
    farthest,
    marked_files,
    merged,
    parts,
    summary,
)
from install import closure

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.one_python,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither make nor sh"),
]


_BOTH = ("generate", "sync")


def _set_up(directory: Path, python: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(ROOT / "tools" / "venv.sh"), str(directory), "demo"]
    return subprocess.run(command, env={**os.environ, "PYTHON": python}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ((), ["help", "more", "demo", "test", "check", "acceptance", "docs", "generate", "dist", "clean"]),
        (("more",), ["reliability", "performance", "mutants", "fuzz"]),
    ],
)
def test_each_command_is_shown_once(command: tuple[str, ...], named: list[str]) -> None:
    """``make`` shows those of every day, as ``make help`` does, and ``make more`` the others."""
    run = subprocess.run(["make", *command], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.findall(r"^make (\w+) ", run.stdout, re.MULTILINE) == named


def test_make_sync_is_make_generate() -> None:
    """The former name still works."""
    dry = [subprocess.run(["make", "-n", name], cwd=ROOT, capture_output=True, text=True, check=True) for name in _BOTH]
    assert "tools/generate.py" in dry[0].stdout
    assert dry[0].stdout == dry[1].stdout


def test_a_python_that_is_too_old_is_named(tmp_path: Path) -> None:
    """Without a Python that is new enough, one line says what is needed."""
    run = _set_up(tmp_path / "venv", "no-such-python")
    assert run.returncode == 1
    assert "needs Python 3.11 or later, and no-such-python is not" in run.stderr
    assert len((run.stdout + run.stderr).splitlines()) == 1


def test_a_python_without_venv_is_named(tmp_path: Path) -> None:
    """Where Python cannot make virtual environments, one line says which package to install."""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    run = _set_up(tmp_path / "venv", str(python))
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert run.returncode == 1
    assert f"apt-get install python{version}-venv" in run.stderr
    assert len((run.stdout + run.stderr).splitlines()) == 1
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("======= 12 passed in 3.45s =======", "12 passed"),
        ("1 failed, 1861 passed, 2 skipped in 75.10s (0:01:15)", "1 failed, 1861 passed, 2 skipped"),
        ("12 passed by hand", None),
    ],
)
def test_closing_lines_are_understood(line: str, note: str | None) -> None:
    """The counts of pytest's closing line go into the last line of ``make test``."""
    found = CLOSING_LINE.fullmatch(line)
    assert (found and found[1]) == note


def test_coverage_total_is_understood() -> None:
    """The total of a coverage report goes into the last line of ``make test``."""
    found = TOTAL.fullmatch("TOTAL        6491    563   1426    195    88%")
    assert found is not None
    assert found[1] == "88"


def test_kept_contracts_are_understood() -> None:
    """What import-linter says at its end goes into the last line of ``make check``."""
    found = CONTRACTS.fullmatch("Contracts: 2 kept, 0 broken.")
    assert found is not None
    assert found[1] == "2 kept, 0 broken"


@pytest.mark.parametrize("mark", [MARKED_SLOW, MARKED_ACCEPTANCE, MARKED_EXTENDED])
def test_tests_of_a_tier_are_found_by_the_text_of_their_files(mark: re.Pattern[str]) -> None:
    """A mark stands in the file of the tests that have it, and nowhere else gives it; so no other file is read."""
    files = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")}
    assert {name for name, text in files.items() if mark.search(text)} == set(marked_files(mark)) != set()


def test_programs_run_on_the_first_or_the_last_python_too() -> None:
    """What differs most is not between this Python and another one."""
    assert farthest(SUPPORTED) in {SUPPORTED[0], SUPPORTED[-1]}
    assert farthest(SUPPORTED[1:2]) == SUPPORTED[1]


def test_each_command_has_what_the_quicker_ones_have() -> None:
    """What ``make check`` can run, ``make test`` can run as well; the large packages are of the latter alone."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    dev, suite = set(closure(["dev"], groups)), set(closure(["suite"], groups))
    assert dev < suite
    assert suite - dev == {"suite", "notebooks"}


def test_last_line_says_everything() -> None:
    """The last line names what failed, then what passed, and then what was not run."""
    results = [Result("lint", passed=True), Result("tests", passed=False, note="1 failed"), Result("more", passed=None)]
    line = summary("test", results, 119.7)
    assert line == "make test: FAILED - tests (1 failed); passed - lint; not run - more; 2 min 0 s"


@pytest.mark.parametrize(
    ("error", "line", "status"),
    [
        (KeyboardInterrupt(), "make test: FAILED - interrupted", 130),
        (subprocess.CalledProcessError(2, ["tool", "a b"]), "make test: FAILED - tool 'a b', which the checks need", 1),
    ],
)
def test_there_is_a_last_line_whatever_ends_the_checks(
    error: BaseException, line: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names what ended them."""

    def work() -> list[Result]:
        raise error

    assert concluded("test", work) == status
    assert capsys.readouterr().out == f"{line}\n"


def test_parts_of_a_check_are_one_result() -> None:
    """A part that failed fails the check, and one that crashed has said nothing of its tests."""
    whole = merged(
        [
            Result("tests", passed=True, note="2 passed, 7 deselected"),
            Result("lint", passed=True),
            Result("tests", passed=False),
            Result("tests", passed=True, note="1 skipped, 3 passed"),
        ]
    )
    assert whole == [Result("tests", passed=False, note="5 passed, 1 skipped"), Result("lint", passed=True)]


@pytest.mark.parametrize("count", [FEW_PARTS, MANY_PARTS])
def test_each_file_is_in_one_part(count: int) -> None:
    """No part is empty, and no file is in two or in none."""
    found = parts(marked_files(), count)
    assert all(found)
    assert sorted(file for part in found for file in part) == marked_files()
