"""The conversion of models to plain dicts, for ``to_dict()``."""

from __future__ import annotations

import enum
import functools
import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from types import NoneType
from typing import Any, Final, cast, get_args, get_type_hints

import attrs
import msgspec

from frontegg_async._values.base_errors import InvalidArgumentError
from frontegg_async._values.fields import holds_json
from frontegg_async._values.json_values import JsonValue, NotJsonError, copy_json
from frontegg_async._values.secret import Secret
from frontegg_async._values.value import Value

_MODES: Final = ("json", "python")
_AS_IT_IS: Final = frozenset({str, int, bool, NoneType})
_MINUTE: Final = timedelta(minutes=1)


def dict_of(model: Value, mode: str, reveal: Iterable[str]) -> dict[str, object]:
    """Return a model as a plain dict.

    Args:
        model: The model.
        mode: ``json`` or ``python``.
        reveal: The names of the secrets to reveal.

    Raises:
        InvalidArgumentError: The mode is unknown, a name is no secret of the model, or a JSON value contains an object
            that JSON cannot represent.
    """
    if mode not in _MODES:
        raise InvalidArgumentError("mode must be 'json' or 'python'")
    names = _checked_names(model, reveal)
    try:
        return _dict(model, is_json=mode == "json", revealed=names)
    except RecursionError:
        problem = "a value of the model contains itself"
    except InvalidArgumentError as error:
        problem = str(error)
    # Raise the error outside of the conversion: the frames of the conversion contain the revealed secrets.
    raise InvalidArgumentError(problem)


def _dict(model: Value, *, is_json: bool, revealed: frozenset[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, key, is_json_value in plan_of(cast("type", type(model))):
        value = cast("object", getattr(model, name))
        if type(value) in _AS_IT_IS:
            found[key] = value
        elif is_json_value:
            found[key] = json_of(key, value)
        elif isinstance(value, Secret) and name in revealed:
            found[key] = value.reveal()
        else:
            found[key] = _plain(value, is_json=is_json, revealed=revealed)
    return found


def json_of(name: str, value: object) -> JsonValue:
    """Return a copy of the JSON value of a field.

    Args:
        name: The name of the field, for messages.
        value: The value. Numbers that are not finite become ``None``.

    Raises:
        InvalidArgumentError: The value contains an object that JSON cannot represent, or contains itself.
    """
    try:
        return copy_json(value, nan_as_null=True)
    except NotJsonError as error:
        problem = f"{name}{error}"
    raise InvalidArgumentError(problem)


def _plain(value: object, *, is_json: bool, revealed: frozenset[str]) -> object:
    if isinstance(value, Value):
        return _dict(value, is_json=is_json, revealed=revealed)
    if isinstance(value, tuple | list):
        items = [_plain(each, is_json=is_json, revealed=revealed) for each in cast("tuple[object, ...]", value)]
        return items if is_json or isinstance(value, list) else tuple(items)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if not is_json:
        return value
    if isinstance(value, datetime):
        return cast("str", msgspec.to_builtins(_with_plain_offset(value)))
    if isinstance(value, enum.Enum):
        return cast("object", value.value)
    return None if isinstance(value, Secret) else value


def _with_plain_offset(moment: datetime) -> datetime:
    """Return a time with an offset in whole minutes, which RFC 3339 requires."""
    offset = moment.utcoffset()
    if offset is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC) if offset % _MINUTE else moment


@functools.cache
def plan_of(model: type) -> tuple[tuple[str, str, bool], ...]:
    """Return the attribute and the key of each field, and whether the value of the field is a JSON value."""
    hints = get_type_hints(model)
    fields = cast("tuple[attrs.Attribute[Any], ...]", attrs.fields(cast("type[attrs.AttrsInstance]", model)))
    return tuple(
        (field.name, cast("str", field.alias), holds_json(hints[field.name])) for field in fields if field.init
    )


def _checked_names(model: Value, reveal: Iterable[str]) -> frozenset[str]:
    """Return the names of the secrets to reveal.

    Raises:
        InvalidArgumentError: A name is no secret of the model, or of an item if the model is a page.
    """
    if isinstance(reveal, str) or not isinstance(reveal, Iterable):
        example = repr(reveal) if isinstance(reveal, str) else "'secret'"
        raise InvalidArgumentError(f"reveal must be a collection of names, such as ({example},)")
    names = frozenset(reveal)
    models = {cast("type", type(each)) for each in _named_models(model)} if names else set[type]()
    known = {name for each in models for name in secret_names(each)}
    unknown = sorted(names - known, key=str) if models else ()
    if unknown:
        allowed = ", ".join(sorted(known)) or "nothing, since there are no secrets"
        kinds = " and ".join(sorted(each.__name__ for each in models))
        raise InvalidArgumentError(f"reveal has {unknown[0]!r}, which is no secret of {kinds}: allowed is {allowed}")
    return names


def _named_models(value: object) -> Iterator[Value]:
    """Yield the models whose secrets ``reveal`` may name: the model itself, or the models in a page or a response."""
    if isinstance(value, tuple | list):
        for each in cast("Iterable[object]", value):
            yield from _named_models(each)
    elif isinstance(value, Value) and hasattr(type(value), "__parameters__"):
        for name, _, _ in plan_of(cast("type", type(value))):
            yield from _named_models(getattr(value, name))
    elif isinstance(value, Value):
        yield value


@functools.cache
def secret_names(model: type) -> frozenset[str]:
    """Return the names of the fields of a model that contain secrets."""
    hints = get_type_hints(model)
    return frozenset(name for name, hint in hints.items() if Secret in (hint, *get_args(hint)))
