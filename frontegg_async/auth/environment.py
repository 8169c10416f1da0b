"""The environment token: fetched once for all who wait, refreshed before it ends, never asked for in vain."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from typing import Final

import attrs

from frontegg_async.auth.windows import Token
from frontegg_async.errors import AuthenticationError, ClientClosedError, FronteggError
from frontegg_async.secret import Secret
from frontegg_async.wire.log import logger

REFUSAL_MEMORY: Final = 60.0
"""Seconds during which a refused secret is not sent again."""

REFRESH_PAUSE: Final = 30.0
"""Seconds between two tries to refresh a token that is still valid."""


@attrs.frozen
class Refusal:
    """When a secret was refused, and how."""

    at: float
    error: AuthenticationError


class Refusals:
    """Remembers, for all clients that share it, which secrets were refused where: by host, client id and secret."""

    SIZE: Final = 256

    def __init__(self) -> None:
        self._refusals: dict[tuple[tuple[str, str], bytes], Refusal] = {}

    def find(self, account: tuple[str, str], secret: Secret, now: float) -> Refusal | None:
        """Return the refusal of a secret that is not older than `REFUSAL_MEMORY`."""
        refusal = self._refusals.get((account, secret.digest()))
        return refusal if refusal is not None and refusal.at <= now < refusal.at + REFUSAL_MEMORY else None

    def add(self, account: tuple[str, str], secret: Secret, refusal: Refusal) -> None:
        """Remember a refusal; the oldest gives way."""
        if len(self._refusals) >= self.SIZE:
            del self._refusals[next(iter(self._refusals))]
        self._refusals[account, secret.digest()] = refusal

    def forget(self, account: tuple[str, str]) -> None:
        """Forget all refusals of a client id at a host."""
        for key in [key for key in list(self._refusals) if key[0] == account]:
            self._refusals.pop(key, None)


REFUSALS: Final = Refusals()
"""The memory of this process."""


class EnvironmentTokens:
    """Hands out the token of one environment.

    Args:
        secret: Returns the secret to authenticate with.
        authenticate: Exchanges a secret for a token.
        clock: The monotonic clock.
        account: The host and the client id.
        refusals: Where refused secrets are remembered.
    """

    def __init__(
        self,
        secret: Callable[[], Awaitable[Secret]],
        authenticate: Callable[[Secret], Awaitable[Token]],
        clock: Callable[[], float],
        *,
        account: tuple[str, str],
        refusals: Refusals = REFUSALS,
    ) -> None:
        self._secret = secret
        self._authenticate = authenticate
        self._clock = clock
        self._token: Token | None = None
        self._account = account
        self._refusals = refusals
        self._next_refresh = 0.0
        self._task: asyncio.Task[None] | None = None
        self._waiters: list[asyncio.Future[Token | FronteggError]] = []
        self._is_closed = False

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
        """Wait for a new token. All who wait share one authentication, and cancelling one of them harms no other.

        Raises:
            AuthenticationError: The secret was refused, now or less than `REFUSAL_MEMORY` seconds ago.
            ClientClosedError: The client was closed.
            FronteggError: Any other failure of the authentication.
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

    def reset(self) -> None:
        """Forget the token and the memory of a refused secret."""
        self._token = None
        self._refusals.forget(self._account)
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
            logger.warning("no environment token: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - those who wait must be told of a defect too
            result = FronteggError(f"no environment token: {type(error).__name__}")
        finally:
            self._task = None
            if isinstance(result, Token):
                self._token = result
                self._next_refresh = 0.0
            self._wake(result)

    async def _fetch(self) -> Token:
        secret = await self._secret()
        now = self._clock()
        refusal = self._refusals.find(self._account, secret, now)
        if refusal is not None:
            age = now - refusal.at
            raise AuthenticationError(
                f"{refusal.error.message} ({age:.0f} s ago; the same secret is not sent again "
                f"for another {REFUSAL_MEMORY - age:.0f} s, or until reset_auth())",
                refusal.error.details,
            )
        try:
            token = await self._authenticate(secret)
        except AuthenticationError as error:
            self._refusals.add(self._account, secret, Refusal(self._clock(), error.with_details(error.details)))
            raise
        return token

    def _wake(self, result: Token | FronteggError) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(result)
