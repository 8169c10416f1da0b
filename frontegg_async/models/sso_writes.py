"""Request bodies for SSO configurations, their domains and groups, and SSO settings."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.fields import MAY_BE_EMPTY, WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.sso import SsoType


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoConfigurationCreateV1(Value):
    """The fields of a new SSO configuration of the request's tenant. Fields that are ``None`` are not sent."""

    type: SsoType | None = None
    enabled: bool | None = None
    sso_endpoint: str | None = attrs.field(default=None, repr=False)
    public_certificate: str | None = attrs.field(default=None, repr=False)
    sign_request: bool | None = attrs.field(default=None, repr=False)
    acs_url: str | None = attrs.field(default=None, repr=False)
    sp_entity_id: str | None = attrs.field(default=None, repr=False)
    oidc_client_id: str | None = attrs.field(default=None, repr=False)
    oidc_secret: str | None = attrs.field(default=None, repr=False)
    override_active_tenant: bool | None = attrs.field(default=None, repr=False)
    sub_account_access_limit: int | None = attrs.field(default=None, repr=False)
    idp_client_id: str | None = attrs.field(default=None, repr=False)
    idp_client_secret: str | None = attrs.field(default=None, repr=False)
    config_metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoConfigurationCreate(SsoConfigurationCreateV1):
    """The fields of a new SSO configuration, and its tenant. Fields that are ``None`` are not sent."""

    tenant_id: str
    skip_email_domain_validation: bool | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoConfigurationUpdateV1(Value):
    """The fields of an SSO configuration to change. Fields that are `UNSET` are not sent; ``None`` is sent as null."""

    type: SsoType | Unset = UNSET
    enabled: bool | Unset = UNSET
    sso_endpoint: str | None | Unset = attrs.field(default=UNSET, repr=False)
    public_certificate: str | None | Unset = attrs.field(default=UNSET, repr=False)
    sign_request: bool | Unset = attrs.field(default=UNSET, repr=False)
    acs_url: str | None | Unset = attrs.field(default=UNSET, repr=False)
    sp_entity_id: str | None | Unset = attrs.field(default=UNSET, repr=False)
    oidc_client_id: str | None | Unset = attrs.field(default=UNSET, repr=False)
    oidc_secret: str | None | Unset = attrs.field(default=UNSET, repr=False)
    override_active_tenant: bool | Unset = attrs.field(default=UNSET, repr=False)
    sub_account_access_limit: int | None | Unset = attrs.field(default=UNSET, repr=False)
    idp_client_id: str | None | Unset = attrs.field(default=UNSET, repr=False)
    idp_client_secret: str | None | Unset = attrs.field(default=UNSET, repr=False)
    config_metadata: Mapping[str, JsonValue] | None | Unset = attrs.field(default=UNSET, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoConfigurationUpdate(SsoConfigurationUpdateV1):
    """The fields of an SSO configuration to change, and its tenant."""

    tenant_id: str
    skip_email_domain_validation: bool | Unset = attrs.field(default=UNSET, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoMetadata(Value):
    """The metadata of an identity provider, as XML text."""

    metadata: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoMetadataUrl(Value):
    """The address of the metadata of an identity provider. Fields that are ``None`` are not sent."""

    url: str = attrs.field(repr=False)
    config_metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoDomainCreate(Value):
    """A domain to add to an SSO configuration."""

    domain: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoDomainForceValidation(Value):
    """Whether the service marks a domain as validated without a check of DNS records, and the tenant of the domain."""

    validated: bool
    tenant_id: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoDefaultRolesUpdate(Value):
    """The new ids of the roles that users of an SSO configuration get."""

    role_ids: tuple[str, ...] = attrs.field(metadata={MAY_BE_EMPTY: True})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoGroupCreate(Value):
    """A group of the identity provider, and the roles of its members."""

    group: str = attrs.field(repr=False)
    role_ids: tuple[str, ...] = attrs.field(repr=False, metadata={MAY_BE_EMPTY: True})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoGroupUpdate(Value):
    """The new name of a group, and the new roles of its members."""

    group: str = attrs.field(repr=False)
    role_ids: tuple[str, ...] = attrs.field(repr=False, metadata={MAY_BE_EMPTY: True})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoEmailExclusion(Value):
    """An e-mail address to exclude from SSO."""

    email: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoDomainSettingsUpdate(Value):
    """The new rules of an environment for the verification of the domains of SSO configurations."""

    allow_verified_users_to_add_domains: bool
    skip_domain_verification: bool
    bypass_domain_cross_validation: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MultipleSsoSettingsUpdate(Value):
    """The new rules for domains that several tenants have in their SSO configurations."""

    enabled: bool = attrs.field(metadata={WIRE_NAME: "active"})
    use_active_tenant: bool
    unspecified_tenant_strategy: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class OidcSettingsUpdate(Value):
    """The OpenID Connect settings of an environment. Fields that are ``None`` are not sent."""

    enabled: bool = attrs.field(metadata={WIRE_NAME: "active"})
    redirect_uri: str | None = None
