"""Import the accounts of ``data/accounts.csv``; the import can be interrupted at any time and run again.

Run ``python examples/import_accounts.py [FILE]``: without ``FRONTEGG_BASE_URL`` it starts its own emulator. Each
account gets its id from the file and is created by one request. A later run finds the accounts of an interrupted run
by their ids and leaves them unchanged, so it creates only the rest.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from accounts import ACCOUNTS_CSV, Account, in_generations, read_accounts
from demo_rounds import in_parallel
from local_emulator import environment_settings

from frontegg_async import AsyncFrontegg


async def import_account(frontegg: AsyncFrontegg, account: Account) -> bool:
    """Create an account unless it exists; return whether this call created it."""
    _, created = await frontegg.tenants.ensure(
        account.tenant_id,
        name=account.name,
        status=account.status,
        website=account.website,
        timezone=account.timezone,
        currency=account.currency,
        creator_email=account.creator_email,
        is_reseller=account.is_reseller,
        parent_tenant_id=account.parent_tenant_id,
        metadata=account.metadata,
    )
    return created


async def import_accounts(frontegg: AsyncFrontegg, accounts: Sequence[Account]) -> Counter[bool]:
    """Create all accounts that do not exist, parents before their sub-accounts.

    Returns:
        How many were created (``True``) and found (``False``).
    """
    done: Counter[bool] = Counter()

    async def work(account: Account) -> None:
        done[await import_account(frontegg, account)] += 1

    for generation in in_generations(accounts):
        await in_parallel(work, generation, lambda _: None)
    return done


async def main(path: Path = ACCOUNTS_CSV) -> None:
    """Import a file and print the result."""
    accounts = read_accounts(path)
    with environment_settings() as settings:
        async with AsyncFrontegg.from_env(environ=settings) as frontegg:
            done = await import_accounts(frontegg, accounts)
    print(f"{len(accounts):,} accounts: {done[True]:,} created, {done[False]:,} were there")


if __name__ == "__main__":
    asyncio.run(main(*map(Path, sys.argv[1:])))
