"""What a blocking client, its views, its resources and its listings hold in common: their way into the loop."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Coroutine
from typing import NoReturn, Protocol, TypeVar

from frontegg_async._values.not_copyable import PARTS, refuse_copies
from frontegg_async.errors import ClientClosedError, ConfigurationError
from frontegg_sync._bridge.runner import Closable, Runner

T = TypeVar("T")
C = TypeVar("C")
C_co = TypeVar("C_co", covariant=True)


class Bridge:
    """The way of one client into its loop. When nothing of the client is left, the client is closed.

    Args:
        client: The client that works in the loop.
        runner: Whose loop that is; one of the client's own by default.

    Raises:
        ConfigurationError: ``runner`` is something else.
    """

    __slots__ = ("__weakref__", "_close", "_finalizer", "_is_closed", "_runner")

    def __init__(self, client: Closable, runner: Runner | None) -> None:
        if runner is not None and not isinstance(runner, Runner):
            raise ConfigurationError(f"runner must be a Runner, not {type(runner).__name__}")
        self._is_closed = False
        self._runner = Runner() if runner is None else runner
        self._runner.attach(client)
        self._close = self._runner.close if runner is None else functools.partial(runner.detach, client)
        self._finalizer = weakref.finalize(self, self._close)
        # The runners see to the exit of the interpreter themselves.
        self._finalizer.atexit = False

    @property
    def runner(self) -> Runner:
        """Whose loop it leads to."""
        return self._runner

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

    def check_open(self) -> None:
        """Make sure that the client was not closed, nor its runner.

        Raises:
            ClientClosedError: It was.
        """
        if self._is_closed:
            raise ClientClosedError("the client is closed")
        self._runner.check_open()

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
        # Not by the finalizer, which runs once: a signal may interrupt this, and then it is repeated.
        self._close()
        self._finalizer.detach()

    def __reduce__(self) -> NoReturn:
        refuse_copies(PARTS)


class Blocking(Protocol[C_co]):
    """A blocking client, seen from inside."""

    @property
    def _async(self) -> C_co: ...

    @property
    def _bridge(self) -> Bridge: ...


def unwrap(client: Blocking[C], kind: type, setting: str) -> C:
    """Return the client behind a blocking one.

    Args:
        client: The blocking client.
        kind: What it must be.
        setting: The name of the setting, for messages.

    Raises:
        ConfigurationError: It is something else.
    """
    if not isinstance(client, kind):
        raise ConfigurationError(f"{setting} must be a {kind.__name__} of frontegg_sync, not {type(client).__name__}")
    return client._async  # noqa: SLF001 - of a twin  # pyright: ignore[reportPrivateUsage]


def beside(other: Blocking[object] | None, client: Closable, runner: Runner | None) -> Bridge:
    """Return the way of a client that works with another one: into the loop of that one, which it keeps alive.

    Args:
        other: The other blocking client; without one this is a way of the client's own.
        client: The client that works in the loop.
        runner: Whose loop that is, when there is no other client.

    Raises:
        ConfigurationError: Both are given.
    """
    if other is None:
        return Bridge(client, runner)
    if runner is not None:
        raise ConfigurationError("runner and client exclude each other: the calls are made in the thread of the client")
    return _BesideBridge(client, other._bridge)  # noqa: SLF001 - of a twin  # pyright: ignore[reportPrivateUsage]


class _BesideBridge(Bridge):
    """The way of a client that works with another one. To close it closes nothing of that one."""

    __slots__ = ("_owner",)

    def __init__(self, client: Closable, owner: Bridge) -> None:
        super().__init__(client, owner.runner)
        self._owner = owner


class _SharedBridge(Bridge):
    """The way of a client that another client made, which stays alive as long as this is used."""

    __slots__ = ("_owner",)

    def __init__(self, owner: Bridge) -> None:
        self._owner = owner

    @property
    def runner(self) -> Runner:
        return self._owner.runner

    def call(self, begin: Callable[[], Coroutine[object, object, T]]) -> T:
        return self._owner.call(begin)

    def check_open(self) -> None:
        self._owner.check_open()

    def soon(self, callback: Callable[[], object]) -> None:
        self._owner.soon(callback)

    def share(self) -> Bridge:
        return self

    def close(self) -> None:
        pass
