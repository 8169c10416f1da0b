"""The caller of a request: its bearer token or access token, verified on first use."""

from __future__ import annotations

from typing import Final, Self

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.utils.asyncio import async_unsafe

from frontegg_async._core.auth import jwt_validation
from frontegg_async._values.secret import Secret
from frontegg_async.errors import FronteggError, TokenVerificationError
from frontegg_async.integrations.request_credentials import (
    API_KEY,
    AUTHORIZATION,
    Credential,
    credential_of,
    lookup_failure,
    session_token,
    split_header,
)
from frontegg_async.models.claims import ACCESS_TYPES, Claims
from frontegg_async.models.entitlements import Names
from frontegg_async.user import AsyncFronteggUser
from frontegg_sync.integrations.django import conf
from frontegg_sync.integrations.django.clients import (
    get_access_token_verifier,
    get_async_client,
    get_client,
    get_verifier,
)
from frontegg_sync.user import FronteggUser

ATTRIBUTE: Final = "frontegg"
"""The attribute of a request that holds its caller."""

_NOT_HERE: Final = "in async code, await request.frontegg.averify() before you use the claims: verification blocks"


class FronteggCaller:
    """The caller of a request, as ``request.frontegg``.

    The token is verified once, on first use. In ``async`` views, await `averify` first; after that, or with
    ``require`` on the view, nothing here blocks.

    Args:
        authorization: The value of the request's ``Authorization`` header; ``None`` if it has none.
        api_key: The value of the request's ``x-api-key`` header; ``None`` if it has none.
    """

    __slots__ = ("_credential", "_is_asked", "_outcome")

    def __init__(self, authorization: str | None, api_key: str | None = None) -> None:
        found = credential_of(_tokens_of(authorization, api_key), split_header(api_key))
        # Error tracebacks include this frame, which must not hold a token.
        del authorization, api_key
        self._credential: Credential | TokenVerificationError = found
        self._is_asked = False
        self._outcome: Claims | TokenVerificationError | None = None
        if isinstance(found, TokenVerificationError):
            self._outcome = found

    @property
    def is_asked(self) -> bool:
        """Whether this caller was used, so that the response depends on the token."""
        return self._is_asked

    @property
    def is_authenticated(self) -> bool:
        """Whether the token is valid. A token of another environment, for example, is not."""
        return isinstance(self._claims_or_error(), Claims)

    @property
    def claims(self) -> Claims:
        """The claims of the token.

        Raises:
            TokenVerificationError: There is no token, or it is not accepted; `FronteggErrorMiddleware` responds with
                401, or with 503 if it could not be verified.
        """
        outcome = self._claims_or_error()
        if isinstance(outcome, Claims):
            return outcome
        raise outcome.fresh()

    @property
    def error(self) -> TokenVerificationError | None:
        """Why there is no valid token; ``None`` if there is one."""
        outcome = self._claims_or_error()
        return None if isinstance(outcome, Claims) else outcome

    def require(self, *, permission: Names | None = None, role: Names | None = None) -> Claims:
        """Return the claims of the token if it is valid and has the permissions and roles.

        Args:
            permission: A permission, or several that are all required; wildcards of the token count.
            role: A role, or several that are all required.

        Returns:
            The claims of the token.

        Raises:
            TokenVerificationError: There is no token, or it is not accepted.
            MissingPermissionError: The token lacks a permission or a role.
            InvalidArgumentError: A name is empty or not a string.
        """
        claims = self.claims
        if permission is not None or role is not None:
            claims.require(permission=permission, role=role)
        return claims

    async def averify(self) -> Self:
        """Verify the token without blocking the event loop; a token that is not accepted raises nothing.

        Returns:
            This caller; from now on, nothing here blocks.

        Raises:
            ImproperlyConfigured: The setting ``FRONTEGG`` does not name the issuer of tokens.
        """
        self._is_asked = True
        if self._outcome is None:
            await sync_to_async(self._verify, thread_sensitive=False)()
        return self

    def client(self) -> FronteggUser:
        """Return a self-service client that uses the caller's token.

        Returns:
            The client, over the session of `get_client`.

        Raises:
            TokenVerificationError: There is no token, it is not accepted, or it is an access token.
            ConfigurationError: The setting has neither ``DOMAIN`` nor ``BASE_URL``.
        """
        return get_client().as_user(self._good_token().reveal())

    def async_client(self) -> AsyncFronteggUser:
        """Return a self-service client that uses the caller's token, for ``async`` views.

        Returns:
            The client, over the session of `get_async_client`.

        Raises:
            TokenVerificationError: There is no token, it is not accepted, or it is an access token.
            ConfigurationError: The setting has neither ``DOMAIN`` nor ``BASE_URL``.
        """
        return get_async_client().as_user(self._good_token().reveal())

    def _good_token(self) -> Secret:
        self.require()
        return session_token(self._credential)

    def _claims_or_error(self) -> Claims | TokenVerificationError:
        self._is_asked = True
        outcome = self._outcome
        return _verified(self) if outcome is None else outcome

    def _verify(self) -> Claims | TokenVerificationError:
        credential = self._credential
        outcome: Claims | TokenVerificationError
        if isinstance(credential, TokenVerificationError):
            outcome = credential
        elif credential.is_access_token:
            outcome = _verify_access_token(credential)
        else:
            outcome = _verify_bearer_token(credential)
        self._outcome = outcome
        return outcome

    def __repr__(self) -> str:
        outcome = "not verified yet" if self._outcome is None else repr(self._outcome)
        return f"{type(self).__name__}({outcome})"


