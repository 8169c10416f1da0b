"""`CircuitBreaker`: stops the use of a shared store for some seconds after a failure, and logs each outage once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from typing import Final, TypeVar

from frontegg_async._core.call.log import logger

PATIENCE: Final = 1.0
"""The maximum duration of one operation of the store in seconds. Afterwards, a call continues without the store."""

PAUSE: Final = 10.0
"""The seconds for which the circuit stays open after a failure. While it is open, the store is not used."""

T = TypeVar("T")


class UnusableError(Exception):
    """The store cannot be used now, so this process continues without the store.

    Only this package raises and handles this error.
    """


class CircuitBreaker:
    """A circuit breaker between the calls of a client and a shared store.

    Args:
        name: The name of the store, for messages.
        clock: The monotonic clock.
    """

    def __init__(self, name: str, clock: Callable[[], float]) -> None:
        self._name = name
        self._clock = clock
        self._failed = False
        self._open_until = -inf

    @property
    def is_open(self) -> bool:
        """Whether the circuit is open: the store failed recently and is not used."""
        return self._clock() < self._open_until

    async def use(self, step: Awaitable[T]) -> T:
        """Await one operation of the store.

        Args:
            step: The operation, which may take at most `PATIENCE` seconds.

        Raises:
            UnusableError: The operation failed or timed out.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                return await step
        except Exception as error:  # noqa: BLE001 - whatever a store raises, calls continue without it
            # Log only the type, since the message may contain a URL with a password.
            self._fail(type(error).__name__)
        raise UnusableError

    def note_success(self) -> None:
        """Close the circuit.

        Call this method after all operations of a task succeeded, since a read alone does not show that writes work.
        """
        if self._failed:
            logger.info("the %s can be used again", self._name)
        self._failed = False
        self._open_until = -inf

    def _fail(self, reason: str) -> None:
        if not self._failed:
            logger.warning("the %s cannot be used (%s): this process continues without it", self._name, reason)
        self._failed = True
        self._open_until = self._clock() + PAUSE
