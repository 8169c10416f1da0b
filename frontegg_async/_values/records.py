"""Conversion of models to plain dicts with equal keys, which pandas and polars accept as rows."""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import NoneType
from typing import Any, Final, TypeAlias, cast, get_type_hints

import attrs
import msgspec

from frontegg_async._values.fields import EXTRA, holds_json
from frontegg_async._values.json_values import NotJsonError, RawText

Record: TypeAlias = dict[str, object]
"""A model as a plain dict from field names to values."""

_AS_IT_IS: Final = frozenset({str, int, float, bool, NoneType, datetime})
_WITH_PARTS: Final = frozenset({dict, list})


def records_of(items: Sequence[object], columns: Sequence[str] | None = None, *, json_as_text: bool) -> list[Record]:
    """Return one dict for each model. Models of the same class have the same keys.

    Args:
        items: The models.
        columns: The keys, in order; by default all fields except ``extra``.
        json_as_text: Whether metadata, lists and objects become JSON text.
    """
    return [record_of(item, columns, json_as_text=json_as_text) for item in items]


def record_of(item: object, columns: Sequence[str] | None = None, *, json_as_text: bool = False) -> Record:
    """Return a model as a dict.

    Args:
        item: The model.
        columns: The keys, in order; by default all fields except ``extra``, whose keys may differ between rows.
        json_as_text: Whether metadata, lists and objects become JSON text.
    """
    kind = cast("type", type(item))
    record: Record = {}
    for name in _names(kind) if columns is None else columns:
        value = cast("object", getattr(item, name))
        record[name] = value if type(value) in _AS_IT_IS else _plain(value)
    if json_as_text:
        holding_json = json_names(kind)
        for name, value in record.items():
            if name in holding_json or type(value) in _WITH_PARTS:
                record[name] = json_text(value)
    return record


def columns_of(model: type) -> tuple[str, ...]:
    """Return the names of a model's fields, which become columns. ``extra`` is the last name."""
    return (*_names(model), *(name for name in (EXTRA,) if hasattr(model, name)))


def json_text(value: object) -> str | None:
    """Format a JSON value as JSON text. ``None`` stays ``None``.

    Raises:
        NotJsonError: The value is nested too deep, or contains a value that JSON cannot represent.
    """
    try:
        return None if value is None else msgspec.json.encode(value).decode()
    except RecursionError:
        problem = "the value is nested too deep"
    except TypeError as error:
        problem = str(error)
    raise NotJsonError(f" cannot be written as JSON text: {problem}")


def _plain(value: object) -> object:
    """Convert a value of this package to a plain type."""
    if isinstance(value, RawText):
        return str(value)
    if isinstance(value, enum.Enum):
        return cast("object", value.value)
    if attrs.has(type(value)):
        return record_of(value)
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, object]", value))
    if isinstance(value, tuple):
        return [_plain(each) for each in cast("tuple[object, ...]", value)]
    return value


@functools.cache
def _names(model: type) -> tuple[str, ...]:
    fields = cast("tuple[attrs.Attribute[Any], ...]", attrs.fields(cast("type[attrs.AttrsInstance]", model)))
    return tuple(field.name for field in fields if field.name != EXTRA)


@functools.cache
def json_names(model: type) -> frozenset[str]:
    """Return the names of the fields whose value is any JSON value, or a mapping of JSON values."""
    hints = get_type_hints(model)
    return frozenset(name for name in _names(model) if holds_json(hints[name]))
