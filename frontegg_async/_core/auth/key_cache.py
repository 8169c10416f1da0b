"""`KeyCache`: cache the keys of an issuer. Read them again if they are old, or if a token names an unknown key."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import attrs

from frontegg_async._core.auth.jwt_validation import SignedToken, refuse
from frontegg_async._core.auth.keys import NO_KEYS, Key, KeySet
from frontegg_async._core.call.log import logger
from frontegg_async._core.call.single_flight import SingleFlight
from frontegg_async.errors import (
    ClientClosedError,
    ConfigurationError,
    FronteggError,
    TokenVerificationError,
    WrongLoopError,
)
from frontegg_async.options import Options

AHEAD: Final = 240.0
"""The age of the keys, in seconds, from which the next token starts a refresh in the background."""

STALE: Final = 3_600.0
"""The age of the keys, in seconds, from which a token waits for the refresh, unless the last refresh failed."""

READ_FIRST: Final = Options(timeout=5.0, deadline=5.0, max_retries=2)
"""The options of a read while no keys are cached. Until the read succeeds, no token can be verified."""

READ_AGAIN: Final = Options(timeout=5.0, deadline=5.0, max_retries=0)
"""The options of a read while keys are cached."""

KEPT: Final = 86_400.0
"""The greatest age of usable keys, in seconds, while they cannot be refreshed."""

PAUSE: Final = 30.0
"""The seconds between two reads. While no keys are cached, failed reads are retried sooner."""

SOONEST: Final = 0.5
"""The shortest pause, in seconds, after a response without a usable key while no keys are cached.

The key may be missing from a single response only.
"""

_MOST_DOUBLINGS: Final = 10
"""The number of doublings after which the pause no longer grows.