def _tokens_of(authorization: str | None, api_key: str | None) -> list[str]:
    """Split the header ``Authorization``, which servers join from several with commas.

    Without an access token, a header of another scheme, such as basic authentication, is ignored: another part of the
    site may use it. With an access token, the request carries two credentials and is refused.
    """
    values = split_header(authorization)
    is_bearer = any(value.strip().partition(" ")[0].lower() == "bearer" for value in values)
    return values if is_bearer or api_key else []


def _verify_bearer_token(credential: Credential) -> Claims | TokenVerificationError:
    types = conf.types_of_bearer_tokens()
    if types == ():
        return jwt_validation.refuse(
            "type", "the setting TOKEN_TYPES allows no type of token that comes in Authorization"
        )
    try:
        return get_verifier().verify(credential.token.reveal(), types=types)
    except TokenVerificationError as error:
        return error.fresh()


def _verify_access_token(credential: Credential) -> Claims | TokenVerificationError:
    types = conf.types_of_access_tokens()
    only = types[0] if types is not None and len(types) < len(ACCESS_TYPES) else None
    try:
        return get_access_token_verifier().verify_claims(credential.token.reveal(), type=only)
    except FronteggError as error:
        failure = lookup_failure(error)
    if isinstance(failure, TokenVerificationError):
        return failure
    raise failure


@async_unsafe(_NOT_HERE)
def _verified(caller: FronteggCaller) -> Claims | TokenVerificationError:
    return caller._verify()  # noqa: SLF001 - of this module  # pyright: ignore[reportPrivateUsage]


def get_caller(request: HttpRequest) -> FronteggCaller:
    """Return the caller of a request: ``request.frontegg``, typed, and also without the middleware.

    Args:
        request: The request.

    Returns:
        The caller, whose token is verified on first use.
    """
    found = getattr(request, ATTRIBUTE, None)
    if not isinstance(found, FronteggCaller):
        # If access tokens are not accepted, the header may carry something else.
        api_key = None if conf.types_of_access_tokens() == () else request.headers.get(API_KEY)
        found = FronteggCaller(request.headers.get(AUTHORIZATION), api_key)
        setattr(request, ATTRIBUTE, found)
    return found
