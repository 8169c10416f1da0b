"""What a blocking client, its views, its resources and its listings hold in common: their way into the loop."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Coroutine
from typing import TypeVar

from frontegg_async.errors import ClientClosedError, ConfigurationError
from frontegg_sync._runner import Closable, Runner

T = TypeVar("T")


class Bridge:
    """The way of one client into its loop. When nothing of the client is left, the client is closed.

    Args:
        client: The client that works in the loop.
        runner: Whose loop that is; one of the client's own by default.

    Raises:
        ConfigurationError: ``runner`` is something else.
    """

    __slots__ = ("__weakref__", "_close", "_is_closed", "_runner")

    def __init__(self, client: Closable, runner: Runner | None) -> None:
        if runner is not None and not isinstance(runner, Runner):
            raise ConfigurationError(f"runner must be a Runner, not {type(runner).__name__}")
        self._is_closed = False
        self._runner = Runner() if runner is None else runner
        self._runner.attach(client)
        close = self._runner.close if runner is None else functools.partial(runner.detach, client)
        self._close = weakref.finalize(self, close)
        # The runners see to the exit of the interpreter themselves.
        self._close.atexit = False

    def call(self, begin: Callable[[], Coroutine[object, object, T]]) -> T:
        """Run a coroutine in the loop and wait for it.

        Args:
            begin: Makes the coroutine.

        Returns:
            What the coroutine returns.

        Raises:
            ClientClosedError: The client was closed, before the call or during it.
        """
        if self._is_closed:
            raise ClientClosedError("the client is closed")
        return self._runner.call(begin)

    def soon(self, callback: Callable[[], object]) -> None:
        """Have something called in the loop's thread, without waiting; nothing happens if no loop runs.

        Args:
            callback: What is called.
        """
        self._runner.soon(callback)

    def share(self) -> Bridge:
        """Return the same way for a client that ends with this one: to close that closes nothing."""
        return _SharedBridge(self)

    def close(self) -> None:
        """Close the client without waiting; to close twice does nothing."""
        self._is_closed = True
        self._close()


class _SharedBridge(Bridge):
    """The way of a client that another client made, which stays alive as long as this is used."""

    __slots__ = ("_owner",)

    def __init__(self, owner: Bridge) -> None:
        self._owner = owner

    def call(self, begin: Callable[[], Coroutine[object, object, T]]) -> T:
        return self._owner.call(begin)

    def soon(self, callback: Callable[[], object]) -> None:
        self._owner.soon(callback)

    def share(self) -> Bridge:
        return self

    def close(self) -> None:
        pass