A thousand doublings in a long outage would overflow a float.
"""

_NOT_REMEMBERED: Final = (ClientClosedError, WrongLoopError)
"""Errors that the caller of the verifier causes. They say nothing about the issuer."""


class Keys(Protocol):
    """A source of the keys of an issuer."""

    async def find(self, key_id: str | None) -> Key | TokenVerificationError:
        """Return the key that a token names, or the error if there is none."""
        ...

    async def find_replacement(self, key_id: str | None, key: Key) -> Key | None:
        """Return the key that replaced a key, for a token whose signature does not match the old key."""
        ...

    async def read(self) -> None:
        """Read the keys now."""
        ...

    def close(self) -> None:
        """Cancel a read in progress."""
        ...

    def forget_loop(self) -> None:
        """In a forked child, abandon the work that the parent process started."""
        ...


async def check_signature(keys: Keys, token: SignedToken, *, what: str) -> TokenVerificationError | None:
    """Return an error if the signature of a token was not made with a trusted key.

    Args:
        keys: The source of the keys.
        token: The token.
        what: The word for the token in the message.
    """
    key = await keys.find(token.key_id)
    if isinstance(key, TokenVerificationError):
        return key
    if key.verifies(token.signed, token.signature):
        return None
    replacement = await keys.find_replacement(token.key_id, key)
    if replacement is not None and replacement.verifies(token.signed, token.signature):
        return None
    return refuse(
        "signature",
        f"the signature of the {what} does not match the key of the issuer: the {what} is forged or belongs to "
        "another environment",
    )


class FixedKeys:
    """A key source with one fixed key.

    Args:
        key: The key.
    """

    def __init__(self, key: Key) -> None:
        self._key = key

    async def find(self, key_id: str | None) -> Key | TokenVerificationError:
        """Return the fixed key. The key id of the token is ignored."""
        del key_id
        return self._key

    async def find_replacement(self, key_id: str | None, key: Key) -> Key | None:
        """Return ``None``, because the key is fixed."""
        del key_id, key
        return None

    async def read(self) -> None:
        """Do nothing, because the key is fixed."""

    def close(self) -> None:
        """Do nothing, because keys are never read."""

    def forget_loop(self) -> None:
        """Do nothing, because keys are never read."""


class KeyCache:
    """Caches the keys of one issuer.

    Args:
        fetch: Reads the keys. Its argument is ``True`` while no keys are cached.
        clock: The monotonic clock.
        place: The words for the source of the keys in messages.
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
        """Return the key that a token names, or the error if there is none.

        Raises:
            ClientClosedError: The cache was closed.
            FronteggError: The caller made an error, such as a call in another event loop.
        """
        now = self._clock()
        refusal = self._refusal
        if refusal is not None and now < self._next_try:
            # Forged tokens must not cause many requests. So settings without a usable key are not read again for each
            # token.
            raise refusal.fresh()
        age = now - self._fetched_at
        keys = self._usable(now)
        key = keys.find(key_id)
        # While there are neither keys nor a failure, the first read has not ended yet.
        may_try = now >= self._next_try or (not keys.keys and self._failure is None)
        # A token with a known key does not wait, unless the keys are stale and the last read did not fail.
        if key is not None and (age < STALE or self._failure is not None):
            if age >= AHEAD and may_try:
                self._single_flight.start()
            return key
        if may_try or self._single_flight.is_under_way:
            try:
                await self._single_flight.join()
            except FronteggError:
                # A known key stays valid for a day, even if the keys cannot be read.
                if key is None or self._single_flight.is_closed:
                    raise
            key = self._usable(self._clock()).find(key_id)
        return key or self._missing(key_id)

    async def find_replacement(self, key_id: str | None, key: Key) -> Key | None:
        """Return the key that replaced a key, for a token whose signature does not match the old key.

        If the token and the key have key ids, the key is the right one, and the result is ``None``. Otherwise the keys
        are read again, at most every 30 seconds.

        Args:
            key_id: The id of the key that the token names.
            key: The key that `find` returned.
        """
        if key_id is not None and key.key_id is not None:
            return None
        if self._clock() >= self._next_try or self._single_flight.is_under_way:
            with contextlib.suppress(FronteggError):
                await self._single_flight.join()
        found = self._usable(self._clock()).find(key_id)
        return None if found is key else found

    async def read(self) -> None:
        """Read the keys now.

        Raises:
            ClientClosedError: The cache was closed.
            TokenVerificationError: The keys cannot be read.
            FronteggError: The caller made an error, such as a call in another event loop.
        """
        await self._single_flight.join()
        if self._failure is not None:
            raise self._unavailable(self._failure)

    def close(self) -> None:
        """Cancel a read in progress. The calls that wait for it raise `ClientClosedError`."""
        self._single_flight.close()

    def forget_loop(self) -> None:
        """In a forked child, abandon the work that the parent process started."""
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
        except _NOT_REMEMBERED as error:
            self._next_try = started
            return error.fresh()
        except FronteggError as error:
            failure = error.fresh()
            if is_empty and isinstance(error, ConfigurationError):
                self._refusal = error.fresh()
                self._back_off(SOONEST)
                return failure
        else:
            self._fetched_at = started
            self._failure = None
            self._failures = 0
            return None
        self._failure = failure
        if is_empty:
            self._back_off(1.0)
        logger.warning("the keys of the issuer could not be read: %s", type(failure).__name__)
        return None

    def _back_off(self, shortest: float) -> None:
        """Set the time of the next read after a failed read, while no keys are cached.

        Args:
            shortest: The pause after the first failure, in seconds. Each further failure doubles the pause, up to
                `PAUSE`.
        """
        self._next_try = self._clock() + min(PAUSE, shortest * 2.0**self._failures)
        self._failures = min(self._failures + 1, _MOST_DOUBLINGS)

    def _missing(self, key_id: str | None) -> TokenVerificationError:
        if self._failure is not None:
            return self._unavailable(self._failure)
        if key_id is None:
            return refuse("unknown_key", "the token names no key, and the issuer does not have exactly one key")
        return refuse(
            "unknown_key",
            "the token names a key that the issuer does not have: the token belongs to another environment",
        )

    def _unavailable(self, failure: FronteggError) -> TokenVerificationError:
        wait = max(0.0, self._next_try - self._clock())
        details = attrs.evolve(failure.details, reason="keys_unavailable", retry_after=wait)
        return TokenVerificationError(
            f"the token cannot be verified without the keys of the issuer, and they cannot be read from {self._place}: "
            f"{failure.message}",
            details,
        )
