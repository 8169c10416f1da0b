"""Sessions of users and of API tokens: what they begin with, and the tokens that the service hands out."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import attrs

from frontegg_async._values.fields import EXPECTED, READ, STRICT, WIRE_NAME
from frontegg_async._values.json_values import JsonValue, LazyJson
from frontegg_async._values.value import Value

_MAX_DATE: Final = 64


def _read_expiry(value: object) -> datetime | None:
    """Read an HTTP date or an RFC 3339 date-time; anything else is ``None``, since ``expiresIn`` alone is needed."""
    if not isinstance(value, str) or len(value) > _MAX_DATE:
        return None
    for read in (email.utils.parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except Exception:  # noqa: BLE001, S112 - the parser of mail dates raises whatever odd text leads it to
            continue
    return None


_EXPIRY: Final = {READ: _read_expiry}


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
    """The tokens of a session, and the seconds that the access token is good for.

    ``expires`` is the moment of its end by the service's clock, ``None`` if the service wrote no readable date.
    """

    access_token: str = attrs.field(repr=False)
    refresh_token: str | None = attrs.field(default=None, repr=False)
    expires_in: float
    expires: datetime | None = attrs.field(default=None, metadata=_EXPIRY)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SessionTokensV2(Value):
    """The same, as the second version of the API token routes writes it."""

    access_token: str = attrs.field(repr=False, metadata={WIRE_NAME: "access_token"})
    refresh_token: str | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "refresh_token"})
    expires_in: float = attrs.field(metadata={WIRE_NAME: "expires_in"})
    expires: datetime | None = attrs.field(default=None, metadata=_EXPIRY)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserTenant(Value):
    """A tenant that a user belongs to.

    The service tells all fields of it, or its id and name only; what it does not tell is ``None``. ``name`` is empty
    where the service gives none; ``extra["name"]`` is ``None`` then for null, and ``""`` for a name that is missing.
    ``metadata`` is the parsed JSON value. ``extra`` has the fields that this version does not know, by their names on
    the wire.
    """

    tenant_id: str
    name: str = attrs.field(default="", repr=False, metadata={EXPECTED: True})
    created_at: datetime | None = attrs.field(default=None, repr=False)
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    deleted_at: datetime | None = attrs.field(default=None, repr=False)
    id: str | None = attrs.field(default=None, repr=False)
    vendor_id: str | None = attrs.field(default=None, repr=False)
    is_reseller: bool | None = attrs.field(default=None, repr=False)
    is_locked: bool | None = attrs.field(default=None, repr=False)
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    creator_name: str | None = attrs.field(default=None, repr=False)
    creator_email: str | None = attrs.field(default=None, repr=False)
    status: str | None = attrs.field(default=None, repr=False)
    website: str | None = attrs.field(default=None, repr=False)
    application_url: str | None = attrs.field(default=None, repr=False)
    logo: str | None = attrs.field(default=None, repr=False)
    logo_url: str | None = attrs.field(default=None, repr=False)
    address: str | None = attrs.field(default=None, repr=False)
    timezone: str | None = attrs.field(default=None, repr=False)
    currency: str | None = attrs.field(default=None, repr=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)

    @property
    def is_deleted(self) -> bool:
        """Whether the service says that the tenant was deleted, in a form that can be read as a time or in another."""
        return self.deleted_at is not None or self.extra.get("deletedAt") is not None


LazyJson.install(UserTenant, "metadata")


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserTenants(Value):
    """The tenants that a user belongs to, and the active one, which may be a sub-account that is not among them."""

    tenants: tuple[UserTenant, ...] = attrs.field(default=(), metadata={STRICT: True})
    active_tenant: UserTenant | None = None
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
