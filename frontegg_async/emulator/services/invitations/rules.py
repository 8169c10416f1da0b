"""The rules of invitations to tenants. An invitation is either general or for a particular user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.emails.sending import send_email
from frontegg_async.emulator.services.invitations.rows import InvitationRow
from frontegg_async.emulator.services.invitations.switches import InvitationSwitches
from frontegg_async.emulator.services.roles.of_users import check_levels, checked_role_ids, roles_of_new_user
from frontegg_async.emulator.services.support.common import find_member, find_tenant, user_of_call
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    RequestRefusedError,
    service_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.issued_tokens import MAX_TENANT_TOKEN_MINUTES, expiry
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.store.user_rows import Membership, UserRow
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_LIFETIME: Final = 7 * 86_400
"""The lifetime, in seconds, of an invitation whose request contains no lifetime (assumed)."""


_LOCKED_INVITATION: Final = "ER-01239"
_LOCKED_LINK: Final = "ER-01240"


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create an invitation to a tenant."""
    tenant_id = find_tenant(environment.state, cast("str", call.body["tenantId"])).tenant_id
    user_id = cast("str | None", call.body.get("userId"))
    if user_id is not None:
        find_member(environment.state, user_id, tenant_id)
    return _create(environment, call, tenant_id, user_id)


def _create(
    environment: EmulatedEnvironment, call: IncomingCall, tenant_id: str, user_id: str | None
) -> EmulatedResponse:
    _check_unlocked(environment, tenant_id, _LOCKED_LINK)
    now, body = environment.clock.now(), call.body
    role_ids = checked_role_ids(environment, cast("Sequence[str]", body.get("roleIds") or ()), tenant_id)
    check_levels(environment, call.caller, role_ids, tenant_id)
    row = InvitationRow(
        id=environment.new_id(),
        tenant_id=tenant_id,
        token=environment.new_id(),
        expires=expiry(now, body, MAX_TENANT_TOKEN_MINUTES) or timestamp(now + _LIFETIME),
        user_id=user_id,
        should_send_email=body.get("shouldSendEmail") is True,
        role_ids=role_ids,
    )
    before = None if user_id is None else _of_user(environment, tenant_id, user_id)
    if before is not None:
        environment.state.remove(InvitationRow, before.id)
    environment.state.put(row)
    _send(environment, row, body)
    return EmulatedResponse(status=201, body=_shown(environment, row))


def check_may_accept(environment: EmulatedEnvironment, tenant_id: str) -> None:
    """Refuse an invitation to a locked tenant.

    Raises:
        RequestRefusedError: 400 with the error code that Frontegg's own SDKs know.
    """
    _check_unlocked(environment, tenant_id, _LOCKED_INVITATION)


def _check_unlocked(environment: EmulatedEnvironment, tenant_id: str, code: str) -> None:
    if environment.state.tenants[tenant_id].is_locked:
        raise service_error(400, "The tenant is locked", code)


def _send(environment: EmulatedEnvironment, row: InvitationRow, body: Mapping[str, JsonValue]) -> None:
    """Send an invitation if the body of the request asks for it. An invitation without a user cannot be sent."""
    if row.user_id is not None and body.get("shouldSendEmail") is True and _is_allowed(environment):
        send_email(environment, "InviteToTenant", environment.state.users[row.user_id], row.tenant_id, token=row.token)


