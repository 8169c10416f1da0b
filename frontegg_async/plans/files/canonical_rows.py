"""Canonical rows: rows in exactly the form of exports.

Most rows of a file are canonical, so fast C code decodes and checks these rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter
from typing import Any, Final, Literal

import attrs
import msgspec

from frontegg_async._core.checks.arguments import MAX_DEPTH, is_plain
from frontegg_async._formats.json_text import sorted_json_lines
from frontegg_async._values.json_values import read_float
from frontegg_async.plans.files.fields import (
    FLAGS,
    FORMAT,
    METADATA,
    READ_ONLY,
    SETTINGS,
    SETTINGS_FIELDS,
    TENANT_ID,
    TEXTS,
)
from frontegg_async.snapshots.rows import ASSIGNED, PARENT

_TEXT: Final = str | None | msgspec.UnsetType


def _struct(name: str, types: dict[str, Any]) -> Any:  # noqa: ANN401 - the class is made here
    """Define a struct with the fields in the order of sorted JSON. Fields that a row does not contain are left out."""
    required = [(field, kind) for field, kind in types.items() if field == TENANT_ID]
    optional = [(field, kind, msgspec.UNSET) for field, kind in types.items() if field != TENANT_ID]
    return msgspec.defstruct(
        name,
        sorted([*required, *optional], key=lambda each: each[0]),
        kw_only=True,
        forbid_unknown_fields=True,
        gc=False,
    )


# Rows with other fields, such as ``absent``, are not canonical.
_Settings: Final[Any] = _struct("_Settings", dict.fromkeys(SETTINGS_FIELDS, _TEXT))
_Row: Final[Any] = _struct(
    "_Row",
    {
        TENANT_ID: str,
        FORMAT: Literal["frontegg-accounts/1"] | msgspec.UnsetType,
        PARENT: _TEXT,
        METADATA: Any,
        SETTINGS: _Settings | msgspec.UnsetType,
        **dict.fromkeys(ASSIGNED, list[str] | msgspec.UnsetType),
        **dict.fromkeys(TEXTS, _TEXT),
        **dict.fromkeys(FLAGS, bool | None | msgspec.UnsetType),
        **dict.fromkeys(READ_ONLY, Any),
    },
)

_NO_BRACKETS: Final = bytes({*range(256)} - {*b"{[\n"})
"""All bytes except the bytes that begin an object, an array or a line."""

_read: Final = msgspec.json.Decoder(_Row, float_hook=read_float).decode_lines


@attrs.frozen
class CanonicalRows:
    """Canonical rows (rows in exactly the form of exports) without faults."""

    ids: Sequence[str]
    parents: Sequence[str | None]
    """The parent in each row; ``None`` without a parent."""
    rows: Sequence[object] = attrs.field(repr=False)

    def names(self, field: str) -> bool:
        """Return whether any row contains a field."""
        values = [*map(attrgetter(field), self.rows)]
        return values.count(msgspec.UNSET) < len(values)

    @property
    def is_sorted(self) -> bool:
        """Whether the ids ascend."""
        return all(a < b for a, b in pairwise(self.ids))


FIELDS: Final[Sequence[str]] = _Row.__struct_fields__
"""The fields that canonical rows can contain."""


def canonical_rows(lines: bytes) -> CanonicalRows | None:
    """Return the rows of lines if all rows are canonical and have no fault; otherwise ``None``.

    Args:
        lines: Complete lines, each with its line feed.
    """
    try:
        rows = _read(lines)
        # Compare the bytes, since a field may occur twice.
        if sorted_json_lines(rows) != lines or _may_be_deep(lines):
            return None
    except (ValueError, OverflowError, RecursionError):
        return None
    ids = [row.tenant_id for row in rows]
    parents = [row.parent_tenant_id if isinstance(row.parent_tenant_id, str) else None for row in rows]
    are_plain = all(map(is_plain, ids)) and all(parent is None or is_plain(parent) for parent in {*parents})
    are_named = all(all(row.applications or ()) and all(row.plans or ()) for row in rows)
    return CanonicalRows(ids, parents, rows) if are_plain and are_named else None


def _may_be_deep(lines: bytes) -> bool:
    """Return whether a line has so many brackets that its values may be nested too deeply."""
    brackets = lines.translate(None, _NO_BRACKETS)
    return max(map(len, brackets.split(b"\n"))) > MAX_DEPTH
