"""Models of active tenants: the tenant in which a user works in each application."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.fields import WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["ActiveTenantOfApplication", "ActiveTenantsOfUser"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class ActiveTenantOfApplication(Model):
    """The tenant in which a user works in an application."""

    app_id: str = attrs.field(metadata={WIRE_NAME: "applicationId"})
    """The id of the application."""
    tenant_id: str
    """The id of the tenant."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class ActiveTenantsOfUser(Model):
    """The tenants in which a user works, for each application."""

    application_active_tenants: tuple[ActiveTenantOfApplication, ...] = attrs.field(default=(), repr=False)
    """The tenants, each with its application."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActiveTenantChange(Value):
    """The tenant in which a user is to work in an application."""

    app_id: str = attrs.field(metadata={WIRE_NAME: "applicationId"})
    tenant_id: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActiveTenantChanges(Value):
    """The tenants in which a user is to work, for some applications."""

    active_application_tenants: tuple[ActiveTenantChange, ...]
