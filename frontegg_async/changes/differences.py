"""`diff` and `Differences`: the differences between two exports, by account and field."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final, cast

from frontegg_async.changes.account_difference import AccountDifference
from frontegg_async.models.exports import DifferenceFormatLiteral, DifferenceKindLiteral

KINDS: Final[tuple[DifferenceKindLiteral, ...]] = ("created", "deleted", "moved", "changed")


class Differences:
    """The differences between two exports.

    Accounts with the same id are compared. Each iteration reads the files again.

    Args:
        a: The path of the first export.
        b: The path of the second export.
        only: The ids of the accounts to compare; all by default.
    """

    def __init__(self, a: Path, b: Path, only: Collection[str] | None = None) -> None:
        self._a = a
        self._b = b
        self._only = only
        self._counts: Mapping[DifferenceKindLiteral, int] | None = None

    def __iter__(self) -> Iterator[AccountDifference]:
        from frontegg_async.changes.comparing import compare_files  # noqa: PLC0415 - the clients import this module

        counts = Counter[DifferenceKindLiteral]()
        for difference in compare_files(self._a, self._b, self._only):
            counts[difference.kind] += 1
            yield difference
        self._counts = {kind: counts[kind] for kind in KINDS}

    @property
    def counts(self) -> Mapping[DifferenceKindLiteral, int]:
        """The numbers of created, deleted, moved and changed accounts.

        Raises:
            InvalidArgumentError: A file is not an export. The message has the file and the place.
            OSError: A file cannot be read.
        """
        if self._counts is None:
            for _ in self:
                pass
        return cast("Mapping[DifferenceKindLiteral, int]", self._counts)

    def __bool__(self) -> bool:
        """Whether there are differences."""
        return any(self._counts.values()) if self._counts is not None else next(iter(self), None) is not None

    def lines(self, format: DifferenceFormatLiteral = "table") -> Iterator[str]:
        """Format the differences, one line at a time.

        Args:
            format: ``table`` for people, ``markdown``, ``json`` for one list, or ``jsonl`` for one object per line.

        Raises:
            InvalidArgumentError: The format is unknown, or a file is not an export.
            OSError: A file cannot be read.
        """
        from frontegg_async.changes import rendering  # noqa: PLC0415 - the clients import this module

        return rendering.lines(self, format)

    def _repr_html_(self) -> str:
        """Return the HTML for notebooks: a table of the first differences."""
        from frontegg_async.changes import rendering  # noqa: PLC0415 - only notebooks need it

        return rendering.html(self)

    def __repr__(self) -> str:
        return f"<Differences of {str(self._a)!r} and {str(self._b)!r}>"


def diff(a: str | os.PathLike[str], b: str | os.PathLike[str], *, only: Collection[str] | None = None) -> Differences:
    """Compare two exports. A field that only one of the exports has is not a difference.

    Iterating the result reads the files and blocks the thread. The rows may be in any order. An empty cell of a CSV
    file means null, and equals an empty text.

    Args:
        a: The path of the first export. The suffix is ``.jsonl``, ``.csv`` or ``.yml``.
        b: The path of the second export, in the same or another format.
        only: The ids of the accounts to compare; all by default.

    Returns:
        The differences. You may iterate the differences several times. Each iteration reads the files again.

    Raises:
        InvalidArgumentError: A file has an unknown suffix, or ``only`` is empty.
        MissingExtraError: The suffix of a file is ``.yml``, and PyYAML is not installed.
        OSError: A file does not exist, cannot be opened, or is a pipe or a device.
    """
    from frontegg_async._core.checks.arguments import check_ids  # noqa: PLC0415 - the clients import this module
    from frontegg_async.snapshots.files import check_path, check_readable  # noqa: PLC0415 - the clients import this module

    paths = check_path(a, "a"), check_path(b, "b")
    for path in paths:
        check_readable(path)
    ids = None if only is None else frozenset(check_ids(only, "only"))
    return Differences(*paths, ids)
