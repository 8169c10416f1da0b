"""Tenants as the hierarchy tells of them: with their levels, in a tree, and whether they have sub-accounts."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import attrs

from frontegg_async._values.fields import EXPECTED, EXTRA, OTHER_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.optional_slots import DictSlot
from frontegg_async._values.value import Value

_NAMED: Final = {OTHER_NAME: "name"}


class SubAccountAccessType(enum.StrEnum):
    """Whether the users of a tenant may enter its sub-accounts."""

    DEFAULT_OFF = "defaultOff"
    """Not unless it is allowed for a user."""
    DEFAULT_ON = "defaultOn"
    """Unless it is forbidden for a user."""
    ALWAYS_ON = "alwaysOn"
    """Every user may."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class RelatedTenant(Value):
    """A tenant above or below another.

    ``level`` is how many levels lie between, 1 for a direct sub-account; ``None`` where the service does not say it.
    ``tenant_name`` is the service's ``tenantName``, or its ``name`` where it gives no other.
    """

    tenant_id: str
    level: int | None = None
    tenant_name: str | None = attrs.field(default=None, repr=False, metadata=_NAMED)
    status: str | None = attrs.field(default=None, repr=False)
    created_at: datetime | None = attrs.field(default=None, repr=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TreeNode(Value):
    """A tenant in a `TenantTree`, without the nodes above and below, which are the tree's to tell.

    ``tenant_name`` is the service's ``tenantName``, or its ``name`` where it gives no other. ``extra["children"]`` has
    what the service gives in the place of the nodes below this one if it is neither nodes nor null, for example a text.
    """

    tenant_id: str
    tenant_name: str | None = attrs.field(default=None, repr=False, metadata=_NAMED)
    status: str | None = attrs.field(default=None, repr=False)
    created_at: datetime | None = attrs.field(default=None, repr=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


DictSlot.install(RelatedTenant, (EXTRA,))
DictSlot.install(TreeNode, (EXTRA,))


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class HierarchyMarks(Value):
    """What a search of the hierarchy says of the place of a tenant."""

    is_parent: bool | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class HierarchyTenant(Value):
    """A tenant as a search of the hierarchy finds it.

    ``name`` is empty where the service gives none; ``extra["name"]`` is ``None`` then for null, and ``""`` for a name
    that is missing.
    ``sub_account_access_type`` is a `SubAccountAccessType`, or another text that this version does not know.
    """

    tenant_id: str
    name: str = attrs.field(default="", repr=False, metadata={EXPECTED: True})
    created_at: datetime | None = attrs.field(default=None, repr=False)
    metadata: HierarchyMarks | None = attrs.field(default=None, repr=False)
    is_reseller: bool | None = attrs.field(default=None, repr=False)
    sub_account_access_type: str | None = attrs.field(default=None, repr=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class HierarchyMetadata(Value):
    """How many sub-accounts a tenant has, over all levels, and whether it has any."""

    tenant_id: str
    total_sub_tenants: int | None = None
    is_parent: bool | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HierarchyAssignment(Value):
    """Which tenant is put under which."""

    parent_tenant_id: str
    child_tenant_id: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class HierarchyRemoval(Value):
    """Which tenant is taken from under which."""

    parent_tenant_id: str
    child_tenant_id: str
