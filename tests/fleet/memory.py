"""Stores in memory that fail on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import attrs

from frontegg_async._core.call.shared_rate_limits import RateTurn
from frontegg_async._values.secret import Secret
from frontegg_async.fleet.tokens import StoredToken
from tests.support.clients import FakeClock


@attrs.define(eq=False)
class MemoryStore:
    """Keeps tokens for all who have it."""

    clock: FakeClock
    kept: dict[str, tuple[Secret, float, float]] = attrs.field(factory=dict)
    leases: dict[str, object] = attrs.field(factory=dict)
    broken: set[str] = attrs.field(factory=set)
    """The steps that fail."""
    steps: list[str] = attrs.field(factory=list)
    freed: asyncio.Event = attrs.field(factory=asyncio.Event)
    wait_moves_clock: bool = True
    before_lease: Callable[[], object] = object
    """What happens before a lease is given."""

    def _step(self, name: str) -> None:
        self.steps.append(name)
        if name in self.broken:
            raise OSError("redis://user:canary@host refused")

    async def get(self, name: str, /) -> StoredToken | None:
        """Return a token."""
        self._step("get")
        found = self.kept.get(name)
        if found is None:
            return None
        value, life, ends_at = found
        return StoredToken(value, life, ends_at - self.clock.now)

    async def put(self, name: str, token: StoredToken, /) -> None:
        """Keep a token."""
        self._step("put")
        self.kept[name] = (token.value, token.life, self.clock.now + token.left)

    async def acquire(self, name: str, seconds: float, /) -> object | None:
        """Give a lease to the first who asks."""
        del seconds
        self._step("acquire")
        self.before_lease()
        return None if name in self.leases else self.leases.setdefault(name, object())

    async def release(self, name: str, lease: object, /) -> None:
        """Take a lease back."""
        self._step("release")
        if self.leases.get(name) is lease:
            del self.leases[name]
        self.freed.set()

    async def wait(self, name: str, seconds: float, /) -> None:
        """Wait for a lease to be given back."""
        del name
        self._step("wait")
        if self.wait_moves_clock:
            self.clock.now += seconds
        self.freed.clear()
        await asyncio.sleep(0)


@attrs.define(eq=False)
class MemoryGate:
    """Answers what the test wants, and remembers what it was asked."""

    turns: list[RateTurn] = attrs.field(factory=list)
    asked: list[tuple[str, float]] = attrs.field(factory=list)
    closed: list[tuple[str, float]] = attrs.field(factory=list)
    scopes: set[str] = attrs.field(factory=set)
    is_broken: bool = False

    async def reserve(self, scope: str, route: str, most: float, /) -> RateTurn:
        """Return the next turn; at once when there is no other."""
        self.scopes.add(scope)
        self.asked.append((route, most))
        if self.is_broken:
            raise OSError("canary")
        return self.turns.pop(0) if self.turns else RateTurn(0.0)

    async def close(self, scope: str, route: str, seconds: float, /) -> None:
        """Remember what is closed."""
        self.scopes.add(scope)
        if self.is_broken:
            raise OSError("canary")
        self.closed.append((route, seconds))
