"""The stored forms of SSO configurations, of their domains and groups, and of the environment's SSO settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from frontegg_async._values.ascii_case import folded
from frontegg_async.emulator.checks.nesting import is_too_deep
from frontegg_async.emulator.store.table_row import Find, TableRow

ConfigurationType: TypeAlias = Literal["saml", "oidc"]
ENVIRONMENT: Final = "environment"
"""The id of the only row in each table of settings."""


class SsoConfigurationRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A SAML or OIDC configuration of a tenant, with its default roles."""

    type: ConfigurationType
    created_at: str
    updated_at: str
    generated_verification: str
    enabled: bool = False
    sso_endpoint: str | None = None
    public_certificate: str | None = None
    sign_request: bool = False
    acs_url: str | None = None
    sp_entity_id: str | None = None
    oidc_client_id: str | None = None
    oidc_secret: str | None = None
    idp_client_id: str | None = None
    idp_client_secret: str | None = None
    override_active_tenant: bool = False
    sub_account_access_limit: int | float | None = None
    skip_email_domain_validation: bool = False
    config_metadata: object = None  # any JSON value; msgspec cannot read a recursive type
    role_ids: tuple[str, ...] = ()

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at, self.updated_at)

    def problem(self, find: Find) -> str | None:
        """Return an error if the configuration has no tenant, or if its metadata is nested too deeply."""
        del find
        if not self.tenant_id:
            return "an SSO configuration must have a tenant"
        return "the configMetadata is nested too deeply" if is_too_deep(self.config_metadata) else None


class PartRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The base class of domains and groups. A domain or a group belongs to one configuration."""

    sso_config_id: str
    created_at: str

    def moments(self) -> tuple[str, ...]:
        """Return the time in the row, so that its format can be checked."""
        return (self.created_at,)

    def problem(self, find: Find) -> str | None:
        """Return an error if the tenant of the row does not have the configuration."""
        owner = find(SsoConfigurationRow, self.sso_config_id)
        if owner is None or owner.tenant_id != self.tenant_id:
            return f"the tenant has no SSO configuration {self.sso_config_id!r}"
        return None


class SsoDomainRow(PartRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An e-mail domain. Users with addresses in this domain sign in through the configuration."""

    domain: str
    validated: bool
    txt_record: str


class SsoGroupRow(PartRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A group of the identity provider, and the roles that members of the group get."""

    group: str
    role_ids: tuple[str, ...]
    enabled: bool = True


class ExcludedEmailRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An e-mail address that is excluded from SSO. The id of the row is the address in lower case."""

    email: str


class MultipleSsoRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The setting whether several tenants may share a domain, and which of these tenants a sign-in enters."""

    active: bool = False
    unspecified_tenant_strategy: str = "BLOCK"
    use_active_tenant: bool = False


class DomainPolicyRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The policy for the validation of domains."""

    allow_verified_users_to_add_domains: bool = False
    skip_domain_verification: bool = False
    bypass_domain_cross_validation: bool = False


class TxtRecordsRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The TXT records of a host in the emulated DNS. The id of the row is the host name in lower case."""

    values: tuple[str, ...] = ()


class OidcRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The OIDC settings of the environment: whether OIDC is enabled, and the redirect URI."""

    active: bool = False
    redirect_uri: str | None = None


def host_key(host: str) -> str:
    """Return the id of the row of a host: the host name in lower case without a final dot."""
    return folded(host.removesuffix("."))


TABLES: Final[Mapping[str, type[TableRow]]] = {
    "ssoConfigurations": SsoConfigurationRow,
    "ssoDomains": SsoDomainRow,
    "ssoGroups": SsoGroupRow,
    "ssoExcludedEmails": ExcludedEmailRow,
    "ssoMultiple": MultipleSsoRow,
    "ssoDomainPolicy": DomainPolicyRow,
    "oidc": OidcRow,
    "txtRecords": TxtRecordsRow,
}
