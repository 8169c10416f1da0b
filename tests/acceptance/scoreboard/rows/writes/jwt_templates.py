"""The writes on JWT templates and their targeting."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints import jwt_templates
from frontegg_async.models import DEFAULT_JWT_CLAIMS, JwtTemplateCondition, JwtTemplateRule
from tests.acceptance.scoreboard.rows.writes.environment_state import METADATA, Ground, Plan, Write, field_of

_THEN: Final = "2024-05-01T10:00:00.000Z"


def _template(ground: Ground, mark: str) -> str:
    return ground.row(
        "jwtTemplates",
        f"template-{mark}",
        "",
        key=f"before-{mark}",
        name="Before",
        expiration=60,
        algorithm="RS256",
        claims=dict(DEFAULT_JWT_CLAIMS),
        createdAt=_THEN,
        updatedAt=_THEN,
    )


def _create(ground: Ground, mark: str) -> Write:
    claims = {**DEFAULT_JWT_CLAIMS, "plan": ground.rng.choice(METADATA)}
    return Write(
        endpoints=(jwt_templates.CREATE,),
        call=lambda sides, options: sides.frontegg.jwt_templates.create(
            key=mark, name=f"Name {mark}", claims=claims, expiration=300, options=options
        ),
        shown=lambda after: after.count("jwtTemplates", "key", mark) == 1,
        made=lambda after: after.count("jwtTemplates", "key", mark),
        returned=lambda made, after: field_of(after, "jwtTemplates", made.id, "key") == mark,
    )


def _update(ground: Ground, mark: str) -> Write:
    template_id, plan = _template(ground, mark), ground.rng.choice(METADATA)
    return Write(
        endpoints=(jwt_templates.UPDATE,),
        call=lambda sides, options: sides.frontegg.jwt_templates.update(
            template_id, key=mark, claims={**DEFAULT_JWT_CLAIMS, "plan": plan}, options=options
        ),
        shown=lambda after: field_of(after, "jwtTemplates", template_id, "key") == mark,
    )


def _delete(ground: Ground, mark: str) -> Write:
    template_id = _template(ground, mark)
    return Write(
        endpoints=(jwt_templates.DELETE,),
        call=lambda sides, options: sides.frontegg.jwt_templates.delete(template_id, options=options),
        shown=lambda after: after.row("jwtTemplates", template_id) is None,
    )


def _set_targeting(_ground: Ground, mark: str) -> Write:
    condition = JwtTemplateCondition(attribute="tenantId", op="in_list", values=(mark,))
    rule = JwtTemplateRule(template_key=mark, conditions=(condition,))
    return Write(
        endpoints=(jwt_templates.SET_TARGETING,),
        call=lambda sides, options: sides.frontegg.jwt_templates.targeting.set(rules=[rule], options=options),
        shown=lambda _: True,  # another write replaces or deletes it: an environment has one list of rules
    )


def _delete_targeting(ground: Ground, mark: str) -> Write:
    targeting_id = ground.row("jwtTargeting", f"targeting-{mark}", "", rules=[], createdAt=_THEN, updatedAt=_THEN)
    return Write(
        endpoints=(jwt_templates.DELETE_TARGETING,),
        call=lambda sides, options: sides.frontegg.jwt_templates.targeting.delete(targeting_id, options=options),
        shown=lambda after: after.row("jwtTargeting", targeting_id) is None,
    )


PLANS: Final[tuple[Plan, ...]] = (_create, _update, _delete, _set_targeting, _delete_targeting)
