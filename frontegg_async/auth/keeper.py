"""`TokenKeeper`: a token that is fetched once for all who wait, and refreshed before it ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar, Final

from frontegg_async.auth.flight import Flight
from frontegg_async.auth.windows import Token
from frontegg_async.errors import FronteggError
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
        self._flight = Flight(self._renew, "client")

    @property
    def tenant_id(self) -> str | None:
        """Nothing: a token that was for another tenant may still be under way when a new one comes."""
        return None

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
                self._flight.start()
        return token.value

    async def fetch(self) -> None:
        """Wait for a new token. All who wait share one request, and cancelling one of them harms no other.

        Raises:
            ClientClosedError: The client was closed.
            FronteggError: The service gave none.
        """
        await self._flight.join()

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
        self._token = None
        self._flight.close()

    def forget_loop(self) -> None:
        """Leave alone what is under way in the parent of this process."""
        self._flight.forget_loop()

    async def _renew(self) -> FronteggError | None:
        """Get a new token, or the error that those who wait for it get."""
        try:
            self.adopt(await self._fetch())
        except FronteggError as error:
            logger.warning("no %s: %s", self._kind, type(error).__name__)
            return error.with_details(error.details)
        except Exception as error:  # noqa: BLE001 - those who wait must be told of a defect too
            return FronteggError(f"no {self._kind}: {type(error).__name__}")
        return None
