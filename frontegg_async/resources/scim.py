"""``frontegg.scim``: the connections by which identity providers provision the users of tenants."""

from __future__ import annotations

from frontegg_async.models.scim import ScimConfiguration, ScimSource, ScimSourceLiteral
from frontegg_async.options import Options
from frontegg_async.resources.by_id.scim import ScimById
from frontegg_async.resources.support.scim_listing import list_configurations


class AsyncScim(ScimById):
    """The SCIM configurations of tenants."""

    __slots__ = ()

    async def list(
        self,
        tenant_id: str | None = None,
        *,
        source: ScimSource | ScimSourceLiteral | None = None,
        connection_name: str | None = None,
        options: Options | None = None,
    ) -> tuple[ScimConfiguration, ...]:
        """List SCIM configurations.

        ``GET /directory/resources/v1/configurations/scim2`` (documented).

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters; by default those of all tenants are listed.
            source: Only those of this identity provider: ``frontegg``, ``okta``, ``azure-ad`` or ``other``.
            connection_name: Only those with this name.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The configurations, without their tokens.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PermissionDeniedError: The credential may not do this.
            ResponseMismatchError: The response was about another tenant.
            FronteggError: Any other failure of the call.
        """
        return await list_configurations(self._caller, tenant_id, source, connection_name, options)
