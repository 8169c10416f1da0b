"""The hand-written parts of the OpenAPI document: parameters, headers, security and errors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from frontegg_async.emulator.openapi.schema_fields import TENANT_ID, Schema
from frontegg_async.models.applications import ApplicationAccess, ApplicationType, FrontendStack
from frontegg_async.models.groups import GroupRelations, GroupSort
from frontegg_async.models.jwt_templates import JwtTemplateSort
from frontegg_async.models.page import Order
from frontegg_async.models.roles import RoleSort
from frontegg_async.models.tenants import TenantSort
from frontegg_async.models.users import UserIdentifier, UserPreset, UserSort, UserStatus

EVIDENCE: Final = {
    "documented": "in the public reference",
    "live": "observed",
    "client": "in shipped client code",
    "assumed": "assumed",
}


def _id_list(description: str) -> Schema:
    return {
        "description": f"{description[:-1]}, separated by commas.",
        "schema": {"type": "array", "items": {"type": "string"}},
        "style": "form",
        "explode": False,
    }


def _only(what: str) -> Schema:
    return _texts(f"Only {what}. The parameter is repeated for each value.")


def _one_of(members: Iterable[str], description: str) -> Schema:
    schema: Schema = {"type": "string", "enum": [*map(str, members), ""]}
    return {"description": description, "allowEmptyValue": True, "schema": schema}


def _texts(description: str, members: Iterable[str] = ()) -> Schema:
    """Return a parameter that is repeated for each value."""
    item = {"type": "string", "enum": [*map(str, members)]} if members else {"type": "string"}
    return {
        "description": description,
        "schema": {"type": "array", "items": item},
        "style": "form",
        "explode": True,
    }


_ACCESS: Final = _one_of(ApplicationAccess, "Only objects with this access.")
_IDS: Final[Schema] = {"description": "Only these ids, separated by commas.", "schema": {"type": "string"}}

QUERY: Final[dict[str, Schema]] = {
    "_accessType": _ACCESS,
    "accessType": _ACCESS,
    "_isDefault": _one_of(("true", "false"), "Only the default application, or only the others."),
    "_isActive": _one_of(("true", "false"), "Only active applications, or only the others."),
    "_excludeAgents": _one_of(("true", "false"), "Whether to omit AI agents."),
    "appIds": _IDS,
    "tenantIds": _IDS,
    "name": {"description": "Only objects with this text in their names.", "schema": {"type": "string"}},
    "type": _texts("Only applications of these types.", ApplicationType),
    "frontendStack": _texts("Only applications with these front-end stacks.", FrontendStack),
    "_groupsRelations": _one_of(GroupRelations, "The kinds of related objects that are listed with each group."),
    "_levels": {
        "description": "Only roles of these levels. The parameter is repeated for each level.",
        "schema": {"type": "array", "items": {"type": "integer"}},
        "style": "form",
        "explode": True,
    },
    "_limit": {
        "description": "The number of items per page. Values above 200 count as 200.",
        "allowEmptyValue": True,
        "schema": {"type": "integer", "minimum": 1, "default": 50},
    },
    "_offset": {
        "description": "The index of the page, from 0.",
        "allowEmptyValue": True,
        "schema": {"type": "integer", "minimum": 0, "default": 0},
    },
    "_filter": {
        "description": "Only objects with this text in their names or ids, in upper or lower case.",
        "schema": {"type": "string"},
    },
    "_subTenantId": {
        "description": "Only the sub-accounts of this tenant.",
        "schema": {"type": "string"},
    },
    "_sortBy": {
        "description": "The field to sort by; empty means the default.",
        "schema": {"type": "string", "enum": [*(member.value for member in TenantSort), ""], "default": "createdAt"},
    },
    "_order": {
        "description": "Ascending or descending; empty means the default.",
        "schema": {"type": "string", "enum": [*(member.value for member in Order), ""], "default": "ASC"},
    },
    "_email": {"description": "Only the user with this address.", "schema": {"type": "string"}},
    "_phoneNumber": {"description": "Only this phone number.", "schema": {"type": "string"}},
    "_tenantId": {"description": "Only the users of this tenant.", "schema": {"type": "string"}},
    "_namePrefix": {"description": "Only users whose names begin with this.", "schema": {"type": "string"}},
    "_identifier": {"description": "Only users whose identifier begins with this.", "schema": {"type": "string"}},
    "_identifierType": {
        "description": "The kind of identifier that _identifier contains.",
        "schema": {"type": "string", "enum": [*(member.value for member in UserIdentifier), ""]},
    },
    "_preset": {
        "description": "Only users without a second factor, with a known password, or who have not signed in.",
        "schema": {"type": "string", "enum": [*(member.value for member in UserPreset), ""]},
    },
    "_maxInactiveSeconds": {
        "description": "The time without a sign-in after which a user is inactive. The emulator assumes 30 days.",
        "allowEmptyValue": True,
        "schema": {"type": "integer", "minimum": 0},
    },
    "_includeSubTenants": {
        "description": "Whether to list the users of sub-accounts, too.",
        "allowEmptyValue": True,
        "schema": {"type": "boolean", "default": True},
    },
    **{
        f"_phraseSearch{name}": {
            "description": f"Only users with {what} phrases. The parameter is repeated for each phrase.",
            "schema": {"type": "array", "items": {"type": "string"}},
            "style": "form",
            "explode": True,
        }
        for name, what in (("Contains", "all these"), ("Excludes", "none of these"), ("Optional", "some of these"))
    },
    "_phraseSearchApproximate": _one_of(("true", "false"), "Whether words similar to a phrase match, too."),
    "userId": {"description": "The user.", "schema": {"type": "string"}},
    "token": {"description": "The token in a link.", "required": True, "schema": {"type": "string"}},
    "_externalIds": _id_list("Only users with these external ids."),
    "ids": _id_list("The users."),
    "userIds": _id_list("The users, at most 200."),
    "userTenantStatuses": {
        "description": "Only tenants in which the user has one of these statuses.",
        "schema": {"type": "array", "items": {"type": "string", "enum": [member.value for member in UserStatus]}},
        "style": "form",
        "explode": True,
    },
    "email": {"description": "The address.", "required": True, "schema": {"type": "string"}},
    "_tenantIds": _only("these tenants"),
    "_usernamePrefix": {"description": "Only user names that begin with this.", "schema": {"type": "string"}},
    "usernames": _id_list("Only these user names."),
}

_QUERY_OF_SCIM: Final[dict[str, Schema]] = {
    name: {"description": f"Only configurations {what}.", "schema": {"type": "string"}}
    for name, what in (
        ("tenantId", "of this tenant"),
        ("source", "of this identity provider"),
        ("connectionName", "with this name"),
    )
}

_QUERY_OF_AUDITS: Final[dict[str, Schema]] = {
    "count": {
        "description": "The maximum number of items to return.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1, "maximum": 200},
        "example": 200,
    },
    "offset": {
        "description": "The number of items to skip.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0, "maximum": 10**15},
        "example": 0,
    },
    "sortBy": {
        "description": "The field to sort by; empty means the default.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_]*$", "default": "createdAt"},
    },
    "sortDirection": {
        "description": "Ascending or descending; empty means the default.",
        "schema": {"type": "string", "pattern": "^((a|de)sc)?$", "default": "desc"},
    },
    "filter": {"description": "Only audits with this text, in upper or lower case.", "schema": {"type": "string"}},
    "featureFlagId": {"description": "Only audits about this feature flag.", "schema": {"type": "string"}},
    **{
        name: {
            "description": f"Only audits that were created at this time or {when}.",
            "schema": {"type": "string", "format": "date-time"},
        }
        for name, when in (("created_from", "later"), ("created_to", "before"))
    },
    **{
        name: {
            "description": f"Only audits of these {what}. The parameter is repeated for each value.",
            "schema": {"type": "array", "items": {"type": "string"}},
            "style": "form",
            "explode": True,
        }
        for name, what in (("tenant_ids", "tenants"), ("users", "users"), ("email", "e-mail addresses"))
    },
    **{
        name: {
            "description": text,
            "allowEmptyValue": True,
            "schema": {"type": "integer", "minimum": least, "maximum": 10**15},
        }
        for name, text, least in (
            ("from", "Only audits that were created at this time or later, in milliseconds since 1970.", 0),
            ("to", "Only audits that were created at this time or before, in milliseconds since 1970.", 0),
            ("limit", "The maximum number of resources and tenants.", 1),
            ("frequency", "The length of each interval in milliseconds.", 1),
        )
    },
}
"""The query parameters of the audit log. The log is paged by numbers of items."""


def _query_of_items(orders: Iterable[str], most: int) -> dict[str, Schema]:
    """Return the query parameters of a list of entitlements."""
    return {
        "limit": {
            "description": "The number of items per page.",
            "allowEmptyValue": True,
            "schema": {"type": "integer", "minimum": 1, "maximum": most, "default": 10},
        },
        "offset": {
            "description": "The number of items to skip.",
            "allowEmptyValue": True,
            "schema": {"type": "integer", "minimum": 0, "default": 0},
        },
        "filter": {
            "description": "Only objects with this text in their names, in upper or lower case.",
            "schema": {"type": "string"},
        },
        "orderBy": _one_of(orders, "The field to sort by."),
        "sortType": _one_of(Order, "Ascending or descending; descending by default."),
        "featureIds": _id_list("Only these features."),
        "featureKeys": _id_list("Only features with these keys."),
        "planId": {"description": "Only objects of this plan.", "schema": {"type": "string"}},
        "planIds": _id_list("Only objects of these plans."),
        "assignLevel": _one_of(("USER", "TENANT"), "Only objects assigned to users, or to whole tenants."),
        "withRelations": _one_of(("true", "false"), "Whether each object includes its plan."),
        "tenantIds": _id_list("Only objects of these tenants."),
        "userIds": _id_list("Only objects of these users."),
        "permissionKeys": _id_list("Only features with one of these permissions."),
        "hasFeatureFlag": _one_of(("true", "false"), "Only features with a feature flag, or only the others."),
    }


_ITEM_LISTINGS: Final = {
    "feature_flags.list": (("name", "createdAt"), 10),
    "features.list": (("name", "key", "createdAt"), 100),
    "plan_assignments.list": (("createdAt", "expirationDate"), 10),
    "plans.list": (("name", "createdAt"), 10),
    "plans.list_features": (("name", "key", "createdAt"), 10),
}
"""The possible orders of lists of entitlements, and the maximum number of items per page."""

_QUERY_OF_ITEMS: Final[dict[tuple[str, str], Schema]] = {
    (name, parameter): schema
    for name, (orders, most) in _ITEM_LISTINGS.items()
    for parameter, schema in _query_of_items(orders, most).items()
}

_QUERY_OF: Final[dict[tuple[str, str], Schema]] = {
    **_QUERY_OF_ITEMS,
    ("plan_assignments.remove", "ids"): {**_id_list("The plan assignments."), "required": True},
    ("jwt_templates.list", "ids"): _only("the templates with these ids"),
    ("jwt_templates.list", "keys"): _only("the templates with these keys"),
    ("jwt_templates.list", "_sortBy"): {
        "description": "The field to sort by; empty means the default.",
        "schema": {
            "type": "string",
            "enum": [*(member.value for member in JwtTemplateSort), ""],
            "default": "createdAt",
        },
    },
    ("users.emails.list", "userIds"): _id_list("Only the addresses of these users."),
    ("users.emails.list", "_sortBy"): _one_of(("userId", "email"), "The field to sort by."),
    ("users.phone_numbers.list", "userIds"): _id_list("Only the numbers of these users."),
    ("users.phone_numbers.list", "_limit"): {
        "description": "The number of items per page. Values above 250 count as 250.",
        "allowEmptyValue": True,
        "schema": {"type": "integer", "minimum": 1, "default": 50},
    },
    **{
        (f"users.phone_numbers.{verb}", "_sortBy"): _one_of(("userId", "phoneNumber"), "The field to sort by.")
        for verb in ("list", "list_v1")
    },
    ("users.usernames.list", "userIds"): _id_list("Only the names of these users."),
    ("users.usernames.list", "_sortBy"): _one_of(("userId", "username"), "The field to sort by."),
    ("groups.list", "_sortBy"): _one_of(GroupSort, "The field to sort by."),
    ("roles.list", "_sortBy"): _one_of(RoleSort, "The field to sort by."),
    ("roles.list", "_limit"): {
        "description": "The number of items per page. Values above 2,000 count as 2,000.",
        "allowEmptyValue": True,
        "schema": {"type": "integer", "minimum": 1, "default": 50},
    },
    ("hierarchy.count_sub_accounts", "_tenantIds"): {
        "description": "The tenants, separated by commas.",
        "schema": {"type": "array", "items": {"type": "string"}},
        "style": "form",
        "explode": False,
    },
    **{
        (name, "_sortBy"): {
            "description": "The field to sort by; empty means the default.",
            "allowEmptyValue": True,
            "schema": {"type": "string", "enum": [*(member.value for member in UserSort), ""]},
        }
        for name in ("users.list", "users.search")
    },
    **{
        (name, parameter): {**QUERY[parameter], "required": True}
        for name, parameter in (
            ("users.list_roles", "ids"),
            ("users.list_groups", "ids"),
            ("users.list_statuses", "userIds"),
            ("users.activation.get_strategy", "userId"),
        )
    },
    ("team_members.list", "pageSize"): {
        "description": "The number of members per page.",
        "allowEmptyValue": True,
        "schema": {"type": "integer", "minimum": 1, "default": 50},
    },
    ("team_members.list", "pageOffset"): {
        "description": "The index of the page, from 0.",
        "allowEmptyValue": True,
        "schema": {"type": "integer", "minimum": 0, "default": 0},
    },
    **{
        (name, parameter): {"description": text, "schema": {"type": "string"}}
        for name in ("audits.list_v1", "audits.export_csv_v1", "audits.export_csv_v2")
        for parameter, text in (
            ("tenantId", "Only audits of this tenant."),
            *((ignored, "Ignored.") for ignored in ("vendorId", "limit", "paginationMode")),
        )
    },
    **{
        (f"audits.export_csv_{version}", "count"): {
            **_QUERY_OF_AUDITS["count"],
            "required": False,
            "allowEmptyValue": True,
        }
        for version in ("v1", "v2")
    },
    ("webhooks.list_logs", "id"): {"description": "The webhook.", "schema": {"type": "string"}},
    ("webhooks.list_logs", "limit"): {
        "description": "The number of rows to return. Values above 200 count as 200.",
        "allowEmptyValue": True,
        "schema": {"type": "integer", "minimum": 1, "default": 10},
    },
    ("webhooks.list_logs", "offset"): {
        "description": "The index of the first row, from 0.",
        "allowEmptyValue": True,
        "schema": {"type": "integer", "minimum": 0, "default": 0},
    },
}
"""The parameters whose form in one operation differs from their form in other operations."""


_VENDOR_HOST: Final[Schema] = {
    "name": "frontegg-vendor-host",
    "in": "header",
    "description": "The host at which the user signs in.",
    "schema": {"type": "string"},
}
_USER_ID: Final[Schema] = {
    "name": "frontegg-user-id",
    "in": "header",
    "description": "The user of the request, with an environment token.",
    "schema": {"type": "string"},
}

HEADERS_OF: Final[dict[str, tuple[Schema, ...]]] = {
    "sessions.login": (_VENDOR_HOST,),
    "sessions.refresh": ({**_VENDOR_HOST, "required": True, "schema": {"type": "string", "minLength": 1}},),
    **{f"applications.{verb}_active_tenants": (_USER_ID,) for verb in ("get", "set")},
    "me.change_password": (_USER_ID,),
    "me.switch_tenant": (_USER_ID,),
    "me.tenants": (_USER_ID,),
    **{
        f"{resource}.{verb}": (_USER_ID,)
        for resource in ("user_access_tokens", "user_api_tokens")
        for verb in ("create", "list", "delete")
    },
    **{
        f"users.{verb}": (_USER_ID,)
        for verb in ("update", "list_sessions", "end_session", "end_sessions", "disable_mfa")
    },
    **{f"user_invitations.{verb}": (_USER_ID,) for verb in ("create", "create_v1", "get", "update", "delete")},
}
"""The additional headers of some operations. Other headers are the same for all operations."""


_PATH_FIELDS_OF: Final[dict[tuple[str, str], Schema]] = {("tenants.get_v1", "tenant_id"): TENANT_ID}
"""The path fields whose form is validated before the emulator looks for the object."""


def path_field(operation: str, name: str) -> Schema:
    """Return the schema of a field in an operation's path."""
    return _PATH_FIELDS_OF.get((operation, name)) or {"type": "string", "minLength": 1}


