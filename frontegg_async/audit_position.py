"""`TailPosition`: the position of a tail, which follows the audit log. A cursor stores the position as text."""

from __future__ import annotations

import hashlib
import math
import re
from base64 import urlsafe_b64encode
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from frontegg_async._core.checks import arguments
from frontegg_async.errors import InvalidArgumentError, ProtocolError
from frontegg_async.models.audits import Audit

Key: TypeAlias = tuple[int, str]
"""The sort key of a row: its time in microseconds since 1970, and a mark, which is a short hash of its id."""

SMALL_GROUP: Final = 20
"""The most rows with the same time that keep the order of the service. More rows are sorted by their keys."""

_LONGEST: Final = 4_096
"""The most characters of a cursor."""
_MOST: Final = 3_600
"""The most characters of the marks in a cursor. The rest of `_LONGEST` has room for the marks of one small group."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_CURSOR: Final = re.compile(r"audits2;(-?\d{1,18});([\w-]{8})?;((?:[\w-]{8}[0-9a-f]{1,15},)*)", re.ASCII)
_OLD_CURSOR: Final = re.compile(r"audits1;([^;]*);([^;]*);((?:[\w-]{11}\.\d{1,18}(?:,|$))*)", re.ASCII)
"""The cursors of version 0.2.0."""
_MARK: Final = 8
"""The characters of a mark."""


def micros(moment: datetime) -> int:
    """Return a time in microseconds since 1970. In UTC, the time can be before the year 1 or after the year 9999."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_at(at: int) -> datetime | None:
    """Return the time for a number of `micros`, at most the last possible time; ``None`` before all possible times."""
    return None if at < _EARLIEST else _EPOCH + min(at, _LATEST) * _MICROSECOND


_EARLIEST: Final = micros(datetime.min.replace(tzinfo=UTC))
_LATEST: Final = micros(datetime.max.replace(tzinfo=UTC))
_BEFORE_ALL: Final[Key] = (_EARLIEST - 10**12, "")
"""A key before the keys of all possible rows."""


