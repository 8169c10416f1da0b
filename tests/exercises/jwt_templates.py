"""Exercises of JWT templates and their targeting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from frontegg_async.models import DEFAULT_JWT_CLAIMS, JwtTemplateCondition, JwtTemplateRule
from tests.emulator.cases import case
from tests.exercises.exercise import ExerciseClients, bad, good, refused

_THEN: Final = "2026-01-01T00:00:00.000Z"
_CLAIMS: Final = {**DEFAULT_JWT_CLAIMS, "plan": "{{user.tenant.metadata.plan}}"}
_NEW: Final = {"key": "new", "name": "New", "claims": _CLAIMS, "expiration": 300}
_CONDITION: Final = JwtTemplateCondition(attribute="tenantId", op="in_list", values=("acme",))
_RULE: Final = JwtTemplateRule(template_key="plan", conditions=(_CONDITION,))
_ODD: Final = {"template_key": "plan", "conditions": [{"attribute": "colour", "op": "in_list", "values": ["red"]}]}


def _create(s: ExerciseClients, **changes: Any) -> Any:
    return s.frontegg.jwt_templates.create(**{**_NEW, **changes})


def _set(s: ExerciseClients, *rules: Any) -> Any:
    return s.frontegg.jwt_templates.targeting.set(rules=rules)


def _without_targeting(s: ExerciseClients) -> Iterator[Any]:
    yield s.frontegg.jwt_templates.targeting.delete("g1")
    yield s.frontegg.jwt_templates.targeting.get()


EXERCISES: Final = (
    good("jwt_templates.create", lambda s: _create(s, description="with the plan")),
    refused("jwt_templates.create", 409, lambda s: _create(s, key="plan")),
    bad("jwt_templates.create", "key must not be empty", lambda s: _create(s, key="")),
    bad("jwt_templates.create", "from 10 to 15552000", lambda s: _create(s, expiration=9)),
    bad("jwt_templates.create", "iss is missing", lambda s: _create(s, claims={})),
    bad("jwt_templates.create", "must be one of rs256, hs256", lambda s: _create(s, algorithm="none")),
    good("jwt_templates.list", lambda s: s.frontegg.jwt_templates.list(keys=["plan"], sort_by="key").all()),
    bad("jwt_templates.list", "keys", lambda s: s.frontegg.jwt_templates.list(keys="plan").all()),
    bad("jwt_templates.list", "page_size", lambda s: s.frontegg.jwt_templates.list(page_size=0).all()),
    good("jwt_templates.get", lambda s: s.frontegg.jwt_templates.get("t1")),
    refused("jwt_templates.get", 404, lambda s: s.frontegg.jwt_templates.get("plan")),
    bad("jwt_templates.get", "template_id", lambda s: s.frontegg.jwt_templates.get("..")),
    good("jwt_templates.update", lambda s: s.frontegg.jwt_templates.update("t1", claims=_CLAIMS, expiration=60)),
    refused("jwt_templates.update", 404, lambda s: s.frontegg.jwt_templates.update("none", name="No")),
    refused("jwt_templates.update", 409, lambda s: s.frontegg.jwt_templates.update("t1", key="other")),
    bad("jwt_templates.update", "at least one", lambda s: s.frontegg.jwt_templates.update("t1")),
    good("jwt_templates.delete", lambda s: s.frontegg.jwt_templates.delete("t1")),
    refused("jwt_templates.delete", 404, lambda s: s.frontegg.jwt_templates.delete("none")),
    bad("jwt_templates.delete", "template_id", lambda s: s.frontegg.jwt_templates.delete("")),
    good("jwt_templates.targeting.get", lambda s: s.frontegg.jwt_templates.targeting.get()),
    refused("jwt_templates.targeting.get", 404, _without_targeting),
    good("jwt_templates.targeting.set", lambda s: _set(s, _RULE, _RULE.to_dict())),
    good("jwt_templates.targeting.set", _set),
    bad(
        "jwt_templates.targeting.set",
        r"rules\[0\].conditions\[0\].attribute must be one of userId, .* not 'colour'",
        lambda s: _set(s, _ODD),
    ),
    bad("jwt_templates.targeting.set", "sequence", lambda s: s.frontegg.jwt_templates.targeting.set(rules="plan")),
    bad("jwt_templates.targeting.set", r"rules\[0\]\.template_key is missing", lambda s: _set(s, {})),
    good("jwt_templates.targeting.delete", lambda s: s.frontegg.jwt_templates.targeting.delete("g1")),
    refused("jwt_templates.targeting.delete", 404, lambda s: s.frontegg.jwt_templates.targeting.delete("none")),
    bad("jwt_templates.targeting.delete", "targeting_id", lambda s: s.frontegg.jwt_templates.targeting.delete("")),
)

_BODY: Final = {
    "key": "new",
    "name": "New",
    "expiration": 300,
    "algorithm": "RS256",
    "templateSchema": {"claims": _CLAIMS},
}
_RULES: Final = {
    "rules": [
        {
            "conditionLogic": "and",
            "conditions": [{"attribute": "tenantId", "op": "in_list", "value": {"list": ["acme"]}, "negate": False}],
            "treatment": "plan",
        }
    ]
}
_OR: Final = {"rules": [{**_RULES["rules"][0], "conditionLogic": "or"}]}
_UNKNOWN: Final = {"rules": [{**_RULES["rules"][0], "treatment": "no"}]}
_STRICT: Final = {"jwt_template_unknown": "refuse"}
_NONE: Final = {"jwt_targeting_without_rules": "not_found"}


def _claims(**changes: object) -> dict[str, object]:
    return {**_BODY, "templateSchema": {"claims": {**_CLAIMS, **changes}}}


CASES: Final = (
    case("jwt_templates.create", 201, body=_BODY),
    case("jwt_templates.create", 201, body=_claims(type="x", aud="me"), switches={"jwt_template_claims": "any"}),
    case("jwt_templates.create", 400, body=_claims(type="{{type}}")),
    case("jwt_templates.create", 400, body=_claims(aud="{{aud}}")),
    case("jwt_templates.create", 400, body={**_BODY, "templateSchema": {"claims": {"sub": "{{sub}}"}}}),
    case("jwt_templates.create", 400, body={**_BODY, "expiration": 9}),
    case("jwt_templates.create", 400, body={**_BODY, "key": ""}),
    case("jwt_templates.create", 409, body={**_BODY, "key": "plan"}),
    case("jwt_templates.list", 200, query=(("keys", "plan"), ("_sortBy", "name"), ("_order", "DESC"))),
    case("jwt_templates.list", 400, query=(("_sortBy", "colour"),)),
    case("jwt_templates.get", 200, "t1"),
    case("jwt_templates.get", 404, "none"),
    case("jwt_templates.update", 200, "t1", body={"description": "x", "templateSchema": {"claims": _CLAIMS}}),
    case("jwt_templates.update", 404, "none", body={}),
    case("jwt_templates.update", 409, "t1", body={"key": "other"}),
    case("jwt_templates.delete", 204, "t1"),
    case("jwt_templates.delete", 404, "none"),
    case("jwt_templates.targeting.get", 200),
    case("jwt_templates.targeting.get", 404, switches=_NONE),
    case("jwt_templates.targeting.create", 201, body=_RULES, switches=_NONE),
    case("jwt_templates.targeting.create", 409, body=_RULES),
    case("jwt_templates.targeting.set", 200, body=_RULES),
    case("jwt_templates.targeting.set", 400, body=_OR),
    case("jwt_templates.targeting.set", 400, body=_UNKNOWN, switches=_STRICT),
    case("jwt_templates.targeting.change", 200, "g1", body=_RULES),
    case("jwt_templates.targeting.change", 404, "none", body=_RULES),
    case("jwt_templates.targeting.delete", 200, "g1"),
    case("jwt_templates.targeting.delete", 404, "none"),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""

_TEMPLATE: Final = {"expiration": 60, "algorithm": "RS256", "claims": _CLAIMS, "createdAt": _THEN, "updatedAt": _THEN}

TABLES: Final = {
    "jwtTemplates": [
        {"id": "t1", "key": "plan", "name": "With the plan", **_TEMPLATE},
        {"id": "t2", "key": "other", "name": "Other", **_TEMPLATE},
    ],
    "jwtTargeting": [{"id": "g1", "createdAt": _THEN, "updatedAt": _THEN, "rules": []}],
}
"""Rows that there are before each request."""
