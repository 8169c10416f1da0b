"""The rules of JWT templates and of their targeting rules. `templated_tokens` builds tokens from the templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.jwt_templates.rows import JwtCondition, JwtRule, JwtTargetingRow, JwtTemplateRow
from frontegg_async.emulator.services.jwt_templates.switches import JwtTemplateSwitches
from frontegg_async.emulator.services.support.emulated_response import (
    EMPTY,
    EmulatedResponse,
    RequestRefusedError,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.paging import sorted_page
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

MIN_EXPIRATION: Final = 10
MAX_EXPIRATION: Final = 15_552_000
REQUIRED: Final = ("iss", "sub", "aud", "exp", "iat")
_AUDIENCES: Final = ("{{clientId}}", "{{applicationId}}")
_RESERVED: Final = frozenset({"type", "userId", "superUser", "act", "amr", "acr", "auth_time", "nonce"})
_ORDERS: Final[Mapping[str, Callable[[JwtTemplateRow], object]]] = {
    "id": lambda row: row.id,
    "key": lambda row: row.key,
    "name": lambda row: row.name,
    "createdAt": lambda row: row.created_at,
    "updatedAt": lambda row: row.updated_at,
}

_Body = Mapping[str, JsonValue]


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a JWT template."""
    now = environment.clock.timestamp()
    row = JwtTemplateRow(
        id=environment.new_id(),
        key=cast("str", call.body["key"]),
        name=cast("str", call.body["name"]),
        expiration=cast("float", call.body["expiration"]),
        algorithm=cast("str", call.body["algorithm"]),
        claims=_claims(call.body),
        created_at=now,
        updated_at=now,
        description=cast("str | None", call.body.get("description")),
    )
    return EmulatedResponse(status=201, body=_put(environment, row))


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of a template. Omitted fields keep their values."""
    row = _find(environment, call)
    sent = {name: value for name, value in call.body.items() if value is not None}
    changes: dict[str, object] = {name: value for name, value in sent.items() if name != "templateSchema"}
    if "templateSchema" in sent:
        changes["claims"] = _claims(sent)
    changed = msgspec.structs.replace(row, **changes, updated_at=environment.clock.timestamp())
    return EmulatedResponse(body=_put(environment, changed))


def _put(environment: EmulatedEnvironment, row: JwtTemplateRow) -> object:
    """Check a template and store it.

    Raises:
        RequestRefusedError: 400 if a value is not allowed, 409 if another template has the key.
    """
    if not row.key or not row.name:
        raise validation_error([f"{'name' if row.key else 'key'} should not be empty"])
    if not MIN_EXPIRATION <= row.expiration <= MAX_EXPIRATION:
        raise validation_error([f"expiration must be from {MIN_EXPIRATION} to {MAX_EXPIRATION}"])
    if environment.switches[JwtTemplateSwitches].jwt_template_claims == "check":
        _check_claims(row.claims)
    others = environment.state.table(JwtTemplateRow).values()
    if any(each.key == row.key and each.id != row.id for each in others):
        raise service_error(409, "A JWT template with this key exists")
    environment.state.put(row)
    return _shown(environment, row)


def _check_claims(claims: Mapping[str, object]) -> None:
    missing = [name for name in REQUIRED if name not in claims]
    if missing:
        raise validation_error([f"templateSchema.claims must have {', '.join(missing)}"])
    reserved = sorted(_RESERVED & claims.keys())
    if reserved:
        raise validation_error([f"Claims reserved for internal use are not allowed: {', '.join(reserved)}"])
    if claims["aud"] not in _AUDIENCES:
        raise validation_error([f"aud must be one of {', '.join(_AUDIENCES)}"])


def _claims(body: _Body) -> dict[str, object]:
    return cast("dict[str, object]", cast("_Body", body["templateSchema"])["claims"])


def list_page(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the templates that match the query."""
    keys, ids = call.query.values("keys"), call.query.values("ids")
    rows = [
        row
        for row in environment.state.table(JwtTemplateRow).values()
        if (not keys or row.key in keys) and (not ids or row.id in ids)
    ]
    return sorted_page(environment, call, rows, lambda row: _shown(environment, row), _ORDERS)


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a template."""
    return EmulatedResponse(body=_shown(environment, _find(environment, call)))


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a template. Targeting rules for the template have no effect afterwards."""
    environment.state.remove(JwtTemplateRow, _find(environment, call).id)
    return EmulatedResponse(status=204, body=EMPTY)


def _find(environment: EmulatedEnvironment, call: IncomingCall) -> JwtTemplateRow:
    row = environment.state.table(JwtTemplateRow).get(call.path["id"])
    if row is None:
        raise service_error(404, "JWT template not found")
    return row


