"""Streams of the audit log: new rows as they come, and an export as CSV; both in memory that does not grow."""

from __future__ import annotations

import hashlib
import os
import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final, Protocol

from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async._core.runtime.worker_threads import run_to_end_in_thread
from frontegg_async._values.kinds import kind_of
from frontegg_async._values.wrong_statements import OnlyAsyncFor
from frontegg_async.errors import FronteggError, InvalidArgumentError, ProtocolError
from frontegg_async.models.audits import Audit, AuditRows

__all__ = ["AsyncAuditExport", "AsyncAuditTail"]

PAGE_SIZE: Final = 200
"""The most rows of a request."""

_TICK: Final = timedelta(milliseconds=1)
"""What a request begins earlier, since no source says whether ``created_from`` itself is included."""

_CURSOR: Final = re.compile(r"audits1;([^;]*);([^;]*);((?:[\w-]{11}\.\d{1,18}(?:,|$))*)", re.ASCII)
_NOTHING: Final = "audits1;;;"
"""The cursor of a tail that found no row, and begins with the first."""
_MICROSECOND: Final = timedelta(microseconds=1)


class AuditSource(Protocol):
    """The part of the audit log that is asked for."""

    async def rows(self, created_from: datetime | None, offset: int) -> AuditRows:
        """Fetch at most `PAGE_SIZE` rows, the oldest first."""
        ...

    async def newest(self, created_to: datetime | None) -> AuditRows:
        """Fetch the newest row alone, of those until a time."""
        ...

    def now(self) -> datetime:
        """Return the time of day on this machine."""
        ...

    async def csv(self, offset: int) -> bytes:
        """Fetch at most `PAGE_SIZE` rows as CSV, with a heading."""
        ...

    async def pause(self, seconds: float) -> None:
        """Wait for some seconds; closing the client ends the wait."""
        ...


class TailPosition:
    """Where a tail is: the rows that it has handed out, as far as they may be sent again.

    A row from the future, as one that was written while the service's clock was ahead, is handed out and does not move
    the position: the rows that are written until its time has come would be passed over.

    Args:
        since: Rows that were created before are not handed out; ``None`` for no limit.
        overlap: For how long after others a row may appear that was created before them.
    """

    def __init__(self, since: datetime | None, overlap: timedelta) -> None:
        self.now: datetime | None = None
        """The time of day when rows were last read; later ones are from the future."""
        self._since = since
        self._overlap = overlap
        self._seen: dict[str, datetime] = {}

    @classmethod
    def parse(cls, cursor: str, overlap: timedelta) -> TailPosition:
        """Return the position for the text of a cursor.

        Raises:
            InvalidArgumentError: It is not the text of a cursor.
        """
        arguments.check_text(cursor, "cursor")
        position = cls(None, overlap)
        try:
            position._since, position._seen = _parts_of(cursor)
        except (ValueError, OverflowError):
            pass
        else:
            return position
        raise InvalidArgumentError("cursor must be a text that the cursor of a tail was, unchanged")

    def __str__(self) -> str:
        newest = max(self._seen.values(), default=self._since)
        if newest is None:
            return _NOTHING
        since = "" if self._since is None else self._since.isoformat()
        seen = ",".join(f"{mark}.{(newest - at) // _MICROSECOND}" for mark, at in self._seen.items())
        return f"audits1;{since};{newest.isoformat()};{seen}"

    def complete(self, began: datetime) -> None:
        """Move with the rows from the future whose time has come, now that all rows of a look are handed out.

        Args:
            began: When the look began: whatever is written later has a later time.
        """
        if come := [at for at in self._seen.values() if at <= began]:
            self._move(max(come))

    def _move(self, newest: datetime) -> None:
        since = newest - self._overlap
        if self._since is None or since > self._since:
            self._since = since
            self._seen = {mark: at for mark, at in self._seen.items() if at >= since}

    @property
    def begin(self) -> datetime | None:
        """From when on rows are to be read."""
        return None if self._since is None else self._since - _TICK

    def is_new(self, audit: Audit) -> bool:
        """Return whether a row was not handed out yet."""
        at = _moment_of(audit)
        return _mark(audit) not in self._seen and (self._since is None or at >= self._since)

    def take(self, audit: Audit) -> bool:
        """Count a row as handed out, and return whether it was not already, by another reader of the same tail."""
        if not self.is_new(audit):
            return False
        at = _moment_of(audit)
        self._seen[_mark(audit)] = at
        if self.now is not None and at <= self.now:
            self._move(at)
        return True


