"""A tour of the blocking client: ``python examples/quickstart_sync.py``.

It starts its own emulator, unless ``FRONTEGG_BASE_URL``, ``FRONTEGG_CLIENT_ID`` and ``FRONTEGG_SECRET_KEY`` name
an environment. It deletes everything that it creates.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from accounts import Account, read_accounts
from local_emulator import environment_settings

from frontegg_sync import ConflictError, Frontegg, NotFoundError, Tenant


def tour(frontegg: Frontegg, accounts: list[Account]) -> list[str]:
    """Create some accounts, read, change and delete them; return the ids that were created."""

    def create(account: Account) -> Tenant:
        return frontegg.tenants.create(
            name=account.name,  # without a tenant_id the client generates one
            website=account.website,
            timezone=account.timezone,
            currency=account.currency,
            status=account.status,
            metadata=account.metadata,
        )

    # One client serves all threads. They share connections and one token.
    with ThreadPoolExecutor(4) as threads:
        tenants = list(threads.map(create, accounts))
    ids = [tenant.tenant_id for tenant in tenants]
    one = ids[0]
    print(f"created {len(tenants)} tenants, the first is {tenants[0].name}")

    try:
        # A listing is lazy and reads one page after another. This listing has only these ids, sorted by name.
        for tenant in frontegg.tenants.list(tenant_ids=ids, sort_by="name"):
            print(f"  {tenant.name:40} {tenant.timezone or '':20} {tenant.metadata}")

        merged = frontegg.tenants.add_metadata(one, {"sla": "gold"})
        print(f"merged:   {merged.metadata}")
        replaced = frontegg.tenants.update(one, status="active", metadata={"plan": "enterprise"})
        print(f"replaced: {replaced.metadata}")

        frontegg.tenants.lock(ids[:3])
        frontegg.tenants.unlock(ids[:2])
        print(f"locked:   {frontegg.tenants.get(ids[2]).name}")

        try:
            frontegg.tenants.create(tenant_id=one, name="Once more")
        except ConflictError as error:
            print(f"refused:  {error.status} {error.messages}")
    finally:
        for tenant_id in ids:
            frontegg.tenants.delete(tenant_id)
    try:
        frontegg.tenants.get(one)
    except NotFoundError:
        print(f"deleted {len(ids)} tenants")
    return ids


def main() -> None:
    """Run the tour."""
    with environment_settings(), Frontegg.from_env() as frontegg:
        print(frontegg.check())
        tour(frontegg, read_accounts()[:8])


if __name__ == "__main__":
    main()
