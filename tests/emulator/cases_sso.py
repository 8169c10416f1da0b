"""Requests about SSO: one that succeeds for each operation, others of other shapes, and each operation's own errors."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final

from tests.emulator.cases import Case, case

ACME: Final = {"frontegg-tenant-id": "acme"}
NOBODY: Final = {"frontegg-tenant-id": "nobody"}
_NOW: Final = "2024-01-31T12:00:00.000Z"
_UNSET: Final = {"sso_unset_settings": "not_found"}
_PEM: Final = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

METADATA: Final = """<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example/entity">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="encryption">
      <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
        <ds:X509Certificate>AAAA</ds:X509Certificate>
      </ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
        <ds:X509Certificate>
          MIIB
          CDEF
        </ds:X509Certificate>
      </ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
      Location="https://idp.example/post"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
      Location="https://idp.example/redirect"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
"""
"""Metadata of an identity provider."""


def _configuration(configuration_id: str, tenant_id: str, **fields: object) -> dict[str, object]:
    return {
        "id": configuration_id,
        "tenantId": tenant_id,
        "type": "saml",
        "createdAt": _NOW,
        "updatedAt": _NOW,
        "generatedVerification": "verify",
        **fields,
    }


def _part(part_id: str, owner: str, tenant_id: str, **fields: object) -> dict[str, object]:
    return {"id": part_id, "ssoConfigId": owner, "tenantId": tenant_id, "createdAt": _NOW, **fields}


TABLES: Final[Mapping[str, Any]] = {
    "ssoConfigurations": [
        _configuration("s1", "acme", ssoEndpoint="https://idp.example", roleIds=["r1"], subAccountAccessLimit=2),
        _configuration("s2", "other", type="oidc", oidcSecret="hush", configMetadata={"a": [None]}),
    ],
    "ssoDomains": [
        _part("d1", "s1", "acme", domain="acme.example", validated=False, txtRecord="txt"),
        _part("d2", "s2", "other", domain="other.example", validated=True, txtRecord="txt"),
    ],
    "ssoGroups": [_part("g1", "s1", "acme", group="staff", roleIds=["r1"])],
    "ssoExcludedEmails": [{"id": "ann@acme.example", "email": "Ann@acme.example"}],
}
"""A configuration each of two tenants, as a snapshot has them."""

_SAML: Final = {
    "type": "saml",
    "enabled": True,
    "ssoEndpoint": "https://idp.example/sso",
    "publicCertificate": base64.b64encode(_PEM.encode()).decode(),
    "signRequest": True,
    "acsUrl": "https://acme.example/acs",
    "spEntityId": "acme",
    "configMetadata": {"idp": ["okta", None]},
    "overrideActiveTenant": False,
    "subAccountAccessLimit": 2,
    "idpClientId": "groups",
    "idpClientSecret": "hush",
}
_POLICY: Final = {
    "allowVerifiedUsersToAddDomains": True,
    "skipDomainVerification": True,
    "bypassDomainCrossValidation": True,
}
_MULTIPLE: Final = {"active": True, "useActiveTenant": True, "unspecifiedTenantStrategy": "BLOCK"}


def _about_acme(name: str, status: int, *fields: str, body: object = None) -> Case:
    return case(name, status, *fields, body=body, headers=ACME)


_GOOD: Final = (
    case("sso.create", 201, body={"tenantId": "acme", "skipEmailDomainValidation": True, **_SAML}),
    _about_acme("sso.create_v1", 201, body=_SAML),
    _about_acme("sso.list", 200),
    case("sso.update", 200, "s1", body={"tenantId": "acme", "enabled": True, "skipEmailDomainValidation": False}),
    _about_acme("sso.update_v1", 200, "s1", body={"type": "oidc", "oidcSecret": "hush", "acsUrl": None}),
    _about_acme("sso.delete", 200, "s1"),
    _about_acme("sso.create_from_metadata", 201, body={"metadata": METADATA}),
    _about_acme("sso.update_from_metadata", 200, "s1", body={"metadata": METADATA}),
    _about_acme("sso.domains.create", 201, "s1", body={"domain": "new.example"}),
    _about_acme("sso.domains.delete", 200, "s1", "d1"),
    _about_acme("sso.domains.validate", 200, "s1", "d1"),
    _about_acme("sso.domains.validate_by_email", 200, "s1", "d1"),
    _about_acme("sso.default_roles.get", 200, "s1"),
    _about_acme("sso.default_roles.set", 201, "s1", body={"roleIds": ["r2", "r3"]}),
    _about_acme("sso.groups.create", 201, "s1", body={"group": "admins", "roleIds": ["r1"]}),
    _about_acme("sso.groups.list", 200, "s1"),
    _about_acme("sso.groups.update", 200, "s1", "g1", body={"group": "people", "roleIds": []}),
    _about_acme("sso.groups.delete", 200, "s1", "g1"),
    case("sso.get_sp_certificate", 200),
    _about_acme("sso.get_sp_metadata", 200),
    case("sso.settings.get_saml_config", 200),
    case("sso.domains.set_validated", 200, "acme.example", body={"validated": True, "tenantId": "acme"}),
    case("sso.excluded_emails.add", 201, body={"email": "bob@acme.example"}),
    case("sso.excluded_emails.list", 200),
    case("sso.excluded_emails.remove", 200, "ann@acme.example"),
    case("sso.settings.get_domain_config", 200),
    case("sso.settings.set_domain_config", 201, body=_POLICY),
    case("sso.settings.get_multiple_sso_config", 200),
    case("sso.settings.set_multiple_sso_config", 201, body=_MULTIPLE),
    case("sso.settings.get_oidc_config", 201),
    case("sso.settings.set_oidc_config", 201, body={"active": True, "redirectUri": "https://acme.example/back"}),
)

_MORE: Final = (
    case("sso.create", 201, body={"tenantId": "acme"}),
    case("sso.create", 201, body={"tenantId": "acme", "type": "oidc", "oidcClientId": "c"}),
    case("sso.create_v1", 201, token="user", body={}),
    case("sso.list", 200, headers={"frontegg-tenant-id": "other"}),
    case("sso.list", 200, headers={"frontegg-tenant-id": "child"}),
    case("sso.list", 200, token="user"),
    case("sso.update_v1", 200, "s1", body={}, headers=ACME),
    case("sso.domains.validate", 200, "s1", "d1", token="user"),
    case("sso.settings.set_oidc_config", 201, body={"active": False, "redirectUri": None}),
)


def _unknown(name: str, *fields: str, body: object = None) -> tuple[Case, ...]:
    """An unknown configuration, another tenant's, and a tenant that does not exist."""
    more = fields[1:]
    return (
        case(name, 404, "nothing", *more, body=body, headers=ACME),
        case(name, 404, "s2", *more, body=body, headers=ACME),
        case(name, 404, *fields, body=body, headers=NOBODY),
        case(name, 404, *fields, body=body, token="orphan"),
        case(name, 403, *fields, body=body, token="bare"),
    )


