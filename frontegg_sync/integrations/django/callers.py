"""The caller of a request: its bearer token or access token, verified on first use."""

from __future__ import annotations

import abc
from typing import Final, TypeAlias

from django.dispatch import Signal
from django.http import HttpRequest
from django.utils.asyncio import async_unsafe

from frontegg_async._core.auth import jwt_validation
from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.errors import FronteggError, TokenVerificationError
from frontegg_async.integrations.request_credentials import (
    API_KEY,
    AUTHORIZATION,
    Credential,
    credential_of,
    hidden,
    lookup_failure,
    session_token,
    split_header,
)
from frontegg_async.models.claims import ACCESS_TYPES, Claims, TokenType
from frontegg_async.models.entitlements import Names
from frontegg_async.user import AsyncFronteggUser
from frontegg_sync.integrations.django import conf, signals
from frontegg_sync.integrations.django.clients import (
    async_clients,
    get_access_token_verifier,
    get_async_client,
    get_client,
    get_verifier,
)
from frontegg_sync.user import FronteggUser

ATTRIBUTE: Final = "frontegg"
"""The attribute of a request with its caller."""

ASYNC_ATTRIBUTE: Final = "afrontegg"
"""The attribute of a request with the coroutine function that returns its verified caller."""

_NOT_HERE: Final = "in async code, use await request.afrontegg() in place of request.frontegg: verification blocks"

_Outcome: TypeAlias = Claims | TokenVerificationError


class _Caller(abc.ABC):
    """The common base of callers for plain views and ``async`` views."""

    __slots__ = ("_credential",)

    _credential: Credential | TokenVerificationError

    @abc.abstractmethod
    def _claims_or_error(self) -> _Outcome: ...

    @property
    def is_authenticated(self) -> bool:
        """Whether the token is valid. For example, a token of another environment is not valid."""
        return isinstance(self._claims_or_error(), Claims)

    @property
    def claims(self) -> Claims:
        """The claims of the token.

        Raises:
            TokenVerificationError: There is no token, or the token is not accepted. `FronteggErrorMiddleware` responds
                with 401, or with 503 if the token could not be verified.
        """
        outcome = self._claims_or_error()
        if isinstance(outcome, Claims):
            return outcome
        raise outcome.fresh()

    @property
    def tenant_id(self) -> str:
        """The id of the token's tenant, from the `claims`.

        Raises:
            TokenVerificationError: There is no token, or the token is not accepted.
        """
        return self.claims.tenant_id

    @property
    def user_id(self) -> str | None:
        """The id of the token's user, from the `claims`; ``None`` for the token of a tenant.

        Raises:
            TokenVerificationError: There is no token, or the token is not accepted.
        """
        return self.claims.user_id

    @property
    def error(self) -> TokenVerificationError | None:
        """The error that explains why there is no valid token; ``None`` for a valid token."""
        outcome = self._claims_or_error()
        return None if isinstance(outcome, Claims) else outcome

    def require(
        self, *, permission: Names | None = None, role: Names | None = None, in_tenant: str | Unset = UNSET
    ) -> Claims:
        """Return the claims of the token if it is valid and has the permissions and roles.

        Args:
            permission: One or more required permissions. Wildcards in the token's permissions apply.
            role: One or more required roles.
            in_tenant: The id of the tenant that the token must belong to, such as your own company for operators. It
                needs ``permission`` or ``role``.

        Returns:
            The claims of the token.

        Raises:
            TokenVerificationError: There is no token, or the token is not accepted.
            MissingPermissionError: The token lacks a permission or a role, or is for another tenant.
            InvalidArgumentError: A name or an id is empty or not a string.
        """
        claims = self.claims
        if permission is not None or role is not None or in_tenant is not UNSET:
            claims.require(permission=permission, role=role, in_tenant=in_tenant)
        return claims

    def _good_token(self) -> Secret:
        _ = self.claims
        return session_token(self._credential)


