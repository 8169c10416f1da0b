"""Row 54: secrets that the service and the client know, searched in all that plans write and show."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import Final

from tests.acceptance.scoreboard.row import TAIL, Finding, Row, Setting

_ROOT: Final = Path(__file__).resolve().parents[5]
_TESTS: Final = 3
_PASSED: Final = re.compile(rf"{_TESTS} passed in .*")


async def measure(setting: Setting) -> Finding:
    """Run the tests, in which each command and each file is searched."""
    del setting  # nothing in it is random
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "tests/plans/test_secrets.py"),
        cwd=_ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    lines = output.decode(errors="replace").splitlines() or ["it printed nothing"]
    return Finding(
        figure=lines[-1],
        passed=process.returncode == 0 and bool(_PASSED.fullmatch(lines[-1])),
        details=tuple(lines[-TAIL:]),
    )


ROWS: Final = (
    Row(
        number=54,
        name="secrets-of-plans",
        title="secrets of the environment, SSO, hooks and API tokens, and in unknown fields of accounts: plan, ledger,"
        " report, log, errors and output of plan, apply and undo; exports, but for unknown fields",
        target="secrets visible 0",
        measure=measure,
        starred=True,
    ),
)
