"""JSON values: their type, parsing, and slots that parse their JSON text on first access."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from types import MemberDescriptorType, NoneType
from typing import Final, TypeAlias, TypeVar, cast, final

import msgspec

JsonValue: TypeAlias = bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None
"""Any JSON value."""


@final
class RawText(str):
    """Text that the service sent in place of JSON, unchanged. ``isinstance(value, RawText)`` detects such text."""

    __slots__ = ()


@final
class _Parsed(str):
    """A text that is a parsed JSON value. A plain ``str`` in the same slot is JSON text that is not parsed yet."""

    __slots__ = ()


def read_float(text: str) -> float:
    """Parse a JSON number.

    This function is a thousand times faster than msgspec for very large numbers and for numbers near zero.

    Raises:
        ValueError: The number is out of range.
    """
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number is out of range")
    return number


_decoder: Final = msgspec.json.Decoder(float_hook=read_float)

_encode: Final = msgspec.json.encode

parse_json: Final = _decoder.decode
"""Parses JSON to plain values. Raises `ValueError` for text that is not JSON, and `RecursionError` for deep nesting."""

parse_json_lines: Final = _decoder.decode_lines
"""Parses JSON Lines to a list of plain values. Raises the same errors as `parse_json`."""


T = TypeVar("T")
U = TypeVar("U")


def decode_with_halves(body: bytes, decoder: msgspec.json.Decoder[T], otherwise: type[U]) -> T | U:
    """Decode JSON that may contain half of a surrogate pair. JavaScript can write such JSON; msgspec refuses it.

    Args:
        body: The JSON.
        decoder: The decoder for JSON without lone surrogates, which is much faster.
        otherwise: The type to which JSON with a lone surrogate is converted.

    Raises:
        msgspec.ValidationError: The JSON has another type.
        ValueError: The body is not JSON.
        RecursionError: The JSON is nested too deep.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return msgspec.convert(json.loads(body), otherwise)


class RepeatedNameError(ValueError):
    """A JSON object has a name twice, and the intended value is unclear."""


def unique_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Build a JSON object, and refuse repeated names. Use as the ``object_pairs_hook`` of `json.loads`.

    Raises:
        RepeatedNameError: Two members have the same name.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        raise RepeatedNameError("an object has a name twice")
    return found


def parse_unique(text: bytes | bytearray | str) -> JsonValue:
    """Parse JSON in which no object has a name twice.

    Raises:
        RepeatedNameError: An object has a name twice.
        ValueError: The text is not JSON.
        RecursionError: The JSON is nested too deep.
    """
    value = cast("JsonValue", parse_json(text))
    # If the text equals the encoding of its value, no name is repeated. This test is much faster than a check of each
    # name.
    if _encode(value) != (text.encode() if isinstance(text, str) else text):
        json.loads(text, object_pairs_hook=unique_names)
    return value


def parse_json_text(text: str) -> JsonValue:
    """Parse JSON text. Return a text that is not JSON as `RawText`."""
    try:
        return cast("JsonValue", parse_json(text))
    except (ValueError, RecursionError):
        return RawText(text)


class NotJsonError(ValueError):
    """JSON cannot represent a value.

    The message begins with the place, such as ``['a'][0]``, and contains no values.
    """


_Part: TypeAlias = "tuple[object, object, int, object, _Part | None]"
"""A list or mapping to copy: the original, its copy, its depth, its key, and the part that contains it."""

_PLAIN: Final = frozenset({str, int, bool, NoneType})
_FIRST_LOOK: Final = 128
"""The first depth at which `copy_json` tests whether a value contains itself.

Each further test is at double the depth.
"""


def copy_json(value: object, *, nan_as_null: bool = False) -> JsonValue:
    """Return a deep copy of a JSON value, made of dicts, lists and plain text.

    Args:
        value: The value, nested to any depth.
        nan_as_null: Whether infinities and NaN become ``None``. By default, they raise an error.

    Raises:
        NotJsonError: A part of the value has a type that JSON cannot represent, or a part contains itself.
    """
    whole: list[JsonValue] = []
    pending: list[_Part] = [((value,), whole, 0, None, None)]
    while pending:
        part = pending.pop()
        source, target, depth, _, _ = part
        if depth >= _FIRST_LOOK and depth & (depth - 1) == 0 and _holds_itself(part):
            raise NotJsonError(" contains itself, so that its nesting has no end")
        is_mapping = isinstance(source, Mapping)
        members = (
            cast("Mapping[object, object]", source).items() if is_mapping else enumerate(cast("list[object]", source))
        )
        for key, each in members:
            if is_mapping and not isinstance(key, str):
                raise NotJsonError(f"{_place(part)} has a key of type {type(key).__name__}: keys must be text")
            copy: JsonValue
            if type(each) in _PLAIN:
                copy = cast("JsonValue", each)
            elif isinstance(each, Mapping):
                copy = {}
                pending.append((cast("object", each), copy, depth + 1, key, part))
            elif isinstance(each, list | tuple):
                copy = []
                pending.append((cast("object", each), copy, depth + 1, key, part))
            elif nan_as_null and isinstance(each, float) and not math.isfinite(each):
                copy = None
            else:
                copy = _copy_of_scalar(each, part, key)
            if is_mapping:
                cast("dict[object, JsonValue]", target)[key] = copy
            else:
                cast("list[JsonValue]", target).append(copy)
    return whole[0]


def _copy_of_scalar(value: object, part: _Part, key: object) -> JsonValue:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise NotJsonError(f"{_place(part, key)} must be a finite number: JSON has no NaN and no infinity")
    if isinstance(value, int | float):
        return value
    raise NotJsonError(f"{_place(part, key)} is of type {type(value).__name__}, which JSON cannot hold")


def _place(part: _Part | None, *keys: object) -> str:
    """Return the place of a part in the copied value.

    With a key, return the place of the part's member with this key.
    """
    steps = [*keys]
    while part is not None:
        *_, key, part = part
        steps.append(key)
    # The two outermost steps are the list around the value, and the value's index in it.
    return "".join(f"[{key!r}]" for key in reversed(steps[:-2]))


def _holds_itself(part: _Part) -> bool:
    above = part[4]
    while above is not None and above[0] is not part[0]:
        above = above[4]
    return above is not None


@final
class LazyJson:
    """A model slot that contains JSON text and parses the text on first access.

    Parsing the metadata of a page of tenants takes longer than decoding the page, and most callers never access
    metadata. Only unparsed text is a plain ``str`` in the slot. A value that a caller passed to the constructor is
    never parsed.
    """

    __slots__ = ("slot",)

    def __init__(self, slot: MemberDescriptorType) -> None:
        self.slot: MemberDescriptorType = slot

    @classmethod
    def install(cls, model: type, name: str) -> None:
        """Replace the plain slot ``name`` of ``model`` with a lazy slot."""
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
