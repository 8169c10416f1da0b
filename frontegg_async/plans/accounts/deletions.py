"""Read the state that an account must still have when it is deleted."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async.bulk.operations.account_digest import account_digests
from frontegg_async.bulk.operations.reads import read_tenants
from frontegg_async.plans.accounts.changes import AccountChanges
from frontegg_async.plans.objects.readable import UNREADABLE, unreadable


@attrs.frozen(eq=False)
class Deletion:
    """The state that an account must still have when it is deleted."""

    digest: str
    """One digest of the fields of the account, of its children, and of the number of its users."""
    created_at: float | None
    """When the account was created, in seconds since the epoch."""
    left: int
    """The number of direct children that are not deleted and get the parent of the account as their new parent."""


async def read_deletions(
    caller: Caller, accounts: Mapping[str, AccountChanges], children: Mapping[str, list[str]]
) -> Mapping[str, Deletion]:
    """Return the state that each account to delete must still have, by account id.

    If the credential may not read this state, no account is deleted.

    Args:
        caller: Sends the requests.
        accounts: The changes of accounts, by id.
        children: The ids of the direct children of each account.

    Raises:
        FronteggError: A request failed.
    """
    deleted = [each.tenant_id for each in accounts.values() if each.is_deleted]
    found = await read_tenants(caller, deleted)
    # When an account is deleted, these children of the account are already deleted or moved.
    leaving = {each.tenant_id for each in accounts.values() if each.is_deleted or each.parent is not None}
    tenants = [*found.values()]
    try:
        people = {each: sum(change.is_deleted for change in accounts[each].objects) for each in deleted}
        digests = await account_digests(caller, tenants, ignoring=leaving, leaving=people)
    except UNREADABLE as error:
        # Delete no account, since a deletion may be right only together with the other deletions.
        for each in deleted:
            accounts[each].reason_to_stay = unreadable(error)
        return {}
    created = [None if each.created_at is None else each.created_at.timestamp() for each in tenants]
    return {
        tenant.tenant_id: Deletion(digest, created_at, len(set(children.get(tenant.tenant_id, ())) - leaving))
        for tenant, digest, created_at in zip(tenants, digests, created, strict=True)
    }
