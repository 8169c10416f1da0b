"""`TokenKeeper`: a token that is fetched once for all who wait, and refreshed before it ends."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from typing import ClassVar, Final

from frontegg_async.auth.windows import Token
from frontegg_async.errors import ClientClosedError, FronteggError
from frontegg_async.secret import Secret
from frontegg_async.wire.log import logger

REFRESH_PAUSE: Final = 30.0
"""Seconds between two tries to refresh a token that is still valid."""


class TokenKeeper:
    """Hands out one token, of an environment or of a session.

    Args:
        fetch: Gets a new token from the service.
        clock: The monotonic clock.
        kind: What it is, for messages.
        remark: Returns what a person should know of the token when the service refuses a call with it.
    """

    is_per_call: ClassVar[bool] = False

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Token]],
        clock: Callable[[], float],
        *,
        kind: str,
        remark: Callable[[], str] = str,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._kind = kind
        self._remark = remark
        self._token: Token | None = None
        self._next_refresh = 0.0
        self._task: asyncio.Task[None] | None = None
        self._waiters: list[asyncio.Future[Token | FronteggError]] = []
        self._is_closed = False

    def begin(self) -> TokenKeeper:
        """Return this keeper, which all calls share."""
        return self

    def current(self) -> Secret | None:
        """Return the token if it may be sent, without waiting and without a lock; starts a refresh if it is due."""
        token = self._token
        if token is None:
            return None
        now = self._clock()
        if now >= token.refresh_at:
            if now >= token.stale_at:
                return None
            if now >= self._next_refresh:
                self._next_refresh = now + REFRESH_PAUSE
                self._start()
        return token.value

    async def fetch(self) -> None:
        """Wait for a new token. All who wait share one request, and cancelling one of them harms no other.

        Raises:
            ClientClosedError: The client was closed.
            FronteggError: The service gave none.
        """
        if self._is_closed:
            raise ClientClosedError("the client is closed")
        waiter: asyncio.Future[Token | FronteggError] = asyncio.get_running_loop().create_future()
        self._start()
        self._waiters.append(waiter)
        result = await waiter
        if isinstance(result, FronteggError):
            # Each waiter raises an error of its own: one object would collect the tracebacks of all.
            raise result.with_details(result.details)

    def adopt(self, token: Token) -> None:
        """Take a token that was fetched beside the calls."""
        self._token = token
        self._next_refresh = 0.0

    def reject(self, token: Secret) -> None:
        """Forget a token that the service refused, unless another has taken its place already."""
        if self._token is not None and self._token.value is token:
            self._token = None

    async def replace(self, token: Secret) -> bool:
        """Give a refused token up; the next call waits for another."""
        self.reject(token)
        return True

    def remark(self) -> str:
        """Return what a person should know of the token when the service refuses a call with it."""
        return self._remark()

    def reset(self) -> None:
        """Forget the token."""
        self._token = None
        self._next_refresh = 0.0

    def close(self) -> None:
        """Stop what is under way; those who wait get `ClientClosedError`."""
        self._is_closed = True
        self._token = None
        task, self._task = self._task, None
        if task is not None and not task.get_loop().is_closed():
            task.cancel()
        self._wake(ClientClosedError("the client was closed"))

    def forget_loop(self) -> None:
        """Leave alone what is under way in a loop that is gone, or in the parent of this process."""
        self._task = None
        self._waiters = []

    def _start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._task is not None and not self._task.done() and self._task.get_loop() is loop:
            return
        if self._task is not None and self._task.get_loop() is not loop:
            self.forget_loop()
        # An empty context: the task serves all callers and carries the variables of none.
        self._task = loop.create_task(self._run(), context=contextvars.Context())

    async def _run(self) -> None:
        result: Token | FronteggError = ClientClosedError("the event loop ended")
        try:
            result = await self._fetch()
        except FronteggError as error:
            result = error.with_details(error.details)
            logger.warning("no %s: %s", self._kind, type(error).__name__)
        except Exception as error:  # noqa: BLE001 - those who wait must be told of a defect too
            result = FronteggError(f"no {self._kind}: {type(error).__name__}")
        finally:
            self._task = None
            if isinstance(result, Token):
                self._token = result
                self._next_refresh = 0.0
            self._wake(result)

    def _wake(self, result: Token | FronteggError) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(result)
