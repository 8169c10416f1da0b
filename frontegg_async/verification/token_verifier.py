"""``TokenVerifier``: whether the JWTs of incoming requests are good, and what they say."""

from __future__ import annotations

import ssl as tls
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Final, NoReturn, Self, cast

import aiohttp

from frontegg_async._core.auth import jwt_validation
from frontegg_async._core.auth.jwks import MAX_DOCUMENT, JwksReader, jwks_url_of, parse_jwks_url
from frontegg_async._core.auth.key_cache import FixedKeys, KeyCache, Keys
from frontegg_async._core.auth.keys import (
    HS256,
    RS256,
    check_extra,
    key_of_pem,
    key_of_secret,
)
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.call.context import CallContext
from frontegg_async._core.call.retry_budget import shared_budget
from frontegg_async._core.http.http_sessions import SessionHolder
from frontegg_async._core.http.setup import make_sessions
from frontegg_async._core.runtime.clocks import Clocks, system_clocks
from frontegg_async._values.not_copyable import refuse_copies
from frontegg_async._values.secret import hide
from frontegg_async.client import AsyncFrontegg
from frontegg_async.credentials import check_visible
from frontegg_async.endpoints import Auth
from frontegg_async.errors import ClientClosedError, ConfigurationError, InvalidArgumentError, TokenVerificationError
from frontegg_async.models.claims import BEARER_TYPES, Claims, TokenType
from frontegg_async.options import ResolvedOptions
from frontegg_async.regions import parse_base_url, parse_domain
from frontegg_async.verification.verifier_settings import check_audience, check_leeway, environment_keys

_CONNECTIONS: Final = 2
_DEFAULT_TYPES: Final = frozenset(kind.value for kind in BEARER_TYPES)


