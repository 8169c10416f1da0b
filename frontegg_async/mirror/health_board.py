"""`HealthBoard`: the health of the mirrors that this process keeps up to date, for telemetry."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import TYPE_CHECKING, Final, NamedTuple

from frontegg_async._core.runtime.forks import notice_fork, renew_after_fork

if TYPE_CHECKING:
    from frontegg_async.models.mirror import MirrorHealth


class ShownHealth(NamedTuple):
    """The health of a mirror, and the time when it was read."""

    environment_id: str
    health: MirrorHealth
    read_at: float
    """The time of the read, on the monotonic clock."""


class HealthBoard:
    """The last known health of each running mirror. Any thread may use the board."""

    def __init__(self) -> None:
        self._is_wanted = False
        self._shown: dict[object, ShownHealth] = {}

    @property
    def is_wanted(self) -> bool:
        """Whether telemetry reads the board. If not, runs do not read their health."""
        return self._is_wanted

    def want(self, *, is_wanted: bool) -> None:
        """Set whether telemetry reads the board from now on."""
        self._is_wanted = is_wanted
        self._shown = {}

    def show(self, run: object, environment_id: str, health: MirrorHealth) -> None:
        """Store the health of a run in place of the last health.

        Args:
            run: The run.
            environment_id: The environment of its mirror.
            health: The health, which was just read.
        """
        self._shown[run] = ShownHealth(environment_id, health, time.monotonic())

    def remove(self, run: object) -> None:
        """Remove the health of a run that has ended."""
        self._shown.pop(run, None)

    def look(self) -> Collection[ShownHealth]:
        """Return the health of all runs."""
        notice_fork()
        return self._shown.copy().values()

    def after_fork(self) -> None:
        """In a forked child, clear the board, because the runs belong to the parent process."""
        self._shown = {}


BOARD: Final = HealthBoard()
"""The board of this process."""

renew_after_fork(BOARD)
