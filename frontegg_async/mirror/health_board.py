"""The health of the mirrors that this process keeps up to date, as telemetry shows it."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import TYPE_CHECKING, Final, NamedTuple

from frontegg_async._core.runtime.forks import notice_fork, renew_after_fork

if TYPE_CHECKING:
    from frontegg_async.models.mirror import MirrorHealth


class ShownHealth(NamedTuple):
    """The health of a mirror, and when it was read."""

    environment_id: str
    health: MirrorHealth
    read_at: float
    """The time of the monotonic clock."""


class HealthBoard:
    """The last known health of each run of a mirror. Any thread may look at it."""

    def __init__(self) -> None:
        self._is_wanted = False
        self._shown: dict[object, ShownHealth] = {}

    @property
    def is_wanted(self) -> bool:
        """Whether anybody looks. Otherwise runs need not read their health."""
        return self._is_wanted

    def want(self, *, is_wanted: bool) -> None:
        """Say whether anybody looks from now on."""
        self._is_wanted = is_wanted
        self._shown = {}

    def show(self, run: object, environment_id: str, health: MirrorHealth) -> None:
        """Replace the health of a run.

        Args:
            run: The run.
            environment_id: The environment of its mirror.
            health: Its health, which was read just now.
        """
        self._shown[run] = ShownHealth(environment_id, health, time.monotonic())

    def remove(self, run: object) -> None:
        """Remove the health of a run that has ended."""
        self._shown.pop(run, None)

    def look(self) -> Collection[ShownHealth]:
        """Return what is shown."""
        notice_fork()
        return self._shown.copy().values()

    def after_fork(self) -> None:
        """Show nothing: the runs are those of the parent process."""
        self._shown = {}


BOARD: Final = HealthBoard()
"""The board of this process."""

renew_after_fork(BOARD)
