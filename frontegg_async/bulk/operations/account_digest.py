"""The digest of all data that a deletion removes or changes.

A plan stores the digest. The job compares the digest before it deletes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._formats.json_text import sorted_json
from frontegg_async._values.records import columns_of, record_of
from frontegg_async.bulk.operations.reads import read_parent
from frontegg_async.endpoints import users
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.hierarchy import AsyncHierarchy

_COLUMNS: Final = tuple(name for name in columns_of(Tenant) if name not in {"updated_at", "extra"})
_CHUNK: Final = 100
_COUNT: Final = (("_limit", "1"), ("_includeSubTenants", "false"))


async def account_digests(
    caller: Caller,
    tenants: Sequence[Tenant],
    *,
    ignoring: Collection[str] = frozenset(),
    leaving: Mapping[str, int] = MappingProxyType({}),
) -> list[str]:
    """Return a digest of each tenant, from its fields, its parent, its direct children and the number of its users.

    The function sends only GET requests, up to three for each tenant. ``updated_at`` and unknown fields are ignored.

    Args:
        caller: Sends the requests.
        tenants: The tenants, as returned by a listing.
        ignoring: Ids of tenants that are deleted earlier. If such a tenant is also in ``tenants``, its children move to
            its parent.
        leaving: The number of users of each tenant that are removed before the tenant is deleted.

    Raises:
        FronteggError: A request failed.
    """
    below: dict[str, Sequence[str]] = {}
    parts: list[tuple[str | None, int]] = []
    for start in range(0, len(tenants), _CHUNK):
        chunk = tenants[start : start + _CHUNK]
        children = await gather(lambda tenant: _directly_below(caller, tenant), chunk)
        below.update(zip((tenant.tenant_id for tenant in chunk), children, strict=True))
        parts += await gather(lambda tenant: _parent_and_users(caller, tenant.tenant_id), chunk)
    digests: list[str] = []
    for tenant, (parent, count) in zip(tenants, parts, strict=True):
        staying = sorted(left_below(tenant.tenant_id, below, ignoring))
        digests.append(_digest(tenant, parent, count - leaving.get(tenant.tenant_id, 0), staying))
    return digests


async def _directly_below(caller: Caller, tenant: Tenant) -> Sequence[str]:
    if tenant.is_reseller is False:
        return ()
    found = await AsyncHierarchy(caller).list_sub_accounts(tenant.tenant_id)
    return [each.tenant_id for each in found if each.level in {None, 1}]


async def _parent_and_users(caller: Caller, tenant_id: str) -> tuple[str | None, int]:
    parent = await read_parent(caller, tenant_id)
    return parent or None, await count_users(caller, tenant_id)


async def count_users(caller: Caller, tenant_id: str) -> int:
    """Return the number of users of a tenant, with one GET request; 1 if the service shows users but no total.

    Args:
        caller: Sends the request.
        tenant_id: The id of the tenant.

    Raises:
        FronteggError: The request failed.
    """
    page = await caller.for_tenant(tenant_id).value(users.LIST, query=_COUNT)
    return max(page.total or 0, len(page.items))


def left_below(tenant_id: str, below: Mapping[str, Sequence[str]], ignoring: Collection[str]) -> Iterator[str]:
    """Yield the direct children of a tenant after other tenants are deleted.

    Args:
        tenant_id: The tenant.
        below: For each tenant to delete, the tenants directly below it.
        ignoring: The tenants that are deleted earlier. If such a tenant is also in ``below``, its children move up.
    """
    pending, seen = [tenant_id], {tenant_id}
    while pending:
        for each in below.get(pending.pop(), ()):
            if each not in ignoring:
                yield each
            elif each not in seen:
                seen.add(each)
                pending.append(each)


def _digest(tenant: Tenant, parent: str | None, users_of_it: int, below: Sequence[str]) -> str:
    whole = [record_of(tenant, _COLUMNS), parent, users_of_it, below]
    return hashlib.sha256(sorted_json(whole)).hexdigest()
