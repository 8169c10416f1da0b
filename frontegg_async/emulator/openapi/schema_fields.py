"""The parts of JSON Schemas that the types of the models do not contain: formats, limits and patterns."""

from __future__ import annotations

from typing import Final, TypeAlias

import attrs

from frontegg_async._values.fields import wire_name
from frontegg_async.emulator.services.jwt_templates.rules import MAX_EXPIRATION, MIN_EXPIRATION
from frontegg_async.emulator.services.roles.rules import MAX_LEVEL
from frontegg_async.emulator.services.security.rules import COUNTRY, NUMBERS, RESTRICTED_DOMAIN
from frontegg_async.emulator.services.sso.environment import EMAIL
from frontegg_async.emulator.services.support.issued_tokens import MAX_TENANT_TOKEN_MINUTES, MAX_USER_TOKEN_MINUTES
from frontegg_async.emulator.services.webhooks.rules import HOOK_URL
from frontegg_async.models.access_tokens import TenantAccessTokenCreate, UserAccessTokenCreate
from frontegg_async.models.account_settings import TenantSettingsUpdate
from frontegg_async.models.api_tokens import (
    ApiTokenUpdate,
    NewTenantApiToken,
    TenantApiToken,
    TenantApiTokenCreate,
    UserApiTokenCreate,
)
from frontegg_async.models.applications import ApplicationCreate, ApplicationUpdate
from frontegg_async.models.feature_flags import FeatureFlagCreate, FeatureFlagUpdate
from frontegg_async.models.groups import GroupCreate, GroupUpdate
from frontegg_async.models.hierarchy import HierarchyAssignment, HierarchyRemoval, RelatedTenant
from frontegg_async.models.jwt_templates import (
    JwtTemplate,
    JwtTemplateCreate,
    JwtTemplateRuleWrite,
    JwtTemplateTargeting,
    JwtTemplateUpdate,
)
from frontegg_async.models.migrations import MigratedTenant, MigrationStart
from frontegg_async.models.permissions import (
    PermissionCategoryCreate,
    PermissionCategoryUpdate,
    PermissionCreate,
    PermissionUpdate,
)
from frontegg_async.models.plans import FeaturePlanCreate, FeaturePlanUpdate
from frontegg_async.models.prehooks import PrehookCreate, PrehookUpdate
from frontegg_async.models.roles import DerivedRoleCreate, RoleCreate, RoleUpdate
from frontegg_async.models.security_policies import (
    CaptchaPolicyWrite,
    CountryCode,
    EmailDomainReplacement,
    EmailDomainRestrictionCreate,
    IpRestrictionConfigWrite,
    IpRestrictionCreate,
    LockoutPolicy,
    LockoutPolicyWrite,
    MfaPolicy,
    MfaPolicyWrite,
    PasswordHistoryPolicy,
    PasswordHistoryPolicyWrite,
    PasswordPolicy,
    PasswordPolicyWrite,
    PasswordRotationPolicy,
    PasswordRotationPolicyWrite,
    SessionConcurrency,
    SessionPolicyWrite,
    SessionTimeout,
)
from frontegg_async.models.sessions import SessionTokens, SessionTokensV2, UserLogin
from frontegg_async.models.sso import SsoConfiguration, SsoDomain, SsoGroup
from frontegg_async.models.sso_writes import (
    SsoConfigurationCreate,
    SsoConfigurationCreateV1,
    SsoConfigurationUpdate,
    SsoConfigurationUpdateV1,
    SsoDomainCreate,
    SsoEmailExclusion,
    SsoGroupCreate,
    SsoGroupUpdate,
    SsoMetadata,
)
from frontegg_async.models.sub_tenants import SubTenant, SubTenantCreate, SubTenantRename
from frontegg_async.models.tenant_writes import TenantCreate, TenantUpdate
from frontegg_async.models.tenants import MetadataUpdate, Tenant, TenantIds, UserCount
from frontegg_async.models.user_entitlements import UserEntitlements
from frontegg_async.models.user_sources import UserSourceConfiguration
from frontegg_async.models.users import NewMembership
from frontegg_async.models.webhooks import Webhook, WebhookCreate, WebhookLog, WebhookTest, WebhookUpdate

