"""`TokenCache`: a token that is fetched once for all who wait, and refreshed before it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from typing import ClassVar, Final

from frontegg_async._core.auth.single_flight import SingleFlight
from frontegg_async._core.auth.token_windows import Token
from frontegg_async._core.call.log import logger
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
"""Seconds between two tries to refresh a token that is still valid."""

STRAINED_PAUSE: Final = 1.0
"""Seconds between two tries to get a token while there is none and failures have used up what they may."""

REFUSAL_PAUSE: Final = 10.0
"""Seconds in which no other token is fetched after one that replaced a refused token and was refused in its turn."""

_ANSWERS: Final = (AuthenticationError, ConfigurationError)
"""Failures that say what is wrong with the credential: another one may be tried at once."""


def _ignore(token: Secret) -> None:
    """Do nothing with it."""


class TokenCache:
    """Hands out one token, of an environment or of a session.

    Args:
        fetch: Gets a new token from the service.
        clock: The monotonic clock.
        kind: What it is, for messages.
        hint: Returns what a person should know of the token when the service refuses a call with it.
        is_strained: Whether so much has failed that nothing should be tried in vain.
        on_refused: Is told of each token that the service refused.
        deadline: The seconds that a fetch may take; ``None`` for no limit.
        waits_for: Returns what a fetch is waiting for, if it can tell, as a part of a message.
        is_single_use: Whether a fetch uses up what the next one needs: then nothing ends it before it has its result.
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
        """Nothing: a token that was for another tenant may still be under way when a new one comes."""
        return None

    def begin(self) -> TokenCache:
        """Return this token_cache, which all calls share."""
        return self

    def current(self) -> Secret | None:
        """Return the token if it may be sent, without waiting and without a lock; starts a refresh if it is due."""
        # Each attempt of each call asks: while the token is fresh, one look at the clock is all.
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
        """Return what a new token can be awaited with; it returns whether one was fetched, which a reset prevents.

        All who wait share one request, and cancelling one of them harms no other.
        In a long outage each call would otherwise ask for a token, fail and be logged. Then one asks in a second, and
        the others fail at once with what it got.

        Raises:
            ClientClosedError: The client was closed.
            FronteggError: The service gave none, now or a moment ago.
        """
        failure = self._failure
        if failure is not None and self._is_strained() and not self.single_flight.is_under_way:
            age = self._clock() - self._failed_at
            if age < STRAINED_PAUSE:
                raise failure.fresh()
        return self.single_flight.join()

    def adopt(self, token: Token) -> None:
        """Take a token that was fetched beside the calls."""
        now = self._clock()
        self._keep(token)
        self.is_unproven, self._is_replacement = self._is_replacement, False
        self._failure = None
        # One that others share may be due for a refresh already: another process is about to do it.
        self._next_refresh = 0.0 if now < token.refresh_at else now + REFRESH_PAUSE

    def reject(self, token: Secret) -> None:
        """Forget a token that the service refused, unless another has taken its place already."""
        if self._token is not None and self._token.value is token:
            self._keep(None)
            self._is_replacement = True
            self._on_refused(token)

    async def replace(self, token: Secret) -> bool:
        """Give a refused token up, and return whether the next call waits for another.

        If the service refuses all tokens, each call would fetch one in vain. So one that replaced a refused token, and
        that the service has not taken yet, is kept for `REFUSAL_PAUSE` seconds of its life.
        """
        kept = self._token
        if kept is not None and kept.value is token and self.is_unproven:
            age = self._clock() - (kept.ends_at - kept.life)
            if age < REFUSAL_PAUSE:
                return False
        self.reject(token)
        return True

    def prove(self) -> None:
        """Take down that the service took the token: if it is refused later, another one is fetched at once."""
        self.is_unproven = False

    def hint(self) -> str:
        """Return what a person should know of the token when the service refuses a call with it."""
        return self._hint()

    def reset(self) -> None:
        """Forget the token and the last failure, and cancel a fetch under way. Any thread may call this."""
        self.forget()
        if not self._is_single_use:
            self.single_flight.cancel()

    def forget(self) -> None:
        """Forget the token and the last failure; a fetch under way goes on, but its token is not used."""
        self._generation += 1
        self._keep(None)
        self._failure = None
        self._next_refresh = 0.0
        self._is_replacement = False

    def close(self) -> None:
        """Stop what is under way; those who wait get `ClientClosedError`."""
        self._generation += 1
        self._keep(None)
        self._failure = None
        self.single_flight.close(finishes=self._is_single_use)

    async def drain(self, seconds: float) -> None:
        """Wait, after `close`, for a fetch that nothing may end; at most so many seconds."""
        await self.single_flight.drain(seconds)

    def forget_loop(self) -> None:
        """Leave alone what is under way in the parent of this process."""
        self.single_flight.forget_loop()

    def _keep(self, token: Token | None) -> None:
        self._token: Token | None = token
        self._value: Secret | None = None if token is None else token.value
        self._fresh_until: float = -inf if token is None else token.refresh_at

    async def _renew(self) -> FronteggError | None:
        """Get a new token, or the error that those who wait for it get."""
        generation = self._generation
        try:
            token = await self._fetch_in_time()
        except FronteggError as error:
            logger.warning("no %s: %s", self._kind, type(error).__name__)
            failure = error.fresh()
            if not isinstance(error, _ANSWERS) and generation == self._generation:
                self._failure, self._failed_at = failure, self._clock()
            return failure
        except Exception as error:  # noqa: BLE001 - those who wait must be told of a defect too
            return FronteggError(f"no {self._kind}: {type(error).__name__}")
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
            # Some of them are TimeoutErrors too.
            raise
        except TimeoutError:
            reason = self._waits_for()
        raise RequestTimeoutError(
            f"there was no {self._kind} within {self._deadline:g} s{reason and '; '}{reason}",
            ErrorDetails(reason="deadline", outcome=Outcome.NOT_SENT),
        )
