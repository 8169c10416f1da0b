"""Your own MCP servers: accept Frontegg's tokens in a server that uses the official MCP SDK.

This module needs the extra ``mcp``::

    callers = FronteggTokenVerifier(verifier, permission="reports.read")
    server = MCPServer("Reports", token_verifier=callers, auth=callers.auth_settings("https://mcp.acme.example/mcp"))

    @server.tool()
    async def latest_report() -> str:
        return await read_report(current_claims().tenant_id)
"""

from __future__ import annotations

from typing import Final

from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.errors import (
    ConfigurationError,
    MissingExtraError,
    MissingPermissionError,
    TokenVerificationError,
)
from frontegg_async.models.claims import Claims
from frontegg_async.models.entitlements import Names, wanted_names
from frontegg_async.verification.token_verifier import AsyncTokenVerifier

try:
    from mcp.server.auth.middleware.auth_context import get_access_token
    from mcp.server.auth.provider import AccessToken
    from mcp.server.auth.settings import AuthSettings
    from mcp.server.mcpserver.exceptions import ToolError
    from pydantic import Field, ValidationError
except ImportError:
    raise MissingExtraError("this needs the SDK of MCP: pip install 'frontegg-async[mcp]'") from None

__all__ = ["FronteggAccessToken", "FronteggTokenVerifier", "current_claims", "require"]

_NOT_VERIFIED: Final = "keys_unavailable"
"""The reason of a failure that is not about the token."""


class FronteggAccessToken(AccessToken):
    """A verified token, for the SDK of MCP. Its ``repr`` hides the JWT."""

    token: str = Field(repr=False)
    """The JWT. Send it to Frontegg's API only, as ``frontegg.as_user`` does."""
    verified: Claims = Field(repr=False, exclude=True)
    """The claims."""


