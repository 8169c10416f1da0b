"""Check the targeting rules, treatments and metadata of plans and feature flags before they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from frontegg_async._core.checks import arguments
from frontegg_async._core.codec.encoding import encode_json
from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.plans import Treatment


def check_treatment(value: str, name: str) -> Treatment:
    """Check a treatment, and return the member of the enum.

    Raises:
        InvalidArgumentError: The value is not a treatment.
    """
    return arguments.check_member(value, Treatment, name)


def check_rules(values: object) -> tuple[Mapping[str, JsonValue], ...]:
    """Check targeting rules, and return them. Only the service interprets their contents.

    Raises:
        InvalidArgumentError: The rules are not a sequence of mappings, or JSON cannot represent them.
    """
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        raise InvalidArgumentError("rules must be a sequence of mappings: give a list even for a single rule")
    rules = tuple(cast("Iterable[Mapping[str, JsonValue]]", values))
    for index, rule in enumerate(rules):
        arguments.check_mapping(rule, f"rules[{index}]")
        arguments.check_json(rule, f"rules[{index}]")
    return rules


def metadata_text(metadata: JsonValue) -> str:
    """Return metadata as JSON text.

    Raises:
        InvalidArgumentError: The metadata is not a JSON value.
    """
    arguments.check_json(metadata, "metadata")
    return encode_json(metadata).decode()
