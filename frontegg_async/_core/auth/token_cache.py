"""`TokenCache`: cache a token. Concurrent callers share one fetch, and a refresh starts before the token expires."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from typing import ClassVar, Final

from frontegg_async._core.auth.token_windows import Token
from frontegg_async._core.call.log import logger
from frontegg_async._core.call.single_flight import SingleFlight
from frontegg_async._values.secret import Secret
from frontegg_async.errors import (
    AuthenticationError,
    ConfigurationError,
    ErrorDetails,
    FronteggError,
    Outcome,
    RequestTimeoutError,
)

REFRESH_PAUSE: Final = 30.0
"""The seconds between two attempts to refresh a token that is still valid."""

STRAINED_PAUSE: Final = 1.0
"""The seconds between two attempts to fetch a token while no token is cached and the retry budget is used up."""

REFUSAL_PAUSE: Final = 10.0
"""The seconds without a fetch after the service refused a token and also the token that replaced it."""

_ANSWERS: Final = (AuthenticationError, ConfigurationError)
"""Errors about the credential. They are not cached, because the credential may be corrected at any time."""


def _ignore(token: Secret) -> None:
    """Ignore a refused token."""


class TokenCache:
    """Caches the token of an environment or of a session.

    Args:
        fetch: Fetches a new token from the service.
        clock: The monotonic clock.
        kind: The kind of token, for messages.
        hint: Returns a hint about the token for the message of an error.
        is_strained: Returns whether the retry budget is used up.
        on_refused: Called with each token that the service refused.
        deadline: The longest duration of a fetch, in seconds. ``None`` for no limit.
        waits_for: Returns the reason for a slow fetch, for the message of an error. An empty text means that the reason
            is unknown.
        is_single_use: Whether a fetch uses up a single-use credential. Then the fetch is never cancelled.
    """

    is_per_call: ClassVar[bool] = False

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Token]],
        clock: Callable[[], float],
        *,
        kind: str,
        hint: Callable[[], str] = str,
        is_strained: Callable[[], bool] = bool,
        on_refused: Callable[[Secret], None] = _ignore,
        deadline: float | None = None,
        waits_for: Callable[[], str] = str,
        is_single_use: bool = False,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._kind = kind
        self._hint = hint
        self._is_strained = is_strained
        self._on_refused = on_refused
        self._deadline = deadline
        self._waits_for = waits_for
        self._is_single_use = is_single_use
        self._generation = 0
        self._is_replacement = False
        self.is_unproven: bool = False
        self._failure: FronteggError | None = None
        self._failed_at = 0.0
        self._keep(None)
        self._next_refresh = 0.0
        self.single_flight: SingleFlight = SingleFlight(self._renew, "client")

    @property
    def tenant_id(self) -> str | None:
        """``None``, because calls in progress may still use a token for another tenant."""
        return None

    def begin(self) -> TokenCache:
        """Return this cache, which all calls share."""
        return self

    def current(self) -> Secret | None:
        """Return the cached token if it may still be sent. Start a refresh if the refresh is due."""
        # Each attempt of each call runs this line.
        if self._clock() < self._fresh_until:
            return self._value
        token = self._token
        if token is None:
            return None
        now = self._clock()
        if now >= token.stale_at:
            return None
        if now >= self._next_refresh:
            self._next_refresh = now + REFRESH_PAUSE
            self.single_flight.start()
        return token.value

    def fetch(self) -> Awaitable[bool]:
        """Return an awaitable that fetches a token. The result is ``False`` if the cache was reset meanwhile.

        All waiters share one request. Cancelling one waiter does not affect the others. In a long outage, at most one
        request is sent per second. Other calls fail at once with the error of the last request.

        Raises:
            ClientClosedError: The client was closed.
            FronteggError: The fetch failed, now or less than `STRAINED_PAUSE` seconds ago.
        """
        failure = self._failure
        if failure is not None and self._is_strained() and not self.single_flight.is_under_way:
            age = self._clock() - self._failed_at
            if age < STRAINED_PAUSE:
                raise failure.fresh()
        return self.single_flight.join()

    def adopt(self, token: Token) -> None:
        """Store a token in the cache."""
        now = self._clock()
        self._keep(token)
        self.is_unproven, self._is_replacement = self._is_replacement, False
        self._failure = None
        # A token from a shared store may be due for a refresh that another process will make.
        self._next_refresh = 0.0 if now < token.refresh_at else now + REFRESH_PAUSE

    def reject(self, token: Secret) -> None:
        """Discard a token that the service refused. Do nothing if another token has already replaced the token."""
        if self._token is not None and self._token.value is token:
            self._keep(None)
            self._is_replacement = True
            self._on_refused(token)

    async def replace(self, token: Secret) -> bool:
        """Discard a refused token. Return whether another token may be fetched.

        If the service refuses every token, each call would fetch a new token in vain. So a token that replaced a
        refused token is kept for `REFUSAL_PAUSE` seconds, even if the service refuses this token too.
        """
        kept = self._token
        if kept is not None and kept.value is token and self.is_unproven:
            age = self._clock() - (kept.ends_at - kept.life)
            if age < REFUSAL_PAUSE:
                return False
        self.reject(token)
        return True

    def prove(self) -> None:
        """Record that the service accepted the token.

        If the service refuses the token later, another token is fetched at once.
        """
        self.is_unproven = False

    def hint(self) -> str:
        """Return a hint about the token for the message of an error when the service refuses a call."""
        return self._hint()

    def reset(self) -> None:
        """Discard the token and the last failure, and cancel a fetch in progress. Any thread may call this method."""
        self.forget()
        if not self._is_single_use:
            self.single_flight.cancel()

    def forget(self) -> None:
        """Discard the token and the last failure. A fetch in progress continues, but its token is not used."""
        self._generation += 1
        self._keep(None)
        self._failure = None
        self._next_refresh = 0.0
        self._is_replacement = False

    def close(self) -> None:
        """Cancel a fetch in progress. The calls that wait for it raise `ClientClosedError`."""
        self._generation += 1
        self._keep(None)
        self._failure = None
        self.single_flight.close(finishes=self._is_single_use)

    async def drain(self, seconds: float) -> None:
        """After `close`, wait at most ``seconds`` for a fetch that must not be cancelled."""
        await self.single_flight.drain(seconds)

    def forget_loop(self) -> None:
        """In a forked child, abandon the work that the parent process started."""
        self.single_flight.forget_loop()

    def _keep(self, token: Token | None) -> None:
        self._token: Token | None = token
        self._value: Secret | None = None if token is None else token.value
        self._fresh_until: float = -inf if token is None else token.refresh_at

    async def _renew(self) -> FronteggError | None:
        """Fetch a new token. If the fetch fails, return the error for the waiting calls."""
        generation = self._generation
        try:
            token = await self._fetch_in_time()
        except FronteggError as error:
            logger.warning("no %s could be fetched: %s", self._kind, type(error).__name__)
            failure = error.fresh()
            if not isinstance(error, _ANSWERS) and generation == self._generation:
                self._failure, self._failed_at = failure, self._clock()
            return failure
        except Exception as error:  # noqa: BLE001 - the waiters need an error for a defect too
            return FronteggError(f"no {self._kind} could be fetched: {type(error).__name__}")
        if generation == self._generation:
            self.adopt(token)
            if generation != self._generation:
                # Another thread has reset the cache meanwhile.
                self._keep(None)
        return None

    async def _fetch_in_time(self) -> Token:
        try:
            async with asyncio.timeout(self._deadline):
                return await self._fetch()
        except FronteggError:
            # Some of these errors are subclasses of `TimeoutError`.
            raise
        except TimeoutError:
            reason = self._waits_for()
        raise RequestTimeoutError(
            f"no {self._kind} was available within {self._deadline:g} s{reason and '; '}{reason}",
            ErrorDetails(reason="deadline", outcome=Outcome.NOT_SENT),
        )
