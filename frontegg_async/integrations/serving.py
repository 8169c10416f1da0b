"""What a service has for as long as it runs: one client, and the verifiers of its callers' tokens.

It has no framework in it; the integrations of frameworks use it.
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
from frontegg_async.errors import ConfigurationError
from frontegg_async.options import Options
from frontegg_async.verification.access_token_verifier import AccessTokenVerifier
from frontegg_async.verification.token_verifier import TokenVerifier

ClientMaker: TypeAlias = Callable[[], AsyncFrontegg]
"""Makes the client, each time that the service starts."""

VerifierMaker: TypeAlias = Callable[[AsyncFrontegg], TokenVerifier]
"""Makes the verifier, for a client that is open."""

AccessVerifierMaker: TypeAlias = Callable[[AsyncFrontegg], AccessTokenVerifier]
"""Makes the verifier of access tokens, for a client that is open."""


@attrs.frozen
class Service:
    """What a service has while it runs."""

    client: AsyncFrontegg
    verifier: TokenVerifier | None
    access_token_verifier: AccessTokenVerifier | None


@contextlib.asynccontextmanager
async def serving(
    client: ClientMaker | None,
    verifier: VerifierMaker | None | Unset,
    access_token_verifier: AccessVerifierMaker | None | Unset,
    options: Options | None,
) -> AsyncGenerator[Service]:
    """Open client and verifiers, and close them in the end.

    Args:
        client: Makes the client; by default it has the settings of environment variables.
        verifier: Makes the verifier; ``None`` for none. By default it has the settings of environment variables too,
            if they say who issues tokens and the client has them as well.
        access_token_verifier: Makes the verifier of access tokens; ``None`` for none. By default there is one where
            there is a verifier, and it expects the same issuer and audience.
        options: How the client makes calls, where it has the settings of environment variables.

    Raises:
        ConfigurationError: A setting is missing, malformed, or contradicts another; the message names it.
        MissingExtraError: PyJWT or cryptography is not installed, and there is to be a verifier.
    """
    if client is not None and options is not None:
        raise ConfigurationError("options are for the client of environment variables: give them to yours")
    async with contextlib.AsyncExitStack() as stack:
        made = AsyncFrontegg.from_env(options=options) if client is None else client()
        await stack.enter_async_context(made)
        found: TokenVerifier | None = None
        if verifier is UNSET:
            found = verifier_of_environment() if client is None else None
        elif verifier is not None:
            found = verifier(made)
        if found is not None:
            await stack.enter_async_context(found)
        access: AccessTokenVerifier | None = None
        if access_token_verifier is UNSET:
            if found is not None:
                access = AccessTokenVerifier(made, issuer=found.issuer, audience=found.audience)
        elif access_token_verifier is not None:
            access = access_token_verifier(made)
        if access is not None:
            await stack.enter_async_context(access)
        yield Service(made, found, access)


def verifier_of_environment() -> TokenVerifier | None:
    """Return a verifier with the settings of environment variables, or ``None`` if they do not say who issues tokens.

    ``FRONTEGG_DOMAIN`` says it, or else ``FRONTEGG_BASE_URL``; tokens are for ``FRONTEGG_CLIENT_ID``.

    Raises:
        ConfigurationError: A variable is missing or malformed; the message names it.
        MissingExtraError: PyJWT or cryptography is not installed.
    """
    found = read_environment(os.environ)
    if found.domain is not None:
        return TokenVerifier(domain=found.domain, audience=found.client_id)
    if found.base_url is not None:
        return TokenVerifier(issuer=found.base_url, audience=found.client_id)
    return None


NO_VERIFIER: Final = (
    "there is no TokenVerifier to verify callers with: set FRONTEGG_DOMAIN to your environment's sub-domain, as "
    "'app-acme', or give {place} verifier=lambda client: TokenVerifier(domain='app-acme', audience='your client id')"
)
"""What to say where a caller is to be verified, and nothing says who issues tokens."""
