"""Encode the bodies of requests."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Hashable, Mapping
from typing import Any, cast

import attrs
import msgspec

from frontegg_async._core.codec.field_values import known_names
from frontegg_async._values.fields import bare_field, field_types, holds_json, others_field


def encode(body: object) -> bytes:
    """Return the JSON text of a body: a write model without its unset fields, or any JSON value."""
    return encode_json(_unstructured(body) if attrs.has(type(body)) else body)


def encode_json(value: object) -> bytes:
    """Return the JSON text of a value."""
    return msgspec.json.encode(value, enc_hook=_plain)


def _plain(value: object) -> object:
    """Convert a value of a subclass, such as `RawText` or a number of another library, to its plain type."""
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, object]", value))
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    raise TypeError(f"JSON cannot hold a value of type {type(value).__name__}")


def _unstructured(value: object) -> object:
    """Convert models, also in arrays and objects, to dicts with the field names of the JSON."""
    if isinstance(value, enum.Enum):
        return cast("object", value.value)
    if isinstance(value, list | tuple):
        return [_unstructured(each) for each in cast("list[object]", value)]
    if isinstance(value, Mapping):
        return {name: _unstructured(each) for name, each in cast("Mapping[str, object]", value).items()}
    kind = cast("Hashable", type(value))
    return _writer_of(kind)(value) if attrs.has(type(value)) else value


def _default_of(field: attrs.Attribute[Any]) -> object:
    factory = getattr(field.default, "factory", None)
    return field.default if factory is None else factory()


@functools.cache
def _writer_of(model: Any) -> Callable[[object], object]:  # noqa: ANN401 - any model
    """Return a function that converts an object to a dict without the fields that equal their default."""
    hints, names = field_types(model), known_names(model)
    others, bare = others_field(model), bare_field(model)
    fields = [
        (
            field.name,
            names[field.name],
            _default_of(field),
            _json_text if holds_json(hints[field.name]) else _unstructured,
        )
        for field in attrs.fields(model)
        if field.name in names and field is not others
    ]

    def write(instance: object) -> object:
        row: dict[str, object] = {} if others is None else dict(getattr(instance, others.name))
        for attribute, name, default, plain in fields:
            value: object = getattr(instance, attribute)
            if value is not default and value != default:
                row[name] = plain(value)
        return row if bare is None else row[names[bare.name]]

    return write


def _json_text(value: object) -> object:
    """Return metadata as the service expects it: an object unchanged, any other value as JSON text."""
    if value is None or isinstance(value, Mapping | str):
        return cast("object", value)
    return encode_json(value).decode()
