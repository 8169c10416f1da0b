"""Import the accounts of ``data/accounts.csv``. You can interrupt the import at any time and run it again.

Run ``python examples/import_accounts.py [FILE [LEDGER]]``. Without ``FRONTEGG_BASE_URL``, the program starts its own
emulator. The ledger, by default the file ``import-accounts.sqlite3`` in the current folder, stores the outcome of each
row. A later run continues with the ledger. It looks up accounts whose outcome is unknown, and creates only the
remaining accounts.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from accounts import ACCOUNTS_CSV, Account, read_accounts
from local_emulator import environment_settings

from frontegg_async import AsyncFrontegg, FronteggError
from frontegg_async.bulk import BulkReport
from frontegg_async.errors import LedgerExistsError

LEDGER = Path("import-accounts.sqlite3")


def rows_of(accounts: Iterable[Account]) -> list[Mapping[str, object]]:
    """Convert accounts to rows of a bulk job, with the arguments of ``tenants.create``."""
    return [
        {
            "tenant_id": account.tenant_id,
            "name": account.name,
            "status": account.status,
            "website": account.website,
            "timezone": account.timezone,
            "currency": account.currency,
            "creator_email": account.creator_email,
            "is_reseller": account.is_reseller,
            "parent_tenant_id": account.parent_tenant_id,
            "metadata": account.metadata,
        }
        for account in accounts
    ]


async def import_accounts(frontegg: AsyncFrontegg, accounts: Sequence[Account], ledger: Path) -> BulkReport:
    """Create all accounts, parents before their sub-accounts, or continue an earlier import."""
    try:
        return await frontegg.bulk.create(rows_of(accounts), ledger=ledger)
    except LedgerExistsError:
        # A person who runs the program again wants to continue, even after many failures.
        return await frontegg.bulk.resume(ledger, override="max_failures")


async def main(path: Path = ACCOUNTS_CSV, ledger: Path | None = None) -> None:
    """Import a file and print the result."""
    accounts = read_accounts(path)
    is_ours = not os.environ.get("FRONTEGG_BASE_URL")
    with tempfile.TemporaryDirectory() as directory, environment_settings():
        if ledger is None:
            # Use a temporary ledger for our own emulator, which ends with this program.
            ledger = Path(directory) / LEDGER if is_ours else LEDGER
        async with AsyncFrontegg.from_env() as frontegg:
            try:
                report = await import_accounts(frontegg, accounts, ledger)
            except FronteggError as error:
                sys.exit(f"{error}; run this program again to go on")
        print(report)
    if report.succeeded < report.total:
        sys.exit(1)


if __name__ == "__main__":
    asyncio.run(main(*map(Path, sys.argv[1:])))
