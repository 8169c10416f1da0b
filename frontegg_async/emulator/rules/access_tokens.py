"""Opaque access tokens: what one entitles to, and which are good."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from frontegg_async.emulator.answers import Answer, Refusal, service_error
from frontegg_async.emulator.calls import Call
from frontegg_async.emulator.environment import Environment
from frontegg_async.emulator.rules.common import find_tenant
from frontegg_async.emulator.rules.rule import Rule
from frontegg_async.emulator.tables.access_tokens import AccessTokenRow

_SECRET_FIELDS: Final = ("id",)


def tenant_token(environment: Environment, call: Call) -> Answer:
    """Answer what an access token of a tenant entitles to."""
    row = _find(environment, call, of_users=False)
    return Answer(body={name: value for name, value in _shown(row).items() if name != "userId"})


def user_token(environment: Environment, call: Call) -> Answer:
    """Answer what an access token of a user entitles to."""
    return Answer(body=_shown(_find(environment, call, of_users=True)))


def active_tenant_tokens(environment: Environment, call: Call) -> Answer:
    """Answer the ids of a tenant's own access tokens that are good."""
    return _active(environment, call, of_users=False)


def active_user_tokens(environment: Environment, call: Call) -> Answer:
    """Answer the ids of the access tokens of a tenant's users that are good."""
    return _active(environment, call, of_users=True)


def _active(environment: Environment, call: Call, *, of_users: bool) -> Answer:
    find_tenant(environment.state, call.tenant_id)
    _check_unlocked(environment, call.tenant_id)
    rows = environment.state.owned(AccessTokenRow, call.tenant_id)
    return Answer(body=[row.id for row in rows if _is_of_users(row) is of_users and not _is_over(environment, row)])


def _find(environment: Environment, call: Call, *, of_users: bool) -> AccessTokenRow:
    row = environment.state.table(AccessTokenRow).get(call.path["id"])
    if row is None or _is_of_users(row) is not of_users or not _is_member(environment, row):
        raise _not_found()
    if row.tenant_id != call.tenant_id:
        if environment.behaviour.foreign_access_token == "refuse":  # noqa: S105 - no password
            raise service_error(403, "The access token is not one of the tenant's")
        raise _not_found()
    _check_unlocked(environment, row.tenant_id)
    if _is_over(environment, row) and environment.behaviour.expired_access_token == "not_found":  # noqa: S105 - no password
        raise _not_found()
    return row


def _not_found() -> Refusal:
    return service_error(404, "Access token not found")


def _is_of_users(row: AccessTokenRow) -> bool:
    return row.user_id is not None


def _is_member(environment: Environment, row: AccessTokenRow) -> bool:
    """Whether the user of a token is still in its tenant."""
    if row.user_id is None:
        return True
    user = environment.state.users.get(row.user_id)
    return user is not None and row.tenant_id in user.tenant_ids


def _is_over(environment: Environment, row: AccessTokenRow) -> bool:
    """Whether a token is good no more."""
    if not _is_member(environment, row):
        return True
    return row.expires is not None and datetime.fromisoformat(row.expires).timestamp() <= environment.clock.now()


def _check_unlocked(environment: Environment, tenant_id: str) -> None:
    locked = environment.state.tenants[tenant_id].is_locked
    if locked and environment.behaviour.access_tokens_of_locked_tenant == "refuse":
        raise service_error(403, "The account is locked")


def _shown(row: AccessTokenRow) -> dict[str, object]:
    shown: dict[str, object] = {
        "id": row.id,
        "tenantId": row.tenant_id,
        "userId": row.user_id,
        "roles": row.roles,
        "permissions": row.permissions,
    }
    return shown if row.expires is None else {**shown, "expires": row.expires}


RULES = {
    "access_tokens.tenant_token": Rule(run=tenant_token, secret_fields=_SECRET_FIELDS),
    "access_tokens.user_token": Rule(run=user_token, secret_fields=_SECRET_FIELDS),
    "access_tokens.active_tenant_tokens": Rule(run=active_tenant_tokens),
    "access_tokens.active_user_tokens": Rule(run=active_user_tokens),
}
