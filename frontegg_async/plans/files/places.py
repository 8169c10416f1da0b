"""The places of values in the text of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Generic, TypeAlias, TypeVar

import attrs

from frontegg_async.managed.registry import ACCOUNT
from frontegg_async.plans.files.fields import SETTINGS, SETTINGS_SPELLINGS, SPELLINGS

T = TypeVar("T")

Spot: TypeAlias = tuple[int, int]
"""A line and a column, both from 1."""

Path: TypeAlias = Sequence[str | int]
"""The names of fields and keys, and the list positions, that lead to a value in a row."""

Finder: TypeAlias = Callable[[Path, bool], Spot]
"""Returns the place of a value or of its name, as `Part.find` does."""

MAX_ROW: Final = 4 * 2**20
"""The maximum size of a row in bytes."""

MAX_PARTS: Final = 100_000
"""The maximum number of values of a row whose places are stored. Beyond this number, a fault gets the place of an outer
value.
"""


class BrokenTextError(Exception):
    """The text of a file can only be read up to a place.

    Args:
        spot: The place; ``None`` for the whole file.
        message: Why the text cannot be read.
    """

    def __init__(self, spot: Spot | None, message: str) -> None:
        super().__init__(spot, message)
        self.spot = spot
        self.message = message


@attrs.frozen
class Part(Generic[T]):
    """The places of a value, of its name, and of its inner values."""

    name: T
    value: T
    parts: Mapping[str | int, Part[T]] = attrs.field(factory=dict[str | int, "Part[T]"])

    def find(self, path: Path, of_name: bool) -> T:
        """Return the place of a value.

        If its place is not stored, return the place of the nearest outer value with a stored place.

        Args:
            path: The path of the value. The text may contain other spellings of its fields.
            of_name: Whether to return the place of the name instead of the value.
        """
        part = self
        for position in range(len(path)):
            spelled = _spellings(path, position, part.parts)
            inner = next((part.parts[name] for name in spelled if name in part.parts), None)
            if inner is None:
                return part.value
            part = inner
        return part.name if of_name else part.value


def _spellings(path: Path, position: int, names: Iterable[str | int]) -> list[str | int]:
    """Return the names in the text that may be the spelling of one step of a path.

    Args:
        path: The path.
        position: The position of the step in the path.
        names: The names in the text.
    """
    step = path[position]
    if position == 1 and (kind := ACCOUNT.get(str(path[0]))):
        return [step, *(name for name in names if isinstance(name, str) and kind.normal_key(name) == step)]
    others: Mapping[str, str] = {}
    if position == 0:
        others = SPELLINGS
    elif position == 1 and path[0] == SETTINGS:
        others = SETTINGS_SPELLINGS
    return [step, *(other for other, name in others.items() if name == step)]


@attrs.frozen
class PlacedValue:
    """A value that was read from a text."""

    value: object
    find: Finder
    faults: Sequence[tuple[Spot, str]] = ()
    """Faults of the text in spite of which the value could be read."""
