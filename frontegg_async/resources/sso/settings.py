"""``frontegg.sso.settings``: the settings for all SSO configurations of the environment."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import sso_settings as endpoints
from frontegg_async.models.sso import MultipleSsoSettings, OidcSettings, SamlSettings, SsoDomainSettings
from frontegg_async.models.sso_writes import MultipleSsoSettingsUpdate, OidcSettingsUpdate, SsoDomainSettingsUpdate
from frontegg_async.options import Options
from frontegg_async.resources.support.read_back import kept


class AsyncSsoSettings:
    """The SSO settings of the environment. Each change sends all settings of its kind; the last writer wins.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get_domain_config(self, *, options: Options | None = None) -> SsoDomainSettings:
        """Get the settings for the verification of domains.

        ``GET /team/resources/sso/v1/configurations/domains`` (documented).

        Returns:
            The settings.

        Raises:
            NotFoundError: The settings were never set.
        """
        return await self._caller.value(endpoints.GET_DOMAINS, options=options)

    async def set_domain_config(
        self,
        *,
        allow_verified_users_to_add_domains: bool,
        skip_domain_verification: bool,
        bypass_domain_cross_validation: bool,
        options: Options | None = None,
    ) -> None:
        """Set the settings for the verification of domains.

        ``PUT /team/resources/sso/v1/configurations/domains`` (documented).

        Args:
            allow_verified_users_to_add_domains: Whether users may add the domain of their verified e-mail address
                without a TXT record.
            skip_domain_verification: Whether new domains count as validated immediately.
            bypass_domain_cross_validation: Whether users may sign in with SSO even if their domain is not validated.

        Raises:
            BadRequestError: The service refused the settings.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        body = SsoDomainSettingsUpdate(
            allow_verified_users_to_add_domains=allow_verified_users_to_add_domains,
            skip_domain_verification=skip_domain_verification,
            bypass_domain_cross_validation=bypass_domain_cross_validation,
        )
        are_set = kept(self._caller, endpoints.GET_DOMAINS, body)
        await self._caller.value(endpoints.SET_DOMAINS, body=body, options=options, reconcile=are_set)

    async def get_multiple_sso_config(self, *, options: Options | None = None) -> MultipleSsoSettings:
        """Get whether several tenants may have SSO for one domain.

        ``GET /team/resources/sso/v1/configurations/multiple-sso-per-domain`` (documented).

        Returns:
            The settings.

        Raises:
            NotFoundError: The settings were never set.
        """
        return await self._caller.value(endpoints.GET_MULTIPLE_SSO, options=options)

    async def set_multiple_sso_config(
        self,
        *,
        enabled: bool,
        use_active_tenant: bool,
        unspecified_tenant_strategy: str,
        options: Options | None = None,
    ) -> None:
        """Set whether several tenants may have SSO for one domain.

        ``PUT /team/resources/sso/v1/configurations/multiple-sso-per-domain`` (documented).

        Args:
            enabled: Whether several tenants may have SSO for one domain.
            use_active_tenant: Whether users who sign in enter their active tenant.
            unspecified_tenant_strategy: The service's strategy if a sign-in names no tenant. The reference does not
                list the possible values.

        Raises:
            BadRequestError: The service refused the settings.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        arguments.check_text(unspecified_tenant_strategy, "unspecified_tenant_strategy")
        body = MultipleSsoSettingsUpdate(
            enabled=enabled,
            use_active_tenant=use_active_tenant,
            unspecified_tenant_strategy=unspecified_tenant_strategy,
        )
        are_set = kept(self._caller, endpoints.GET_MULTIPLE_SSO, body)
        await self._caller.value(endpoints.SET_MULTIPLE_SSO, body=body, options=options, reconcile=are_set)

    async def get_saml_config(self, *, options: Options | None = None) -> SamlSettings:
        """Get the environment's SAML settings. The client cannot change them.

        ``GET /team/resources/sso/v1/saml/configurations/vendor-config`` (documented).

        Returns:
            The settings.

        Raises:
            NotFoundError: The settings were never set.
        """
        return await self._caller.value(endpoints.GET_SAML, options=options)

    async def get_oidc_config(self, *, options: Options | None = None) -> OidcSettings:
        """Get the environment's OpenID Connect settings.

        ``GET /team/resources/sso/v1/oidc/configurations`` (documented).

        Returns:
            The settings.

        Raises:
            NotFoundError: The settings were never set.
        """
        return await self._caller.value(endpoints.GET_OIDC, options=options)

    async def set_oidc_config(
        self, *, enabled: bool, redirect_uri: str | None = None, options: Options | None = None
    ) -> None:
        """Set the environment's OpenID Connect settings.

        ``POST /team/resources/sso/v1/oidc/configurations`` (documented).

        Args:
            enabled: Whether users can sign in with OpenID Connect.
            redirect_uri: The address to which users return after the sign-in, as your application defines it. By
                default the field is not sent.

        Raises:
            BadRequestError: The service refused the settings.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        if redirect_uri is not None:
            arguments.check_url(redirect_uri, "redirect_uri", example="https://app.example.com/oidc/callback")
        body = OidcSettingsUpdate(enabled=enabled, redirect_uri=redirect_uri)
        are_set = kept(self._caller, endpoints.GET_OIDC, body)
        await self._caller.value(endpoints.SET_OIDC, body=body, options=options, reconcile=are_set)