class FronteggTokenVerifier:
    """A verifier of user tokens and API tokens for a server of the official SDK of MCP.

    This class is a ``TokenVerifier`` of the official SDK, for ``MCPServer(token_verifier=...)`` and for
    ``streamable_http_app`` of the low-level ``Server``. It does not accept access tokens, which callers send in
    ``x-api-key``.

    A token is accepted only if ``verifier`` names its audience. The audience of Frontegg's tokens is the client id of
    the environment or the id of an application, not the URL of the MCP server (RFC 8707). If the verifier names the
    client id of the environment, every application with this audience can call the MCP server with the tokens of its
    users. To accept only tokens for the MCP server, create an application for the server, and name only the id of this
    application.

    Args:
        verifier: Verifies signature, issuer, audience, type and times. This class does not close the
            verifier.
        permission: One or more permissions that every request needs. Wildcards in the token's permissions apply.
            Without ``permission``, every valid token is accepted. A request without the permissions gets 403 and
            ``insufficient_scope``.

    Raises:
        ConfigurationError: ``verifier`` is not an `AsyncTokenVerifier`.
        InvalidArgumentError: ``permission`` is empty, or not text.
    """

    def __init__(self, verifier: AsyncTokenVerifier, *, permission: Names | None = None) -> None:
        if not isinstance(verifier, AsyncTokenVerifier):
            raise ConfigurationError(f"verifier must be an AsyncTokenVerifier, not {type(verifier).__name__}")
        self._verifier = verifier
        self._required = () if permission is None else wanted_names(permission, None)[0]

    async def verify_token(self, token: str) -> FronteggAccessToken | None:
        """Verify a token for the SDK of MCP. The SDK responds with 401 if the result is ``None``.

        Args:
            token: The JWT, without ``Bearer``.

        Returns:
            The token, or ``None`` if it is refused. ``scopes`` has its permissions, and each required permission
            that a wildcard covers. ``subject`` is the id of the user or of the API token, and ``resource`` the
            accepted audience. ``client_id`` is the id of the tenant: the SDK accepts requests of a session only with
            the same ``client_id``, issuer and subject, so that a session belongs to one account. ``claims`` has
            ``iss``, ``aud``, ``type`` and ``tenantId``.

        Raises:
            TokenVerificationError: The keys could not be read, so the token is neither valid nor invalid. The SDK
                responds with 500, so that the caller does not discard the token.
            ClientClosedError: The verifier was closed.
            WrongLoopError: The verifier is open in another event loop.
        """
        try:
            found = await self._verifier.verify(token)
        except TokenVerificationError as error:
            if error.reason == _NOT_VERIFIED:
                raise
            return None
        covered = (each for each in self._required if found.may(each))
        return FronteggAccessToken(
            token=token,
            client_id=found.tenant_id,
            scopes=[*dict.fromkeys((*found.permissions, *covered))],
            expires_at=None if found.expires_at is None else int(found.expires_at.timestamp()),
            resource=next(each for each in found.audience if each in self._verifier.audience),
            subject=found.subject,
            claims={
                "iss": found.issuer,
                "aud": [*found.audience],
                "type": str(found.type),
                "tenantId": found.tenant_id,
            },
            verified=found,
        )

    def auth_settings(self, resource_url: str) -> AuthSettings:
        """Return the settings of the SDK of MCP: the issuer, the address of the server, the required permissions.

        With these settings, the server publishes the metadata of the protected resource (RFC 9728). The header
        ``WWW-Authenticate`` of 401 and 403 has the address of the metadata. Clients ask the issuer for the permissions
        as scopes. The SDK does not compare the audience with the URL, because the verifier checks the audience.

        Args:
            resource_url: The URL of the MCP endpoint for clients, with the path, such as
                ``https://mcp.acme.example/mcp``.

        Raises:
            ConfigurationError: ``resource_url``, or the issuer of the verifier, is not a URL that clients can use.
        """
        try:
            settings = AuthSettings.model_validate(
                {
                    "issuer_url": self._verifier.issuer,
                    "resource_server_url": resource_url,
                    "required_scopes": [*self._required] or None,
                    "validate_token_resource": False,
                }
            )
        except ValidationError as error:
            name = "the issuer of the verifier" if error.errors()[0]["loc"] == ("issuer_url",) else "resource_url"
            raise _not_a_url(name) from None
        url = settings.resource_server_url
        if url is None or url.query is not None or url.fragment is not None or url.username or url.password:
            raise _not_a_url("resource_url")
        return settings


def _not_a_url(name: str) -> ConfigurationError:
    return ConfigurationError(
        f"{name} must be a URL, such as 'https://mcp.acme.example/mcp', without user, password, query and fragment"
    )


def current_claims() -> Claims:
    """Return the verified claims of the current request of a tool, a resource or a prompt.

    ``tenant_id`` names the account of the caller. Use this id, and never an argument: the model sets the arguments.

    Raises:
        RuntimeError: There is no request, for example over stdio, or the server has another token verifier.
    """
    found = get_access_token()
    if isinstance(found, FronteggAccessToken):
        return found.verified
    raise RuntimeError(
        "there is no verified token here: call current_claims() while a tool runs, in a server over HTTP with "
        "token_verifier=FronteggTokenVerifier(...) and the auth settings that this verifier makes"
    )


def require(*, permission: Names | None = None, role: Names | None = None, in_tenant: str | Unset = UNSET) -> Claims:
    """Return the verified claims of the current request of a tool, if the caller may use the tool.

    Call this function first in the tool. ``MCPServer`` shows the model the message of a `ToolError`, but no other
    message.

    Args:
        permission: One or more required permissions. Wildcards in the token's permissions apply.
        role: One or more required roles.
        in_tenant: The id of the tenant that the token must belong to, such as your own company for operators.

    Raises:
        ToolError: The token lacks a permission or a role, or is for another tenant than ``in_tenant``.
        InvalidArgumentError: Nothing is required, a collection is empty, or an argument is malformed.
        RuntimeError: The same conditions as for `current_claims`.
    """
    claims = current_claims()
    try:
        claims.require(permission=permission, role=role, in_tenant=in_tenant)
    except MissingPermissionError as error:
        raise ToolError(error.message) from error
    return claims
