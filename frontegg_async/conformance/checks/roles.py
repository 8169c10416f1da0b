"""Checks of roles, permissions and groups."""

from __future__ import annotations

from typing import Final

from frontegg_async.conformance.answer import Answer, at
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.access import permission
from frontegg_async.conformance.checks.shared import (
    NO_ID,
    NO_REQUESTS,
    PEOPLE,
    create_role,
    environment_permissions,
    environment_roles,
    member,
    need,
    need_text,
    own_role,
    role_key,
)
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import Evidence, groups, permissions, users
from frontegg_async.endpoints import roles as operations

TOPIC: Final = Topic("roles and groups")
_check: Final = TOPIC.check


@_check("The roles are an array", Evidence.DOCUMENTED)
async def _array(probe: Probe) -> Difference:
    answer = await environment_roles(probe)
    return answer.unless(answer.status == 200 and isinstance(answer.body, list))


@_check("An environment has roles with the keys Admin and ReadOnly", Evidence.ASSUMED, "default_roles")
async def _default_roles(probe: Probe) -> Difference:
    answer = await environment_roles(probe)
    need(answer, "the roles cannot be listed")
    keys = [at(row, "key") for row in answer.items if at(row, "tenantId") is None]
    return None if "Admin" in keys and "ReadOnly" in keys else "a role is missing, or was renamed or deleted"


@_check("The second version lists roles as a page", Evidence.DOCUMENTED)
async def _page(probe: Probe) -> Difference:
    answer = await probe.ask(operations.LIST, query={"_limit": "2", "_offset": "0", "_sortBy": "key"})
    return answer.unless(isinstance(answer.at("items"), list))


@_check("The permissions are an array of rows with key and roleIds", Evidence.DOCUMENTED)
async def _permissions(probe: Probe) -> Difference:
    answer = await environment_permissions(probe)
    row = answer.at(0)
    return answer.unless(answer.body == [] or (isinstance(row, dict) and {"key", "roleIds"} <= row.keys()))


@_check("The environment has the permissions of the hierarchy, or wildcards that cover them", Evidence.LIVE)
async def _keys(probe: Probe) -> Difference:
    need(await environment_permissions(probe), "the permissions cannot be listed")
    try:
        for verb in ("read", "write", "delete"):
            await permission(probe, f"fe.account-hierarchy.{verb}.subAccount")
    except NotTriedError:
        return "a permission is missing"
    return None


@_check("The categories of permissions are an array", Evidence.DOCUMENTED)
async def _categories(probe: Probe) -> Difference:
    answer = await probe.ask(permissions.CATEGORIES)
    return answer.unless(isinstance(answer.body, list))


@_check(
    "An unknown application in the header frontegg-application-id is ignored", Evidence.ASSUMED, "application_header"
)
async def _application_header(probe: Probe) -> Difference:
    tenant_id = await probe.existing()
    client = probe.client.with_options(headers={"frontegg-application-id": NO_ID})
    other = Probe(client, probe.budget, probe.made)
    answer = await other.ask(operations.LIST, tenant_id=tenant_id)
    return answer.unless(answer.is_done)


@_check("The first version creates roles only from an array", Evidence.LIVE, writes=True)
async def _only_arrays(probe: Probe) -> Difference:
    body = {"key": "conformance", "name": "Conformance", "level": 100}
    answer = await probe.ask(operations.CREATE, body=body, tenant_id=await probe.account(PEOPLE))
    return answer.unless(answer.status == 400)


@_check(
    "The creation of a role answers 201 with an array of roles", Evidence.DOCUMENTED, "role_write_body", writes=True
)
async def _created(probe: Probe) -> Difference:
    tenant_id = await probe.account(PEOPLE)
    answer = await create_role(probe)
    return answer.unless(answer.status == 201 and answer.at(0, "key") == role_key(tenant_id))


@_check("A second role with the same key answers 409", Evidence.ASSUMED, "duplicate_key", writes=True)
async def _duplicate(probe: Probe) -> Difference:
    await own_role(probe)
    tenant_id = await probe.account(PEOPLE)
    body = [{"key": role_key(tenant_id), "name": "Conformance", "level": 100}]
    answer = await probe.ask(operations.CREATE, body=body, tenant_id=tenant_id)
    return answer.unless(answer.status == 409)


@once_a_run
async def _group(probe: Probe) -> Answer:
    """Return the answer to the creation of a group."""
    tenant_id = await probe.account(PEOPLE)
    return await probe.ask(groups.CREATE, body={"name": "conformance"}, tenant_id=tenant_id)


async def _group_id(probe: Probe) -> str:
    answer = need(await _group(probe), "a group could not be made")
    if isinstance(answer.at("id"), str):
        return str(answer.at("id"))
    listed = await probe.ask(groups.LIST_V1, tenant_id=await probe.account(PEOPLE))
    return need_text(listed.at("groups", 0, "id"), "no response contains the id of a new group")


@_check("The creation of a group answers 201 with the group", Evidence.DOCUMENTED, "group_write_body", writes=True)
async def _group_created(probe: Probe) -> Difference:
    answer = await _group(probe)
    return answer.unless(answer.status == 201 and answer.at("name") == "conformance")


@_check("A second group with the same name answers 409", Evidence.ASSUMED, "duplicate_key", writes=True)
async def _group_twice(probe: Probe) -> Difference:
    need(await _group(probe), "a group could not be made")
    answer = await probe.ask(groups.CREATE, body={"name": "conformance"}, tenant_id=await probe.account(PEOPLE))
    return answer.unless(answer.status == 409)


@_check(
    "The first version lists groups in an object, and the second version in a page", Evidence.DOCUMENTED, writes=True
)
async def _group_lists(probe: Probe) -> Difference:
    tenant_id = await probe.account(PEOPLE)
    first = await probe.ask(groups.LIST_V1, tenant_id=tenant_id)
    second = await probe.ask(groups.LIST, tenant_id=tenant_id)
    return first.unless(isinstance(first.at("groups"), list)) or second.unless(isinstance(second.at("items"), list))


@_check("The list of a user's groups has the group's id", Evidence.CLIENT, writes=True)
async def _group_of_user(probe: Probe) -> Difference:
    ann, group_id = await member(probe), await _group_id(probe)
    fields, body = {"group_id": group_id}, {"userIds": [ann.id]}
    need(await probe.ask(groups.ADD_USERS, fields, body=body, tenant_id=ann.tenant_id), "a user could not be added")
    answer = await probe.ask(users.GROUPS, query={"ids": ann.id}, tenant_id=ann.tenant_id)
    if not answer.is_done:
        raise NotTriedError(f"the groups of a user cannot be read: {answer.status}")
    return answer.unless(answer.at(0, "groupIds", 0) == group_id)


for _name, _evidence in (
    ("The second version creates a role from one object", Evidence.DOCUMENTED),
    ("A write of a role's permissions replaces all earlier permissions", Evidence.DOCUMENTED),
    ("A group grants its roles to its users at their next sign-in", Evidence.CLIENT),
):
    TOPIC.untried(_name, _evidence, why=NO_REQUESTS)
