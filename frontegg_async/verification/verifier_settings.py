"""Checks of the settings that both verifiers share: audience, leeway, and the keys of an environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, cast

from frontegg_async._core.auth.jwks import check_key_origin
from frontegg_async._core.auth.key_cache import READ_AGAIN, READ_FIRST, KeyCache
from frontegg_async._core.auth.keys import KeySet, keys_of_settings
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async.client import AsyncFrontegg
from frontegg_async.credentials import check_visible
from frontegg_async.endpoints.identity import CONFIGURATION
from frontegg_async.errors import ConfigurationError

_USER: Final = re.compile(r"//[^/?#]*@")


def environment_keys(client: AsyncFrontegg, clock: Callable[[], float]) -> KeyCache:
    """Return a cache of the environment's public key. The client reads the key from the identity settings.

    Args:
        client: The client of the environment, which `check_client` has checked.
        clock: The monotonic clock.
    """

    async def read(is_first: bool) -> KeySet:
        found = (await client.send(CONFIGURATION, options=READ_FIRST if is_first else READ_AGAIN)).value
        return keys_of_settings(found.public_key, found.jwt_algorithm)

    return KeyCache(read, clock, place="the environment's settings")


def check_client(client: object, *, allow_http: bool) -> None:
    """Check that a value is the client of an environment, and that the client may read keys.

    Args:
        client: The value.
        allow_http: Whether the client may use ``http`` in a private network. Clients allow ``http`` there only for
            emulators.

    Raises:
        ConfigurationError: The value is not such a client, or the client uses ``http`` without permission.
    """
    if not isinstance(client, AsyncFrontegg):
        raise ConfigurationError(f"client must be the client of an environment, not {type(client).__name__}")
    check_key_origin(client.base_url, "base_url of the client", allow_http=allow_http, is_emulated=True)


@without_frames
def check_issuer(issuer: object) -> str:
    """Check the issuer of tokens, and return it unchanged.

    Raises:
        ConfigurationError: The value is not plain text, or is an address with a user or a password.
    """
    found = check_visible(issuer, "issuer")
    if _USER.search(found):
        raise ConfigurationError("issuer must not have a user or a password")
    return found


@without_frames
def check_audience(audience: object) -> frozenset[str]:
    """Check the accepted audiences, and return them.

    Raises:
        ConfigurationError: The value is empty, or is neither an id nor a sequence of ids.
    """
    values = (audience,) if isinstance(audience, str) else audience
    if not isinstance(values, Iterable) or isinstance(values, bytes):
        raise ConfigurationError("audience must be a client id or application id, or a sequence of such ids")
    found = frozenset(check_visible(value, "audience") for value in cast("Iterable[object]", values))
    if not found:
        raise ConfigurationError("audience must have at least one client id or application id")
    return found
