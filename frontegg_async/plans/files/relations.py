"""Find conflicts between rows: duplicate accounts, look-alike ids, and parents that form a circle."""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar, cast

from frontegg_async._values.json_values import parse_json
from frontegg_async.plans.files.fields import TENANT_ID
from frontegg_async.plans.files.sources import FileRow
from frontegg_async.snapshots.rows import PARENT, Row

K = TypeVar("K", bound=Hashable)

_PART: Final = 2**17
"""The number of hashes that are compared at a time, to avoid a set of all hashes."""
_SHOWN: Final = 8
"""The maximum number of accounts of a circle in a message."""


class Relations:
    """Finds conflicts between rows.

    The object stores only hashes of the ids, 24 bytes for each row. If equal hashes show a possible conflict, `faults`
    reads the rows themselves.
    """

    def __init__(self) -> None:
        self._looks = array("q")
        self._children = array("q")
        self._parents = array("q")

    def add(self, ids: Sequence[str], parents: Sequence[str | None]) -> None:
        """Add rows by their ids and parents."""
        self._looks.extend([hash(each.lower() if each.isascii() else look(each)) for each in ids])
        for tenant_id, parent in zip(ids, parents, strict=True):
            if parent is not None:
                self._children.append(hash(tenant_id))
                self._parents.append(hash(parent))

    def faults(self, rows: Iterable[FileRow]) -> Iterator[tuple[FileRow, Sequence[str], str]]:
        """Yield the rows with conflicts, each with the path of the wrong value and a message.

        Args:
            rows: All rows. The method iterates the rows only if the hashes show a possible conflict.
        """
        looks = self._repeated_looks()
        links = self._links_in_circles()
        if not looks and not links:
            return
        alike: dict[str, list[FileRow]] = {}
        linked: dict[str, tuple[str, FileRow]] = {}
        for row in rows:
            if hash(key := look(row.tenant_id)) in looks:
                alike.setdefault(key, []).append(row)
            if hash(row.tenant_id) in links and (parent := _value(row, PARENT)) is not None:
                linked[row.tenant_id] = str(parent), row
        for group in alike.values():
            yield from _alike(sorted(group, key=_order))
        for circle in circles({tenant_id: parent for tenant_id, (parent, _) in linked.items()}):
            first = min((linked[tenant_id][1] for tenant_id in circle), key=_order)
            yield first, (PARENT,), f"the parents form a circle: {_shown(circle, first.tenant_id)}"

    def _repeated_looks(self) -> set[int]:
        parts = len(self._looks) // _PART + 1
        repeated: set[int] = set()
        for part in range(parts):
            some = self._looks if parts == 1 else [each for each in self._looks if each % parts == part]
            if len({*some}) < len(some):
                repeated.update(each for each, count in Counter(some).items() if count > 1)
        return repeated

    def _links_in_circles(self) -> set[int]:
        above = {*self._parents}
        inner = {child: parent for child, parent in zip(self._children, self._parents, strict=True) if child in above}
        return {each for circle in circles(inner) for each in circle}


def look(tenant_id: str) -> str:
    """Return a text that is equal for ids that differ only in case or in the form of their characters."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", tenant_id).casefold())


def circles(parents: Mapping[K, K]) -> list[list[K]]:
    """Return the circles of a hierarchy. In each circle, the parent of a member follows the member.

    Args:
        parents: The parent of each member.
    """
    found: list[list[K]] = []
    done: set[K] = set()
    for start in parents:
        way: dict[K, None] = {}
        at: K | None = start
        while at is not None and at not in done and at not in way:
            way[at] = None
            at = parents.get(at)
        if at is not None and at in way:
            members = [*way]
            found.append(members[members.index(at) :])
        done.update(way)
    return found


def _alike(group: Sequence[FileRow]) -> Iterator[tuple[FileRow, Sequence[str], str]]:
    """Yield the faults of rows with look-alike ids, in the order of their places."""
    first: dict[str, FileRow] = {}
    for row in group:
        same = first.setdefault(row.tenant_id, row)
        other = next((each for each in first.values() if each.tenant_id != row.tenant_id), None)
        if same is not row:
            yield row, (TENANT_ID,), f"the account {row.tenant_id!r} occurs twice, first at {same.place}"
        elif other is not None and not (_exists(row) and _exists(other)):
            # Show the ids in ASCII, since they may look the same.
            names = f"the id {row.tenant_id!a} differs from {other.tenant_id!a}, at {other.place},"
            yield row, (TENANT_ID,), f"{names} only in upper or lower case or in Unicode form"


def _exists(row: FileRow) -> bool:
    """Return whether a row comes from an export, so that the service has an account with its id."""
    return _value(row, "created_at") is not None


def _value(row: FileRow, name: str) -> object:
    return cast("Row", parse_json(row.line)).get(name)


def _order(row: FileRow) -> tuple[int, int, int]:
    return row.source.number, row.number, row.column


def _shown(circle: Sequence[str], first: str) -> str:
    begin = circle.index(first)
    ids = [*circle[begin:], *circle[:begin]]
    count = f" ({len(ids):,} accounts)" if len(ids) > _SHOWN else ""
    arrow = " \N{RIGHTWARDS ARROW} "
    return arrow.join([*map(repr, ids[:_SHOWN]), *(["\N{HORIZONTAL ELLIPSIS}"] if count else []), repr(first)]) + count
