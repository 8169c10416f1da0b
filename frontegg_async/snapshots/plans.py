"""The look-up of the feature plans of all accounts, with one request for all assignments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async.managed.assigned_plans import AssignedPlan, read_assigned_plans
from frontegg_async.options import Options
from frontegg_async.resources.plans import AsyncPlans
from frontegg_async.snapshots.assigned import Assigned, IdsByAccount, assign, by_names


async def read_plans(caller: Caller, options: Options | None) -> Assigned:
    """Request the feature plans of an environment, and the accounts that have each plan without an end.

    Three kinds of assignments are left out: assignments to users, assignments with an end, and assignments of plans
    that are created or deleted meanwhile.

    Args:
        caller: The object that sends the requests.
        options: The options of each request.

    Raises:
        DecodeError: The response does not contain assignments.
        FronteggError: A request failed.
    """
    found = await read_assigned_plans(caller, options)
    plans = await AsyncPlans(caller).list(options=options).all()
    names = {each.id: each.name for each in plans}
    return by_names(names.items(), *await run_in_thread(_assigned, found, frozenset(names)))


def _assigned(
    found: Iterable[AssignedPlan], plan_ids: frozenset[str]
) -> tuple[IdsByAccount, Mapping[tuple[str, str], str]]:
    """Return the ids of the plans that each account has without an end, and the ends of other assignments."""
    accounts = defaultdict[str, list[str]](list)
    ends: dict[tuple[str, str], str] = {}
    for each in found:
        if each.user_id is not None:
            continue
        if each.expires_at is None:
            accounts[each.plan_id].append(each.tenant_id)
        else:
            place = each.tenant_id, each.plan_id
            ends[place] = max(ends.get(place, ""), str(each.expires_at))
    assigned: IdsByAccount = {}
    for plan_id in sorted(accounts.keys() & plan_ids):
        assign(assigned, plan_id, accounts[plan_id])
    return assigned, ends
