"""The conversion of accounts in a listing to lines of a snapshot."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any, ClassVar, Final

import msgspec

from frontegg_async._core.codec.fast_path import PlainRow
from frontegg_async._formats.json_text import sorted_json, sorted_json_lines
from frontegg_async._values.json_values import parse_json, read_float
from frontegg_async.models.tenants import Tenant
from frontegg_async.snapshots.rows import FIELDS, FORMAT, PARENT

# A placeholder for the parent's id, which is found after the account is written. JSON text never contains this byte.
_PARENT_PLACE: Final = b"\0"
_PARENT_MEMBER: Final = b'"%s":%s,' % (PARENT.encode(), _PARENT_PLACE)
_OWN: Final[dict[str, object]] = {
    "format": FORMAT,
    PARENT: msgspec.Raw(_PARENT_PLACE),
    "extra": msgspec.Raw(b"{}"),
}


class AccountRow(PlainRow):
    """A tenant of a listing, in the form that a snapshot needs."""

    model = Tenant
    own: ClassVar[Mapping[str, object]] = _OWN
    tenant_id: str
    is_reseller: bool | None
    deleted_at: object


# Structured fields stay JSON text, so that the order of their keys does not change.
_WholeRow: Final[Any] = msgspec.defstruct(
    "_WholeRow",
    [(name, msgspec.Raw if name in {"extra", "metadata"} else Any, _OWN.get(name)) for name in FIELDS],
    gc=False,
)
_read_whole: Final = msgspec.json.Decoder(_WholeRow, float_hook=read_float).decode


class _Alone(msgspec.Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    """A JSON array of one value."""

    value: Any


_read_alone: Final = msgspec.json.Decoder(_Alone, float_hook=read_float).decode_lines


def lines_of(rows: Sequence[AccountRow | Tenant]) -> list[bytes]:
    """Convert accounts to lines of JSON text.

    Each line has a placeholder for the parent, which `whole_lines` replaces.
    """
    whole: list[Any] = [_whole_row(row) if isinstance(row, Tenant) else row for row in rows]
    given = [row for row in whole if type(row.metadata) is str]
    texts: list[str] = [row.metadata for row in given]
    try:
        _put_metadata(given, _parse_all(texts))
        lines = sorted_json_lines(whole)
    except (ValueError, RecursionError):
        _put_metadata(given, map(_parse_one, texts))
        lines = sorted_json_lines(whole)
    return io.BytesIO(lines).readlines()


def _put_metadata(rows: Iterable[Any], values: Iterable[object]) -> None:
    for row, value in zip(rows, values, strict=True):
        row.metadata = value


def _parse_all(texts: Sequence[str]) -> list[object]:
    """Parse several JSON texts at once. This is faster than a call for each text.

    Raises:
        ValueError: A text is not JSON.
    """
    # Put each text into an array of its own. If a text is not exactly one value, the decoder fails or the counts
    # differ.
    found = _read_alone("[" + "]\n[".join(texts) + "]") if texts else []
    if len(found) != len(texts):
        raise ValueError("a text contains more than one JSON value")
    return [each.value for each in found]


def _parse_one(text: str) -> msgspec.Raw | str:
    """Return JSON text with sorted keys; return text that is not JSON unchanged."""
    try:
        return msgspec.Raw(sorted_json(parse_json(text)))
    except (ValueError, RecursionError):
        return text


def _whole_row(tenant: Tenant) -> object:
    _ = tenant.metadata  # parse the metadata first: unparsed metadata would become a JSON text with JSON text in it
    return _read_whole(sorted_json(tenant))


def whole_lines(lines: Iterable[bytes], parents: Iterable[bytes]) -> bytes:
    """Return JSON Lines in which each account has the id of its parent.

    Args:
        lines: The line of each account, from `lines_of`.
        parents: For each account, the id of the parent as JSON text.
    """
    return b"".join(map(bytes.replace, lines, repeat(_PARENT_PLACE), parents))


def lines_without_parents(lines: Iterable[bytes]) -> bytes:
    """Return JSON Lines in which accounts lack the field for the parent.

    Args:
        lines: The line of each account, from `lines_of`.
    """
    return b"".join(map(bytes.replace, lines, repeat(_PARENT_MEMBER), repeat(b"")))
