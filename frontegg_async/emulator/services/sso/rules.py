"""The rules of SSO configurations and their default roles.

A configuration gets its values from the fields in a body or from the SAML metadata of an identity provider.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.sso.common import (
    DELETE,
    READ,
    WRITE,
    acs_url,
    entity_id,
    find_configuration,
    remove_parts,
    shown,
    shown_all,
)
from frontegg_async.emulator.services.sso.rows import SsoConfigurationRow
from frontegg_async.emulator.services.sso.saml import read_metadata, to_base64
from frontegg_async.emulator.services.sso.switches import SsoSwitches
from frontegg_async.emulator.services.support.common import find_tenant
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

READ_ROLES: Final = "fe.secure.read.samlDefaultRoles"
WRITE_ROLES: Final = "fe.secure.write.samlDefaultRoles"

_FIELDS: Final[Mapping[str, str]] = {
    "type": "type",
    "enabled": "enabled",
    "ssoEndpoint": "sso_endpoint",
    "publicCertificate": "public_certificate",
    "signRequest": "sign_request",
    "acsUrl": "acs_url",
    "spEntityId": "sp_entity_id",
    "oidcClientId": "oidc_client_id",
    "oidcSecret": "oidc_secret",
    "overrideActiveTenant": "override_active_tenant",
    "subAccountAccessLimit": "sub_account_access_limit",
    "idpClientId": "idp_client_id",
    "idpClientSecret": "idp_client_secret",
    "configMetadata": "config_metadata",
    "skipEmailDomainValidation": "skip_email_domain_validation",
}
_NOT_DESCRIBED: Final = "skipEmailDomainValidation"
"""The only field that clients send but the API description does not contain."""

_LIMIT: Final = "subAccountAccessLimit"


def _changes(environment: EmulatedEnvironment, body: Mapping[str, JsonValue]) -> dict[str, object]:
    limit = body.get(_LIMIT)
    if isinstance(limit, bool) or not isinstance(limit, int | float | None):
        raise validation_error([f"{_LIMIT} must be a number"])
    changes: dict[str, object] = {_FIELDS[name]: value for name, value in body.items() if name in _FIELDS}
    certificate = body.get("publicCertificate")
    encodes = environment.switches[SsoSwitches].sso_certificate == "encode_pem"
    if isinstance(certificate, str) and certificate.lstrip().startswith("-----BEGIN") and encodes:
        changes["public_certificate"] = to_base64(certificate)
    return changes


def _check_whole(environment: EmulatedEnvironment, body: Collection[str]) -> None:
    if environment.switches[SsoSwitches].sso_v1_requires_all == "off":
        return
    missing = [name for name in _FIELDS if name not in body and name != _NOT_DESCRIBED]
    if missing:
        raise validation_error([f"{name} should not be null or undefined" for name in missing])


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a configuration of the tenant whose id is in the body."""
    return _create(environment, cast("str", call.body["tenantId"]), _changes(environment, call.body))


