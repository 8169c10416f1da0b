"""Fields of files for the targeting rules and treatments of feature plans and feature flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.models.plans import Treatment
from frontegg_async.resources.support.targeting import check_rules

_RULES: Final = "rules"


def _check_rules(value: object, name: str) -> None:
    del name
    check_rules(value)
    arguments.check_json(value, _RULES)


def _normal(rules: JsonValue) -> JsonValue:
    """Add empty values for fields that files may leave out although the service documents them as required."""
    return [_normal_rule(each) for each in cast("list[Mapping[str, JsonValue]]", rules)]


def _normal_rule(rule: Mapping[str, JsonValue]) -> JsonValue:
    given = {"description": rule.get("description") or "", "conditionLogic": rule.get("conditionLogic") or "and"}
    normal = {**rule, **given}
    conditions = rule.get("conditions")
    if isinstance(conditions, list | tuple):
        normal["conditions"] = [_normal_condition(each) for each in conditions]
    return normal


def _normal_condition(condition: JsonValue) -> JsonValue:
    if isinstance(condition, Mapping) and "attribute" in condition:  # others are groups of conditions
        return {**condition, "negate": condition.get("negate") or False}
    return condition


RULES_FIELD: Final = Field(_RULES, Shape.JSON, check=_check_rules, normal=_normal)
"""The field for an ordered list of rules. A change replaces the whole list."""


def treatment_field(name: str, *, is_required: bool = False) -> Field:
    """Return a field for a treatment.

    Args:
        name: The name of the field.
        is_required: Whether a creation needs the field.
    """
    return Field(name, choices=Treatment, is_required=is_required)


def with_rules(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the values of an object, with the rules in the format of files.

    Args:
        values: The values.
    """
    rules = values.get(_RULES)
    is_list = isinstance(rules, list | tuple) and all(isinstance(each, Mapping) for each in rules)
    return {**values, _RULES: _normal(rules) if is_list else rules or []}
