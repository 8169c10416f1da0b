"""The client, the token verifiers and the entitlements of an app, open while the app runs.

This module depends on no framework. The framework integrations use it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncGenerator, Callable
from typing import Final, TypeAlias

import attrs

from frontegg_async._core.checks.settings import read_environment
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.client import AsyncFrontegg
from frontegg_async.entitlements.entitlements import AsyncEntitlements
from frontegg_async.errors import ConfigurationError
from frontegg_async.options import Options
from frontegg_async.verification.access_token_verifier import AsyncAccessTokenVerifier
from frontegg_async.verification.token_verifier import AsyncTokenVerifier

ClientMaker: TypeAlias = Callable[[], AsyncFrontegg]
"""A function that makes the client, each time the app starts."""

VerifierMaker: TypeAlias = Callable[[AsyncFrontegg], AsyncTokenVerifier]
"""A function that makes the token verifier from the open client."""

AccessVerifierMaker: TypeAlias = Callable[[AsyncFrontegg], AsyncAccessTokenVerifier]
"""A function that makes the access token verifier from the open client."""

EntitlementsMaker: TypeAlias = Callable[[AsyncFrontegg], AsyncEntitlements]
"""A function that makes the entitlements from the open client, such as the class `AsyncEntitlements`."""


@attrs.frozen
class AppClients:
    """The client, the verifiers and the entitlements of a running app."""

    client: AsyncFrontegg
    verifier: AsyncTokenVerifier | None
    access_token_verifier: AsyncAccessTokenVerifier | None
    entitlements: AsyncEntitlements | None


@contextlib.asynccontextmanager
async def open_app_clients(
    client: ClientMaker | None,
    verifier: VerifierMaker | None | Unset,
    access_token_verifier: AccessVerifierMaker | None | Unset,
    entitlements: EntitlementsMaker | None,
    options: Options | None,
    *,
    clock: Callable[[], float],
    allow_http: bool,
    place: str,
) -> AsyncGenerator[AppClients]:
    """Open the client, the verifiers and the entitlements of an app, and close them at the end.

    Args:
        client: Makes the client. By default, environment variables configure the client.
        verifier: Makes the token verifier; ``None`` for no verifier. By default, environment variables configure the
            verifier if they configure the client.
        access_token_verifier: Makes the access token verifier; ``None`` for no verifier. By default, an app with a
            token verifier has an access token verifier with the same issuer and audience.
        entitlements: Makes the entitlements; ``None`` for an app without entitlements.
        options: Options of the default client; not allowed with ``client``.
        clock: The clock of the default verifiers.
        allow_http: The argument ``allow_http`` of the default client and verifiers.
        place: The name of the function that users configure, for messages.

    Raises:
        ConfigurationError: A setting is missing, malformed, or contradicts another setting. The message names the
            setting.
        MissingExtraError: A verifier is needed, and cryptography is not installed.
    """
    if client is not None and options is not None:
        raise ConfigurationError("options are for the default client: pass them to the client that you make")
    async with contextlib.AsyncExitStack() as stack:
        made = AsyncFrontegg.from_env(options=options, allow_http=allow_http or None) if client is None else client()
        await stack.enter_async_context(made)
        found: AsyncTokenVerifier | None = None
        if verifier is UNSET:
            found = _verifier_of_environment(clock, allow_http=allow_http, place=place) if client is None else None
        elif verifier is not None:
            found = verifier(made)
        if found is not None:
            await stack.enter_async_context(found)
        access: AsyncAccessTokenVerifier | None = None
        if access_token_verifier is UNSET:
            if found is not None:
                access = AsyncAccessTokenVerifier(
                    made, issuer=found.issuer, audience=found.audience, clock=clock, allow_http=allow_http
                )
        elif access_token_verifier is not None:
            access = access_token_verifier(made)
        if access is not None:
            await stack.enter_async_context(access)
        decider = None if entitlements is None else await stack.enter_async_context(entitlements(made))
        yield AppClients(made, found, access, decider)


def _verifier_of_environment(clock: Callable[[], float], *, allow_http: bool, place: str) -> AsyncTokenVerifier:
    """Return a verifier configured by environment variables.

    The issuer comes from ``FRONTEGG_DOMAIN``, or else ``FRONTEGG_BASE_URL``. The audience is ``FRONTEGG_CLIENT_ID``.

    Raises:
        ConfigurationError: A variable is malformed, or no variable names the issuer of tokens.
        MissingExtraError: cryptography is not installed.
    """
    found = read_environment(os.environ, allow_http=allow_http or None)
    issuer = str(found.base_url) if found.domain is None and found.base_url is not None else None
    if found.domain is None and issuer is None:
        raise ConfigurationError(
            f"{NO_VERIFIER.format(place=place)}; verifier=None is for an app that verifies no tokens"
        )
    return AsyncTokenVerifier(
        domain=found.domain, issuer=issuer, audience=found.client_id, clock=clock, allow_http=allow_http
    )


NO_VERIFIER: Final = (
    "there is no AsyncTokenVerifier to verify callers with: set FRONTEGG_DOMAIN to your environment's sub-domain, such "
    "as 'app-acme', or give {place} verifier=lambda client: AsyncTokenVerifier(domain='app-acme', "
    "audience='your client id')"
)
"""The message if a caller must be verified and the issuer of tokens is not configured."""

NO_ENTITLEMENTS: Final = (
    "give {place} entitlements=AsyncEntitlements, or a function that makes an AsyncEntitlements from the client"
)
"""The advice for an app without entitlements that has a guard with a feature."""
