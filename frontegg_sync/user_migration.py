"""The migration of many users: read and send 1,000 rows at a time, and yield the outcome of each row."""

from __future__ import annotations

from collections.abc import Iterator

from frontegg_async._values.wrong_statements import OnlyFor
from frontegg_async.models.migrated_users import MigratedUser
from frontegg_async.user_migration import AsyncUserMigration
from frontegg_sync._bridge.bridge import Bridge

__all__ = ["UserMigration"]


class UserMigration(OnlyFor):
    """A migration of many users. The first request is sent when you iterate the migration, which is possible once.

    The iteration yields the outcome of each row, in order.

    Args:
        migration: The migration that runs in the event loop.
        bridge: The bridge to the event loop.
    """

    __slots__ = ("_bridge", "_migration")

    _whole = "migration.all()"

    def __init__(self, migration: AsyncUserMigration, bridge: Bridge) -> None:
        self._migration = migration
        self._bridge = bridge

    def __iter__(self) -> Iterator[MigratedUser]:
        # Make one call to the event loop for each request. The generator never runs in the thread of the loop.
        reader = self._migration._reader()  # noqa: SLF001 - of a twin  # pyright: ignore[reportPrivateUsage]
        while (found := self._bridge.call(reader.read)) is not None:
            yield from found

    def all(self) -> list[MigratedUser]:
        """Migrate all users.

        Returns:
            The outcome of each row, in order.

        Raises:
            InvalidArgumentError: A row is not allowed, or the users were migrated before.
            FronteggError: The first request failed, and nothing was done.
        """
        return self._bridge.call(self._migration.all)
