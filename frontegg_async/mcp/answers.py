"""Answers: the results of tools, escaped and limited in size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import attrs
import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.mcp.cursors import Position
from frontegg_async.mcp.escaping import fitted

MOST_BYTES: Final = 18_500
"""The most bytes of the rows in an answer. A whole answer has at most 20 kB."""

_ROW: Final = 4_000
"""The most bytes of a row in a list."""
_FRAME: Final = 500
"""The bytes of an answer around its rows: names and cursor."""

Row: TypeAlias = dict[str, JsonValue]


@attrs.frozen
class One:
    """A result that is a single object."""

    value: Row


@attrs.frozen(kw_only=True)
class Listed:
    """A result that is a list of rows."""

    rows: Sequence[tuple[Position, Row]]
    """Each row with its position. A later call continues there if the answer has no room for the row."""
    after: Position | None
    """The position after the last row; ``None`` if there are no more rows."""
    total: int | None
    """The total number of rows; ``None`` if it is unknown, or the session must not know it."""
    continues: tuple[str, Row] | None = None
    """The tool and the arguments of the call that continues, if they differ from those of this call."""
    is_whole: bool = False
    """Whether no later call can return rows that the answer has no room for."""
    beside: Row = attrs.field(factory=dict[str, JsonValue])
    """Values of this server beside ``data``, without text of customers."""


@attrs.frozen
class Form:
    """The form of an answer."""

    has_structure: bool = True
    """Whether the answer has structured content."""
    has_text: bool = False
    """Whether the answer repeats the content as JSON text, for clients that show assistants only text."""

    def weigh(self, value: JsonValue) -> int:
        """Return the number of bytes that a value needs."""
        encoded = msgspec.json.encode(value)
        in_text = len(msgspec.json.encode(encoded.decode())) if self.has_text else 0
        return in_text + (len(encoded) if self.has_structure else 0)


STRUCTURED: Final = Form()


@attrs.frozen
class Answer:
    """An answer."""

    content: Row
    """The structured content."""
    rows: int
    """The number of rows in the answer."""


def answer_of(found: One | Listed, cursor: Callable[[Position], str], *, most: int, form: Form) -> Answer:
    """Return the answer for the result of a tool.

    Args:
        found: The result of the tool.
        cursor: Returns the cursor of a position.
        most: The most rows of the answer.
        form: The form of the answer.
    """
    if isinstance(found, One):
        return Answer({"data": fitted(found.value, MOST_BYTES - _FRAME, form.weigh)}, 1)
    room = MOST_BYTES - form.weigh(found.beside) - _FRAME
    data: list[JsonValue] = []
    after = found.after
    for position, row in found.rows:
        shown = fitted(row, _ROW, form.weigh)
        room -= form.weigh(shown) + 2
        if len(data) == most or (room < 0 and data):
            after = position
            break
        data.append(shown)
    following = None if after is None or found.is_whole else cursor(after)
    return Answer({"data": data, "total": found.total, "next": following, **found.beside}, len(data))
