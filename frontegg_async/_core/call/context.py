"""What all calls to one origin with one credential share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar, Protocol

from frontegg_async._core.call.observers import Observer
from frontegg_async._core.call.rate_limits import Gates
from frontegg_async._core.call.retry_budget import RetryBudget
from frontegg_async._core.call.shared_rate_limits import SharedRateLimits
from frontegg_async._core.http.http_sessions import SessionHolder
from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async._values.secret import Secret
from frontegg_async.endpoints import Auth
from frontegg_async.errors import ClientClosedError
from frontegg_async.regions import BaseUrl


class TokenSource(Protocol):
    """Where the tokens of calls come from."""

    is_per_call: ClassVar[bool]
    """Whether each call has a source of its own, which `begin` returns."""

    def begin(self) -> TokenSource:
        """Return the source of one call."""
        ...

    def current(self) -> Secret | None:
        """Return the token if it may be sent, without waiting."""
        ...

    def fetch(self) -> Awaitable[bool]:
        """Return what a new token can be awaited with; it returns whether one was fetched."""
        ...

    async def replace(self, token: Secret) -> bool:
        """Give up a token that the service refused; return whether there may be another."""
        ...

    @property
    def is_unproven(self) -> bool:
        """Whether the service has not taken the token yet, which replaced one that it refused."""
        ...

    def prove(self) -> None:
        """Take down that the service took the token."""
        ...

    @property
    def tenant_id(self) -> str | None:
        """The tenant that responses must be about when a call names none, if the token of now says so for certain."""
        ...

    def reset(self) -> None:
        """Have the next call wait for a new token, if there can be one."""
        ...

    def hint(self) -> str:
        """Return what a person should know of the token when the service refuses a call with it."""
        ...


class PinnedToken:
    """One token that is sent as it is: when the service refuses it there is no other.

    Args:
        token: The token.
        hint: Returns what a person should know of it when the service refuses it.
        tenant_id: The tenant that it is for.
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
        """Wait for nothing: the token is there."""
        return True

    async def replace(self, token: Secret) -> bool:
        """Return that there is no other."""
        return token is not self._token

    @property
    def is_unproven(self) -> bool:
        """No: it replaced none."""
        return False

    def prove(self) -> None:
        """Do nothing: there is no other token."""

    def reset(self) -> None:
        """Keep the token, since there is no other."""

    def hint(self) -> str:
        """Return what a person should know of the token when the service refuses a call with it."""
        return self._hint()


class Waits:
    """The waits of all calls of a client."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    async def sleep(self, seconds: float) -> None:
        """Wait.

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
            if not future.done():
                future.set_exception(ClientClosedError("the client was closed"))


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class CallContext:
    """What all calls to one origin with one credential share: session, token, gates and budget.

    Args:
        base_url: The origin that the credential is bound to.
        auth: The kinds of operations that the credential can make.
        headers: The headers of every request of this environment.
        sessions: Holds the session.
        clocks: Time and randomness.
        budget: Bounds the retries; one of its own by default.
        rates: What the processes of a fleet share of rate limits.
        observers: Those who see its calls.
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

    def interrupt(self) -> None:
        """End the waits of all calls, since the client is being closed."""
        self.waits.interrupt()