class TokenVerifier:
    """Verifies the JWTs of users and API tokens that come in with requests, in the header ``Authorization``.

    It needs the extra ``jwt``: PyJWT and cryptography. Nothing happens when it is made. The keys are read with the
    first token, again in the background when they are four minutes old, and when a token names another one. While they
    cannot be read, the known ones are taken for a day. Make one for the whole of your program. Use it in
    ``async with``, or call `aclose` at the end.

    Say who issues the tokens, by ``domain`` or ``issuer``. The keys are those that the issuer publishes, unless one of
    ``jwks_url``, ``public_key``, ``secret`` and ``client`` says otherwise.

    Args:
        audience: For whom tokens must be: your environment's client id, or the ids of your applications; one of them is
            enough.
        domain: The environment's sub-domain, as ``app-acme``, where its users sign in.
        issuer: Who issues tokens in the place of a sub-domain, exactly as tokens have it: the address of your own
            domain, where users sign in.
        jwks_url: Where the keys are: ``https``, or ``http`` on loopback.
        public_key: The environment's public key, as PEM; a key that changes is not noticed.
        secret: The environment's JWT secret, for environments that sign with HS256.
        client: The client of the environment, which reads the environment's public key. It is not closed.
        leeway: Seconds by which clocks may differ, 0 to 60.
        connector: A connector of your own to borrow; it is never closed.
        proxy: The address of a proxy.
        ssl: A TLS context of your own; it must verify certificate and host name.
        trust_env: Whether the environment's proxies and ``.netrc`` count.
        app: The name of your application, for the user agent.

    Raises:
        ConfigurationError: A setting is malformed or contradicts another; the message names it.
        MissingExtraError: PyJWT or cryptography is not installed.
    """

    def __init__(
        self,
        *,
        audience: str | Sequence[str],
        domain: str | None = None,
        issuer: str | None = None,
        jwks_url: str | None = None,
        public_key: str | None = None,
        secret: str | None = None,
        client: AsyncFrontegg | None = None,
        leeway: float = 10.0,
        connector: aiohttp.BaseConnector | None = None,
        proxy: str | None = None,
        ssl: tls.SSLContext | None = None,
        trust_env: bool = False,
        app: str | None = None,
    ) -> None:
        # This frame is part of an error's traceback, which must not hold the texts.
        hidden_proxy = hide(proxy)
        del proxy
        hidden = hide(secret)
        del secret
        check_extra()
        sources = {"jwks_url": jwks_url, "public_key": public_key, "secret": hidden, "client": client}
        given = [name for name, value in sources.items() if value is not None]
        if len(given) > 1:
            raise ConfigurationError(f"{' and '.join(given)} exclude each other: each says where the key comes from")
        issuer_of_tokens = _check_issuer(domain, issuer)
        expected = jwt_validation.Expectations(
            issuer=issuer_of_tokens, audiences=check_audience(audience), leeway=check_leeway(leeway)
        )
        clocks = system_clocks()
        sessions = make_sessions(
            connector=connector,
            proxy=hidden_proxy,
            ssl=ssl,
            trust_env=trust_env,
            max_connections=_CONNECTIONS,
            app=app,
            max_body=MAX_DOCUMENT,
        )
        keys: Keys
        if public_key is not None:
            keys = FixedKeys(key_of_pem(public_key, "public_key"))
        elif hidden is not None:
            keys = FixedKeys(key_of_secret(hidden))
        elif client is not None:
            keys = environment_keys(client, clocks.monotonic)
        else:
            keys = _published_keys(_check_jwks_url(jwks_url, issuer_of_tokens), sessions, clocks)
        self._assemble(expected, HS256 if hidden is not None else RS256, keys, sessions, clocks)

    def _assemble(
        self, expected: jwt_validation.Expectations, algorithm: str, keys: Keys, sessions: SessionHolder, clocks: Clocks
    ) -> None:
        self._expected = expected
        self._algorithm = algorithm
        self._keys = keys
        self._sessions = sessions
        self._clocks = clocks
        sessions.on_fork(keys.forget_loop)

    @property
    def issuer(self) -> str:
        """Who must have issued tokens."""
        return str(self._expected.issuer)

    @property
    def audience(self) -> tuple[str, ...]:
        """For whom tokens must be; one of these is enough."""
        return tuple(sorted(self._expected.audiences))

    async def verify(self, token: str, *, types: Sequence[TokenType | str] | None = None) -> Claims:
        """Verify a token and return what it says.

        Its signature, algorithm, type, issuer, audience and times are checked, and that it has the claims that every
        token has. The service is not asked: a user who was removed a moment ago has a good token until it expires.

        Args:
            token: The JWT alone.
            types: The types that it may have; by default those of users and API tokens. Access tokens are for
                `AccessTokenVerifier`: what one says by itself does not tell whether it was deleted, nor what it
                entitles to. If you name their types all the same, they must have an end as all others.

        Returns:
            The claims.

        Raises:
            TokenVerificationError: The token is not taken; ``reason`` says why in one word. It is ``keys_unavailable``
                when the keys could not be read, which says nothing about the token.
            InvalidArgumentError: ``types`` is not allowed.
            ClientClosedError: The verifier was closed.
            WrongLoopError: The verifier is open in another event loop.
        """
        parts = jwt_validation.split(token, self._algorithm)
        # The frame is part of an error's traceback, which must not hold the token.
        del token
        self._check_open()
        outcome = await self._judge(parts, types)
        if isinstance(outcome, Claims):
            return outcome
        raise outcome.fresh()

    async def verify_header(
        self, authorization: str | None, *, types: Sequence[TokenType | str] | None = None
    ) -> Claims:
        """Verify the token of an ``Authorization`` header and return what it says.

        Args:
            authorization: The value of the header, ``Bearer`` and the JWT; ``None`` when the request has none.
            types: The types that it may have; by default those of users and API tokens. Access tokens are for
                `AccessTokenVerifier`: what one says by itself does not tell whether it was deleted, nor what it
                entitles to. If you name their types all the same, they must have an end as all others.

        Returns:
            The claims.

        Raises:
            TokenVerificationError: The token is not taken; ``reason`` says why in one word, ``missing`` when there is
                none. It is ``keys_unavailable`` when the keys could not be read, which says nothing about the token.
            InvalidArgumentError: ``types`` is not allowed.
            ClientClosedError: The verifier was closed.
            WrongLoopError: The verifier is open in another event loop.
        """
        found = jwt_validation.bearer(authorization)
        del authorization
        parts = found if isinstance(found, TokenVerificationError) else jwt_validation.split(found, self._algorithm)
        del found
        self._check_open()
        outcome = await self._judge(parts, types)
        if isinstance(outcome, Claims):
            return outcome
        raise outcome.fresh()

    async def _judge(
        self, parts: jwt_validation.SignedToken | TokenVerificationError, types: Sequence[TokenType | str] | None
    ) -> Claims | TokenVerificationError:
        wanted = _DEFAULT_TYPES if types is None else _check_types(types)
        if isinstance(parts, TokenVerificationError):
            return parts
        key = await self._keys.find(parts.key_id)
        if isinstance(key, TokenVerificationError):
            return key
        if not key.verifies(parts.signed, parts.signature):
            return jwt_validation.refuse(
                "signature", "the token's signature is not by the issuer's key: it is of another environment, or forged"
            )
        return jwt_validation.judge(parts.payload, self._expected, wanted, self._clocks.wall())

    async def check(self) -> None:
        """Read the keys now, to see at the start of a program whether the settings are right.

        Raises:
            TokenVerificationError: The keys cannot be read; the message says from where, and why.
            ClientClosedError: The verifier was closed.
            FronteggError: They cannot be read for a reason of this side, as another event loop.
        """
        self._check_open()
        await self._keys.read()

    async def aclose(self) -> None:
        """Close the verifier. Calls in flight and later ones raise `ClientClosedError`; to close twice does nothing."""
        self._keys.close()
        await self._sessions.close()

    async def __aenter__(self) -> Self:
        self._check_open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def _check_open(self) -> None:
        if self._sessions.is_closed:
            raise ClientClosedError("the verifier is closed")

    def __reduce__(self) -> NoReturn:
        refuse_copies(type(self).__name__)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.issuer!r})"


def _published_keys(url: str, sessions: SessionHolder, clocks: Clocks) -> KeyCache:
    origin, endpoint = parse_jwks_url(url)
    context = CallContext(origin, Auth.NONE, {}, sessions, clocks, budget=shared_budget(origin.origin))
    reader = JwksReader(Caller(context, None, ResolvedOptions()), endpoint)
    return KeyCache(reader, clocks.monotonic, place=url)


def _check_issuer(domain: str | None, issuer: str | None) -> str:
    if (domain is None) is (issuer is None):
        raise ConfigurationError("give domain, as 'app-acme', or issuer: who issues the tokens, and not both")
    if domain is not None:
        return parse_domain(domain).origin
    return check_visible(issuer, "issuer")


def _check_jwks_url(url: str | None, issuer: str) -> str:
    return jwks_url_of(parse_base_url(issuer, setting="issuer")) if url is None else url


def _check_types(types: object) -> frozenset[str]:
    if isinstance(types, str) or not isinstance(types, Iterable):
        raise InvalidArgumentError(f"types must be a sequence of token types, not {type(types).__name__}")
    found = frozenset(cast("Iterable[str]", types))
    if not found or not all(isinstance(each, str) and each for each in found):
        raise InvalidArgumentError("types must have at least one token type, as TokenType.USER, and nothing else")
    return frozenset(map(str, found))
