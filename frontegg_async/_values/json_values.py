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


_decoder: Final = msgspec.json.Decoder(float_hook=read_float)

_encode: Final = msgspec.json.encode

parse_json: Final = _decoder.decode
"""Parses JSON to plain values; raises `ValueError` for text that is not JSON, `RecursionError` for deep nesting."""

parse_json_lines: Final = _decoder.decode_lines
"""Parses JSON Lines to a list of plain values, as `parse_json` does."""


T = TypeVar("T")
U = TypeVar("U")


def decode_with_halves(body: bytes, decoder: msgspec.json.Decoder[T], otherwise: type[U]) -> T | U:
    """Decode JSON that may have half a character (a lone surrogate), which JavaScript writes and msgspec refuses.

    Args:
        body: The JSON.
        decoder: Decodes all other JSON, much faster.
        otherwise: The type of JSON with half a character.

    Raises:
        msgspec.ValidationError: It has another type.
        ValueError: It is no JSON.
        RecursionError: It is nested too deep.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return msgspec.convert(json.loads(body), otherwise)


class RepeatedNameError(ValueError):
    """A JSON object has a name twice, and which of the values is meant cannot be known."""


def unique_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the members of a JSON object, as the ``object_pairs_hook`` of `json.loads`.

    Raises:
        RepeatedNameError: Two of them have the same name.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        raise RepeatedNameError("an object has a name twice")
    return found


def parse_unique(text: bytes | bytearray | str) -> JsonValue:
    """Parse JSON in which no object has a name twice, as people and others write it.

    Raises:
        RepeatedNameError: An object has a name twice.
        ValueError: It is no JSON.
        RecursionError: It is nested too deep.
    """
    value = cast("JsonValue", parse_json(text))
    # As it is unless someone edited it: to look at each name takes much longer.
    if _encode(value) != (text.encode() if isinstance(text, str) else text):
        json.loads(text, object_pairs_hook=unique_names)
    return value


def parse_json_text(text: str) -> JsonValue:
    """Parse JSON text inside a string; return text that is not JSON as `RawText`."""
    try:
        return cast("JsonValue", parse_json(text))
    except (ValueError, RecursionError):
        return RawText(text)


class NotJsonError(ValueError):
    """JSON cannot hold a value. The text begins with the place in the value, as ``['a'][0]``, and never quotes it."""


_Part: TypeAlias = "tuple[object, object, int, object, _Part | None]"
"""A list or mapping that is to be copied: itself, its copy, its depth, its key, and the part that it is in."""

_PLAIN: Final = frozenset({str, int, bool, NoneType})
_FIRST_LOOK: Final = 128
"""At which level it is first looked whether a value holds itself; then at each doubled, so that all looks are cheap."""


def copy_json(value: object, *, nan_as_null: bool = False) -> JsonValue:
    """Return a deep copy of a JSON value, with dicts, lists and plain text.

    Args:
        value: The value, nested as deep as it may be.
        nan_as_null: Whether a number that is not finite becomes ``None``; by default it is refused.

    Raises:
        NotJsonError: A part of it is nothing that JSON can hold, or holds itself.
    """
    whole: list[JsonValue] = []
    pending: list[_Part] = [((value,), whole, 0, None, None)]
    while pending:
        part = pending.pop()
        source, target, depth, _, _ = part
        if depth >= _FIRST_LOOK and depth & (depth - 1) == 0 and _holds_itself(part):
            raise NotJsonError(" holds itself, so that it is nested deeper than JSON can be")
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
    """Return the place of a part, or of its member with a key, in the value that is copied."""
    steps = [*keys]
    while part is not None:
        *_, key, part = part
        steps.append(key)
    # The outermost steps are the list that holds the value, and the value's position in it.
    return "".join(f"[{key!r}]" for key in reversed(steps[:-2]))


def _holds_itself(part: _Part) -> bool:
    above = part[4]
    while above is not None and above[0] is not part[0]:
        above = above[4]
    return above is not None


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
