"""The rules of API tokens (client credentials) of tenants and of users: create, list, update and delete tokens."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.api_tokens.rows import ApiTokenRow
from frontegg_async.emulator.services.api_tokens.switches import ApiTokenSwitches
from frontegg_async.emulator.services.support.common import find_tenant, user_of_call
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.issued_tokens import (
    MAX_TENANT_TOKEN_MINUTES,
    MAX_USER_TOKEN_MINUTES,
    creator_of_call,
    expiry,
)
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import CREDENTIAL_PREFIX, EmulatedEnvironment


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create an API token of a tenant."""
    tenant_id = find_tenant(environment.state, call.tenant_id).tenant_id
    now = environment.clock.now()
    row = ApiTokenRow(
        id=_new_client_id(environment),
        tenant_id=tenant_id,
        secret=_new_secret(),
        created_at=timestamp(now),
        expires=expiry(now, call.body, MAX_TENANT_TOKEN_MINUTES),
        description=cast("str | None", call.body.get("description")),
        created_by_user_id=creator_of_call(call),
        metadata=_metadata(call.body),
    )
    row = msgspec.structs.replace(row, **_entitlements(environment, call.body))
    environment.state.put(row)
    _emit(environment, "created", row)
    return EmulatedResponse(status=201, body=_tenant_token(row, secret=True))


