"""The rules that create, change and delete users, and the rules that add users to tenants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.checks.nesting import is_too_deep_text
from frontegg_async.emulator.services.applications import application_rows
from frontegg_async.emulator.services.emails.sending import send_invitation
from frontegg_async.emulator.services.invitations.ended_links import end_links
from frontegg_async.emulator.services.roles.of_users import check_levels, checked_role_ids, roles_of_new_user
from frontegg_async.emulator.services.support.common import find_member, find_tenant, find_user, named_member
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    RequestRefusedError,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.tenants.access import check_unlocked, is_within
from frontegg_async.emulator.services.tenants.rules import make_tenant
from frontegg_async.emulator.services.users import shapes as user_shapes
from frontegg_async.emulator.services.users.rows import UserTaskRow
from frontegg_async.emulator.services.users.rules import user_with
from frontegg_async.emulator.services.users.switches import UserSwitches
from frontegg_async.emulator.services.users.tasks import find_task
from frontegg_async.emulator.services.users.uniqueness import check_is_free
from frontegg_async.emulator.store.user_rows import Membership, UserRow
from frontegg_async.emulator.world.clock import LATEST, timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.journal import NO_EFFECT, Effect

MAX_INVITED: Final = 1_000
_SHORTEST: Final = 300
"""The minimum time, in seconds, after which a membership can expire."""
_NO_APPLICATION: Final = "ER-00008"
_NO_MFA: Final = "ER-01097"
_APPLICATION_HEADER: Final = "frontegg-application-id"
_LENGTHS: Final[Mapping[str, int]] = {"username": 255, "profilePictureUrl": 4_095}
_PROVIDERS: Final = ("local", "saml", "google", "github", "facebook", "microsoft", "scim2", "slack", "apple")
_PENDING: Final = ("PendingInvitation", "PendingLogin")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")

Body = Mapping[str, JsonValue]


def emit_of_user(
    environment: EmulatedEnvironment, event: str, user: UserRow, tenant_id: str, *, app_id: str | None = None
) -> None:
    """Emit an event about a user in a tenant. If the event concerns an application, ``app_id`` is its id."""
    subject = user_shapes.in_event(environment, user, tenant_id, event)
    key = f"frontegg.user.{event}"
    environment.emit(key, subject, tenant_id=tenant_id, user_id=user.id, application_id=app_id)


def invite(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a user in a tenant. If the user exists already, add the user to the tenant."""
    find_tenant(environment.state, call.tenant_id)
    _check_application(environment, call)
    check_levels(environment, call.caller, cast("list[str]", call.body.get("roleIds") or ()), call.tenant_id)
    user = invite_user(environment, call.tenant_id, call.body)
    membership = user.membership(call.tenant_id)
    body = {
        "id": user.id,
        "email": user.email,
        "verified": user.verified,
        "name": user.name or user.email,
        "profilePictureUrl": user.profile_picture_url,
        "roles": user_shapes.roles(environment, user, call.tenant_id),
        "permissions": user_shapes.permissions(environment, user, call.tenant_id),
        "metadata": user_shapes.text_of(user.metadata),
        "createdAt": user.created_at,
        "lastLogin": user.last_login,
        "activatedForTenant": membership.status == "Activated",
        "temporaryExpirationDate": membership.expires,
    }
    return EmulatedResponse(status=201, body=body)


def _check_application(environment: EmulatedEnvironment, call: IncomingCall) -> None:
    if not call.headers.get(_APPLICATION_HEADER) and application_rows.default_application(environment) is None:
        raise service_error(403, "Application ID is not specified", _NO_APPLICATION)


