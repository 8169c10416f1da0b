"""`TokenCache`: cache a token, fetch it once for all concurrent callers (single flight), refresh it early."""

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
"""Seconds between two attempts to refresh a token that is still valid."""

STRAINED_PAUSE: Final = 1.0
"""Seconds between two attempts to fetch a token while there is none and the retry budget is used up."""

REFUSAL_PAUSE: Final = 10.0
"""Seconds for which no token is fetched if the replacement of a refused token is refused too."""

_ANSWERS: Final = (AuthenticationError, ConfigurationError)
"""Errors about the credential. They are not cached, since the credential may be corrected at once."""


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
        deadline: The most seconds of a fetch; ``None`` for no limit.
        waits_for: Returns what a fetch waits for, as a part of a message, or an empty text.
        is_single_use: Whether a fetch uses up a single-use credential: then it is never cancelled.
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
        """``None``: a call with the token of another tenant may be in flight when a new token arrives."""
        return None

    def begin(self) -> TokenCache:
        """Return this cache: all calls share it."""
        return self

    def current(self) -> Secret | None:
        """Return the token without waiting if it may be sent. Start a refresh if it is due."""
        # Each attempt runs this: while the token is fresh, it only reads the clock.
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
        """Return an awaitable that fetches a token. Its result is whether a token was fetched; ``False`` after a reset.

        All waiters share one request, and cancelling one waiter does not affect the others. In a long outage one
        request is made each second, and the other calls fail at once with its error.

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
        """Cache a token that was fetched elsewhere."""
        now = self._clock()
        self._keep(token)
        self.is_unproven, self._is_replacement = self._is_replacement, False
        self._failure = None
        # A token from a shared store may be due for a refresh that another process will make.
        self._next_refresh = 0.0 if now < token.refresh_at else now + REFRESH_PAUSE

    def reject(self, token: Secret) -> None:
        """Discard a token that the service refused, unless another token has replaced it already."""
        if self._token is not None and self._token.value is token:
            self._keep(None)
            self._is_replacement = True
            self._on_refused(token)

    async def replace(self, token: Secret) -> bool:
        """Discard a refused token. Return whether another token may be fetched.

        If the service refuses all tokens, each call would fetch a token in vain. So a replacement that the service has
        not accepted yet stays for the first `REFUSAL_PAUSE` seconds of its life.
        """
        kept = self._token
        if kept is not None and kept.value is token and self.is_unproven:
            age = self._clock() - (kept.ends_at - kept.life)
            if age < REFUSAL_PAUSE:
                return False
        self.reject(token)
        return True

    def prove(self) -> None:
        """Record that the service accepted the token. If it is refused later, another token is fetched at once."""
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
        """Cancel a fetch in progress; its waiters get `ClientClosedError`."""
        self._generation += 1
        self._keep(None)
        self._failure = None
        self.single_flight.close(finishes=self._is_single_use)

    async def drain(self, seconds: float) -> None:
        """After `close`, wait at most ``seconds`` for a fetch that must not be cancelled."""
        await self.single_flight.drain(seconds)

    def forget_loop(self) -> None:
        """Abandon work in progress that belongs to the parent, in a forked child."""
        self.single_flight.forget_loop()

    def _keep(self, token: Token | None) -> None:
        self._token: Token | None = token
        self._value: Secret | None = None if token is None else token.value
        self._fresh_until: float = -inf if token is None else token.refresh_at

    async def _renew(self) -> FronteggError | None:
        """Fetch a new token. If this fails, return the error for the waiters."""
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
                # Another thread has reset it meanwhile.
                self._keep(None)
        return None

    async def _fetch_in_time(self) -> Token:
        try:
            async with asyncio.timeout(self._deadline):
                return await self._fetch()
        except FronteggError:
            # Some errors of the fetch are TimeoutErrors too.
            raise
        except TimeoutError:
            reason = self._waits_for()
        raise RequestTimeoutError(
            f"no {self._kind} was available within {self._deadline:g} s{reason and '; '}{reason}",
            ErrorDetails(reason="deadline", outcome=Outcome.NOT_SENT),
        )