def query_parameter(operation: str, name: str) -> Schema:
    """Return the description and schema of a query parameter of an operation."""
    return _QUERY_OF.get((operation, name)) or {**QUERY, **_QUERY_OF_AUDITS, **_QUERY_OF_SCIM}[name]


SECURITY: Final[dict[str, Schema]] = {
    "environmentToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The token that `POST /auth/vendor` returns.",
    },
    "userToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The token of a signed-in user.",
    },
    "accessTokenHeader": {
        "type": "apiKey",
        "in": "header",
        "name": "x-access-token",
        "description": "The token of an environment or of a user, in the header that older clients use.",
    },
}

PARAMETERS: Final[dict[str, Schema]] = {
    "EnvironmentId": {
        "name": "frontegg-environment-id",
        "in": "header",
        "description": "The environment to use. The token must have access to this environment.",
        "schema": {"type": "string"},
    },
    "ApplicationId": {
        "name": "frontegg-application-id",
        "in": "header",
        "schema": {"type": "string"},
    },
    "VendorId": {
        "name": "frontegg-vendor-id",
        "in": "header",
        "description": "The client id of the environment, if a backend forwards the address of its own caller.",
        "schema": {"type": "string"},
    },
    "ForwardedFor": {
        "name": "x-frontegg-forwarded-for",
        "in": "header",
        "description": "The address of the backend's own caller.",
        "schema": {"type": "string"},
    },
    "HeadersVerifier": {
        "name": "x-frontegg-headers-verifier",
        "in": "header",
        "description": "The shared secret of the application. Without this header the caller's address is ignored.",
        "schema": {"type": "string"},
    },
}

