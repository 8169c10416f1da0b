"""Checks that values from outside can be encoded as JSON, before they are stored.

Python objects from tests may contain values that JSON does not allow: lone surrogates, NaN, infinity and other types.
If such a value entered the state, every later response, snapshot and write to the persistence file would fail.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import NoneType
from typing import Final, TypeAlias, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.checks.nesting import MAX_DEPTH

MAX_DIGITS: Final = 4_300
"""The maximum number of digits of an integer. Python does not convert longer integers to text."""
_ABOVE: Final = 10**MAX_DIGITS
MAX_SHOWN: Final = 80
"""The number of characters that an error shows of a key or path."""
_SURROGATE: Final = "a lone surrogate, which UTF-8 cannot encode,"
_NO_KEYS: Final[frozenset[str]] = frozenset()
_CONTAINERS: Final = (Mapping, list, tuple)
# Types are compared exactly, since a subclass may not be plain JSON.
_USUAL_CONTAINERS: Final = frozenset({dict, list})
_HARMLESS: Final = frozenset({bool, NoneType})
_SCALARS: Final = frozenset({str, int, float})
_Step: TypeAlias = str | int


# A container, the key or index of this container in the outer container, and the `_Place` of the outer container.
_Place: TypeAlias = "tuple[object, _Step, _Place | None]"


def _path(place: _Place | None, step: _Step) -> str:
    """Return the path of a value in the document, such as ``$.tenants[0].name``."""
    steps: list[_Step] = []
    while place is not None and place[2] is not None:
        steps.append(step)
        _, step, place = place
    shown = "".join(map(_shown, reversed(steps)))
    return f"${shown if len(shown) <= MAX_SHOWN else shown[:MAX_SHOWN] + '...'}"


def _shown(step: _Step) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if step.isidentifier() else f"[{step!r}]"


def is_text(value: str) -> bool:
    """Return whether a text has no lone surrogates and so can be encoded as UTF-8."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def plain_json(
    value: object, name: str, *, max_depth: int = MAX_DEPTH, moments: Collection[str] = _NO_KEYS
) -> JsonValue:
    """Return a value as plain dictionaries, lists and scalars. Refuse values that JSON does not allow.

    Args:
        value: The value to check.
        name: The name by which errors call the value.
        max_depth: The maximum depth of nested objects and arrays.
        moments: The keys whose values may be `datetime` objects.

    Returns:
        The value if it consists of plain types, else a copy that does. Other mappings and subclasses, such as those of
        numpy, are copied because not every encoder accepts them.

    Raises:
        ValueError: The value is nested too deeply, or JSON does not allow a value in it. JSON does not allow lone
        surrogates, infinite numbers, NaN, integers that are too long, keys that are not text, and other types. The
        message has the path.
    """
    if _is_plain(value, max_depth):
        return cast("JsonValue", value)
    level: list[_Place] = [((value,), "", None)]
    for _ in range(max_depth + 1):
        # Check each object once. Otherwise a list that contains itself would never end.
        found = {id(child[0]): child for place in level for child in _containers_in(place, name, moments)}
        if not found:
            return cast("JsonValue", _copy(value))
        level = list(found.values())
    raise ValueError(f"{name} is nested too deeply: more than {max_depth} objects and arrays within each other")


def _is_plain(value: object, max_depth: int) -> bool:
    """Return whether a value is certainly plain JSON. A seed may have a million objects, so this must be fast."""
    level: list[object] = [[value]]
    keys: set[object] = set()
    for _ in range(max_depth + 1):
        found: dict[int, object] = {}
        for container in level:
            if isinstance(container, dict):
                if not keys.issuperset(cast("dict[object, object]", container)):
                    keys |= cast("dict[object, object]", container).keys()
                children: Iterable[object] = cast("dict[object, object]", container).values()
            else:
                children = cast("list[object]", container)
            for child in children:
                if type(child) is str and child.isascii():
                    continue
                kind = type(child)
                if kind in _USUAL_CONTAINERS:
                    found[id(child)] = child
                elif not (kind in _HARMLESS or (kind in _SCALARS and _problem_of(child, is_moment=False) is None)):
                    return False
        if not found:
            return all(type(key) is str and is_text(key) for key in keys)
        level = list(found.values())
    return False


def _containers_in(place: _Place, name: str, moments: Collection[str]) -> Iterator[_Place]:
    """Yield the containers that a container holds. Refuse values that are not JSON."""
    value = place[0]
    if isinstance(value, Mapping):
        _check_keys(place, name)
        entries = cast("Iterable[tuple[_Step, object]]", value.items())
    else:
        entries = enumerate(cast("Sequence[object]", value))
    for step, child in entries:
        if isinstance(child, _CONTAINERS):
            yield child, step, place
        elif problem := _problem_of(child, is_moment=step in moments):
            raise ValueError(f"{name} has {problem} at {_path(place, step)}")


def _check_keys(place: _Place, name: str) -> None:
    for key in cast("Mapping[object, object]", place[0]):
        where = _path(place[2], place[1])
        if not isinstance(key, str):
            shown = str(key)[:MAX_SHOWN]
            raise ValueError(f"{name} has the key {shown}, which is not a text, at {where}")  # noqa: TRY004 - one kind of error
        if not is_text(key):
            raise ValueError(f"{name} has {_SURROGATE} in the key {key[:MAX_SHOWN]!r} at {where}")


def _problem_of(value: object, *, is_moment: bool) -> str | None:
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        return None if is_text(value) else _SURROGATE
    if isinstance(value, float):
        return None if math.isfinite(value) else f"the number {value!r}, which is not finite,"
    if isinstance(value, int):
        return None if -_ABOVE < value < _ABOVE else f"a whole number of more than {MAX_DIGITS:,} digits"
    if is_moment and isinstance(value, datetime):
        return None
    return f"a value of type {type(value).__name__}, which is not JSON,"


def _copy(value: object) -> object:
    if isinstance(value, Mapping):
        copied: dict[str, object] = {}
        for key, child in cast("Mapping[str, object]", value).items():
            copied[str.__str__(key)] = _copy(child)
        return copied
    if isinstance(value, list | tuple):
        listed: list[object] = []
        for child in cast("Sequence[object]", value):
            listed.append(_copy(child))  # noqa: PERF401 - a comprehension needs one more frame at each level of nesting
        return listed
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bool) or value is None or isinstance(value, datetime):
        return value
    return float(value) if isinstance(value, float) else int(cast("int", value))


def read_json(raw: bytes, name: str) -> JsonValue:
    """Parse JSON that comes from outside the emulator.

    Raises:
        ValueError: The JSON is not valid, or contains a lone surrogate or a number that is not finite. The message
        names the line and column, or the path of the value.
        RecursionError: The JSON is nested too deeply.
    """
    try:
        return cast("JsonValue", msgspec.json.decode(raw))
    except ValueError as error:
        reason = error
    lenient = None
    try:
        lenient = cast("object", json.loads(raw))
    except json.JSONDecodeError as error:
        reason = ValueError(f"{error.msg}: line {error.lineno} column {error.colno}")
    except ValueError:
        pass
    plain_json(lenient, name)
    raise ValueError(f"{name} is not valid JSON: {reason}") from None
