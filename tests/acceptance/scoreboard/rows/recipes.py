"""Row 51: the apps that pages and examples show, called by users and access tokens of another tenant."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Final

from tests.acceptance.scoreboard.row import TAIL, Finding, Row, Setting
from tests.docs.recipes import find_paths

_COUNTS: Final = ("apps", "requests", "answered", "seen_by_operators")


async def measure_recipes(setting: Setting) -> Finding:
    """Attack each page and each example that makes an app; count what it shows of other tenants."""
    paths = [str(path) for path in find_paths()]
    form = ["--full"] if setting.full else []
    run = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "error", "-m", "tests.docs.recipes", *form, *paths),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await run.communicate()
    reports = [json.loads(line) for line in output.splitlines()]
    leaks = [f"{report['path']}: {leak}" for report in reports for leak in report["leaks"]]
    total = {key: sum(report[key] for report in reports) for key in _COUNTS}
    details = (*leaks[:TAIL], *errors.decode().splitlines()[-TAIL:])
    return Finding(
        figure=(
            f"{len(leaks)} responses with accounts of others: {total['apps']} apps of {len(reports)} pages and "
            f"examples, {total['requests']:,} requests, {total['answered']:,} answered; "
            f"{total['seen_by_operators']} routes show the accounts to operators"
        ),
        # A zero means that nothing was tested, for example because no operator got a response.
        passed=run.returncode == 0 and not leaks and min(total.values()) > 0 and len(reports) == len(paths),
        details=details,
    )


ROWS: Final = (
    Row(
        number=51,
        name="recipes-and-other-tenants",
        title="recipes of README, docs and examples: users and access tokens of another tenant, with every role",
        target="accounts of others seen 0",
        measure=measure_recipes,
        starred=True,
    ),
)
