"""Models of the hierarchy: levels of tenants, nodes of a tree, and counts of sub-accounts."""

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
    """The rules for the access of a tenant's users to its sub-accounts."""

    DEFAULT_OFF = "defaultOff"
    """Only users to whom access is granted may enter the sub-accounts."""
    DEFAULT_ON = "defaultOn"
    """All users may enter the sub-accounts, except users to whom access is denied."""
    ALWAYS_ON = "alwaysOn"
    """All users may enter the sub-accounts."""


SubAccountAccessTypeLiteral: TypeAlias = Literal[
    "defaultOff", "defaultOn", "alwaysOn", "default_off", "default_on", "always_on"
]
"""The values of `SubAccountAccessType` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class RelatedTenant(Model):
    """A tenant above or below another tenant in the hierarchy."""

    tenant_id: str
    """The id of the other tenant."""
    level: int | None = None
    """The number of levels between the two tenants: 1 for a direct sub-account or parent.

    ``None`` if the response lacks the number.
    """
    tenant_name: str | None = attrs.field(default=None, repr=False, metadata=_NAMED)
    """The name, which the response has as ``tenantName`` or ``name``; ``None`` if both are missing."""
    status: str | None = attrs.field(default=None, repr=False)
    """A text for your own use. The service does not interpret the text."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time at which the tenant was created; ``None`` if the response lacks it."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TreeNode(Model):
    """A tenant in a `TenantTree`. The methods of the tree return the nodes above and below a node."""

    tenant_id: str
    """The id of the tenant."""
    tenant_name: str | None = attrs.field(default=None, repr=False, metadata=_NAMED)
    """The name, which the response has as ``tenantName`` or ``name``; ``None`` if both are missing."""
    status: str | None = attrs.field(default=None, repr=False)
    """A text for your own use. The service does not interpret the text."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time at which the tenant was created; ``None`` if the response lacks it."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON.

    ``extra["children"]`` exists only if the children in the response are neither nodes nor null, but for example a
    text.
    """


DictSlot.install(RelatedTenant, (EXTRA,))
DictSlot.install(TreeNode, (EXTRA,))


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class HierarchyMarks(Model):
    """The place of a tenant in the hierarchy: the ``metadata`` of a tenant that a search of the hierarchy returned."""

    is_parent: bool | None = None
    """Whether the tenant has sub-accounts; ``None`` if the response lacks this field."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class HierarchyTenant(Model):
    """A tenant that a search of the hierarchy returned."""

    tenant_id: str
    """The id of the tenant."""
    name: str = attrs.field(default="", repr=False, metadata={EXPECTED: True})
    """The name.

    Empty if the response has no name. ``extra["name"]`` is then ``None`` for a null name, and ``""`` for a missing
    name.
    """
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time at which the tenant was created; ``None`` if the response lacks it."""
    metadata: HierarchyMarks | None = attrs.field(default=None, repr=False)
    """The place of the tenant in the hierarchy, not your own metadata of the tenant.

    ``None`` if the search did not return the place.
    """
    is_reseller: bool | None = attrs.field(default=None, repr=False)
    """Whether the tenant may have sub-accounts."""
    sub_account_access_type: str | None = attrs.field(default=None, repr=False)
    """The access to sub-accounts: a `SubAccountAccessType`, or a text that this version does not know."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class HierarchyMetadata(Model):
    """The number of a tenant's sub-accounts over all levels."""

    tenant_id: str
    """The id of the tenant."""
    total_sub_tenants: int | None = None
    """The number of sub-accounts over all levels; ``None`` if the response lacks the number."""
    is_parent: bool | None = None
    """Whether the tenant has sub-accounts; ``None`` if the response lacks this field."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HierarchyAssignment(Value):
    """A tenant and its new parent."""

    parent_tenant_id: str
    child_tenant_id: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HierarchyRemoval(Value):
    """A tenant and the parent from which to remove it."""

    parent_tenant_id: str
    child_tenant_id: str
