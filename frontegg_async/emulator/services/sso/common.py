"""Helpers of the rules of SSO: look-ups, settings, and the form of configurations and their parts in responses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

from frontegg_async.emulator.services.sso.rows import (
    ENVIRONMENT,
    DomainPolicyRow,
    MultipleSsoRow,
    OidcRow,
    PartRow,
    SsoConfigurationRow,
    SsoDomainRow,
    SsoGroupRow,
)
from frontegg_async.emulator.services.sso.switches import SsoSwitches
from frontegg_async.emulator.services.support.common import find_tenant
from frontegg_async.emulator.services.support.emulated_response import service_error
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

READ: Final = "fe.secure.read.samlConfiguration"
WRITE: Final = "fe.secure.write.samlConfiguration"
DELETE: Final = "fe.secure.delete.samlConfiguration"

Part = TypeVar("Part", bound=PartRow)
SettingsRow = TypeVar("SettingsRow", MultipleSsoRow, DomainPolicyRow, OidcRow)


def find_configuration(state: State, tenant_id: str, configuration_id: str) -> SsoConfigurationRow:
    """Return a configuration of a tenant. Configurations of other tenants are not found.

    Raises:
        RequestRefusedError: 404 if the tenant does not exist or does not have the configuration.
    """
    find_tenant(state, tenant_id)
    row = state.table(SsoConfigurationRow).get(configuration_id)
    if row is None or row.tenant_id != tenant_id:
        raise service_error(404, "SSO configuration not found")
    return row


def find_part(state: State, row_type: type[Part], owner: SsoConfigurationRow, part_id: str) -> Part:
    """Return a domain or a group of a configuration.

    Raises:
        RequestRefusedError: 404 if the configuration does not have the domain or group.
    """
    row = state.table(row_type).get(part_id)
    if row is None or row.sso_config_id != owner.id:
        raise service_error(404, "SSO domain not found" if row_type is SsoDomainRow else "SSO group not found")
    return row


def parts_of(state: State, row_type: type[Part], owner: SsoConfigurationRow) -> list[Part]:
    """Return the domains or groups of a configuration, oldest first."""
    return _in_order(row for row in state.owned(row_type, owner.tenant_id) if row.sso_config_id == owner.id)


def configurations_of(state: State, tenant_id: str) -> list[SsoConfigurationRow]:
    """Return the configurations of a tenant, oldest first."""
    return sorted(state.owned(SsoConfigurationRow, tenant_id), key=lambda row: row.created_at)


def _in_order(rows: Iterable[Part]) -> list[Part]:
    return sorted(rows, key=lambda row: row.created_at)


def acs_url(environment: EmulatedEnvironment) -> str:
    """Return the assertion consumer service URL, to which identity providers post their SAML responses."""
    return f"{environment.issuer}/auth/saml/callback"


def entity_id(environment: EmulatedEnvironment) -> str:
    """Return the entity id that the environment has as a SAML service provider."""
    return f"{environment.issuer}/auth/saml/metadata"


def settings_of(environment: EmulatedEnvironment, row_type: type[SettingsRow]) -> SettingsRow:
    """Return the settings of a kind in the environment. If they were never set, return the defaults."""
    return environment.state.table(row_type).get(ENVIRONMENT) or row_type(id=ENVIRONMENT)


def shown_domain(row: SsoDomainRow) -> dict[str, object]:
    """Return a domain in the form of a response."""
    return {
        "id": row.id,
        "domain": row.domain,
        "validated": row.validated,
        "txtRecord": row.txt_record,
        "ssoConfigId": row.sso_config_id,
    }


def shown_group(row: SsoGroupRow) -> dict[str, object]:
    """Return a group in the form of a response."""
    return {
        "id": row.id,
        "group": row.group,
        "enabled": row.enabled,
        "roleIds": row.role_ids,
        "ssoConfigId": row.sso_config_id,
    }


def shown(environment: EmulatedEnvironment, row: SsoConfigurationRow) -> dict[str, object]:
    """Return a configuration in the form of a response."""
    return _shown(
        environment,
        row,
        parts_of(environment.state, SsoDomainRow, row),
        parts_of(environment.state, SsoGroupRow, row),
    )


def shown_all(environment: EmulatedEnvironment, tenant_id: str) -> list[dict[str, object]]:
    """Return the configurations of a tenant in the form of a response."""
    state = environment.state
    domains = _by_owner(state.owned(SsoDomainRow, tenant_id))
    groups = _by_owner(state.owned(SsoGroupRow, tenant_id))
    return [
        _shown(environment, row, _in_order(domains.get(row.id, ())), _in_order(groups.get(row.id, ())))
        for row in configurations_of(state, tenant_id)
    ]


def _by_owner(rows: Iterable[Part]) -> dict[str, list[Part]]:
    owned: dict[str, list[Part]] = {}
    for row in rows:
        owned.setdefault(row.sso_config_id, []).append(row)
    return owned


def _shown(
    environment: EmulatedEnvironment, row: SsoConfigurationRow, domains: list[SsoDomainRow], groups: list[SsoGroupRow]
) -> dict[str, object]:
    roles = row.role_ids
    return {
        "id": row.id,
        "tenantId": row.tenant_id,
        "enabled": row.enabled,
        "type": row.type,
        "ssoEndpoint": row.sso_endpoint,
        "publicCertificate": row.public_certificate,
        "signRequest": row.sign_request,
        "acsUrl": row.acs_url,
        "spEntityId": row.sp_entity_id,
        "oidcClientId": row.oidc_client_id,
        "oidcSecret": row.oidc_secret,
        "overrideActiveTenant": row.override_active_tenant,
        "subAccountAccessLimit": row.sub_account_access_limit,
        "idpClientId": row.idp_client_id,
        "idpClientSecret": row.idp_client_secret,
        "generatedVerification": row.generated_verification,
        "skipEmailDomainValidation": row.skip_email_domain_validation,
        "configMetadata": row.config_metadata,
        "domains": [shown_domain(domain) for domain in domains],
        "groups": [shown_group(group) for group in groups],
        "defaultRoles": roles if environment.switches[SsoSwitches].sso_default_roles == "ids" else {"roleIds": roles},
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


def remove_parts(state: State, owner: SsoConfigurationRow) -> None:
    """Remove the domains and groups of a configuration."""
    for domain in parts_of(state, SsoDomainRow, owner):
        state.remove(SsoDomainRow, domain.id)
    for group in parts_of(state, SsoGroupRow, owner):
        state.remove(SsoGroupRow, group.id)
