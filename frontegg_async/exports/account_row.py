"""Accounts of a listing as lines of an export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, ClassVar, Final

import msgspec

from frontegg_async._core.codec.fast_path import PlainRow
from frontegg_async._values.json_values import parse_json, read_float
from frontegg_async.exports.rows import FIELDS, FORMAT, PARENT, to_json, to_json_lines
from frontegg_async.models.tenants import Tenant

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
    own: ClassVar[Mapping[str, object]] = _OWN

    @staticmethod
    def parse(text: str) -> msgspec.Raw | str:
        """Return JSON text with sorted keys, and text that is no JSON as it is.

        The parsed values are gone at once, so that the garbage collector has nothing to look at.
        """
        try:
            return msgspec.Raw(to_json(parse_json(text)))
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


def lines_of(rows: Sequence[AccountRow]) -> dict[str, bytes]:
    """Return accounts as JSON text, for `whole_lines`, by the ids."""
    whole = [_whole_row(row) if isinstance(row, Tenant) else row for row in rows]
    lines = to_json_lines(whole).split(b"\n")  # which has nothing behind the last
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
