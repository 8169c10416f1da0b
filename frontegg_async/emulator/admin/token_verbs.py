"""The admin verbs that issue and revoke tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.admin.scope import VerbScope
from frontegg_async.emulator.checks.arguments import lifetime, optional_text, text, texts
from frontegg_async.emulator.services.access_tokens.rows import AccessTokenRow
from frontegg_async.emulator.services.access_tokens.rules import issue
from frontegg_async.emulator.services.sessions import token_sessions
from frontegg_async.emulator.store.tenant_rows import is_valid_tenant_id
from frontegg_async.emulator.store.user_rows import SessionKind, UserRow
from frontegg_async.emulator.world import seeds
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

USER_TOKEN_TTL: Final = 86_400.0
API_TOKEN_TYPES: Final = ("userApiToken", "tenantApiToken")
TOKEN_TYPES: Final = ("userToken", *API_TOKEN_TYPES)
"""The types of tokens that ``user_token`` issues. ``access_token`` issues access tokens."""


@attrs.frozen(kw_only=True)
class UserToken:
    """A user token and its refresh token."""

    access_token: str = attrs.field(repr=False)
    """The JWT that authenticates requests."""
    refresh_token: str = attrs.field(repr=False)
    """The refresh token. It can be used once to get a new JWT."""
    expires_in: float
    """The seconds until the JWT expires."""


@attrs.frozen(kw_only=True)
class IssuedAccessToken:
    """A new access token. ``secret`` is the JWT for the header ``x-api-key``."""

    id: str
    """The id of the access token."""
    tenant_id: str
    """The id of the tenant for which the token acts."""
    user_id: str | None
    """The id of the user for whom the token acts, or ``None`` if the token belongs to a tenant."""
    secret: str = attrs.field(repr=False)
    """The JWT for the header ``x-api-key``."""


@attrs.frozen
class TokenVerbs(VerbScope):
    """The verbs that issue and revoke tokens."""

    def user_token(
        self,
        *,
        tenant_id: str,
        email: str | None = None,
        user_id: str | None = None,
        tenant_ids: Iterable[str] | None = None,
        permissions: Iterable[str] | None = None,
        roles: Iterable[str] | None = None,
        type: str = "userToken",
        expires_in: float | timedelta | None = None,
    ) -> UserToken:
        """Issue a user token.

        Omitted values come from the user with the given id or e-mail address, if the user exists.

        Raises:
            ValueError: A value is not allowed.
        """
        environment = self.one
        if not text(tenant_id, "tenant_id"):
            raise ValueError("tenant_id must not be empty")
        optional_text(email, "email")
        optional_text(user_id, "user_id")
        if type not in TOKEN_TYPES:
            raise ValueError(f"type must be one of {', '.join(TOKEN_TYPES)}")
        ttl = USER_TOKEN_TTL if expires_in is None else lifetime(expires_in, "expires_in")
        user = _find_user(environment, user_id, email)
        subject = user_id or (user.id if user else _new_user_id(environment, email))
        held = texts(tenant_ids, "tenant_ids") if tenant_ids is not None else (user.tenant_ids if user else ())
        given: dict[str, JsonValue] = {
            "tenantId": tenant_id,
            "tenantIds": list(dict.fromkeys((tenant_id, *held))),
            "type": type,
        }
        for name, values in (("roles", roles), ("permissions", permissions)):
            if values is not None:
                given[name] = [*texts(values, name)]
        if email:
            given["email"] = email
        if user is None:
            given = {**_unknown_user_claims(subject), **given}
        claims = given if user is None else {**token_sessions.user_claims(environment, user, tenant_id), **given}
        if type in API_TOKEN_TYPES:
            claims = given = _api_token_claims(environment, claims, email)
        kind: SessionKind = "api_token" if type in API_TOKEN_TYPES else "user"
        session = token_sessions.begin(environment, claims, kind=kind, ttl=ttl, carried=given)
        self.world.commit(environment)
        return UserToken(access_token=session.access_token, refresh_token=session.refresh_token, expires_in=ttl)

    def access_token(
        self,
        *,
        tenant_id: str,
        user_id: str | None = None,
        id: str | None = None,
        permissions: Iterable[str] | None = None,
        roles: Iterable[str] | None = None,
        expires_in: float | timedelta | None = None,
    ) -> IssuedAccessToken:
        """Issue an access token of a tenant, or of a user in the tenant.

        Raises:
            ValueError: The tenant or the user does not exist, or a value is not allowed.
        """
        environment = self.one
        optional_text(user_id, "user_id")
        optional_text(id, "id")
        if text(tenant_id, "tenant_id") not in environment.state.tenants:
            raise ValueError(f"there is no tenant {tenant_id!r}")
        user = None if user_id is None else environment.state.users.get(user_id)
        if user_id is not None and (user is None or tenant_id not in user.tenant_ids):
            raise ValueError(f"there is no user {user_id!r} in tenant {tenant_id!r}")
        if id is not None and (not is_valid_tenant_id(id) or id in environment.state.table(AccessTokenRow)):
            raise ValueError("id is not a valid id, or another access token has it")
        now = environment.clock.now()
        ends = None if expires_in is None else now + lifetime(expires_in, "expires_in")
        row = AccessTokenRow(
            id=id or environment.new_id(),
            tenant_id=tenant_id,
            user_id=user_id,
            created_at=timestamp(now),
            permissions=None if permissions is None else tuple(texts(permissions, "permissions")),
            roles=None if roles is None else tuple(texts(roles, "roles")),
            expires=None if ends is None else timestamp(ends),
        )
        secret = issue(environment, row)
        self.world.commit(environment)
        return IssuedAccessToken(id=row.id, tenant_id=tenant_id, user_id=user_id, secret=secret)

    def revoke_tokens(self) -> None:
        """Revoke every token that has been issued so far."""
        for environment in self.every:
            environment.revoke_tokens()
        self.world.commit(*self.every)


def _find_user(environment: EmulatedEnvironment, user_id: str | None, email: str | None) -> UserRow | None:
    users = environment.state.users
    if user_id:
        return users.get(user_id)
    if not email:
        return None
    named = (user for user in environment.state.users_named(email) if user.email == email)
    return users.get(seeds.user_id_of(email)) or next(named, None)


def _unknown_user_claims(subject: str) -> dict[str, JsonValue]:
    """Return the claims for the token of a user who does not exist in the environment."""
    return {
        "sub": subject,
        "roles": [],
        "permissions": [],
        "email": f"{subject}@users.example",
        "name": None,
        "metadata": {},
    }


def _api_token_claims(
    environment: EmulatedEnvironment, claims: Mapping[str, JsonValue], email: str | None
) -> dict[str, JsonValue]:
    """Convert the claims of a user or tenant into the claims for an API token of this user or tenant."""
    said: dict[str, JsonValue] = {**claims, "createdByUserId": None}
    if claims["type"] == "userApiToken":
        said |= {
            "sub": environment.new_id(),
            "userId": claims["sub"],
            "userMetadata": claims["metadata"],
            "metadata": {},
        }
    elif email is None:
        # A tenant has neither an e-mail address nor a name.
        del said["email"], said["name"]
    return said


def _new_user_id(environment: EmulatedEnvironment, email: str | None) -> str:
    return seeds.user_id_of(email) if email else environment.new_id()
