"""Checks request bodies against the SDK's classes of bodies: known fields, required fields and types of values."""

from __future__ import annotations

import enum
import inspect
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

import attrs
import msgspec

from frontegg_async._values.fields import EXTRA, bare_field, others_field, sent_model, wire_name
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UnsetType
from frontegg_async.emulator.checks.nesting import is_too_deep_text
from frontegg_async.emulator.services.support.emulated_response import malformed_json, validation_error
from frontegg_async.emulator.services.support.rule import Rule, ignores_unknown_fields
from frontegg_async.endpoints import Endpoint

Problem: TypeAlias = str
Check: TypeAlias = Callable[[object, str], "list[Problem]"]
"""A function that checks a value. It receives the value and its name, and returns the problems."""

_JSON_CONTAINERS: Final = frozenset({Mapping, Sequence})
"""The containers of `JsonValue`. If a union contains both, the emulator does not check the contents."""


@attrs.frozen
class Field:
    """A field of a body."""

    check: Check
    required: bool


@attrs.frozen
class Shape:
    """The fields of a request body by name, and whether other fields are allowed."""

    fields: Mapping[str, Field]
    takes_more: bool = False
    bare: str | None = None
    """The field whose array is the whole body, or ``None`` if the body is an object."""

    def read(self, raw: bytes) -> dict[str, JsonValue]:
        """Parse a body, and return it as an object. If the body is an array, the object has this array in one field.

        Raises:
            RequestRefusedError: 400 if the body is neither an object nor the expected array.
        """
        if self.bare is None:
            return read_object(raw)
        value = _parse(raw) if raw else None
        if not isinstance(value, list):
            raise validation_error(["Expected body to be an array"])
        return {self.bare: value}

    def problems(self, body: Mapping[str, JsonValue], *, strict: bool, prefix: str = "") -> list[Problem]:
        """Return the problems of a body. Unknown fields are problems only if ``strict`` is true."""
        found: list[Problem] = []
        for name, value in body.items():
            field = self.fields.get(name)
            if field is not None:
                found += field.check(value, prefix + name)
            elif strict and not self.takes_more:
                found.append(f"property {prefix}{name} should not exist")
        found += [
            f"{prefix}{name} should not be null or undefined"
            for name, field in self.fields.items()
            if field.required and name not in body
        ]
        return found

    def declared(self, body: Mapping[str, JsonValue], *, strict: bool) -> dict[str, JsonValue]:
        """Check the types of the known fields, and return the fields that the operation accepts.

        Raises:
            RequestRefusedError: 400 if a field has a wrong type.
        """
        problems = self.problems(body, strict=strict)
        if problems:
            raise validation_error(problems)
        return {name: value for name, value in body.items() if self.takes_more or name in self.fields}


def body_shape(endpoint: Endpoint[object], rule: Rule) -> Shape | None:
    """Return the shape of an operation's body, or ``None`` if the operation has no body."""
    if endpoint.body is None or not attrs.has(endpoint.body):
        return None
    is_open = ignores_unknown_fields(endpoint)
    return shape_of(endpoint.body, optional=rule.optional, any_json=rule.any_json, is_open=is_open)


def shape_of(
    model: type, *, optional: Collection[str] = (), any_json: Collection[str] = (), is_open: bool = False
) -> Shape:
    """Return the shape of the bodies that a class describes.

    Args:
        model: The attrs class of a request body.
        optional: The fields that the service does not require, by their names in JSON. The SDK always sends them.
        any_json: The fields whose values the rule checks itself, by their names in JSON.
        is_open: Whether unknown fields in the objects of an array are ignored.
    """
    bare = bare_field(model)
    if bare is not None:
        item = _nested(shape_of(sent_model(model), optional=optional, any_json=any_json), is_open=is_open)
        return Shape({wire_name(bare): Field(_list_of(item), required=True)}, bare=wire_name(bare))
    hints = get_type_hints(model)
    fields: dict[str, Field] = {}
    others = others_field(model)
    for attribute in attrs.fields(model):
        if attribute.name == EXTRA or attribute == others:
            continue
        name = wire_name(attribute)
        check = _anything if name in any_json else _check_of(hints[attribute.name])
        fields[name] = Field(check, attribute.default is attrs.NOTHING and name not in optional)
    return Shape(fields, takes_more=others is not None)


def read_object(raw: bytes) -> dict[str, JsonValue]:
    """Parse a body that must be a JSON object. An empty body is taken as an object without fields.

    Raises:
        RequestRefusedError: 400 if the body is anything else.
    """
    if not raw:
        return {}
    value = _parse(raw)
    if not isinstance(value, dict):
        raise validation_error(["the body must be a JSON object"])
    return value


def _parse(raw: bytes) -> JsonValue:
    if is_too_deep_text(raw):
        raise validation_error(["the body is nested too deeply"])
    try:
        return cast("JsonValue", msgspec.json.decode(raw))
    except (ValueError, RecursionError):
        raise malformed_json() from None


def _anything(_value: object, _name: str) -> list[Problem]:
    return []


def _scalar(expected: str, *kinds: type) -> Check:
    def check(value: object, name: str) -> list[Problem]:
        return [] if type(value) in kinds else [f"{name} must be {expected}"]

    return check


_SCALARS: Final[Mapping[object, Check]] = {
    str: _scalar("a string", str),
    bool: _scalar("a boolean value", bool),
    int: _scalar("an integer number", int),
    float: _scalar("a number", int, float),
    types.NoneType: _scalar("null", types.NoneType),
}


def _check_of(hint: object) -> Check:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _union(get_args(hint))
    if hint in _SCALARS:
        return _SCALARS[hint]
    if origin is tuple:
        return _list_of(_check_of(get_args(hint)[0]))
    if origin is not None and inspect.isclass(origin) and issubclass(origin, Mapping):
        return _scalar("an object", dict)
    if inspect.isclass(hint) and issubclass(hint, enum.Enum):
        return _one_of(tuple(str(member.value) for member in hint))
    if inspect.isclass(hint) and attrs.has(hint):
        return _nested(shape_of(hint))
    raise TypeError(f"a write model has a field of type {hint!r}, which the emulator cannot check")


def _union(hints: tuple[object, ...]) -> Check:
    if {get_origin(hint) for hint in hints} >= _JSON_CONTAINERS:
        return _anything
    checks = [_check_of(hint) for hint in hints if hint is not UnsetType and get_args(hint) != (UnsetType.UNSET,)]
    if len(checks) == 1:
        return checks[0]

    def check(value: object, name: str) -> list[Problem]:
        first: list[Problem] = []
        for one in checks:
            problems = one(value, name)
            if not problems:
                return []
            first = first or problems
        return first

    return check


def _list_of(item: Check) -> Check:
    def check(value: object, name: str) -> list[Problem]:
        if not isinstance(value, list):
            return [f"{name} must be an array"]
        members = cast("list[object]", value)
        return [problem for member in members for problem in item(member, f"each value in {name}")]

    return check


def _one_of(values: tuple[str, ...]) -> Check:
    def check(value: object, name: str) -> list[Problem]:
        return [] if value in values else [f"{name} must be one of the following values: {', '.join(values)}"]

    return check


def _nested(shape: Shape, *, is_open: bool = False) -> Check:
    def check(value: object, name: str) -> list[Problem]:
        if not isinstance(value, dict):
            return [f"{name} must be an object"]
        return shape.problems(cast("dict[str, JsonValue]", value), strict=not is_open, prefix=f"{name}.")

    return check
