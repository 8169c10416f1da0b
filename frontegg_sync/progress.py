"""The progress of what takes its time at the service: looked at again and again in the loop's thread."""

from __future__ import annotations

from collections.abc import Iterator

from frontegg_async.models.migrations import Migration
from frontegg_async.progress import AsyncMigrationProgress
from frontegg_sync._bridge.bridge import Bridge

__all__ = ["MigrationProgress"]


class MigrationProgress:
    """The progress of a migration. Iterate it for how far it has come, as often as you like.

    An iteration yields the migration as it is, and then each change of it until it has completed or failed: both end
    the iteration, and ``status`` of what it yielded last says which.

    Args:
        progress: The progress that is followed in the loop.
        bridge: The way into the loop.
    """

    __slots__ = ("_bridge", "_progress")

    def __init__(self, progress: AsyncMigrationProgress, bridge: Bridge) -> None:
        self._progress = progress
        self._bridge = bridge

    def __iter__(self) -> Iterator[Migration]:
        # Into the loop once for each change; the generator itself never runs there.
        reader = self._progress.reader()
        while (migration := self._bridge.call(reader.read)) is not None:
            yield migration

    def result(self) -> Migration:
        """Wait until the migration is over.

        Returns:
            The migration at its end: ``status`` says whether it completed or failed, and ``tenants`` has why.

        Raises:
            MigrationTimeoutError: The time allowed ran out; ``migration`` has how far it had come.
            FronteggError: A look failed.
        """
        return self._bridge.call(self._progress.result)
