"""Exchange the secret of an environment for a token. A refused secret is not sent again for a minute."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from frontegg_async._core.auth.token_windows import Token
from frontegg_async._values.secret import Secret, digest_of
from frontegg_async.errors import AuthenticationError

REFUSAL_MEMORY: Final = 60.0
"""The seconds for which a refused secret is not sent again."""


class RefusedSecret(msgspec.Struct, frozen=True):
    """The refusal of a secret: its time and its error."""

    at: float
    error: AuthenticationError


class RefusedSecrets:
    """A cache of refused secrets, which clients share. The key is the account and a digest of the secret."""

    SIZE: Final = 256

    def __init__(self) -> None:
        self._refusals: dict[tuple[tuple[str, ...], bytes], RefusedSecret] = {}

    def find(self, account: tuple[str, ...], secret: Secret, now: float) -> RefusedSecret | None:
        """Return the refusal of a secret if the refusal is not older than `REFUSAL_MEMORY`."""
        refusal = self._refusals.get((account, digest_of(secret)))
        return refusal if refusal is not None and refusal.at <= now < refusal.at + REFUSAL_MEMORY else None

    def add(self, account: tuple[str, ...], secret: Secret, refusal: RefusedSecret) -> None:
        """Add a refusal. If the cache is full, drop the oldest refusal."""
        if len(self._refusals) >= self.SIZE:
            self._refusals.pop(next(iter(list(self._refusals))), None)  # another thread may have dropped the refusal
        self._refusals[account, digest_of(secret)] = refusal

    def forget(self, account: tuple[str, ...]) -> None:
        """Drop all refusals of an account."""
        for key in [key for key in list(self._refusals) if key[0] == account]:
            self._refusals.pop(key, None)


REFUSED_SECRETS: Final = RefusedSecrets()
"""The cache of this process."""


class SecretExchange:
    """Exchanges the secret of an environment or of an API token for an access token.

    Args:
        secret: Returns the secret to authenticate with.
        authenticate: Exchanges a secret for a token.
        clock: The monotonic clock.
        account: The host and the client id of an environment. For an API token: the host, the kind of the token, and
            its id.
        refusals: The cache of refused secrets.
    """

    def __init__(
        self,
        secret: Callable[[], Awaitable[Secret]],
        authenticate: Callable[[Secret], Awaitable[Token]],
        clock: Callable[[], float],
        *,
        account: tuple[str, ...],
        refusals: RefusedSecrets = REFUSED_SECRETS,
    ) -> None:
        self._secret = secret
        self._authenticate = authenticate
        self._clock = clock
        self._account = account
        self._refusals = refusals

    async def __call__(self) -> Token:
        """Return a new token for the current secret.

        Raises:
            AuthenticationError: The secret was refused, now or less than `REFUSAL_MEMORY` seconds ago.
            FronteggError: Any other failure of the authentication.
        """
        return await self.of(await self._secret())

    async def of(self, secret: Secret) -> Token:
        """Return a new token.

        Args:
            secret: The secret to authenticate with.

        Raises:
            AuthenticationError: The secret was refused, now or less than `REFUSAL_MEMORY` seconds ago.
            FronteggError: Any other failure of the authentication.
        """
        now = self._clock()
        refusal = self._refusals.find(self._account, secret, now)
        if refusal is not None:
            age = now - refusal.at
            raise AuthenticationError(
                f"{refusal.error.message} ({age:.0f} s ago; the same secret is not sent again "
                f"for another {REFUSAL_MEMORY - age:.0f} s, or until reset_auth())",
                refusal.error.details,
            )
        try:
            token = await self._authenticate(secret)
        except AuthenticationError as error:
            self._refusals.add(self._account, secret, RefusedSecret(self._clock(), error.fresh()))
            raise
        return token

    def forget(self) -> None:
        """Discard the refused secrets of this account."""
        self._refusals.forget(self._account)
