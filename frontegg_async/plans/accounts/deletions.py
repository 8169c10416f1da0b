"""The state that the deletion of an account expects."""

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
    """The state that a write that deletes an account expects."""

    digest: str
    """The digest of the account, its children and the number of its users."""
    created_at: float | None
    """When the account was created, in seconds of the epoch."""
    left: int
    """The number of accounts directly below it that stay, and come under its parent."""


async def read_deletions(
    caller: Caller, accounts: Mapping[str, AccountChanges], children: Mapping[str, list[str]]
) -> Mapping[str, Deletion]:
    """Return what the deletion of each account that is to be deleted expects to find, by the id of the account.

    If the credential may not read that, all these accounts stay.

    Args:
        caller: Makes the requests.
        accounts: The changes of accounts, by id.
        children: The ids of the accounts directly below each account.

    Raises:
        FronteggError: A request failed.
    """
    deleted = [each.tenant_id for each in accounts.values() if each.is_deleted]
    found = await read_tenants(caller, deleted)
    # A child that the plan deletes or moves away is gone when its parent is deleted.
    leaving = {each.tenant_id for each in accounts.values() if each.is_deleted or each.parent is not None}
    tenants = [*found.values()]
    try:
        people = {each: sum(change.is_deleted for change in accounts[each].objects) for each in deleted}
        digests = await account_digests(caller, tenants, ignoring=leaving, leaving=people)
    except UNREADABLE as error:
        # A deletion may be right only together with others.
        for each in deleted:
            accounts[each].reason_to_stay = unreadable(error)
        return {}
    created = [None if each.created_at is None else each.created_at.timestamp() for each in tenants]
    return {
        tenant.tenant_id: Deletion(digest, created_at, len(set(children.get(tenant.tenant_id, ())) - leaving))
        for tenant, digest, created_at in zip(tenants, digests, created, strict=True)
    }
