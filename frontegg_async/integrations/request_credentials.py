"""The credentials of a request: a bearer token in ``Authorization``, or an access token in ``x-api-key``.

This module depends on no framework. The framework integrations use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from frontegg_async._core.auth.jwt_validation import bearer, refuse
from frontegg_async._values.secret import Secret, hide
from frontegg_async.errors import (
    ClientClosedError,
    ConfigurationError,
    FronteggError,
    TokenVerificationError,
    WrongLoopError,
)
from frontegg_async.models.claims import Claims
from frontegg_async.verification.access_token_verifier import AsyncAccessTokenVerifier
from frontegg_async.verification.token_verifier import AsyncTokenVerifier

AUTHORIZATION: Final = "Authorization"
API_KEY: Final = "x-api-key"

_OF_PROGRAM: Final = (ClientClosedError, ConfigurationError, WrongLoopError)
"""The errors that the program itself caused, not the service."""


@attrs.frozen
class Credential:
    """The only token of a request, and the header that carried it."""

    token: Secret
    is_access_token: bool


def session_token(credential: Credential | TokenVerificationError) -> Secret:
    """Return the token for self-service calls.

    Args:
        credential: The token of a request, or the error that explains why there is no token.

    Raises:
        TokenVerificationError: There is no token, or the token is an access token, which self-service calls refuse.
    """
    if isinstance(credential, TokenVerificationError):
        raise credential.fresh()
    if credential.is_access_token:
        raise refuse(
            "missing",
            "there is no token for self-service calls: send the token of a user or of an API token in Authorization",
        )
    return credential.token


def hidden(values: Iterable[str]) -> tuple[Secret, ...]:
    """Hide the values of headers, which may be tokens, so that tracebacks do not show them."""
    return tuple(map(Secret, values))


def credential_of(authorization: Sequence[Secret], api_keys: Sequence[Secret]) -> Credential | TokenVerificationError:
    """Return the credential of a request.

    A request with two tokens is refused, since parts of a program could use different tokens.

    Args:
        authorization: The values of all ``Authorization`` headers.
        api_keys: The values of all ``x-api-key`` headers. Empty if access tokens are not accepted: the header may then
            carry something else.
    """
    header = authorization[0] if authorization else Secret("")
    key = api_keys[0] if api_keys and api_keys[0].reveal() else None
    if len(authorization) > 1 or len(api_keys) > 1 or (header.reveal() and key is not None):
        return refuse("ambiguous", "the request has more than one token: send one, in Authorization or in x-api-key")
    if key is not None:
        return Credential(key, True)
    found = hide(bearer(header.reveal()))
    return Credential(found, False) if isinstance(found, Secret) else found


async def verify(
    authorization: Sequence[Secret],
    api_keys: Sequence[Secret],
    verifier: AsyncTokenVerifier,
    access: AsyncAccessTokenVerifier | None,
) -> Claims:
    """Verify the token of a request with the verifier for its header.

    Args:
        authorization: The values of all ``Authorization`` headers.
        api_keys: The values of all ``x-api-key`` headers.
        verifier: Verifies tokens in ``Authorization``, except access tokens.
        access: Verifies tokens in ``x-api-key``. With ``None``, this header is ignored.

    Raises:
        TokenVerificationError: The request has no token or several tokens, or the token is not accepted or could not be
            verified.
        FronteggError: The program made a mistake, such as using a closed client.
    """
    credential = credential_of(authorization, () if access is None else api_keys)
    if isinstance(credential, TokenVerificationError):
        raise credential.fresh()
    if access is None or not credential.is_access_token:
        return await verifier.verify(credential.token.reveal())
    try:
        return await access.verify_claims(credential.token.reveal())
    except FronteggError as error:
        failure = lookup_failure(error)
    raise failure


def lookup_failure(error: FronteggError) -> FronteggError:
    """Convert a failed lookup of an access token to `TokenVerificationError`; return a copy of any other error.

    Args:
        error: The error that the access token verifier raised.
    """
    if isinstance(error, (TokenVerificationError, *_OF_PROGRAM)):
        return error.fresh()
    details = attrs.evolve(error.details, reason="lookup_failed")
    return TokenVerificationError(f"the access token could not be looked up: {error.message}", details)


def split_header(value: str | None) -> list[str]:
    """Split a header that a server joined from several headers. Tokens contain no commas."""
    return [] if value is None else value.split(",")


def types_of(types: Iterable[str] | None, among: Iterable[str], *, inside: bool) -> tuple[str, ...] | None:
    """Return the types that are in ``among``, or with ``inside=False`` the other types. ``None``, for all, stays."""
    known = frozenset(among)
    return None if types is None else tuple(each for each in types if (each in known) is inside)