class FronteggCaller(_Caller):
    """The caller of a request, such as ``request.frontegg``, for plain views.

    The token is verified once, on first use. In ``async`` views, use ``await request.afrontegg()``. After this call, or
    with ``require`` on the view, no attribute blocks.

    Args:
        authorization: The value of the request's ``Authorization`` header; ``None`` without this header.
        api_key: The value of the request's ``x-api-key`` header; ``None`` without this header.
        request: The request, for receivers of signals; ``None`` without a request.
    """

    __slots__ = ("_is_asked", "_outcome", "_request")

    def __init__(
        self, authorization: str | None, api_key: str | None = None, *, request: HttpRequest | None = None
    ) -> None:
        found = credential_of(hidden(_tokens_of(authorization, api_key)), hidden(split_header(api_key)))
        # Error tracebacks include this frame, which must not hold a token.
        del authorization, api_key
        self._credential = found
        self._is_asked = False
        self._request = request
        # A request without a token needs no verification, even in ``async`` views.
        self._outcome: _Outcome | None = None
        if isinstance(found, TokenVerificationError) and found.reason == "missing":
            self._outcome = found

    @property
    def is_asked(self) -> bool:
        """Whether this caller was used, so that the response depends on the token."""
        return self._is_asked

    def client(self) -> FronteggUser:
        """Return a self-service client that uses the caller's token.

        Returns:
            The client. It uses the session of `get_client`.

        Raises:
            TokenVerificationError: There is no token, the token is not accepted, or the token is an access token.
            ConfigurationError: The setting has neither ``DOMAIN`` nor ``BASE_URL``.
        """
        return get_client().as_user(self._good_token().reveal())

    async def _averify(self) -> None:
        """Verify the token in the running loop, unless it is verified. A failed verification leaves no state."""
        self._is_asked = True
        if self._outcome is None:
            outcome = await _verified_in_loop(self._credential)
            if self._outcome is None:
                self._outcome = outcome
                await _announce_in_loop(outcome, self._request)

    def _claims_or_error(self) -> _Outcome:
        self._is_asked = True
        outcome = self._outcome
        return _verified(self) if outcome is None else outcome

    def _verify(self) -> _Outcome:
        credential = self._credential
        outcome: _Outcome
        if isinstance(credential, TokenVerificationError):
            outcome = credential
        elif credential.is_access_token:
            outcome = _verify_access_token(credential)
        else:
            outcome = _verify_bearer_token(credential)
        self._outcome = outcome
        _announce(outcome, self._request)
        return outcome

    def __repr__(self) -> str:
        outcome = "not verified yet" if self._outcome is None else repr(self._outcome)
        return f"{type(self).__name__}({outcome})"


class AsyncFronteggCaller(_Caller):
    """The verified caller of a request, the result of ``await request.afrontegg()`` in ``async`` views.

    The token was verified before this object was made. So the attributes never wait, block or change.

    Args:
        caller: The caller for plain views, already verified.
    """

    __slots__ = ("_outcome",)

    def __init__(self, caller: FronteggCaller) -> None:
        self._credential = caller._credential  # noqa: SLF001 - of the same base
        self._outcome = caller._claims_or_error()  # noqa: SLF001 - as above  # pyright: ignore[reportPrivateUsage]

    def client(self) -> AsyncFronteggUser:
        """Return an asynchronous self-service client that uses the caller's token.

        Returns:
            The client. It uses the session of `get_async_client`: do not close the client.

        Raises:
            TokenVerificationError: There is no token, the token is not accepted, or the token is an access token.
            ConfigurationError: The setting has neither ``DOMAIN`` nor ``BASE_URL``.
            WrongLoopError: No event loop is running.
        """
        return get_async_client().as_user(self._good_token().reveal())

    def _claims_or_error(self) -> _Outcome:
        return self._outcome

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._outcome!r})"


def _tokens_of(authorization: str | None, api_key: str | None) -> list[str]:
    """Split the header ``Authorization``: servers join several headers with commas.

    Without an access token, a header of another scheme, such as basic authentication, is ignored: another part of the
    site may use it. With an access token, the request carries two credentials and is refused.
    """
    values = split_header(authorization)
    is_bearer = any(value.strip().partition(" ")[0].lower() == "bearer" for value in values)
    return values if is_bearer or api_key else []


def _refused_type() -> TokenVerificationError | None:
    if conf.types_of_bearer_tokens() != ():
        return None
    return jwt_validation.refuse("type", "the setting TOKEN_TYPES allows no type of token that comes in Authorization")


