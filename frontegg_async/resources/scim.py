"""``frontegg.scim``: the connections with which identity providers provision the users of tenants."""

from __future__ import annotations

from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.models.scim import ScimConfiguration, ScimSource, ScimSourceLiteral
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.by_id.scim import ScimById
from frontegg_async.resources.support.chosen_tenant import chosen_tenant
from frontegg_async.resources.support.scim_listing import list_configurations


class AsyncScim(ScimById):
    """The SCIM configurations of tenants.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    def list(
        self,
        tenant_id: str | Unset = UNSET,
        *,
        source: ScimSource | ScimSourceLiteral | None = None,
        connection_name: str | None = None,
        options: Options | None = None,
    ) -> AsyncPages[ScimConfiguration]:
        """List SCIM configurations.

        ``GET /directory/resources/v1/configurations/scim2`` (documented).

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters; if omitted, the configurations of all tenants are
                listed.
            source: Only configurations of this identity provider: ``frontegg``, ``okta``, ``azure-ad`` or ``other``.
            connection_name: Only configurations with this name.

        Returns:
            A listing of the configurations, without their tokens. The first request is sent when you iterate the
            listing. Each iteration sends the requests again.
        """
        return list_configurations(self._caller, chosen_tenant(tenant_id), source, connection_name, options)
