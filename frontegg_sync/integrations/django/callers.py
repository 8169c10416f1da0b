"""Who a request comes from: its bearer token or its access token, verified when that is first asked."""

from __future__ import annotations

from typing import Final, Self

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.utils.asyncio import async_unsafe

from frontegg_async._core.auth import jwt
from frontegg_async._values.secret import Secret
from frontegg_async.errors import FronteggError, TokenVerificationError
from frontegg_async.integrations.door import (
    API_KEY,
    AUTHORIZATION,
    Credential,
    credential_of,
    session_token,
    split_header,
    unjudged,
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
"""Where a request has its caller."""

_NOT_HERE: Final = "a token is verified in a thread: await request.frontegg.averify() before you ask what it says"


class FronteggCaller:
    """Who a request comes from, as ``request.frontegg``.

    The token is verified once, when something is first asked. In ``async`` views, await `averify` before; after it,
    and with ``require`` on the view, everything here is there at once.

    Args:
        authorization: The value of the request's ``Authorization`` header; ``None`` if it has none.
        api_key: The value of the request's ``x-api-key`` header; ``None`` if it has none.
    """

    __slots__ = ("_credential", "_is_asked", "_outcome")

    def __init__(self, authorization: str | None, api_key: str | None = None) -> None:
        found = credential_of(_tokens_of(authorization, api_key), split_header(api_key))
        # The frame is part of an error's traceback, which must not hold a token.
        del authorization, api_key
        self._credential: Credential | TokenVerificationError = found
        self._is_asked = False
        self._outcome: Claims | TokenVerificationError | None = None
        if isinstance(found, TokenVerificationError):
            self._outcome = found

    @property
    def is_asked(self) -> bool:
        """Whether something was asked of this caller, so that the answer to the request depends on the token."""
        return self._is_asked

    @property
    def is_authenticated(self) -> bool:
        """Whether there is a good token. A token of another environment, for example, is none."""
        return isinstance(self._judged(), Claims)

    @property
    def claims(self) -> Claims:
        """What the token says.

        Raises:
            TokenVerificationError: There is none, or it is not taken; `FronteggErrorMiddleware` answers with 401, or
                with 503 when it could not be judged.
        """
        outcome = self._judged()
        if isinstance(outcome, Claims):
            return outcome
        raise outcome.fresh()

    @property
    def error(self) -> TokenVerificationError | None:
        """Why there is no good token; ``None`` if there is one."""
        outcome = self._judged()
        return None if isinstance(outcome, Claims) else outcome

    def require(self, *, permission: Names | None = None, role: Names | None = None) -> Claims:
        """Return what the token says, if it is good and has a permission or a role.

        Args:
            permission: A permission, or several of which all are required; wildcards of the token cover.
            role: A role, or several of which all are required.

        Returns:
            What the token says.

        Raises:
            TokenVerificationError: There is no token, or it is not taken.
            MissingPermissionError: The token lacks something.
            InvalidArgumentError: A name is no text or empty.
        """
        claims = self.claims
        if permission is not None or role is not None:
            claims.require(permission=permission, role=role)
        return claims

    async def averify(self) -> Self:
        """Verify the token without blocking the event loop; nothing is raised if it is not taken.

        Returns:
            This caller, which tells everything at once from now on.

        Raises:
            ImproperlyConfigured: The setting ``FRONTEGG`` does not say who issues tokens.
        """
        self._is_asked = True
        if self._outcome is None:
            await sync_to_async(self._verify, thread_sensitive=False)()
        return self

    def client(self) -> FronteggUser:
        """Return the self-service client of the caller, which sends the caller's own token.

        Returns:
            The client, over the session of `get_client`.

        Raises:
            TokenVerificationError: There is no token, it is not taken, or it is an access token.
            ConfigurationError: The setting has neither ``DOMAIN`` nor ``BASE_URL``.
        """
        return get_client().as_user(self._good_token().reveal())

    def async_client(self) -> AsyncFronteggUser:
        """Return the self-service client of the caller for ``async`` views.

        Returns:
            The client, over the session of `get_async_client`.

        Raises:
            TokenVerificationError: There is no token, it is not taken, or it is an access token.
            ConfigurationError: The setting has neither ``DOMAIN`` nor ``BASE_URL``.
        """
        return get_async_client().as_user(self._good_token().reveal())

    def _good_token(self) -> Secret:
        self.require()
        return session_token(self._credential)

    def _judged(self) -> Claims | TokenVerificationError:
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
    """Return the values of the header ``Authorization``, which servers join to one with commas.

    Without an access token beside it, a header of another scheme, as basic authentication, counts as none: it may be
    for another part of the site. With one, the request says twice who sends it, and is refused.
    """
    values = split_header(authorization)
    is_bearer = any(value.strip().partition(" ")[0].lower() == "bearer" for value in values)
    return values if is_bearer or api_key else []


def _verify_bearer_token(credential: Credential) -> Claims | TokenVerificationError:
    types = conf.types_of_bearer_tokens()
    if types == ():
        return jwt.refuse("type", "the setting TOKEN_TYPES has no type of token that comes in Authorization")
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
        failure = unjudged(error)
    if isinstance(failure, TokenVerificationError):
        return failure
    raise failure


@async_unsafe(_NOT_HERE)
def _verified(caller: FronteggCaller) -> Claims | TokenVerificationError:
    return caller._verify()  # noqa: SLF001 - of this module  # pyright: ignore[reportPrivateUsage]


def get_caller(request: HttpRequest) -> FronteggCaller:
    """Return who a request comes from: ``request.frontegg``, for type checkers, and where no middleware set it.

    Args:
        request: The request.

    Returns:
        The caller, whose token is verified when something is first asked.
    """
    found = getattr(request, ATTRIBUTE, None)
    if not isinstance(found, FronteggCaller):
        # Where no access tokens are taken, the header is free for something else.
        api_key = None if conf.types_of_access_tokens() == () else request.headers.get(API_KEY)
        found = FronteggCaller(request.headers.get(AUTHORIZATION), api_key)
        setattr(request, ATTRIBUTE, found)
    return found
