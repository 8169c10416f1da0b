"""The rules of domains and groups of SSO configurations: functions that serve the operations."""

from __future__ import annotations

import re
from typing import Final, cast

import msgspec

from frontegg_async._values.ascii_case import folded
from frontegg_async.emulator.services.sso.common import (
    DELETE,
    READ,
    WRITE,
    find_configuration,
    find_part,
    parts_of,
    settings_of,
    shown_domain,
    shown_group,
)
from frontegg_async.emulator.services.sso.rows import (
    DomainPolicyRow,
    MultipleSsoRow,
    SsoConfigurationRow,
    SsoDomainRow,
    SsoGroupRow,
    TxtRecordsRow,
    host_key,
)
from frontegg_async.emulator.services.sso.switches import SsoSwitches
from frontegg_async.emulator.services.support.common import find_tenant
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOMAIN: Final = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+{_LABEL}")


def _owner(environment: EmulatedEnvironment, call: IncomingCall) -> SsoConfigurationRow:
    return find_configuration(environment.state, call.tenant_id, call.path["configuration_id"])


def _domain(environment: EmulatedEnvironment, call: IncomingCall) -> SsoDomainRow:
    return find_part(environment.state, SsoDomainRow, _owner(environment, call), call.path["domain_id"])


def create_domain(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add a domain to a configuration."""
    name = cast("str", call.body["domain"])
    if environment.switches[SsoSwitches].sso_domain_syntax == "check" and not _DOMAIN.fullmatch(name):
        raise validation_error(["domain must be a valid domain name"])
    owner = _owner(environment, call)
    _check_free(environment, owner, name)
    tenant = find_tenant(environment.state, owner.tenant_id)
    row = SsoDomainRow(
        id=environment.new_id(),
        tenant_id=owner.tenant_id,
        sso_config_id=owner.id,
        created_at=environment.clock.timestamp(),
        domain=name,
        validated=_is_validated_at_once(environment, owner, call, name),
        txt_record=_txt_record(environment, owner, f"_saml-domain-challenge.{tenant.id}.{owner.id}.{name}"),
    )
    environment.state.put(row)
    return EmulatedResponse(status=201, body=shown_domain(row))


def _txt_record(environment: EmulatedEnvironment, owner: SsoConfigurationRow, host: str) -> str:
    if environment.switches[SsoSwitches].sso_txt_record == "host":
        return host
    return f"{host}={owner.generated_verification}"


def _check_free(environment: EmulatedEnvironment, owner: SsoConfigurationRow, name: str) -> None:
    switches = environment.switches
    key = folded(name)
    taken = [row for row in environment.state.table(SsoDomainRow).values() if folded(row.domain) == key]
    clashes = any(row.sso_config_id == owner.id for row in taken)
    if (
        switches[SsoSwitches].sso_domain_elsewhere != "accept"
        and not settings_of(environment, DomainPolicyRow).bypass_domain_cross_validation
        and not settings_of(environment, MultipleSsoRow).active
    ):
        every = switches[SsoSwitches].sso_domain_elsewhere == "refuse"
        clashes = clashes or any(row.validated or every for row in taken)
    if clashes:
        raise service_error(switches[SsoSwitches].sso_duplicate_domain, "The domain is in use already")


def _is_validated_at_once(
    environment: EmulatedEnvironment, owner: SsoConfigurationRow, call: IncomingCall, name: str
) -> bool:
    policy = settings_of(environment, DomainPolicyRow)
    switches = environment.switches
    own = policy.allow_verified_users_to_add_domains and switches[SsoSwitches].sso_verified_users == "validate"
    skips = owner.skip_email_domain_validation and switches[SsoSwitches].sso_skip_email_domain == "validate"
    return policy.skip_domain_verification or skips or (own and _is_of(call.caller.email, name))


def _is_of(email: str, domain: str) -> bool:
    return folded(email.rpartition("@")[2]) == folded(domain)


def delete_domain(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove a domain."""
    environment.state.remove(SsoDomainRow, _domain(environment, call).id)
    return EmulatedResponse()


def validate_domain(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Validate a domain with its TXT record. A switch decides where the record is looked up, or sets the result."""
    owner = _owner(environment, call)
    row = find_part(environment.state, SsoDomainRow, owner, call.path["domain_id"])
    validation = environment.switches[SsoSwitches].sso_domain_validation
    if validation == "unvalidated":
        return EmulatedResponse()
    if validation == "refuse" or (validation == "published" and not _is_published(environment, owner, row)):
        raise service_error(400, "The TXT record of the domain was not found")
    return _set_validated(environment, row)


def _is_published(environment: EmulatedEnvironment, owner: SsoConfigurationRow, row: SsoDomainRow) -> bool:
    """Return whether the emulated DNS has the TXT record of a domain.

    The record may be at its own host. It may also be at the domain itself, as a text with the host and the value.
    """
    host, _, value = row.txt_record.partition("=")
    value = value or owner.generated_verification
    records = environment.state.table(TxtRecordsRow)
    wanted = ((host, value), (row.domain, f"{host}={value}"))
    return any(text in found.values for name, text in wanted if (found := records.get(host_key(name))) is not None)


def validate_domain_by_email(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Validate a domain if the e-mail address of the user belongs to it."""
    row = _domain(environment, call)
    if call.caller.kind == "user":
        is_proven = _is_of(call.caller.email, row.domain)
    else:
        is_proven = environment.switches[SsoSwitches].sso_validation_by_vendor == "succeed"
    if not is_proven:
        raise service_error(400, "The domain is not that of your e-mail address")
    return _set_validated(environment, row)


def force_validate_domain(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set whether a domain of a tenant is validated. This changes the domain in every configuration that has it."""
    tenant_id, name = cast("str", call.body["tenantId"]), folded(call.path["domain"])
    find_tenant(environment.state, tenant_id)
    rows = [row for row in environment.state.owned(SsoDomainRow, tenant_id) if folded(row.domain) == name]
    if not rows:
        raise service_error(404, "SSO domain not found")
    for row in rows:
        _set_validated(environment, row, validated=bool(call.body["validated"]))
    return EmulatedResponse()


def _set_validated(environment: EmulatedEnvironment, row: SsoDomainRow, *, validated: bool = True) -> EmulatedResponse:
    environment.state.put(msgspec.structs.replace(row, validated=validated))
    return EmulatedResponse()


def create_group(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add a group to a configuration."""
    owner = _owner(environment, call)
    name, role_ids = _read_group(call)
    _check_name(environment, owner, name)
    row = SsoGroupRow(
        id=environment.new_id(),
        tenant_id=owner.tenant_id,
        sso_config_id=owner.id,
        created_at=environment.clock.timestamp(),
        group=name,
        role_ids=role_ids,
    )
    environment.state.put(row)
    return EmulatedResponse(status=201, body=shown_group(row))


def _read_group(call: IncomingCall) -> tuple[str, tuple[str, ...]]:
    name = cast("str", call.body["group"])
    if not name:
        raise validation_error(["group should not be empty"])
    return name, tuple(dict.fromkeys(cast("list[str]", call.body["roleIds"])))


def _check_name(environment: EmulatedEnvironment, owner: SsoConfigurationRow, name: str, own_id: str = "") -> None:
    if environment.switches[SsoSwitches].sso_duplicate_group == "accept":
        return
    if any(row.group == name and row.id != own_id for row in parts_of(environment.state, SsoGroupRow, owner)):
        raise service_error(400, "The configuration has a group of that name already")


def list_groups(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the groups of a configuration."""
    rows = parts_of(environment.state, SsoGroupRow, _owner(environment, call))
    return EmulatedResponse(body=[shown_group(row) for row in rows])


def update_group(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Replace the name and the roles of a group."""
    owner = _owner(environment, call)
    row = find_part(environment.state, SsoGroupRow, owner, call.path["group_id"])
    name, role_ids = _read_group(call)
    _check_name(environment, owner, name, row.id)
    changed = msgspec.structs.replace(row, group=name, role_ids=role_ids)
    environment.state.put(changed)
    return EmulatedResponse(body=shown_group(changed))


def delete_group(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove a group."""
    row = find_part(environment.state, SsoGroupRow, _owner(environment, call), call.path["group_id"])
    environment.state.remove(SsoGroupRow, row.id)
    return EmulatedResponse()


RULES = {
    "sso.domains.create": Rule(run=create_domain, permission=WRITE),
    "sso.domains.delete": Rule(run=delete_domain, permission=DELETE),
    "sso.domains.validate": Rule(run=validate_domain, permission=WRITE),
    "sso.domains.validate_v1": Rule(run=validate_domain, permission=WRITE),
    "sso.domains.validate_by_email": Rule(run=validate_domain_by_email, permission=WRITE),
    "sso.domains.set_validated": Rule(run=force_validate_domain, takes_tenant_header=True),
    "sso.groups.create": Rule(run=create_group, permission=WRITE),
    "sso.groups.list": Rule(run=list_groups, permission=READ),
    "sso.groups.update": Rule(run=update_group, permission=WRITE),
    "sso.groups.delete": Rule(run=delete_group, permission=DELETE),
}
