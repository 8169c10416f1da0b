"""``AsyncAccessTokenVerifier``: verify access tokens of incoming requests and look up their roles and permissions."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Final, NoReturn, Self, cast

import attrs

from frontegg_async._core.auth import jwt_validation
from frontegg_async._core.auth.key_cache import FixedKeys, Keys, check_signature
from frontegg_async._core.auth.keys import HS256, RS256, check_extra, key_of_pem, key_of_secret
from frontegg_async._core.call.single_flight_cache import SingleFlightCache
from frontegg_async._core.checks import arguments
from frontegg_async._core.checks.verifier_times import check_clock, check_leeway
from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async._core.runtime.tracebacks import shorten, without_frames
from frontegg_async._values.durations import in_seconds
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue, copy_json
from frontegg_async._values.not_copyable import refuse_copies
from frontegg_async._values.secret import hide, reveal
from frontegg_async._values.wrong_statements import OnlyAsyncWith
from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import (
    ClientClosedError,
    ConfigurationError,
    ErrorDetails,
    FronteggError,
    InvalidArgumentError,
    NotFoundError,
    ResponseMismatchError,
    TokenVerificationError,
)
from frontegg_async.models.access_tokens import AccessToken
from frontegg_async.models.claims import ACCESS_TYPES, AccessTokenTypeLiteral, Claims, TokenType
from frontegg_async.resources.by_id.access_tokens import AsyncAccessTokens
from frontegg_async.resources.support.access_token_lookups import check_token_id
from frontegg_async.resources.support.read_back import is_answered_absent
from frontegg_async.verification.verifier_settings import check_audience, check_client, check_issuer, environment_keys

MAX_TTL: Final = 300.0
"""The longest time to live of a cached lookup, in seconds."""

REFUSED_TTL: Final = 5.0
"""The longest time, in seconds, for which the verifier caches that the service does not know a token."""

SIZE: Final = 10_000
"""The largest number of cached lookups."""

_ACCESS: Final = frozenset(kind.value for kind in ACCESS_TYPES)
_TYPES: Final = {kind: kind for kind in _ACCESS} | {
    "tenant_access_token": TokenType.TENANT_ACCESS.value,
    "user_access_token": TokenType.USER_ACCESS.value,
}


class AsyncAccessTokenVerifier(OnlyAsyncWith):
    """Verifier of access tokens in the header ``x-api-key`` of incoming requests.

    An access token is a JWT and is verified like any other JWT. The JWT does not contain roles and permissions, so the
    verifier looks them up with the credential of the environment. The result of the lookup is cached for some seconds.
    A token may therefore be accepted shortly after its deletion. A token that the environment did not sign is refused
    without a request.

    The verifier needs the extra ``jwt``, which installs cryptography. The constructor sends nothing. The environment's
    public key is read when the first token is verified. Create one verifier for the whole program. Use it in
    ``async with``, or call `aclose` at the end.

    Args:
        client: The client of the environment. The verifier does not close the client.
        issuer: The required issuer, exactly as in the tokens. The default is the URL of the client's sub-domain. If the
            client has no sub-domain, the issuer is not checked, because the environment's key signs for no other
            issuer.
        audience: The required audience: the client id of the environment, or ids of your applications. A token with one
            of these audiences is accepted. By default, the audience is not checked.
        public_key: The public key of the environment as PEM. If given, the verifier does not read the key with the
            client.
        secret: The JWT secret of the environment, for environments that sign with HS256.
        leeway: The tolerated difference between clocks in seconds, 0 to 60.
        ttl: The time for which the result of a lookup is cached, in seconds, 0 to 300.
        clock: Returns the current time in seconds of the epoch, to check expiry. In tests, pass ``emulator.time``, the
            clock of the emulator.
        allow_http: Whether the client may use ``http`` for a host other than loopback. The host must have a name
            without a dot, or a private address. An emulator in docker compose has such a host. Environment variables
            cannot set this option.

    Raises:
        ConfigurationError: A setting is not allowed or contradicts another setting. The message names the setting.
        MissingExtraError: cryptography is not installed.
    """

    def __init__(
        self,
        client: AsyncFrontegg,
        *,
        issuer: str | None = None,
        audience: str | Sequence[str] | None = None,
        public_key: str | None = None,
        secret: str | None = None,
        leeway: float | timedelta = 10.0,
        ttl: float | timedelta = 30.0,
        clock: Callable[[], float] = time.time,
        allow_http: bool = False,
    ) -> None:
        # Keep these texts out of this frame, which is part of an error's traceback.
        hidden, address, pem = hide(secret), hide(issuer), hide(public_key)
        del secret, issuer, public_key
        check_extra()
        check_client(client, allow_http=check_flag(allow_http, "allow_http", ConfigurationError))
        if pem is not None and hidden is not None:
            raise ConfigurationError("public_key and secret exclude each other: each sets the key of the environment")
        lasts = in_seconds(ttl, "ttl", ConfigurationError)
        if isinstance(lasts, bool) or not isinstance(lasts, int | float) or not 0 <= lasts <= MAX_TTL:
            raise ConfigurationError(f"ttl must be a number of seconds from 0 to {MAX_TTL:g}")
        expected = jwt_validation.Expectations(
            issuer=_issuer_of(client, reveal(address)),
            audiences=frozenset() if audience is None else check_audience(audience),
            leeway=check_leeway(leeway),
            endless=_ACCESS,
        )
        clocks = check_clock(clock)
        keys: Keys
        if pem is not None:
            keys = FixedKeys(key_of_pem(reveal(pem), "public_key"))
        elif hidden is not None:
            keys = FixedKeys(key_of_secret(hidden))
        else:
            keys = environment_keys(client, clocks.monotonic)
        algorithm = RS256 if hidden is None else HS256
        self._assemble(client.access_tokens, expected, algorithm, keys, float(lasts), clocks)

    # The only call passes positional arguments.
    def _assemble(  # noqa: PLR0917 - see above
        self,
        tokens: AsyncAccessTokens,
        expected: jwt_validation.Expectations,
        algorithm: str,
        keys: Keys,
        ttl: float,
        clocks: Clocks,
    ) -> None:
        self._tokens = tokens
        self._expected = expected
        self._algorithm = algorithm
        self._keys = keys
        self._ttl = ttl
        self._clocks = clocks
        self._is_closed = False
        self._entitlement_cache = SingleFlightCache[AccessToken | TokenVerificationError](
            clocks.monotonic, SIZE, "verifier"
        )

    async def verify(self, token: str | None, *, type: TokenType | AccessTokenTypeLiteral | None = None) -> AccessToken:
        """Verify an access token and return its roles and permissions.

        The verifier checks the signature, algorithm, type, times and claims of the JWT. It also checks the issuer and
        the audience if they are set. A value that the environment did not sign, such as the bare id of a token, causes
        no request. After these checks, the token is looked up by its id.

        Args:
            token: The value of the header ``x-api-key``. ``None`` if the request has no such header.
            type: ``tenantAccessToken`` or ``userAccessToken``, to accept only this kind of access token.

        Returns:
            The roles and permissions of the token, and its owner.

        Raises:
            TokenVerificationError: The token is refused. ``reason`` is the cause in one word. The reason
                ``keys_unavailable`` means that the key could not be read; the token may be valid.
            InvalidArgumentError: ``type`` is not allowed. Nothing was sent.
            ResponseMismatchError: The response is about another token, tenant or user.
            ClientClosedError: The verifier or its client was closed.
            FronteggError: The lookup failed; the token may be valid. `PermissionDeniedError` means that access tokens
                are disabled for the environment.
        """
        parts = _split(token, self._algorithm)
        # Keep the token out of this frame, which is part of an error's traceback.
        del token
        wanted = _check_type(type)
        self._check_open()
        claims = await self._judge(parts, wanted)
        return await self._entitlements(claims)

    async def verify_claims(
        self, token: str | None, *, type: TokenType | AccessTokenTypeLiteral | None = None
    ) -> Claims:
        """Verify an access token and return `Claims`, as `AsyncTokenVerifier.verify` does.

        The checks are the same as in `verify`. The roles and permissions are the result of the lookup, and ``subject``
        is the id of the token. Use this method if requests may contain access tokens or user tokens.

        Args:
            token: The value of the header ``x-api-key``. ``None`` if the request has no such header.
            type: ``tenantAccessToken`` or ``userAccessToken``, to accept only this kind of access token.

        Returns:
            The claims.

        Raises:
            TokenVerificationError: The token is refused. ``reason`` is the cause in one word. The reason
                ``keys_unavailable`` means that the key could not be read; the token may be valid.
            InvalidArgumentError: ``type`` is not allowed. Nothing was sent.
            ResponseMismatchError: The response is about another token, tenant or user.
            ClientClosedError: The verifier or its client was closed.
            FronteggError: The lookup failed; the token may be valid. `PermissionDeniedError` means that access tokens
                are disabled for the environment.
        """
        parts = _split(token, self._algorithm)
        del token
        wanted = _check_type(type)
        self._check_open()
        claims = await self._judge(parts, wanted)
        found = await self._entitlements(claims)
        whose: dict[str, JsonValue] = {} if found.user_id is None else {"userId": found.user_id}
        return attrs.evolve(
            claims,
            roles=found.roles,
            permissions=found.permissions,
            expires_at=found.expires_at,
            extra={**claims.extra, **whose},
        )

    async def check(self) -> None:
        """Read the key now, to check the settings at the start of a program.

        Raises:
            TokenVerificationError: The key cannot be read. The message contains the cause.
            ClientClosedError: The verifier or its client was closed.
            FronteggError: The caller made an error, such as a call in another event loop.
        """
        self._check_open()
        await self._keys.read()

    async def _judge(self, parts: jwt_validation.SignedToken | TokenVerificationError, types: frozenset[str]) -> Claims:
        try:
            outcome = parts if isinstance(parts, TokenVerificationError) else await self._verified(parts, types)
        except FronteggError as error:
            shorten(error)
            raise
        if isinstance(outcome, TokenVerificationError):
            raise outcome.fresh()
        return outcome

    async def _verified(
        self, parts: jwt_validation.SignedToken, types: frozenset[str]
    ) -> Claims | TokenVerificationError:
        problem = await check_signature(self._keys, parts, what="access token")
        if problem is not None:
            return problem
        claims = jwt_validation.judge(parts.payload, self._expected, types, self._clocks.wall())
        return claims if isinstance(claims, TokenVerificationError) else _problem_of_ids(claims) or claims

    async def _entitlements(self, claims: Claims) -> AccessToken:
        """Return the result of the lookup of a token, as a copy that is independent of the cache."""
        key = f"{claims.type} {claims.tenant_id!r} {claims.subject!r}".encode("utf-8", "backslashreplace")
        kind, tenant_id, token_id = TokenType(claims.type), claims.tenant_id, claims.subject
        found = await self._entitlement_cache.get(key, functools.partial(self._look_up, kind, tenant_id, token_id))
        if isinstance(found, TokenVerificationError):
            raise found.fresh()
        ends = [each for each in (found.expires_at, claims.expires_at) if each is not None]
        if ends and min(ends).timestamp() <= self._clocks.wall() - self._expected.leeway:
            raise jwt_validation.refuse("expired", "the access token expired: its sender needs a new one")
        return attrs.evolve(
            found,
            user_id=_user_of(claims, found),
            expires_at=min(ends, default=None),
            extra=cast("Mapping[str, JsonValue]", copy_json(found.extra)),
        )

    async def _look_up(
        self, kind: TokenType, tenant_id: str, token_id: str
    ) -> tuple[AccessToken | TokenVerificationError, float]:
        ask = self._tokens.get_tenant_token if kind is TokenType.TENANT_ACCESS else self._tokens.get_user_token
        try:
            return await ask(tenant_id, token_id), self._ttl
        except NotFoundError as error:
            if not is_answered_absent(error):
                raise
            problem = jwt_validation.refuse(
                "unknown", "the service does not know the access token: it was deleted, or it has expired"
            )
        return problem, min(self._ttl, REFUSED_TTL)

    async def aclose(self) -> None:
        """Close the verifier. Calls in flight and later calls raise `ClientClosedError`. Closing twice is harmless."""
        self._is_closed = True
        self._keys.close()
        self._entitlement_cache.close()

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


@without_frames
def _issuer_of(client: AsyncFrontegg, issuer: str | None) -> str | None:
    if issuer is not None:
        return check_issuer(issuer)
    return None if client.domain is None else client.domain.origin


def _check_type(kind: object) -> frozenset[str]:
    if kind is None:
        return _ACCESS
    if not isinstance(kind, str) or kind not in _TYPES:
        raise InvalidArgumentError("type must be one of tenantAccessToken, userAccessToken")
    return frozenset({_TYPES[kind]})


def _split(token: object, algorithm: str) -> jwt_validation.SignedToken | TokenVerificationError:
    if token is None or token == "":
        return jwt_validation.refuse("missing", "there is no token: the request has no x-api-key header")
    return jwt_validation.split(token, algorithm)


def _problem_of_ids(claims: Claims) -> TokenVerificationError | None:
    """Return an error if an id in a token has special characters, which could change the path of the lookup."""
    try:
        check_token_id(claims.subject, "the subject")
        arguments.check_id(claims.tenant_id, "the tenant")
    except InvalidArgumentError:
        is_sound = False
    else:
        is_sound = arguments.is_plain(claims.subject)
    if is_sound:
        return None
    return jwt_validation.refuse(
        "claims",
        "the claim sub of the token is not a valid access token id, or the claim tenantId is not a valid tenant id",
    )


def _user_of(claims: Claims, found: AccessToken) -> str | None:
    """Return the user of a token, from its claims or the lookup.

    Raises:
        ResponseMismatchError: The claims and the lookup name different users.
        TokenVerificationError: The token belongs to a user, but neither the claims nor the lookup name the user.
    """
    if claims.type == TokenType.TENANT_ACCESS:
        return None
    named = {each for each in (claims.user_id, found.user_id) if each is not None}
    if len(named) > 1:
        raise ResponseMismatchError(
            "the response is about an access token of another user",
            ErrorDetails(reason="mismatch"),
        )
    if not named:
        raise jwt_validation.refuse(
            "claims", "the access token belongs to a user, but neither its claims nor the lookup name the user"
        )
    return named.pop()
