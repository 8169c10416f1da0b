"""The clients and entitlements of a process. They are made on first use, fork-safe, and closed with the process."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Final

from django.core.signals import setting_changed

from frontegg_async._core.runtime.forks import ProcessLock, call_after_fork, notice_fork
from frontegg_async._core.runtime.worker_threads import BoundedThreads
from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import (
    ClientClosedError,
    ConfigurationError,
    FronteggError,
    MissingExtraError,
    StaleEntitlementsError,
    WrongLoopError,
)
from frontegg_async.verification.access_token_verifier import AsyncAccessTokenVerifier
from frontegg_async.verification.token_verifier import AsyncTokenVerifier
from frontegg_sync._bridge.runner import Runner
from frontegg_sync.client import Frontegg
from frontegg_sync.entitlements.entitlements import Entitlements
from frontegg_sync.integrations.django import conf
from frontegg_sync.verification.access_token_verifier import AccessTokenVerifier
from frontegg_sync.verification.token_verifier import TokenVerifier

_PAUSE: Final = 5.0
"""Seconds after a failed read of the first snapshot before another read is tried."""

_readers: Final = BoundedThreads("frontegg-entitlements", most=1, most_waiting=sys.maxsize)
"""The executor that reads the first snapshot for ``async`` views. The read itself needs threads of the SDK."""

_OF_PROGRAM: Final = (ClientClosedError, ConfigurationError, MissingExtraError, WrongLoopError)
"""The errors that the program itself caused, not the service."""


class AsyncClients:
    """The client and the verifiers of an event loop."""

    def __init__(self) -> None:
        self.client: AsyncFrontegg = conf.apply(AsyncFrontegg, conf.client_arguments())
        self._verifier: AsyncTokenVerifier | None = None
        self._access_verifier: AsyncAccessTokenVerifier | None = None

    def verifier(self) -> AsyncTokenVerifier:
        """Return the verifier of bearer tokens, and make it on first use."""
        if self._verifier is None:
            self._verifier = conf.apply(AsyncTokenVerifier, conf.verifier_arguments())
        return self._verifier

    def access_verifier(self) -> AsyncAccessTokenVerifier:
        """Return the verifier of access tokens, and make it on first use."""
        if self._access_verifier is None:
            arguments = {"client": self.client, **conf.access_verifier_arguments()}
            self._access_verifier = conf.apply(AsyncAccessTokenVerifier, arguments)
        return self._access_verifier

    async def aclose(self) -> None:
        """Close the client and the verifiers."""
        for each in (self._access_verifier, self._verifier, self.client):
            if each is not None:
                await each.aclose()


class _ProcessClients:
    """The clients and verifiers of this process. One thread makes the blocking calls and verifies tokens."""

    def __init__(self) -> None:
        self._lock = ProcessLock()
        self._runner: Runner | None = None
        self._client: Frontegg | None = None
        self._verifier: TokenVerifier | None = None
        self._access_verifier: AccessTokenVerifier | None = None
        self._of_loops: dict[asyncio.AbstractEventLoop, AsyncClients] = {}
        self._reading = ProcessLock()
        self._entitlements: Entitlements | None = None
        self._failure: tuple[float, FronteggError] | None = None

    def client(self) -> Frontegg:
        found = self._client
        if found is None:
            with self._lock.of_process():
                found = self._client
                if found is None:
                    found = self._client = conf.apply(Frontegg, {**conf.client_arguments(), "runner": self._running()})
        return found

    def verifier(self) -> TokenVerifier:
        found = self._verifier
        if found is None:
            with self._lock.of_process():
                found = self._verifier
                if found is None:
                    found = self._verifier = conf.apply(
                        TokenVerifier, {**conf.verifier_arguments(), "runner": self._running()}
                    )
        return found

    def access_verifier(self) -> AccessTokenVerifier:
        found = self._access_verifier
        if found is None:
            client = self.client()
            with self._lock.of_process():
                found = self._access_verifier
                if found is None:
                    found = self._access_verifier = conf.apply(
                        AccessTokenVerifier, {"client": client, **conf.access_verifier_arguments()}
                    )
        return found

    def open_entitlements(self) -> Entitlements | None:
        """Return the open entitlements; ``None`` if they are not open."""
        return self._entitlements

    def entitlements(self) -> Entitlements:
        found = self._entitlements
        if found is None:
            client = self.client()
            # A separate lock, so that `of_loop` never waits in an event loop for a read.
            with self._reading.of_process():
                found = self._entitlements
                if found is None:
                    found = self._read_entitlements(client)
        return found

    def _read_entitlements(self, client: Frontegg) -> Entitlements:
        made = conf.apply(Entitlements, {"frontegg": client, **conf.entitlements_arguments()})
        if self._failure is not None and time.monotonic() < self._failure[0]:
            raise self._failure[1].fresh()
        failure: FronteggError | None = None
        try:
            made.open()
        except _OF_PROGRAM:
            raise
        except FronteggError as error:
            failure = StaleEntitlementsError(f"the entitlements could not be read: {error.message}", error.details)
        with self._lock.of_process():
            if self._client is client:  # the clients may have been closed during the read
                self._entitlements = made if failure is None else None
                self._failure = None if failure is None else (time.monotonic() + _PAUSE, failure)
        if failure is not None:
            raise failure
        return made

    def of_loop(self, loop: asyncio.AbstractEventLoop) -> AsyncClients:
        """Return the client and the verifiers of a loop.

        Under WSGI, each request of an ``async`` view has its own loop. A closed loop passes its client and verifiers to
        the next loop, with their token and keys, so that the next request need not authenticate again.
        """
        notice_fork()
        found = self._of_loops.get(loop)
        if found is None:
            with self._lock.of_process():
                ended = next((each for each in self._of_loops if each.is_closed()), None)
                found = AsyncClients() if ended is None else self._of_loops.pop(ended)
                self._of_loops[loop] = found
        return found

    def close(self) -> None:
        with self._lock.of_process():
            runner, self._runner = self._runner, None
            self._client = self._verifier = self._access_verifier = self._entitlements = self._failure = None
            of_loops, self._of_loops = self._of_loops, {}
        if runner is not None:
            runner.close()
        for loop, clients in of_loops.items():
            # If the loop does not run, the session is closed with the loop.
            if loop.is_running():
                asyncio.run_coroutine_threadsafe(clients.aclose(), loop)

    def renew(self) -> None:
        """Start over in a forked child. The blocking client and the verifiers renew themselves."""
        self._of_loops = {}

    def _running(self) -> Runner:
        if self._runner is None:
            self._runner = Runner()
        return self._runner


_process = _ProcessClients()

call_after_fork(_process.renew)


def get_client() -> Frontegg:
    """Return the client of this process, for plain views, commands and workers. All threads share the client.

    The client is made from the setting ``FRONTEGG`` on first use, which may be before a fork. The client is closed with
    the process. Do not close the client, and do not use it in ``with``.

    Returns:
        The client.

    Raises:
        ImproperlyConfigured: The setting is missing or has a wrong key. The message names the key.
    """
    return _process.client()


def get_async_client() -> AsyncFrontegg:
    """Return the client of the running event loop, for ``async`` views.

    Under ASGI, all requests of a process share the client. Under WSGI, each request has its own loop, and the client of
    a closed loop serves the next loop, with its token. The session is closed with its loop. Do not close the client,
    and do not use it in ``async with``.

    Returns:
        The client.

    Raises:
        ImproperlyConfigured: The setting is missing or has a wrong key. The message names the key.
        WrongLoopError: No event loop is running.
    """
    return async_clients().client


def async_clients() -> AsyncClients:
    """Return the client and the verifiers of the running event loop.

    Raises:
        ImproperlyConfigured: The setting is missing or has a wrong key.
        WrongLoopError: No event loop is running.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        loop = None
    if loop is None:
        raise WrongLoopError("no event loop is running: in plain views and commands use get_client()")
    return _process.of_loop(loop)


