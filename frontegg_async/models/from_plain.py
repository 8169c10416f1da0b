"""The conversion of plain dicts to models, for ``from_dict()``.

One cattrs converter has a generated function for each model.
"""

from __future__ import annotations

import contextlib
import enum
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import GenericAlias, NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

import attrs
import cattrs
import msgspec
from cattrs.cols import list_structure_factory
from cattrs.errors import StructureHandlerNotFoundError
from cattrs.gen import make_dict_structure_fn

from frontegg_async._values.base_errors import InvalidArgumentError
from frontegg_async._values.fields import EXTRA, has_extra, holds_json, wire_name
from frontegg_async._values.json_values import JsonValue, NotJsonError, copy_json
from frontegg_async._values.kinds import kind_of
from frontegg_async._values.secret import Hidden, Secret

T = TypeVar("T")

_WORDS: Final[Mapping[object, str]] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    datetime: "a time in the form of RFC 3339",
    date: "a date in the form of RFC 3339",
    UUID: "text with a UUID",
    Decimal: "text with a decimal number",
    Secret: "a secret",
    NoneType: "null",
}
"""For each type, the words with which messages describe its values."""

_FROM_TEXT: Final = (datetime, date, UUID, Decimal)
_SCALARS: Final[frozenset[object]] = frozenset({str, int, float, bool, NoneType, *_FROM_TEXT})


class OtherNamesError(ValueError):
    """A dict has the service's name of a field in place of the name of the attribute.

    The arguments are the name of the field and the service's name.
    """


class MismatchError(ValueError):
    """A value has another type than its field. The arguments are the expected type and the type of the value."""

    def __init__(self, expected: str, value: object) -> None:
        super().__init__(expected, "null" if value is None else type(value).__name__)


def object_of(data: Hidden[object], kind: type[T]) -> T:
    """Return the object for a plain dict.

    Args:
        data: The dict. `Hidden` wraps it, so that no traceback shows the secrets in the dict.
        kind: The model, or a generic model with its type parameter.

    Raises:
        InvalidArgumentError: The dict does not have the form that ``to_dict()`` of the model returns.
    """
    try:
        return _converter.structure(data.reveal(), kind)
    except (MismatchError, OtherNamesError, cattrs.BaseValidationError) as error:
        # The constructor of an attrs class and the dict have the name of a private attribute without the underscore.
        message = first_problem(error, "data").replace("._", ".")
    except StructureHandlerNotFoundError:
        message = f"{getattr(kind, '__name__', kind)} is only a base of models: call from_dict of a model like Tenant"
    raise InvalidArgumentError(message)


def generic_of(data: Hidden[object], model: type, argument: object, name: str) -> object:
    """Return the instance of a generic model for a plain dict.

    Args:
        data: The dict, wrapped in `Hidden`.
        model: The model.
        argument: The type parameter of the model.
        name: The name that messages use for the type parameter.

    Raises:
        InvalidArgumentError: The type parameter is not supported, or the dict does not fit the model.
    """
    if argument is None or isinstance(argument, type) or get_origin(argument):
        try:
            generic: Any = model  # type checkers refuse a subscript that is not a type expression
            kind: type[object] = generic[argument]
            _converter.get_structure_hook(kind)
        except (NameError, TypeError, StructureHandlerNotFoundError):
            pass
        else:
            return object_of(data, kind)
    given = argument.__name__ if isinstance(argument, type) else f"a value of type {kind_of(argument)}"
    raise InvalidArgumentError(f"{name} must be a model such as Tenant, or a type that contains models, not {given}")


def first_problem(error: Exception, place: str) -> str:
    """Return a description of the first error in a value. The description does not contain the value.

    Args:
        error: The error that cattrs raised.
        place: The name of the value in the message.
    """
    problem, _, path = cattrs.transform_error(error, place, _describe)[0].rpartition(" @ ")
    return path + problem


def _describe(error: BaseException, kind: object) -> str:
    """Return the end of a message about a value: the text after the place of the value."""
    if isinstance(error, NotJsonError):
        return str(error)
    if isinstance(error, MismatchError):
        expected, got = error.args
        return f" must be {expected}, not {got}"
    if isinstance(error, OtherNamesError):
        name, other = error.args
        return f".{name} is missing: from_dict takes the names of attributes, not the service's name {other!r}"
    if isinstance(error, KeyError):
        return " is missing"
    if get_origin(kind) is Literal:
        return f" must be one of {', '.join(map(repr, get_args(kind)))}"
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return f" must be {_word_for(kind)}"
    if isinstance(error, TypeError | ValueError) and error.args:
        # The further arguments of an error of an attrs validator contain the value, which the message must not show.
        return f" is not allowed: {error.args[0]}"
    return " cannot be read"


def words_for(hint: object) -> str:
    """Return the words with which a message describes the values that an annotation allows."""
    kinds = members(hint)
    # Text includes every choice of texts, so messages need not list the choices.
    words = dict.fromkeys(_word_for(kind) for kind in kinds if not (_is_choice(kind) and str in kinds))
    return " or ".join(words)


def _word_for(kind: object) -> str:
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return f"one of {', '.join(repr(member.value) for member in kind)}"
    return _WORDS[kind]