def list_all(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """List the invitations to all tenants."""
    return EmulatedResponse(body=[_shown(environment, row) for row in environment.state.table(InvitationRow).values()])


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete an invitation."""
    row = environment.state.table(InvitationRow).get(call.path["id"])
    if row is None:
        raise _not_found()
    environment.state.remove(InvitationRow, row.id)
    return EmulatedResponse()


def verify(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the invitation that has a token, if the token is valid."""
    return EmulatedResponse(body=_shown(environment, _valid(environment, call.body["token"])))


def _valid(environment: EmulatedEnvironment, token: object) -> InvitationRow:
    """Return the invitation that has a token.

    Raises:
        RequestRefusedError: 404 if no invitation has the token or the invitation has expired. A switch can set another
        status.
    """
    row = _with_token(environment, token)
    if row is None:
        raise _not_valid(environment)
    return row


def _with_token(environment: EmulatedEnvironment, token: object) -> InvitationRow | None:
    """Return the invitation that has a token, or ``None`` if there is none or it has expired."""
    now = environment.clock.timestamp()
    rows = environment.state.table(InvitationRow).values()
    return next((row for row in rows if row.token == token and row.expires > now), None)


def for_new_user(environment: EmulatedEnvironment, token: object) -> InvitationRow:
    """Return the invitation with which a person signs up. The invitation must not be for a particular user.

    Raises:
        RequestRefusedError: 400 if the invitation does not exist, has expired or is for a particular user, or if the
        tenant is locked.
    """
    row = _with_token(environment, token)
    if row is None or row.user_id is not None:
        raise service_error(400, "The invitation is not valid")
    check_may_accept(environment, row.tenant_id)
    return row


def joined(environment: EmulatedEnvironment, user: UserRow, token: object) -> UserRow:
    """Return a user after a sign-in with the token of an invitation.

    The user becomes a member of the tenant with the roles of the invitation.

    Raises:
        RequestRefusedError: 404 if the invitation does not exist, has expired or is for another user. A switch can set
        another status.
    """
    row = _valid(environment, token)
    if row.user_id not in (None, user.id):
        raise _not_valid(environment)
    check_may_accept(environment, row.tenant_id)
    if row.tenant_id in user.tenant_ids:
        membership = user.membership(row.tenant_id)
        role_ids = tuple(dict.fromkeys((*membership.role_ids, *row.role_ids)))
        membership = msgspec.structs.replace(membership, role_ids=role_ids)
    else:
        membership = Membership(role_ids=row.role_ids or roles_of_new_user(environment, row.tenant_id))
    return msgspec.structs.replace(user.within(row.tenant_id, membership), tenant_id=row.tenant_id)


def _not_valid(environment: EmulatedEnvironment) -> RequestRefusedError:
    return service_error(environment.switches[InvitationSwitches].invalid_invitation, "The invitation is not valid")


def configuration(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return whether users may invite other users."""
    return EmulatedResponse(
        body={"tenantInvitationsAllowed": _is_allowed(environment), "emailsEnabled": _is_allowed(environment)}
    )


def _is_allowed(environment: EmulatedEnvironment) -> bool:
    return environment.switches[InvitationSwitches].tenant_invitations == "allowed"


def get_of_user(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the invitation of a particular user to a tenant."""
    return EmulatedResponse(body=_shown(environment, _find_of_user(environment, call)))


def create_of_user(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create the invitation of a particular user to a tenant. An existing invitation of the user is replaced."""
    user_id = user_of_call(environment, call)
    if call.caller.kind == "user" and not _is_allowed(environment):
        raise service_error(403, "Tenant invitations are not allowed")
    return _create(environment, call, call.tenant_id, user_id)


def update_of_user(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change the invitation of a particular user to a tenant."""
    row = _find_of_user(environment, call)
    flag = call.body.get("shouldSendEmail")
    changed = msgspec.structs.replace(
        row,
        expires=expiry(environment.clock.now(), call.body, MAX_TENANT_TOKEN_MINUTES) or row.expires,
        should_send_email=row.should_send_email if flag is None else flag is True,
    )
    environment.state.put(changed)
    _send(environment, changed, call.body)
    return EmulatedResponse(body=_shown(environment, changed))


def delete_of_user(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete the invitation of a particular user to a tenant."""
    environment.state.remove(InvitationRow, _find_of_user(environment, call).id)
    return EmulatedResponse()


def _find_of_user(environment: EmulatedEnvironment, call: IncomingCall) -> InvitationRow:
    row = _of_user(environment, call.tenant_id, user_of_call(environment, call))
    if row is None:
        raise _not_found()
    return row


def _of_user(environment: EmulatedEnvironment, tenant_id: str, user_id: str) -> InvitationRow | None:
    rows = environment.state.owned(InvitationRow, tenant_id)
    return next((row for row in rows if row.user_id == user_id), None)


def _not_found() -> RequestRefusedError:
    return service_error(404, "Invitation not found")


def _shown(environment: EmulatedEnvironment, row: InvitationRow) -> dict[str, object]:
    user = {} if row.user_id is None else {"userId": row.user_id}
    return {
        "id": row.id,
        "vendorId": environment.vendor_id,
        "tenantId": row.tenant_id,
        **user,
        "token": row.token,
        "expires": row.expires,
        "shouldSendEmail": row.should_send_email,
        "name": environment.state.tenants[row.tenant_id].name,
        "roleIds": row.role_ids,
    }


_READ: Final = "fe.secure.read.tenantInvites"
_WRITE: Final = "fe.secure.write.tenantInvites"
_DELETE: Final = "fe.secure.delete.tenantInvites"

RULES = {
    "invitations.create": Rule(run=create),
    "invitations.list": Rule(run=list_all),
    "invitations.delete": Rule(run=delete),
    "invitations.verify": Rule(run=verify),
    "invitations.get_config": Rule(run=configuration),
    "user_invitations.get": Rule(run=get_of_user, permission=_READ),
    "user_invitations.create": Rule(run=create_of_user, permission=_WRITE),
    "user_invitations.create_v1": Rule(run=create_of_user, permission=_WRITE),
    "user_invitations.update": Rule(run=update_of_user, permission=_WRITE),
    "user_invitations.delete": Rule(run=delete_of_user, permission=_DELETE),
}

TAGS = {
    "invitations": Tag("Invitations to tenants.", write_body="invitation_write_body"),
    "user_invitations": Tag("Invitations of users to their tenants.", write_body="invitation_write_body"),
}
