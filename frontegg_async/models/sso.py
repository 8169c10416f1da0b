"""Models of SSO configurations, their domains and groups, and the SSO settings of an environment."""

from __future__ import annotations

import builtins
import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, Self, TypeAlias, TypeVar, cast

import attrs

from frontegg_async._values.base_errors import InvalidArgumentError
from frontegg_async._values.fields import EXPECTED, READ, WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = [
    "MultipleSsoSettings",
    "OidcSettings",
    "SamlSettings",
    "SsoConfiguration",
    "SsoDomain",
    "SsoDomainSettings",
    "SsoExcludedEmail",
    "SsoGroup",
    "SsoTxtRecord",
    "SsoType",
]

T = TypeVar("T")


def _none_is_empty(value: object) -> object:
    return () if value is None else value


def _ids_of_roles(value: object) -> object:
    """Return the ids of default roles. The service sends ids, roles with an ``id``, or an object with ``roleIds``."""
    if isinstance(value, Mapping):
        value = cast("Mapping[str, object]", value).get("roleIds")
    if not isinstance(value, list):
        return _none_is_empty(value)
    roles = cast("list[object]", value)
    return [cast("Mapping[str, object]", role).get("id") if isinstance(role, Mapping) else role for role in roles]


_EXPECTED: Final = {EXPECTED: True}
_LIST: Final = {READ: _none_is_empty}
_ROLES: Final = {READ: _ids_of_roles}


class SsoType(enum.StrEnum):
    """The protocol of an SSO configuration."""

    SAML = "saml"
    """SAML 2.0."""
    OIDC = "oidc"
    """OpenID Connect."""


