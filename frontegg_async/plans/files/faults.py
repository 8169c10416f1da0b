"""Collect the faults of files, and raise them all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from frontegg_async._values.base_errors import NOT_SENT
from frontegg_async.errors import Fault, FilesError

MAX_FAULTS: Final = 1_000
"""The maximum number of faults in an error."""
_SHOWN: Final = 50
"""The maximum number of faults in the text of an error."""


class FaultList:
    """Collects the faults of several sources.

    Attributes:
        count: The number of faults, including faults beyond `MAX_FAULTS`, which are not stored.
    """

    def __init__(self) -> None:
        self.count: int = 0
        self._kept: list[tuple[tuple[int, int, int], Fault]] = []

    def add(self, order: tuple[int, int, int], fault: Fault) -> None:
        """Add a fault.

        Args:
            order: The number of the source, the line and the column.
            fault: The fault.
        """
        self.count += 1
        if not self.is_full:
            self._kept.append((order, fault))

    @property
    def is_full(self) -> bool:
        """Whether further faults are only counted. The place of such a fault is not needed."""
        return len(self._kept) >= MAX_FAULTS

    def check(self) -> None:
        """Raise an error if there are faults.

        Raises:
            FilesError: There are faults.
        """
        if self.count:
            raise files_error([fault for _, fault in sorted(self._kept, key=lambda each: each[0])], self.count)


def files_error(faults: Sequence[Fault], count: int | None = None) -> FilesError:
    """Return the error for faults.

    Args:
        faults: The faults in order.
        count: The total number of faults, if ``faults`` does not contain all faults.
    """
    kept = tuple(faults[:MAX_FAULTS])
    more = (len(faults) if count is None else count) - len(kept[:_SHOWN])
    lines = [*map(str, kept[:_SHOWN]), *([f"and {more:,} more"] if more else [])]
    return FilesError("\n".join(lines), attrs.evolve(NOT_SENT, faults=kept))
