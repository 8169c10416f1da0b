"""Builds the claims of tokens from JWT templates: chooses the template, and replaces the variables in the template.

No source documents the variables of a tenant. Roles and permissions are known; other variables of ``user.tenant`` are
assumed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, cast

import msgspec

from frontegg_async._values.json_values import JsonValue, parse_json_text
from frontegg_async.emulator.services.applications import application_rows
from frontegg_async.emulator.services.jwt_templates.rows import JwtCondition, JwtTargetingRow, JwtTemplateRow
from frontegg_async.emulator.services.jwt_templates.switches import JwtTemplateSwitches
from frontegg_async.emulator.services.roles import role_rows
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_VARIABLE: Final = re.compile(r"\{\{\s*([\w.]+)\s*\}\}", re.ASCII)
_MISSING: Final = object()

_Claims = Mapping[str, JsonValue]


def template_of(environment: EmulatedEnvironment, claims: _Claims) -> JwtTemplateRow | None:
    """Return the template of the first targeting rule that matches a token, or ``None`` if no rule matches."""
    state = environment.state
    targeting = next(iter(state.table(JwtTargetingRow).values()), None)
    for rule in () if targeting is None else targeting.rules:
        if all(_holds(environment, condition, claims) for condition in rule.conditions):
            templates = state.table(JwtTemplateRow).values()
            return next((each for each in templates if each.key == rule.treatment), None)
    return None


def _holds(environment: EmulatedEnvironment, condition: JwtCondition, claims: _Claims) -> bool:
    shown = _attribute(environment, condition.attribute, claims)
    match condition.op:
        case "contains":
            agrees = any(value in text for text in shown for value in condition.values)
        case "ends_with":
            agrees = any(text.endswith(value) for text in shown for value in condition.values)
        case _:
            agrees = any(text in condition.values for text in shown)
    return agrees is not condition.negate


def _attribute(environment: EmulatedEnvironment, name: str, claims: _Claims) -> list[str]:
    """Return the values that the condition of a targeting rule examines."""
    match name:
        case "userId":
            found = claims.get("userId") or claims.get("sub")
        case "roleIds":
            keys = [str(each) for each in cast("list[object]", claims.get("roles") or [])]
            return [role.id for role in role_rows.find_roles(environment, keys, str(claims.get("tenantId")))]
        case "applicationId":
            return [_application_id(environment)]
        case "tokenType":
            found = claims.get("type")
        case "userEmail":
            found = claims.get("email")
        case _:
            found = claims.get(name)
    return [] if found is None else [str(found)]


def _application_id(environment: EmulatedEnvironment) -> str:
    """Return the id of the application for which tokens are issued, which is the default application."""
    application = application_rows.default_application(environment)
    return "" if application is None else application.id


def rendered(
    environment: EmulatedEnvironment, row: JwtTemplateRow, claims: _Claims, *, given: _Claims
) -> dict[str, JsonValue]:
    """Return the claims of a token that has a template.

    Args:
        environment: The environment.
        row: The template.
        claims: The claims that the token would have without the template.
        given: The claims that a prehook added to the token.
    """
    variables = _variables(environment, claims)
    gap: object = None if environment.switches[JwtTemplateSwitches].jwt_unknown_variable == "null" else _MISSING
    made = cast("dict[str, JsonValue]", _filled(row.claims, variables, gap))
    return {"tenantId": claims["tenantId"], **made, **given, "type": claims["type"]}


def _variables(environment: EmulatedEnvironment, claims: _Claims) -> Mapping[str, object]:
    user_id = str(claims.get("userId") or claims.get("sub"))
    user = environment.state.users.get(user_id)
    tenant = environment.state.tenants.get(str(claims.get("tenantId")))
    fields = {} if tenant is None else cast("dict[str, object]", msgspec.to_builtins(tenant))
    fields["metadata"] = parse_json_text(str(fields.get("metadata") or "{}"))
    own = ("name", "email", "metadata", "tenantId", "tenantIds")
    return {
        **claims,
        "clientId": claims["aud"],
        "applicationId": _application_id(environment) or None,
        "user": {
            **{name: claims.get(name) for name in own},
            "id": user_id,
            "verified": user is None or user.verified,
            "profilePictureUrl": None if user is None else user.profile_picture_url,
            "phoneNumber": None if user is None else user.phone_number,
            "tenant": {**fields, "roles": claims.get("roles"), "permissions": claims.get("permissions")},
        },
    }


def _filled(value: object, variables: Mapping[str, object], gap: object) -> object:
    if isinstance(value, dict):
        members = {name: _filled(each, variables, gap) for name, each in cast("dict[str, object]", value).items()}
        return {name: each for name, each in members.items() if each is not _MISSING}
    if isinstance(value, list):
        items = [_filled(each, variables, gap) for each in cast("list[object]", value)]
        return [each for each in items if each is not _MISSING]
    if not isinstance(value, str):
        return value
    whole = _VARIABLE.fullmatch(value)
    if whole is not None:
        found = _look_up(whole[1], variables)
        return gap if found is None else found
    return _VARIABLE.sub(lambda match: _as_text(_look_up(match[1], variables)), value)


def _look_up(path: str, variables: Mapping[str, object]) -> object:
    found: object = variables
    for name in path.split("."):
        found = _members(found).get(name)
    return found


def _members(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _as_text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return msgspec.json.encode(value).decode()
