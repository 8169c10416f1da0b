"""Examples for parameters and bodies in the OpenAPI document. Each field name of JSON has one example."""

from __future__ import annotations

from typing import Final

import attrs

from frontegg_async._values.fields import OTHERS, bare_field, sent_model, wire_name
from frontegg_async.emulator.openapi.schema_fields import Schema
from frontegg_async.models.activations import ActivationStrategyUpdate, SignUp
from frontegg_async.models.active_tenants import ActiveTenantChanges
from frontegg_async.models.applications import ApplicationCreate, ApplicationUpdate
from frontegg_async.models.audits import AuditCreate, AuditExport
from frontegg_async.models.environment_policies import MfaConfigWrite, MfaStrategyWrite
from frontegg_async.models.events import EventTrigger
from frontegg_async.models.feature_flags import FeatureFlagCreate, FeatureFlagUpdate
from frontegg_async.models.groups import GroupCreate, GroupUpdate
from frontegg_async.models.plan_assignments import PlanAssignmentsCreate, PlanAssignmentsUpdate
from frontegg_async.models.plans import FeaturePlanCreate, FeaturePlanUpdate, PlanFeatures
from frontegg_async.models.prehooks import PrehookCreate, PrehookUpdate
from frontegg_async.models.scim import ScimConfigurationCreate, ScimConfigurationDelete, ScimConfigurationUpdate
from frontegg_async.models.security_policies import (
    CaptchaPolicyWrite,
    CountryRestrictionConfigWrite,
    CountryRestrictionsWrite,
    EmailDomainConfigWrite,
    EmailDomainReplacement,
    EmailDomainRestrictionCreate,
    IpRestrictionConfigWrite,
    IpRestrictionCreate,
    IpRestrictionCreates,
    LockoutPolicyWrite,
    MfaPolicyWrite,
    PasswordHistoryPolicyWrite,
    PasswordPolicyWrite,
    PasswordRotationPolicyWrite,
    SessionPolicyWrite,
)
from frontegg_async.models.sso_writes import SsoMetadata
from frontegg_async.models.sub_tenant_users import SubTenantUsersAdd
from frontegg_async.models.user_creation import UserCreate
from frontegg_async.models.user_migrations import UserMigration, UserMigrations, UserMigrationsV2
from frontegg_async.models.user_sources import UserSourceCreate
from frontegg_async.models.users import BulkInvitation, UserInvitation, UserReplacement, UserUpdate

_METADATA: Final = (
    '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example/entity">'
    '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
    '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
    "<ds:X509Certificate>MIIB</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
    'Location="https://idp.example/redirect"/></md:IDPSSODescriptor></md:EntityDescriptor>'
)