Schema: TypeAlias = dict[str, object]

TENANT_ID: Final[Schema] = {
    "type": "string",
    "minLength": 1,
    "maxLength": 256,
    "pattern": r"^(?!\.\.?$)[^\u0000-\u001f\u007f-\u009f]+$",
}
_MAYBE_TENANT_ID: Final[Schema] = {**TENANT_ID, "type": ["string", "null"]}

_EXPIRES: Final[Schema] = {"type": "string", "description": "An HTTP date."}

_NOT_EMPTY: Final[Schema] = {"type": "string", "minLength": 1}

_ANY_OR_TEXT: Final[Schema] = {
    "contentMediaType": "application/json",
    "description": "Any JSON value. A string is read as JSON text and stored unchanged.",
}

_EXPIRATION: Final[Schema] = {"type": "number", "minimum": MIN_EXPIRATION, "maximum": MAX_EXPIRATION}
_EVENT_KEYS: Final[Schema] = {"type": "array", "items": {"type": "string"}, "minItems": 1}
_HOOKS: Final = (PrehookCreate, PrehookUpdate, WebhookCreate, WebhookUpdate)
_OBJECT_TEXT: Final[Schema] = {
    "type": ["string", "null"],
    "contentMediaType": "application/json",
    "contentSchema": {"type": "object"},
    "description": "The text of a JSON object.",
}

_RESTRICTED_DOMAIN: Final[Schema] = {"type": "string", "pattern": RESTRICTED_DOMAIN}
_BYTE: Final = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IP: Final[Schema] = {
    "type": "string",
    "anyOf": [{"pattern": rf"^({_BYTE}\.){{3}}{_BYTE}(/([12]?[0-9]|3[0-2]))?$"}, {"format": "ipv6"}],
    "description": "An IP address, or a range of addresses in CIDR notation.",
}
_LABEL: Final = r"[^\W_]([\w-]{0,61}[^\W_])?"

_CONFIGURATIONS: Final = (
    SsoConfigurationCreate,
    SsoConfigurationCreateV1,
    SsoConfigurationUpdate,
    SsoConfigurationUpdateV1,
)


_NUMBERED: Final = (CaptchaPolicyWrite, LockoutPolicyWrite, PasswordHistoryPolicyWrite, PasswordRotationPolicyWrite)
"""The models of policies that have numbers with limits."""

_READ: Final[dict[type, tuple[str, ...]]] = {
    LockoutPolicy: ("max_attempts",),
    MfaPolicy: ("device_expiration",),
    PasswordHistoryPolicy: ("history_size",),
    PasswordPolicy: ("min_length", "max_length", "min_phrase_length", "min_optional_tests_to_pass"),
    PasswordRotationPolicy: ("rotation_period_minutes", "notification_period_minutes"),
    SessionConcurrency: ("max_sessions",),
    SessionTimeout: ("timeout",),
}
"""The numbers in policies. The SDK sends only integers, but the service accepts and returns any number."""


_OF_SESSIONS: Final = [(*name.split("."), *limits) for name, limits in NUMBERS.items() if "." in name]


def _number(name: str, *, may_be_null: bool) -> Schema:
    least, most = NUMBERS[name]
    return {"type": ["number", "null"] if may_be_null else "number", "minimum": least, "maximum": most}


def _text_in(name: str) -> Schema:
    return {"required": [name], "properties": {name: _NOT_EMPTY}}


