"""Observers of calls, and their announcements at the end of a call."""

from __future__ import annotations

import contextvars
from typing import TYPE_CHECKING, Final, Protocol

from frontegg_async._core.call.log import logger
from frontegg_async.endpoints import Endpoint
from frontegg_async.regions import BaseUrl

if TYPE_CHECKING:
    from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot


class Announcement(Protocol):
    """An announcement that an observer makes at the end of a call, before the caller gets the result."""

    def send(self) -> None:
        """Send the announcement in the thread that made a blocking call."""
        ...

    async def asend(self) -> None:
        """Send the announcement in the task that made the call."""
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
        """Observe the end of the call. ``error`` is ``None`` if the call returned a value.

        Returns:
            The announcement, or ``None`` to announce nothing, for example after a cancelled call.
        """
        ...


class Observer(Protocol):
    """Observes calls. Exceptions of an observer are logged and do not change the call."""

    def begin(self, endpoint: Endpoint[object], base_url: BaseUrl) -> CallObserver | None:
        """Observe that a call begins. This method runs in the task and the context of the call.

        Returns:
            The observer of this call, or ``None`` to observe nothing.
        """
        ...


CURRENT_OBSERVERS: Final[contextvars.ContextVar[tuple[CallObserver, ...]]] = contextvars.ContextVar(
    "CURRENT_OBSERVERS", default=()
)
"""The observers of the current call. Within a single flight: the observers of the call that started the single flight.
"""

GLOBAL_OBSERVERS: Final[list[Observer]] = []
"""The observers of the calls of all clients in this process."""

OF_THREAD: Final[contextvars.ContextVar[list[Announcement] | None]] = contextvars.ContextVar("OF_THREAD", default=None)
"""Collects the announcements of a blocking call for the thread that made the call. ``None`` in other calls."""


def announce(announcements: list[Announcement]) -> None:
    """Send the announcements of a blocking call. This runs in the thread that made the call."""
    for each in announcements:
        try:
            each.send()
        except Exception as error:  # noqa: BLE001 - an observer must not change a call
            log_failure(error)


async def announce_in_task(announcements: list[Announcement]) -> None:
    """Send announcements in this task. In a blocking call, collect them for the thread that waits."""
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
    """Log that an observer raised an exception."""
    logger.warning("a hook or telemetry raised %s", type(error).__name__)
