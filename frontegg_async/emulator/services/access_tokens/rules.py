"""The rules of access tokens of tenants and users: create, list, delete and look up tokens, and list active tokens."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.access_tokens.rows import AccessTokenRow
from frontegg_async.emulator.services.access_tokens.switches import AccessTokenSwitches
from frontegg_async.emulator.services.roles.of_users import (
    given_permission_keys,
    given_role_keys,
    permission_keys,
    role_keys,
)
from frontegg_async.emulator.services.support.common import find_tenant, user_of_call
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    RequestRefusedError,
    service_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.issued_tokens import MAX_TENANT_TOKEN_MINUTES, creator_of_call, expiry
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_FAR_AWAY: Final = 100 * 365 * 86_400
"""The seconds until the ``exp`` of an access token that never expires. It is used if a switch requires an ``exp``."""
_ENTITLEMENTS: Final = ("roles", "permissions")


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create an access token of a tenant."""
    _check_enabled(environment)
    tenant_id = find_tenant(environment.state, call.tenant_id).tenant_id
    role_ids = cast("Sequence[str]", call.body.get("roleIds") or ())
    return _create(environment, call, tenant_id, None, roles=tuple(dict.fromkeys(role_ids)))


def create_of_user(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create an access token of a user. The token has the permissions of the user."""
    _check_enabled(environment)
    user_id = user_of_call(environment, call)
    if user_id in environment.state.users:
        return _create(environment, call, call.tenant_id, user_id)
    claims = call.caller.claims
    held = {name: tuple(map(str, cast("Iterable[object]", claims.get(name) or ()))) for name in _ENTITLEMENTS}
    return _create(environment, call, call.tenant_id, user_id, is_outsider=True, **held)


def _create(
    environment: EmulatedEnvironment,
    call: IncomingCall,
    tenant_id: str,
    user_id: str | None,
    *,
    roles: tuple[str, ...] | None = None,
    permissions: tuple[str, ...] | None = None,
    is_outsider: bool = False,
) -> EmulatedResponse:
    now = environment.clock.now()
    row = AccessTokenRow(
        id=environment.new_id(),
        tenant_id=tenant_id,
        user_id=user_id,
        created_at=timestamp(now),
        expires=expiry(now, call.body, MAX_TENANT_TOKEN_MINUTES),
        description=cast("str | None", call.body.get("description")),
        created_by_user_id=creator_of_call(call),
        roles=roles,
        permissions=permissions,
        is_outsider=is_outsider,
    )
    return EmulatedResponse(status=201, body=_listed(row, issue(environment, row)))


def issue(environment: EmulatedEnvironment, row: AccessTokenRow) -> str:
    """Store an access token and return its JWT. The JWT is not stored."""
    environment.state.put(row)
    owner: dict[str, JsonValue] = {} if row.user_id is None else {"userId": row.user_id}
    claims: dict[str, JsonValue] = {
        "sub": row.id,
        "type": row.type,
        "tenantId": row.tenant_id,
        **owner,
        "roles": ["FETCH-ROLES-BY-API"],
        "permissions": ["FETCH-PERMISSIONS-BY-API"],
    }
    end = _end(row)
    if end is None and environment.switches[AccessTokenSwitches].endless_access_token == "far_exp":  # noqa: S105 - no password
        end = math.floor(environment.clock.now()) + _FAR_AWAY
    return environment.sign_access_token(claims, end)


def list_tokens(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the access tokens of a tenant. Tokens of the tenant's users are not included."""
    _check_enabled(environment)
    tenant_id = find_tenant(environment.state, call.tenant_id).tenant_id
    return _list(environment, tenant_id, None)


def list_of_user(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the access tokens of a user in a tenant."""
    _check_enabled(environment)
    return _list(environment, call.tenant_id, user_of_call(environment, call))


def _list(environment: EmulatedEnvironment, tenant_id: str, user_id: str | None) -> EmulatedResponse:
    rows = environment.state.owned(AccessTokenRow, tenant_id)
    return EmulatedResponse(body={"accessTokens": [_listed(row) for row in rows if row.user_id == user_id]})


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete an access token of a tenant."""
    _check_enabled(environment)
    find_tenant(environment.state, call.tenant_id)
    return _delete(environment, call, None)


def delete_of_user(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete an access token of a user."""
    _check_enabled(environment)
    return _delete(environment, call, user_of_call(environment, call))


def _delete(environment: EmulatedEnvironment, call: IncomingCall, user_id: str | None) -> EmulatedResponse:
    row = environment.state.table(AccessTokenRow).get(call.path["id"])
    if row is None or row.tenant_id != call.tenant_id or row.user_id != user_id:
        raise _not_found()
    environment.state.remove(AccessTokenRow, row.id)
    return EmulatedResponse()


def tenant_token(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the roles and permissions of a tenant's access token."""
    row = _find(environment, call, of_users=False)
    return EmulatedResponse(
        body={name: value for name, value in entitlements(environment, row).items() if name != "userId"}
    )


def user_token(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the roles and permissions of a user's access token."""
    return EmulatedResponse(body=entitlements(environment, _find(environment, call, of_users=True)))


def active_tenant_tokens(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the ids of the active access tokens of tenants."""
    return _active(environment, call, of_users=False)


def active_user_tokens(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the ids of the active access tokens of users."""
    return _active(environment, call, of_users=True)


def _active(environment: EmulatedEnvironment, call: IncomingCall, *, of_users: bool) -> EmulatedResponse:
    """Return the ids of the active tokens of the tenant in the header."""
    _check_enabled(environment)
    state = environment.state
    if call.tenant_id:
        find_tenant(state, call.tenant_id)
        if _is_hidden(environment, call.tenant_id):
            raise _locked()
        rows: Iterable[AccessTokenRow] = state.owned(AccessTokenRow, call.tenant_id)
    else:
        rows = (row for row in state.table(AccessTokenRow).values() if not _is_hidden(environment, row.tenant_id))
    return EmulatedResponse(
        body=[row.id for row in rows if _is_of_users(row) is of_users and not _is_expired(environment, row)]
    )


def _find(environment: EmulatedEnvironment, call: IncomingCall, *, of_users: bool) -> AccessTokenRow:
    _check_enabled(environment)
    row = environment.state.table(AccessTokenRow).get(call.path["id"])
    if row is None or _is_of_users(row) is not of_users or not _is_member(environment, row):
        raise _not_found()
    if call.tenant_id and row.tenant_id != call.tenant_id:
        if environment.switches[AccessTokenSwitches].foreign_access_token == "refuse":  # noqa: S105 - no password
            raise service_error(403, "The access token is not one of the tenant's")
        raise _not_found()
    if _is_hidden(environment, row.tenant_id):
        raise _locked()
    if _is_expired(environment, row) and environment.switches[AccessTokenSwitches].expired_access_token == "not_found":  # noqa: S105 - no password
        raise _not_found()
    return row


def _check_enabled(environment: EmulatedEnvironment) -> None:
    if environment.switches[AccessTokenSwitches].access_tokens == "disabled":
        raise service_error(403, "Api tokens are disabled")


def _not_found() -> RequestRefusedError:
    return service_error(404, "Access token not found")


def _locked() -> RequestRefusedError:
    return service_error(403, "The account is locked")


def _is_of_users(row: AccessTokenRow) -> bool:
    return row.user_id is not None


def _is_member(environment: EmulatedEnvironment, row: AccessTokenRow) -> bool:
    """Return whether the user to whom a token belongs is still in the token's tenant."""
    if row.user_id is None:
        return True
    user = environment.state.users.get(row.user_id)
    return row.is_outsider if user is None else row.tenant_id in user.tenant_ids


def _end(row: AccessTokenRow) -> float | None:
    return None if row.expires is None else datetime.fromisoformat(row.expires).timestamp()


def _is_expired(environment: EmulatedEnvironment, row: AccessTokenRow) -> bool:
    """Return whether a token has expired, or the user of the token has left the tenant."""
    end = _end(row)
    return not _is_member(environment, row) or (end is not None and end <= environment.clock.now())


def _is_hidden(environment: EmulatedEnvironment, tenant_id: str) -> bool:
    locked = environment.state.tenants[tenant_id].is_locked
    return locked and environment.switches[AccessTokenSwitches].access_tokens_of_locked_tenant == "refuse"


def entitlements(environment: EmulatedEnvironment, row: AccessTokenRow) -> dict[str, object]:
    """Return the response to a look-up of an access token. It contains the keys of roles and permissions.

    If no role has the id of one of the token's roles, the id is used as the key of the role.
    """
    user, tenant_id = environment.state.users.get(row.user_id or ""), row.tenant_id
    if row.roles is not None or user is None:
        roles = given_role_keys(environment, row.roles or (), tenant_id)
    else:
        roles = role_keys(environment, user, tenant_id)
    permissions: Sequence[str]
    if row.permissions is not None:
        permissions = row.permissions
    elif user is None:
        permissions = given_permission_keys(environment, row.roles or (), (), tenant_id)
    else:
        permissions = permission_keys(environment, user, tenant_id)
    shown: dict[str, object] = {
        "id": row.id,
        "tenantId": tenant_id,
        "userId": row.user_id,
        "roles": roles,
        "permissions": permissions,
    }
    return shown if row.expires is None else {**shown, "expires": row.expires}


def _listed(row: AccessTokenRow, secret: str | None = None) -> dict[str, object]:
    """Return an access token in the form that lists contain. A new token also has its JWT."""
    optional = {"description": row.description, "secret": secret, "expires": row.expires}
    shown: dict[str, object] = {"id": row.id, "createdAt": row.created_at}
    shown |= {name: value for name, value in optional.items() if value is not None}
    if row.user_id is not None:
        return shown
    return {**shown, "roleIds": row.roles or (), "createdByUserId": row.created_by_user_id}


RULES = {
    "access_tokens.create": Rule(run=create, permission="fe.secure.write.tenantApiTokens"),
    "access_tokens.list": Rule(run=list_tokens, permission="fe.secure.read.tenantApiTokens"),
    "access_tokens.delete": Rule(run=delete, permission="fe.secure.delete.tenantApiTokens"),
    "access_tokens.get_tenant_token": Rule(run=tenant_token),
    "access_tokens.get_user_token": Rule(run=user_token),
    "access_tokens.list_active_tenant_tokens": Rule(run=active_tenant_tokens),
    "access_tokens.list_active_user_tokens": Rule(run=active_user_tokens),
    "user_access_tokens.create": Rule(run=create_of_user, permission="fe.secure.write.userApiTokens"),
    "user_access_tokens.list": Rule(run=list_of_user, permission="fe.secure.read.userApiTokens"),
    "user_access_tokens.delete": Rule(run=delete_of_user, permission="fe.secure.delete.userApiTokens"),
}

TAGS = {
    "access_tokens": Tag("Access tokens of tenants, and the look-up of access tokens.", write_body="token_write_body"),
    "user_access_tokens": Tag("Access tokens of users.", write_body="token_write_body"),
}
