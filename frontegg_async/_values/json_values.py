"""JSON values: their type, parsing, and slots that parse their JSON text on first access."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MemberDescriptorType
from typing import Final, TypeAlias, cast, final

import msgspec

JsonValue: TypeAlias = bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None
"""Any JSON value."""


@final
class RawText(str):
    """Text that should be JSON but is not, kept unchanged; ``isinstance(value, RawText)`` identifies it."""

    __slots__ = ()


@final
class _Parsed(str):
    """A text that is a parsed JSON value, as opposed to JSON text that is not parsed yet."""

    __slots__ = ()


def read_float(text: str) -> float:
    """Return the number that a JSON text denotes.

    For numbers near zero and very large ones, msgspec itself takes a thousand times longer.

    Raises:
        ValueError: The number is out of range.
    """
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number is out of range")
    return number


parse_json: Final = msgspec.json.Decoder(float_hook=read_float).decode
"""Parses JSON to plain values; raises `ValueError` for text that is not JSON, `RecursionError` for deep nesting."""


def parse_json_text(text: str) -> JsonValue:
    """Parse JSON text inside a string; return text that is not JSON as `RawText`."""
    try:
        return cast("JsonValue", parse_json(text))
    except (ValueError, RecursionError):
        return RawText(text)


def copy_json(value: JsonValue) -> JsonValue:
    """Return a deep copy of a JSON value, with dicts, lists and plain text.

    Raises:
        TypeError: A part of it is nothing that JSON can hold.
    """
    whole = _copy_of_part(value)
    open_pairs = [(value, whole)]
    while open_pairs:
        source, target = open_pairs.pop()
        if isinstance(source, Mapping):
            into = cast("dict[str, JsonValue]", target)
            for name, each in source.items():
                into[name] = _copy_of_part(each)
                open_pairs.append((each, into[name]))
        elif isinstance(source, list | tuple):
            row = cast("list[JsonValue]", target)
            for each in cast("Sequence[JsonValue]", source):
                row.append(_copy_of_part(each))
                open_pairs.append((each, row[-1]))
    return whole


def _copy_of_part(value: JsonValue) -> JsonValue:
    """Return an empty list or dict for a sequence or mapping, and any other value itself."""
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in cast("Mapping[object, object]", value)):
            raise TypeError("JSON cannot hold a key that is no text")
        return {}
    if isinstance(value, list | tuple):
        return []
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, int | float):
        return value
    raise TypeError(f"JSON cannot hold a value of type {type(value).__name__}")


@final
class LazyJson:
    """A slot of a model that holds JSON text and parses it on first access.

    Parsing the metadata of a page of tenants takes longer than decoding the page, and most listings never use them. The
    slot holds a plain ``str`` only while it is not parsed; a value set by a constructor is never parsed.
    """

    __slots__ = ("slot",)

    def __init__(self, slot: MemberDescriptorType) -> None:
        self.slot: MemberDescriptorType = slot

    @classmethod
    def install(cls, model: type, name: str) -> None:
        """Replace the plain slot ``name`` of ``model`` by a lazy one."""
        setattr(model, name, cls(model.__dict__[name]))

    def __get__(self, instance: object | None, owner: type) -> object:
        if instance is None:
            return self
        value = cast("object", self.slot.__get__(instance, owner))
        kind = type(value)
        if kind is str:
            value = parse_json_text(cast("str", value))
            self.__set__(instance, value)
        elif kind is _Parsed:
            value = str(value)
        return value

    def __set__(self, instance: object, value: object) -> None:
        self.slot.__set__(instance, _Parsed(value) if type(value) is str else value)
