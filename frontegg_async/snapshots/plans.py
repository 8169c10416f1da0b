"""The feature plans of accounts by their names, with one request for the assignments of all accounts."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import msgspec

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async.endpoints import entitlements
from frontegg_async.errors import DecodeError, ErrorDetails
from frontegg_async.options import Options
from frontegg_async.resources.plans import AsyncPlans
from frontegg_async.snapshots.assigned import Assigned, IdsByAccount, assign, by_names


class _Assignment(msgspec.Struct, array_like=True, gc=False):
    """An assignment of a plan: of a user if there is one, and until a date if there is one."""

    plan_id: str
    tenant_id: str
    user_id: str | None = None
    expires_at: Any = None


class _Data(msgspec.Struct):
    entitlements: list[_Assignment]


class _Snapshot(msgspec.Struct):
    data: _Data


_read: Final = msgspec.json.Decoder(_Snapshot).decode


async def read_plans(caller: Caller, options: Options | None) -> Assigned:
    """Read the feature plans of an environment, and the accounts that have each without end.

    Assignments of users and those that end are left out. So are those of a plan that is made or deleted meanwhile.

    Args:
        caller: Makes the requests.
        options: How they are made.

    Raises:
        DecodeError: The service returned something else than assignments.
        FronteggError: Any other failure of a request.
    """
    body = await caller.value(entitlements.SNAPSHOT, options=options)
    plans = await AsyncPlans(caller).list(options=options).all()
    names = {each.id: each.name for each in plans}
    return by_names(names.items(), await run_in_thread(_assigned, body, frozenset(names)))


def _assigned(body: bytes, plan_ids: frozenset[str]) -> IdsByAccount:
    """Return the ids of the plans that each account has without end.

    Raises:
        DecodeError: The body is none of assignments.
    """
    try:
        found = _read(body).data.entitlements
    except (msgspec.MsgspecError, ValueError, RecursionError):
        place = "$.data.entitlements: expected arrays of the ids of a plan and of a tenant"
        details = ErrorDetails(endpoint=entitlements.SNAPSHOT.name, reason="decode", paths=(place,))
        raise DecodeError(f"{entitlements.SNAPSHOT.name}: {place}", details) from None
    accounts = defaultdict[str, list[str]](list)
    for each in found:
        if each.user_id is None and each.expires_at is None:
            accounts[each.plan_id].append(each.tenant_id)
    assigned: IdsByAccount = {}
    for plan_id in sorted(accounts.keys() & plan_ids):
        assign(assigned, plan_id, accounts[plan_id])
    return assigned
