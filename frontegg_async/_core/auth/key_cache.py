"""`KeyCache`: the keys of an issuer, read again when they are old or when a token names another, and not too often."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import attrs

from frontegg_async._core.auth.jwt_validation import refuse
from frontegg_async._core.auth.keys import NO_KEYS, Key, KeySet
from frontegg_async._core.auth.single_flight import SingleFlight
from frontegg_async._core.call.log import logger
from frontegg_async.errors import (
    ClientClosedError,
    ConfigurationError,
    FronteggError,
    TokenVerificationError,
    WrongLoopError,
)
from frontegg_async.options import Options

AHEAD: Final = 240.0
"""Seconds after which keys are read again in the background, with the next token."""

STALE: Final = 3_600.0
"""Seconds after which a token waits for that, unless the last read failed: nobody asked for an hour."""

READ_FIRST: Final = Options(timeout=5.0, deadline=12.0, max_retries=2)
"""How keys are read while there are none, without which no token can be judged."""

READ_AGAIN: Final = Options(timeout=5.0, deadline=5.0, max_retries=0)
"""How keys are read while there are some."""

KEPT: Final = 86_400.0
"""Seconds during which keys are taken when they cannot be read again."""

PAUSE: Final = 30.0
"""Seconds between two reads; while there are no keys at all, the first failures are followed by shorter pauses."""

_NOT_REMEMBERED: Final = (ClientClosedError, WrongLoopError)
"""Failures that are the caller's own and say nothing about the issuer."""


class Keys(Protocol):
    """Where the keys of tokens come from."""

    async def find(self, key_id: str | None) -> Key | TokenVerificationError:
        """Return the key that a token names, or why there is none."""
        ...

    async def read(self) -> None:
        """Read the keys now."""
        ...

    def close(self) -> None:
        """Stop what is under way."""
        ...

    def forget_loop(self) -> None:
        """Leave alone what is under way in the parent of this process."""
        ...


class FixedKeys:
    """The one key that was given.

    Args:
        key: The key.
    """

    def __init__(self, key: Key) -> None:
        self._key = key

    async def find(self, key_id: str | None) -> Key | TokenVerificationError:
        """Return the key, by whatever name a token calls it."""
        del key_id
        return self._key

    async def read(self) -> None:
        """There is nothing to read."""

    def close(self) -> None:
        """Nothing is under way."""

    def forget_loop(self) -> None:
        """Nothing is under way."""


class KeyCache:
    """Keeps the keys of one issuer.

    Args:
        fetch: Reads the keys; it is told whether there are none yet.
        clock: The monotonic clock.
        place: Where they come from, for messages.
    """

    def __init__(self, fetch: Callable[[bool], Awaitable[KeySet]], clock: Callable[[], float], *, place: str) -> None:
        self._fetch = fetch
        self._place = place
        self._clock = clock
        self._keys = NO_KEYS
        self._fetched_at = 0.0
        self._next_try = 0.0
        self._failure: FronteggError | None = None
        self._failures = 0
        self._refusal: ConfigurationError | None = None
        self._single_flight = SingleFlight(self._read, "verifier")

    async def find(self, key_id: str | None) -> Key | TokenVerificationError:
        """Return the key that a token names, or why there is none.

        Raises:
            ClientClosedError: The cache was closed.
            FronteggError: The keys cannot be read for a reason of the caller's own, as another event loop.
        """
        now = self._clock()
        refusal = self._refusal
        if refusal is not None and now < self._next_try:
            # Settings that have no key are not read anew for each token: a flood of forged ones would be one of reads.
            raise refusal.fresh()
        age = now - self._fetched_at
        keys = self._usable(now)
        key = keys.find(key_id)
        # Without keys and without a failure, a read never came to its end.
        may_try = now >= self._next_try or (not keys.keys and self._failure is None)
        # A token whose key is known waits for nothing, unless the keys are very old. Nor does it after a failure.
        if key is not None and (age < STALE or self._failure is not None):
            if age >= AHEAD and may_try:
                self._single_flight.start()
            return key
        if may_try or self._single_flight.is_under_way:
            await self._single_flight.join()
            key = self._usable(self._clock()).find(key_id)
        return key or self._missing(key_id)

    async def read(self) -> None:
        """Read the keys now.

        Raises:
            ClientClosedError: The cache was closed.
            TokenVerificationError: They cannot be read.
            FronteggError: They cannot be read for a reason of the caller's own, as another event loop.
        """
        await self._single_flight.join()
        if self._failure is not None:
            raise self._unavailable(self._failure)

    def close(self) -> None:
        """Stop what is under way; those who wait get `ClientClosedError`."""
        self._single_flight.close()

    def forget_loop(self) -> None:
        """Leave alone what is under way in the parent of this process."""
        self._single_flight.forget_loop()

    def _usable(self, now: float) -> KeySet:
        return self._keys if now - self._fetched_at < KEPT else NO_KEYS

    async def _read(self) -> FronteggError | None:
        started = self._clock()
        is_empty = not self._usable(started).keys
        self._next_try = started + PAUSE
        self._refusal = None
        try:
            self._keys = await self._fetch(is_empty)
        except ConfigurationError as error:
            self._refusal = error.fresh()
            return error.fresh()
        except _NOT_REMEMBERED as error:
            self._next_try = started
            return error.fresh()
        except FronteggError as error:
            failure = error.fresh()
        else:
            self._fetched_at = started
            self._failure = None
            self._failures = 0
            return None
        self._failure = failure
        if is_empty:
            self._next_try = self._clock() + min(PAUSE, 2.0**self._failures)
            self._failures += 1
        logger.warning("the keys of tokens could not be read: %s", type(failure).__name__)
        return None

    def _missing(self, key_id: str | None) -> TokenVerificationError:
        if self._failure is not None:
            return self._unavailable(self._failure)
        if key_id is None:
            return refuse("unknown_key", "the token names no key, and the issuer does not have exactly one")
        return refuse(
            "unknown_key", "the token names a key that the issuer does not have: it is of another environment"
        )

    def _unavailable(self, failure: FronteggError) -> TokenVerificationError:
        wait = max(0.0, self._next_try - self._clock())
        details = attrs.evolve(failure.details, reason="keys_unavailable", retry_after=wait)
        return TokenVerificationError(
            f"the token cannot be judged without the issuer's keys, and they cannot be read from {self._place}: "
            f"{failure.message}",
            details,
        )
