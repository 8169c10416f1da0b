"""Read the keys of an issuer from a JSON Web Key Set (JWKS)."""

from __future__ import annotations

import re
from typing import Final

from frontegg_async._core.auth.key_cache import READ_AGAIN, READ_FIRST
from frontegg_async._core.auth.keys import KeySet, keys_of_document
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async.endpoints import Auth, Endpoint, Evidence
from frontegg_async.endpoints.identity import JWKS
from frontegg_async.errors import ConfigurationError, DecodeError, ErrorDetails
from frontegg_async.models.identity import JwksDocument
from frontegg_async.options import Options
from frontegg_async.regions import BaseUrl, parse_base_url

MAX_DOCUMENT: Final = 64 * 1024
"""The largest JWKS, in bytes."""

_URL: Final = re.compile(r"(https?://[^/?#]*)(/[^?#]*)", re.ASCII | re.IGNORECASE)


def jwks_url_of(issuer: BaseUrl) -> str:
    """Return the JWKS URL of an issuer."""
    return f"{issuer}{JWKS.path}"


@without_frames
def parse_jwks_url(
    value: object, *, allow_http: bool = False, is_emulated: bool = False
) -> tuple[BaseUrl, Endpoint[JwksDocument]]:
    """Return the origin of a JWKS URL, and the operation that reads the JWKS.

    Args:
        value: The URL.
        allow_http: Whether ``http`` may be used in a private network.
        is_emulated: Whether the keys belong to an emulator.

    Raises:
        ConfigurationError: The URL has a query, or `check_key_origin` does not allow ``http`` for this host.
    """
    matched = _URL.fullmatch(value) if isinstance(value, str) else None
    if matched is None:
        raise ConfigurationError("jwks_url must be https://host[:port]/path, without user, query and fragment")
    origin = parse_base_url(matched.group(1), setting="jwks_url")
    check_key_origin(origin, "jwks_url", allow_http=allow_http, is_emulated=is_emulated)
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


def check_key_origin(origin: BaseUrl, setting: str, *, allow_http: bool, is_emulated: bool) -> None:
    """Raise an error if keys must not be read from this address.

    Args:
        origin: The address.
        setting: The name of the setting, for messages.
        allow_http: Whether ``http`` may be used in a private network.
        is_emulated: Whether the keys belong to an emulator.

    Raises:
        ConfigurationError: The address is ``http``. It is neither on loopback nor, with ``allow_http``, an emulator in
            a private network.
    """
    if origin.origin.startswith("https://") or origin.is_loopback:
        return
    if not allow_http or not is_emulated or not origin.is_private:
        raise ConfigurationError(
            f"{setting} must be https, or http on loopback: whoever controls the keys can sign tokens; for an "
            "emulator, allow_http=True allows http on a host without a dot or with a private address"
        )


class JwksReader:
    """Reads a JWKS.

    Args:
        caller: Makes the calls.
        endpoint: The operation.
        first: The options of calls while no keys are cached.
        again: The options of calls while keys are cached.
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
            is_first: Whether no keys are cached yet. Then failed calls are retried.

        Raises:
            DecodeError: The JWKS contains no key for RS256.
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
