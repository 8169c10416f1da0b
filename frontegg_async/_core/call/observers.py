"""Observers of calls, and how their announcements are sent."""

from __future__ import annotations

import contextvars
from typing import TYPE_CHECKING, Final, Protocol

from frontegg_async._core.call.log import logger
from frontegg_async.endpoints import Endpoint
from frontegg_async.regions import BaseUrl

if TYPE_CHECKING:
    from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot


class Announcement(Protocol):
    """An announcement of an observer at the end of a call, before the caller gets the result."""

    def send(self) -> None:
        """Send it in the thread that made a blocking call."""
        ...

    async def asend(self) -> None:
        """Send it in the task that made the call."""
        ...


class CallObserver(Protocol):
    """Observes one call."""

    def send(self, request: RequestSnapshot) -> None:
        """Observe that an attempt is about to be sent."""
        ...

    def receive(self, response: ResponseSnapshot) -> None:
        """Observe the result of the attempt."""
        ...

    def end(self, error: BaseException | None) -> Announcement | None:
        """Observe the end of the call: its error, or ``None`` for a value.

        Returns:
            The announcement; ``None`` for nothing, for example after a cancelled call.
        """
        ...


class Observer(Protocol):
    """Observes calls. Its exceptions are logged and do not change the call."""

    def begin(self, endpoint: Endpoint[object], base_url: BaseUrl) -> CallObserver | None:
        """Observe that a call begins, in the task and the context that make it.

        Returns:
            The observer of this call; ``None`` for none.
        """
        ...


CURRENT_OBSERVERS: Final[contextvars.ContextVar[tuple[CallObserver, ...]]] = contextvars.ContextVar(
    "CURRENT_OBSERVERS", default=()
)
"""The observers of the current call; within a single flight, those of the call that started it."""

GLOBAL_OBSERVERS: Final[list[Observer]] = []
"""The observers of the calls of all clients in this process."""

OF_THREAD: Final[contextvars.ContextVar[list[Announcement] | None]] = contextvars.ContextVar("OF_THREAD", default=None)
"""Collects the announcements of a blocking call for the thread that made it; ``None`` in the tasks of other calls."""


def announce(announcements: list[Announcement]) -> None:
    """Make the announcements of a blocking call, in the thread that made it."""
    for each in announcements:
        try:
            each.send()
        except Exception as error:  # noqa: BLE001 - an observer must not change a call
            log_failure(error)


async def announce_in_task(announcements: list[Announcement]) -> None:
    """Make announcements in this task, or leave them to the thread that waits for it."""
    waiting = OF_THREAD.get()
    if waiting is not None:
        waiting.extend(announcements)
        return
    for each in announcements:
        try:
            await each.asend()
        except Exception as error:  # noqa: BLE001 - as above
            log_failure(error)


def log_failure(error: BaseException) -> None:
    """Log that an observer raised."""
    logger.warning("a hook or telemetry raised %s", type(error).__name__)
