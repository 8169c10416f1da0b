"""`AsyncEntitlements`: local decisions on who may use which feature."""

from __future__ import annotations

import importlib
import inspect
import os
import weakref
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Final, NoReturn, Self, cast

from frontegg_async._core.runtime.clocks import with_suspensions
from frontegg_async._core.runtime.forks import importing
from frontegg_async._values.durations import in_seconds
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async._values.not_copyable import refuse_copies
from frontegg_async._values.wrong_statements import OnlyAsyncWith
from frontegg_async.client import AsyncFrontegg
from frontegg_async.entitlements.asking import check_key, subject_of
from frontegg_async.entitlements.decisions import Decision
from frontegg_async.entitlements.events import EntitlementsEvent
from frontegg_async.entitlements.file_keeper import FileKeeper
from frontegg_async.entitlements.reading import Reader
from frontegg_async.entitlements.refreshing import Refresher
from frontegg_async.entitlements.shared import Environment
from frontegg_async.entitlements.snapshot import Snapshot
from frontegg_async.entitlements.stale_file import StaleFile
from frontegg_async.errors import (
    ConfigurationError,
    ErrorDetails,
    InvalidArgumentError,
    MissingExtraError,
    StaleEntitlementsError,
)
from frontegg_async.models.claims import Claims

_LEAST_REFRESH: Final = 0.1
_MOST_REFRESH: Final = 86_400.0
_MOST_AGE: Final = 365 * 86_400.0


