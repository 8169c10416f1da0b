"""Sessions of users and of API tokens: what they begin with, and the tokens that the service hands out."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async.jsonvalue import JsonValue
from frontegg_async.models.fields import WIRE_NAME
from frontegg_async.value import Value


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserLogin(Value):
    """What a user signs in with: a password, and an e-mail address or a user name."""

    password: str = attrs.field(repr=False)
    email: str | None = attrs.field(default=None, repr=False)
    username: str | None = attrs.field(default=None, repr=False)
    invitation_token: str | None = attrs.field(default=None, repr=False)
    recaptcha_token: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TokenRefresh(Value):
    """A user's refresh token, which is good for one use."""

    refresh_token: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ApiTokenRefresh(Value):
    """The refresh token of an API token's session, which is good for one use."""

    refresh_token: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ApiTokenAuthentication(Value):
    """What an API token authenticates with."""

    client_id: str
    secret: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SessionTokens(Value):
    """The tokens of a session, and the seconds that the access token is good for."""

    access_token: str = attrs.field(repr=False)
    refresh_token: str | None = attrs.field(default=None, repr=False)
    expires_in: float


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SessionTokensV2(Value):
    """The same, as the second version of the API token routes writes it."""

    access_token: str = attrs.field(repr=False, metadata={WIRE_NAME: "access_token"})
    refresh_token: str | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "refresh_token"})
    expires_in: float = attrs.field(metadata={WIRE_NAME: "expires_in"})


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserTenant(Value):
    """A tenant that a user belongs to. ``extra`` has what else the service tells of it."""

    tenant_id: str
    name: str | None = attrs.field(default=None, repr=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantSwitch(Value):
    """The tenant that is to be a user's active one."""

    tenant_id: str


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class User(Value):
    """A user, as the service describes one; ``tenant_id`` is the active tenant."""

    id: str
    email: str | None = attrs.field(default=None, repr=False)
    name: str | None = attrs.field(default=None, repr=False)
    tenant_id: str | None = None
    tenant_ids: tuple[str, ...] = ()
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
