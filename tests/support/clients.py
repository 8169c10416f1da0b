"""Clients with injected clocks, randomness and waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import attrs

from frontegg_async._core.auth.environment_session import EnvironmentSession
from frontegg_async._core.auth.secret_exchange import RefusedSecrets
from frontegg_async._core.auth.user_sessions import session_token_cache
from frontegg_async._core.call.context import CallContext, Waits
from frontegg_async._core.checks.settings import check_options
from frontegg_async._core.http.http_sessions import SessionHolder, SessionSettings
from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async._values.secret import Secret
from frontegg_async.client import AsyncFrontegg
from frontegg_async.credentials import ApiToken, RotatingTokens
from frontegg_async.endpoints import Auth
from frontegg_async.errors import ClientClosedError
from frontegg_async.options import Options
from frontegg_async.regions import parse_base_url
from frontegg_async.user import AsyncFronteggUser


@attrs.define
class FakeClock:
    """A monotonic clock and a wall clock that move only when set; waits move them."""

    now: float = 1_000.0
    wall_offset: float = 1_700_000_000.0
    slept: list[float] = attrs.field(factory=list)

    def monotonic(self) -> float:
        """Return the monotonic time, in seconds."""
        return self.now

    def wall(self) -> float:
        """Return the wall time, in seconds since the epoch."""
        return self.now + self.wall_offset


class FakeWaits(Waits):
    """Waits that return at once and move the clock."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock
        self._is_interrupted = False

    async def sleep(self, seconds: float) -> None:
        """Move the clock forward."""
        self._clock.slept.append(seconds)
        self._clock.now += seconds
        await asyncio.sleep(0)
        if self._is_interrupted:
            raise ClientClosedError("the client was closed")

    def interrupt(self) -> None:
        """End all waits."""
        self._is_interrupted = True


def make_user(
    url: str, credential: RotatingTokens | ApiToken, *, clock: FakeClock | None = None, options: Options | None = None
) -> AsyncFronteggUser:
    """Return a self-service client with an injected clock."""
    clock = FakeClock() if clock is None else clock
    clocks = Clocks(monotonic=clock.monotonic, wall=clock.wall, rng=lambda: 0.0)
    sessions = SessionHolder(SessionSettings(user_agent="test"))
    context = CallContext(parse_base_url(url), Auth.USER, {}, sessions, clocks)
    context.waits = FakeWaits(clock)
    chosen = check_options(options)
    user = object.__new__(AsyncFronteggUser)
    user._assemble(context, session_token_cache(credential, context, chosen, allow_http=False), chosen, owns=True)
    return user


def make_client(
    url: str,
    *,
    clock: FakeClock | None = None,
    rng: Callable[[], float] = lambda: 0.0,
    options: Options | None = None,
    client_id: str = "emu_client",
    secret: str = "emu_secret",
    max_connections: int = 100,
) -> AsyncFrontegg:
    """Return a client of an emulated environment with an injected clock."""
    clock = FakeClock() if clock is None else clock
    clocks = Clocks(monotonic=clock.monotonic, wall=clock.wall, rng=rng)
    sessions = SessionHolder(SessionSettings(user_agent="test", max_connections=max_connections))
    context = CallContext(parse_base_url(url), Auth.ENVIRONMENT, {}, sessions, clocks)
    context.waits = FakeWaits(clock)
    client = object.__new__(AsyncFrontegg)
    chosen = check_options(options)
    environment = EnvironmentSession(client_id, Secret(secret), context, chosen)
    environment.exchange._refusals = RefusedSecrets()
    client._domain = None
    client._allow_http = False
    client._assemble(environment, chosen)
    return client