def _only_access_type() -> TokenType | None:
    types = conf.types_of_access_tokens()
    return TokenType(types[0]) if types is not None and len(types) < len(ACCESS_TYPES) else None


def _verify_bearer_token(credential: Credential) -> _Outcome:
    refusal = _refused_type()
    if refusal is not None:
        return refusal
    try:
        return get_verifier().verify(credential.token.reveal(), types=conf.types_of_bearer_tokens())
    except TokenVerificationError as error:
        return error.fresh()


def _verify_access_token(credential: Credential) -> _Outcome:
    try:
        return get_access_token_verifier().verify_claims(credential.token.reveal(), type=_only_access_type())
    except FronteggError as error:
        failure = lookup_failure(error)
    if isinstance(failure, TokenVerificationError):
        return failure
    raise failure


async def _verified_in_loop(credential: Credential | TokenVerificationError) -> _Outcome:
    """Verify a credential with the verifiers of the running loop."""
    if isinstance(credential, TokenVerificationError):
        return credential
    refusal = None if credential.is_access_token else _refused_type()
    if refusal is not None:
        return refusal
    verifiers = async_clients()
    token = credential.token.reveal()
    try:
        if credential.is_access_token:
            return await verifiers.access_verifier().verify_claims(token, type=_only_access_type())
        return await verifiers.verifier().verify(token, types=conf.types_of_bearer_tokens())
    except FronteggError as error:
        failure = lookup_failure(error) if credential.is_access_token else error.fresh()
    finally:
        # Error tracebacks include this frame, which must not hold a token.
        del token
    if isinstance(failure, TokenVerificationError):
        return failure
    raise failure


def _signal_of(outcome: _Outcome, request: HttpRequest | None) -> tuple[Signal, dict[str, object]] | None:
    """Return the signal for an outcome and its arguments; ``None`` if the signal has no receivers."""
    is_accepted = isinstance(outcome, Claims)
    signal = signals.caller_authenticated if is_accepted else signals.caller_refused
    given: dict[str, object] = {"request": request, "claims" if is_accepted else "error": outcome}
    return (signal, given) if signal.has_listeners(FronteggCaller) else None


def _announce(outcome: _Outcome, request: HttpRequest | None) -> None:
    found = _signal_of(outcome, request)
    if found is not None:
        found[0].send_robust(FronteggCaller, **found[1])


async def _announce_in_loop(outcome: _Outcome, request: HttpRequest | None) -> None:
    found = _signal_of(outcome, request)
    if found is not None:
        await found[0].asend_robust(FronteggCaller, **found[1])


@async_unsafe(_NOT_HERE)
def _verified(caller: FronteggCaller) -> _Outcome:
    return caller._verify()  # noqa: SLF001 - of this module  # pyright: ignore[reportPrivateUsage]


def get_caller(request: HttpRequest) -> FronteggCaller:
    """Return the caller of a request: ``request.frontegg`` with a type, which also works without the middleware.

    Args:
        request: The request.

    Returns:
        The caller. Its token is verified on first use.
    """
    # A request of Django REST framework wraps Django's request, which caches and middleware use.
    request = getattr(request, "_request", request)
    found = getattr(request, ATTRIBUTE, None)
    if not isinstance(found, FronteggCaller):
        # If access tokens are not accepted, the header may carry something else.
        api_key = None if conf.types_of_access_tokens() == () else request.headers.get(API_KEY)
        found = FronteggCaller(request.headers.get(AUTHORIZATION), api_key, request=request)
        setattr(request, ATTRIBUTE, found)
    return found


async def aget_caller(request: HttpRequest) -> AsyncFronteggCaller:
    """Return the verified caller of a request: ``await request.afrontegg()`` with a type, also without the middleware.

    The token is verified once, in the running loop, without blocking the loop. A refused token raises no error here. If
    this function is cancelled or fails, the next call verifies the token again.

    Args:
        request: The request.

    Returns:
        The caller. Its attributes neither wait nor block.

    Raises:
        ImproperlyConfigured: The setting ``FRONTEGG`` does not name the issuer of tokens.
    """
    caller = get_caller(request)
    await caller._averify()  # noqa: SLF001 - of this module  # pyright: ignore[reportPrivateUsage]
    return AsyncFronteggCaller(caller)
