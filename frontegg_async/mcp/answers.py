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
"""The largest size of the rows in an answer, in bytes. A whole answer has at most 20 kB."""

_ROW: Final = 4_000
"""The largest size of a row in a list, in bytes."""
_FRAME: Final = 500
"""The size of the other parts of an answer, such as its names and its cursor, in bytes."""

Row: TypeAlias = dict[str, JsonValue]


@attrs.frozen
class One:
    """A result that is a single object."""

    value: Row


@attrs.frozen(kw_only=True)
class Listed:
    """A result that is a list of rows."""

    rows: Sequence[tuple[Position, Row]]
    """Each row with its position. If the answer has no room for the row, the next call continues at this position."""
    after: Position | None
    """The position after the last row. ``None`` if there are no more rows."""
    total: int | None
    """The total number of rows. ``None`` if the number is unknown, or the session must not know it."""
    continues: tuple[str, Row] | None = None
    """The tool and the arguments of the next call, if they differ from those of this call."""
    is_whole: bool = False
    """Whether there is no next call. Rows for which the answer has no room are then lost."""
    beside: Row = attrs.field(factory=dict[str, JsonValue])
    """Additional values of the answer beside ``data``. They contain no text of customers."""


@attrs.frozen
class Form:
    """The form of an answer."""

    has_structure: bool = True
    """Whether the answer contains structured content."""
    has_text: bool = False
    """Whether the answer repeats the content as JSON text, for clients that show assistants only text."""

    def weigh(self, value: JsonValue) -> int:
        """Return the number of bytes that a value needs in an answer of this form."""
        encoded = msgspec.json.encode(value)
        in_text = len(msgspec.json.encode(encoded.decode())) if self.has_text else 0
        return in_text + (len(encoded) if self.has_structure else 0)


STRUCTURED: Final = Form()


@attrs.frozen
class Answer:
    """The answer to a call of a tool."""

    content: Row
    """The structured content."""
    rows: int
    """The number of rows in the answer."""


def answer_of(found: One | Listed, cursor: Callable[[Position], str], *, most: int, form: Form) -> Answer:
    """Return the answer for the result of a tool.

    Args:
        found: The result of the tool.
        cursor: Returns the cursor of a position.
        most: The largest number of rows in the answer.
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