MODELS: Final[dict[type, Schema]] = {
    ApiTokenUpdate: {"minProperties": 1},
    IpRestrictionConfigWrite: {"minProperties": 1},
    MfaPolicyWrite: {"minProperties": 1},
    PasswordPolicyWrite: {"minProperties": 1},
    PasswordRotationPolicyWrite: {"minProperties": 1},
    SessionPolicyWrite: {
        "minProperties": 1,
        "allOf": [
            {"properties": {name: {"properties": {field: {"minimum": least, "maximum": most}}}}}
            for name, field, least, most in _OF_SESSIONS
        ],
    },
    TenantSettingsUpdate: {"minProperties": 1},
    PrehookUpdate: {"minProperties": 1},
    TenantUpdate: {"minProperties": 1},
    WebhookUpdate: {"minProperties": 1},
    UserLogin: {"anyOf": [_text_in("email"), _text_in("username")]},
}
"""The schema parts that are added to a whole model."""

_TREATED: Final[Schema] = {"defaultTreatment": {"type": "string"}, "rules": {"type": "array"}}
_USER_FEATURE: Final[Schema] = {
    "type": "object",
    "required": ["planIds", "expireTime", "linkedPermissions"],
    "properties": {
        "planIds": {"type": "array", "items": {"type": "string"}},
        "expireTime": {"type": ["integer", "null"]},
        "linkedPermissions": {"type": "array", "items": {"type": "string"}},
        "featureFlag": {
            "type": "object",
            "properties": {"on": {"type": "boolean"}, "offTreatment": {"type": "string"}, **_TREATED},
        },
    },
}

