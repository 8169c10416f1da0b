"""``AccessTokenVerifier``: whether the access tokens of incoming requests are good, and what they entitle to."""

from __future__ import annotations

import functools
import hashlib
import re
from types import TracebackType
from typing import Final, NoReturn, Self

from frontegg_async import arguments
from frontegg_async.auth.jwt import refuse
from frontegg_async.auth.lookups import Lookups
from frontegg_async.client import AsyncFrontegg
from frontegg_async.endpoints.access_tokens import NO_ID
from frontegg_async.errors import (
    ClientClosedError,
    ConfigurationError,
    InvalidArgumentError,
    NotFoundError,
    ResponseMismatchError,
    TokenVerificationError,
)
from frontegg_async.http import system_clocks
from frontegg_async.models.access_tokens import AccessToken
from frontegg_async.models.claims import Claims, TokenType
from frontegg_async.resources.access_tokens import AsyncAccessTokens
from frontegg_async.secret import Secret
from frontegg_async.uncopied import refuse_copies
from frontegg_async.wire.engine import Clocks

MAX_TTL: Final = 300.0
"""Seconds."""

REFUSED_TTL: Final = 5.0
"""Seconds during which a token that the service does not know is not asked about again, at most."""

SIZE: Final = 10_000
"""How many answers are remembered."""

_JWT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_KINDS: Final = (TokenType.TENANT_ACCESS, TokenType.USER_ACCESS)


