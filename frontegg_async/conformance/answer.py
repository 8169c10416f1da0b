"""`Answer`: an unchanged response, and a description of it that contains no data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, TypeAlias, cast

import attrs

from frontegg_async import models
from frontegg_async._values.fields import wire_name
from frontegg_async._values.json_values import JsonValue, parse_json

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
"""A JSON value as a parser returns it."""

_ERROR_CODE: Final = re.compile(r"ER-\d{1,8}", re.ASCII)
_OF_ALL: Final = frozenset(
    {"_id", "_links", "_metadata", "data", "error", "errorCode", "errors", "items", "message", "statusCode", "total"}
)
"""Field names of pages and errors. They belong to no model."""


@attrs.frozen(kw_only=True, repr=False)
class Answer:
    """A response of the service with any status."""

    status: int
    """The HTTP status."""
    body: Json
    """The parsed body; the text if the body is not JSON; ``None`` if the body is empty."""
    is_empty: bool = False
    """Whether the body is empty."""
    trace_id: str | None = None
    """The ``frontegg-trace-id``."""

    def at(self, *keys: str | int) -> Json:
        """Return the value in the body at a path of names and indexes; ``None`` if the path does not exist."""
        return at(self.body, *keys)

    @property
    def is_done(self) -> bool:
        """Whether the request succeeded."""
        return 200 <= self.status < 300  # noqa: PLR2004 - what is a success

    @property
    def items(self) -> list[Json]:
        """The rows of a page, or of an array."""
        rows = self.body if isinstance(self.body, list) else self.at("items")
        return rows if isinstance(rows, list) else []

    @property
    def messages(self) -> str:
        """The texts of an error, joined."""
        texts = [*_texts(self.at("errors")), *_texts(self.at("message"))]
        return " ".join(texts) or (self.body if isinstance(self.body, str) else "")

    @property
    def shape(self) -> str:
        """A description of the response: its status and the form of its body, without any value."""
        code = self.at("errorCode")
        shown = f" and {code}" if isinstance(code, str) and _ERROR_CODE.fullmatch(code) else ""
        return f"{self.status} with {'an empty body' if self.is_empty else shape_of(self.body)}{shown}"

    def unless(self, holds: object) -> str | None:
        """Return ``None`` if the behaviour holds, and otherwise a description of the response."""
        return None if holds else f"the service answers {self.shape}"


def at(value: Json, *keys: str | int) -> Json:
    """Return the part of a JSON value at a path of names and indexes; ``None`` if the path does not exist."""
    for key in keys:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def shape_of(value: Json) -> str:
    """Describe the form of a JSON value: types, lengths of arrays and names of fields, without any value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a flag"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list):
        if not value:
            return "an empty array"
        return f"an array of {len(value)}, the first {shape_of(value[0])}"
    if not value:
        return "an empty object"
    # Unknown names may be data, such as ids or keys of metadata, so only known names are shown.
    names = sorted(value.keys() & _fields_of_models())
    others = len(value) - len(names)
    return f"an object of {', '.join([*names, *([f'{others} more'] * bool(others))])}"


def shape_at(row: Json, name: str) -> str:
    """Describe the form of a field in a row, or say that the row lacks the field."""
    return shape_of(row[name]) if isinstance(row, dict) and name in row else "missing"


@cache
def _fields_of_models() -> frozenset[str]:
    """Return the names of all fields that the SDK knows, as requests and responses spell them."""
    classes = [getattr(models, name) for name in models.__all__]
    named = (wire_name(field) for each in classes if attrs.has(each) for field in attrs.fields(each))
    return _OF_ALL.union(named)


def parse(body: bytes) -> Json:
    """Return the parsed body; the text if the body is not JSON; ``None`` if the body is empty."""
    try:
        return cast("Json", parse_json(body)) if body.strip() else None
    except (ValueError, RecursionError):
        return body.decode(errors="replace")


def plain(value: JsonValue) -> Json:
    """Convert a JSON value to the types that a parser returns."""
    if isinstance(value, str) or not isinstance(value, Mapping | list | tuple):
        return cast("Json", value)
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value]


def _texts(value: Json) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]
