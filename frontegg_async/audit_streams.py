"""Streams of the audit log in constant memory: new rows as they arrive, and an export as CSV."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final, Protocol

from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async._core.runtime.worker_threads import load_in_thread, run_to_end_in_thread
from frontegg_async._values.kinds import kind_of
from frontegg_async._values.wrong_statements import OnlyAsyncFor
from frontegg_async.audit_position import SMALL_GROUP, Key, TailPosition, key_of, moment_at
from frontegg_async.errors import FronteggError, InvalidArgumentError, ProtocolError
from frontegg_async.models.audits import Audit, AuditRows

__all__ = ["AsyncAuditExport", "AsyncAuditTail"]

PAGE_SIZE: Final = 200
"""The most rows of a request."""

_TICK: Final = 1_000
"""The microseconds by which the requested time range begins before the position.

Times are sent in milliseconds, and no source says whether ``created_from`` itself is included.
"""


class AuditSource(Protocol):
    """The requested part of the audit log."""

    async def rows(self, created_from: datetime | None, offset: int) -> tuple[AuditRows, int]:
        """Fetch at most `PAGE_SIZE` rows, the oldest first. Also return the time of the request.

        The time is in microseconds since 1970, by the slower clock of this machine and the service.
        """
        ...

    async def newest(self) -> tuple[AuditRows, int]:
        """Fetch at most `PAGE_SIZE` rows, the newest first. Also return the time of the request."""
        ...

    async def csv(self, offset: int) -> bytes:
        """Fetch at most `PAGE_SIZE` rows as CSV, with a heading."""
        ...

    async def pause(self, seconds: float) -> None:
        """Wait for some seconds. Closing the client ends the wait."""
        ...


class TailReader:
    """Reads the rows after a position, page by page. The iterator records each returned row with `take`.

    Args:
        source: The audit log.
        position: The position.
        interval: The seconds between two requests for new rows.
    """

    def __init__(self, source: AuditSource, position: TailPosition, interval: float) -> None:
        self._source = source
        self._position = position
        self._interval = interval
        self._begin = position.begin - _TICK
        self._offset = 0
        self._began: int | None = None
        self._held = dict[Key, Audit]()
        """The rows with the same time as the last row, if the next page may have more rows with this time."""
        self._sorted = set[int]()
        """The times with more than `SMALL_GROUP` rows, which are returned in the order of their keys."""
        self.is_over: bool = False
        """Whether the present pass over the log has ended: there are no more rows, or the remaining rows must wait."""

    async def read(self) -> tuple[Audit, ...]:
        """Wait for new rows and return them.

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
        """Return the new rows of the next page, the oldest first. The result may be empty."""
        if self.is_over:
            self.is_over, self._begin, self._offset = False, self._position.begin - _TICK, 0
            self._began, self._held, self._sorted = None, {}, set[int]()
        found, asked = await self._source.rows(moment_at(self._begin), self._offset)
        began = self._began = asked if self._began is None else self._began
        keys = [*map(key_of, found.data)]
        if any(later[0] < earlier[0] for earlier, later in pairwise(keys)):
            raise ProtocolError("the service did not sort the audits by the time at which they were created")
        received = self._offset + len(keys)
        rows = {**self._held, **dict(zip(keys, found.data, strict=True))}
        self._held = {}
        if not keys or (len(keys) < PAGE_SIZE if found.total is None else received >= found.total):
            self.is_over = True
        else:
            last = keys[-1][0]
            self._held = {key: row for key, row in rows.items() if key[0] == last}
            self.is_over = not self._position.has_room(last, began)
            if last - _TICK > self._begin:
                # Pages begin at a time instead of a number, so that created or deleted rows do not shift them.
                self._begin, self._offset = last - _TICK, 0
            else:
                self._offset = received
        times = Counter(at for at, _ in rows)
        self._sorted.update(at for at, count in times.items() if count > SMALL_GROUP)
        keys = sorted(rows, key=lambda key: key if key[0] in self._sorted else (key[0], ""))
        return tuple(rows[key] for key in keys if key not in self._held and self._position.is_new(key))

    def take(self, audit: Audit) -> bool:
        """Record that a row is returned. Return ``False`` if the iterator must skip the row: see `TailPosition`."""
        key = key_of(audit)
        is_sorted = key[0] in self._sorted
        return self._began is not None and self._position.take(key, self._began, is_sorted=is_sorted)


