"""The progress of a migration, which is polled with exponential backoff and jitter until the migration ends."""

from __future__ import annotations

from collections.abc import Iterator

from frontegg_async._values.wrong_statements import OnlyFor
from frontegg_async.models.migrations import Migration
from frontegg_async.progress import AsyncMigrationProgress
from frontegg_sync._bridge.bridge import Bridge

__all__ = ["MigrationProgress"]


class MigrationProgress(OnlyFor):
    """The progress of a migration. You can iterate the progress several times.

    An iteration yields the present state and then each change, until the migration has completed or failed. The
    ``status`` of the last item says whether it failed.

    Args:
        progress: The progress that runs in the event loop.
        bridge: The bridge to the event loop.
    """

    __slots__ = ("_bridge", "_progress")

    _whole = "progress.result()"

    def __init__(self, progress: AsyncMigrationProgress, bridge: Bridge) -> None:
        self._progress = progress
        self._bridge = bridge

    def __iter__(self) -> Iterator[Migration]:
        # Make one call to the event loop for each change. The generator never runs in the thread of the loop.
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
