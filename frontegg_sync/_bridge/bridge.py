"""`Bridge`: run the coroutines of a blocking client, its views, resources and listings in the event loop."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Coroutine
from typing import Final, NoReturn, Protocol, TypeVar

from frontegg_async._core.runtime.lazy_resources import LazyResources
from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async._values.not_copyable import PARTS, refuse_copies
from frontegg_async._values.wrong_statements import CLOSED
from frontegg_async.errors import ClientClosedError, ConfigurationError, FronteggError
from frontegg_sync._bridge.runner import Background, Closable, Runner

T = TypeVar("T")
C = TypeVar("C")
C_co = TypeVar("C_co", covariant=True)

with_resources: Final = LazyResources(
    "frontegg_sync.resources",
    lambda owner, name: (getattr(owner._async, name), owner._bridge),  # noqa: SLF001 - of the decorated classes
)
"""A decorator for clients and views. It creates the resources that their annotations declare."""


class Bridge:
    """The bridge from a client to its event loop.

    The bridge closes the client after the garbage collector has found the last object of the client.

    Args:
        client: The async client.
        runner: The runner of the event loop. The default is a new runner.

    Raises:
        ConfigurationError: ``runner`` is not a `Runner`.
    """

    __slots__ = ("__weakref__", "_close", "_finalizer", "_is_closed", "_runner")

    def __init__(self, client: Closable, runner: Runner | None) -> None:
        if runner is not None and not isinstance(runner, Runner):
            raise ConfigurationError(f"runner must be a Runner, not {type(runner).__name__}")
        self._is_closed = False
        self._runner = Runner() if runner is None else runner
        self._runner._attach(client)  # noqa: SLF001 - of the bridge's own runner  # pyright: ignore[reportPrivateUsage]
        detach = functools.partial(self._runner._detach, client)  # noqa: SLF001 - of the bridge's own runner  # pyright: ignore[reportPrivateUsage]
        self._close = self._runner.close if runner is None else detach
        self._finalizer = weakref.finalize(self, self._close)
        # Runners handle the exit of the interpreter themselves.
        self._finalizer.atexit = False

    @property
    def runner(self) -> Runner:
        """The runner of the loop."""
        return self._runner

    def call(self, begin: Callable[[], Coroutine[object, object, T]]) -> T:
        """Run a coroutine in the event loop, and wait for its result.

        Args:
            begin: Creates the coroutine.

        Returns:
            The result of the coroutine.

        Raises:
            ClientClosedError: The client was closed before or during the call.
        """
        if self._is_closed:
            raise ClientClosedError(CLOSED)
        try:
            return self._runner.call(begin)
        except FronteggError as error:
            shorten(error)
            raise

    def check_open(self) -> None:
        """Raise an error if the client or its runner was closed.

        Raises:
            ClientClosedError: The client or its runner was closed.
        """
        if self._is_closed:
            raise ClientClosedError(CLOSED)
        self._runner._check_open()  # noqa: SLF001 - of the bridge's own runner  # pyright: ignore[reportPrivateUsage]

    def soon(self, callback: Callable[[], object]) -> None:
        """Schedule a callback in the thread of the event loop, without waiting. Do nothing if no loop runs.

        Args:
            callback: The callback.
        """
        self._runner._soon(callback)  # noqa: SLF001 - of the bridge's own runner  # pyright: ignore[reportPrivateUsage]

    def share(self) -> Bridge:
        """Return a bridge for another client, which is closed together with this client.

        Closing the returned bridge has no effect.
        """
        return _SharedBridge(self)

    def close(self) -> None:
        """Close the client without waiting. A second call does nothing."""
        self._is_closed = True
        # Do not call the finalizer, which runs only once. A signal may interrupt this method, and it is then called
        # again.
        self._close()
        self._finalizer.detach()

    def __reduce__(self) -> NoReturn:
        refuse_copies(PARTS)


class Blocking(Protocol[C_co]):
    """The private attributes of a blocking client."""

    @property
    def _async(self) -> C_co: ...

    @property
    def _bridge(self) -> Bridge: ...


B = TypeVar("B", bound=Blocking[object])


def rewrap(twin: B, inner: object) -> B:
    """Return a copy of a blocking object that uses the same event loop but another async object.

    Args:
        twin: A blocking client or view. Its resources are created on first access.
        inner: The other async object. Its class is the class of the async object behind ``twin``.
    """
    made = object.__new__(type(twin))
    object.__setattr__(made, "_async", inner)
    object.__setattr__(made, "_bridge", twin._bridge)  # noqa: SLF001 - of a twin  # pyright: ignore[reportPrivateUsage]
    return made


def unwrap(client: Blocking[C], kind: type, setting: str) -> C:
    """Return the async client behind a blocking client.

    Args:
        client: The blocking client.
        kind: The required class.
        setting: The name of the setting, for messages.

    Raises:
        ConfigurationError: The client has another class.
    """
    if not isinstance(client, kind):
        raise ConfigurationError(f"{setting} must be a {kind.__name__} of frontegg_sync, not {type(client).__name__}")
    return client._async  # noqa: SLF001 - of a twin  # pyright: ignore[reportPrivateUsage]


def beside(other: Blocking[object] | None, client: Closable, runner: Runner | None) -> Bridge:
    """Return a bridge to the event loop of another client. The bridge keeps the other client alive.

    Args:
        other: The other blocking client. ``None`` for an ordinary bridge.
        client: The async client.
        runner: The runner of the event loop, if there is no other client.

    Raises:
        ConfigurationError: Both ``other`` and ``runner`` are given.
    """
    if other is None:
        return Bridge(client, runner)
    if runner is not None:
        raise ConfigurationError("runner and client exclude each other: the runner of the client makes the calls")
    return _BesideBridge(client, other._bridge)  # noqa: SLF001 - of a twin  # pyright: ignore[reportPrivateUsage]


class _BesideBridge(Bridge):
    """A bridge to the event loop of another client. The other client stays open when this bridge is closed."""

    __slots__ = ("_background", "_owner")

    def __init__(self, client: Closable, owner: Bridge) -> None:
        super().__init__(client, owner.runner)
        self._owner = owner
        found: object = getattr(client, "_background", None)
        self._background = found if isinstance(found, Background) else None
        if self._background is not None:
            self._background.use_loop_of(owner.runner._spawn)  # noqa: SLF001 - of the bridge's own runner  # pyright: ignore[reportPrivateUsage]

    def close(self) -> None:
        if self._background is not None:
            self._background.end()
        super().close()


class _SharedBridge(Bridge):
    """A bridge that delegates to the bridge of another client and keeps that client alive."""

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
