"""The settings of a tenant that its own administrators may change."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class TenantSettings(Value):
    """The settings of a tenant. They are fields of the tenant itself; ``None`` is what was never set."""

    tenant_id: str
    application_url: str | None = None
    login_url: str | None = None
    address: str | None = None
    timezone: str | None = None
    date_format: str | None = None
    time_format: str | None = None
    currency: str | None = None
    logo: str | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], hash=False)

    def __repr__(self) -> str:
        return f"TenantSettings(tenant_id={self.tenant_id!r})"


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class PublicTenantSettings(Value):
    """The settings of a tenant that need no permission to be read."""

    tenant_id: str
    application_url: str | None = attrs.field(default=None, repr=False)
    login_url: str | None = attrs.field(default=None, repr=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantSettingsUpdate(Value):
    """The settings to change. What is `UNSET` is not sent; ``None`` is sent as null."""

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