def _parts_of(cursor: str) -> tuple[datetime | None, dict[str, datetime]]:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise ValueError(cursor)
    if cursor == _NOTHING:
        return None, {}
    newest = datetime.fromisoformat(found[2])
    since = datetime.fromisoformat(found[1]) if found[1] else None
    if newest.tzinfo is None or (since is not None and since.tzinfo is None):
        raise ValueError(cursor)
    parts = (part.partition(".") for part in found[3].split(",") if part)
    return since, {mark: newest - int(age) * _MICROSECOND for mark, _, age in parts}


def _mark(audit: Audit) -> str:
    digest = hashlib.blake2b(audit.id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return urlsafe_b64encode(digest)[:-1].decode()


def _moment_of(audit: Audit) -> datetime:
    if audit.created_at is None:
        raise ProtocolError("the service returned an audit without the time at which it was created")
    return audit.created_at


class TailReader:
    """Reads the rows after a position, page by page.

    Args:
        source: The audit log.
        position: The position, which whoever takes the rows moves.
        interval: The seconds between two requests for new rows.
    """

    def __init__(self, source: AuditSource, position: TailPosition, interval: float) -> None:
        self._source = source
        self._position = position
        self._interval = interval
        self._begin = position.begin
        self._offset = 0
        self.began: datetime = source.now()
        """When the present look began."""
        self.is_over: bool = False
        """Whether the last page had all rows that there were."""

    async def read(self) -> tuple[Audit, ...]:
        """Return the next rows that are new, and wait until there are some.

        Raises:
            ProtocolError: The service did not sort the rows.
            FronteggError: A request failed.
        """
        try:
            while True:
                if self.is_over:
                    await self._source.pause(self._interval)
                if rows := await self.page():
                    return rows
        except FronteggError as error:
            shorten(error)
            raise

    async def page(self) -> tuple[Audit, ...]:
        """Return the new rows of the next page, which may have none."""
        if self.is_over:
            self._position.complete(self.began)
            self.began = self._source.now()
            self.is_over, self._begin, self._offset = False, self._position.begin, 0
        found = await self._source.rows(self._begin, self._offset)
        self._position.now = self._source.now()
        rows = found.data
        moments = [*map(_moment_of, rows)]
        if any(later < earlier for earlier, later in pairwise(moments)):
            raise ProtocolError("the service did not sort the audits by the time at which they were created")
        received = self._offset + len(rows)
        if not rows or (len(rows) < PAGE_SIZE if found.total is None else received >= found.total):
            self.is_over = True
        elif self._begin is None or moments[-1] - _TICK > self._begin:
            # By time and not by number, so that rows that come or go meanwhile shift nothing.
            self._begin, self._offset = moments[-1] - _TICK, 0
        else:
            self._offset = received
        return tuple(row for row in {row.id: row for row in rows}.values() if self._position.is_new(row))


class AsyncAuditTail(OnlyAsyncFor):
    """The rows of the audit log that are new. An iteration never ends by itself: leave it with ``break``.

    Save `cursor` when you are done with a row, and begin with it after a restart: no row is lost, and none comes twice.

    Args:
        source: The audit log.
        position: Where to begin; ``None`` after the newest row.
        overlap: For how long after others a row may appear that was created before them.
        interval: The seconds between two requests for new rows.
    """

    __slots__ = ("_interval", "_overlap", "_position", "_source")

    _whole = "tail.new()"

    def __init__(
        self, source: AuditSource, position: TailPosition | None, *, overlap: timedelta, interval: float
    ) -> None:
        self._source = source
        self._position = position
        self._overlap = overlap
        self._interval = interval

    @property
    def cursor(self) -> str | None:
        """The position after the last row that was handed out, as text to store; ``None`` before the first request.

        It has a mark of 19 characters or so for each row of the last seconds that the overlap has.
        """
        return None if self._position is None else str(self._position)

    async def reader(self) -> tuple[TailReader, TailPosition]:
        """Return a reader of what is new, and the position to move."""
        position = self._position
        if position is None:
            position = self._position = await self._after_newest()
        return TailReader(self._source, position, self._interval), position

    async def _after_newest(self) -> TailPosition:
        rows = (await self._source.newest(None)).data
        is_empty, now = not rows, self._source.now()
        if rows and _moment_of(rows[0]) > now:
            rows = (await self._source.newest(now)).data
        position = TailPosition(_moment_of(rows[0]) if rows else None, self._overlap)
        reader = TailReader(self._source, position, self._interval)
        while not is_empty and not reader.is_over:
            for audit in await reader.page():
                position.take(audit)
        return position

    async def __aiter__(self) -> AsyncIterator[Audit]:
        reader, position = await self.reader()
        while True:
            for audit in await reader.read():
                if position.take(audit):
                    yield audit

    async def new(self, *, limit: int | None = None) -> list[Audit]:
        """Return the rows that are new now, without waiting for others; `cursor` is after them then.

        Args:
            limit: The most rows to return, from 1; ``None`` for all. The others are new the next time.

        Raises:
            InvalidArgumentError: ``limit`` is not a whole number from 1.
            ProtocolError: The service did not sort the rows.
            FronteggError: A request failed; the rows before are new the next time.
        """
        if limit is not None:
            arguments.check_count(limit, "limit", least=1, most=arguments.MAX_INTEGER)
        reader, position = await self.reader()
        taken: dict[str, Audit] = {}
        while not reader.is_over and (limit is None or len(taken) < limit):
            taken.update((audit.id, audit) for audit in await reader.page())
        found = [audit for audit in [*taken.values()][:limit] if position.take(audit)]
        if reader.is_over and (limit is None or len(taken) <= limit):
            position.complete(reader.began)
        return found


class CsvReader:
    """Reads an export page by page.

    Args:
        source: The audit log.
    """

    def __init__(self, source: AuditSource) -> None:
        self._source = source
        self._heading = ""
        self._last = ""
        self._offset = 0
        self._is_over = False

    async def read(self) -> str | None:
        """Return whole lines of the file, the heading first, or ``None`` at the end.

        Raises:
            ProtocolError: The service did not send CSV in pages.
            FronteggError: A request failed.
        """
        try:
            return None if self._is_over else await self._read() or None
        except FronteggError as error:
            shorten(error)
            raise

    async def _read(self) -> str:
        text = _decode(await self._source.csv(self._offset))
        heading, _, lines = text.partition("\n")
        count = _records_in(lines)
        # More rows than were asked for are all rows.
        self._is_over = count != PAGE_SIZE
        if not self._offset:
            self._heading = heading
            lines = text
        elif text and (heading != self._heading or (count and lines == self._last)):
            raise ProtocolError("the service did not continue the export where its last part ended")
        self._last = lines if self._offset else text.partition("\n")[2]
        self._offset += PAGE_SIZE
        return lines


def _decode(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise ProtocolError("the service sent an export that is not UTF-8")
    text = text.removeprefix("\ufeff")
    return text if text.endswith("\n") or not text else f"{text}\n"


def _records_in(lines: str) -> int:
    """Return how many records there are; a quoted value may have line breaks."""
    return sum(outside.count("\n") for outside in lines.split('"')[::2])


class AsyncAuditExport(OnlyAsyncFor):
    """Rows of the audit log as CSV. Iterate it for pieces of the file, of whole lines; each iteration reads it again.

    Args:
        source: The audit log.
    """

    __slots__ = ("_source",)

    _whole = "export.save(path)"

    def __init__(self, source: AuditSource) -> None:
        self._source = source

    def reader(self) -> CsvReader:
        """Return a reader from the beginning."""
        return CsvReader(self._source)

    async def __aiter__(self) -> AsyncIterator[str]:
        reader = self.reader()
        while (lines := await reader.read()) is not None:
            yield lines

    async def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file, in UTF-8. It appears when it is complete, and replaces one that is there.

        Args:
            path: Where it is written.

        Raises:
            InvalidArgumentError: ``path`` is not a path.
            ProtocolError: The service did not send CSV in pages.
            FronteggError: A request failed.
            OSError: The file cannot be written.
        """
        if not isinstance(path, str | os.PathLike) or not os.fspath(path):
            raise InvalidArgumentError(f"path must be the path of a file, not {kind_of(path)}")
        from frontegg_async._core.runtime.replaced_file import ReplacedFile  # noqa: PLC0415 - of programs that save one

        file = ReplacedFile(Path(path))
        try:
            await run_to_end_in_thread(file.open)
            async for lines in self:
                await run_to_end_in_thread(file.write, lines.encode())
            await run_to_end_in_thread(file.commit)
        finally:
            file.discard()
