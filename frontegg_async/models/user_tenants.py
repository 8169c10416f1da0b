"""Models of the tenants of a user: those that it belongs to, and the one that it switches to."""

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
    """A tenant that a user belongs to.

    The service returns all of its fields, or its id and its name alone; a field that it leaves out is ``None``.
    """

    tenant_id: str
    """The id of the tenant."""
    name: str = attrs.field(default="", repr=False, metadata={EXPECTED: True})
    """The name.

    Empty where the service gives none: ``extra["name"]`` is then ``None`` for null and ``""`` for a missing field.
    """
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When the tenant was created; ``None`` where the service does not say."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When the tenant was last changed; ``None`` where the service does not say."""
    deleted_at: datetime | None = attrs.field(default=None, repr=False)
    """When the tenant was deleted; ``None`` while it is alive. See ``is_deleted``."""
    internal_id: str | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "id"})
    """The service's internal id, which no operation takes; not ``tenant_id``."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The id of the environment that the tenant is in."""
    is_reseller: bool | None = attrs.field(default=None, repr=False)
    """Whether the tenant may have sub-accounts."""
    is_locked: bool | None = attrs.field(default=None, repr=False)
    """Whether the tenant is locked: its users cannot sign in, refresh their session or switch into it."""
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """The parsed JSON value; `RawText` where the service's text is not JSON, ``None`` where there is none."""
    creator_name: str | None = attrs.field(default=None, repr=False)
    """The name of who created the tenant, if it was given then."""
    creator_email: str | None = attrs.field(default=None, repr=False)
    """The e-mail address of who created the tenant, if it was given then."""
    status: str | None = attrs.field(default=None, repr=False)
    """Free text for your own logic; the service gives it no meaning."""
    website: str | None = attrs.field(default=None, repr=False)
    """The address of the tenant's web site."""
    application_url: str | None = attrs.field(default=None, repr=False)
    """Where the tenant's users reach your application."""
    logo: str | None = attrs.field(default=None, repr=False)
    """An image, base64-encoded."""
    logo_url: str | None = attrs.field(default=None, repr=False)
    """The address of an image."""
    address: str | None = attrs.field(default=None, repr=False)
    """A postal address, as one text."""
    timezone: str | None = attrs.field(default=None, repr=False)
    """The name of a time zone, as ``Europe/Berlin``; the service does not check it."""
    currency: str | None = attrs.field(default=None, repr=False)
    """A currency, as ``EUR``; the service does not check it."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""

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
    """The tenant that a user's session switches to."""

    tenant_id: str
