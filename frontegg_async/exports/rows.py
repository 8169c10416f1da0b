"""The rows of an export: the fields of an account, and how they become JSON text that is always the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias, cast

import attrs
import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.exports import IncludeLiteral
from frontegg_async.models.tenants import Tenant
from frontegg_async.models.to_plain import secret_names

FORMAT: Final = "frontegg-accounts/1"
"""The version of the format, which each row has."""

INCLUDES: Final[Sequence[IncludeLiteral]] = ("settings", "sso", "api-tokens")

Row: TypeAlias = dict[str, JsonValue]
"""An account as an export has it."""

PARENT: Final = "parent_tenant_id"
FIELDS: Final = tuple(
    sorted(["format", PARENT, *(field.name for field in attrs.fields(cast("type[attrs.AttrsInstance]", Tenant)))])
)
"""The fields that each row has."""

_NO_PARENT: Final = b'"parent_tenant_id":null'

# Text that is no JSON is of a class of its own, which becomes plain text.
_write: Final = msgspec.json.Encoder(order="deterministic", enc_hook=str).encode

# The values stay JSON text while the missing fields are added: making objects of them takes several times as long.
_DEFAULTS: Final = {"format": msgspec.Raw(_write(FORMAT)), "extra": msgspec.Raw(b"{}")}
_NULL: Final = msgspec.Raw(b"null")
_TenantRow: Any = msgspec.defstruct(
    "_TenantRow", [(name, msgspec.Raw, _DEFAULTS.get(name, _NULL)) for name in FIELDS], gc=False
)
_read_rows: Final = msgspec.json.Decoder(cast("type[list[object]]", list.__class_getitem__(_TenantRow))).decode
_write_row: Final = msgspec.json.Encoder().encode


def to_json(value: object) -> bytes:
    """Return JSON text with sorted keys and without white space."""
    return _write(value)


def field_of(include: IncludeLiteral) -> str:
    """Return the field of a row that has what is included."""
    return include.replace("-", "_")


def check_include(include: object) -> tuple[IncludeLiteral, ...]:
    """Return what to include, each once and in a fixed order.

    Raises:
        InvalidArgumentError: It is no collection of names, or there is no such name.
    """
    if isinstance(include, str) or not isinstance(include, Sequence | set | frozenset):
        raise InvalidArgumentError("include must be a collection of names, as ('settings', 'sso')")
    names = cast("Sequence[object]", include)
    for name in names:
        if name not in INCLUDES:
            raise InvalidArgumentError(f"include must have names among {', '.join(INCLUDES)}; {name!r} is not")
    return tuple(name for name in INCLUDES if name in names)


def lines_of(tenants: Sequence[Tenant]) -> list[tuple[str, bytes]]:
    """Return the id of each tenant, and its row as JSON text, still without its parent."""
    for tenant in tenants:
        _ = tenant.metadata  # which is parsed now, and not written as text within text
    rows = _read_rows(_write(tenants))
    return [(tenant.tenant_id, _write_row(row)) for tenant, row in zip(tenants, rows, strict=True)]


def with_parent(line: bytes, parent_id: str) -> bytes:
    """Return a row with the id of its parent. All fields after that one are plain, and cannot look like it."""
    before, _, after = line.rpartition(_NO_PARENT)
    return b'%b"parent_tenant_id":%b%b' % (before, _write(parent_id), after)


def without_secrets(value: object) -> JsonValue:
    """Return a model as plain JSON, without secrets and without what may be one: fields that are not known."""
    if isinstance(value, tuple):
        return sorted_json(cast("tuple[object, ...]", value))
    if not isinstance(value, Value):
        return cast("JsonValue", msgspec.to_builtins(value, enc_hook=str))
    left_out = {"tenant_id", "extra", *secret_names(cast("type", type(value)))}
    names = (field.name for field in attrs.fields(cast("type[attrs.AttrsInstance]", type(value))))
    return {name: without_secrets(getattr(value, name)) for name in names if name not in left_out}


def sorted_json(values: Sequence[object]) -> JsonValue:
    """Return models as plain JSON without secrets, in an order that depends on nothing but them."""
    return sorted(map(without_secrets, values), key=to_json)
