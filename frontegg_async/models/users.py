"""Users of tenants, as far as the tenants API counts and moves them."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserCount(Value):
    """How many users a tenant has, and how many of them may enter it; ``None`` is a number that was not given."""

    tenant_id: str
    total_users: int | None = None
    total_access_allowed_users: int | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserCountQuery(Value):
    """Whose users to count."""

    tenant_ids: tuple[str, ...]
    exclude_invisible_users: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserMove(Value):
    """Which tenant's users go where."""

    src_tenant_id: str
    target_tenant_id: str
