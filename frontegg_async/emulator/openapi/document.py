"""Generates the OpenAPI 3.1 document of the emulator from the endpoints, the rules and the models."""

from __future__ import annotations

import copy
from http import HTTPStatus
from types import NoneType
from typing import Final

from frontegg_async._version import __version__
from frontegg_async.emulator.openapi import examples, parts
from frontegg_async.emulator.openapi.schema_fields import Schema
from frontegg_async.emulator.openapi.schemas import Schemas
from frontegg_async.emulator.services.registry import RULES, TAGS
from frontegg_async.emulator.services.support.rule import Rule, ignores_unknown_fields
from frontegg_async.endpoints import Auth, Endpoint, all_endpoints

_TOO_LONG: Final = 414
_TOO_MANY: Final = 429

_PHRASES: Final = {_TOO_LONG: "URI Too Long"}
"""The reason phrases that differ between Python versions."""

_HTML: Final[Schema] = {"text/html": {"schema": {"type": "string"}}}
"""The content of responses that the proxy in front of the service sends."""

_EMPTY_ARRAY: Final[Schema] = {"type": "array", "maxItems": 0, "description": "There is no such tenant."}

_MORE_ERRORS: Final[dict[str, tuple[int, ...]]] = {
    "auth.authenticate": (401,),  # needs no token, but issues one
    "hierarchy.assign": (404,),
    "hierarchy.count_sub_accounts": (404, _TOO_LONG),
    "hierarchy.list_parents": (404,),
    "hierarchy.search": (404,),
    "hierarchy.list_sub_accounts": (404,),
    "hierarchy.tree": (404,),
    "sub_tenants.create": (404, 409),
    "sub_tenants.rename": (404,),
    "sub_tenants.set_hierarchy_settings": (404,),
    "sub_tenants.set_management": (404,),
    "sub_tenants.set_user_access": (404,),
    "sessions.exchange_api_token": (401, 403),
    "sessions.exchange_api_token_v1": (401, 403),
    "sessions.login": (401, 403),
    "sessions.refresh": (401, 403),
    "sessions.refresh_api_token": (401, 403),
    "sessions.refresh_api_token_v1": (401, 403),
    "sso.domains.create": (HTTPStatus.CONFLICT.value,),
    "tenants.list": (_TOO_LONG,),  # many ids make the URL too long
    "users.list": (_TOO_LONG,),
    "users.list_roles": (_TOO_LONG,),
    "users.list_groups": (_TOO_LONG,),
    "users.list_statuses": (_TOO_LONG,),
    "tenants.lock": (404,),
    "tenants.unlock": (404,),
    "tenants.count_users": (404,),
}
"""The errors that the endpoints do not declare, because no source documents these errors."""

_NEVER_FORBIDDEN: Final = frozenset(
    {
        "users.passwords.get_config",
        "identity.configuration",
        "invitations.get_config",
        "me.change_password",
        "me.tenants",
        "user_sessions.get_current",
        "users.end_session",
        "users.end_sessions",
        "users.list_v1",
        "users.list_sessions",
        "users.search",
    }
)
"""The operations that need no permission and accept requests without the tenant header."""


def document() -> dict[str, object]:
    """Return the OpenAPI 3.1 document of all operations that the emulator serves.

    ``x-evidence`` is the source from which an operation is known. ``x-sdk`` is whether the SDK calls the operation.
    ``x-retry`` is whether a request may be repeated if its outcome is unknown.

    Returns:
        A new document of plain JSON values.
    """
    schemas = Schemas()
    endpoints = all_endpoints()
    paths = _paths(endpoints, schemas)
    whole: dict[str, object] = {
        "openapi": "3.1.0",
        "info": {
            "title": "Frontegg tenants API, as emulated",
            "summary": "The operations that the emulator of frontegg-async serves.",
            "version": __version__,
            "x-evidence-marks": parts.EVIDENCE,
        },
        "servers": [
            {"url": "/", "description": "The paths of the reference."},
            {"url": "/frontegg", "description": "The paths of browsers at a sub-domain."},
        ],
        "tags": [{"name": name, "description": tag.description} for name, tag in sorted(TAGS.items())],
        "paths": paths,
        "components": {
            "schemas": schemas.components() | parts.ERRORS,
            "responses": {_response_name(status): _error(status) for status in _error_statuses(endpoints)},
            "parameters": parts.PARAMETERS,
            "headers": parts.HEADERS,
            "securitySchemes": parts.SECURITY,
        },
    }
    return copy.deepcopy(whole)


def wire_path(endpoint: Endpoint[object]) -> str:
    """Return the path of an endpoint as it is in the document. Its fields are in camel case."""
    return endpoint.path.format_map({name: f"{{{_camel_case(name)}}}" for name in endpoint.fields})


