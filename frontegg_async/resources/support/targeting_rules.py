"""Checks of the rules that decide which JWT template applies to a token."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.flags import check_flag
from frontegg_async._values.kinds import kind_of
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.jwt_templates import (
    JwtTemplateAttribute,
    JwtTemplateCondition,
    JwtTemplateConditionWrite,
    JwtTemplateOperator,
    JwtTemplateRule,
    JwtTemplateRuleWrite,
    JwtTemplateValues,
)


@without_frames
def check_rules(values: object) -> tuple[JwtTemplateRuleWrite, ...]:
    """Check targeting rules, and return them in the form of the request.

    Args:
        values: A sequence of `JwtTemplateRule`, or of mappings as ``JwtTemplateRule.to_dict()`` returns them.

    Raises:
        InvalidArgumentError: ``values`` is not a sequence, or a rule is not allowed.
    """
    kind = kind_of(values)
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        raise InvalidArgumentError(f"rules must be a sequence of rules, not {kind}")
    rules = cast("Iterable[object]", values)
    return tuple(_rule(rule, f"rules[{index}]") for index, rule in enumerate(rules))


def _rule(value: object, place: str) -> JwtTemplateRuleWrite:
    if isinstance(value, Mapping):
        rule = _of_dict(cast("Mapping[str, object]", value), place)
    elif isinstance(value, JwtTemplateRule):
        rule = value
    else:
        raise InvalidArgumentError(f"{place} must be a JwtTemplateRule or a mapping, not {kind_of(value)}")
    arguments.check_text(rule.template_key, f"{place}.template_key")
    if rule.condition_logic != "and":
        raise InvalidArgumentError(f"{place}.condition_logic must be 'and', the only value that the service supports")
    if not isinstance(cast("object", rule.conditions), list | tuple) or not rule.conditions:
        raise InvalidArgumentError(f"{place}.conditions must have at least one condition")
    conditions = (_condition(each, f"{place}.conditions[{index}]") for index, each in enumerate(rule.conditions))
    return JwtTemplateRuleWrite(
        condition_logic=rule.condition_logic, conditions=tuple(conditions), treatment=rule.template_key
    )


def _of_dict(value: Mapping[str, object], place: str) -> JwtTemplateRule:
    try:
        return JwtTemplateRule.from_dict(value)
    except InvalidArgumentError as error:
        problem = str(error).removeprefix("data")
    raise InvalidArgumentError(f"{place}{problem}")


def _condition(condition: object, place: str) -> JwtTemplateConditionWrite:
    if not isinstance(condition, JwtTemplateCondition):
        raise InvalidArgumentError(f"{place} must be a JwtTemplateCondition, not {kind_of(condition)}")
    values: object = condition.values
    if isinstance(values, str) or not isinstance(values, list | tuple) or not values:
        raise InvalidArgumentError(f"{place}.values must be a list with at least one text")
    for index, each in enumerate(cast("Sequence[object]", values)):
        arguments.check_text(each, f"{place}.values[{index}]")
    return JwtTemplateConditionWrite(
        attribute=arguments.check_member(condition.attribute, JwtTemplateAttribute, f"{place}.attribute"),
        op=arguments.check_member(condition.op, JwtTemplateOperator, f"{place}.op"),
        value=JwtTemplateValues(list=tuple(cast("Sequence[str]", values))),
        negate=check_flag(condition.negate, f"{place}.negate", InvalidArgumentError),
    )
