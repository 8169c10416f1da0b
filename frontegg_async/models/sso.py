"""Models of SSO configurations, their domains and groups, and the SSO settings of an environment, as they are read."""

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
    """Take the forms that default roles come in: ids, roles with an ``id``, or an object with ``roleIds``."""
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
    """A domain of an SSO configuration: users with an e-mail address of the domain sign in by the configuration."""

    id: str
    """The id of the domain, by which it is validated and deleted."""
    domain: str = attrs.field(default="", repr=False, metadata=_EXPECTED)
    """The domain, as ``example.com``.

    Empty where the service gives none: ``extra["domain"]`` is then ``None`` for null and ``""`` for a missing field.
    """
    validated: bool | None = None
    """Whether its owner has been verified; ``None`` where the service does not say."""
    txt_record_host: str | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "txtRecord"})
    """The host of the DNS record that the owner publishes.

    ``txt_record_for`` of the configuration returns host and value.
    """
    sso_config_id: str | None = None
    """The id of the configuration that it belongs to; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoTxtRecord(Model):
    """The TXT record that the owner of a domain publishes in the DNS, to have the domain validated."""

    host: str
    """The name of the TXT record in the DNS."""
    value: str
    """The text of the TXT record."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoGroup(Model):
    """A group of the identity provider, and the roles that its members get."""

    id: str
    """The id of the group, by which it is changed and deleted."""
    group: str = attrs.field(default="", repr=False, metadata=_EXPECTED)
    """What the identity provider calls the group.

    Empty where the service gives none: ``extra["group"]`` is then ``None`` for null and ``""`` for a missing field.
    """
    enabled: bool | None = None
    """Whether its members get the roles; ``None`` where the service does not say."""
    role_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=_LIST)
    """The ids of the roles that its members get."""
    sso_config_id: str | None = None
    """The id of the configuration that it belongs to; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoConfiguration(Model):
    """An SSO configuration: how users of a tenant sign in with its identity provider."""

    id: str
    """The id of the configuration."""
    tenant_id: str | None = None
    """The id of the tenant; ``None`` where the service does not say."""
    type: SsoType | str | None = None
    """The protocol: an `SsoType`, or a text that this version does not know."""
    enabled: bool | None = None
    """Whether users can sign in by it; ``None`` where the service does not say."""
    sso_endpoint: str | None = attrs.field(default=None, repr=False)
    """The address of the identity provider where users sign in."""
    public_certificate: str | None = attrs.field(default=None, repr=False)
    """The identity provider's certificate: the base64 of a PEM text."""
    sign_request: bool | None = attrs.field(default=None, repr=False)
    """Whether requests to the identity provider are signed."""
    acs_url: str | None = attrs.field(default=None, repr=False)
    """The address that takes the identity provider's responses."""
    sp_entity_id: str | None = attrs.field(default=None, repr=False)
    """What the identity provider knows the application as."""
    oidc_client_id: str | None = attrs.field(default=None, repr=False)
    """The client id at an OIDC provider."""
    oidc_secret: Secret | None = attrs.field(default=None, repr=False)
    """The client secret at an OIDC provider. ``reveal()`` returns the text."""
    override_active_tenant: bool | None = attrs.field(default=None, repr=False)
    """Whether users get to this tenant when they sign in, whatever their active one is."""
    sub_account_access_limit: int | None = attrs.field(default=None, repr=False)
    """How many sub-accounts users get access to."""
    idp_client_id: str | None = attrs.field(default=None, repr=False)
    """The client id with which groups are read at the identity provider."""
    idp_client_secret: Secret | None = attrs.field(default=None, repr=False)
    """The secret that goes with ``idp_client_id``. ``reveal()`` returns the text."""
    generated_verification: str | None = attrs.field(default=None, repr=False)
    """The text of the TXT records by which the domains are validated."""
    skip_email_domain_validation: bool | None = attrs.field(default=None, repr=False)
    """Whether users may sign in though the domain of their address is not validated."""
    config_metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """A JSON object of your own, parsed."""
    domains: tuple[SsoDomain, ...] = attrs.field(default=(), repr=False, metadata=_LIST)
    """The domains whose users sign in by it."""
    groups: tuple[SsoGroup, ...] = attrs.field(default=(), repr=False, metadata=_LIST)
    """The groups of the identity provider that give roles."""
    default_roles: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=_ROLES)
    """The ids of the roles that its users get."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was last changed."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""

    def config_metadata_as(self, kind: builtins.type[T]) -> T:
        """Return ``config_metadata`` as a type of your own, as ``metadata_as`` of a tenant returns its metadata.

        Args:
            kind: An attrs class, a dataclass or a ``TypedDict``.

        Raises:
            DecodeError: The metadata differ from the type; the message names the path and what is expected.
            InvalidArgumentError: ``kind`` is another type.
        """
        from frontegg_async.models import typed_metadata  # noqa: PLC0415 - only for those who use it

        return typed_metadata.read(self, "config_metadata", kind)

    def txt_record_for(self, domain: SsoDomain) -> SsoTxtRecord:
        """Return the DNS record that the owner of a domain publishes before the domain can be validated.

        The host is the domain's ``txt_record_host``, and the value is this configuration's
        ``generated_verification``. A ``txt_record_host`` that holds both, as ``host=value``, is split.

        Args:
            domain: A domain of this configuration, as ``domains.create`` and ``domains`` have it.

        Returns:
            The record: show its ``host`` and its ``value`` to your customer.

        Raises:
            InvalidArgumentError: It is no domain of this configuration, or the service did not tell all of the record.
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
    """The ids of the roles that users get who sign in by an SSO configuration."""

    role_ids: tuple[str, ...] = attrs.field(default=(), metadata=_LIST)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoExcludedEmail(Model):
    """An e-mail address whose user does not have to sign in by SSO."""

    email: str = attrs.field(default="", repr=False, metadata={EXPECTED: True})
    """The e-mail address.

    Empty where the service gives none: ``extra["email"]`` is then ``None`` for null and ``""`` for a missing field.
    """
    id: str | None = None
    """The id of the exclusion, by which it is deleted; ``None`` where the service gives none."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""

    @classmethod
    def _from_response(cls, value: object) -> Self | None:
        """Return the exclusion that an item of a response stands for: no source says whether it is an object or a text.

        Args:
            value: An item of the response that is no object.

        Returns:
            The address, or ``None`` if it is none.
        """
        return cls(email=value) if isinstance(value, str) else None


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoDomainSettings(Model):
    """How the domains of an environment's SSO configurations are verified."""

    allow_verified_users_to_add_domains: bool | None = None
    """Whether verified users may add domains."""
    skip_domain_verification: bool | None = None
    """Whether domains need no verification."""
    bypass_domain_cross_validation: bool | None = None
    """Whether a domain may be validated though another tenant has it."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class MultipleSsoSettings(Model):
    """Whether several tenants of an environment may have SSO for one domain, and which of them a user then gets to."""

    enabled: bool | None = attrs.field(default=None, metadata={WIRE_NAME: "active"})
    """Whether several tenants may have SSO for one domain."""
    use_active_tenant: bool | None = None
    """Whether users get to their active tenant."""
    unspecified_tenant_strategy: str | None = None
    """What happens when it is not said which tenant is meant; the reference names no values."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SamlSettings(Model):
    """The SAML settings of an environment. The reference names no field: what is not here is in ``extra``."""

    acs_url: str | None = None
    """The address that takes the identity providers' responses."""
    sp_entity_id: str | None = None
    """What identity providers know the application as."""
    redirect_uri: str | None = None
    """Where users get back to."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class OidcSettings(Model):
    """The OpenID Connect settings of an environment."""

    enabled: bool | None = attrs.field(default=None, metadata={WIRE_NAME: "active"})
    """Whether users can sign in by OpenID Connect."""
    redirect_uri: str | None = None
    """Where users get back to."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""
