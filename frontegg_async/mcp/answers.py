"""Answers: what a tool found, escaped and within the size that an answer may have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import attrs
import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.mcp.cursors import Position
from frontegg_async.mcp.escaping import fitted

MOST_BYTES: Final = 18_500
"""The most bytes of what was found. A whole answer has at most 20 kB."""

_ROW: Final = 4_000
"""The most bytes of a row among others."""
_FRAME: Final = 500
"""The bytes of the names and the cursor around it."""

Row: TypeAlias = dict[str, JsonValue]


@attrs.frozen
class One:
    """One thing that was found."""

    value: Row


@attrs.frozen(kw_only=True)
class Listed:
    """Rows that were found."""

    rows: Sequence[tuple[Position, Row]]
    """Each with its position, from which a later call continues if the answer has no room for it."""
    after: Position | None
    """The position behind the last row; ``None`` if there is nothing."""
    total: int | None
    """The number of rows in all; ``None`` if nobody knows, or the session must not."""
    continues: tuple[str, Row] | None = None
    """The tool and the arguments of the call that continues, if these are others."""
    is_whole: bool = False
    """Whether no call has the rest, if there is no room for all."""
    beside: Row = attrs.field(factory=dict[str, JsonValue])
    """Values of this server that stand beside ``data``, without text of customers."""


@attrs.frozen
class Form:
    """The form of an answer."""

    has_structure: bool = True
    """Whether it has structured content."""
    has_text: bool = False
    """Whether it has the same as JSON text, for clients that show assistants nothing else."""

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
    """The number of rows in it."""


def answer_of(found: One | Listed, cursor: Callable[[Position], str], *, most: int, form: Form) -> Answer:
    """Return an answer of what a tool found.

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