def invite_user(environment: EmulatedEnvironment, tenant_id: str, body: Body) -> UserRow:
    """Store and return an invited user.

    Raises:
        RequestRefusedError: 403 if the tenant is locked, 400 if a field has a value that is not allowed, 409 if the
            user is a member already.
    """
    state = environment.state
    check_unlocked(environment, tenant_id)
    email, username = cast("str | None", body.get("email")), cast("str | None", body.get("username"))
    if email is None and username is None:
        raise validation_error(["email or username should not be empty"])
    if email is not None:
        check_email(email)
    check_fields(body)
    membership = _new_membership(environment, tenant_id, body)
    metadata, vendor_metadata = parsed_json(body, "metadata"), parsed_json(body, "vendorMetadata")
    login = email or cast("str", username)
    user = user_with(state, login) if email is not None else next(iter(state.users_named(login)), None)
    if user is None:
        check_is_free(environment, "email", login)
        user = UserRow(
            id=environment.new_id(),
            email=login,
            username=username,
            password=cast("str | None", body.get("password")),
            name=cast("str | None", body.get("name")),
            phone_number=cast("str | None", body.get("phoneNumber")),
            profile_picture_url=cast("str | None", body.get("profilePictureUrl")),
            provider=cast("str", body.get("provider") or "local"),
            metadata=metadata,
            vendor_metadata=vendor_metadata,
            mfa_bypass=bool(body.get("mfaBypass")),
            external_id=cast("str | None", body.get("externalId")),
            verified=bool(body.get("verified") or body.get("skipInviteEmail")),
            tenant_id=tenant_id,
            tenant_ids=(),
            created_at=environment.clock.timestamp(),
        )
    elif tenant_id in user.tenant_ids:
        switches = environment.switches[UserSwitches]
        is_pending = user.membership(tenant_id).status in _PENDING
        status = switches.invite_pending if is_pending else switches.invite_member
        if status != 201:  # noqa: PLR2004 - a status
            raise service_error(status, "User already exists in the tenant")
        _send_invitation(environment, user, tenant_id, body)
        return user
    is_new = not user.tenant_ids
    user = user.within(tenant_id, membership)
    state.put_user(user)
    if is_new:
        emit_of_user(environment, "created", user, tenant_id)
    emit_of_user(environment, "invitedToTenant", user, tenant_id)
    _send_invitation(environment, user, tenant_id, body)
    return user


def _send_invitation(environment: EmulatedEnvironment, user: UserRow, tenant_id: str, body: Body) -> None:
    if not body.get("skipInviteEmail"):
        send_invitation(environment, user, tenant_id)


def check_new_user(body: Body) -> None:
    """Refuse values that the fields of a new user may not have.

    Raises:
        RequestRefusedError: 400 if a value is refused.
    """
    email = cast("str | None", body.get("email"))
    if email is not None:
        check_email(email)
    check_fields(body)
    parsed_json(body, "metadata")


def check_fields(body: Body) -> None:
    """Refuse texts that are too long, and unknown identity providers.

    Raises:
        RequestRefusedError: 400 if a value is refused.
    """
    problems = [
        f"{name} must be shorter than or equal to {most} characters"
        for name, most in _LENGTHS.items()
        if len(cast("str | None", body.get(name)) or "") > most
    ]
    if body.get("provider") not in (None, *_PROVIDERS):
        problems.append(f"provider must be one of the following values: {', '.join(_PROVIDERS)}")
    if problems:
        raise validation_error(problems)


def check_email(email: str) -> None:
    """Refuse a text that is not an e-mail address.

    Raises:
        RequestRefusedError: 400 if the text is not an e-mail address.
    """
    if not _EMAIL.fullmatch(email):
        raise validation_error(["email must be an email"])


def _new_membership(environment: EmulatedEnvironment, tenant_id: str, body: Body) -> Membership:
    given = cast("list[str] | None", body.get("roleIds"))
    return Membership(
        role_ids=roles_of_new_user(environment, tenant_id)
        if given is None
        else checked_role_ids(environment, given, tenant_id),
        status="PendingLogin" if body.get("skipInviteEmail") else "PendingInvitation",
        expires=expiry_of_membership(environment, body),
    )


def expiry_of_membership(environment: EmulatedEnvironment, body: Body) -> str | None:
    """Return the time when a membership expires, or ``None`` if it never expires.

    Raises:
        RequestRefusedError: 400 if the number of seconds is too small.
    """
    seconds = cast("int | float | None", body.get("expirationInSeconds"))
    if seconds is None:
        return None
    if seconds < _SHORTEST:
        raise validation_error([f"expirationInSeconds must not be less than {_SHORTEST}"])
    return timestamp(min(environment.clock.now() + seconds, LATEST - 1))