def get_verifier() -> TokenVerifier:
    """Return the token verifier of this process. All threads share the verifier.

    Returns:
        The verifier.

    Raises:
        ImproperlyConfigured: The setting is missing or has a wrong key, or does not name the issuer of tokens.
        MissingExtraError: PyJWT or cryptography is not installed.
    """
    return _process.verifier()


def get_access_token_verifier() -> AccessTokenVerifier:
    """Return the access token verifier of this process. All threads share the verifier.

    Returns:
        The verifier.

    Raises:
        ImproperlyConfigured: The setting is missing or has a wrong key, or does not name the issuer of tokens.
        MissingExtraError: PyJWT or cryptography is not installed.
    """
    return _process.access_verifier()


def get_entitlements() -> Entitlements:
    """Return the entitlements of this process, for plain views, commands and workers.

    All threads share the entitlements. They are read on first use, and then kept up to date. The key ``ENTITLEMENTS``
    of the setting has the arguments of the entitlements. Do not close the entitlements, and do not use them in
    ``with``.

    Returns:
        The entitlements. Their `decide` neither waits nor blocks.

    Raises:
        ImproperlyConfigured: The setting is missing or has a wrong key. The message names the key.
        MissingExtraError: The extra ``entitlements`` is not installed.
        StaleEntitlementsError: The entitlements could not be read. Another attempt is made a few seconds later.
    """
    return _process.entitlements()


async def aget_entitlements() -> Entitlements:
    """Return the entitlements of this process, for ``async`` views. A thread reads the entitlements on first use.

    Returns:
        The entitlements. Their `decide` neither waits nor blocks.

    Raises:
        ImproperlyConfigured: The setting is missing or has a wrong key. The message names the key.
        MissingExtraError: The extra ``entitlements`` is not installed.
        StaleEntitlementsError: The entitlements could not be read. Another attempt is made a few seconds later.
    """
    found = _process.open_entitlements()
    return await _readers.run(get_entitlements) if found is None else found


def close_clients() -> None:
    """Close the clients, verifiers and entitlements of this process, without waiting. The next use makes new objects.

    Only tests need this function, and programs that run for a long time after their last call.
    """
    _process.close()


def follow_settings() -> None:
    """Make new clients when ``override_settings`` changes their settings."""
    setting_changed.connect(_forget, dispatch_uid="frontegg")


def _forget(*, setting: str, **_: object) -> None:
    if setting == conf.SETTING:
        _process.close()
