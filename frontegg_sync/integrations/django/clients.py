"""The clients of a process: made when they are first needed, safe to fork, and ended with the process or its loops."""

from __future__ import annotations

import asyncio

from django.core.signals import setting_changed

from frontegg_async._core.runtime.forks import ProcessLock, call_after_fork, notice_fork
from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import WrongLoopError
from frontegg_sync._bridge.runner import Runner
from frontegg_sync.client import Frontegg
from frontegg_sync.integrations.django import conf
from frontegg_sync.verification.access_token_verifier import AccessTokenVerifier
from frontegg_sync.verification.token_verifier import TokenVerifier


class _Process:
    """What this process has. One thread makes the blocking calls and verifies tokens."""

    def __init__(self) -> None:
        self._lock = ProcessLock()
        self._runner: Runner | None = None
        self._client: Frontegg | None = None
        self._verifier: TokenVerifier | None = None
        self._access_verifier: AccessTokenVerifier | None = None
        self._of_loops: dict[asyncio.AbstractEventLoop, AsyncFrontegg] = {}

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

    def of_loop(self, loop: asyncio.AbstractEventLoop) -> AsyncFrontegg:
        """Return the client of a loop.

        A loop that has ended leaves its client, and the token in it, to the next one: under WSGI each request of an
        ``async`` view has a loop of its own, and does not authenticate for that.
        """
        notice_fork()
        found = self._of_loops.get(loop)
        if found is None:
            with self._lock.of_process():
                ended = next((each for each in self._of_loops if each.is_closed()), None)
                if ended is None:
                    found = conf.apply(AsyncFrontegg, conf.client_arguments())
                else:
                    found = self._of_loops.pop(ended)
                self._of_loops[loop] = found
        return found

    def close(self) -> None:
        with self._lock.of_process():
            runner, self._runner = self._runner, None
            self._client = self._verifier = self._access_verifier = None
            of_loops, self._of_loops = self._of_loops, {}
        if runner is not None:
            runner.close()
        for loop, client in of_loops.items():
            # In a loop that does not run, the session ends with the loop.
            if loop.is_running():
                asyncio.run_coroutine_threadsafe(client.aclose(), loop)

    def renew(self) -> None:
        """Begin anew in a forked child; the blocking client and the verifiers do so by themselves."""
        self._of_loops = {}

    def _running(self) -> Runner:
        if self._runner is None:
            self._runner = Runner()
        return self._runner


_process = _Process()

call_after_fork(_process.renew)


def get_client() -> Frontegg:
    """Return the client of this process, for plain views, commands and workers; all threads share it.

    It is made by the setting ``FRONTEGG`` when it is first asked for, which may be before a fork. It ends with the
    process: do not close it, nor use it in ``with``.

    Returns:
        The client.

    Raises:
        ImproperlyConfigured: Something is wrong with the setting; the message names it.
    """
    return _process.client()


def get_async_client() -> AsyncFrontegg:
    """Return the client of the running event loop, for ``async`` views.

    Under ASGI all requests of a process share it. Under WSGI each request has a loop of its own, and the client of a
    loop that has ended serves the next one, with its token. Its session ends with its loop: do not close it, nor use
    it in ``async with``.

    Returns:
        The client.

    Raises:
        ImproperlyConfigured: Something is wrong with the setting; the message names it.
        WrongLoopError: No event loop runs here.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        loop = None
    if loop is None:
        raise WrongLoopError("no event loop runs here: in plain views and commands use get_client()")
    return _process.of_loop(loop)


def get_verifier() -> TokenVerifier:
    """Return what verifies the tokens of requests in this process; all threads share it.

    Returns:
        The verifier.

    Raises:
        ImproperlyConfigured: Something is wrong with the setting, or it does not say who issues tokens.
        MissingExtraError: PyJWT or cryptography is not installed.
    """
    return _process.verifier()


def get_access_token_verifier() -> AccessTokenVerifier:
    """Return what verifies the access tokens of requests in this process; all threads share it.

    Returns:
        The verifier.

    Raises:
        ImproperlyConfigured: Something is wrong with the setting, or it does not say who issues tokens.
        MissingExtraError: PyJWT or cryptography is not installed.
    """
    return _process.access_verifier()


def close_clients() -> None:
    """Close the clients and the verifiers of this process, without waiting; whoever asks next gets new ones.

    Nothing else needs it than programs that go on for long after their last call, and tests.
    """
    _process.close()


def follow_settings() -> None:
    """Have clients made anew when ``override_settings`` changes what they were made with."""
    setting_changed.connect(_forget, dispatch_uid="frontegg")


def _forget(*, setting: str, **_: object) -> None:
    if setting == conf.SETTING:
        _process.close()
