"""`CircuitBreaker`: uses what processes share while it can be used, and says once when it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from typing import Final, TypeVar

from frontegg_async._core.call.log import logger

PATIENCE: Final = 1.0
"""Seconds that one step may take; a call goes on by itself rather than wait longer."""

PAUSE: Final = 10.0
"""Seconds for which it is left alone after a failure."""

T = TypeVar("T")


class UnusableError(Exception):
    """What processes share cannot be used now: this one goes on by itself. It never leaves this package."""


class CircuitBreaker:
    """Stands between the calls of a client and what it shares with others.

    Args:
        name: What is shared, for messages.
        clock: The monotonic clock.
    """

    def __init__(self, name: str, clock: Callable[[], float]) -> None:
        self._name = name
        self._clock = clock
        self._failed = False
        self._rests_until = -inf

    @property
    def is_open(self) -> bool:
        """Whether it failed so lately that it is not asked again."""
        return self._clock() < self._rests_until

    async def use(self, step: Awaitable[T]) -> T:
        """Take one step.

        Args:
            step: What is awaited, no longer than `PATIENCE`.

        Raises:
            UnusableError: It failed, or took too long.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                return await step
        except Exception as error:  # noqa: BLE001 - whatever a store raises, calls go on without it
            # Its text may hold an address with a password.
            self._fail(type(error).__name__)
        raise UnusableError

    def note_success(self) -> None:
        """Take down that all steps of something were taken: a store that is full can be read, and is of no use."""
        if self._failed:
            logger.info("the %s can be used again", self._name)
        self._failed = False
        self._rests_until = -inf

    def _fail(self, reason: str) -> None:
        if not self._failed:
            logger.warning("the %s cannot be used (%s): this process goes on by itself", self._name, reason)
        self._failed = True
        self._rests_until = self._clock() + PAUSE
