"""``sso``: the SSO configurations of one tenant."""

from __future__ import annotations

import html
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TypeAlias

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret, hide, reveal
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import sso as endpoints
from frontegg_async.endpoints import sso_settings
from frontegg_async.errors import ErrorDetails, InvalidArgumentError, NotFoundError, Outcome
from frontegg_async.models.sso import SsoConfiguration, SsoType, SsoTypeLiteral
from frontegg_async.models.sso_writes import (
    SsoConfigurationCreate,
    SsoConfigurationCreateV1,
    SsoConfigurationUpdate,
    SsoConfigurationUpdateV1,
    SsoMetadata,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.of_tenant.sso.checks import checked
from frontegg_async.resources.of_tenant.sso.default_roles import AsyncTenantSsoDefaultRoles
from frontegg_async.resources.of_tenant.sso.domains import AsyncTenantSsoDomains
from frontegg_async.resources.of_tenant.sso.groups import AsyncTenantSsoGroups
from frontegg_async.resources.of_tenant.sso.saml_metadata import check_metadata
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.read_back import ReadBack, shows, unlisted
from frontegg_async.resources.support.whole_listing import same, whole_listing
from frontegg_async.resources.support.writes import write

_ShowsIt: TypeAlias = Callable[[SsoConfiguration], bool]
_Find: TypeAlias = Callable[[Sequence[SsoConfiguration]], SsoConfiguration | None]


class SsoConfigurations:
    """The SSO configurations of one tenant: the methods for callers with any kind of credential."""

    __slots__ = ("_caller", "default_roles", "domains", "groups")

    default_roles: AsyncTenantSsoDefaultRoles
    """The default roles of users who sign in with a configuration."""

    domains: AsyncTenantSsoDomains
    """The domains whose users sign in with a configuration."""

    groups: AsyncTenantSsoGroups
    """Groups of the identity provider. The members of a group get roles when they sign in."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.default_roles = AsyncTenantSsoDefaultRoles(caller)
        self.domains = AsyncTenantSsoDomains(caller)
        self.groups = AsyncTenantSsoGroups(caller)

    def list(self, *, options: Options | None = None) -> AsyncPages[SsoConfiguration]:
        """List the SSO configurations of the tenant, with their domains, groups and roles.

        ``GET /team/resources/sso/v1/configurations`` (documented).

        Returns:
            A listing of the configurations. The first request is sent when you iterate the listing. Each iteration
            sends the requests again.
        """
        return whole_listing(self._caller, endpoints.LIST, SsoConfiguration, same, options=options)

    async def get(self, sso_config_id: str, *, options: Options | None = None) -> SsoConfiguration:
        """Get an SSO configuration by its id. The client lists all of them, because the service cannot return one.

        ``GET /team/resources/sso/v1/configurations`` (documented).

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.

        Returns:
            The configuration.

        Raises:
            NotFoundError: The tenant has no such configuration.
            ResponseMismatchError: The response was about another tenant.
        """
        arguments.check_id(sso_config_id, "sso_config_id")
        for configuration in await self._caller.value(endpoints.LIST, options=options):
            if configuration.id == sso_config_id:
                return configuration
        tenant_id = self._caller.tenant_id
        raise NotFoundError(
            f"the tenant{'' if tenant_id is None else f' {tenant_id!r}'} has no SSO configuration {sso_config_id!r}",
            ErrorDetails(endpoint=endpoints.LIST.name, attempts=1, outcome=Outcome.REFUSED),
        )

    async def delete(self, sso_config_id: str, *, options: Options | None = None) -> None:
        """Delete an SSO configuration with its domains and groups.

        ``DELETE /team/resources/sso/v1/configurations/{configurationId}`` (documented). If a response is lost, the
        request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.

        Raises:
            NotFoundError: The tenant has no such configuration.
            OutcomeUnknownError: The response was lost, so the SSO configuration may or may not have been deleted.
        """
        arguments.check_id(sso_config_id, "sso_config_id")
        path = {"configuration_id": sso_config_id}
        is_gone = unlisted(self._caller, endpoints.LIST, sso_config_id)
        await self._caller.value(endpoints.DELETE, path=path, options=options, reconcile=is_gone)

    async def create_from_metadata(self, *, metadata: str, options: Options | None = None) -> SsoConfiguration:
        """Create a SAML configuration from the metadata of an identity provider. The request is never sent twice.

        ``POST /team/resources/sso/v1/configurations/metadata`` (documented).

        Args:
            metadata: XML text with an ``EntityDescriptor``, at most 2 MiB. The client checks the text before it sends
                the request. It refuses metadata with a document type (DOCTYPE).

        Returns:
            The new configuration, as the service returns it.

        Raises:
            BadRequestError: The service refused the metadata.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the SAML configuration may or may not have been created. The
                error's attribute ``asked`` holds the tenant.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        check_metadata(metadata, "metadata")
        body = SsoMetadata(metadata=metadata)
        reconcile = self._created(body, lambda each: _is_of(each, metadata))
        return await write(
            self._caller, endpoints.CREATE_FROM_METADATA, body=body, options=options, reconcile=reconcile
        )

    async def update_from_metadata(
        self, sso_config_id: str, *, metadata: str, options: Options | None = None
    ) -> SsoConfiguration:
        """Update a SAML configuration from the metadata of an identity provider.

        ``PUT /team/resources/sso/v1/configurations/{configurationId}/metadata`` (documented).

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.
            metadata: XML text with an ``EntityDescriptor``, at most 2 MiB. The client checks the text before it sends
                the request. It refuses metadata with a document type (DOCTYPE).

        Returns:
            The configuration after the change.

        Raises:
            BadRequestError: The service refused the metadata.
            NotFoundError: The tenant has no such configuration.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(sso_config_id, "sso_config_id")
        check_metadata(metadata, "metadata")
        reconcile = self._read_back(lambda found: _find(found, sso_config_id, lambda each: _is_of(each, metadata)))
        return await write(
            self._caller,
            endpoints.UPDATE_FROM_METADATA,
            path={"configuration_id": sso_config_id},
            body=SsoMetadata(metadata=metadata),
            options=options,
            reconcile=reconcile,
        )

    async def get_sp_metadata(self, *, options: Options | None = None) -> str:
        """Get the SAML metadata of Frontegg as the service provider. The identity provider needs this metadata.

        ``GET /team/resources/sso/v1/saml/configurations/sp-metadata`` (documented).

        Returns:
            XML text.

        Raises:
            NotFoundError: There is no such tenant.
        """
        return await self._caller.value(sso_settings.SP_METADATA, options=options)

    def _created(
        self, body: attrs.AttrsInstance, shows_it: _ShowsIt
    ) -> Created[tuple[SsoConfiguration, ...], SsoConfiguration, SsoConfiguration]:
        return Created(
            self._caller,
            endpoints.LIST,
            body,
            lambda found: found,
            lambda each: each,
            lambda each: each.id,
            is_unique=False,
            agrees=shows_it,
        )

    def _read_back(self, find: _Find) -> ReadBack[tuple[SsoConfiguration, ...], SsoConfiguration]:
        return ReadBack(self._caller, endpoints.LIST, find)


class AsyncTenantSso(SsoConfigurations):
    """The SSO configurations of one tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    async def create(
        self,
        *,
        type: SsoType | SsoTypeLiteral,
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
        """Create an SSO configuration. The request is never sent twice, because that could create two configurations.

        ``POST /team/resources/sso/v2/configurations`` (used by other clients).

        Args:
            type: The protocol: ``saml`` or ``oidc``.
            enabled: Whether users can sign in with the configuration. For an enabled SAML configuration,
                ``sso_endpoint`` is required.
            sso_endpoint: The address of the identity provider where users sign in.
            public_certificate: The identity provider's certificate, as PEM text or as the base64 of PEM text. The
                client encodes PEM text for the service.
            sign_request: Whether requests to the identity provider are signed.
            acs_url: The address to which the identity provider sends its responses.
            sp_entity_id: The identity provider's identifier for your application.
            oidc_client_id: The client id at an OIDC provider.
            oidc_secret: The client secret at an OIDC provider.
            override_active_tenant: Whether users who sign in with the configuration switch to this tenant, even if
                another tenant is active.
            sub_account_access_limit: The number of sub-accounts that users can access, at least 0.
            idp_client_id: The client id with which the service reads groups from the identity provider.
            idp_client_secret: The secret for ``idp_client_id``.
            skip_email_domain_validation: Whether users may sign in even if the domain of their e-mail address is not
                validated.
            config_metadata: A JSON object of your own.

        Returns:
            The new configuration, as the service returns it.

        Raises:
            BadRequestError: The service refused the fields.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the SSO configuration may or may not have been created. The
                error's attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        oidc_secret, idp_client_secret = hide(oidc_secret), hide(idp_client_secret)
        body = checked(
            SsoConfigurationCreateV1(
                type=arguments.check_member(type, SsoType, "type"),
                enabled=enabled,
                sso_endpoint=sso_endpoint,
                public_certificate=public_certificate,
                sign_request=sign_request,
                acs_url=acs_url,
                sp_entity_id=sp_entity_id,
                oidc_client_id=oidc_client_id,
                oidc_secret=reveal(oidc_secret),
                override_active_tenant=override_active_tenant,
                sub_account_access_limit=sub_account_access_limit,
                idp_client_id=idp_client_id,
                idp_client_secret=reveal(idp_client_secret),
                config_metadata=config_metadata,
            )
        )
        return await self._create(body, skip_email_domain_validation, options)

    async def update(
        self,
        sso_config_id: str,
        *,
        type: SsoType | SsoTypeLiteral | Unset = UNSET,
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
        """Change fields of an SSO configuration. Omitted fields keep their values; ``None`` clears a field.

        ``PATCH /team/resources/sso/v2/configurations/{configurationId}`` (used by other clients).

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.
            type: The protocol: ``saml`` or ``oidc``.
            enabled: Whether users can sign in with the configuration.
            sso_endpoint: The address of the identity provider where users sign in.
            public_certificate: The identity provider's certificate, as PEM text or as the base64 of PEM text. The
                client encodes PEM text for the service.
            sign_request: Whether requests to the identity provider are signed.
            acs_url: The address to which the identity provider sends its responses.
            sp_entity_id: The identity provider's identifier for your application.
            oidc_client_id: The client id at an OIDC provider.
            oidc_secret: The client secret at an OIDC provider.
            override_active_tenant: Whether users who sign in with the configuration switch to this tenant, even if
                another tenant is active.
            sub_account_access_limit: The number of sub-accounts that users can access, at least 0.
            idp_client_id: The client id with which the service reads groups from the identity provider.
            idp_client_secret: The secret for ``idp_client_id``.
            skip_email_domain_validation: Whether users may sign in even if the domain of their e-mail address is not
                validated.
            config_metadata: A JSON object of your own, which replaces the whole present object.

        Returns:
            The configuration after the change.

        Raises:
            InvalidArgumentError: No field is given; nothing was sent.
            BadRequestError: The service refused the fields.
            NotFoundError: The tenant has no such configuration.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        oidc_secret, idp_client_secret = hide(oidc_secret), hide(idp_client_secret)
        arguments.check_id(sso_config_id, "sso_config_id")
        body = checked(
            SsoConfigurationUpdateV1(
                type=UNSET if type is UNSET else arguments.check_member(type, SsoType, "type"),
                enabled=enabled,
                sso_endpoint=sso_endpoint,
                public_certificate=public_certificate,
                sign_request=sign_request,
                acs_url=acs_url,
                sp_entity_id=sp_entity_id,
                oidc_client_id=oidc_client_id,
                oidc_secret=reveal(oidc_secret),
                override_active_tenant=override_active_tenant,
                sub_account_access_limit=sub_account_access_limit,
                idp_client_id=idp_client_id,
                idp_client_secret=reveal(idp_client_secret),
                config_metadata=config_metadata,
            )
        )
        if body == SsoConfigurationUpdateV1() and skip_email_domain_validation is UNSET:
            raise InvalidArgumentError("give at least one field to change")
        return await self._update(sso_config_id, body, skip_email_domain_validation, options)

    def _create(
        self, body: SsoConfigurationCreateV1, skip: bool | None, options: Options | None
    ) -> Coroutine[object, object, SsoConfiguration]:
        tenant_id = self._caller.tenant_id
        reconcile = self._created(body, lambda each: shows(each, body))
        if self._caller.is_user or tenant_id is None:
            return write(self._caller, endpoints.CREATE_V1, body=body, options=options, reconcile=reconcile)
        named = SsoConfigurationCreate(
            tenant_id=tenant_id, skip_email_domain_validation=skip, **attrs.asdict(body, recurse=False)
        )
        return write(self._caller, endpoints.CREATE, body=named, options=options, reconcile=reconcile)

    def _update(
        self, sso_config_id: str, body: SsoConfigurationUpdateV1, skip: bool | Unset, options: Options | None
    ) -> Coroutine[object, object, SsoConfiguration]:
        path = {"configuration_id": sso_config_id}
        tenant_id = self._caller.tenant_id
        reconcile = self._read_back(lambda found: _find(found, sso_config_id, lambda each: shows(each, body)))
        if self._caller.is_user or tenant_id is None:
            return write(self._caller, endpoints.UPDATE_V1, path=path, body=body, options=options, reconcile=reconcile)
        named = SsoConfigurationUpdate(
            tenant_id=tenant_id, skip_email_domain_validation=skip, **attrs.asdict(body, recurse=False)
        )
        return write(self._caller, endpoints.UPDATE, path=path, body=named, options=options, reconcile=reconcile)


def _find(found: Sequence[SsoConfiguration], sso_config_id: str, shows_it: _ShowsIt) -> SsoConfiguration | None:
    return next((each for each in found if each.id == sso_config_id and shows_it(each)), None)


def _is_of(configuration: SsoConfiguration, metadata: str) -> bool:
    """Return whether the metadata of an identity provider contains the endpoint of a configuration."""
    endpoint = configuration.sso_endpoint
    return endpoint is not None and endpoint in html.unescape(metadata)