class AsyncEntitlements(OnlyAsyncWith):
    """Local decisions on who may use which feature, based on a snapshot of plans, feature flags and assignments.

    `open` reads the snapshot. A background task asks the service every ``refresh`` seconds whether the snapshot
    changed. If the snapshot changed, the task reads the new snapshot. While the service cannot be reached, the last
    snapshot stays in use. All open objects for one environment share one snapshot in a process. The snapshot is dropped
    when the last of these objects is closed. In a forked child, the first decision in a running event loop starts the
    task again.

    The class needs the extra ``entitlements``, which installs google-re2. The constructor sends nothing. Use it in
    ``async with``, which calls `open` and `aclose`, or call these methods yourself.

    Args:
        frontegg: The client of the environment. This object does not close the client.
        refresh: The seconds between two checks, 0.1 to 86,400. The time varies randomly by up to a tenth. Each check is
            one attempt, without retries.
        max_age: The age from which the snapshot is too old for decisions, in seconds. By default, no snapshot is too
            old. ``max_age`` must be longer than ``refresh``.
        stale_file: The path of a file for the last good snapshot. Only the owner can read the file. `open` uses the
            file if the service cannot be reached. The age of its snapshot is the time since the service confirmed the
            snapshot, by the system clock. If the time of the confirmation is in the future, the age is infinite. A
            relative path refers to the current directory.
        on_event: A function that is called with each event, see `listen`.

    Raises:
        ConfigurationError: A setting is not allowed. The message names the setting.
        MissingExtraError: google-re2 is not installed.
    """

    def __init__(
        self,
        frontegg: AsyncFrontegg,
        *,
        refresh: float | timedelta = 30.0,
        max_age: float | timedelta | None = None,
        stale_file: str | os.PathLike[str] | None = None,
        on_event: Callable[[EntitlementsEvent], None] | None = None,
    ) -> None:
        if not isinstance(frontegg, AsyncFrontegg):
            raise ConfigurationError(f"frontegg must be an AsyncFrontegg, not {kind_of(frontegg)}")
        period = _seconds(refresh, "refresh", _LEAST_REFRESH, _MOST_REFRESH)
        oldest = None if max_age is None else _seconds(max_age, "max_age", _LEAST_REFRESH, _MOST_AGE)
        if oldest is not None and oldest <= period:
            raise ConfigurationError(f"max_age must be longer than refresh, which is {period:g} seconds")
        caller = frontegg._caller  # noqa: SLF001 - as mirrors do  # pyright: ignore[reportPrivateUsage]
        name = frontegg._environment.name  # noqa: SLF001 - as mirrors do  # pyright: ignore[reportPrivateUsage]
        self._clocks = with_suspensions(caller.clocks)
        file = None if stale_file is None else StaleFile(_path(stale_file), name)
        self._refresher = self._background = Refresher(
            Reader(caller, _re2()),
            Environment(str(frontegg.base_url), name),
            self._clocks,
            period=period,
            max_age=oldest,
            keeper=None if file is None else FileKeeper(file, self._clocks),
        )
        if on_event is not None:
            self._add_listener(on_event, "on_event", ConfigurationError)
        finalizer = weakref.finalize(self, self._refresher.forget)
        finalizer.atexit = False

    async def open(self) -> None:
        """Read the first snapshot, and start to refresh the snapshot. A second call does nothing.

        ``GET /entitlements/api/v1/vendor-entitlements``, with the options of the client. Frontegg's own SDKs send this
        request. No request is sent if another object for the environment is open.

        Raises:
            ConfigurationError: ``stale_file`` belongs to another program, environment or user. Or the file cannot be
                read, or its directory does not exist.
            PermissionDeniedError: The credential may not read entitlements.
            NotFoundError: The service has no entitlements for the environment.
            ClientClosedError: This object or its client was closed.
            FronteggError: The snapshot cannot be read, and there is no usable ``stale_file``. The notes of the error
                contain the reason why ``stale_file`` was not used.
        """
        await self._refresher.open()

    def decide(
        self,
        claims: Claims | Mapping[str, object] | None = None,
        *,
        feature: str | None = None,
        permission: str | None = None,
        attributes: Mapping[str, object] | None = None,
        tenant_id: str | None = None,
        user_id: str | None = None,
    ) -> Decision:
        """Return whether a user or an account may use a feature or a permission. Nothing is sent.

        Pass either ``claims`` or ``tenant_id``. ``tenant_id`` can be combined with ``user_id``. Pass either ``feature``
        or ``permission``.

        Args:
            claims: The claims of a verified token, or a mapping with the claims of a JWT.
            feature: The key of the feature.
            permission: The key of the permission. The claims must contain the permission, by its key or by a wildcard.
            attributes: Values for targeting rules, by name. A claim takes precedence over an attribute with the same
                name.
            tenant_id: The id of the account, if you pass no claims.
            user_id: The id of the user, if you pass no claims.

        Returns:
            The decision. It contains the reason for a refusal.

        Raises:
            InvalidArgumentError: An argument is not allowed, or two arguments exclude each other. The message names the
                arguments.
            StaleEntitlementsError: The snapshot is older than ``max_age``.
            ClientClosedError: This object is not open.
        """
        subject = subject_of(claims, attributes, tenant_id, user_id)
        if feature is not None and permission is None:
            check_key(feature, "feature")
            return self._snapshot().decide_feature(feature, subject, self._clocks.wall())
        if permission is None:
            raise InvalidArgumentError("feature or permission must be given")
        if feature is not None:
            raise InvalidArgumentError("feature and permission exclude each other: pass one of them")
        check_key(permission, "permission")
        if claims is None:
            raise InvalidArgumentError("permission needs claims: the claims contain the permissions of the user")
        return self._snapshot().decide_permission(permission, subject, self._clocks.wall())

    def features_of(
        self,
        claims: Claims | Mapping[str, object] | None = None,
        *,
        attributes: Mapping[str, object] | None = None,
        tenant_id: str | None = None,
        user_id: str | None = None,
    ) -> frozenset[str]:
        """Return the keys of all features that a user or account may use now. Nothing is sent.

        Args:
            claims: The claims of a verified token, or a mapping with the claims of a JWT.
            attributes: Values for targeting rules, by name. A claim takes precedence over an attribute with the same
                name.
            tenant_id: The id of the account, if you pass no claims.
            user_id: The id of the user, if you pass no claims.

        Raises:
            InvalidArgumentError: An argument is not allowed, or two arguments exclude each other. The message names the
                arguments.
            StaleEntitlementsError: The snapshot is older than ``max_age``.
            ClientClosedError: This object is not open.
        """
        subject, snapshot = subject_of(claims, attributes, tenant_id, user_id), self._snapshot()
        now = self._clocks.wall()
        return frozenset(key for key in snapshot.features if snapshot.decide_feature(key, subject, now).is_entitled)

    @property
    def age(self) -> float:
        """The seconds since the service confirmed the snapshot. Infinite if the time is unknown."""
        return self._clocks.monotonic() - self._refresher.current().at

    @property
    def is_stale(self) -> bool:
        """Whether the snapshot is older than ``max_age``. Decisions then raise `StaleEntitlementsError`."""
        return self._refresher.is_stale(self._refresher.current())

    @property
    def has_outage(self) -> bool:
        """Whether the last refresh failed. The snapshot may then be out of date."""
        self._refresher.current()
        return self._refresher.failure is not None

    def listen(self, listener: Callable[[EntitlementsEvent], None]) -> Callable[[], None]:
        """Add a listener, which is called with each later event.

        Listeners run in the event loop, one after the other, and must return quickly. Their exceptions are logged and
        otherwise ignored.

        Args:
            listener: The function. It must not be a coroutine function.

        Returns:
            A function that removes the listener.

        Raises:
            InvalidArgumentError: ``listener`` is not a plain function.
        """
        return self._add_listener(listener, "listener", InvalidArgumentError)

    def _add_listener(
        self, listener: Callable[[EntitlementsEvent], None], name: str, error: Callable[[str], Exception]
    ) -> Callable[[], None]:
        called = type(listener).__call__ if callable(listener) else None
        if called is None or inspect.iscoroutinefunction(listener) or inspect.iscoroutinefunction(called):
            raise error(f"{name} must be a plain function")
        return self._refresher.listeners.add(listener)

    async def aclose(self) -> None:
        """Stop refreshing the snapshot. Drop the snapshot unless another object uses it. A second call does nothing."""
        await self._refresher.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __reduce__(self) -> NoReturn:
        refuse_copies(type(self).__name__)

    def _snapshot(self) -> Snapshot:
        current = self._refresher.current()
        if self._refresher.is_stale(current):
            raise self._stale()
        return current.snapshot

    def _stale(self) -> StaleEntitlementsError:
        failure = self._refresher.failure
        why = (
            "the service is being asked for a new snapshot"
            if failure is None
            else f"the snapshot cannot be refreshed: {failure.message}"
        )
        return StaleEntitlementsError(
            f"the snapshot of entitlements is {self.age:.0f} s old, which is more than max_age allows; {why}",
            ErrorDetails(reason="stale"),
        )


def _seconds(value: object, name: str, least: float, most: float) -> float:
    seconds = in_seconds(value, name, ConfigurationError)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not least <= seconds <= most:
        raise ConfigurationError(
            f"{name} must be a number of seconds from {least:g} to {most:,.0f}, not {shown(seconds)}"
        )
    return float(seconds)


def _path(value: object) -> Path:
    path: object = os.fspath(cast("os.PathLike[str]", value)) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str) or not path or "\0" in path:
        raise ConfigurationError(
            f"stale_file must be a path as text or a Path, without a NUL character, not {shown(path)}"
        )
    try:
        os.fsencode(path)
        return Path(path).absolute()
    except (OSError, UnicodeEncodeError) as error:  # a relative path fails if the working directory no longer exists
        raise ConfigurationError(f"stale_file must be a valid path: {error}") from None


def _re2() -> ModuleType:
    """Import google-re2. Another distribution also has a module with this name."""
    try:
        with importing:
            module = importlib.import_module("re2")
    except ImportError:
        module = None
    if module is None or not hasattr(module, "Options"):
        raise MissingExtraError("entitlements need google-re2: pip install 'frontegg-async[entitlements]'")
    return module