def parsed_json(body: Body, name: str) -> object:
    """Parse the text of a body field, which must be a JSON object.

    Raises:
        RequestRefusedError: 400 if the text is not a JSON object.
    """
    text = cast("str | None", body.get(name))
    if text is None:
        return None
    try:
        value: object = None if is_too_deep_text(text) else msgspec.json.decode(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise validation_error([f"{name} must be a stringified JSON object"])
    return cast("object", value)


def resend_invitation(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Send the invitation of a user to a tenant again."""
    send_invitation(environment, _invited(environment, call), call.tenant_id)
    return EmulatedResponse()


def resend_all_invitations(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Send a user's invitations to a tenant and its sub-accounts again. Accepted invitations are not sent."""
    user = _invited(environment, call)
    for tenant_id in user.tenant_ids:
        is_pending = user.membership(tenant_id).status == "PendingInvitation"
        if is_pending and is_within(environment.state, call.tenant_id, tenant_id):
            send_invitation(environment, user, tenant_id)
    return EmulatedResponse()


def _invited(environment: EmulatedEnvironment, call: IncomingCall) -> UserRow:
    """Return the user of a tenant with the e-mail address in the body.

    Raises:
        RequestRefusedError: 404 if the tenant has no such user.
    """
    find_tenant(environment.state, call.tenant_id)
    user = user_with(environment.state, cast("str", call.body["email"]))
    if user is None or call.tenant_id not in user.tenant_ids:
        raise service_error(404, "User not found")
    return user


def bulk_invite(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Invite many users. For each user who cannot be invited, the task reports an error."""
    find_tenant(environment.state, call.tenant_id)
    _check_application(environment, call)
    users = cast("list[Body]", call.body["users"])
    if not 1 <= len(users) <= MAX_INVITED:
        raise validation_error([f"users must contain 1 to {MAX_INVITED} elements"])
    errors: list[dict[str, str]] = []
    for index, user in enumerate(users):
        try:
            invite_user(environment, call.tenant_id, user)
        except RequestRefusedError as refusal:
            errors.append({"index": str(index), "message": reason_of(refusal)})
    row = UserTaskRow(id=environment.new_id(), total=len(users), errors=tuple(errors))
    environment.state.put(row)
    return EmulatedResponse(status=202, body={"id": row.id})


def reason_of(refusal: RequestRefusedError) -> str:
    """Return the message of a refusal."""
    body = cast("Mapping[str, list[str]]", refusal.response.body)
    return "; ".join(body.get("errors") or body["message"])


def bulk_invite_status(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the progress of the task that invites many users."""
    row = find_task(environment.state, call.path["id"], of_roles=False)
    return EmulatedResponse(body={"id": row.id, "status": row.status, "total": row.total, "errors": list(row.errors)})


def add_to_tenant(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add a user to a tenant. If the tenant does not exist, create it, unless the body forbids this."""
    user = find_user(environment.state, call.path["user_id"])
    tenant_id, effect = _tenant_or_new(environment, call.body)
    check_unlocked(environment, tenant_id)
    if tenant_id in user.tenant_ids:
        raise service_error(409, "User already exists in the tenant")
    user = user.within(tenant_id, _new_membership(environment, tenant_id, call.body))
    environment.state.put_user(user)
    emit_of_user(environment, "invitedToTenant", user, tenant_id)
    _send_invitation(environment, user, tenant_id, call.body)
    return EmulatedResponse(status=201, body=user_shapes.whole(environment, user, tenant_id), effect=effect)


def _tenant_or_new(environment: EmulatedEnvironment, body: Body) -> tuple[str, Effect]:
    tenant_id = cast("str", body["tenantId"])
    if tenant_id in environment.state.tenants:
        return tenant_id, NO_EFFECT
    if body.get("validateTenantExist"):
        raise service_error(404, "Tenant not found")
    return make_tenant(environment, {"tenantId": tenant_id, "name": tenant_id}).tenant_id, Effect(created=(tenant_id,))


def remove(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove a user from the tenant in the header. Without the header, delete the user."""
    state = environment.state
    user_id = call.path["user_id"]
    if call.tenant_id:
        user = find_member(state, user_id, call.tenant_id)
        remaining = user.without(call.tenant_id)
        end_links(environment, user_id, call.tenant_id)
        emit_of_user(environment, "removedFromTenant", user, call.tenant_id)
    else:
        user, remaining = find_user(state, user_id), None
    if remaining is None:
        state.remove_user(user_id)
        emit_of_user(environment, "deleted", user, call.tenant_id or user.tenant_id)
    else:
        state.put_user(remaining)
    return EmulatedResponse()


_FIELDS: Final[Mapping[str, str]] = {
    "name": "name",
    "phoneNumber": "phone_number",
    "profilePictureUrl": "profile_picture_url",
    "mfaBypass": "mfa_bypass",
    "externalId": "external_id",
}
_JSON_FIELDS: Final[Mapping[str, str]] = {"metadata": "metadata", "vendorMetadata": "vendor_metadata"}


def changed_user(user: UserRow, body: Body) -> UserRow:
    """Return a copy of a user with the values in a body.

    Raises:
        RequestRefusedError: 400 if a text is too long, or the metadata is not the text of a JSON object.
    """
    check_fields(body)
    plain = {field: body[name] for name, field in _FIELDS.items() if name in body}
    parsed = {field: parsed_json(body, name) for name, field in _JSON_FIELDS.items() if name in body}
    return msgspec.structs.replace(user, **plain, **parsed)


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of a user who belongs to a tenant."""
    user = named_member(environment, call)
    return _stored(environment, changed_user(user, call.body), call.tenant_id)


def _stored(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> EmulatedResponse:
    environment.state.put_user(user)
    emit_of_user(environment, "updated", user, tenant_id)
    return EmulatedResponse(body=user_shapes.whole(environment, user, tenant_id))


def replace(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Replace all fields of a user. Fields that the body omits lose their values."""
    user = find_user(environment.state, call.path["user_id"])
    cleared = msgspec.structs.replace(
        user,
        name=None,
        phone_number=None,
        profile_picture_url=None,
        metadata=None,
        vendor_metadata=None,
        mfa_bypass=False,
        external_id=None,
    )
    return _stored(environment, changed_user(cleared, call.body), user.tenant_id)


def set_email(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change the e-mail address of a user."""
    user = find_user(environment.state, call.path["user_id"])
    email = cast("str", call.body["email"])
    check_email(email)
    check_is_free(environment, "email", email, user.id)
    return _stored(environment, msgspec.structs.replace(user, email=email), user.tenant_id)


def set_active_tenant(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set the active tenant of a user. If the tenant does not exist, create it, unless the body forbids this."""
    user = find_user(environment.state, call.path["user_id"])
    tenant_id, effect = _tenant_or_new(environment, call.body)
    user = msgspec.structs.replace(user.within(tenant_id, user.membership(tenant_id)), tenant_id=tenant_id)
    environment.state.put_user(user)
    return EmulatedResponse(body=user_shapes.whole(environment, user, tenant_id), effect=effect)


def disable(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Disable a user in a tenant, so that the user cannot enter the tenant."""
    return _set_disabled(environment, call, is_disabled=True)


def enable(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Enable a user in a tenant again."""
    return _set_disabled(environment, call, is_disabled=False)


def _set_disabled(environment: EmulatedEnvironment, call: IncomingCall, *, is_disabled: bool) -> EmulatedResponse:
    user = find_member(environment.state, call.path["user_id"], call.tenant_id)
    membership = msgspec.structs.replace(user.membership(call.tenant_id), is_disabled=is_disabled)
    environment.state.put_user(user.within(call.tenant_id, membership))
    return EmulatedResponse()


def lock(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Lock a user, so that the user cannot sign in."""
    return _set_flag(environment, call, is_locked=True)


def unlock(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Unlock a user, so that the user can sign in again."""
    return _set_flag(environment, call, is_locked=False)


def verify(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Mark the e-mail address of a user as verified."""
    return _set_flag(environment, call, verified=True)


def _set_flag(environment: EmulatedEnvironment, call: IncomingCall, **flag: bool) -> EmulatedResponse:
    user = find_user(environment.state, call.path["user_id"])
    user = msgspec.structs.replace(user, **flag)
    environment.state.put_user(user)
    emit_of_user(environment, "updated", user, user.tenant_id)
    return EmulatedResponse()


def disable_mfa(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove the second factor of a user."""
    user = without_mfa(named_member(environment, call))
    environment.state.put_user(user)
    emit_of_user(environment, "disabledMFA", user, call.tenant_id)
    return EmulatedResponse()


def without_mfa(user: UserRow) -> UserRow:
    """Return a copy of a user without the second factor.

    Raises:
        RequestRefusedError: 400 if the user has no second factor.
    """
    if not user.mfa_enrolled:
        raise service_error(400, "MFA is not enrolled", _NO_MFA)
    return msgspec.structs.replace(user, mfa_enrolled=False)


_RESEND: Final = "fe.secure.write.resendActivationEmail"
_DISABLE: Final = "fe.secure.write.enableDisable"

RULES = {
    "users.invite": Rule(run=invite, permission="fe.secure.write.tenantInvites", prehook="USER_INVITE"),
    "users.invite_v1": Rule(run=invite, prehook="USER_INVITE"),
    "users.resend_invitation": Rule(run=resend_invitation, permission=_RESEND),
    "users.resend_all_invitations": Rule(run=resend_all_invitations, permission=_RESEND),
    "users.invite_many": Rule(run=bulk_invite, prehook="USER_INVITE"),
    "users.get_invitation_task": Rule(run=bulk_invite_status),
    "users.add_to_tenant": Rule(run=add_to_tenant, prehook="USER_INVITE"),
    "users.remove": Rule(run=remove, permission="fe.secure.delete.users", prehook="USER_DELETE"),
    "users.update": Rule(run=update, prehook="USER_UPDATE"),
    "users.replace_all_fields": Rule(run=replace, prehook="USER_UPDATE"),
    "users.set_email": Rule(run=set_email, prehook="USER_UPDATE"),
    "users.set_active_tenant": Rule(run=set_active_tenant),
    "users.disable": Rule(run=disable, permission=_DISABLE),
    "users.enable": Rule(run=enable, permission=_DISABLE),
    "users.lock": Rule(run=lock),
    "users.unlock": Rule(run=unlock),
    "users.mark_verified": Rule(run=verify, takes_tenant_header=True),
    "users.disable_mfa": Rule(run=disable_mfa),
}
