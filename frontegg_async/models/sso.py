"""SSO configurations with their domains and groups, as they are read."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Self, cast

import attrs

from frontegg_async._values.fields import EXPECTED, READ
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async._values.value import Value
from frontegg_async.errors import InvalidArgumentError


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
    OIDC = "oidc"


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoDomain(Value):
    """A domain of an SSO configuration.

    ``txt_record`` is the host of the TXT record that its owner publishes before it can be validated. The value of the
    record is the configuration's ``generated_verification``: `SsoConfiguration.txt_record_for` has both.

    ``domain`` is empty where the service gives none; ``extra["domain"]`` is ``None`` then for null, and ``""`` for one
    that is missing.
    """

    id: str
    domain: str = attrs.field(default="", repr=False, metadata=_EXPECTED)
    validated: bool | None = None
    txt_record: str | None = attrs.field(default=None, repr=False)
    sso_config_id: str | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SsoTxtRecord(Value):
    """What the owner of a domain publishes in its DNS: a TXT record at ``host`` whose text is ``value``."""

    host: str = attrs.field(repr=False)
    value: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoGroup(Value):
    """A group of the identity provider, and the roles that its members get.

    ``group`` is empty where the service gives none; ``extra["group"]`` is ``None`` then for null, and ``""`` for one
    that is missing.
    """

    id: str
    group: str = attrs.field(default="", repr=False, metadata=_EXPECTED)
    enabled: bool | None = None
    role_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=_LIST)
    sso_config_id: str | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoConfiguration(Value):
    """How users of a tenant sign in with its identity provider.

    ``type`` may be text that this version does not know. ``public_certificate`` is the base64 of a PEM text.
    ``default_roles`` has the ids of roles. ``generated_verification`` is the value of the TXT records by which its
    domains are validated. The secrets show only when their ``reveal()`` is called.
    """

    id: str
    tenant_id: str | None = None
    type: SsoType | str | None = None
    enabled: bool | None = None
    sso_endpoint: str | None = attrs.field(default=None, repr=False)
    public_certificate: str | None = attrs.field(default=None, repr=False)
    sign_request: bool | None = attrs.field(default=None, repr=False)
    acs_url: str | None = attrs.field(default=None, repr=False)
    sp_entity_id: str | None = attrs.field(default=None, repr=False)
    oidc_client_id: str | None = attrs.field(default=None, repr=False)
    oidc_secret: Secret | None = attrs.field(default=None, repr=False)
    override_active_tenant: bool | None = attrs.field(default=None, repr=False)
    sub_account_access_limit: int | float | None = attrs.field(default=None, repr=False)
    idp_client_id: str | None = attrs.field(default=None, repr=False)
    idp_client_secret: Secret | None = attrs.field(default=None, repr=False)
    generated_verification: str | None = attrs.field(default=None, repr=False)
    skip_email_domain_validation: bool | None = attrs.field(default=None, repr=False)
    config_metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    domains: tuple[SsoDomain, ...] = attrs.field(default=(), repr=False, metadata=_LIST)
    groups: tuple[SsoGroup, ...] = attrs.field(default=(), repr=False, metadata=_LIST)
    default_roles: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=_ROLES)
    created_at: datetime | None = attrs.field(default=None, repr=False)
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)

    def txt_record_for(self, domain: SsoDomain) -> SsoTxtRecord:
        """Return the DNS record that the owner of a domain publishes before the domain can be validated.

        The host is the domain's ``txt_record``, and the value this configuration's ``generated_verification``. Where
        both stand in one text, as ``host=value``, they are taken apart.

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
            raise InvalidArgumentError("domain must be one of this configuration, not of another one")
        host, _, value = (domain.txt_record or "").partition("=")
        value = value or self.generated_verification or ""
        if not host or not value:
            missing = "generated_verification of its configuration" if host else "txt_record"
            raise InvalidArgumentError(f"domain must be one whose TXT record the service told: it has no {missing}")
        return SsoTxtRecord(host=host, value=value)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoRoleIds(Value):
    """The ids of the roles that users get who sign in by an SSO configuration."""

    role_ids: tuple[str, ...] = attrs.field(default=(), metadata=_LIST)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoExcludedEmail(Value):
    """An e-mail address that does not have to use SSO.

    ``email`` is empty where the service gives none; ``extra["email"]`` is ``None`` then for null, and ``""`` for one
    that is missing.
    """

    email: str = attrs.field(default="", repr=False, metadata={EXPECTED: True})
    id: str | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)

    @classmethod
    def from_answer(cls, value: object) -> Self | None:
        """Return the address that stands for itself in an array: no source tells whether they are objects or texts.

        Args:
            value: An item of the answer that is no object.

        Returns:
            The address, or ``None`` if it is none.
        """
        return cls(email=value) if isinstance(value, str) else None


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SsoDomainSettings(Value):
    """How the domains of an environment's SSO configurations are verified."""

    allow_verified_users_to_add_domains: bool | None = None
    skip_domain_verification: bool | None = None
    bypass_domain_cross_validation: bool | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class MultipleSsoSettings(Value):
    """Whether several tenants of an environment may have SSO for one domain, and where a user goes then."""

    active: bool | None = None
    use_active_tenant: bool | None = None
    unspecified_tenant_strategy: str | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SamlSettings(Value):
    """The SAML settings of an environment. The reference names no field: what is not here is in ``extra``."""

    acs_url: str | None = None
    sp_entity_id: str | None = None
    redirect_uri: str | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class OidcSettings(Value):
    """The OpenID Connect settings of an environment."""

    active: bool | None = None
    redirect_uri: str | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
