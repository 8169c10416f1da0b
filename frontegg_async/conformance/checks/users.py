"""Checks of users: listings, invitations without e-mail, roles in tenants, and removal."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from frontegg_async.conformance.answer import Answer, Json, at, shape_of
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.shared import (
    NO_ID,
    PEOPLE,
    Member,
    add_to_account,
    environment_roles,
    invitation,
    invite,
    link,
    member,
    need,
    need_text,
    own_role,
)
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.conformance.question import Found, Value
from frontegg_async.endpoints import Evidence, invitations, me, tenants
from frontegg_async.endpoints import users as operations

TOPIC: Final = Topic("users")
_check: Final = TOPIC.check


async def _a_user(probe: Probe) -> str:
    """Return the id of a user: a user of the kit with ``--write``, and otherwise any user."""
    if probe.made is not None:
        return (await member(probe)).id
    return need_text(
        at((await _two_users(probe)).items, 0, "id"), "no user could be listed: with --write, the kit makes a user"
    )


@once_a_run
async def _two_users(probe: Probe) -> Answer:
    return await probe.ask(operations.LIST, query={"_limit": "2"})


@_check("Users in a listing have no roles in tenants", Evidence.LIVE, "user_list_roles")
async def _list_roles(probe: Probe) -> Difference:
    user_id = await _a_user(probe)
    answer = await probe.ask(operations.LIST, query={"ids": user_id})
    membership = at(answer.items, 0, "tenants", 0)
    if not isinstance(membership, dict):
        raise NotTriedError(f"the user is listed without its tenants: {answer.status}")
    return answer.unless("roles" not in membership)


@_check("The metadata of a user are JSON text", Evidence.DOCUMENTED)
async def _metadata(probe: Probe) -> Difference:
    answer = await _got(probe)
    return answer.unless(answer.is_done and isinstance(answer.at("metadata"), str | None))


@once_a_run
async def _got(probe: Probe) -> Answer:
    """Return the answer to a get of a user."""
    return await probe.ask(operations.GET, {"user_id": await _a_user(probe)})


@_check("A get of a user has the user's roles in each tenant", Evidence.LIVE)
async def _own_roles(probe: Probe) -> Difference:
    answer = await _got(probe)
    return answer.unless(isinstance(answer.at("tenants", 0, "roles"), list))


@_check("A get of a user by an unknown id answers 404", Evidence.DOCUMENTED)
async def _unknown(probe: Probe) -> Difference:
    answer = await probe.ask(operations.GET, {"user_id": NO_ID})
    return answer.unless(answer.status == 404)


@_check("A get of a user by an unknown address answers 404", Evidence.DOCUMENTED)
async def _unknown_email(probe: Probe) -> Difference:
    answer = await probe.ask(operations.GET_BY_EMAIL, query={"email": f"{NO_ID}@conformance.invalid"})
    return answer.unless(answer.status == 404)


@_check("The roles of a user in a tenant to which the user does not belong are an empty array", Evidence.LIVE)
async def _roles_elsewhere(probe: Probe) -> Difference:
    answer = await probe.ask(operations.ROLES, query={"ids": NO_ID}, tenant_id=await probe.existing())
    return answer.unless(answer.status == 200 and answer.body == [])


@_check("The statuses of users in their tenants have userId and tenantsStatuses", Evidence.DOCUMENTED)
async def _statuses(probe: Probe) -> Difference:
    answer = await probe.ask(operations.STATUSES, query={"userIds": await _a_user(probe)})
    return answer.unless(isinstance(answer.at(0, "tenantsStatuses"), list))


@_check("The tenants of a user have all their fields", Evidence.CLIENT, "user_tenants", "tenant_fields")
async def _whole_tenants(probe: Probe) -> Difference:
    answer = await probe.ask(me.TENANTS, user_id=await _a_user(probe))
    row = answer.at(0)
    if not isinstance(row, dict):
        raise NotTriedError(f"no tenant of the user could be read: {answer.status}")
    if "createdAt" not in row:
        return answer.unless(holds=False)
    return None if isinstance(row["createdAt"], str) else f"createdAt is {shape_of(row['createdAt'])}"


@_check("Users may invite others to their tenants", Evidence.ASSUMED, "tenant_invitations")
async def _may_invite(probe: Probe) -> Difference:
    answer = await probe.ask(invitations.CONFIGURATION)
    return None if answer.at("tenantInvitationsAllowed") is True else "the environment does not allow it"


@_check("The invitations of the environment are an array", Evidence.DOCUMENTED)
async def _invitations(probe: Probe) -> Difference:
    probe.leave_to_reads()
    answer = await probe.ask(invitations.LIST)
    return answer.unless(isinstance(answer.body, list))


@_check("The token of an unknown invitation answers 404", Evidence.ASSUMED, "invalid_invitation", writes=True)
async def _invalid_invitation(probe: Probe) -> Difference:
    answer = await probe.ask(invitations.VERIFY, body={"token": NO_ID})
    return answer.unless(answer.status == 404)


@_check(
    "The creation of an invitation link, which sends no e-mail, answers 201 with its token",
    Evidence.DOCUMENTED,
    "invitation_write_body",
    writes=True,
)
async def _link(probe: Probe) -> Difference:
    answer = await link(probe)
    return answer.unless(answer.status == 201 and isinstance(answer.at("token"), str))


@_check(
    "An invitation without an e-mail answers 201 with the user",
    Evidence.DOCUMENTED,
    "user_write_body",
    writes=True,
)
async def _invited(probe: Probe) -> Difference:
    email, _, answer = await invitation(probe)
    if answer.status == 403 and answer.at("errorCode") == "ER-00008":
        raise NotTriedError("the environment has no default application")
    return answer.unless(answer.status == 201 and answer.at("email") == email)


# This must run before the user signs in.
@TOPIC.ask(
    "What does a second invitation answer before the user has signed in?",
    Evidence.ASSUMED,
    "invite_pending",
    {409: "409, as for a member.", 201: "201: the user is invited again."},
    writes=True,
)
async def _invited_twice(probe: Probe) -> Value | Found:
    ann = await member(probe)
    answer = await invite(probe, ann.tenant_id, ann.email, ann.password)
    return answer.status if answer.status in (409, 201) else Found(None, f"{answer.shape}.")


@_check(
    "A new user without given roles has the environment's roles for new users",
    Evidence.ASSUMED,
    "roles_of_new_users",
    writes=True,
)
async def _first_roles(probe: Probe) -> Difference:
    rows = (await environment_roles(probe)).items
    for_all = [at(row, "id") for row in rows if at(row, "isDefault") or at(row, "firstUserRole")]
    if not for_all:
        raise NotTriedError("no role of the environment is for new users")
    ann = await member(probe)
    roles_of_ann = (await _got(probe)).at("tenants", 0, "roles")
    if isinstance(roles_of_ann, list):
        held: list[Json] = [at(row, "id") for row in roles_of_ann]
    else:
        held = _role_ids(await probe.ask(operations.ROLES, query={"ids": ann.id}, tenant_id=ann.tenant_id))
    return None if any(each in for_all for each in held) else "the user has none of these roles"


def _role_ids(answer: Answer) -> list[Json]:
    held = answer.at(0, "roleIds")
    return held if isinstance(held, list) else []


@_check("The assignment of an unknown role answers 400", Evidence.ASSUMED, "unknown_role", writes=True)
async def _unknown_role(probe: Probe) -> Difference:
    ann = await member(probe)
    fields = {"user_id": ann.id}
    answer = await probe.ask(operations.ASSIGN_ROLES, fields, body={"roleIds": [NO_ID]}, tenant_id=ann.tenant_id)
    return answer.unless(answer.status == 400)


@_check("A DELETE with a body removes roles from a user", Evidence.DOCUMENTED, writes=True)
async def _unassigned(probe: Probe) -> Difference:
    ann, role_id = await member(probe), await own_role(probe)
    fields, body = {"user_id": ann.id}, {"roleIds": [role_id]}
    assigned = await probe.ask(operations.ASSIGN_ROLES, fields, body=body, tenant_id=ann.tenant_id)
    need(assigned, "the role could not be assigned")
    need(
        await probe.ask(operations.UNASSIGN_ROLES, fields, body=body, tenant_id=ann.tenant_id),
        "the role could not be removed",
    )
    answer = await probe.ask(operations.ROLES, query={"ids": ann.id}, tenant_id=ann.tenant_id)
    return None if answer.is_done and role_id not in _role_ids(answer) else "the user still has the role"


@_check(
    "A change of roles in tenants is complete when the response arrives", Evidence.ASSUMED, "bulk_roles", writes=True
)
async def _bulk_roles(probe: Probe) -> Difference:
    ann, role_id = await member(probe), await own_role(probe)
    body = {"addRoleIds": [role_id], "tenantIds": [ann.tenant_id]}
    answer = need(await probe.ask(operations.CHANGE_ROLES, {"user_id": ann.id}, body=body), "the change is refused")
    if answer.is_empty:
        raise NotTriedError("the answer is empty")
    return answer.unless("affectedTenants" in (answer.body if isinstance(answer.body, dict) else {}))


@_check("A change to another user's e-mail address answers 409", Evidence.ASSUMED, "taken_email", writes=True)
async def _taken(probe: Probe) -> Difference:
    ann, bob = await member(probe), await member(probe, "bob")
    answer = await probe.ask(operations.SET_EMAIL, {"user_id": bob.id}, body={"email": ann.email})
    return answer.unless(answer.status == 409)


@_check("With validateTenantExist, an unknown active tenant answers 404", Evidence.DOCUMENTED, writes=True)
async def _validated(probe: Probe) -> Difference:
    ann = await member(probe)
    body = {"tenantId": probe.new_id("nowhere"), "validateTenantExist": True}
    answer = await probe.ask(operations.SET_ACTIVE_TENANT, {"user_id": ann.id}, body=body)
    probe.unmade("nowhere", answer)
    return answer.unless(answer.status == 404)


@once_a_run
async def _in_two_tenants(probe: Probe) -> tuple[Member, str]:
    """Return a user of two accounts, and the id of the second account."""
    bob, tenant_id = await member(probe, "bob"), await probe.account("second")
    need(await add_to_account(probe, bob, "second"), "the user could not be added to a second account")
    probe.note_row(operations.REMOVE, {"user_id": bob.id}, tenant_id)
    return bob, tenant_id


@_check("A user who is in a tenant cannot be added again: 409", Evidence.CLIENT, writes=True)
async def _added_twice(probe: Probe) -> Difference:
    bob, _ = await _in_two_tenants(probe)
    answer = await add_to_account(probe, bob, "second")
    return answer.unless(answer.status == 409)


@_check("A removal with the tenant header keeps the user in other tenants", Evidence.DOCUMENTED, writes=True)
async def _removed_from_one(probe: Probe) -> Difference:
    bob, tenant_id = await _in_two_tenants(probe)
    removed = await probe.ask(operations.REMOVE, {"user_id": bob.id}, tenant_id=tenant_id)
    need(removed, "the user could not be removed")
    answer = await _bob_at_last(probe)
    held = answer.at("tenantIds")
    return answer.unless(isinstance(held, list) and bob.tenant_id in held and tenant_id not in held)


@once_a_run
async def _replaced_bob(probe: Probe) -> Answer:
    """Replace a user who has metadata, and return the answer."""
    bob = await member(probe, "bob")
    body = {"name": "Conformance", "metadata": '{"conformance": true}'}
    changed = await probe.ask(operations.UPDATE, body=body, tenant_id=bob.tenant_id, user_id=bob.id)
    need(changed, "the user could not be changed")
    return await probe.ask(operations.REPLACE, {"user_id": bob.id}, body={"name": "Conformance kit"})


@once_a_run
async def _bob_at_last(probe: Probe) -> Answer:
    """Return the user after all changes."""
    with suppress(NotTriedError):  # the check that needs the user reports the failure
        await _replaced_bob(probe)
    return await probe.ask(operations.GET, {"user_id": (await member(probe, "bob")).id})


@_check("A replacement of a user clears the fields that it omits", Evidence.DOCUMENTED, writes=True)
async def _replaced(probe: Probe) -> Difference:
    need(await _replaced_bob(probe), "the user could not be replaced")
    answer = need(await _bob_at_last(probe), "the user cannot be read")
    return None if "conformance" not in str(answer.at("metadata")) else "the user keeps the metadata"


@_check("The users of the environment are a page with items and _metadata", Evidence.DOCUMENTED, "total_items")
async def _page(probe: Probe) -> Difference:
    answer = await _users(probe, "0")
    return answer.unless(isinstance(answer.at("items"), list) and isinstance(answer.at("_metadata"), dict))


@once_a_run
async def _users(probe: Probe, offset: str) -> Answer:
    """Return a page of two users. With ``--write`` the kit makes at least three users first."""
    for name, account in (("ann", PEOPLE), ("bob", PEOPLE), ("eve", "left")) if probe.made is not None else ():
        with suppress(NotTriedError):  # the check that needs the user reports the failure
            await member(probe, name, account)
    return await probe.ask(operations.LIST, query={"_limit": "2", "_offset": offset, "_sortBy": "createdAt"})


@_check("The _offset of users is the number of a page, from 0", Evidence.CLIENT, "offset")
async def _offset(probe: Probe) -> Difference:
    first, second = await _users(probe, "0"), await _users(probe, "1")
    if len(first.items) < 2 or not second.items:
        raise NotTriedError("there are fewer than three users")
    rows = {str(at(row, "id")) for row in first.items}
    again = any(str(at(row, "id")) in rows for row in second.items)
    return "the second page has a row of the first page: _offset is the number of a row" if again else None


@_check(
    "A user whose only tenant was deleted is deleted",
    Evidence.ASSUMED,
    "users_of_deleted_tenants",
    writes=True,
)
async def _left_behind(probe: Probe) -> Difference:
    eve = await member(probe, "eve", "left")
    need(await probe.ask(tenants.DELETE, {"tenant_id": eve.tenant_id}), "the account could not be deleted")
    probe.unmade("left")
    answer = await probe.ask(operations.GET, {"user_id": eve.id})
    if answer.is_done:
        # The user is in no tenant, so the request has no tenant header. It removes only the kit's own user.
        await probe.ask(operations.REMOVE, {"user_id": eve.id})
    return answer.unless(answer.status == 404)


@_check("The sessions of a user are an array", Evidence.LIVE, writes=True)
async def _sessions(probe: Probe) -> Difference:
    ann = await member(probe)
    answer = await probe.ask(operations.SESSIONS, tenant_id=ann.tenant_id, user_id=ann.id)
    return answer.unless(isinstance(answer.body, list))


for _name, _evidence, _why in (
    (
        "An invitation of many users answers with the id of a job",
        Evidence.DOCUMENTED,
        "the kit does not wait for jobs, and could not find the users of an unfinished job",
    ),
    ("An invitation can be sent again", Evidence.DOCUMENTED, "the kit sends no e-mail"),
):
    TOPIC.untried(_name, _evidence, why=_why)
TOPIC.untried(
    "A user cannot assign a role that is stronger than all its own roles",
    Evidence.ASSUMED,
    "stronger_roles",
    why="roles of other levels belong to the environment, and the kit assigns none of them",
)