def key_of(audit: Audit) -> Key:
    """Return the sort key of a row.

    Raises:
        ProtocolError: The row has no time.
    """
    if audit.created_at is None:
        raise ProtocolError("the service returned an audit without the time at which it was created")
    digest = hashlib.blake2b(audit.id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return micros(audit.created_at), urlsafe_b64encode(digest)[:_MARK].decode()


class TailPosition:
    """The position of a tail: the key up to which all rows are done, and the keys of later rows that were returned.

    A pass reads the log once from the position to the end. A row may appear in the log with a delay of at most
    ``overlap`` after its time. So if a row is older than ``overlap`` when a pass begins, no row before it can appear
    any more: the row is settled.

    The position stores the keys of returned rows that are not settled. The cursor has room for a limited number of
    keys. If the room is used up, further rows are returned only when they are settled.

    Args:
        done: The key of the last row that is done.
        overlap: The longest delay, in microseconds, between the time of a row and its appearance in the log.
        handed_out: The keys of later rows that were returned.
    """

    def __init__(self, done: Key, overlap: int, handed_out: Iterable[Key] = ()) -> None:
        self._done = done
        self._overlap = overlap
        self._handed_out = sorted(key for key in handed_out if key > done)

    @classmethod
    def since(cls, moment: datetime, overlap: int) -> TailPosition:
        """Return the position before all rows of a time."""
        return cls((micros(moment), ""), overlap)

    @classmethod
    def after(cls, newest: Iterable[Audit], began: int, overlap: int, *, has_more: bool) -> TailPosition:
        """Return the position after the newest rows, so that only later rows are returned.

        Args:
            newest: The newest rows of the log.
            began: The time of the request for these rows.
            overlap: The longest delay, in microseconds, between the time of a row and its appearance in the log.
            has_more: Whether the log may have further rows within the overlap, before these rows. If such a row appears
                late, it is not returned.
        """
        keys = sorted(map(key_of, newest))
        if not keys:
            return cls(_BEFORE_ALL, overlap)
        last = max((at for at, _ in keys if at <= began), default=began)
        is_from_oldest = has_more and last - overlap < keys[0][0] <= began
        position = cls(keys[0] if is_from_oldest else (last - overlap, ""), overlap, keys)
        while len(str(position)) > _LONGEST:
            position._handed_out.pop()
        return position

    @classmethod
    def parse(cls, cursor: str, overlap: int) -> TailPosition:
        """Return the position for the text of a cursor.

        Raises:
            InvalidArgumentError: The text is not a cursor.
        """
        arguments.check_text(cursor, "cursor")
        try:
            done, handed_out = _parts_of(cursor)
        except (ValueError, OverflowError):
            pass
        else:
            return cls(done, overlap, handed_out)
        raise InvalidArgumentError("cursor must be the unchanged text of a tail's cursor")

    def __str__(self) -> str:
        before, marks = self._done[0], list[str]()
        for at, mark in self._handed_out:
            marks.append(f"{mark}{at - before:x},")
            before = at
        return f"audits2;{self._done[0]};{self._done[1]};{''.join(marks)}"

    @property
    def begin(self) -> int:
        """The time from which rows are read."""
        return self._done[0]

    def is_new(self, key: Key) -> bool:
        """Return whether the tail has not returned a row yet."""
        if key <= self._done:
            return False
        index = bisect_left(self._handed_out, key)
        return self._handed_out[index : index + 1] != [key]

    def has_room(self, at: int, began: int) -> bool:
        """Return whether a row with this time can be returned now, in a pass that began at ``began``."""
        settled = began - self._overlap
        waiting = len(self._handed_out) - bisect_left(self._handed_out, (settled, ""))
        return at < settled or self._fits(waiting + 1, at)

    def _fits(self, count: int, at: int) -> bool:
        """Return whether this number of marks fits into a cursor. Marks at equal distances need the most characters."""
        last = max(at, self._handed_out[-1][0]) if self._handed_out else at
        return count * (_MARK + 2 + math.log(1 + (last - self._done[0]) / count, 16)) <= _MOST

    def take(self, key: Key, began: int, *, is_sorted: bool) -> bool:
        """Record that a row is returned, unless the row must wait or another reader of the same tail returned the row.

        Args:
            key: The key of the row. The rows of a pass come in the order of their times.
            began: The time at which the pass began. The position stays before rows that were not settled at this time.
            is_sorted: Whether rows with the same time come in the order of their keys.

        Returns:
            Whether the row was recorded, so that the reader must return it.
        """
        if not self.is_new(key) or not self.has_room(key[0], began):
            return False
        insort(self._handed_out, key)
        if key[0] <= began:
            self._finish((key[0] - self._overlap, ""))
        # No new row can appear before these keys any more.
        end = min(began - self._overlap, key[0] + is_sorted)
        while self._handed_out[0][0] < end and not self._fits(len(self._handed_out), key[0]):
            self._finish(self._handed_out[0])
        return True

    def _finish(self, key: Key) -> None:
        if key > self._done:
            self._done = key
            del self._handed_out[: bisect_right(self._handed_out, key)]


def _parts_of(cursor: str) -> tuple[Key, list[Key]]:
    if found := _OLD_CURSOR.fullmatch(cursor):
        return _old_parts_of(found)
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise ValueError(cursor)
    at = int(found[1])
    handed_out = list[Key]()
    done = (at, found[2] or "")
    for part in found[3].split(",")[:-1]:
        at += int(part[_MARK:], 16)
        handed_out.append((at, part[:_MARK]))
    return done, handed_out


def _old_parts_of(found: re.Match[str]) -> tuple[Key, list[Key]]:
    done = (micros(_aware(found[1])), "") if found[1] else _BEFORE_ALL
    if not found[2] and found[3]:
        raise ValueError(found[0])
    newest = micros(_aware(found[2])) if found[2] else 0
    parts = (part.partition(".") for part in found[3].split(",") if part)
    return done, [(newest - int(age), mark[:_MARK]) for mark, _, age in parts]


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment
