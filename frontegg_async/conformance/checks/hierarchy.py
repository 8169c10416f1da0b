"""Checks of the hierarchy and of sub-accounts. All checks write, except those of refusals."""

from __future__ import annotations

from typing import Final

from frontegg_async.conformance.answer import Answer, Json, at, shape_at
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.shared import PEOPLE, child, sub_accounts_opened
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import Endpoint, Evidence, tenants
from frontegg_async.endpoints import hierarchy as operations
from frontegg_async.endpoints import sub_tenants as sub_accounts

TOPIC: Final = Topic("hierarchy and sub-accounts")
_check: Final = TOPIC.check


async def _assign(probe: Probe, parent_id: str, child_id: str) -> Answer:
    return await probe.ask(operations.ASSIGN, body={"parentTenantId": parent_id, "childTenantId": child_id})


@once_a_run
async def _assigned(probe: Probe) -> Answer:
    """Put ``child``, which may have sub-accounts too, below the account ``people``, and return the answer."""
    return await _assign(probe, await probe.account(PEOPLE), await probe.account("child"))


@once_a_run
async def _family(probe: Probe) -> tuple[str, str, str]:
    """Return three accounts. Each is the only sub-account of the account before.

    Raises:
        NotTriedError: An account could not be put below another.
    """
    first = await _assigned(probe)
    second = await _sub_account(probe)
    if not first.is_done or not second.is_done:
        raise NotTriedError("an account could not be put below another")
    return await probe.account(PEOPLE), await probe.account("child"), probe.new_id("sub")


@once_a_run
async def _read(probe: Probe, operation: Endpoint[object], tenant_id: str) -> Answer:
    """Return the answer to a read of the hierarchy."""
    return await probe.ask(operation, tenant_id=tenant_id)


def _rows(answer: Answer) -> list[Json]:
    """Return the rows of a response, which may be an array or a single row.

    Raises:
        NotTriedError: The response has no rows.
    """
    rows: list[Json] = answer.body if isinstance(answer.body, list) else [answer.body]
    if not answer.is_done or at(rows, 0, "tenantId") is None:
        raise NotTriedError(f"the hierarchy cannot be read: {answer.status}")
    return rows


@_check(
    "An account is put below another with 201", Evidence.ASSUMED, "post_status", "hierarchy_write_body", writes=True
)
async def _assign_status(probe: Probe) -> Difference:
    answer = await _assigned(probe)
    return answer.unless(answer.status == 201)


@_check("An account may be put again below its parent", Evidence.ASSUMED, "assign_again", writes=True)
async def _assign_again(probe: Probe) -> Difference:
    parent_id, child_id, _ = await _family(probe)
    answer = await _assign(probe, parent_id, child_id)
    return answer.unless(answer.is_done)


@_check("An account cannot be put below itself: 400", Evidence.DOCUMENTED, writes=True)
async def _assign_itself(probe: Probe) -> Difference:
    parent_id = await probe.account(PEOPLE)
    answer = await _assign(probe, parent_id, parent_id)
    return answer.unless(answer.status == 400)


@_check("An account that has a parent cannot be put below another: 400", Evidence.DOCUMENTED, writes=True)
async def _assign_elsewhere(probe: Probe) -> Difference:
    _, child_id, _ = await _family(probe)
    answer = await _assign(probe, await probe.account("holder"), child_id)
    return answer.unless(answer.status == 400)


@_check("An unknown parent answers 404", Evidence.ASSUMED, "unknown_parent", writes=True)
async def _unknown_parent(probe: Probe) -> Difference:
    answer = await _assign(probe, probe.nobody, await probe.account("first"))
    return answer.unless(answer.status == 404)


@_check(
    "An assignment is refused if the parent may not have sub-accounts",
    Evidence.ASSUMED,
    "reseller_rule_holds",
    writes=True,
)
async def _no_reseller(probe: Probe) -> Difference:
    answer = await _assign(probe, await probe.account("first"), await probe.account("second"))
    return answer.unless(400 <= answer.status < 500)


@_check("A removal of an account from an account that is not its parent answers 404", Evidence.DOCUMENTED, writes=True)
async def _not_related(probe: Probe) -> Difference:
    body = {"parentTenantId": await probe.account(PEOPLE), "childTenantId": await probe.account("second")}
    answer = await probe.ask(operations.REMOVE, body=body)
    return answer.unless(answer.status == 404)


@_check(
    "The sub-accounts of an account are an array, even if there is only one",
    Evidence.CLIENT,
    "hierarchy_of_one",
    writes=True,
)
async def _array(probe: Probe) -> Difference:
    _, child_id, grandchild_id = await _family(probe)
    answer = await _read(probe, operations.SUB_ACCOUNTS, child_id)
    return answer.unless(answer.at(0, "tenantId") == grandchild_id)


@_check("A direct sub-account has the level 1", Evidence.CLIENT, "hierarchy_level", "tenant_fields", writes=True)
async def _level(probe: Probe) -> Difference:
    _, child_id, _ = await _family(probe)
    (row, *_) = _rows(await _read(probe, operations.SUB_ACCOUNTS, child_id))
    return None if at(row, "level") == 1 else f"level is {shape_at(row, 'level')}"


@_check("Rows of the hierarchy have tenantName", Evidence.CLIENT, "hierarchy_name", "tenant_fields", writes=True)
async def _name(probe: Probe) -> Difference:
    _, child_id, _ = await _family(probe)
    (row, *_) = _rows(await _read(probe, operations.SUB_ACCOUNTS, child_id))
    return None if isinstance(at(row, "tenantName"), str) else f"tenantName is {shape_at(row, 'tenantName')}"


@_check("A tree has its nodes in arrays of children", Evidence.CLIENT, "hierarchy_of_one", writes=True)
async def _tree(probe: Probe) -> Difference:
    parent_id, child_id, grandchild_id = await _family(probe)
    answer = await _read(probe, operations.TREE, parent_id)
    children = answer.at("children")
    if isinstance(children, dict):
        return "a single child is not in an array"
    rows = children if isinstance(children, list) else []
    child = next((each for each in rows if at(each, "tenantId") == child_id), None)
    held = answer.at("tenantId") == parent_id and at(child, "children", 0, "tenantId") == grandchild_id
    return answer.unless(held)


@_check(
    "The accounts above an account are rows with level and tenantName",
    Evidence.CLIENT,
    "hierarchy_level",
    "hierarchy_name",
    "tenant_fields",
    writes=True,
)
async def _parents(probe: Probe) -> Difference:
    parent_id, _, grandchild_id = await _family(probe)
    rows = _rows(await _read(probe, operations.PARENTS, grandchild_id))
    row = next((each for each in rows if at(each, "tenantId") == parent_id), None)
    if row is None:
        return "the account at the top is missing"
    wrong = [
        f"{name} is {shape_at(row, name)}"
        for name, kind in (("level", int), ("tenantName", str))
        if not isinstance(at(row, name), kind)
    ]
    return ", ".join(wrong) or None


@_check("A search finds sub-accounts of all levels", Evidence.CLIENT, "hierarchy_search", writes=True)
async def _search(probe: Probe) -> Difference:
    parent_id, child_id, grandchild_id = await _family(probe)
    answer = await probe.ask(operations.SEARCH, query={"_limit": "50", "_offset": "0"}, tenant_id=parent_id)
    ids = [at(row, "tenantId") for row in answer.items]
    if child_id not in ids:
        return answer.unless(False)
    return None if grandchild_id in ids else "the search finds direct sub-accounts only"


@_check("The counts of sub-accounts have totalSubTenants and isParent", Evidence.CLIENT, writes=True)
async def _numbers(probe: Probe) -> Difference:
    parent_id, child_id, _ = await _family(probe)
    answer = await probe.ask(operations.SUB_ACCOUNT_COUNTS, query={"_tenantIds": child_id}, tenant_id=parent_id)
    row = answer.at(0)
    return answer.unless(isinstance(at(row, "totalSubTenants"), int) and at(row, "isParent") is True)


@_check("The hierarchy of an unknown account answers 404", Evidence.ASSUMED, writes=True)
async def _unknown(probe: Probe) -> Difference:
    answer = await _read(probe, operations.SUB_ACCOUNTS, probe.nobody)
    return answer.unless(answer.status == 404)


@_check("An account has no field with its parent", Evidence.CLIENT, writes=True)
async def _no_parent(probe: Probe) -> Difference:
    _, child_id, _ = await _family(probe)
    answer = await probe.ask(tenants.GET, {"tenant_id": child_id})
    row = answer.body if isinstance(answer.body, dict) else answer.at(0)
    if not isinstance(row, dict):
        raise NotTriedError(f"the account cannot be read: {answer.status}")
    return answer.unless("parentTenantId" not in row)


TOPIC.untried("A tree with a circle answers 400", Evidence.DOCUMENTED, why="the service refuses to make a circle")
TOPIC.untried(
    "The users of sub-accounts are listed, added and removed with a token",
    Evidence.CLIENT,
    why="no source names the permissions that are needed",
)


@once_a_run
async def _sub_account(probe: Probe) -> Answer:
    """Return the answer to the creation of an account below ``child``."""
    parent_id = await probe.account("child")
    body = {"tenantId": probe.new_id("sub"), "name": "Sub", "parentTenantId": parent_id}
    return await probe.ask(sub_accounts.CREATE, body=body)


async def _sub_account_id(probe: Probe) -> dict[str, str]:
    if not (await _sub_account(probe)).is_done:
        raise NotTriedError("a sub-account could not be made")
    return {"tenant_id": probe.new_id("sub")}


@_check(
    "A sub-account is created with 201 and its fields",
    Evidence.DOCUMENTED,
    "sub_tenant_write_body",
    "post_status",
    writes=True,
)
async def _create(probe: Probe) -> Difference:
    answer = await _sub_account(probe)
    return answer.unless(answer.status == 201 and answer.at("tenantId") == probe.new_id("sub"))


