"""Cursors: the positions at which listings continue. The server need not trust the content of a cursor."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

from frontegg_async._formats.json_text import sorted_json
from frontegg_async._values.json_values import JsonValue
from frontegg_async.mcp.refusals import RefusedError

Position: TypeAlias = tuple[int, ...]
"""The position of a row: numbers from 0. Only the tool knows their meaning."""

START: Final[Position] = (0, 0)
LONGEST: Final = 120
"""The greatest length of a cursor, in characters."""

_MOST: Final = 10**9
_TAG: Final = 8


def cursor_of(tool: str, arguments: Mapping[str, JsonValue], position: Position) -> str:
    """Return the cursor of a position.

    Args:
        tool: The name of the tool.
        arguments: The arguments of the call, without the cursor.
        position: The position of the next row.
    """
    return base64.urlsafe_b64encode(msgspec.json.encode([_tag(tool, arguments), *position])).decode().rstrip("=")


def position_of(tool: str, arguments: Mapping[str, JsonValue], cursor: str | None) -> Position:
    """Return the position of a cursor.

    Args:
        tool: The name of the tool.
        arguments: The arguments of the call, without the cursor.
        cursor: The cursor. ``None`` for the beginning.

    Raises:
        RefusedError: The text is not a cursor of this tool, or belongs to a call with other arguments.
    """
    if cursor is None:
        return START
    try:
        tag, *position = _decoded(cursor)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise RefusedError("cursor must be the 'next' of an earlier answer of this tool") from None
    if tag != _tag(tool, arguments):
        raise RefusedError(
            "cursor belongs to a call with other arguments: give the same arguments, or leave cursor out"
        )
    return tuple(position) if len(position) == len(START) else START


def _decoded(cursor: str) -> tuple[str, int, int]:
    found = msgspec.json.decode(base64.urlsafe_b64decode(f"{cursor}==="), type=tuple[str, int, int])
    if not all(0 <= number <= _MOST for number in found[1:]):
        raise ValueError
    return found


def _tag(tool: str, arguments: Mapping[str, JsonValue]) -> str:
    given: Sequence[JsonValue] = [tool, {name: value for name, value in arguments.items() if name != "limit"}]
    return hashlib.sha256(sorted_json(given)).hexdigest()[:_TAG]