FIELDS: Final[dict[tuple[type, str], Schema]] = {
    (UserEntitlements, "features"): {"type": "object", "additionalProperties": _USER_FEATURE},
    (UserEntitlements, "plans"): {
        "type": "object",
        "additionalProperties": {"type": "object", "properties": _TREATED},
    },
    (UserEntitlements, "permissions"): {"type": "object", "additionalProperties": {"const": True}},
    **{
        (model, name): _NOT_EMPTY
        for model in (DerivedRoleCreate, PermissionCreate, PermissionUpdate, RoleCreate, RoleUpdate)
        for name in ("key", "name")
    },
    **{(model, "level"): {"type": "number", "minimum": 0, "maximum": MAX_LEVEL} for model in (RoleCreate, RoleUpdate)},
    **{
        (model, name): _NOT_EMPTY
        for model in (ApplicationCreate, ApplicationUpdate)
        for name in ("name", "app_url", "login_url")
    },
    (PermissionCategoryCreate, "name"): _NOT_EMPTY,
    (PermissionCategoryUpdate, "name"): _NOT_EMPTY,
    (GroupCreate, "name"): _NOT_EMPTY,
    (GroupUpdate, "name"): _NOT_EMPTY,
    **{(model, "metadata"): _OBJECT_TEXT for model in (FeatureFlagCreate, FeaturePlanCreate, GroupCreate)},
    **{
        (model, "metadata"): {**_OBJECT_TEXT, "type": "string"}
        for model in (FeatureFlagUpdate, FeaturePlanUpdate, GroupUpdate)
    },
    (CountryCode, "country_code"): {"type": "string", "pattern": COUNTRY},
    (EmailDomainReplacement, "domains"): {"type": "array", "items": _RESTRICTED_DOMAIN},
    (EmailDomainRestrictionCreate, "domain"): _RESTRICTED_DOMAIN,
    (HierarchyAssignment, "parent_tenant_id"): TENANT_ID,
    (HierarchyAssignment, "child_tenant_id"): TENANT_ID,
    (HierarchyRemoval, "parent_tenant_id"): TENANT_ID,
    (HierarchyRemoval, "child_tenant_id"): TENANT_ID,
    (IpRestrictionCreate, "ip"): _IP,
    (JwtTemplate, "claims"): {"type": "object", "required": ["claims"], "properties": {"claims": {"type": "object"}}},
    **{(JwtTemplateCreate, name): _NOT_EMPTY for name in ("key", "name")},
    **{(JwtTemplateUpdate, name): {**_NOT_EMPTY, "type": ["string", "null"]} for name in ("key", "name")},
    (JwtTemplateCreate, "expiration"): _EXPIRATION,
    (JwtTemplateUpdate, "expiration"): {**_EXPIRATION, "type": ["number", "null"]},
    (JwtTemplateRuleWrite, "condition_logic"): {"type": "string", "enum": ["and"]},
    (JwtTemplateTargeting, "rules"): {
        "type": "object",
        "required": ["rules"],
        "properties": {"rules": {"type": "array", "items": {"type": "object"}}},
    },
    (MetadataUpdate, "metadata"): {
        "type": ["object", "string"],
        "contentMediaType": "application/json",
        "description": "An object, or its JSON text.",
    },
    (MigrationStart, "tenants"): {"type": "array", "items": TENANT_ID, "minItems": 1},
    (NewMembership, "tenant_id"): TENANT_ID,
    (SsoDomainCreate, "domain"): {"type": "string", "maxLength": 253, "pattern": rf"^({_LABEL}\.)+{_LABEL}$"},
    (SsoEmailExclusion, "email"): {"type": "string", "pattern": EMAIL},
    (SsoGroupCreate, "group"): _NOT_EMPTY,
    (SsoGroupUpdate, "group"): _NOT_EMPTY,
    (SsoMetadata, "metadata"): {"type": "string", "contentMediaType": "application/samlmetadata+xml"},
    (SubTenantCreate, "tenant_id"): TENANT_ID,
    (SubTenantRename, "name"): _NOT_EMPTY,
    **{
        (model, "expires_in_minutes"): {"type": ["number", "null"], "minimum": 1, "maximum": MAX_TENANT_TOKEN_MINUTES}
        for model in (TenantAccessTokenCreate, TenantApiTokenCreate, UserAccessTokenCreate)
    },
    **{
        (model, field.name): _number(wire_name(field), may_be_null=field.default is None)
        for model in _NUMBERED
        for field in attrs.fields(model)
        if wire_name(field) in NUMBERS
    },
    (TenantCreate, "metadata"): _ANY_OR_TEXT,
    (TenantCreate, "tenant_id"): _MAYBE_TENANT_ID,
    (TenantIds, "tenant_ids"): {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 100},
    (TenantUpdate, "metadata"): _ANY_OR_TEXT,
    (UserApiTokenCreate, "expires_in_minutes"): {
        "type": ["number", "null"],
        "minimum": 1,
        "maximum": MAX_USER_TOKEN_MINUTES,
    },
    **{(model, "event_keys"): _EVENT_KEYS for model in _HOOKS},
    **{(model, "secret"): _NOT_EMPTY for model in (PrehookCreate, PrehookUpdate)},
    **{
        (model, "secret"): {**_NOT_EMPTY, "type": ["string", "null"]}
        for model in (WebhookCreate, WebhookUpdate, WebhookTest)
    },
    **{(model, "url"): {"type": "string", "pattern": HOOK_URL} for model in (*_HOOKS, WebhookTest)},
    (WebhookLog, "status_code"): {"type": ["string", "null"]},
    (UserSourceConfiguration, "service_account"): {"type": ["object", "null"]},
    **{(model, "expires"): _EXPIRES for model in (SessionTokens, SessionTokensV2)},
    **{
        (model, "sub_account_access_limit"): {"type": ["number", "null"]}
        for model in (*_CONFIGURATIONS, SsoConfiguration)
    },
    **{(model, name): {"type": ["number", "null"]} for model, names in _READ.items() for name in names},
}
"""The schemas of single fields. Each replaces the schema of the field's type."""

GIVEN: Final = frozenset(
    {
        *((Tenant, name) for name in ("name", "created_at", "updated_at")),
        *((model, "tenant_id") for model in (NewTenantApiToken, TenantApiToken)),
        (MigratedTenant, "status"),
        (RelatedTenant, "level"),
        (SsoDomain, "domain"),
        (SsoGroup, "group"),
        (SubTenant, "name"),
        (UserCount, "total_users"),
        (Webhook, "url"),
    }
)
"""The fields that the service always sends with a value. The SDK does not require them."""

ALWAYS: Final = GIVEN | {(Tenant, "deleted_at")}
"""The fields that the service always sends, either with a value or as null. The SDK does not require them."""
