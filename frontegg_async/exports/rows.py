"""The rows of an export: the fields of an account, and how they become JSON text that is always the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final, TypeAlias, cast

import attrs
import msgspec

from frontegg_async._values.json_values import JsonValue, LazyJson, parse_json, read_float
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.exports import IncludeLiteral
from frontegg_async.models.tenants import Tenant

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

# Text that is no JSON is of a class of its own, which becomes plain text.
_encoder: Final = msgspec.json.Encoder(order="deterministic", enc_hook=str)

# A spooled line has the fields that the service gives; this adds the others, in the order of their names. What has
# parts stays text, in the order that it has.
_DEFAULTS: Final = {"format": FORMAT, "extra": msgspec.Raw(b"{}")}
_AccountRow: Any = msgspec.defstruct(
    "_AccountRow",
    [(name, msgspec.Raw if name in {"extra", "metadata"} else Any, _DEFAULTS.get(name)) for name in FIELDS],
    gc=False,
)
_read_lines: Final = msgspec.json.Decoder(
    cast("type[list[Any]]", list.__class_getitem__(_AccountRow)), float_hook=read_float
).decode
_write_lines: Final = msgspec.json.Encoder().encode_lines

_TENANT_ID: Final = attrgetter("tenant_id")
_METADATA: Final = cast("LazyJson", vars(Tenant)["metadata"]).slot


def to_json(value: object) -> bytes:
    """Return JSON text with sorted keys and without white space."""
    return _encoder.encode(value)


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


def lines_of(tenants: Sequence[Tenant]) -> dict[str, bytes]:
    """Return what the service gives of each tenant as JSON text, for `whole_lines`, by the ids."""
    for tenant in tenants:
        _parse_metadata(tenant)
    lines = _encoder.encode_lines(tenants).split(b"\n")  # which has nothing behind the last
    return dict(zip(map(_TENANT_ID, tenants), lines, strict=False))


def _parse_metadata(tenant: Tenant) -> None:
    """Parse the metadata, which are written as text within text otherwise."""
    text = _METADATA.__get__(tenant)
    if type(text) is str and text[:1] == "{":  # as nearly always; reading the attribute takes three times as long
        try:
            _METADATA.__set__(tenant, parse_json(text))
        except (ValueError, RecursionError):
            pass
        else:
            return
    _ = tenant.metadata


def whole_lines(lines: Iterable[bytes], parents: Iterable[str]) -> bytes:
    """Return rows with all fields as JSON Lines.

    Args:
        lines: What `lines_of` returned of each account.
        parents: The id of the parent of each; empty without one.
    """
    rows = _read_lines(b"[%b]" % b",".join(lines))
    for row, parent in zip(rows, parents, strict=True):
        row.parent_tenant_id = parent or None
    return _write_lines(rows)