CASES: Final = (
    *_GOOD,
    *_MORE,
    case("sso.create", 404, body={"tenantId": "nobody"}),
    case("sso.create_v1", 404, body={}, headers=NOBODY),
    case("sso.create_v1", 403, body={}, token="bare"),
    case("sso.list", 404, headers=NOBODY),
    case("sso.list", 403, token="bare"),
    case("sso.update", 404, "s1", body={"tenantId": "nobody"}),
    case("sso.update", 404, "s2", body={"tenantId": "acme"}),
    *_unknown("sso.update_v1", "s1", body={}),
    *_unknown("sso.delete", "s1"),
    case("sso.create_from_metadata", 400, body={"metadata": "<no"}, headers=ACME),
    case("sso.create_from_metadata", 404, body={"metadata": METADATA}, headers=NOBODY),
    *_unknown("sso.update_from_metadata", "s1", body={"metadata": METADATA}),
    *_unknown("sso.domains.create", "s1", body={"domain": "new.example"}),
    case("sso.domains.create", 400, "s1", body={"domain": "no domain"}, headers=ACME),
    case("sso.domains.create", 409, "s1", body={"domain": "other.example"}, headers=ACME),
    *_unknown("sso.domains.delete", "s1", "d1"),
    case("sso.domains.delete", 404, "s1", "d2", headers=ACME),
    *_unknown("sso.domains.validate", "s1", "d1"),
    case("sso.domains.validate", 400, "s1", "d1", headers=ACME, switches={"sso_domain_validation": "refuse"}),
    *_unknown("sso.domains.validate_by_email", "s1", "d1"),
    case("sso.domains.validate_by_email", 400, "s1", "d1", token="user"),
    *_unknown("sso.default_roles.get", "s1"),
    *_unknown("sso.default_roles.set", "s1", body={"roleIds": []}),
    *_unknown("sso.groups.create", "s1", body={"group": "g", "roleIds": []}),
    *_unknown("sso.groups.list", "s1"),
    *_unknown("sso.groups.update", "s1", "g1", body={"group": "g", "roleIds": []}),
    case("sso.groups.update", 404, "s1", "g2", body={"group": "g", "roleIds": []}, headers=ACME),
    *_unknown("sso.groups.delete", "s1", "g1"),
    case("sso.get_sp_metadata", 404, headers=NOBODY),
    case("sso.get_sp_metadata", 403, token="bare"),
    case("sso.get_sp_certificate", 404, switches=_UNSET),
    case("sso.settings.get_saml_config", 404, switches=_UNSET),
    case("sso.settings.get_domain_config", 404, switches=_UNSET),
    case("sso.settings.get_multiple_sso_config", 404, switches=_UNSET),
    case("sso.settings.get_oidc_config", 404, switches=_UNSET),
    case("sso.domains.set_validated", 404, "acme.example", body={"validated": True, "tenantId": "nobody"}),
    case("sso.domains.set_validated", 404, "no.example", body={"validated": True, "tenantId": "acme"}),
    case("sso.excluded_emails.add", 400, body={"email": "nobody"}),
    case("sso.excluded_emails.remove", 404, "bob@acme.example"),
)
