"""The progress of a migration, polled in the thread of the event loop."""

from __future__ import annotations

from collections.abc import Iterator

from frontegg_async._values.wrong_statements import OnlyFor
from frontegg_async.models.migrations import Migration
from frontegg_async.progress import AsyncMigrationProgress
from frontegg_sync._bridge.bridge import Bridge

__all__ = ["MigrationProgress"]


class MigrationProgress(OnlyFor):
    """The progress of a migration. Iterate it as often as you like.

    An iteration yields the present state of the migration and then each change, until the migration has completed or
    failed. The ``status`` of the last item shows which.

    Args:
        progress: The progress that is polled in the loop.
        bridge: The bridge into the loop.
    """

    __slots__ = ("_bridge", "_progress")

    _whole = "progress.result()"

    def __init__(self, progress: AsyncMigrationProgress, bridge: Bridge) -> None:
        self._progress = progress
        self._bridge = bridge

    def __iter__(self) -> Iterator[Migration]:
        # Into the loop once for each change; the generator itself never runs there.
        reader = self._progress._reader()  # noqa: SLF001 - of a twin  # pyright: ignore[reportPrivateUsage]
        while (migration := self._bridge.call(reader.read)) is not None:
            yield migration

    def result(self) -> Migration:
        """Wait until the migration has ended.

        Returns:
            The finished migration: ``status`` says whether it completed or failed, and ``tenants`` has the reasons.

        Raises:
            MigrationTimeoutError: The timeout has passed; ``migration`` has the last status.
            FronteggError: A poll failed.
        """
        return self._bridge.call(self._progress.result)
