"""``frontegg.for_tenant(...)``: the management of one tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, Self

from frontegg_async._core.call.base_client import EnvironmentCalls, WithOptions, with_resources
from frontegg_async._values.kinds import repr_by
from frontegg_async._values.not_copyable import refuse_copies
from frontegg_async.options import Options
from frontegg_async.resources.views.tenant import TenantVerbs

if TYPE_CHECKING:
    from frontegg_async.resources.by_id.user_access_tokens import AsyncTenantUserAccessTokens
    from frontegg_async.resources.by_id.user_api_tokens import AsyncTenantUserApiTokens
    from frontegg_async.resources.by_id.user_invitations import AsyncTenantUserInvitations
    from frontegg_async.resources.of_tenant.access_tokens import AsyncTenantAccessTokens
    from frontegg_async.resources.of_tenant.account_settings import AsyncTenantAccountSettings
    from frontegg_async.resources.of_tenant.api_tokens import AsyncTenantApiTokens
    from frontegg_async.resources.of_tenant.applications import AsyncTenantApplications
    from frontegg_async.resources.of_tenant.audits import AsyncTenantAudits
    from frontegg_async.resources.of_tenant.events import AsyncTenantEvents
    from frontegg_async.resources.of_tenant.groups import AsyncTenantGroups
    from frontegg_async.resources.of_tenant.hierarchy import AsyncTenantHierarchy
    from frontegg_async.resources.of_tenant.invitations import AsyncTenantInvitations
    from frontegg_async.resources.of_tenant.roles import AsyncTenantRoles
    from frontegg_async.resources.of_tenant.scim import AsyncTenantScim
    from frontegg_async.resources.of_tenant.security.tenant import AsyncTenantSecurity
    from frontegg_async.resources.of_tenant.sso.configurations import AsyncTenantSso
    from frontegg_async.resources.of_tenant.sub_tenants import AsyncSubTenants
    from frontegg_async.resources.of_tenant.webhooks import AsyncTenantWebhooks
    from frontegg_async.resources.views.users import AsyncTenantUsers


@with_resources()
class AsyncTenantView(WithOptions, EnvironmentCalls, TenantVerbs):
    """A view of a management client for one tenant. The methods of the view take no tenant id.

    Almost every method takes ``options`` (`Options`) for its own requests. Methods can raise the common errors that
    `FronteggError` lists.
    """

    access_tokens: AsyncTenantAccessTokens
    """Access tokens (JWTs for ``x-api-key``) of the tenant, and look-ups of their roles and permissions."""
    account_settings: AsyncTenantAccountSettings
    """The settings that the tenant's own administrators may change."""
    api_tokens: AsyncTenantApiTokens
    """API tokens (client id and secret) of the tenant."""
    applications: AsyncTenantApplications
    """The applications of the tenant, and the users that may use them."""
    events: AsyncTenantEvents
    """Events of your own, which the service sends to webhooks and other channels of the tenant."""
    groups: AsyncTenantGroups
    """The groups of the tenant's users, and the roles that their members have."""
    hierarchy: AsyncTenantHierarchy
    """The tenants above and below the tenant."""
    invitations: AsyncTenantInvitations
    """Invitations: links with which people join the tenant."""
    roles: AsyncTenantRoles
    """The roles that the tenant may use: the roles of the environment, and the tenant's own roles."""
    audits: AsyncTenantAudits
    """The audit log of the tenant."""
    scim: AsyncTenantScim
    """SCIM: how identity providers provision the users of the tenant."""
    security: AsyncTenantSecurity
    """Security policies of the tenant, which say how and from where users sign in."""
    sso: AsyncTenantSso
    """Single sign-on with the identity providers of the tenant."""
    sub_tenants: AsyncSubTenants
    """Sub-accounts, through the operations that users of their parents may call too."""
    user_access_tokens: AsyncTenantUserAccessTokens
    """Access tokens (JWTs for ``x-api-key``) of users of the tenant."""
    user_api_tokens: AsyncTenantUserApiTokens
    """API tokens (client id and secret) of users of the tenant."""
    users: AsyncTenantUsers
    """The users of the tenant."""
    user_invitations: AsyncTenantUserInvitations
    """The links with which users of the tenant invite others."""
    webhooks: AsyncTenantWebhooks
    """Webhooks: addresses to which the service sends events of the tenant, and the log of its deliveries."""

    @property
    def tenant_id(self) -> str:
        """The id of the tenant."""
        return str(self._caller.tenant_id)

    def _with(self, given: Options) -> Self:
        return type(self)(self._caller.with_options(given))

    def __reduce__(self) -> NoReturn:
        refuse_copies(type(self).__name__, "make one where it is needed, by for_tenant() of a client")

    def __repr__(self) -> str:
        return repr_by(self, "tenant_id")