class AccessTokenVerifier:
    """Verifies the access tokens that come in with requests, in the header ``x-api-key``.

    An opaque token says nothing by itself: the service is asked whose it is and what it entitles to, with the
    environment's credential. Its answer counts for some seconds, so a token that was deleted a moment ago may still be
    taken. Make one for the whole of your program. Use it in ``async with``, or call `aclose` at the end.

    Args:
        client: The client of the environment. It is not closed.
        ttl: Seconds for which an answer counts, 0 to 300.

    Raises:
        ConfigurationError: A setting is not allowed; the message names it.
    """

    def __init__(self, client: AsyncFrontegg, *, ttl: float = 30.0) -> None:
        if not isinstance(client, AsyncFrontegg):
            raise ConfigurationError(f"client must be the client of an environment, not {type(client).__name__}")
        if isinstance(ttl, bool) or not isinstance(ttl, int | float) or not 0 <= ttl <= MAX_TTL:
            raise ConfigurationError(f"ttl must be a number of seconds from 0 to {MAX_TTL:g}")
        self._assemble(client.access_tokens, float(ttl), system_clocks())

    def _assemble(self, tokens: AsyncAccessTokens, ttl: float, clocks: Clocks) -> None:
        self._tokens = tokens
        self._ttl = ttl
        self._clocks = clocks
        self._is_closed = False
        self._lookups = Lookups[AccessToken | TokenVerificationError](clocks.monotonic, SIZE, "verifier")

    async def verify(self, token: str | None, *, tenant_id: str, type: TokenType | None = None) -> AccessToken:
        """Verify an opaque access token and return what it entitles to.

        Args:
            token: The value of ``x-api-key``; ``None`` when the request has none.
            tenant_id: The tenant that the request is about; a token of another one is not known.
            type: `TokenType.TENANT_ACCESS` or `TokenType.USER_ACCESS`, if you know which; else both are tried.

        Returns:
            The token's roles and permissions, and whose it is.

        Raises:
            TokenVerificationError: The token is not taken; ``reason`` says why in one word.
            InvalidArgumentError: ``tenant_id`` or ``type`` is not allowed; nothing was sent.
            ClientClosedError: The verifier was closed, or its client.
            FronteggError: The service could not be asked, which says nothing about the token.
        """
        opaque = _check_opaque(token)
        # The frame is part of an error's traceback, which must not hold the token.
        del token
        if isinstance(opaque, TokenVerificationError):
            raise opaque.with_details(opaque.details)
        if type is not None and type not in _KINDS:
            raise InvalidArgumentError("type must be TokenType.TENANT_ACCESS or TokenType.USER_ACCESS")
        return await self._find(opaque, tenant_id, _KINDS if type is None else (type,))

    async def resolve(self, claims: Claims) -> AccessToken:
        """Return what an access token entitles to that came as a JWT, and that `TokenVerifier` verified.

        Such a token names its id and its tenant; its roles and permissions are the service's to tell.

        Args:
            claims: What `TokenVerifier` returned for it.

        Returns:
            The token's roles and permissions, and whose it is.

        Raises:
            TokenVerificationError: It is another type of token, or the service does not know it any more; ``reason``
                says why in one word.
            InvalidArgumentError: ``claims`` is something else.
            ClientClosedError: The verifier was closed, or its client.
            FronteggError: The service could not be asked, which says nothing about the token.
        """
        if not isinstance(claims, Claims):
            raise InvalidArgumentError("claims must be the Claims that TokenVerifier returned")
        kind = next((kind for kind in _KINDS if kind == claims.type), None)
        if kind is None:
            raise refuse("type", f"the token is no access token but a {str(claims.type)!a}: its claims say it all")
        opaque = _check_opaque(claims.subject)
        if isinstance(opaque, TokenVerificationError):
            raise refuse("claims", "the token's subject cannot be the id of an access token")
        return await self._find(opaque, claims.tenant_id, (kind,))

    async def _find(self, token: Secret, tenant_id: str, kinds: tuple[TokenType, ...]) -> AccessToken:
        arguments.check_id(tenant_id, "tenant_id")
        self._check_open()
        key = hashlib.sha256(f"{kinds} {tenant_id!r} ".encode("utf-8", "backslashreplace") + token.digest()).digest()
        found = await self._lookups.get(key, functools.partial(self._look_up, token, tenant_id, kinds))
        if isinstance(found, TokenVerificationError):
            raise found.with_details(found.details)
        if found.expires is not None and found.expires.timestamp() <= self._clocks.wall():
            raise refuse("expired", "the access token expired: whoever sent it needs a new one")
        return found

    async def _look_up(
        self, token: Secret, tenant_id: str, kinds: tuple[TokenType, ...]
    ) -> tuple[AccessToken | TokenVerificationError, float]:
        for kind in kinds:
            ask = self._tokens.tenant_token if kind is TokenType.TENANT_ACCESS else self._tokens.user_token
            try:
                found = await ask(tenant_id, token.reveal())
            except NotFoundError:
                continue
            if found.id != token.reveal():
                raise ResponseMismatchError("the answer is about another access token than the one asked for")
            return found, self._ttl
        problem = refuse(
            "unknown",
            "the service does not know the access token: it was deleted, has expired, or is of another tenant",
        )
        return problem, min(self._ttl, REFUSED_TTL)

    async def aclose(self) -> None:
        """Close the verifier. Calls in flight and later ones raise `ClientClosedError`; to close twice does nothing."""
        self._is_closed = True
        self._lookups.close()

    async def __aenter__(self) -> Self:
        self._check_open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def _check_open(self) -> None:
        if self._is_closed:
            raise ClientClosedError("the verifier is closed")

    def __reduce__(self) -> NoReturn:
        refuse_copies(type(self).__name__)


def _check_opaque(token: object) -> Secret | TokenVerificationError:
    if token is None or token == "":
        return refuse("missing", "there is no token: the request has no x-api-key header")
    if isinstance(token, str) and _JWT.fullmatch(token):
        return refuse("malformed", "the token is a JWT: verify it with TokenVerifier, and give its claims to resolve()")
    try:
        arguments.check_id(token, "the token")
    except InvalidArgumentError:
        return refuse("malformed", "the token cannot be an access token: those are 1 to 256 characters")
    if token == NO_ID:
        return refuse("malformed", "the token cannot be an access token: its name is that of another operation")
    return Secret(str(token))