class AsyncAuditTail(OnlyAsyncFor):
    """The new rows of the audit log. An iteration never ends by itself: leave the loop with ``break``.

    Save `cursor` after you have processed a row, and pass the saved cursor to a new tail after a restart. Then no row
    is lost, and no row comes twice.

    Args:
        source: The audit log.
        position: The position at which to begin; ``None`` for the position after the newest row.
        overlap: The longest delay, in microseconds, between the time of a row and its appearance in the log.
        interval: The seconds between two requests for new rows.
    """

    __slots__ = ("_interval", "_overlap", "_position", "_source")

    _whole = "tail.new()"

    def __init__(self, source: AuditSource, position: TailPosition | None, *, overlap: int, interval: float) -> None:
        self._source = source
        self._position = position
        self._overlap = overlap
        self._interval = interval

    @property
    def cursor(self) -> str | None:
        """The position after the last returned row, as text to store; ``None`` before the first request.

        The text has at most 4,096 characters.
        """
        return None if self._position is None else str(self._position)

    async def _reader(self) -> TailReader:
        """Return a reader of new rows."""
        position = self._position
        if position is None:
            newest, began = await self._source.newest()
            has_more = len(newest.data) >= PAGE_SIZE
            position = TailPosition.after(newest.data, began, self._overlap, has_more=has_more)
            position = self._position = self._position or position
        return TailReader(self._source, position, self._interval)

    async def __aiter__(self) -> AsyncIterator[Audit]:
        reader = await self._reader()
        while True:
            for audit in await reader.read():
                if reader.take(audit):
                    yield audit

    async def new(self, *, limit: int | None = None) -> list[Audit]:
        """Return the rows that are new now, without a wait for more rows. `cursor` is then after the returned rows.

        Args:
            limit: The most rows to return, from 1; ``None`` for all. The next call returns the remaining rows.

        Raises:
            InvalidArgumentError: ``limit`` is not a whole number from 1.
            ProtocolError: The service did not sort the rows.
            FronteggError: A request failed. The next call returns the rows that were read before.
        """
        if limit is not None:
            arguments.check_count(limit, "limit", least=1, most=arguments.MAX_INTEGER)
        reader = await self._reader()
        taken: dict[str, Audit] = {}
        while not reader.is_over and (limit is None or len(taken) < limit):
            taken.update((audit.id, audit) for audit in await reader.page())
        return [audit for audit in [*taken.values()][:limit] if reader.take(audit)]


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
        heading, lines, text = await self._page()
        if not lines and await self._has(self._offset + 1):
            # The row was created just now, or the response has lost its body.
            heading, lines, text = await self._page()
            if not lines:
                raise ProtocolError("the service sent no rows where it counts more rows")
        count = _records_in(lines)
        # A response with more rows than requested has all rows.
        self._is_over = count != PAGE_SIZE
        if not self._offset:
            self._heading = heading
            lines = text
        elif text and (
            heading != self._heading or (count and lines == self._last and not await self._has(self._offset + count))
        ):
            raise ProtocolError("the service did not continue the export where the previous page ended")
        self._last = lines if self._offset else text.partition("\n")[2]
        self._offset += PAGE_SIZE
        return lines

    async def _page(self) -> tuple[str, str, str]:
        """Fetch the heading, the lines after it, and both."""
        text = _decode(await self._source.csv(self._offset))
        heading, _, lines = text.partition("\n")
        return heading, lines, text

    async def _has(self, rows: int) -> bool:
        """Return whether the service counts at least this many rows."""
        found, _ = await self._source.newest()
        return found.total is not None and rows <= found.total


def _decode(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise ProtocolError("the service sent an export that is not UTF-8")
    text = text.removeprefix("\ufeff")
    if text.startswith("{") and text.rstrip().endswith("}"):
        raise ProtocolError("the service sent JSON instead of a CSV export")
    return text if text.endswith("\n") or not text else f"{text}\n"


def _records_in(lines: str) -> int:
    """Return the number of records. A quoted value may contain line breaks."""
    return sum(outside.count("\n") for outside in lines.split('"')[::2])


class AsyncAuditExport(OnlyAsyncFor):
    """Rows of the audit log as CSV.

    Iterate the export for pieces of the CSV text. Each piece consists of whole lines. Each iteration sends the requests
    again.

    Args:
        source: The audit log.
    """

    __slots__ = ("_source",)

    _whole = "export.save(path)"

    def __init__(self, source: AuditSource) -> None:
        self._source = source

    def _reader(self) -> CsvReader:
        """Return a reader from the beginning."""
        return CsvReader(self._source)

    async def __aiter__(self) -> AsyncIterator[str]:
        reader = self._reader()
        while (lines := await reader.read()) is not None:
            yield lines

    async def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file in UTF-8. The file appears when it is complete, and replaces an existing one.

        Args:
            path: The path of the file.

        Raises:
            InvalidArgumentError: ``path`` is not a path, or is a SQLite database.
            ProtocolError: The service did not send CSV in pages.
            FronteggError: A request failed.
            OSError: The file cannot be written.
        """
        if not isinstance(path, str | os.PathLike) or not os.fspath(path):
            raise InvalidArgumentError(f"path must be the path of a file, not {kind_of(path)}")
        await load_in_thread("frontegg_async._core.runtime.replaced_file")
        from frontegg_async._core.runtime.replaced_file import ReplacedFile  # noqa: PLC0415 - only for programs that save a file

        file = ReplacedFile(Path(path))
        try:
            await run_to_end_in_thread(file.open)
            async for lines in self:
                await run_to_end_in_thread(file.write, lines.encode())
            await run_to_end_in_thread(file.commit)
        finally:
            file.discard()