SsoTypeLiteral: TypeAlias = Literal["saml", "oidc"]
"""The protocols of `SsoType` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoDomain(Model):
    """A domain of an SSO configuration. Users with an e-mail address of the domain sign in with the configuration."""

    id: str
    """The id of the domain, with which you validate and delete it."""
    domain: str = attrs.field(default="", repr=False, metadata=_EXPECTED)
    """The domain, such as ``example.com``.

    Empty if the response has no domain. ``extra["domain"]`` is then ``None`` for a null domain, and ``""`` for a
    missing domain.
    """
    validated: bool | None = None
    """Whether the service has verified who owns the domain; ``None`` if the response lacks this field."""
    txt_record_host: str | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "txtRecord"})
    """The host of the DNS record that the owner publishes.

    The method ``txt_record_for`` of the configuration returns the host and the value of the record.
    """
    sso_config_id: str | None = None
    """The id of the domain's configuration; ``None`` if the response lacks it."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoTxtRecord(Model):
    """The DNS record of type TXT that the owner of a domain publishes before the domain can be validated."""

    host: str
    """The name of the TXT record in the DNS."""
    value: str
    """The text of the TXT record."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoGroup(Model):
    """A group of the identity provider, and the roles of its members."""

    id: str
    """The id of the group, with which you change and delete it."""
    group: str = attrs.field(default="", repr=False, metadata=_EXPECTED)
    """The name of the group at the identity provider.

    Empty if the response has no group. ``extra["group"]`` is then ``None`` for a null group, and ``""`` for a missing
    group.
    """
    enabled: bool | None = None
    """Whether members of the group get the roles; ``None`` if the response lacks this field."""
    role_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=_LIST)
    """The ids of the roles that members of the group get."""
    sso_config_id: str | None = None
    """The id of the group's configuration; ``None`` if the response lacks it."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoConfiguration(Model):
    """An SSO configuration: the settings to sign in with the identity provider of a tenant."""

    id: str
    """The id of the configuration."""
    tenant_id: str | None = None
    """The id of the tenant; ``None`` if the response lacks it."""
    type: SsoType | str | None = None
    """The protocol: an `SsoType`, or a text that this version does not know."""
    enabled: bool | None = None
    """Whether users can sign in with the configuration; ``None`` if the response lacks this field."""
    sso_endpoint: str | None = attrs.field(default=None, repr=False)
    """The address at the identity provider where users sign in."""
    public_certificate: str | None = attrs.field(default=None, repr=False)
    """The certificate of the identity provider: the base64 encoding of a PEM text."""
    sign_request: bool | None = attrs.field(default=None, repr=False)
    """Whether requests to the identity provider are signed."""
    acs_url: str | None = attrs.field(default=None, repr=False)
    """The address that receives responses of the identity provider."""
    sp_entity_id: str | None = attrs.field(default=None, repr=False)
    """The entity id of the application at the identity provider."""
    oidc_client_id: str | None = attrs.field(default=None, repr=False)
    """The client id at an OIDC provider."""
    oidc_secret: Secret | None = attrs.field(default=None, repr=False)
    """The client secret at an OIDC provider. ``reveal()`` returns the text."""
    override_active_tenant: bool | None = attrs.field(default=None, repr=False)
    """Whether users enter this tenant at sign-in, even if another tenant is their active tenant."""
    sub_account_access_limit: int | None = attrs.field(default=None, repr=False)
    """The number of sub-accounts to which users get access."""
    idp_client_id: str | None = attrs.field(default=None, repr=False)
    """The client id with which the service requests the groups from the identity provider."""
    idp_client_secret: Secret | None = attrs.field(default=None, repr=False)
    """The secret that belongs to ``idp_client_id``. ``reveal()`` returns the text."""
    generated_verification: str | None = attrs.field(default=None, repr=False)
    """The text of the TXT records that validate the domains."""
    skip_email_domain_validation: bool | None = attrs.field(default=None, repr=False)
    """Whether users may sign in even if the domain of their e-mail address is not validated."""
    config_metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Your own metadata: a JSON object, parsed."""
    domains: tuple[SsoDomain, ...] = attrs.field(default=(), repr=False, metadata=_LIST)
    """The domains whose users sign in with the configuration."""
    groups: tuple[SsoGroup, ...] = attrs.field(default=(), repr=False, metadata=_LIST)
    """The groups of the identity provider whose members get roles."""
    default_roles: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=_ROLES)
    """The ids of the roles that users of the configuration get."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""

    def config_metadata_as(self, kind: builtins.type[T]) -> T:
        """Convert ``config_metadata`` to a type of your own, as ``metadata_as`` of a tenant does with ``metadata``.

        Args:
            kind: An attrs class, a dataclass or a ``TypedDict``.

        Raises:
            DecodeError: The metadata do not fit the type. The message names the path and the expected type.
            InvalidArgumentError: ``kind`` is no such type.
        """
        from frontegg_async.models import typed_metadata  # noqa: PLC0415 - only this method needs it

        return typed_metadata.read(self, "config_metadata", kind)

    def txt_record_for(self, domain: SsoDomain) -> SsoTxtRecord:
        """Return the DNS record that the owner of a domain must publish before you validate the domain.

        The host is the domain's ``txt_record_host``, and the value is this configuration's ``generated_verification``.
        If ``txt_record_host`` has the form ``host=value``, the method takes both from this text.

        Args:
            domain: A domain of this configuration, from ``domains.create`` or from the field ``domains``.

        Returns:
            The record. Show its ``host`` and its ``value`` to your customer.

        Raises:
            InvalidArgumentError: ``domain`` is no domain of this configuration, or the service did not return the whole
                record.
        """
        if not isinstance(domain, SsoDomain):
            raise InvalidArgumentError(f"domain must be an SsoDomain, not {type(domain).__name__}")
        if domain.sso_config_id not in (None, self.id):
            raise InvalidArgumentError("domain must belong to this configuration")
        host, _, value = (domain.txt_record_host or "").partition("=")
        value = value or self.generated_verification or ""
        if not host or not value:
            missing = "generated_verification of its configuration" if host else "txt_record_host"
            raise InvalidArgumentError(f"domain has no complete TXT record: the service returned no {missing}")
        return SsoTxtRecord(host=host, value=value)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoRoleIds(Value):
    """The ids of the roles that users of an SSO configuration get."""

    role_ids: tuple[str, ...] = attrs.field(default=(), metadata=_LIST)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoExcludedEmail(Model):
    """An e-mail address that is excluded from SSO. The user with this address does not have to sign in by SSO."""

    email: str = attrs.field(default="", repr=False, metadata={EXPECTED: True})
    """The e-mail address.

    Empty if the response has no address. ``extra["email"]`` is then ``None`` for a null address, and ``""`` for a
    missing address.
    """
    id: str | None = None
    """The id of the exclusion, with which you delete it; ``None`` if the response has no id."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""

    @classmethod
    def _from_response(cls, value: object) -> Self | None:
        """Return the exclusion for an item of a response. No source documents whether items are objects or texts.

        Args:
            value: An item of the response that is no object.

        Returns:
            The exclusion, or ``None`` if the item is no address.
        """
        return cls(email=value) if isinstance(value, str) else None


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoDomainSettings(Model):
    """The rules of an environment for the verification of the domains of SSO configurations."""

    allow_verified_users_to_add_domains: bool | None = None
    """Whether verified users may add domains."""
    skip_domain_verification: bool | None = None
    """Whether SSO works without a verification of its domains."""
    bypass_domain_cross_validation: bool | None = None
    """Whether a domain may be validated even if another tenant has the same domain."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class MultipleSsoSettings(Model):
    """The rules for domains that several tenants have in their SSO configurations."""

    enabled: bool | None = attrs.field(default=None, metadata={WIRE_NAME: "active"})
    """Whether several tenants may have SSO for one domain."""
    use_active_tenant: bool | None = None
    """Whether users enter their active tenant at sign-in."""
    unspecified_tenant_strategy: str | None = None
    """The rule for a sign-in that does not name a tenant. Frontegg's API reference lists no values."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SamlSettings(Model):
    """The SAML settings of an environment.

    Frontegg's API reference lists no fields. Fields other than these are in ``extra``.
    """

    acs_url: str | None = None
    """The address that receives responses of identity providers."""
    sp_entity_id: str | None = None
    """The entity id of the application at identity providers."""
    redirect_uri: str | None = None
    """The address to which users return after the sign-in."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class OidcSettings(Model):
    """The OpenID Connect settings of an environment."""

    enabled: bool | None = attrs.field(default=None, metadata={WIRE_NAME: "active"})
    """Whether users can sign in by OpenID Connect."""
    redirect_uri: str | None = None
    """The address to which users return after the sign-in."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""
