"""Functions for both the fast and the slow path: convert values of fields, and find the JSON names of fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Final, Union, cast, get_args, get_origin

import attrs
import msgspec

from frontegg_async._values.fields import EXTRA, wire_name
from frontegg_async._values.json_values import JsonValue, parse_json_text

SCALARS: Final[frozenset[object]] = frozenset({str, int, float, bool, dt.datetime, NoneType})


class MismatchError(ValueError):
    """A value has another type than its field."""

    def __init__(self, expected: str, got: object) -> None:
        super().__init__(expected, type(got).__name__)


def members(hint: object) -> tuple[object, ...]:
    """Return the types that an annotation allows."""
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def known_names(model: type[attrs.AttrsInstance]) -> dict[str, str]:
    """Return the JSON name of each field of a model."""
    return {field.name: wire_name(field) for field in attrs.fields(model) if field.name != EXTRA}


def _name_of(kind: object) -> str:
    return "null" if kind is NoneType else getattr(kind, "__name__", str(kind))


def _parse_moment(text: str) -> dt.datetime | None:
    """Parse a date-time: RFC 3339 by msgspec, with the rounding of the fast path, and otherwise any ISO 8601."""
    try:
        return msgspec.convert(text, dt.datetime)
    except ValueError:
        pass
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def structure_scalar(value: object, hint: object) -> object:
    """Convert a value to one of the scalar types that an annotation allows.

    Raises:
        MismatchError: The value cannot be converted to any of these types.
        OverflowError: The value is an integer that is too large for a float.
    """
    kinds = members(hint)
    kind = type(value)
    if kind in kinds:
        return value
    if dt.datetime in kinds and isinstance(value, str):
        moment = _parse_moment(value)
        if moment is not None:
            return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    if float in kinds and kind is int:
        return float(cast("int", value))
    if int in kinds and isinstance(value, float) and value.is_integer():
        return int(value)
    raise MismatchError(" or ".join(_name_of(each) for each in kinds), value)


def structure_json(value: object, hint: object) -> JsonValue:
    """Parse metadata, which is usually JSON text in a string. A parsed value is returned unchanged."""
    parsed: object = parse_json_text(value) if isinstance(value, str) else value
    if get_origin(hint) is Mapping and not isinstance(parsed, Mapping):
        raise MismatchError("object", value)
    return cast("JsonValue", parsed)
