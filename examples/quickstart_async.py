"""A tour of the async client: ``python examples/quickstart_async.py``.

It starts its own emulator, unless ``FRONTEGG_BASE_URL``, ``FRONTEGG_CLIENT_ID`` and ``FRONTEGG_SECRET_KEY`` name
an environment. It deletes everything that it creates.
"""

from __future__ import annotations

import asyncio

from accounts import Account, read_accounts
from local_emulator import environment_settings

from frontegg_async import AsyncFrontegg, ConflictError, NotFoundError, Tenant


async def tour(frontegg: AsyncFrontegg, accounts: list[Account]) -> list[str]:
    """Create some accounts, read, change and delete them; return the ids that were created."""

    async def create(account: Account) -> Tenant:
        return await frontegg.tenants.create(
            name=account.name,  # without a tenant_id the client generates one
            website=account.website,
            timezone=account.timezone,
            currency=account.currency,
            status=account.status,
            metadata=account.metadata,
        )

    # Calls run concurrently, and share connections and one token.
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(create(account)) for account in accounts]
    tenants = [task.result() for task in tasks]
    ids = [tenant.tenant_id for tenant in tenants]
    one = ids[0]
    print(f"created {len(tenants)} tenants, the first is {tenants[0].name}")

    try:
        # A listing is lazy and reads one page after another. This listing has only these ids, sorted by name.
        async for tenant in frontegg.tenants.list(tenant_ids=ids, sort_by="name"):
            print(f"  {tenant.name:40} {tenant.timezone or '':20} {tenant.metadata}")

        merged = await frontegg.tenants.add_metadata(one, {"sla": "gold"})
        print(f"merged:   {merged.metadata}")
        replaced = await frontegg.tenants.update(one, status="active", metadata={"plan": "enterprise"})
        print(f"replaced: {replaced.metadata}")

        await frontegg.tenants.lock(ids[:3])
        await frontegg.tenants.unlock(ids[:2])
        print(f"locked:   {(await frontegg.tenants.get(ids[2])).name}")

        try:
            await frontegg.tenants.create(tenant_id=one, name="Once more")
        except ConflictError as error:
            print(f"refused:  {error.status} {error.messages}")
    finally:
        for tenant_id in ids:
            await frontegg.tenants.delete(tenant_id)
    try:
        await frontegg.tenants.get(one)
    except NotFoundError:
        print(f"deleted {len(ids)} tenants")
    return ids


async def main() -> None:
    """Run the tour."""
    with environment_settings():
        async with AsyncFrontegg.from_env() as frontegg:
            print(await frontegg.check())
            await tour(frontegg, read_accounts()[:12])


if __name__ == "__main__":
    asyncio.run(main())
