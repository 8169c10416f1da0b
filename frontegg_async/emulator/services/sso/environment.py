"""The rules of the environment's SSO settings, and of its data as a SAML service provider."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, cast

from frontegg_async._values.ascii_case import folded
from frontegg_async.emulator.services.sso import saml
from frontegg_async.emulator.services.sso.common import READ, SettingsRow, acs_url, entity_id, settings_of
from frontegg_async.emulator.services.sso.rows import (
    ENVIRONMENT,
    DomainPolicyRow,
    ExcludedEmailRow,
    MultipleSsoRow,
    OidcRow,
)
from frontegg_async.emulator.services.sso.switches import SsoSwitches
from frontegg_async.emulator.services.support.common import find_tenant
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    RequestRefusedError,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

EMAIL: Final = r"^[^\s\u0000-\u001f\u007f-\u009f@]+@[^\s\u0000-\u001f\u007f-\u009f@]+$"
"""The pattern of e-mail addresses. They have one ``@``, no white space and no control characters."""
_EMAIL: Final = re.compile(EMAIL)
PEM: Final = "application/x-pem-file"
XML: Final = "application/xml; charset=utf-8"


def _not_found() -> RequestRefusedError:
    return service_error(404, "There are no such settings")


def _settings(environment: EmulatedEnvironment, row_type: type[SettingsRow]) -> SettingsRow:
    is_set = ENVIRONMENT in environment.state.table(row_type)
    if not is_set and environment.switches[SsoSwitches].sso_unset_settings == "not_found":
        raise _not_found()
    return settings_of(environment, row_type)


def get_saml(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return the data of the environment as a SAML service provider. No operation changes this data."""
    if environment.switches[SsoSwitches].sso_unset_settings == "not_found":
        raise _not_found()
    return EmulatedResponse(body={"acsUrl": acs_url(environment), "spEntityId": entity_id(environment)})


def sp_certificate(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return the certificate of the service provider."""
    if environment.switches[SsoSwitches].sso_unset_settings == "not_found":
        raise _not_found()
    return EmulatedResponse(body=saml.service_certificate(environment.key).encode(), content_type=PEM)


def sp_metadata(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the metadata of the service provider."""
    find_tenant(environment.state, call.tenant_id)
    certificate = saml.service_certificate(environment.key)
    text = saml.service_metadata(entity_id(environment), acs_url(environment), certificate)
    return EmulatedResponse(body=text.encode(), content_type=XML)


def get_domains(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return the policy for the validation of domains."""
    row = _settings(environment, DomainPolicyRow)
    return EmulatedResponse(
        body={
            "allowVerifiedUsersToAddDomains": row.allow_verified_users_to_add_domains,
            "skipDomainVerification": row.skip_domain_verification,
            "bypassDomainCrossValidation": row.bypass_domain_cross_validation,
        }
    )


def set_domains(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set the policy for the validation of domains. Existing domains do not change."""
    row = DomainPolicyRow(
        id=ENVIRONMENT,
        allow_verified_users_to_add_domains=bool(call.body["allowVerifiedUsersToAddDomains"]),
        skip_domain_verification=bool(call.body["skipDomainVerification"]),
        bypass_domain_cross_validation=bool(call.body["bypassDomainCrossValidation"]),
    )
    environment.state.put(row)
    return EmulatedResponse(status=201)


def get_multiple_sso(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return whether several tenants may share a domain."""
    row = _settings(environment, MultipleSsoRow)
    return EmulatedResponse(
        body={
            "active": row.active,
            "unspecifiedTenantStrategy": row.unspecified_tenant_strategy,
            "useActiveTenant": row.use_active_tenant,
        }
    )


def set_multiple_sso(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set whether several tenants may share a domain. Domains that are shared already do not change."""
    row = MultipleSsoRow(
        id=ENVIRONMENT,
        active=bool(call.body["active"]),
        unspecified_tenant_strategy=cast("str", call.body["unspecifiedTenantStrategy"]),
        use_active_tenant=bool(call.body["useActiveTenant"]),
    )
    environment.state.put(row)
    return EmulatedResponse(status=201)


def get_oidc(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return the OIDC settings. The API description contains the status of this response."""
    row = _settings(environment, OidcRow)
    return EmulatedResponse(status=201, body={"active": row.active, "redirectUri": row.redirect_uri})


def set_oidc(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set the OIDC settings."""
    redirect_uri = cast("str | None", call.body.get("redirectUri"))
    environment.state.put(OidcRow(id=ENVIRONMENT, active=bool(call.body["active"]), redirect_uri=redirect_uri))
    return EmulatedResponse(status=201)


def exclude_email(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add an address to the addresses that are excluded from SSO. An address that is excluded already is accepted."""
    email = cast("str", call.body["email"])
    if not _EMAIL.fullmatch(email):
        raise validation_error(["email must be an email"])
    if folded(email) not in environment.state.table(ExcludedEmailRow):
        environment.state.put(ExcludedEmailRow(id=folded(email), email=email))
    return EmulatedResponse(status=201)


def list_excluded_emails(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """List the excluded addresses in alphabetical order."""
    rows = environment.state.table(ExcludedEmailRow)
    return EmulatedResponse(body=[{"email": rows[key].email} for key in sorted(rows)])


def delete_excluded_email(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove an address from the excluded addresses."""
    key = folded(call.path["email"])
    if key in environment.state.table(ExcludedEmailRow):
        environment.state.remove(ExcludedEmailRow, key)
    elif environment.switches[SsoSwitches].sso_unknown_email == HTTPStatus.NOT_FOUND.value:
        raise service_error(404, "The address is not excluded from SSO")
    return EmulatedResponse()


def _vendor_only(run: Callable[[EmulatedEnvironment, IncomingCall], EmulatedResponse]) -> Rule:
    return Rule(run=run, takes_tenant_header=True)


RULES = {
    "sso.get_sp_certificate": _vendor_only(sp_certificate),
    "sso.get_sp_metadata": Rule(run=sp_metadata, permission=READ),
    "sso.settings.get_saml_config": _vendor_only(get_saml),
    "sso.settings.get_domain_config": _vendor_only(get_domains),
    "sso.settings.set_domain_config": _vendor_only(set_domains),
    "sso.settings.get_multiple_sso_config": _vendor_only(get_multiple_sso),
    "sso.settings.set_multiple_sso_config": _vendor_only(set_multiple_sso),
    "sso.settings.get_oidc_config": _vendor_only(get_oidc),
    "sso.settings.set_oidc_config": _vendor_only(set_oidc),
    "sso.excluded_emails.add": _vendor_only(exclude_email),
    "sso.excluded_emails.list": _vendor_only(list_excluded_emails),
    "sso.excluded_emails.remove": Rule(run=delete_excluded_email, takes_tenant_header=True, secret_fields=("email",)),
}
