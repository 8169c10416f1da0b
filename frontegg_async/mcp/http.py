"""`accounts_server`: the tools over HTTP, for the account of each caller's verified token."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import ConfigurationError, MissingExtraError
from frontegg_async.mcp.refusals import RefusedError
from frontegg_async.mcp.scope import Scope
from frontegg_async.mcp.service import AccountsService, Limits
from frontegg_async.models.entitlements import Names
from frontegg_async.verification.token_verifier import AsyncTokenVerifier

try:
    from mcp.server.transport_security import TransportSecuritySettings

    from frontegg_async.integrations.mcp_auth import FronteggTokenVerifier, current_claims
    from frontegg_async.mcp.protocol import make_server
except ImportError:
    raise MissingExtraError("an MCP server needs the SDK of MCP: pip install 'frontegg-async[mcp]'") from None

if TYPE_CHECKING:
    from starlette.applications import Starlette


def accounts_server(
    client: AsyncFrontegg,
    verifier: AsyncTokenVerifier,
    *,
    resource_url: str,
    permission: Names,
    below: bool = False,
    plans: Path | None = None,
    fields: Sequence[str] = (),
    trail: Path | None = None,
    limits: Limits | None = None,
) -> Starlette:
    """Return an ASGI app in which assistants of customers read the account of their user.

    Each request has a token of Frontegg. The account is the tenant of the verified token, and comes from nowhere else.
    The token is not passed on: the requests to the service have the credential of ``client``, which reads what the
    user may not be allowed to read. So ``permission`` says who may use the server.

    Args:
        client: A client of the environment. It is not closed, and its calls for tools refuse to write.
        verifier: Verifies the tokens. It is not closed.
        resource_url: The URL of the endpoint as clients use it, with the path, as ``https://mcp.acme.example/mcp``.
        permission: A permission, or several, that each caller needs.
        below: Whether callers see the accounts below theirs, too.
        plans: The directory where plans are written, for a person to apply; ``None`` for no tools that plan.
        fields: Fields that plans may have beside the usual ones, as ``users``.
        trail: A file that gets a line for each call; ``None`` for none.
        limits: What each user may use in a session, which ends after an hour without a call.

    Returns:
        The app. Its lifespan must run, as servers do; an app that mounts it enters ``router.lifespan_context``.

    Raises:
        ConfigurationError: An argument cannot be used.
        InvalidArgumentError: ``permission`` is empty, or not text.
        MissingExtraError: The extra ``mcp`` is not installed.
    """
    if not isinstance(client, AsyncFrontegg):
        raise ConfigurationError(f"client must be an AsyncFrontegg, not {type(client).__name__}")
    tokens = FronteggTokenVerifier(verifier, permission=permission)
    settings = tokens.auth_settings(resource_url)
    Scope("any", below)
    service = AccountsService(client, trail=trail, plans=plans, fields=fields, limits=limits)

    def session() -> tuple[Scope, str]:
        claims = current_claims()
        if not claims.tenant_id:
            raise RefusedError("the token names no account")
        return Scope(claims.tenant_id, below), json.dumps([claims.tenant_id, claims.subject])

    place = urlsplit(resource_url)
    if not place.path.strip("/"):
        raise ConfigurationError("resource_url must have a path, as https://mcp.acme.example/mcp")
    # Each request stands alone, so that several processes can serve one address.
    return make_server(service, session).streamable_http_app(
        streamable_http_path=place.path,
        json_response=True,
        stateless_http=True,
        transport_security=TransportSecuritySettings(
            allowed_hosts=[place.netloc, f"{place.hostname}:*"], allowed_origins=[f"{place.scheme}://{place.netloc}"]
        ),
        auth=settings,
        token_verifier=tokens,
    )
