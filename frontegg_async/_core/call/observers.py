"""Observers of calls: the hooks of users, and telemetry."""

from __future__ import annotations

import contextvars
import importlib
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from frontegg_async._core.call.log import logger
from frontegg_async._core.runtime.forks import importing
from frontegg_async.endpoints import Endpoint
from frontegg_async.errors import ConfigurationError
from frontegg_async.regions import BaseUrl

if TYPE_CHECKING:
    from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot


class Announcement(Protocol):
    """What an observer has to tell at the end of a call, before the caller gets the result."""

    def send(self) -> None:
        """Tell it, in the thread that made a blocking call."""
        ...

    async def asend(self) -> None:
        """Tell it, in the task that made the call."""
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
            What to announce; ``None`` for nothing, for example after a cancelled call.
        """
        ...


class Observer(Protocol):
    """Observes calls. What it raises is logged and does not change the call."""

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


class Hooks:
    """The hooks of a client, as an observer of clients and of calls.

    Args:
        on_request: Called with each request, if it is given.
        on_response: Called with the result of each request, if it is given.
    """

    def __init__(
        self,
        on_request: Callable[[RequestSnapshot], None] | None,
        on_response: Callable[[ResponseSnapshot], None] | None,
    ) -> None:
        self.on_request: Final = on_request
        self.on_response: Final = on_response

    def begin(self, endpoint: Endpoint[object], base_url: BaseUrl) -> Hooks:
        """Observe each call with the same hooks."""
        del endpoint, base_url
        return self

    def send(self, request: RequestSnapshot) -> None:
        """Call the hook for requests."""
        if self.on_request is not None:
            self.on_request(request)

    def receive(self, response: ResponseSnapshot) -> None:
        """Call the hook for responses."""
        if self.on_response is not None:
            self.on_response(response)

    def end(self, error: BaseException | None) -> None:
        """Do nothing: there is no hook for the end of a call."""


def hooks_of(
    on_request: Callable[[RequestSnapshot], None] | None, on_response: Callable[[ResponseSnapshot], None] | None
) -> tuple[Observer, ...]:
    """Return the hooks as observers; empty without hooks.

    Raises:
        ConfigurationError: A hook is not a plain function.
    """
    for hook, name in ((on_request, "on_request"), (on_response, "on_response")):
        if hook is not None and (not callable(hook) or inspect.iscoroutinefunction(hook)):
            raise ConfigurationError(f"{name} must be a plain function, not an async one")
    if on_request is None and on_response is None:
        return ()
    load_observed_calls()
    return (Hooks(on_request, on_response),)


def load_observed_calls() -> None:
    """Load what observed calls need, so that the first one does not load it in the thread of a loop."""
    with importing:
        importlib.import_module("frontegg_async._core.call.observed_call")
