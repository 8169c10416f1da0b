"""``frontegg.sso``: how users of tenants sign in with the identity providers of these."""

from __future__ import annotations

from collections.abc import Mapping

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret, hide
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import sso_settings
from frontegg_async.models.sso import SsoConfiguration, SsoType
from frontegg_async.options import Options
from frontegg_async.resources.sso_domains import AsyncSsoDomains
from frontegg_async.resources.sso_emails import AsyncSsoExcludedEmails
from frontegg_async.resources.sso_groups import AsyncSsoGroups
from frontegg_async.resources.sso_roles import AsyncSsoDefaultRoles
from frontegg_async.resources.sso_settings import AsyncSsoSettings
from frontegg_async.resources.tenant_sso import AsyncTenantSso


class AsyncSso:
    """The SSO configurations of tenants, and the SSO settings of the environment."""

    __slots__ = ("_caller", "default_roles", "domains", "excluded_emails", "groups", "settings")

    default_roles: AsyncSsoDefaultRoles
    """The roles of users who sign in by a configuration."""

    domains: AsyncSsoDomains
    """The domains whose users sign in by a configuration."""

    excluded_emails: AsyncSsoExcludedEmails
    """The e-mail addresses that do not have to use SSO."""

    groups: AsyncSsoGroups
    """The groups of the identity provider, and their roles."""

    settings: AsyncSsoSettings
    """What holds for all configurations of the environment."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.default_roles = AsyncSsoDefaultRoles(caller)
        self.domains = AsyncSsoDomains(caller)
        self.excluded_emails = AsyncSsoExcludedEmails(caller)
        self.groups = AsyncSsoGroups(caller)
        self.settings = AsyncSsoSettings(caller)

    async def create(
        self,
        tenant_id: str,
        *,
        type: SsoType,
        enabled: bool | None = None,
        sso_endpoint: str | None = None,
        public_certificate: str | None = None,
        sign_request: bool | None = None,
        acs_url: str | None = None,
        sp_entity_id: str | None = None,
        oidc_client_id: str | None = None,
        oidc_secret: str | Secret | None = None,
        override_active_tenant: bool | None = None,
        sub_account_access_limit: int | None = None,
        idp_client_id: str | None = None,
        idp_client_secret: str | Secret | None = None,
        skip_email_domain_validation: bool | None = None,
        config_metadata: Mapping[str, JsonValue] | None = None,
        options: Options | None = None,
    ) -> SsoConfiguration:
        """Create an SSO configuration. It is never sent twice, since a second configuration would be another one.

        ``POST /team/resources/sso/v2/configurations`` (in shipped clients); with a user's credential
        ``POST /team/resources/sso/v1/configurations`` (documented).

        Args:
            tenant_id: The tenant's id, 1 to 256 characters.
            type: SAML or OIDC.
            enabled: Whether users can sign in by it.
            sso_endpoint: The address of the identity provider where users sign in.
            public_certificate: The identity provider's certificate, as PEM text; it is encoded as the service wants
                it. What is the base64 of PEM text already is sent as it is.
            sign_request: Whether requests to the identity provider are signed.
            acs_url: The address that takes the identity provider's answers.
            sp_entity_id: What the identity provider knows the application as.
            oidc_client_id: The client id at an OIDC provider.
            oidc_secret: The client secret at an OIDC provider.
            override_active_tenant: Whether users get to this tenant when they sign in, whatever their active one is.
            sub_account_access_limit: How many sub-accounts users get access to, at least 0.
            idp_client_id: The client id with which groups are read at the identity provider.
            idp_client_secret: The secret that goes with it.
            skip_email_domain_validation: Whether users may sign in though the domain of their address is not
                validated; not with a user's credential.
            config_metadata: A JSON object of your own.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The configuration as the service made it.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            BadRequestError: The service refused the fields.
            NotFoundError: There is no such tenant.
            PermissionDeniedError: The credential may not do this.
            OutcomeUnknownError: No answer tells whether it was made; ``asked`` has what was asked for.
            ResultLostError: It was done, and its result could not be read; ``asked`` has what was asked for.
            FronteggError: Any other failure of the call.
        """
        oidc_secret, idp_client_secret = hide(oidc_secret), hide(idp_client_secret)
        return await self._of(tenant_id).create(
            type=type,
            enabled=enabled,
            sso_endpoint=sso_endpoint,
            public_certificate=public_certificate,
            sign_request=sign_request,
            acs_url=acs_url,
            sp_entity_id=sp_entity_id,
            oidc_client_id=oidc_client_id,
            oidc_secret=oidc_secret,
            override_active_tenant=override_active_tenant,
            sub_account_access_limit=sub_account_access_limit,
            idp_client_id=idp_client_id,
            idp_client_secret=idp_client_secret,
            skip_email_domain_validation=skip_email_domain_validation,
            config_metadata=config_metadata,
            options=options,
        )

    async def list(self, tenant_id: str, *, options: Options | None = None) -> tuple[SsoConfiguration, ...]:
        """List the tenant's SSO configurations, with their domains, groups and default roles.

        ``GET /team/resources/sso/v1/configurations`` (documented).

        Args:
            tenant_id: The tenant's id, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The configurations.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant.
            PermissionDeniedError: The credential may not do this.
            ResponseMismatchError: The answer was about another tenant.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).list(options=options)

    async def get(self, tenant_id: str, configuration_id: str, *, options: Options | None = None) -> SsoConfiguration:
        """Get an SSO configuration by its id. The service has no operation for one: they are listed.

        ``GET /team/resources/sso/v1/configurations`` (documented).

        Args:
            tenant_id: The tenant's id, 1 to 256 characters.
            configuration_id: The id of the SSO configuration, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The configuration.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no such configuration.
            PermissionDeniedError: The credential may not do this.
            ResponseMismatchError: The answer was about another tenant.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).get(configuration_id, options=options)

    async def update(
        self,
        tenant_id: str,
        configuration_id: str,
        *,
        type: SsoType | Unset = UNSET,
        enabled: bool | Unset = UNSET,
        sso_endpoint: str | None | Unset = UNSET,
        public_certificate: str | None | Unset = UNSET,
        sign_request: bool | Unset = UNSET,
        acs_url: str | None | Unset = UNSET,
        sp_entity_id: str | None | Unset = UNSET,
        oidc_client_id: str | None | Unset = UNSET,
        oidc_secret: str | Secret | None | Unset = UNSET,
        override_active_tenant: bool | Unset = UNSET,
        sub_account_access_limit: int | None | Unset = UNSET,
        idp_client_id: str | None | Unset = UNSET,
        idp_client_secret: str | Secret | None | Unset = UNSET,
        skip_email_domain_validation: bool | Unset = UNSET,
        config_metadata: Mapping[str, JsonValue] | None | Unset = UNSET,
        options: Options | None = None,
    ) -> SsoConfiguration:
        """Change fields of an SSO configuration. What is not given stays; ``None`` is sent as null, which clears.

        ``PATCH /team/resources/sso/v2/configurations/{configurationId}`` (in shipped clients); with a user's
        credential ``PATCH /team/resources/sso/v1/configurations/{configurationId}`` (documented).

        Args:
            tenant_id: The tenant's id, 1 to 256 characters.
            configuration_id: The id of the SSO configuration, 1 to 256 characters.
            type: SAML or OIDC.
            enabled: Whether users can sign in by it.
            sso_endpoint: The address of the identity provider where users sign in.
            public_certificate: The identity provider's certificate, as PEM text; it is encoded as the service wants
                it. What is the base64 of PEM text already is sent as it is.
            sign_request: Whether requests to the identity provider are signed.
            acs_url: The address that takes the identity provider's answers.
            sp_entity_id: What the identity provider knows the application as.
            oidc_client_id: The client id at an OIDC provider.
            oidc_secret: The client secret at an OIDC provider.
            override_active_tenant: Whether users get to this tenant when they sign in, whatever their active one is.
            sub_account_access_limit: How many sub-accounts users get access to, at least 0.
            idp_client_id: The client id with which groups are read at the identity provider.
            idp_client_secret: The secret that goes with it.
            skip_email_domain_validation: Whether users may sign in though the domain of their address is not
                validated; not with a user's credential.
            config_metadata: A JSON object of your own, in the place of the whole old one.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The configuration as it is now.

        Raises:
            InvalidArgumentError: An argument is not allowed, or none is given; nothing was sent.
            BadRequestError: The service refused the fields.
            NotFoundError: The tenant has no such configuration.
            PermissionDeniedError: The credential may not do this.
            OutcomeUnknownError: No answer tells whether the change was made.
            ResultLostError: It was done, and its result could not be read; ``asked`` has what was asked for.
            FronteggError: Any other failure of the call.
        """
        oidc_secret, idp_client_secret = hide(oidc_secret), hide(idp_client_secret)
        return await self._of(tenant_id).update(
            configuration_id,
            type=type,
            enabled=enabled,
            sso_endpoint=sso_endpoint,
            public_certificate=public_certificate,
            sign_request=sign_request,
            acs_url=acs_url,
            sp_entity_id=sp_entity_id,
            oidc_client_id=oidc_client_id,
            oidc_secret=oidc_secret,
            override_active_tenant=override_active_tenant,
            sub_account_access_limit=sub_account_access_limit,
            idp_client_id=idp_client_id,
            idp_client_secret=idp_client_secret,
            skip_email_domain_validation=skip_email_domain_validation,
            config_metadata=config_metadata,
            options=options,
        )

    async def delete(self, tenant_id: str, configuration_id: str, *, options: Options | None = None) -> None:
        """Delete an SSO configuration with its domains and groups.

        ``DELETE /team/resources/sso/v1/configurations/{configurationId}`` (documented). When an answer is lost the
        call is sent again, and a 404 then means that it was done, unless the option ``strict_delete`` is set.

        Args:
            tenant_id: The tenant's id, 1 to 256 characters.
            configuration_id: The id of the SSO configuration, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no such configuration.
            PermissionDeniedError: The credential may not do this.
            OutcomeUnknownError: No answer tells whether it was deleted.
            FronteggError: Any other failure of the call.
        """
        await self._of(tenant_id).delete(configuration_id, options=options)

    async def create_from_metadata(
        self, tenant_id: str, *, metadata: str, options: Options | None = None
    ) -> SsoConfiguration:
        """Create a SAML configuration from the metadata of an identity provider. It is never sent twice.

        ``POST /team/resources/sso/v1/configurations/metadata`` (documented).

        Args:
            tenant_id: The tenant's id, 1 to 256 characters.
            metadata: XML text with an ``EntityDescriptor``, at most 2 MiB. It is checked before it is sent; a
                document type (DOCTYPE) is refused.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The configuration as the service made it.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            BadRequestError: The service refused the metadata.
            NotFoundError: There is no such tenant.
            PermissionDeniedError: The credential may not do this.
            OutcomeUnknownError: No answer tells whether it was made; ``asked`` has the tenant.
            ResultLostError: It was done, and its result could not be read; ``asked`` has what was asked for.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).create_from_metadata(metadata=metadata, options=options)

    async def update_from_metadata(
        self, tenant_id: str, configuration_id: str, *, metadata: str, options: Options | None = None
    ) -> SsoConfiguration:
        """Change a SAML configuration to what the metadata of an identity provider says.

        ``PUT /team/resources/sso/v1/configurations/{configurationId}/metadata`` (documented).

        Args:
            tenant_id: The tenant's id, 1 to 256 characters.
            configuration_id: The id of the SSO configuration, 1 to 256 characters.
            metadata: XML text with an ``EntityDescriptor``, at most 2 MiB. It is checked before it is sent; a
                document type (DOCTYPE) is refused.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The configuration as it is now.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            BadRequestError: The service refused the metadata.
            NotFoundError: The tenant has no such configuration.
            PermissionDeniedError: The credential may not do this.
            OutcomeUnknownError: No answer tells whether the change was made.
            ResultLostError: It was done, and its result could not be read; ``asked`` has what was asked for.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).update_from_metadata(configuration_id, metadata=metadata, options=options)

    async def sp_metadata(self, tenant_id: str, *, options: Options | None = None) -> str:
        """Get the metadata of the service provider, which the tenant's identity provider has to know.

        ``GET /team/resources/sso/v1/saml/configurations/sp-metadata`` (documented).

        Args:
            tenant_id: The tenant's id, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            XML text.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant.
            PermissionDeniedError: The credential may not do this.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).sp_metadata(options=options)

    async def sp_certificate(self, *, options: Options | None = None) -> str:
        """Get the certificate of the environment as a service provider.

        ``GET /team/resources/sso/v1/saml/configurations/sp-certificate`` (documented).

        Args:
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The certificate as the service has it, usually PEM text.

        Raises:
            NotFoundError: The environment has none.
            FronteggError: Any other failure of the call.
        """
        return await self._caller.value(sso_settings.SP_CERTIFICATE, options=options)

    def _of(self, tenant_id: str) -> AsyncTenantSso:
        return AsyncTenantSso(self._caller.for_tenant(tenant_id))
