"""Models of the users of tenants: how many there are, and the bodies of requests that count and move them."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["UserCount"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserCount(Model):
    """The number of users of a tenant."""

    tenant_id: str
    """The id of the tenant."""
    total_users: int | None = None
    """How many users belong to the tenant; ``None`` where the service gives no number."""
    total_access_allowed_users: int | None = None
    """How many of them may enter the tenant; ``None`` where the service gives no number."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserCountQuery(Value):
    """The tenants whose users are counted."""

    tenant_ids: tuple[str, ...]
    exclude_invisible_users: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserMove(Value):
    """The tenant whose users are moved, and the tenant that they are moved to."""

    src_tenant_id: str
    target_tenant_id: str