def list_tokens(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the API tokens of a tenant."""
    tenant_id = find_tenant(environment.state, call.tenant_id).tenant_id
    rows = environment.state.owned(ApiTokenRow, tenant_id)
    tokens = [_tenant_token(row) for row in rows if row.user_id is None]
    if environment.switches[ApiTokenSwitches].api_token_tenant == "missing":  # noqa: S105 - no password
        for token in tokens:
            del token["tenantId"]
    return EmulatedResponse(body=tokens)


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of an API token of a tenant."""
    row = _find(environment, call, None)
    changes: dict[str, object] = dict(_entitlements(environment, call.body, row))
    if "description" in call.body:
        changes["description"] = call.body["description"]
    if "metadata" in call.body:
        changes["metadata"] = _metadata(call.body)
    if not changes and environment.switches[ApiTokenSwitches].empty_credential_update == "refuse":
        raise validation_error(["the body must have at least one property to change"])
    row = msgspec.structs.replace(row, **changes)
    environment.state.put(row)
    return EmulatedResponse(body=_tenant_token(row))


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete an API token of a tenant, and end the sessions of the token."""
    return _delete(environment, _find(environment, call, None))


def create_of_user(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create an API token of a user."""
    user_id = user_of_call(environment, call)
    known = user_id in environment.state.users
    now = environment.clock.now()
    row = ApiTokenRow(
        id=_new_client_id(environment),
        tenant_id=call.tenant_id,
        user_id=user_id,
        secret=_new_secret(),
        created_at=timestamp(now),
        expires=expiry(now, call.body, MAX_USER_TOKEN_MINUTES),
        description=cast("str | None", call.body.get("description")),
        created_by_user_id=creator_of_call(call),
        metadata=_metadata(call.body),
        claims=None if known else dict(call.caller.claims),
    )
    environment.state.put(row)
    _emit(environment, "created", row)
    return EmulatedResponse(status=201, body=_user_token(row, secret=True))


def list_of_user(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the API tokens of a user in a tenant."""
    user_id = user_of_call(environment, call)
    rows = environment.state.owned(ApiTokenRow, call.tenant_id)
    return EmulatedResponse(body=[_user_token(row) for row in rows if row.user_id == user_id])


def delete_of_user(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete an API token of a user, and end the sessions of the token."""
    return _delete(environment, _find(environment, call, user_of_call(environment, call)))


def _find(environment: EmulatedEnvironment, call: IncomingCall, user_id: str | None) -> ApiTokenRow:
    """Return an API token of the tenant in the request, or of a user in this tenant.

    Raises:
        RequestRefusedError: 404 if the token does not exist, or belongs to another tenant or user.
    """
    find_tenant(environment.state, call.tenant_id)
    row = environment.state.table(ApiTokenRow).get(call.path["id"])
    if row is None or row.tenant_id != call.tenant_id or row.user_id != user_id:
        raise service_error(404, "API token not found")
    return row


def _delete(environment: EmulatedEnvironment, row: ApiTokenRow) -> EmulatedResponse:
    state = environment.state
    state.remove(ApiTokenRow, row.id)
    for each in state.live_refresh_tokens(row.id):
        state.remove_refresh_token(each.token)
    _emit(environment, "deleted", row)
    return EmulatedResponse()


def _emit(environment: EmulatedEnvironment, verb: str, row: ApiTokenRow) -> None:
    kind, shown = ("tenant", _tenant_token(row)) if row.user_id is None else ("user", _user_token(row))
    environment.emit(f"frontegg.{kind}ApiToken.{verb}", shown, tenant_id=row.tenant_id, user_id=row.user_id)


def _new_client_id(environment: EmulatedEnvironment) -> str:
    return f"{CREDENTIAL_PREFIX}{environment.new_id()}"


def _new_secret() -> str:
    return f"{CREDENTIAL_PREFIX}{secrets.token_hex(24)}"


def _entitlements(
    environment: EmulatedEnvironment, body: Mapping[str, JsonValue], row: ApiTokenRow | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the ids of the roles or permissions of a token. If both are given, the roles are used.

    Raises:
        RequestRefusedError: 400 if a switch refuses that both are given, or that a new token has neither.
    """
    roles, permissions = _ids(body, "roleIds"), _ids(body, "permissionIds")
    switches = environment.switches
    if roles and permissions and switches[ApiTokenSwitches].roles_and_permissions == "refuse":
        raise validation_error(["either roleIds or permissionIds must be provided, but not both"])
    if (
        not roles
        and not permissions
        and row is None
        and switches[ApiTokenSwitches].neither_roles_nor_permissions == "refuse"
    ):
        raise validation_error(["either roleIds or permissionIds must be provided"])
    if roles is None and permissions is None:
        return {}
    if roles or permissions is None:
        return {"role_ids": roles or (), "permission_ids": ()}
    return {"role_ids": (), "permission_ids": permissions}


def _ids(body: Mapping[str, JsonValue], name: str) -> tuple[str, ...] | None:
    given = body.get(name)
    return None if given is None else tuple(dict.fromkeys(cast("Sequence[str]", given)))


def _metadata(body: Mapping[str, JsonValue]) -> JsonValue:
    given = body.get("metadata")
    return {} if given is None else given


def _tenant_token(row: ApiTokenRow, *, secret: bool = False) -> dict[str, object]:
    return {
        "clientId": row.id,
        "description": row.description,
        "tenantId": row.tenant_id,
        **({"secret": row.secret} if secret else {}),
        "createdByUserId": row.created_by_user_id,
        "metadata": row.metadata,
        "roleIds": row.role_ids,
        "permissionIds": row.permission_ids,
        "expires": row.expires,
        "createdAt": row.created_at,
    }


def _user_token(row: ApiTokenRow, *, secret: bool = False) -> dict[str, object]:
    return {
        "clientId": row.id,
        "description": row.description,
        "metadata": row.metadata,
        **({"secret": row.secret} if secret else {}),
        "expires": row.expires,
        "createdAt": row.created_at,
    }


RULES = {
    "api_tokens.create": Rule(run=create, permission="fe.secure.write.tenantApiTokens"),
    "api_tokens.create_v1": Rule(run=create, permission="fe.secure.write.tenantApiTokens"),
    "api_tokens.list": Rule(run=list_tokens, permission="fe.secure.read.tenantApiTokens"),
    "api_tokens.update": Rule(run=update, permission="fe.secure.write.tenantApiTokens"),
    "api_tokens.delete": Rule(run=delete, permission="fe.secure.delete.tenantApiTokens"),
    "user_api_tokens.create": Rule(run=create_of_user, permission="fe.secure.write.userApiTokens"),
    "user_api_tokens.list": Rule(run=list_of_user, permission="fe.secure.read.userApiTokens"),
    "user_api_tokens.delete": Rule(run=delete_of_user, permission="fe.secure.delete.userApiTokens"),
}

TAGS = {
    "api_tokens": Tag("API tokens (client credentials) of tenants.", write_body="token_write_body"),
    "user_api_tokens": Tag("API tokens (client credentials) of users.", write_body="token_write_body"),
}
