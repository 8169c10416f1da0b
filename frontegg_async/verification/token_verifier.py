"""``AsyncTokenVerifier``: verify the JWTs of incoming requests and return their claims."""

from __future__ import annotations

import ssl as tls
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Final, NoReturn, Self, cast

import aiohttp

from frontegg_async._core.auth import jwt_validation
from frontegg_async._core.auth.jwks import MAX_DOCUMENT, JwksReader, jwks_url_of, parse_jwks_url
from frontegg_async._core.auth.key_cache import FixedKeys, KeyCache, Keys, check_signature
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
from frontegg_async._core.checks.verifier_times import check_clock, check_leeway
from frontegg_async._core.http.http_sessions import SessionHolder
from frontegg_async._core.http.setup import make_sessions
from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.flags import check_flag
from frontegg_async._values.kinds import repr_by
from frontegg_async._values.not_copyable import refuse_copies
from frontegg_async._values.secret import hide, reveal
from frontegg_async._values.wrong_statements import OnlyAsyncWith
from frontegg_async.client import AsyncFrontegg
from frontegg_async.endpoints import Auth
from frontegg_async.errors import ClientClosedError, ConfigurationError, InvalidArgumentError, TokenVerificationError
from frontegg_async.models.claims import BEARER_TYPES, Claims, TokenType
from frontegg_async.options import ResolvedOptions
from frontegg_async.regions import EMULATED, Region, RegionLiteral, parse_base_url, parse_domain, parse_region
from frontegg_async.verification.verifier_settings import check_audience, check_client, check_issuer, environment_keys

_CONNECTIONS: Final = 2
_DEFAULT_TYPES: Final = frozenset(kind.value for kind in BEARER_TYPES)