def members(hint: object) -> tuple[object, ...]:
    """Return the types that an annotation allows."""
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def is_scalar(hint: object) -> bool:
    """Return whether an annotation allows only text, numbers, booleans, times, members of enumerations and ``None``."""
    return all(kind in _SCALARS or _is_choice(kind) for kind in members(hint))


def _is_choice(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, enum.StrEnum)


def structure_scalar(value: object, hint: object) -> object:
    """Convert a value to one of the types that an annotation of scalars allows.

    Raises:
        MismatchError: The value has none of these types.
    """
    kinds = cast("tuple[type, ...]", members(hint))
    for choice in cast("Iterable[type[enum.StrEnum]]", filter(_is_choice, kinds)):
        for member in choice:
            if value == member:
                return member
    if isinstance(value, bool):
        if bool in kinds:
            return value
    elif isinstance(value, kinds):
        return _checked(value)
    elif isinstance(value, int) and float in kinds:
        return float(value)
    elif isinstance(value, str) and (read := _read_text(value, kinds)) is not None:
        return _checked(read)
    raise MismatchError(words_for(hint), value)


def _read_text(text: str, kinds: Collection[type]) -> object | None:
    """Parse a text as one of the types, and return the value."""
    for kind in _FROM_TEXT:
        if kind in kinds:
            with contextlib.suppress(ValueError):
                return msgspec.convert(text, kind)
    return None


def _checked(value: object) -> object:
    """Return the value. A time without an offset becomes a time in UTC.

    Raises:
        NotJsonError: The value is NaN or infinite, which JSON cannot represent.
    """
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    if isinstance(value, float) and not math.isfinite(value):
        raise NotJsonError(" must be a finite number: JSON has no NaN and no infinity")
    return value


def _structure_json(value: object, hint: object) -> JsonValue:
    if get_origin(hint) is Mapping and not isinstance(value, Mapping):
        raise MismatchError("a mapping", value)
    return copy_json(cast("JsonValue", value))


def _is_secret(hint: object) -> bool:
    return Secret in members(hint)


def _structure_secret(value: object, hint: object) -> Secret | None:
    if value is None or isinstance(value, Secret):
        return value
    if isinstance(value, str):
        return Secret(value)
    raise MismatchError(words_for(hint), value)


def is_array(hint: object) -> bool:
    """Return whether an annotation is a list, or a tuple of any length."""
    origin = get_origin(hint)
    return origin is list or (origin is tuple and get_args(hint)[1:] == (...,))


def array_factory(hint: object, converter: cattrs.Converter) -> Callable[[object, object], object]:
    """Return a hook that accepts only arrays. cattrs accepts any iterable, so it would split a text into letters."""
    collection = cast("type[list[object] | tuple[object, ...]]", get_origin(hint))
    items: Any = GenericAlias(list, get_args(hint)[:1])
    structure_items = list_structure_factory(items, converter)

    def structure(value: object, _kind: object) -> object:
        if not isinstance(value, list | tuple):
            raise MismatchError("a list", value)
        return collection(structure_items(value, items))

    return structure


def _model_factory(kind: Any, converter: cattrs.Converter) -> Callable[[object, Any], object]:  # noqa: ANN401 - any model
    model: type[attrs.AttrsInstance] = get_origin(kind) or kind
    structure = make_dict_structure_fn(kind, converter, _cattrs_use_alias=True, _cattrs_detailed_validation=True)
    names = frozenset(field.alias for field in attrs.fields(model))
    hints = get_type_hints(model)
    no_secrets: dict[str, object] = {name: None for name in names if _is_secret(hints.get(name))}
    keeps_extra = has_extra(model)
    required = {
        field.alias: wire_name(field)
        for field in attrs.fields(model)
        if field.default is attrs.NOTHING and wire_name(field) not in names
    }

    def structure_model(value: object, _kind: object) -> object:
        if isinstance(value, model):
            return value
        if not isinstance(value, Mapping):
            raise MismatchError(f"a mapping with the fields of {model.__name__}", value)
        given = no_secrets | dict(cast("Mapping[str, object]", value))
        for name, other in required.items():
            if name not in given and other in given:
                raise OtherNamesError(name, other)
        unknown = {name: given[name] for name in given if name not in names}
        if keeps_extra and unknown:
            extra = given.get(EXTRA, {})
            given[EXTRA] = {**cast("Mapping[str, object]", extra), **unknown} if isinstance(extra, Mapping) else extra
        return structure(given, kind)

    return structure_model


def _is_model(hint: object) -> bool:
    return attrs.has(cast("type", get_origin(hint) or hint))


def strict_converter() -> cattrs.Converter:
    """Return a converter that accepts only scalars of the annotated kind.

    Text does not become a number, for example.
    """
    made = cattrs.Converter(detailed_validation=True)
    made.register_structure_hook_func(is_scalar, structure_scalar)
    # cattrs prefers its own hooks for single types, which convert values, to hooks with a predicate. Register the hook
    # for each of these types too.
    for kind in (str, int, float, bool, *_FROM_TEXT):
        made.register_structure_hook(kind, structure_scalar)
    return made


def _make_converter() -> cattrs.Converter:
    made = strict_converter()
    made.register_structure_hook_func(_is_secret, _structure_secret)
    made.register_structure_hook_func(holds_json, _structure_json)
    made.register_structure_hook_factory(_is_model, _model_factory)
    made.register_structure_hook_factory(is_array, array_factory)
    return made


_converter: Final = _make_converter()
