"""Manage 1,200 accounts on the emulator, and check that no change was lost or made twice.

The first, long round uses the async client. The second, short round uses the blocking client. ``make demo`` runs this
program. The last line and the exit status report the result.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Sequence

import attrs
from accounts import ACCOUNTS_CSV, Account, read_accounts
from demo_record import Record, report
from demo_rounds import AsyncRound, blocking_round
from demo_screen import Screen
from local_emulator import LocalEmulator, local_emulator

from frontegg_async import AsyncFrontegg
from frontegg_sync import Frontegg


def returning(accounts: Sequence[Account]) -> list[Account]:
    """Return the accounts that the first round deletes and the second round creates again, as active accounts."""
    closing = {account.tenant_id for account in accounts if account.status == "closing"}
    return [
        attrs.evolve(account, status="active")
        for account in accounts
        if account.status == "closing" and account.parent_tenant_id not in closing
    ]


async def awaiting(emulator: LocalEmulator, accounts: Sequence[Account], record: Record, screen: Screen) -> None:
    """Run the long round with the async client."""
    screen.heading("async: AsyncFrontegg")
    async with AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as frontegg:
        check = await frontegg.check()
        screen.say(f"authenticated at {check.base_url} in {check.elapsed * 1000:.0f} ms")
        await AsyncRound(frontegg, accounts, record, screen).run()


def blocking(emulator: LocalEmulator, accounts: Sequence[Account], record: Record, screen: Screen) -> None:
    """Run the short round with the blocking client."""
    screen.heading("blocking: Frontegg")
    with Frontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as frontegg:
        blocking_round(frontegg, accounts, record, screen)


def command_line(emulator: LocalEmulator, screen: Screen) -> None:
    """Show some of the accounts as an operator does."""
    arguments = ("tenants", "list", "--limit", "3", "--fields", "tenant_id,name,status", "--output", "table")
    screen.heading("command line: frontegg")
    screen.say(f"$ frontegg {' '.join(arguments)}")
    sys.stdout.flush()
    variables = {
        "FRONTEGG_BASE_URL": emulator.url,
        "FRONTEGG_CLIENT_ID": emulator.client_id,
        "FRONTEGG_SECRET_KEY": emulator.secret,
    }
    command = [sys.executable, "-m", "frontegg_async", *arguments]
    subprocess.run(command, env={**os.environ, **variables}, check=True)


def main() -> int:
    """Run the demo; return 1 if the emulator's journal or state differs from the record of the changes."""
    started = time.monotonic()
    screen, record = Screen(), Record()
    accounts = read_accounts()
    with local_emulator() as emulator:
        screen.say(
            f"{len(accounts):,} accounts from {ACCOUNTS_CSV.name}; emulator at {emulator.url}, process {emulator.pid}"
        )
        asyncio.run(awaiting(emulator, accounts, record, screen))
        blocking(emulator, returning(accounts), record, screen)
        journal = emulator.journal()
        problems = record.disagreements(journal, emulator.snapshot())
        command_line(emulator, screen)
    screen.heading("check")
    for problem in report(problems):
        screen.say(problem)
    if problems:
        screen.say(
            f"make demo: FAILED - the emulator and the record of the changes differ; differences: {len(problems):,}"
        )
        return 1
    changes = record.effects.total()
    screen.say(
        f"make demo: ok - {len(accounts):,} accounts, {changes:,} changes in {len(journal):,} requests; the "
        "journal and the state of the emulator show each change exactly once; "
        f"{time.monotonic() - started:.1f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
