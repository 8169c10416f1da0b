"""The rows of an export: the fields of an account, and how they become JSON text that is always the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias, cast

import attrs
import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.exports import IncludeLiteral
from frontegg_async.models.tenants import Tenant

FORMAT: Final = "frontegg-accounts/1"
"""The version of the format, which each row has."""

INCLUDES: Final[Sequence[IncludeLiteral]] = ("settings", "sso", "api-tokens")

Row: TypeAlias = dict[str, JsonValue]
"""An account as an export has it."""

PARENT: Final = "parent_tenant_id"
FIELDS: Final = tuple(
    sorted(["format", PARENT, *(field.name for field in attrs.fields(cast("type[attrs.AttrsInstance]", Tenant)))])
)
"""The fields that each row has."""

# Text that is no JSON is of a class of its own, which becomes plain text.
_encoder: Final = msgspec.json.Encoder(order="deterministic", enc_hook=str)


def to_json(value: object) -> bytes:
    """Return JSON text with sorted keys and without white space."""
    return _encoder.encode(value)


to_json_lines: Final = _encoder.encode_lines
"""Returns the JSON text of each value, on a line of its own."""


def field_of(include: IncludeLiteral) -> str:
    """Return the field of a row that has what is included."""
    return include.replace("-", "_")


def check_include(include: object) -> tuple[IncludeLiteral, ...]:
    """Return what to include, each once and in a fixed order.

    Raises:
        InvalidArgumentError: It is no collection of names, or there is no such name.
    """
    if isinstance(include, str) or not isinstance(include, Sequence | set | frozenset):
        raise InvalidArgumentError("include must be a collection of names, as ('settings', 'sso')")
    names = cast("Sequence[object]", include)
    for name in names:
        if name not in INCLUDES:
            raise InvalidArgumentError(f"include must have names among {', '.join(INCLUDES)}; {name!r} is not")
    return tuple(name for name in INCLUDES if name in names)
