"""Models of account settings: the fields of a tenant that its own administrators may change."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["PublicTenantSettings", "TenantSettings"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TenantSettings(Model):
    """The account settings of a tenant.

    Each setting is a field of the tenant; a setting that was never set is ``None``.
    """

    tenant_id: str
    """The id of the tenant."""
    application_url: str | None = None
    """The address at which the tenant's users reach your application."""
    login_url: str | None = None
    """The address at which the tenant's users sign in."""
    address: str | None = None
    """The postal address, as one text."""
    timezone: str | None = None
    """The name of the time zone, such as ``Europe/Berlin``; the service does not check the name."""
    date_format: str | None = None
    """The format of dates, such as ``DD/MM/YYYY``."""
    time_format: str | None = None
    """The format of times of day, such as ``24h``."""
    currency: str | None = None
    """The currency, such as ``EUR``; the service does not check the code."""
    logo: str | None = None
    """The logo: an image, base64-encoded."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""

    def __repr__(self) -> str:
        return f"TenantSettings(tenant_id={self.tenant_id!r})"


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class PublicTenantSettings(Model):
    """The account settings that a user may read without a permission."""

    tenant_id: str
    """The id of the tenant."""
    application_url: str | None = attrs.field(default=None, repr=False)
    """The address at which the tenant's users reach your application."""
    login_url: str | None = attrs.field(default=None, repr=False)
    """The address at which the tenant's users sign in."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantSettingsUpdate(Value):
    """The settings to change. Fields that are `UNSET` are not sent; ``None`` is sent as null."""

    name: str | Unset = UNSET
    application_url: str | None | Unset = UNSET
    login_url: str | None | Unset = UNSET
    address: str | None | Unset = UNSET
    timezone: str | None | Unset = UNSET
    date_format: str | None | Unset = UNSET
    time_format: str | None | Unset = UNSET
    currency: str | None | Unset = UNSET
    logo: str | None | Unset = UNSET

    def __repr__(self) -> str:
        return object.__repr__(self)