_BY_NAME: Final[dict[str, object]] = {
    "accessType": "MANAGED_ACCESS",
    "active": True,
    "address": "1 Main Street",
    "algorithm": "RS256",
    "alias": "acme",
    "allowAccess": True,
    "allowVerifiedUsersToAddDomains": False,
    "allowEmailChange": True,
    "appIds": ["app"],
    "applicationUrl": "https://app.acme.example",
    "bypassDomainCrossValidation": False,
    "changePhoneId": "change",
    "changePhoneNumberToken": "reset",
    "childTenantId": "child",
    "clientId": "emu_client",
    "code": "123456",
    "creatorEmail": "ann@acme.example",
    "creatorName": "Ann",
    "companyName": "Acme",
    "currency": "EUR",
    "data": {"title": "Order 17 shipped", "description": "It left Hamburg"},
    "dateFormat": "YYYY-MM-DD",
    "description": "For the nightly export",
    "domain": "acme.example",
    "email": "ann@acme.example",
    "enabled": True,
    "eventKeys": ["frontegg.tenant.created"],
    "excludeInvisibleUsers": True,
    "expiration": 300,
    "expirationInSeconds": 86_400,
    "expiresInMinutes": 60,
    "failMethod": "OPEN",
    "group": "Engineering",
    "groupsIds": ["group"],
    "id": "token",
    "identifier": "ann@acme.example",
    "identifierType": "email",
    "invisible": True,
    "isActive": True,
    "isReseller": True,
    "level": 10,
    "key": "plan",
    "loginUrl": "https://login.acme.example",
    "logoUrl": "https://acme.example/logo.png",
    "metadata": {"plan": "pro"},
    "name": "Acme",
    "newPassword": "Another-pass-1",
    "otcToken": "otc",
    "parentTenantId": "acme",
    "password": "emu_ann",
    "permissionIds": [],
    "phoneNumber": "+49301234567",
    "redirectUri": "https://login.acme.example/callback",
    "refreshToken": "a refresh token",
    "roleIds": [],
    "rules": [
        {
            "conditionLogic": "and",
            "conditions": [{"attribute": "tenantId", "op": "in_list", "value": {"list": ["acme"]}, "negate": False}],
            "treatment": "plan",
        }
    ],
    "resetPhoneNumberToken": "reset",
    "secret": "emu_secret",
    "shouldSendEmail": False,
    "signRequest": False,
    "skipDomainVerification": False,
    "srcTenantId": "child",
    "ssoEndpoint": "https://idp.example/sso",
    "subTenants": [{"tenantId": "child"}],
    "subTenantsRoles": [{"tenantId": "child", "roleIds": []}],
    "subAccountAccessType": "defaultOn",
    "superUser": False,
    "targetTenantId": "other",
    "templateSchema": {
        "claims": {
            "sub": "{{sub}}",
            "tenantId": "{{user.tenantId}}",
            "plan": "{{user.tenant.metadata.plan}}",
            "aud": "{{clientId}}",
            "iss": "{{iss}}",
            "iat": "{{iat}}",
            "exp": "{{exp}}",
        }
    },
    "tenantId": "acme",
    "tenantIds": ["acme", "child"],
    "tenants": ["acme", "child"],
    "timeFormat": "24h",
    "timezone": "Europe/Berlin",
    "type": "saml",
    "url": "http://127.0.0.1:8000/hooks",
    "unspecifiedTenantStrategy": "BLOCK",
    "useActiveTenant": True,
    "user": {"email": "ann@acme.example"},
    "userId": "ann",
    "userIds": ["ann"],
    "userSourceId": "source",
    "username": "ann",
    "validated": True,
    "website": "https://acme.example",
}