def _shown(environment: EmulatedEnvironment, row: JwtTemplateRow) -> dict[str, object]:
    return {
        "id": row.id,
        "vendorId": environment.vendor_id,
        "key": row.key,
        "name": row.name,
        "description": row.description,
        "expiration": row.expiration,
        "algorithm": row.algorithm,
        "templateSchema": {"claims": row.claims},
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


def get_targeting(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return the targeting rules."""
    row = _targeting(environment)
    if row is None:
        raise _no_targeting()
    return EmulatedResponse(body=_shown_targeting(row))


def create_targeting(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create the targeting rules, which must not exist yet."""
    if _targeting(environment) is not None:
        raise service_error(409, "JWT template targeting exists")
    return EmulatedResponse(status=201, body=_shown_targeting(_put_targeting(environment, call.body)))


def set_targeting(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Replace the targeting rules, or create them if they do not exist."""
    _put_targeting(environment, call.body)
    return EmulatedResponse()


def change_targeting(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change the targeting rules. They must exist already."""
    _find_targeting(environment, call)
    return set_targeting(environment, call)


def delete_targeting(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete the targeting rules."""
    environment.state.remove(JwtTargetingRow, _find_targeting(environment, call).id)
    return EmulatedResponse()


def _targeting(environment: EmulatedEnvironment) -> JwtTargetingRow | None:
    row = next(iter(environment.state.table(JwtTargetingRow).values()), None)
    is_hidden = (
        row is not None
        and not row.rules
        and environment.switches[JwtTemplateSwitches].jwt_targeting_without_rules == "not_found"
    )
    return None if is_hidden else row


def _find_targeting(environment: EmulatedEnvironment, call: IncomingCall) -> JwtTargetingRow:
    row = environment.state.table(JwtTargetingRow).get(call.path["id"])
    if row is None:
        raise _no_targeting()
    return row


def _no_targeting() -> RequestRefusedError:
    return service_error(404, "JWT template targeting not found")


def _put_targeting(environment: EmulatedEnvironment, body: _Body) -> JwtTargetingRow:
    before = next(iter(environment.state.table(JwtTargetingRow).values()), None)
    now = environment.clock.timestamp()
    rules = tuple(_rule(cast("_Body", each)) for each in cast("list[object]", body.get("rules") or ()))
    if environment.switches[JwtTemplateSwitches].jwt_template_unknown == "refuse":
        known = {row.key for row in environment.state.table(JwtTemplateRow).values()}
        unknown = [rule.treatment for rule in rules if rule.treatment not in known]
        if unknown:
            raise validation_error([f"there is no JWT template {', '.join(unknown)}"])
    row = JwtTargetingRow(
        id=environment.new_id() if before is None else before.id,
        rules=rules,
        created_at=now if before is None else before.created_at,
        updated_at=now,
    )
    environment.state.put(row)
    return row


def _rule(body: _Body) -> JwtRule:
    if body["conditionLogic"] != "and":
        raise validation_error(["conditionLogic must be one of the following values: and"])
    return JwtRule(
        treatment=cast("str", body["treatment"]),
        conditions=tuple(_condition(cast("_Body", each)) for each in cast("list[object]", body["conditions"])),
    )


def _condition(body: _Body) -> JwtCondition:
    return JwtCondition(
        attribute=cast("str", body["attribute"]),
        op=cast("str", body["op"]),
        values=tuple(cast("list[str]", cast("_Body", body["value"])["list"])),
        negate=cast("bool", body["negate"]),
    )


def _shown_targeting(row: JwtTargetingRow) -> object:
    rules = [
        {
            "conditionLogic": "and",
            "conditions": [
                {
                    "attribute": condition.attribute,
                    "op": condition.op,
                    "value": {"list": condition.values},
                    "negate": condition.negate,
                }
                for condition in rule.conditions
            ],
            "treatment": rule.treatment,
        }
        for rule in row.rules
    ]
    return {"id": row.id, "createdAt": row.created_at, "updatedAt": row.updated_at, "targeting": {"rules": rules}}


RULES = {
    "jwt_templates.create": Rule(run=create),
    "jwt_templates.list": Rule(run=list_page),
    "jwt_templates.get": Rule(run=get),
    "jwt_templates.update": Rule(run=update),
    "jwt_templates.delete": Rule(run=delete),
    "jwt_templates.targeting.get": Rule(run=get_targeting),
    "jwt_templates.targeting.create": Rule(run=create_targeting, optional=("rules",)),
    "jwt_templates.targeting.set": Rule(run=set_targeting, optional=("rules",)),
    "jwt_templates.targeting.change": Rule(run=change_targeting, optional=("rules",)),
    "jwt_templates.targeting.delete": Rule(run=delete_targeting),
}

TAGS = {
    "jwt_templates": Tag("JWT templates, and the targeting rules that choose them.", write_body="template_write_body"),
}
