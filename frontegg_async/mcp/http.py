"""`accounts_server`: serve the tools over HTTP. Each caller sees the account in the verified token."""

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
    raise MissingExtraError("an MCP server needs the MCP SDK: pip install 'frontegg-async[mcp]'") from None

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
    """Return an ASGI app with which AI assistants of customers can read the account of their user.

    Each request contains a Frontegg token of a user. The account is always the tenant in the verified token. The token
    is not forwarded: requests to the service use the credential of ``client``, which may read more than the user. So
    ``permission`` must limit who may use the server.

    Args:
        client: A client of the environment. The app does not close the client. Tools cannot write with it.
        verifier: The verifier of the tokens. The app does not close the verifier.
        resource_url: The URL that clients use for the endpoint, with the path, such as
            ``https://mcp.acme.example/mcp``.
        permission: One or more permissions that each caller needs.
        below: Whether callers also see the accounts below their account.
        plans: The directory for plans, which a person applies. ``None`` for a server without tools that plan.
        fields: Additional fields that plans may have, such as ``users``.
        trail: The file to which a line is written for each call. ``None`` for no such file.
        limits: The limits of each user in a session. A session ends after an hour without a call.

    Returns:
        The app. Its lifespan must run. ASGI servers run the lifespan. An app that mounts this app must enter
        ``router.lifespan_context``.

    Raises:
        ConfigurationError: An argument is not allowed.
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
            raise RefusedError("the token contains no account")
        return Scope(claims.tenant_id, below), json.dumps([claims.tenant_id, claims.subject])

    place = urlsplit(resource_url)
    if not place.path.strip("/"):
        raise ConfigurationError("resource_url must have a path, such as https://mcp.acme.example/mcp")
    # The transport is stateless: each request is independent, so several processes can serve one address.
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