_RULE: Final = {
    "description": "Germany",
    "conditionLogic": "and",
    "conditions": [
        {"attribute": "country", "attributeType": "custom", "op": "in_list", "value": {"list": ["DE"]}, "negate": False}
    ],
    "treatment": "true",
}
_ADDRESS: Final = {"email": "ann@acme.example", "primary": True, "verified": True}
_OF_MODEL: Final[dict[tuple[type, str], object]] = {
    (ApplicationCreate, "type"): "web",
    (ApplicationUpdate, "type"): "web",
    (EventTrigger, "eventKey"): "mine",
    (GroupCreate, "metadata"): "{}",
    (GroupUpdate, "metadata"): "{}",
    **{(model, "defaultTreatment"): "false" for model in (FeaturePlanCreate, FeaturePlanUpdate)},
    **{(model, "metadata"): '{"plan": "pro"}' for model in (FeaturePlanCreate, FeaturePlanUpdate)},
    **{(model, "rules"): [_RULE] for model in (FeaturePlanCreate, FeaturePlanUpdate)},
    **{
        (model, name): value
        for model in (FeatureFlagCreate, FeatureFlagUpdate)
        for name, value in (
            ("defaultTreatment", "false"),
            ("offTreatment", "false"),
            ("featureId", "feature"),
            ("on", True),
            ("metadata", '{"team": "web"}'),
            ("rules", [_RULE]),
        )
    },
    (PlanAssignmentsCreate, "entitlements"): [{"planId": "plan", "tenantId": "acme"}],
    (PlanAssignmentsUpdate, "entitlements"): [{"id": "assignment", "expirationDate": "2030-01-01T00:00:00.000Z"}],
    (PlanFeatures, "featuresIds"): ["feature"],
    (PrehookCreate, "eventKeys"): ["SEND_SMS"],
    (PrehookCreate, "type"): "API",
    (PrehookUpdate, "eventKeys"): ["SEND_SMS"],
    (UserSourceCreate, "configuration"): {"domain": "acme.eu.auth0.com", "syncOnLogin": True},
    (UserSourceCreate, "index"): 1,
    (ActiveTenantChanges, "activeApplicationTenants"): [{"applicationId": "portal", "tenantId": "acme"}],
    (UserMigrations, "users"): [{"tenantId": "acme", "email": "ann@acme.example"}],
    (UserMigrationsV2, "users"): [{"tenantId": "acme", "emails": [_ADDRESS]}],
    **{(model, "users"): [{"email": "ann@acme.example"}] for model in (BulkInvitation, SubTenantUsersAdd)},
    **{
        (model, "metadata"): '{"plan": "pro"}'
        for model in (SignUp, UserCreate, UserInvitation, UserMigration, UserReplacement, UserUpdate)
    },
    **{
        (model, name): value
        for model, name, value in (
            (CountryRestrictionConfigWrite, "action", "BLOCK"),
            (CountryRestrictionConfigWrite, "failStrategy", "ALLOW"),
            (CountryRestrictionConfigWrite, "shouldSendRestrictionEmail", False),
            (CountryRestrictionsWrite, "countries", [{"countryCode": "DE"}]),
            (EmailDomainConfigWrite, "type", "ALLOW"),
            (EmailDomainReplacement, "domains", ["acme.example"]),
            (EmailDomainReplacement, "type", "ALLOW"),
            (EmailDomainRestrictionCreate, "type", "ALLOW"),
            (IpRestrictionCreate, "ip", "203.0.113.0/24"),
            (IpRestrictionCreate, "strategy", "ALLOW"),
            (IpRestrictionCreates, "ips", [{"ip": "203.0.113.0/24", "strategy": "ALLOW"}]),
            (IpRestrictionConfigWrite, "isActive", True),
            (CaptchaPolicyWrite, "minScore", 0.5),
            (LockoutPolicyWrite, "maxAttempts", 5),
            (MfaPolicyWrite, "enforceMFAType", "Force"),
            (PasswordHistoryPolicyWrite, "historySize", 3),
            (PasswordPolicyWrite, "minLength", 12),
            (PasswordRotationPolicyWrite, "isActive", True),
            (SessionPolicyWrite, "sessionIdleTimeoutConfiguration", {"isActive": True, "timeout": 3600}),
        )
    },
    (AuditCreate, "severity"): "Info",
    (AuditExport, "properties"): [{"displayName": "Created at", "name": "createdAt"}],
    (ActivationStrategyUpdate, "strategy"): "code",
    (MfaConfigWrite, "email"): {"active": True, "tokenLifetimeSeconds": 300, "sender": "ann@acme.example"},
    (MfaStrategyWrite, "strategy"): "EmailCode",
    (SignUp, "provider"): "local",
    (ScimConfigurationCreate, "source"): "okta",
    (ScimConfigurationDelete, "deleteAll"): True,
    (ScimConfigurationUpdate, "syncToUserManagement"): True,
    (SsoMetadata, "metadata"): _METADATA,
}


def parameter(name: str) -> Schema:
    """Return the example to merge into the schema of a parameter: by default its name without ``Id``."""
    return {"example": _BY_NAME.get(name, name.removesuffix("Id"))}


def body(model: type[attrs.AttrsInstance]) -> Schema:
    """Return the example to merge into the media type of a body.

    The example for a required text field without an example is the name of the field.
    """
    found: dict[str, object] = {}
    for field in attrs.fields(sent_model(model)):
        name = wire_name(field)
        if OTHERS in field.metadata:
            continue
        if (model, name) in _OF_MODEL:
            found[name] = _OF_MODEL[model, name]
        elif name in _BY_NAME or field.default is attrs.NOTHING:
            found[name] = _BY_NAME.get(name, name)
    return {"example": found if bare_field(model) is None else [found]}
