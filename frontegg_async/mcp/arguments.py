"""The arguments of tools: their JSON Schemas and their checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias, cast

import attrs

from frontegg_async._core.checks.arguments import check_id
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.mcp.cursors import LONGEST
from frontegg_async.mcp.escaping import message_of, quoted
from frontegg_async.mcp.refusals import RefusedError

Schema: TypeAlias = Mapping[str, JsonValue]
Values: TypeAlias = dict[str, Any]
"""The checked arguments of a call, by name."""

MOST_ROWS: Final = 50
"""The largest number of rows in an answer."""

_TEXT: Final = 200
_DIGEST: Final = re.compile("[0-9a-f]{64}")


@attrs.frozen
class Argument:
    """An argument of a tool."""

    name: str
    schema: Schema
    check: Callable[[object, str], object]
    """A function that checks a value and returns it.

    Its arguments are the value and the name of the argument. It may raise `RefusedError`.
    """
    default: object = None
    is_needed: bool = False


def schema_of(arguments: Sequence[Argument]) -> Schema:
    """Return the JSON Schema of arguments."""
    needed: Sequence[JsonValue] = [each.name for each in arguments if each.is_needed]
    properties: JsonValue = {each.name: each.schema for each in arguments}
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": needed} if needed else schema


def checked(arguments: Sequence[Argument], given: Mapping[str, object]) -> Values:
    """Return the checked arguments of a call, with defaults for missing arguments.

    Raises:
        RefusedError: An argument is unknown, missing or not allowed.
    """
    known = [each.name for each in arguments]
    for name in given:
        if name not in known:
            takes = ", ".join(known) or "no arguments"
            raise RefusedError(f"unknown argument {quoted(name)}: this tool takes {takes}")
    values: Values = {}
    for each in arguments:
        value = given.get(each.name)
        if value is None:
            if each.is_needed:
                raise RefusedError(f"{each.name} is missing")
            values[each.name] = each.default
        else:
            values[each.name] = each.check(value, each.name)
    return values


def tenant_argument(name: str = "tenant_id", about: str = "The id of the account.", *, is_needed: bool) -> Argument:
    """Return an argument that takes the id of an account."""
    return Argument(name, {"type": "string", "maxLength": 256, "description": about}, checked_id, is_needed=is_needed)


def text_argument(about: str) -> Argument:
    """Return the argument ``text``: the text to search for."""
    schema: Schema = {"type": "string", "maxLength": _TEXT, "description": about}
    return Argument("text", schema, _text, default="")


def limit_argument() -> Argument:
    """Return the argument ``limit``: the largest number of rows."""
    schema: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": 20}
    return Argument("limit", schema, lambda value, name: _integer(value, name, MOST_ROWS), default=20)


def depth_argument() -> Argument:
    """Return the argument ``depth``: the largest number of levels below the top."""
    schema: Schema = {"type": "integer", "minimum": 1, "maximum": _DEEPEST, "default": 3}
    return Argument("depth", schema, lambda value, name: _integer(value, name, _DEEPEST), default=3)


_DEEPEST: Final = 20


def cursor_argument() -> Argument:
    """Return the argument ``cursor``: the position at which a listing continues."""
    schema: Schema = {"type": "string", "maxLength": LONGEST, "description": "The 'next' of the previous answer."}
    return Argument("cursor", schema, lambda value, name: _short(value, name, LONGEST))


def since_argument() -> Argument:
    """Return the argument ``since``: the earliest time of the rows."""
    about = "Only rows from this time on, for example 2026-01-31T00:00:00Z."
    return Argument("since", {"type": "string", "format": "date-time", "description": about}, _time)


def digest_argument() -> Argument:
    """Return the argument ``digest``: the digest of a plan."""
    schema: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    return Argument("digest", schema, _digest, is_needed=True)


def choices_argument(name: str, choices: Sequence[str]) -> Argument:
    """Return an argument that takes a list of fixed names."""

    def check(value: object, argument: str) -> Sequence[str]:
        items: Sequence[object] = cast("Sequence[object]", value) if isinstance(value, list) else (None,)
        for each in items:
            if not isinstance(each, str) or each not in choices:
                raise RefusedError(f"{argument} must be a list of: {', '.join(choices)}")
        return tuple(dict.fromkeys(cast("Sequence[str]", items)))

    schema: Schema = {"type": "array", "items": {"type": "string", "enum": [*choices]}, "default": []}
    return Argument(name, schema, check, default=())


def checked_id(value: object, name: str) -> str:
    """Return the id of an account.

    Raises:
        RefusedError: The value cannot be the id of an account.
    """
    try:
        check_id(value, name)
    except InvalidArgumentError as error:
        raise RefusedError(message_of(error)) from None
    return cast("str", value)


def _text(value: object, name: str) -> str:
    return _short(value, name, _TEXT)


def _short(value: object, name: str, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise RefusedError(f"{name} must be a text of at most {most} characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RefusedError(f"{name} must not contain a lone surrogate (half of a character)") from None
    return value


def _integer(value: object, name: str, most: int) -> int:
    # In JSON, 20.0 is an integer too.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise RefusedError(f"{name} must be a whole number from 1 to {most}, not {_given(value)}")
    return value


def _time(value: object, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= _TEXT else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise RefusedError(f"{name} must be a time with a time zone, such as 2026-01-31T00:00:00Z")
    return found


def _digest(value: object, name: str) -> str:
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise RefusedError(f"{name} must be the digest of a plan, 64 hexadecimal digits")
    return value


def _given(value: object) -> str:
    return str(value) if isinstance(value, int | float) and abs(value) < 10**9 else kind_of(value)