def create_v1(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a configuration of the tenant in the request's header."""
    _check_whole(environment, call.body)
    return _create(environment, call.tenant_id, _changes(environment, call.body))


def _create(environment: EmulatedEnvironment, tenant_id: str, changes: Mapping[str, object]) -> EmulatedResponse:
    find_tenant(environment.state, tenant_id)
    if changes.get("type") is None and environment.switches[SsoSwitches].sso_create_without_type == "refuse":
        raise validation_error(["type must be one of the following values: saml, oidc"])
    now = environment.clock.timestamp()
    row = SsoConfigurationRow(
        id=environment.new_id(),
        tenant_id=tenant_id,
        type="saml",
        created_at=now,
        updated_at=now,
        generated_verification=environment.new_id(),
        enabled=environment.switches[SsoSwitches].sso_enabled_at_first == "yes",
        acs_url=acs_url(environment),
        sp_entity_id=entity_id(environment),
    )
    given = {name: value for name, value in changes.items() if value is not None}
    row = msgspec.structs.replace(row, **given)
    environment.state.put(row)
    return EmulatedResponse(status=201, body=shown(environment, row))


def list_all(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the configurations of a tenant."""
    find_tenant(environment.state, call.tenant_id)
    return EmulatedResponse(body=shown_all(environment, call.tenant_id))


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of a configuration. The id of its tenant is in the body."""
    return _update(environment, cast("str", call.body["tenantId"]), call)


def update_v1(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of a configuration. The id of its tenant is in the request's header."""
    _check_whole(environment, call.body)
    return _update(environment, call.tenant_id, call)


def _update(environment: EmulatedEnvironment, tenant_id: str, call: IncomingCall) -> EmulatedResponse:
    changes = _changes(environment, call.body)
    row = find_configuration(environment.state, tenant_id, call.path["configuration_id"])
    if not changes and environment.switches[SsoSwitches].sso_empty_update == "refuse":
        raise validation_error(["the body must have at least one property to change"])
    return _store(environment, row, changes) if changes else EmulatedResponse(body=shown(environment, row))


def _store(
    environment: EmulatedEnvironment, row: SsoConfigurationRow, changes: Mapping[str, object]
) -> EmulatedResponse:
    changed = msgspec.structs.replace(row, **changes, updated_at=environment.clock.timestamp())
    environment.state.put(changed)
    return EmulatedResponse(body=shown(environment, changed))


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a configuration with its domains and groups."""
    state = environment.state
    row = find_configuration(state, call.tenant_id, call.path["configuration_id"])
    remove_parts(state, row)
    state.remove(SsoConfigurationRow, row.id)
    return EmulatedResponse()


def create_from_metadata(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a configuration with the values in SAML metadata."""
    return _create(environment, call.tenant_id, _from_metadata(environment, call))


def update_from_metadata(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change a configuration to the values in SAML metadata. Other fields keep their values."""
    changes = _from_metadata(environment, call)
    return _store(
        environment, find_configuration(environment.state, call.tenant_id, call.path["configuration_id"]), changes
    )


def _from_metadata(environment: EmulatedEnvironment, call: IncomingCall) -> dict[str, object]:
    try:
        metadata = read_metadata(cast("str", call.body["metadata"]))
    except ValueError as error:
        raise validation_error([f"metadata cannot be read: {error}"]) from None
    whole = metadata.entity_id and metadata.sso_endpoint and metadata.certificate
    if not whole and environment.switches[SsoSwitches].sso_metadata_check == "identity_provider":
        raise service_error(
            400, "The metadata must have the entity id, endpoint and certificate of an identity provider"
        )
    changes: dict[str, object] = {"type": "saml"}
    if metadata.sso_endpoint:
        changes["sso_endpoint"] = metadata.sso_endpoint
    if metadata.certificate:
        changes["public_certificate"] = to_base64(metadata.certificate)
    return changes


def create_from_metadata_url(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a SAML configuration for a metadata URL. The emulator does not fetch the metadata from the URL."""
    return _create(environment, call.tenant_id, _from_url(call))


def update_from_metadata_url(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change the type of a configuration to SAML if a metadata URL is given.

    The emulator does not fetch the metadata from the URL, so other fields keep their values.
    """
    row = find_configuration(environment.state, call.tenant_id, call.path["configuration_id"])
    return _store(environment, row, _from_url(call))


def _from_url(call: IncomingCall) -> dict[str, object]:
    if not cast("str", call.body["url"]).lower().startswith(("http://", "https://")):
        raise validation_error(["url must be a URL address"])
    given = call.body.get("configMetadata")
    return {"type": "saml", **({} if given is None else {"config_metadata": given})}


def get_default_roles(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the default roles of a configuration."""
    row = find_configuration(environment.state, call.tenant_id, call.path["configuration_id"])
    return EmulatedResponse(body={"roleIds": row.role_ids})


def set_default_roles(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Replace the default roles of a configuration."""
    row = find_configuration(environment.state, call.tenant_id, call.path["configuration_id"])
    role_ids = tuple(dict.fromkeys(cast("list[str]", call.body["roleIds"])))
    _store(environment, row, {"role_ids": role_ids})
    return EmulatedResponse(status=201)


RULES = {
    "sso.create": Rule(run=create, any_json=(_LIMIT,)),
    "sso.create_v1": Rule(run=create_v1, permission=WRITE, any_json=(_LIMIT,)),
    "sso.list": Rule(run=list_all, permission=READ),
    "sso.update": Rule(run=update, any_json=(_LIMIT,)),
    "sso.update_v1": Rule(run=update_v1, permission=WRITE, any_json=(_LIMIT,)),
    "sso.delete": Rule(run=delete, permission=DELETE),
    "sso.create_from_metadata": Rule(run=create_from_metadata, permission=WRITE),
    "sso.update_from_metadata": Rule(run=update_from_metadata, permission=WRITE),
    "sso.create_from_metadata_url": Rule(run=create_from_metadata_url, permission=WRITE),
    "sso.update_from_metadata_url": Rule(run=update_from_metadata_url, permission=WRITE),
    "sso.default_roles.get": Rule(run=get_default_roles, permission=READ_ROLES),
    "sso.default_roles.set": Rule(run=set_default_roles, permission=WRITE_ROLES),
}

TAGS = {
    "sso": Tag("The sign-in of tenants' users by SAML and OpenID Connect.", write_body="sso_write_body", changes="sso"),
}
