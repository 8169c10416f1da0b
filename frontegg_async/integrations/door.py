"""Who sends a request: by a bearer token in ``Authorization``, or by an access token in ``x-api-key``.

It has no framework in it; the integrations of frameworks use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from frontegg_async._core.auth.jwt import bearer, refuse
from frontegg_async._values.secret import Secret
from frontegg_async.errors import (
    ClientClosedError,
    ConfigurationError,
    FronteggError,
    TokenVerificationError,
    WrongLoopError,
)
from frontegg_async.models.claims import Claims
from frontegg_async.verification.access_token_verifier import AccessTokenVerifier
from frontegg_async.verification.token_verifier import TokenVerifier

AUTHORIZATION: Final = "Authorization"
API_KEY: Final = "x-api-key"

_OF_PROGRAM: Final = (ClientClosedError, ConfigurationError, WrongLoopError)
"""Failures that are the program's own mistakes, and not the service's."""


@attrs.frozen
class Credential:
    """The one token of a request, and the header that it came in."""

    token: Secret
    is_access_token: bool


def session_token(credential: Credential | TokenVerificationError) -> Secret:
    """Return the token that self-service calls are made with.

    Args:
        credential: The token of a request, or why there is none.

    Raises:
        TokenVerificationError: There is none, or it is an access token, which the service does not take for them.
    """
    if isinstance(credential, TokenVerificationError):
        raise credential.fresh()
    if credential.is_access_token:
        raise refuse(
            "missing",
            "there is no token for self-service calls: they take that of a user or of an API token, in Authorization",
        )
    return credential.token


def credential_of(authorization: Sequence[str], api_keys: Sequence[str]) -> Credential | TokenVerificationError:
    """Return the token of a request.

    A request with two tokens is refused: one part of a program could go by the one, and another part by the other.

    Args:
        authorization: The values of all its ``Authorization`` headers.
        api_keys: The values of all its ``x-api-key`` headers; none where access tokens are not taken, so that the
            header is free for something else.
    """
    header = authorization[0] if authorization else ""
    key = api_keys[0] if api_keys else ""
    is_ambiguous = len(authorization) > 1 or len(api_keys) > 1 or bool(header and key)
    found = bearer(header) if not is_ambiguous and not key else None
    # The frame is part of an error's traceback, which must not hold a token.
    del header, authorization, api_keys
    if is_ambiguous:
        return refuse("ambiguous", "the request has more than one token: send one, in Authorization or in x-api-key")
    if isinstance(found, TokenVerificationError):
        return found
    return Credential(Secret(key), True) if found is None else Credential(Secret(found), False)


async def verify(
    authorization: Sequence[str],
    api_keys: Sequence[str],
    verifier: TokenVerifier,
    access: AccessTokenVerifier | None,
) -> Claims:
    """Verify the token of a request, each by the verifier that is for its header.

    Args:
        authorization: The values of all its ``Authorization`` headers.
        api_keys: The values of all its ``x-api-key`` headers.
        verifier: Verifies those of ``Authorization``, access tokens not among them.
        access: Verifies those of ``x-api-key``; with ``None`` that header is not looked at.

    Raises:
        TokenVerificationError: There is no token, more than one, it is not taken, or it could not be judged.
        FronteggError: The program made a mistake, as a client that is closed.
    """
    credential = credential_of(authorization, () if access is None else api_keys)
    # The frame is part of an error's traceback, which must not hold a token.
    del authorization, api_keys
    if isinstance(credential, TokenVerificationError):
        raise credential.fresh()
    if access is None or not credential.is_access_token:
        return await verifier.verify(credential.token.reveal())
    try:
        return await access.verify_claims(credential.token.reveal())
    except FronteggError as error:
        failure = unjudged(error)
    raise failure


def unjudged(error: FronteggError) -> FronteggError:
    """Return the error for an access token that could not be looked up; any other error as a new one.

    Args:
        error: What the verifier of access tokens raised.
    """
    if isinstance(error, (TokenVerificationError, *_OF_PROGRAM)):
        return error.fresh()
    details = attrs.evolve(error.details, reason="lookup_failed")
    return TokenVerificationError(f"the access token could not be looked up: {error.message}", details)


def split_header(value: str | None) -> list[str]:
    """Return the values of a header that a server joined to one: tokens have no commas."""
    return [] if value is None else value.split(",")


def types_of(types: Iterable[str] | None, among: Iterable[str], *, inside: bool) -> tuple[str, ...] | None:
    """Return those of some types that are among others, or that are not; ``None`` for all stays ``None``."""
    known = frozenset(among)
    return None if types is None else tuple(each for each in types if (each in known) is inside)
