"""Rows 24 and 26: schemathesis on the emulator, and a part of the test suite with every warning an error."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Final

from tests.acceptance.scoreboard.row import Finding, Row, Setting

_ROOT: Final = Path(__file__).resolve().parents[4]
_SOME: Final = ("client/test_session.py", "client/test_transport.py", "sync/test_loop_thread.py")
"""Tests of the short form."""
_PART: Final = (
    *_SOME,
    *(
        f"client/test_{name}.py"
        for name in ("client", "frames", "lost_writes", "moves", "pages", "scope", "sessions", "signed_in", "tokens")
    ),
    *(f"sync/test_{name}.py" for name in ("client", "pages")),
)
"""Tests that open, wait and close most; `make test` runs all of them, but not in the slow development mode."""

_PASSED: Final = re.compile(r"(\d+) passed")
_WARNED: Final = re.compile(r"(\d+) warnings?")
_NOTHING_FOUND: Final = re.compile(r"schemathesis: (\d+) operations, (\d+) cases, no failures")


async def _run(*arguments: str, dev: bool = False) -> tuple[int, list[str]]:
    """Run Python, in its development mode or not; return the status and the lines."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=_ROOT,
        # Set the development mode by a variable, since processes that pytest starts do not get the options.
        env={**os.environ, "PYTHONPATH": str(_ROOT), **({"PYTHONDEVMODE": "1"} if dev else {})},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode(errors="replace").splitlines()


async def measure_warnings(setting: Setting) -> Finding:
    """Run a part of the suite, its tests in an order of the seed's, on two processes.

    Warnings are errors by pyproject.toml, which also has the one that many tests provoke on purpose.
    """
    status, lines = await _run(
        *("-m", "pytest", "-q", "-n", "2", "-m", "not slow and not each_python"),
        *("-p", "no:cacheprovider", f"--randomly-seed={setting.rng('order').getrandbits(32)}"),
        *(f"tests/{name}" for name in (_PART if setting.full else _SOME)),
        dev=True,
    )
    last = lines[-1] if lines else ""
    passed, warned = _PASSED.search(last), _WARNED.search(last)
    return Finding(
        figure=f"{int(passed[1]) if passed else 0:,} tests passed, {warned[1] if warned else 0} warnings: {last}",
        passed=status == 0 and passed is not None and warned is None,
        details=tuple(lines[-40:]),
    )


async def measure_schemathesis(setting: Setting) -> Finding:
    """Test the emulator by its own OpenAPI document."""
    del setting  # the tool has a seed of its own
    status, lines = await _run("tools/quality/fuzz.py")
    last = lines[-1] if lines else "it printed nothing"
    return Finding(figure=last, passed=status == 0 and bool(_NOTHING_FOUND.match(last)), details=tuple(lines[-40:]))


ROWS: Final = (
    Row(
        number=24,
        name="schemathesis",
        title="schemathesis on all operations of the emulator's OpenAPI document",
        target="failures 0",
        measure=measure_schemathesis,
        time_limit=400.0,
    ),
    Row(
        number=26,
        name="suite-with-warnings-as-errors",
        title="part of the test suite with warnings as errors and -X dev, in random order, in parallel",
        target="warnings 0",
        measure=measure_warnings,
        starred=True,
    ),
)
