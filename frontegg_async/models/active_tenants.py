"""Models of active tenants: for each application, the tenant in which a user works."""

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
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class ActiveTenantsOfUser(Model):
    """The tenants in which a user works, for each application."""

    application_active_tenants: tuple[ActiveTenantOfApplication, ...] = attrs.field(default=(), repr=False)
    """The tenants, each with its application."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActiveTenantChange(Value):
    """The tenant to make active in an application."""

    app_id: str = attrs.field(metadata={WIRE_NAME: "applicationId"})
    tenant_id: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActiveTenantChanges(Value):
    """The tenants to make active in some applications."""

    active_application_tenants: tuple[ActiveTenantChange, ...]