def _paths(endpoints: tuple[Endpoint[object], ...], schemas: Schemas) -> dict[str, dict[str, Schema]]:
    paths: dict[str, dict[str, Schema]] = {}
    for endpoint in endpoints:
        paths.setdefault(wire_path(endpoint), {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    return paths


def _operation(endpoint: Endpoint[object], schemas: Schemas) -> Schema:
    operation: Schema = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "tags": [_tag(endpoint)],
        "security": _security(endpoint),
        "parameters": _parameters(endpoint),
        "responses": {
            str(endpoint.status): _success(endpoint, schemas),
            **{str(status): _ref("responses", _response_name(status)) for status in _errors(endpoint)},
        },
        "x-evidence": endpoint.evidence.value,
        "x-retry": endpoint.retry.value,
        "x-sdk": endpoint.client,
    }
    if endpoint.body is not None:
        schema = schemas.body(
            endpoint.body, optional=_rule(endpoint).optional, ignores_unknown=ignores_unknown_fields(endpoint)
        )
        operation["requestBody"] = {
            "required": schemas.is_needed(endpoint.body),
            "content": {"application/json": {"schema": schema, **examples.body(endpoint.body)}},
        }
    return operation


def _camel_case(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def _tag(endpoint: Endpoint[object]) -> str:
    return endpoint.name.partition(".")[0]


def _rule(endpoint: Endpoint[object]) -> Rule:
    return RULES[endpoint.name]


def _security(endpoint: Endpoint[object]) -> list[dict[str, list[str]]]:
    if not endpoint.auth:
        return []
    permission = _rule(endpoint).permission
    permissions = [] if permission is None else [permission]
    ways: dict[str, list[str]] = {"accessTokenHeader": permissions if endpoint.auth is Auth.USER else []}
    if endpoint.auth & (Auth.ENVIRONMENT | Auth.TENANT):
        ways["environmentToken"] = []
    if endpoint.auth & Auth.USER:
        ways["userToken"] = permissions
    # Login boxes also call some of these operations without a token.
    without = [] if _rule(endpoint).locate is None else [dict[str, list[str]]()]
    return [*({scheme: roles} for scheme, roles in sorted(ways.items())), *without]


def _parameters(endpoint: Endpoint[object]) -> list[Schema]:
    return [
        *(
            {
                "name": _camel_case(name),
                "in": "path",
                "required": True,
                "schema": parts.path_field(endpoint.name, name),
                **examples.parameter(_camel_case(name)),
            }
            for name in endpoint.fields
        ),
        *({"name": name, "in": "query", **parts.query_parameter(endpoint.name, name)} for name in endpoint.query),
        *_header_parameters(endpoint.auth),
        *parts.HEADERS_OF.get(endpoint.name, ()),
    ]


def _header_parameters(auth: Auth) -> list[Schema]:
    tenant: Schema = {
        "name": "frontegg-tenant-id",
        "in": "header",
        "required": auth == Auth.TENANT,
        "description": "The tenant of the request, with an environment token.",
        "schema": {"type": "string"},
        **examples.parameter("tenantId"),
    }
    return [
        *([tenant] if auth & Auth.TENANT else []),
        *([_ref("parameters", name) for name in parts.PARAMETERS] if auth else []),
    ]


def _success(endpoint: Endpoint[object], schemas: Schemas) -> Schema:
    response: Schema = {"description": HTTPStatus(endpoint.status).phrase, "headers": _headers()}
    if endpoint.returns is not NoneType:
        response["content"] = {endpoint.media_type: {"schema": _returned(endpoint, schemas)}}
    return response


def _returned(endpoint: Endpoint[object], schemas: Schemas) -> Schema:
    schema = schemas.returned(endpoint.returns)
    match endpoint.name:
        case "tenants.get":
            return {"oneOf": [schema, _EMPTY_ARRAY]}
        case "entitlements.snapshot":
            return {"type": "object"}  # the SDK returns the bytes of this response
        case "tenants.get_v1":
            return {**schema, "maxItems": 1}
        case _:
            return schema


def _errors(endpoint: Endpoint[object]) -> list[int]:
    statuses = {*endpoint.errors, *_MORE_ERRORS.get(endpoint.name, ()), _TOO_MANY}
    if endpoint.auth:
        # 403: a permission or the tenant header is missing, or the route does not allow a tenant header
        statuses |= {401} if endpoint.name in _NEVER_FORBIDDEN else {401, 403}
    if endpoint.body is not None:
        statuses.add(400)
    return sorted(statuses)


def _error_statuses(endpoints: tuple[Endpoint[object], ...]) -> list[int]:
    return sorted({status for endpoint in endpoints for status in _errors(endpoint)})


def _response_name(status: int) -> str:
    return f"Error{status}"


def _error(status: int) -> Schema:
    more = {"X-Rate-Limit-Reset": _ref("headers", "RateLimitReset")} if status == _TOO_MANY else {}
    return {
        "description": _PHRASES.get(status) or HTTPStatus(status).phrase,
        "headers": {**_headers(), **more},
        "content": _HTML if status == _TOO_LONG else _json(_ref("schemas", "Error")),
    }


def _headers() -> Schema:
    return {
        "frontegg-trace-id": _ref("headers", "TraceId"),
        "x-frontegg-emulator": _ref("headers", "EmulatorVersion"),
    }


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _ref(kind: str, name: str) -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}
