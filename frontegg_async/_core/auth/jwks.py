"""Read the keys of an issuer from a JSON Web Key Set (JWKS)."""

from __future__ import annotations

import re
from typing import Final

from frontegg_async._core.auth.key_cache import READ_AGAIN, READ_FIRST
from frontegg_async._core.auth.keys import KeySet, keys_of_document
from frontegg_async._core.call.caller import Caller
from frontegg_async.endpoints import Auth, Endpoint, Evidence
from frontegg_async.endpoints.auth import JWKS
from frontegg_async.errors import ConfigurationError, DecodeError, ErrorDetails
from frontegg_async.models.auth import JwksDocument
from frontegg_async.options import Options
from frontegg_async.regions import BaseUrl, parse_base_url

MAX_DOCUMENT: Final = 64 * 1024
"""The largest JWKS, in bytes."""

_URL: Final = re.compile(r"(https?://[^/?#]*)(/[^?#]*)", re.ASCII | re.IGNORECASE)


def jwks_url_of(issuer: BaseUrl) -> str:
    """Return the JWKS URL of an issuer."""
    return f"{issuer}{JWKS.path}"


def parse_jwks_url(value: object) -> tuple[BaseUrl, Endpoint[JwksDocument]]:
    """Return the origin of a JWKS URL, and the operation that reads it.

    Raises:
        ConfigurationError: The URL is neither ``https`` nor ``http`` on loopback, or has a query.
    """
    matched = _URL.fullmatch(value) if isinstance(value, str) else None
    if matched is None:
        raise ConfigurationError("jwks_url must be https://host[:port]/path, without user, query and fragment")
    origin = check_origin(parse_base_url(matched.group(1), setting="jwks_url"), "jwks_url")
    try:
        endpoint = Endpoint(
            name=JWKS.name,
            method="GET",
            path=matched.group(2),
            auth=Auth.NONE,
            returns=JwksDocument,
            evidence=Evidence.CLIENT,
        )
    except ConfigurationError:
        endpoint = None
    if endpoint is None or endpoint.fields:
        raise ConfigurationError("jwks_url must have a path of letters, digits, '.', '_', '~' and '-' between '/'")
    return origin, endpoint


def check_origin(origin: BaseUrl, setting: str) -> BaseUrl:
    """Return an address from which keys may be read.

    Raises:
        ConfigurationError: The address is ``http`` and not on loopback.
    """
    if not origin.origin.startswith("https://") and not origin.is_loopback:
        raise ConfigurationError(
            f"{setting} must be https, or http on loopback: whoever controls the keys can sign tokens"
        )
    return origin


class JwksReader:
    """Reads a JWKS.

    Args:
        caller: Makes the calls.
        endpoint: The operation.
        first: The options of calls while there are no keys.
        again: The options of calls while there are some.
    """

    def __init__(
        self,
        caller: Caller,
        endpoint: Endpoint[JwksDocument],
        *,
        first: Options = READ_FIRST,
        again: Options = READ_AGAIN,
    ) -> None:
        self._caller = caller
        self._endpoint = endpoint
        self._first = first
        self._again = again

    async def __call__(self, is_first: bool) -> KeySet:
        """Return the keys.

        Args:
            is_first: Whether there are no keys yet, which justifies retries.

        Raises:
            DecodeError: The JWKS has no key for RS256.
            FronteggError: Any other failure of the call.
        """
        document = await self._caller.value(self._endpoint, options=self._first if is_first else self._again)
        keys = keys_of_document(document.keys)
        if not keys.keys:
            raise DecodeError(
                "the key set has no RSA key for RS256",
                ErrorDetails(endpoint=self._endpoint.name, reason="decode", paths=("$.keys: expected RSA keys",)),
            )
        return keys
