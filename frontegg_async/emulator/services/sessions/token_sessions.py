"""Sessions of users and of API tokens: issues tokens, and renews them with refresh tokens that work only once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from typing import Final, TypeAlias, cast

import attrs
import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.api_tokens.rows import ApiTokenRow
from frontegg_async.emulator.services.hierarchy.rows import HierarchySettingsRow
from frontegg_async.emulator.services.jwt_templates.templated_tokens import rendered, template_of
from frontegg_async.emulator.services.roles.of_users import (
    given_permission_keys,
    given_role_keys,
    permission_keys,
    role_keys,
)
from frontegg_async.emulator.services.sessions.switches import SessionSwitches
from frontegg_async.emulator.services.support.emulated_response import RequestRefusedError, service_error
from frontegg_async.emulator.services.tenants.access import check_unlocked
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.store.user_rows import RefreshToken, SessionKind, UserRow
from frontegg_async.emulator.world.clock import LATEST, timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant
from frontegg_async.models.hierarchy import SubAccountAccessType

REFRESH_TOKEN_TTL: Final = 30 * 86_400
"""The lifetime of a refresh token, in seconds."""

MAX_LIVE: Final = 100
"""The maximum number of valid refresh tokens of an API token."""

MAX_USED: Final = 100
"""The number of used refresh tokens that are stored for a session. Refresh tokens used earlier count as unknown."""

Claims: TypeAlias = Mapping[str, JsonValue]
NO_CLAIMS: Final[Claims] = {}

_RESERVED: Final = frozenset({"sub", "type", "tenantId", "userId", "iss", "aud", "iat", "exp", "sid"})
"""The claims that the emulator itself needs. Prehooks cannot change these claims."""


@attrs.frozen(kw_only=True)
class IssuedSession:
    """The tokens of a session that were just issued."""

    access_token: str = attrs.field(repr=False)
    refresh_token: str = attrs.field(repr=False)
    grant: Grant
    expires_in: float
    expires: str


def refused() -> RequestRefusedError:
    """Return the refusal of a credential or a refresh token. The refusal does not contain the reason."""
    return service_error(401, "Unauthorized")


def user_claims(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> dict[str, JsonValue]:
    """Return the claims for the access tokens of a user in a tenant."""
    return {
        "sub": user.id,
        "type": "userToken",
        "tenantId": tenant_id,
        "tenantIds": list(user.tenant_ids),
        "roles": cast("JsonValue", role_keys(environment, user, tenant_id)),
        "permissions": cast("JsonValue", permission_keys(environment, user, tenant_id)),
        "email": user.email,
        "name": user.name,
        "metadata": {} if user.metadata is None else cast("JsonValue", user.metadata),
    }


def entry_tenant(environment: EmulatedEnvironment, user: UserRow) -> str:
    """Return the id of the tenant that a user enters with a sign-in.

    Raises:
        RequestRefusedError: The tenant is locked or deleted, the user is locked, or the user is disabled in the tenant.
    """
    state = environment.state
    may_be_active = user.tenant_id in user.tenant_ids or may_enter(state, user, user.tenant_id)
    active = user.tenant_id if may_be_active else user.tenant_ids[0]
    if environment.switches[SessionSwitches].locked_active_tenant == "next_tenant":
        for tenant_id in (active, *user.tenant_ids):
            if tenant_id in state.tenants and not state.tenants[tenant_id].is_locked:
                active = tenant_id
                break
    if active not in state.tenants:
        raise refused()
    check_unlocked(environment, active)
    check_may_enter(environment, user, active)
    return active


def check_may_enter(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> None:
    """Refuse a user who is locked, or whose membership in a tenant is disabled or has expired.

    Raises:
        RequestRefusedError: 403. A switch can set another status.
    """
    membership = user.membership(tenant_id)
    is_over = membership.expires is not None and membership.expires <= environment.clock.timestamp()
    if user.is_locked or membership.is_disabled or is_over:
        raise service_error(environment.switches[SessionSwitches].locked_user, "The user is locked or disabled")


def may_enter(state: State, user: UserRow, tenant_id: str) -> bool:
    """Return whether a user may enter a sub-account.

    The sub-account must be below one of the user's tenants, and the settings of that tenant must allow it.
    """
    if tenant_id not in state.tenants:
        return False
    return any(own in user.tenant_ids and _opens_sub_accounts(state, user, own) for own in state.ancestors(tenant_id))


def _opens_sub_accounts(state: State, user: UserRow, tenant_id: str) -> bool:
    settings = state.table(HierarchySettingsRow).get(tenant_id)
    match SubAccountAccessType.DEFAULT_OFF if settings is None else settings.sub_account_access_type:
        case SubAccountAccessType.ALWAYS_ON:
            return True
        case SubAccountAccessType.DEFAULT_ON:
            return user.allow_access is not False
        case SubAccountAccessType.DEFAULT_OFF:
            return user.allow_access is True


def api_token_claims(environment: EmulatedEnvironment, row: ApiTokenRow) -> dict[str, JsonValue]:
    """Return the claims for the access tokens of an API token.

    If there is no role or permission with an id, the id itself is used as the key.

    Raises:
        RequestRefusedError: The API token has expired, its tenant is locked, or its user was deleted.
    """
    switches = environment.switches
    if row.expires is not None and row.expires <= environment.clock.timestamp():
        raise refused()
    if switches[SessionSwitches].locked_api_tokens == "refuse":
        check_unlocked(environment, row.tenant_id)
    own: dict[str, JsonValue] = {
        "sub": row.id,
        "tenantId": row.tenant_id,
        "tenantIds": [row.tenant_id],
        "createdByUserId": row.created_by_user_id,
        "metadata": {} if row.metadata is None else cast("JsonValue", row.metadata),
    }
    if row.user_id is None:
        return {
            **own,
            "type": "tenantApiToken",
            "roles": cast("JsonValue", given_role_keys(environment, row.role_ids, row.tenant_id)),
            "permissions": cast(
                "JsonValue", given_permission_keys(environment, row.role_ids, row.permission_ids, row.tenant_id)
            ),
        }
    holder = _holder(environment, row)
    return {
        **own,
        "type": "userApiToken",
        "userId": row.user_id,
        "tenantIds": holder.get("tenantIds"),
        "roles": holder.get("roles"),
        "permissions": holder.get("permissions"),
        "email": holder.get("email"),
        "name": holder.get("name"),
        "userMetadata": holder.get("metadata"),
    }


def _holder(environment: EmulatedEnvironment, row: ApiTokenRow) -> Claims:
    user = environment.state.users.get(row.user_id or "")
    if user is not None and row.tenant_id in user.tenant_ids:
        return user_claims(environment, user, row.tenant_id)
    if row.claims is None:
        raise refused()
    return cast("Claims", row.claims)


def current_claims(environment: EmulatedEnvironment, row: RefreshToken) -> Claims:
    """Return the claims for the next access token of a session.

    Raises:
        RequestRefusedError: The user, API token or tenant of the session was deleted or is locked.
    """
    carried = cast("Claims", row.claims or {})
    state = environment.state
    user = state.users.get(row.subject)
    api_token = state.table(ApiTokenRow).get(row.subject)
    if row.kind == "api_token" and api_token is not None:
        claims = api_token_claims(environment, api_token)
    elif row.kind == "user" and user is not None:
        tenant_id = carried.get("tenantId") or entry_tenant(environment, user)
        check_may_enter(environment, user, str(tenant_id))
        claims = {**user_claims(environment, user, str(tenant_id)), **carried}
    elif "sub" in carried:
        claims = dict(carried)
    else:
        raise refused()
    tenant_id = str(claims["tenantId"])
    if is_gone(environment, tenant_id):
        raise refused()
    if row.kind == "user":
        check_unlocked(environment, tenant_id)
    return claims


def is_gone(environment: EmulatedEnvironment, tenant_id: str) -> bool:
    """Return whether a tenant was deleted and has not been restored."""
    return tenant_id in environment.state.deleted and tenant_id not in environment.state.tenants


def begin(
    environment: EmulatedEnvironment,
    claims: Claims,
    *,
    kind: SessionKind,
    ttl: float | None = None,
    carried: Claims | None = None,
    given: Claims = NO_CLAIMS,
) -> IssuedSession:
    """Start a session.

    Args:
        environment: The environment.
        claims: The claims of the session's first access token.
        kind: Whether the session belongs to a user or to an API token.
        ttl: The lifetime of the session's access tokens in seconds. By default the setting of the environment applies.
        carried: The claims that later access tokens of the session keep even if the user changes.
        given: The claims that a prehook added to the access token.
    """
    now = environment.clock.now()
    row = RefreshToken(
        token=environment.new_id(),
        subject=str(claims["sub"]),
        tenant_id=str(claims["tenantId"]),
        created_at=timestamp(now),
        kind=kind,
        session=environment.new_id(),
        expires_at=_end_of_life(now),
        ttl=ttl,
        claims=None if carried is None else dict(carried),
    )
    if kind == "api_token":
        _make_room(environment, row.subject)
    return _hand_out(environment, row, claims, given)


def _make_room(environment: EmulatedEnvironment, subject: str) -> None:
    live = environment.state.live_refresh_tokens(subject)
    # Sort, since tokens from a snapshot may be in any order. Tokens with the same time keep their order.
    oldest_first = sorted(live, key=lambda row: row.created_at)
    for row in oldest_first[: max(len(live) - MAX_LIVE + 1, 0)]:
        environment.state.remove_refresh_token(row.token)


def redeem(
    environment: EmulatedEnvironment, token: str | None, kind: SessionKind
) -> RefreshToken | RequestRefusedError:
    """Return the row of a valid refresh token, or the refusal of an invalid token.

    A token that is used a second time may have been stolen, so its session ends.
    """
    try:
        return find_valid(environment, token, kind)
    except RequestRefusedError as refusal:
        row = environment.state.refresh_tokens.get(token or "")
        is_reused = row is not None and row.kind == kind and row.used
        if row is not None and is_reused and environment.switches[SessionSwitches].refresh_reuse == "end_session":
            for each in environment.state.session(row):
                environment.state.put_refresh_token(msgspec.structs.replace(each, revoked=True))
        return refusal


def find_valid(environment: EmulatedEnvironment, token: str | None, kind: SessionKind) -> RefreshToken:
    """Return the row of a valid refresh token.

    Raises:
        RequestRefusedError: The token is unknown, used, revoked or expired, or is of the other kind of session.
    """
    row = environment.state.refresh_tokens.get(token or "")
    if row is None or row.kind != kind or not row.is_live:
        raise refused()
    if row.expires_at is not None and row.expires_at <= environment.clock.timestamp():
        raise refused()
    return row


def renew(
    environment: EmulatedEnvironment, row: RefreshToken, claims: Claims, *, given: Claims = NO_CLAIMS
) -> IssuedSession:
    """Exchange a refresh token for new tokens. The refresh token becomes invalid."""
    state = environment.state
    state.put_refresh_token(msgspec.structs.replace(row, used=True))
    used = [each for each in state.session(row) if each.used]
    for each in used[: max(len(used) - MAX_USED, 0)]:
        state.remove_refresh_token(each.token)
    renewed = environment.switches[SessionSwitches].refresh_life == "renewed"
    now = environment.clock.now()
    following = msgspec.structs.replace(
        row,
        token=environment.new_id(),
        session=row.session or row.token,
        tenant_id=str(claims["tenantId"]),
        created_at=timestamp(now),
        expires_at=_end_of_life(now) if renewed else row.expires_at,
    )
    return _hand_out(environment, following, claims, given)


def _end_of_life(now: float) -> str:
    return timestamp(min(now + REFRESH_TOKEN_TTL, LATEST - 1))


def _hand_out(environment: EmulatedEnvironment, row: RefreshToken, claims: Claims, given: Claims) -> IssuedSession:
    given = {name: value for name, value in given.items() if name not in _RESERVED}
    # Tokens that the admin API issues get no session id. They stay valid even without their user.
    whole = {**claims, **given, "sid": row.session} if row.claims is None else {**claims, **given}
    template = template_of(environment, whole)
    by_default = environment.settings.token_ttl if template is None else template.expiration
    ttl = by_default if row.ttl is None else row.ttl
    if template is None:
        token, grant = environment.issue_user_token(whole, ttl)
    else:
        shape = partial(rendered, environment, template, given=given)
        token, grant = environment.issue_user_token(whole, ttl, shape=shape, algorithm=template.algorithm)
    environment.state.put_refresh_token(row)
    return IssuedSession(
        access_token=token,
        refresh_token=row.token,
        grant=grant,
        expires_in=ttl,
        expires=_moment(environment, cast("int", grant.claims["exp"])),
    )


def _moment(environment: EmulatedEnvironment, seconds: float) -> str:
    seconds = min(seconds, LATEST - 1)
    if environment.switches[SessionSwitches].session_expires == "rfc3339":
        return timestamp(seconds)
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)
