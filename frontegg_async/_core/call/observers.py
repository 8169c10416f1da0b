"""Those who watch calls: hooks of the user's, and telemetry."""

from __future__ import annotations

import contextvars
import inspect
from collections.abc import Callable
from typing import Final, Protocol

import attrs

from frontegg_async.endpoints import Endpoint
from frontegg_async.errors import ConfigurationError
from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot
from frontegg_async.regions import BaseUrl


class CallObserver(Protocol):
    """Sees one call."""

    def send(self, request: RequestSnapshot) -> None:
        """See that an attempt is about to be sent."""
        ...

    def receive(self, response: ResponseSnapshot) -> None:
        """See what came of it."""
        ...

    def end(self, error: BaseException | None) -> None:
        """See how the call ended: with an error, or with its value."""
        ...


class Observer(Protocol):
    """Sees calls. What it raises is logged, and changes nothing."""

    def begin(self, endpoint: Endpoint[object], base_url: BaseUrl) -> CallObserver | None:
        """See that a call begins, in the task and in the context that makes it.

        Returns:
            What sees the rest of it; ``None`` if nothing wants to.
        """
        ...


CURRENT_OBSERVERS: Final[contextvars.ContextVar[tuple[CallObserver, ...]]] = contextvars.ContextVar(
    "CURRENT_OBSERVERS", default=()
)
"""Those who watch the call that is being made; in work that is done for many, that which began it."""

GLOBAL_OBSERVERS: Final[list[Observer]] = []
"""Those who see the calls of all clients of this process."""


@attrs.frozen
class Hooks:
    """The hooks of a client, as an observer and as what it sees each call by."""

    on_request: Callable[[RequestSnapshot], None] | None
    on_response: Callable[[ResponseSnapshot], None] | None

    def begin(self, endpoint: Endpoint[object], base_url: BaseUrl) -> Hooks:
        """See each call alike."""
        del endpoint, base_url
        return self

    def send(self, request: RequestSnapshot) -> None:
        """Call the hook for requests."""
        if self.on_request is not None:
            self.on_request(request)

    def receive(self, response: ResponseSnapshot) -> None:
        """Call the hook for answers."""
        if self.on_response is not None:
            self.on_response(response)

    def end(self, error: BaseException | None) -> None:
        """Have no hook for it."""


def hooks_of(
    on_request: Callable[[RequestSnapshot], None] | None, on_response: Callable[[ResponseSnapshot], None] | None
) -> tuple[Observer, ...]:
    """Return the observers that hooks make: none without hooks.

    Raises:
        ConfigurationError: A hook is no plain function.
    """
    for hook, name in ((on_request, "on_request"), (on_response, "on_response")):
        if hook is not None and (not callable(hook) or inspect.iscoroutinefunction(hook)):
            raise ConfigurationError(f"{name} must be a plain function, which is not awaited")
    return () if on_request is None and on_response is None else (Hooks(on_request, on_response),)
