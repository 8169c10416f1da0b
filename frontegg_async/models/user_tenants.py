"""Models of the tenants of a user, and of the change of the active tenant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from frontegg_async._values.fields import EXPECTED, STRICT, WIRE_NAME
from frontegg_async._values.json_values import JsonValue, LazyJson
from frontegg_async._values.value import Value
from frontegg_async.models.model import ModelWithMetadata

__all__ = ["UserTenant"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserTenant(ModelWithMetadata):
    """A tenant to which a user belongs.

    Some responses have all fields, others only the id and the name. Missing fields are ``None``.
    """

    tenant_id: str
    """The id of the tenant."""
    name: str = attrs.field(default="", repr=False, metadata={EXPECTED: True})
    """The name.

    Empty if the response has no name. ``extra["name"]`` is then ``None`` for a null name, and ``""`` for a missing
    name.
    """
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time at which the tenant was created; ``None`` if the response lacks it."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time at which the tenant was last changed; ``None`` if the response lacks it."""
    deleted_at: datetime | None = attrs.field(default=None, repr=False)
    """The time at which the tenant was deleted; ``None`` if the tenant exists. See ``is_deleted``."""
    internal_id: str | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "id"})
    """The service's internal id, different from ``tenant_id``. No operation accepts the internal id."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The id of the tenant's environment."""
    is_reseller: bool | None = attrs.field(default=None, repr=False)
    """Whether the tenant may have sub-accounts."""
    is_locked: bool | None = attrs.field(default=None, repr=False)
    """Whether the tenant is locked.

    Users of a locked tenant cannot sign in, refresh their session or switch to the tenant.
    """
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Your own metadata: the parsed JSON value, `RawText` if the text is not JSON, or ``None``."""
    creator_name: str | None = attrs.field(default=None, repr=False)
    """The name of the person who created the tenant, if the creation named a person."""
    creator_email: str | None = attrs.field(default=None, repr=False)
    """The e-mail address of the person who created the tenant, if the creation named a person."""
    status: str | None = attrs.field(default=None, repr=False)
    """A text for your own use. The service does not interpret the text."""
    website: str | None = attrs.field(default=None, repr=False)
    """The address of the tenant's web site."""
    application_url: str | None = attrs.field(default=None, repr=False)
    """The address at which the tenant's users reach your application."""
    logo: str | None = attrs.field(default=None, repr=False)
    """The logo: an image, base64-encoded."""
    logo_url: str | None = attrs.field(default=None, repr=False)
    """The address of the logo."""
    address: str | None = attrs.field(default=None, repr=False)
    """The postal address, as one text."""
    timezone: str | None = attrs.field(default=None, repr=False)
    """The name of the time zone, such as ``Europe/Berlin``; the service does not check the name."""
    currency: str | None = attrs.field(default=None, repr=False)
    """The currency, such as ``EUR``; the service does not check the code."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""

    @property
    def is_deleted(self) -> bool:
        """Whether the tenant was deleted, even if the response has no valid time of the deletion."""
        return self.deleted_at is not None or self.extra.get("deletedAt") is not None


LazyJson.install(UserTenant, "metadata")


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserTenants(Value):
    """The tenants to which the user belongs, and the active tenant, which may be a sub-account outside this list."""

    tenants: tuple[UserTenant, ...] = attrs.field(default=(), metadata={STRICT: True})
    active_tenant: UserTenant | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantSwitch(Value):
    """The tenant to which a user's session switches."""

    tenant_id: str
