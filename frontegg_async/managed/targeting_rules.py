"""The targeting rules and treatments of feature plans and feature flags, as fields of files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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


RULES_FIELD: Final = Field(_RULES, Shape.JSON, check=_check_rules)
"""An ordered list, which is replaced as a whole."""


def treatment_field(name: str, *, is_required: bool = False) -> Field:
    """Return a field with a treatment.

    Args:
        name: The name of the field.
        is_required: Whether an object cannot be created without it.
    """
    return Field(name, choices=Treatment, is_required=is_required)


def with_rules(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return values of an object of the service: no rules are an empty list.

    Args:
        values: The values.
    """
    return {**values, _RULES: values.get(_RULES) or []}
