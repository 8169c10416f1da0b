"""Share a token among several processes (a fleet).

One process fetches the token, and the other processes read it from a store.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, runtime_checkable

import attrs

from frontegg_async._core.auth.token_windows import Token, make_token
from frontegg_async._values.secret import Secret, digest_of
from frontegg_async.errors import ConfigurationError, FronteggError
from frontegg_async.fleet.circuit_breaker import CircuitBreaker, UnusableError

LEASE: Final = 30.0
"""The seconds after which the lease, the right to fetch a token, expires. Then another process may fetch a token."""

PEER_PATIENCE: Final = 2.5
"""The seconds to wait for another process that fetches a token. Afterwards, this process fetches its own token.

Two operations of the store may start just before the end of this time, so no call waits longer than five seconds.
"""

LOOK_AGAIN: Final = 0.5
"""The seconds after which a waiting process polls the store, even without a notification."""

_REFUSED: Final = 8
"""The number of refused tokens to remember. After a failed write, a store may return such an older token."""


@attrs.frozen(eq=False)
class StoredToken:
    """A token in a store."""

    value: Secret
    """The token."""
    life: float
    """The lifetime of the token in seconds, from the time of the request."""
    left: float
    """The remaining lifetime in seconds."""


@runtime_checkable
class TokenStore(Protocol):
    """A store of a token that several processes (a fleet) share.

    Names are opaque: each name stands for one client id and secret at one host. An exception of a store never makes a
    call fail. The process continues with its own token, logs the outage once, and uses the store again when it works.
    An operation that takes more than a second is also a failure.
    """

    async def get(self, name: str, /) -> StoredToken | None:
        """Return the token with this name and its remaining lifetime, or ``None`` if the store has no token.

        Args:
            name: The name of the token.
        """
        ...

    async def put(self, name: str, token: StoredToken, /) -> None:
        """Store a token for its remaining lifetime, in place of the present token.

        Args:
            name: The name of the token.
            token: The token. Its field ``left`` is the number of seconds for which to store the token.
        """
        ...

    async def acquire(self, name: str, seconds: float, /) -> object | None:
        """Acquire the lease, which is the right to fetch a token.

        Args:
            name: The name of the token.
            seconds: The seconds after which the lease expires unless it is released.

        Returns:
            The lease; ``None`` if another process holds it.
        """
        ...

    async def release(self, name: str, lease: object, /) -> None:
        """Release a lease unless it has expired, and wake waiting processes.

        Args:
            name: The name of the token.
            lease: The result of `acquire`.
        """
        ...

    async def wait(self, name: str, seconds: float, /) -> None:
        """Wait until the lease is released, or until about the given time has passed.

        Args:
            name: The name of the token.
            seconds: The maximum number of seconds to wait.
        """
        ...


def check_token_store(value: TokenStore) -> TokenStore:
    """Check a token store, and return it.

    Raises:
        ConfigurationError: The value is not a `TokenStore`.
    """
    if not isinstance(value, TokenStore):
        raise ConfigurationError(f"token_store must be a TokenStore, not {type(value).__name__}")
    return value


class SharedToken:
    """Gets a token from a store, or fetches it for all processes that share the store.

    Args:
        store: The store.
        secret: Returns the secret to authenticate with.
        exchange: Exchanges a secret for a token.
        clock: The monotonic clock.
        account: The account: the host, the client id, and optionally the environment id.
    """

    def __init__(
        self,
        store: TokenStore,
        secret: Callable[[], Awaitable[Secret]],
        exchange: Callable[[Secret], Awaitable[Token]],
        clock: Callable[[], float],
        *,
        account: tuple[str, ...],
    ) -> None:
        self._store = store
        self._secret = secret
        self._exchange = exchange
        self._clock = clock
        self._account = account
        self._breaker = CircuitBreaker("token store", clock)
        self._refused: deque[Secret] = deque(maxlen=_REFUSED)
        self._is_new_wanted = False
        self._peer_seen_at: float | None = None

    async def __call__(self) -> Token:
        """Return the token of the store if it is still valid long enough; otherwise fetch a token.

        Raises:
            FronteggError: The store has no token, and the fetch failed.
        """
        secret = await self._secret()
        name = self._name(secret)
        if self._breaker.is_open:
            return await self._fetch_alone(secret)
        try:
            token = await self._share(name, secret)
        except UnusableError:
            return await self._fetch_alone(secret)
        if token is not None:
            return token
        token = await self._fetch_alone(secret)
        await self._put(name, token)
        return token

    def refuse(self, token: Secret) -> None:
        """Remember that the service refused a token. The token is never taken from the store again."""
        self._refused.append(token)

    def want_new(self) -> None:
        """Make the next call fetch a token from the service, even if the store has a valid token."""
        self._is_new_wanted = True

    def _name(self, secret: Secret) -> str:
        """Return the name of the token in the store.

        The name is a hash that includes the secret, so that only owners of the secret find the token.
        """
        parts = (*self._account, digest_of(secret).hex())
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    async def _share(self, name: str, secret: Secret) -> Token | None:
        """Return the token of the store, or fetch a token for all processes.

        The result is ``None`` if another process takes too long to fetch a token.
        """
        store, use = self._store, self._breaker.use
        patient_until = self._clock() + PEER_PATIENCE
        while self._clock() < patient_until:
            found = await self._find(name)
            if found is not None and self._clock() < found.refresh_at:
                self._breaker.note_success()
                self._peer_seen_at = None
                return found
            lease = await use(store.acquire(name, LEASE))
            if lease is not None:
                self._peer_seen_at = None
                return await self._fetch(name, secret, lease)
            if found is not None and self._clock() < found.stale_at:
                # Another process is replacing the token, unless that process has stopped. The present token is still
                # valid.
                return None if self._has_peer_stopped() else found
            await use(store.wait(name, LOOK_AGAIN))
        return None

    def _has_peer_stopped(self) -> bool:
        """Return whether another process has held the lease for too long, across several calls of this method."""
        if self._peer_seen_at is None:
            self._peer_seen_at = self._clock()
        return self._clock() - self._peer_seen_at >= PEER_PATIENCE

    async def _fetch(self, name: str, secret: Secret, lease: object) -> Token:
        """Fetch a token for all processes, unless another process fetched one just before this lease began."""
        try:
            found = await self._find(name)
            if found is not None and self._clock() < found.refresh_at:
                return found
            token = await self._fetch_alone(secret)
            await self._put(name, token)
        finally:
            await self._release(name, lease)
        return token

    async def _fetch_alone(self, secret: Secret) -> Token:
        token = await self._exchange(secret)
        self._is_new_wanted = False
        return token

    async def _put(self, name: str, token: Token) -> None:
        """Store a token for all processes. If the store fails, only this process uses the token."""
        try:
            await self._breaker.use(self._store.put(name, self._stored(token)))
        except UnusableError:
            return
        self._breaker.note_success()

    async def _find(self, name: str) -> Token | None:
        """Return the token of the store, unless it was refused or a new token is wanted."""
        stored = await self._breaker.use(self._store.get(name))
        if stored is None or self._is_new_wanted or stored.value in self._refused:
            return None
        try:
            left = min(stored.left, stored.life)
            return make_token(stored.value.reveal(), stored.life, self._clock() + left - stored.life)
        except FronteggError:
            return None

    def _stored(self, token: Token) -> StoredToken:
        return StoredToken(token.value, token.life, token.ends_at - self._clock())

    async def _release(self, name: str, lease: object) -> None:
        try:
            await self._breaker.use(self._store.release(name, lease))
        except UnusableError:
            return