HEADERS: Final[dict[str, Schema]] = {
    "TraceId": {
        "description": "The id of the response in the logs of the service.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    },
    "EmulatorVersion": {
        "description": "A message of the emulator. The service does not send this header.",
        "required": True,
        "schema": {"type": "string"},
    },
    "RateLimitReset": {
        "description": "The time when the route accepts requests again. The limits of other services lack it.",
        "schema": {"type": "string", "format": "date-time"},
    },
}

ERRORS: Final[dict[str, Schema]] = {
    "ServiceError": {
        "type": "object",
        "required": ["errors"],
        "properties": {
            "errors": {"type": "array", "items": {"type": "string"}},
            "errorCode": {"type": "string", "pattern": "^ER-([0-9]{5}|[0-9a-f]{10})$"},
            "errorCodes": {"type": "array", "items": {"type": "string"}},
            "context": {"type": "object"},
        },
    },
    "FrameworkError": {
        "type": "object",
        "required": ["statusCode", "message"],
        "properties": {
            "statusCode": {"type": "integer", "minimum": 400, "maximum": 599},
            "error": {"type": "string"},
            "message": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        },
    },
    "MessageError": {
        "type": "object",
        "required": ["message"],
        "properties": {"message": {"type": "string"}},
    },
    "Error": {
        "anyOf": [
            {"$ref": "#/components/schemas/ServiceError"},
            {"$ref": "#/components/schemas/FrameworkError"},
            {"$ref": "#/components/schemas/MessageError"},
        ],
    },
}
