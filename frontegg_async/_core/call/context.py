"""The shared context of calls: session, token source, rate limit gates, retry budget and waits."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, ClassVar, Protocol

from frontegg_async._core.call.observers import Observer
from frontegg_async._core.call.rate_limits import Gates
from frontegg_async._core.call.retry_budget import RetryBudget
from frontegg_async._core.http.http_sessions import SessionHolder
from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async._values.secret import Secret
from frontegg_async.endpoints import Auth
from frontegg_async.errors import ClientClosedError
from frontegg_async.options import ResolvedOptions
from frontegg_async.regions import BaseUrl

if TYPE_CHECKING:
    from frontegg_async._core.call.shared_rate_limits import SharedRateLimits
    from frontegg_async._core.call.single_flight_cache import SingleFlightCache


class TokenSource(Protocol):
    """A source of tokens for calls."""

    is_per_call: ClassVar[bool]
    """Whether each call needs its own source, which `begin` returns."""

    def begin(self) -> TokenSource:
        """Return the source for one call."""
        ...

    def current(self) -> Secret | None:
        """Return the token without waiting, or ``None`` if there is none that may be sent."""
        ...

    def fetch(self) -> Awaitable[bool]:
        """Return an awaitable that fetches a token. Its result is whether a token was fetched."""
        ...

    async def replace(self, token: Secret) -> bool:
        """Discard a token that the service refused. Return whether another token may be fetched."""
        ...

    @property
    def is_unproven(self) -> bool:
        """Whether the token replaced a refused one and the service has not accepted it yet."""
        ...

    def prove(self) -> None:
        """Record that the service accepted the token."""
        ...

    @property
    def tenant_id(self) -> str | None:
        """The tenant that responses must be about if a call names none; ``None`` if the token does not contain it."""
        ...

    def reset(self) -> None:
        """Discard the token, so that the next call fetches a new one if it can."""
        ...

    def hint(self) -> str:
        """Return a hint about the token for the message of an error when the service refuses a call."""
        ...


class PinnedToken:
    """A token source with one fixed token, which is not replaced when the service refuses it.

    Args:
        token: The token.
        hint: Returns a hint about the token for the message of an error.
        tenant_id: The tenant that the token is for.
    """

    __slots__ = ("_hint", "_token", "tenant_id")

    is_per_call: ClassVar[bool] = False

    def __init__(self, token: Secret, hint: Callable[[], str], tenant_id: str | None) -> None:
        self._token = token
        self._hint = hint
        self.tenant_id: str | None = tenant_id

    def begin(self) -> PinnedToken:
        """Return this source: all calls share it."""
        return self

    def current(self) -> Secret:
        """Return the token."""
        return self._token

    async def fetch(self) -> bool:
        """Return at once, since the token exists."""
        return True

    async def replace(self, token: Secret) -> bool:
        """Return that no other token can be fetched."""
        return token is not self._token

    @property
    def is_unproven(self) -> bool:
        """No: the token replaced none."""
        return False

    def prove(self) -> None:
        """Do nothing: the token is never replaced."""

    def reset(self) -> None:
        """Keep the token: there is no other."""

    def hint(self) -> str:
        """Return a hint about the token for the message of an error when the service refuses a call."""
        return self._hint()


class Waits:
    """The waits of all calls of a client, which end early when the client is closed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    async def sleep(self, seconds: float) -> None:
        """Wait for some seconds.

        Raises:
            ClientClosedError: The client was closed meanwhile.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._waiting.add(future)
        handle = loop.call_later(seconds, _finish, future)
        try:
            await future
        finally:
            handle.cancel()
            self._waiting.discard(future)

    def interrupt(self) -> None:
        """End all waits with `ClientClosedError`."""
        for future in self._waiting:
            if not (future.done() or future.get_loop().is_closed()):
                future.set_exception(ClientClosedError("the client was closed"))


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class CallContext:
    """The context that all calls to one origin with one credential share.

    Args:
        base_url: The origin that the credential is bound to.
        auth: The kinds of operations that the credential can make.
        headers: The headers of every request.
        sessions: The holder of the HTTP session.
        clocks: Time and randomness.
        budget: The retry budget; a new one by default.
        rates: The rate limits that the processes of a fleet share, if they share them.
        observers: The observers of its calls.
    """

    def __init__(
        self,
        base_url: BaseUrl,
        auth: Auth,
        headers: Mapping[str, str],
        sessions: SessionHolder,
        clocks: Clocks,
        *,
        budget: RetryBudget | None = None,
        rates: SharedRateLimits | None = None,
        observers: tuple[Observer, ...] = (),
    ) -> None:
        self.base_url = base_url
        self.auth = auth
        self.headers = headers
        self.sessions = sessions
        self.clocks = clocks
        self.gates: Gates = Gates(clocks.monotonic, clocks.rng)
        self.budget: RetryBudget = RetryBudget() if budget is None else budget
        self.waits: Waits = Waits()
        self.rates = rates
        self.observers = observers
        self.is_observed: bool = bool(observers) or rates is not None
        self.options: ResolvedOptions = ResolvedOptions()
        """The options of the client instead of a view, for requests that serve several calls."""
        self.environment_ids: SingleFlightCache[str] | None = None
        """The id of the environment, once a call has needed it."""

    def limited(self, rates: SharedRateLimits) -> CallContext:
        """Return a context with other rate limits, and everything else shared with this one."""
        context = copy.copy(self)
        context.rates = rates
        context.is_observed = True
        return context

    def interrupt(self) -> None:
        """End the waits of all calls because the client is being closed."""
        self.waits.interrupt()
