"""The objects that calls share: HTTP session, token source, rate limit gates, retry budget and waits."""

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
    """Whether each call needs a separate source, which `begin` returns."""

    def begin(self) -> TokenSource:
        """Return the source for one call."""
        ...

    def current(self) -> Secret | None:
        """Return the token without waiting. Return ``None`` if there is no token that may be sent."""
        ...

    def fetch(self) -> Awaitable[bool]:
        """Return an awaitable that fetches a token. Its result is whether the token was fetched."""
        ...

    async def replace(self, token: Secret) -> bool:
        """Discard a token that the service refused. Return whether another token may be fetched."""
        ...

    @property
    def is_unproven(self) -> bool:
        """Whether the token replaced a refused token and the service has not accepted the new token yet."""
        ...

    def prove(self) -> None:
        """Record that the service accepted the token."""
        ...

    @property
    def tenant_id(self) -> str | None:
        """The id of the tenant in the token, if the token contains one.

        The responses to calls that name no tenant must be about this tenant.
        """
        ...

    def reset(self) -> None:
        """Discard the token, so that the next call fetches a new token if possible."""
        ...

    def hint(self) -> str:
        """Return a hint about the token for the message of an error when the service refuses a call."""
        ...


class PinnedToken:
    """A token source with one fixed token. The token is not replaced if the service refuses it.

    Args:
        token: The token.
        hint: Returns a hint about the token for the message of an error.
        tenant_id: The id of the tenant of the token.
    """

    __slots__ = ("_hint", "_token", "tenant_id")

    is_per_call: ClassVar[bool] = False

    def __init__(self, token: Secret, hint: Callable[[], str], tenant_id: str | None) -> None:
        self._token = token
        self._hint = hint
        self.tenant_id: str | None = tenant_id

    def begin(self) -> PinnedToken:
        """Return this source, which all calls share."""
        return self

    def current(self) -> Secret:
        """Return the token."""
        return self._token

    async def fetch(self) -> bool:
        """Return at once, because the token exists."""
        return True

    async def replace(self, token: Secret) -> bool:
        """Return ``False``, because no other token can be fetched."""
        return token is not self._token

    @property
    def is_unproven(self) -> bool:
        """``False``, because the token did not replace another token."""
        return False

    def prove(self) -> None:
        """Do nothing, because the token is never replaced."""

    def reset(self) -> None:
        """Do nothing, because there is no other token."""

    def hint(self) -> str:
        """Return a hint about the token for the message of an error when the service refuses a call."""
        return self._hint()


class Waits:
    """The waits of all calls of a client. They end early when the client is closed."""

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
    """The objects that all calls to one origin with one credential share.

    Args:
        base_url: The origin to which the credential may be sent.
        auth: The kinds of operations that the credential can make.
        headers: The headers of every request.
        sessions: The object that opens and keeps the HTTP session.
        clocks: Time and randomness.
        budget: The retry budget. A new budget by default.
        rates: The rate limits that several processes share. ``None`` if they share none.
        observers: The observers of the calls.
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
        """The options of the client. They apply to requests that serve several calls, such as token requests."""
        self.environment_ids: SingleFlightCache[str] | None = None
        """A cache with the id of the environment. ``None`` until a call needs the id."""

    def limited(self, rates: SharedRateLimits) -> CallContext:
        """Return a context with other rate limits. All other objects are shared with this context."""
        context = copy.copy(self)
        context.rates = rates
        context.is_observed = True
        return context

    def interrupt(self) -> None:
        """End the waits of all calls. The client calls this method when it is closed."""
        self.waits.interrupt()