@_check(
    "A sub-account of an account that may not have sub-accounts is refused: 400",
    Evidence.ASSUMED,
    "reseller_rule",
    writes=True,
)
async def _reseller(probe: Probe) -> Difference:
    parent_id = await probe.account("first")
    body = {"tenantId": probe.new_id("refused-sub"), "name": "Refused", "parentTenantId": parent_id}
    answer = await probe.ask(sub_accounts.CREATE, body=body)
    probe.unmade("refused-sub", answer)
    return answer.unless(answer.status == 400)


@_check(
    "A create with a parent that may not have sub-accounts answers 400, too",
    Evidence.ASSUMED,
    "reseller_rule",
    "reseller_rule_holds",
    writes=True,
)
async def _reseller_of_create(probe: Probe) -> Difference:
    body = {"tenantId": probe.new_id("refused"), "name": "Refused", "parentTenantId": await probe.account("first")}
    answer = await probe.ask(tenants.CREATE, body=body)
    probe.unmade("refused", answer)
    return answer.unless(answer.status == 400)


@_check("A sub-account can be renamed", Evidence.CLIENT, writes=True)
async def _rename(probe: Probe) -> Difference:
    answer = await probe.ask(sub_accounts.RENAME, await _sub_account_id(probe), body={"name": "Renamed"})
    return answer.unless(answer.is_done)


@_check("The permission to have sub-accounts can be removed and given", Evidence.DOCUMENTED, writes=True)
async def _management(probe: Probe) -> Difference:
    fields = await _sub_account_id(probe)
    taken = await probe.ask(sub_accounts.SET_MANAGEMENT, fields, body={"isReseller": False})
    given = await _given(probe)
    return taken.unless(taken.is_done) or given.unless(given.is_done)


@once_a_run
async def _given(probe: Probe) -> Answer:
    """Allow ``sub`` to have sub-accounts, and return the answer."""
    fields = await _sub_account_id(probe)
    return await probe.ask(sub_accounts.SET_MANAGEMENT, fields, body={"isReseller": True})


@_check("An account cannot be put below its own sub-account: 400", Evidence.DOCUMENTED, writes=True)
async def _circle(probe: Probe) -> Difference:
    parent_id, _, grandchild_id = await _family(probe)
    if not (await _given(probe)).is_done:
        raise NotTriedError("a sub-account could not be allowed to have sub-accounts")
    answer = await _assign(probe, grandchild_id, parent_id)
    return answer.unless(answer.status == 400)


@_check("The access to sub-accounts is defaultOff, defaultOn or alwaysOn", Evidence.DOCUMENTED, writes=True)
async def _settings(probe: Probe) -> Difference:
    answer = await sub_accounts_opened(probe)
    return answer.unless(answer.is_done)


@_check("A delete of an unknown sub-account answers 404", Evidence.DOCUMENTED, writes=True)
async def _delete_unknown(probe: Probe) -> Difference:
    answer = await probe.ask(sub_accounts.DELETE, {"tenant_id": probe.nobody})
    return answer.unless(answer.status == 404)


# The last two, since they undo the family's hierarchy.
@once_a_run
async def _orphaned(probe: Probe) -> Answer:
    """Delete the account between ``sub`` and ``people``, and return the accounts above ``sub``."""
    _, child_id, grandchild_id = await _family(probe)
    deleted = await probe.ask(tenants.DELETE, {"tenant_id": child_id})
    if not deleted.is_done:
        raise NotTriedError("an account could not be deleted")
    return await probe.ask(operations.PARENTS, tenant_id=grandchild_id)


async def _above(probe: Probe) -> list[Json]:
    answer = await _orphaned(probe)
    return [at(row, "tenantId") for row in (answer.body if isinstance(answer.body, list) else [answer.body])]


@_check("The sub-accounts of a deleted account move to its parent", Evidence.DOCUMENTED, writes=True)
async def _re_parented(probe: Probe) -> Difference:
    (parent_id, child_id, _), ids = await _family(probe), await _above(probe)
    return (await _orphaned(probe)).unless(parent_id in ids and child_id not in ids)


@_check("A removal is a DELETE with both ids in its body", Evidence.CLIENT, writes=True)
async def _remove(probe: Probe) -> Difference:
    parent_id, _, grandchild_id = await _family(probe)
    if parent_id not in await _above(probe):
        raise NotTriedError("the account is not below another")
    body = {"parentTenantId": parent_id, "childTenantId": grandchild_id}
    answer = await probe.ask(operations.REMOVE, body=body)
    return answer.unless(answer.is_done)


@_check("A sub-account may be created with the id of a deleted account", Evidence.DOCUMENTED, writes=True)
async def _created_again(probe: Probe) -> Difference:
    await _orphaned(probe)
    answer = await child(probe)
    return answer.unless(answer.is_done)
