"""``frontegg.sso``: the SSO of tenants, and the SSO settings of the environment."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.ascii_case import folded
from frontegg_async.endpoints import sso, sso_settings
from frontegg_async.models.sso_writes import SsoDomainForceValidation
from frontegg_async.options import Options
from frontegg_async.resources.by_id.sso.configurations import SsoById
from frontegg_async.resources.by_id.sso.default_roles import AsyncSsoDefaultRoles
from frontegg_async.resources.by_id.sso.domains import SsoDomainsById
from frontegg_async.resources.by_id.sso.groups import AsyncSsoGroups
from frontegg_async.resources.of_tenant.sso.checks import check_domain
from frontegg_async.resources.sso.excluded_emails import AsyncSsoExcludedEmails
from frontegg_async.resources.sso.settings import AsyncSsoSettings
from frontegg_async.resources.support.read_back import Confirmed


class AsyncSsoDomains(SsoDomainsById):
    """The domains of tenants' SSO configurations.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    async def set_validated(
        self, tenant_id: str, domain: str, *, validated: bool = True, options: Options | None = None
    ) -> None:
        """Set whether a domain counts as validated, regardless of its DNS records.

        ``PUT /team/resources/sso/v1/configurations/domains/{domain}/force-validate`` (documented).

        Args:
            tenant_id: The id of the tenant that the domain belongs to, 1 to 256 characters.
            domain: The domain's name, as ``example.com``.
            validated: Whether the domain counts as validated.

        Raises:
            BadRequestError: The service refused the change.
            NotFoundError: The tenant has no such domain.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        arguments.check_id(tenant_id, "tenant_id")
        check_domain(domain, "domain")
        body = SsoDomainForceValidation(validated=validated, tenant_id=tenant_id)
        path = {"domain": domain}
        is_set = Confirmed(
            self._caller.for_tenant(tenant_id),
            sso.LIST,
            lambda found: (
                {each.validated for row in found for each in row.domains if folded(each.domain) == folded(domain)}
                == {validated}
            ),
        )
        await self._caller.value(
            sso_settings.FORCE_VALIDATE_DOMAIN, path=path, body=body, options=options, reconcile=is_set
        )


class AsyncSso(SsoById):
    """The SSO configurations of tenants, and the SSO settings of the environment.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("default_roles", "domains", "excluded_emails", "groups", "settings")

    default_roles: AsyncSsoDefaultRoles
    """The default roles of users who sign in with a configuration."""

    domains: AsyncSsoDomains
    """The domains whose users sign in with a configuration."""

    excluded_emails: AsyncSsoExcludedEmails
    """The e-mail addresses that do not have to use SSO."""

    groups: AsyncSsoGroups
    """The groups of the identity provider, and the roles that their members get."""

    settings: AsyncSsoSettings
    """The settings for all configurations of the environment."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller)
        self.default_roles = AsyncSsoDefaultRoles(caller)
        self.domains = AsyncSsoDomains(caller)
        self.excluded_emails = AsyncSsoExcludedEmails(caller)
        self.groups = AsyncSsoGroups(caller)
        self.settings = AsyncSsoSettings(caller)

    async def get_sp_certificate(self, *, options: Options | None = None) -> str:
        """Get the certificate of the environment as a service provider.

        ``GET /team/resources/sso/v1/saml/configurations/sp-certificate`` (documented).

        Returns:
            The certificate, unchanged from the service; usually PEM text.

        Raises:
            NotFoundError: The environment has no certificate.
        """
        return await self._caller.value(sso_settings.SP_CERTIFICATE, options=options)
