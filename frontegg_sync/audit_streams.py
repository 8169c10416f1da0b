"""Streams of the audit log in constant memory: new rows as they arrive, and an export as CSV."""

from __future__ import annotations

import os
from collections.abc import Iterator

from frontegg_async._values.wrong_statements import OnlyFor
from frontegg_async.audit_streams import AsyncAuditExport, AsyncAuditTail
from frontegg_async.models.audits import Audit
from frontegg_sync._bridge.bridge import Bridge

__all__ = ["AuditExport", "AuditTail"]


class AuditTail(OnlyFor):
    """The new rows of the audit log. An iteration never ends by itself: leave the loop with ``break``.

    Save `cursor` after you have processed a row, and pass the saved cursor to a new tail after a restart. Then no row
    is lost, and no row comes twice.

    Args:
        tail: The tail that runs in the event loop.
        bridge: The bridge to the event loop.
    """

    __slots__ = ("_bridge", "_tail")

    _whole = "tail.new()"

    def __init__(self, tail: AsyncAuditTail, bridge: Bridge) -> None:
        self._tail = tail
        self._bridge = bridge

    @property
    def cursor(self) -> str | None:
        """The position after the last returned row, as text to store; ``None`` before the first request.

        The text has at most 4,096 characters.
        """
        return self._tail.cursor

    def __iter__(self) -> Iterator[Audit]:
        # Make one call to the event loop for each page. The generator never runs in the thread of the loop.
        reader = self._bridge.call(self._tail._reader)  # noqa: SLF001 - of a twin  # pyright: ignore[reportPrivateUsage]
        while True:
            for audit in self._bridge.call(reader.read):
                if reader.take(audit):
                    yield audit

    def new(self, *, limit: int | None = None) -> list[Audit]:
        """Return the rows that are new now, without a wait for more rows. `cursor` is then after the returned rows.

        Args:
            limit: The most rows to return, from 1; ``None`` for all. The next call returns the remaining rows.

        Raises:
            InvalidArgumentError: ``limit`` is not a whole number from 1.
            ProtocolError: The service did not sort the rows.
            FronteggError: A request failed. The next call returns the rows that were read before.
        """
        return self._bridge.call(lambda: self._tail.new(limit=limit))


class AuditExport(OnlyFor):
    """Rows of the audit log as CSV.

    Iterate the export for pieces of the CSV text. Each piece consists of whole lines. Each iteration sends the requests
    again.

    Args:
        export: The export that runs in the event loop.
        bridge: The bridge to the event loop.
    """

    __slots__ = ("_bridge", "_export")

    _whole = "export.save(path)"

    def __init__(self, export: AsyncAuditExport, bridge: Bridge) -> None:
        self._export = export
        self._bridge = bridge

    def __iter__(self) -> Iterator[str]:
        reader = self._export._reader()  # noqa: SLF001 - of a twin  # pyright: ignore[reportPrivateUsage]
        while (lines := self._bridge.call(reader.read)) is not None:
            yield lines

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file in UTF-8. The file appears when it is complete, and replaces an existing one.

        Args:
            path: The path of the file.

        Raises:
            InvalidArgumentError: ``path`` is not a path, or is a SQLite database.
            ProtocolError: The service did not send CSV in pages.
            FronteggError: A request failed.
            OSError: The file cannot be written.
        """
        self._bridge.call(lambda: self._export.save(path))
