"""The fields of a row in an accounts file: the fields that plans write, ignored fields, and other spellings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import attrs

from frontegg_async._values.fields import EXTRA, WRITABLE, wire_name
from frontegg_async.managed.registry import ACCOUNT
from frontegg_async.models.account_settings import TenantSettings
from frontegg_async.models.tenants import Tenant
from frontegg_async.snapshots.rows import ASSIGNED, NOT_MANAGED, PARENT

FORMAT: Final = "format"
TENANT_ID: Final = "tenant_id"
ABSENT: Final = "absent"
METADATA: Final = "metadata"
SETTINGS: Final = "settings"

_TENANT: Final = attrs.fields(cast("type[attrs.AttrsInstance]", Tenant))
_SETTINGS: Final = tuple(
    field
    for field in attrs.fields(cast("type[attrs.AttrsInstance]", TenantSettings))
    if field.name not in {TENANT_ID, EXTRA}
)

TEXTS: Final = frozenset({"name", *(field.name for field in _TENANT if WRITABLE in field.metadata)})
"""The text fields of accounts."""

FLAGS: Final = frozenset({"is_reseller", "is_locked"})
"""The boolean fields of accounts."""

SETTINGS_FIELDS: Final = frozenset(field.name for field in _SETTINGS)
"""The fields of ``settings``, which are all text."""

MANAGED: Final = frozenset({*TEXTS, *FLAGS, PARENT, METADATA, SETTINGS, *ASSIGNED})
"""The fields that plans can write."""

OBJECTS: Final = frozenset(ACCOUNT)
"""The fields that contain objects of an account by key, such as ``users``."""

READ_ONLY: Final = frozenset({field.name for field in _TENANT} - MANAGED - {TENANT_ID}) | {"api_tokens", NOT_MANAGED}
"""The fields that exports contain but plans ignore."""

KNOWN: Final = frozenset({FORMAT, TENANT_ID, ABSENT, *MANAGED, *OBJECTS, *READ_ONLY})

SPELLINGS: Final[Mapping[str, str]] = {
    "parentTenantId": PARENT,
    "apiTokens": "api_tokens",
    **{wire_name(field): field.name for field in _TENANT if wire_name(field) != field.name},
}
"""The names of fields, by their spelling in the API."""

SETTINGS_SPELLINGS: Final[Mapping[str, str]] = {
    wire_name(field): field.name for field in _SETTINGS if wire_name(field) != field.name
}
"""The names of fields of ``settings``, by their spelling in the API."""
