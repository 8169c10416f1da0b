"""Models of the hierarchy: tenants with their levels, as nodes of a tree, and with counts of sub-accounts."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias

import attrs

from frontegg_async._values.fields import EXPECTED, EXTRA, OTHER_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.optional_slots import DictSlot
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["HierarchyMetadata", "HierarchyTenant", "RelatedTenant", "SubAccountAccessType", "TreeNode"]

_NAMED: Final = {OTHER_NAME: "name"}


class SubAccountAccessType(enum.StrEnum):
    """Whether the users of a tenant may enter its sub-accounts."""

    DEFAULT_OFF = "defaultOff"
    """Only users for whom access is allowed."""
    DEFAULT_ON = "defaultOn"
    """All users but those for whom access is forbidden."""
    ALWAYS_ON = "alwaysOn"
    """Every user."""


SubAccountAccessTypeLiteral: TypeAlias = Literal[
    "defaultOff", "defaultOn", "alwaysOn", "default_off", "default_on", "always_on"
]
"""The values of `SubAccountAccessType` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class RelatedTenant(Model):
    """A tenant above or below another one in the hierarchy."""

    tenant_id: str
    """The id of the other tenant."""
    level: int | None = None
    """How many levels lie between the two, 1 for a direct sub-account or parent.

    ``None`` where the service does not say.
    """
    tenant_name: str | None = attrs.field(default=None, repr=False, metadata=_NAMED)
    """The name: the service's ``tenantName``, or its ``name`` where it gives no other; ``None`` without one."""
    status: str | None = attrs.field(default=None, repr=False)
    """Free text for your own logic; the service gives it no meaning."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When the tenant was created; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TreeNode(Model):
    """A tenant in a `TenantTree`. Ask the tree for the nodes above and below it."""

    tenant_id: str
    """The id of the tenant."""
    tenant_name: str | None = attrs.field(default=None, repr=False, metadata=_NAMED)
    """The name: the service's ``tenantName``, or its ``name`` where it gives no other; ``None`` without one."""
    status: str | None = attrs.field(default=None, repr=False)
    """Free text for your own logic; the service gives it no meaning."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When the tenant was created; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type.

    ``extra["children"]`` is there if the service gives neither nodes nor null below this node, but a text for example.
    """


DictSlot.install(RelatedTenant, (EXTRA,))
DictSlot.install(TreeNode, (EXTRA,))


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class HierarchyMarks(Model):
    """What a search of the hierarchy returns of a tenant's place in it."""

    is_parent: bool | None = None
    """Whether the tenant has sub-accounts; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class HierarchyTenant(Model):
    """A tenant as a search of the hierarchy returns it."""

    tenant_id: str
    """The id of the tenant."""
    name: str = attrs.field(default="", repr=False, metadata={EXPECTED: True})
    """The name.

    Empty where the service gives none: ``extra["name"]`` is then ``None`` for null and ``""`` for a missing field.
    """
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When the tenant was created; ``None`` where the service does not say."""
    metadata: HierarchyMarks | None = attrs.field(default=None, repr=False)
    """What the search says of the tenant's place; not the tenant's own metadata. ``None`` where it says nothing."""
    is_reseller: bool | None = attrs.field(default=None, repr=False)
    """Whether the tenant may have sub-accounts."""
    sub_account_access_type: str | None = attrs.field(default=None, repr=False)
    """A `SubAccountAccessType`, or a text that this version does not know."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class HierarchyMetadata(Model):
    """How many sub-accounts a tenant has, over all levels, and whether it has any."""

    tenant_id: str
    """The id of the tenant."""
    total_sub_tenants: int | None = None
    """How many sub-accounts the tenant has, over all levels; ``None`` where the service gives no number."""
    is_parent: bool | None = None
    """Whether the tenant has sub-accounts; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HierarchyAssignment(Value):
    """A tenant and the parent that it is put under."""

    parent_tenant_id: str
    child_tenant_id: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HierarchyRemoval(Value):
    """A tenant and the parent that it is removed from."""

    parent_tenant_id: str
    child_tenant_id: str
