"""The rows of an export: the fields of an account, and how they become JSON text that is always the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final, TypeAlias, cast

import attrs
import msgspec

from frontegg_async._core.codec.fast_path import PlainRow
from frontegg_async._values.json_values import JsonValue, parse_json, read_float
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

# JSON text has no such byte, so that the id of the parent, which is known last, is put in its place.
_PARENT_PLACE: Final = b"\0"
_OWN: Final[dict[str, object]] = {
    "format": FORMAT,
    PARENT: msgspec.Raw(_PARENT_PLACE),
    "extra": msgspec.Raw(b"{}"),
}


class AccountRow(PlainRow):
    """A tenant of a listing as an export writes it."""

    model = Tenant
    own = _OWN

    @staticmethod
    def parse(text: str) -> msgspec.Raw | str:
        """Return JSON text with sorted keys, and text that is no JSON as it is.

        The parsed values are gone at once, so that the garbage collector has nothing to look at.
        """
        try:
            return msgspec.Raw(_encoder.encode(parse_json(text)))
        except (ValueError, RecursionError):
            return text

    tenant_id: str
    is_reseller: bool | None


# What has parts stays text, in the order that it has.
_WholeRow: Final[Any] = msgspec.defstruct(
    "_WholeRow",
    [(name, msgspec.Raw if name in {"extra", "metadata"} else Any, _OWN.get(name)) for name in FIELDS],
    gc=False,
)
_read_whole: Final = msgspec.json.Decoder(_WholeRow, float_hook=read_float).decode
_TENANT_ID: Final = attrgetter("tenant_id")


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


def lines_of(rows: Sequence[AccountRow]) -> dict[str, bytes]:
    """Return accounts as JSON text, for `whole_lines`, by the ids."""
    whole = [_whole_row(row) if isinstance(row, Tenant) else row for row in rows]
    lines = _encoder.encode_lines(whole).split(b"\n")  # which has nothing behind the last
    return dict(zip(map(_TENANT_ID, rows), lines, strict=False))


def _whole_row(tenant: Tenant) -> object:
    _ = tenant.metadata  # which are written as text within text as long as nothing parsed them
    return _read_whole(to_json(tenant))


def whole_lines(lines: Iterable[bytes], parents: Iterable[bytes]) -> bytes:
    """Return accounts with their parents as JSON Lines.

    Args:
        lines: What `lines_of` returned of each account.
        parents: The id of the parent of each as JSON text.
    """
    rows = zip(lines, parents, strict=True)
    return b"".join([line.replace(_PARENT_PLACE, parent) + b"\n" for line, parent in rows])
