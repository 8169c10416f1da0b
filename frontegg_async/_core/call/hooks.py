"""The hooks `on_request` and `on_response` as observers of calls."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from frontegg_async._core.call.observers import Observer
from frontegg_async._core.runtime.forks import importing
from frontegg_async.endpoints import Endpoint
from frontegg_async.errors import ConfigurationError
from frontegg_async.regions import BaseUrl

if TYPE_CHECKING:
    from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot


class Hooks:
    """The hooks of a client, in the form of an observer.

    Args:
        on_request: Called with each request. ``None`` for no hook.
        on_response: Called with the result of each request. ``None`` for no hook.
    """

    def __init__(
        self,
        on_request: Callable[[RequestSnapshot], None] | None,
        on_response: Callable[[ResponseSnapshot], None] | None,
    ) -> None:
        self.on_request: Final = on_request
        self.on_response: Final = on_response

    def begin(self, endpoint: Endpoint[object], base_url: BaseUrl) -> Hooks:
        """Return this object: all calls have the same hooks."""
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
        """Do nothing, because no hook is called at the end of a call."""


def hooks_of(
    on_request: Callable[[RequestSnapshot], None] | None, on_response: Callable[[ResponseSnapshot], None] | None
) -> tuple[Observer, ...]:
    """Return the hooks as observers. Empty without hooks.

    Raises:
        ConfigurationError: A hook is not a plain function.
    """
    for hook, name in ((on_request, "on_request"), (on_response, "on_response")):
        if hook is not None and (not callable(hook) or inspect.iscoroutinefunction(hook)):
            raise ConfigurationError(f"{name} must be a plain function, not an async function")
    if on_request is None and on_response is None:
        return ()
    load_observed_calls()
    return (Hooks(on_request, on_response),)


def load_observed_calls() -> None:
    """Import the module of observed calls, so that the first observed call does not block an event loop."""
    with importing:
        # Only programs with hooks need the module.
        from frontegg_async._core.call import observed_call  # noqa: PLC0415 - as above

        del observed_call