class AsyncTokenVerifier(OnlyAsyncWith):
    """Verifier of the JWTs of users and API tokens, in the header ``Authorization`` of incoming requests.

    The verifier needs the extra ``jwt``, which installs cryptography. The constructor sends nothing. The keys are read
    when the first token is verified. When the keys are four minutes old, they are read again in the background. They
    are also read again if a token names an unknown key, or if the signature of a token does not match a key without an
    id. While the keys cannot be read, the known keys are used for up to a day. Create one verifier for the whole
    program. Use it in ``async with``, or call `aclose` at the end.

    Give the issuer of the tokens as ``domain`` or ``issuer``. By default, the issuer publishes the keys.
    ``jwks_url``, ``public_key``, ``secret`` or ``client`` sets another source of keys.

    Args:
        audience: The required audience: the client id of your environment, or ids of your applications. A token with
            one of these audiences is accepted.
        domain: The sub-domain of the environment, where its users sign in. An example is ``app-acme``, or with a region
            ``app-acme.us``.
        region: The region of the environment, for a ``domain`` without a region. The default is the region of
            ``client``, or Europe without ``client``.
        issuer: The issuer, exactly as in the tokens, in place of ``domain``. It is the URL of your own domain where
            users sign in.
        jwks_url: The URL of the keys. It must be ``https``. ``http`` is allowed on loopback, and if ``allow_http``
            permits it.
        public_key: The public key of the environment as PEM. The verifier does not notice a rotated key.
        secret: The JWT secret of the environment, for environments that sign with HS256.
        client: The client of the environment, which reads the environment's public key. The verifier does not close the
            client.
        leeway: The tolerated difference between clocks in seconds, 0 to 60.
        clock: Returns the current time in seconds of the epoch, to check expiry. In tests, pass ``emulator.time``, the
            clock of the emulator.
        allow_http: Whether the keys may be read over ``http`` from a host without a dot in its name, or with a private
            address. An emulator in docker compose has such a host. The audience must be the client id of an emulator.
            Environment variables cannot set this option.
        connector: A connector of your own to use; you close it.
        proxy: The address of a proxy.
        ssl: A TLS context of your own. It must verify certificate and host name.
        trust_env: Whether the proxy variables of the environment and ``.netrc`` are used.
        app: The name of your application, for the ``User-Agent`` header.

    Raises:
        ConfigurationError: A setting is malformed or contradicts another setting. The message names the setting.
        MissingExtraError: cryptography is not installed.
    """

    def __init__(
        self,
        *,
        audience: str | Sequence[str],
        domain: str | None = None,
        region: Region | RegionLiteral | None = None,
        issuer: str | None = None,
        jwks_url: str | None = None,
        public_key: str | None = None,
        secret: str | None = None,
        client: AsyncFrontegg | None = None,
        leeway: float | timedelta = 10.0,
        clock: Callable[[], float] = time.time,
        allow_http: bool = False,
        connector: aiohttp.BaseConnector | None = None,
        proxy: str | None = None,
        ssl: tls.SSLContext | None = None,
        trust_env: bool = False,
        app: str | None = None,
    ) -> None:
        # Keep these texts out of this frame, which is part of an error's traceback.
        hidden_proxy = hide(proxy)
        del proxy
        hidden = hide(secret)
        del secret
        sub_domain, address, keys_address, pem = hide(domain), hide(issuer), hide(jwks_url), hide(public_key)
        del domain, issuer, jwks_url, public_key
        check_extra()
        sources = {"jwks_url": keys_address, "public_key": pem, "secret": hidden, "client": client}
        given = [name for name, value in sources.items() if value is not None]
        if len(given) > 1:
            raise ConfigurationError(f"{' and '.join(given)} exclude each other: each sets the source of the key")
        allowed = check_flag(allow_http, "allow_http", ConfigurationError)
        if client is not None:
            check_client(client, allow_http=allowed)
            region = _region_of(client, region)
        issuer_of_tokens = _check_issuer(reveal(sub_domain), reveal(address), region)
        expected = jwt_validation.Expectations(
            issuer=issuer_of_tokens, audiences=check_audience(audience), leeway=check_leeway(leeway)
        )
        clocks = check_clock(clock)
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
        if pem is not None:
            keys = FixedKeys(key_of_pem(reveal(pem), "public_key"))
        elif hidden is not None:
            keys = FixedKeys(key_of_secret(hidden))
        elif client is not None:
            keys = environment_keys(client, clocks.monotonic)
        else:
            origin, endpoint = parse_jwks_url(
                _jwks_url_of(issuer_of_tokens) if keys_address is None else reveal(keys_address),
                allow_http=allowed,
                is_emulated=all(each.startswith(EMULATED) for each in expected.audiences),
            )
            context = CallContext(origin, Auth.NONE, {}, sessions, clocks, budget=shared_budget(origin.origin))
            reader = JwksReader(Caller(context, None, ResolvedOptions()), endpoint)
            keys = KeyCache(reader, clocks.monotonic, place=f"{origin}{endpoint.path}")
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
        """The required issuer."""
        return str(self._expected.issuer)

    @property
    def audience(self) -> tuple[str, ...]:
        """The accepted audiences. A token with one of these audiences is accepted."""
        return tuple(sorted(self._expected.audiences))

    async def verify(self, token: str, *, types: Sequence[TokenType | str] | None = None) -> Claims:
        """Verify a token and return its claims.

        The verifier checks the signature, algorithm, type, issuer, audience, times and required claims of the token. No
        request is sent to the service, except to read the keys. The token of a removed user is therefore accepted until
        it expires.

        Args:
            token: The JWT, without ``Bearer``.
            types: The accepted types of tokens. By default, tokens of users and of API tokens are accepted. Verify
                access tokens with `AsyncAccessTokenVerifier`, because an access token does not contain its permissions
                and may be deleted. If you name a type of access tokens here, access tokens without an expiry are
                refused.

        Returns:
            The claims.

        Raises:
            TokenVerificationError: The token is refused. ``reason`` is the cause in one word. The reason
                ``keys_unavailable`` means that the keys could not be read; the token may be valid.
            InvalidArgumentError: ``types`` is not allowed.
            ClientClosedError: The verifier was closed.
            WrongLoopError: The verifier is open in another event loop.
        """
        parts = jwt_validation.split(token, self._algorithm)
        # Keep the token out of this frame, which is part of an error's traceback.
        del token
        self._check_open()
        outcome = await self._judge(parts, types)
        if isinstance(outcome, Claims):
            return outcome
        raise outcome.fresh()

    async def verify_header(
        self, authorization: str | None, *, types: Sequence[TokenType | str] | None = None
    ) -> Claims:
        """Verify the token of an ``Authorization`` header and return its claims.

        Args:
            authorization: The value of the header: ``Bearer``, a space and the JWT. ``None`` if the request has no such
                header.
            types: The accepted types of tokens. By default, tokens of users and of API tokens are accepted. Verify
                access tokens with `AsyncAccessTokenVerifier`, because an access token does not contain its permissions
                and may be deleted. If you name a type of access tokens here, access tokens without an expiry are
                refused.

        Returns:
            The claims.

        Raises:
            TokenVerificationError: The token is refused. ``reason`` is the cause in one word. The reason is ``missing``
                if there is no token. The reason ``keys_unavailable`` means that the keys could not be read; the token
                may be valid.
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
        problem = await check_signature(self._keys, parts, what="token")
        if problem is not None:
            return problem
        return jwt_validation.judge(parts.payload, self._expected, wanted, self._clocks.wall())

    async def check(self) -> None:
        """Read the keys now, to check the settings at the start of a program.

        Raises:
            TokenVerificationError: The keys cannot be read. The message contains the source of the keys and the cause.
            ClientClosedError: The verifier was closed.
            FronteggError: The caller made an error, such as a call in another event loop.
        """
        self._check_open()
        await self._keys.read()

    async def aclose(self) -> None:
        """Close the verifier. Calls in flight and later calls raise `ClientClosedError`. Closing twice is harmless."""
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
        return repr_by(self, "issuer")


@without_frames
def _region_of(client: AsyncFrontegg, region: Region | str | None) -> Region | None:
    """Return the given region, or the region of the client.

    Raises:
        ConfigurationError: The regions differ.
    """
    given, own = None if region is None else parse_region(region), client.base_url.region
    if given is not None and own is not None and given is not own:
        raise ConfigurationError(
            f"client and region contradict each other: the client is in the region {own}, and region is {given}"
        )
    return given or own


@without_frames
def _check_issuer(domain: str | None, issuer: str | None, region: Region | str | None) -> str:
    if (domain is None) is (issuer is None):
        raise ConfigurationError("give either domain, such as 'app-acme', or issuer")
    known = None if region is None else parse_region(region)
    if domain is not None:
        return parse_domain(domain, region=known).origin
    return check_issuer(issuer)


@without_frames
def _jwks_url_of(issuer: str) -> str:
    return jwks_url_of(parse_base_url(issuer, setting="issuer"))


def _check_types(types: object) -> frozenset[str]:
    if isinstance(types, str) or not isinstance(types, Iterable):
        raise InvalidArgumentError(f"types must be a sequence of token types, not {type(types).__name__}")
    found = frozenset(cast("Iterable[str]", types))
    if not found or not all(isinstance(each, str) and each for each in found):
        raise InvalidArgumentError(
            "types must have at least one item, and each item must be a token type, such as TokenType.USER"
        )
    return frozenset(map(str, found))
