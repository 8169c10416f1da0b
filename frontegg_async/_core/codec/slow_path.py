"""The slow path of decoding: a cattrs converter with a generated hook for each model. Errors contain no values."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping
from types import GenericAlias, NoneType
from typing import Any, Final, Generic, TypeVar, cast, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import ClassValidationError, IterableValidationError
from cattrs.gen import make_dict_structure_fn, override

from frontegg_async._core.codec import unreadable_values
from frontegg_async._core.codec.field_values import (
    SCALARS,
    MismatchError,
    known_names,
    members,
    structure_json,
    structure_scalar,
)
from frontegg_async._core.codec.unreadable_values import UnreadableError
from frontegg_async._values.fields import (
    EXPECTED,
    EXTRA,
    NEVER_KEPT,
    NOT_GIVEN,
    OTHER_NAME,
    READ,
    field_types,
    has_extra,
    holds_json,
    lenient_fields,
)
from frontegg_async._values.secret import Secret

M = TypeVar("M")


def _choice(hint: object) -> type[enum.StrEnum] | None:
    """Return the enumeration of an annotation that also allows text, so that the service can add members."""
    kinds = members(hint)
    choices = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, enum.StrEnum)]
    return choices[0] if len(choices) == 1 and str in kinds and {*kinds} <= {*choices, str, NoneType} else None


def _structure_choice(value: object, hint: object) -> object:
    choice = _choice(hint)
    if value is None and NoneType in members(hint):
        return None
    if choice is None or not isinstance(value, str):
        raise MismatchError("str", value)
    return next((member for member in choice if member.value == value), value)


def _is_secret(hint: object) -> bool:
    return Secret in members(hint)


def _structure_secret(value: object, hint: object) -> object:
    if isinstance(value, str):
        return Secret(value)
    if value is None and NoneType in members(hint):
        return None
    raise MismatchError("str", value)


def _read_first(read: Callable[[object], object], converter: Converter) -> Callable[[object, Any], Any]:
    """Return a hook that calls a field's conversion function before the value is structured."""

    def structure(value: object, hint: Any) -> Any:  # noqa: ANN401 - any type of a field
        return structure_json(read(value), hint) if holds_json(hint) else converter.structure(read(value), hint)

    return structure


def _is_scalar(hint: object) -> bool:
    return SCALARS.issuperset(members(hint))


def _structure_factory(model: type[M], converter: Converter) -> Callable[[Mapping[str, Any], type[M]], M]:
    instance = cast("type[attrs.AttrsInstance]", model)
    names = known_names(instance)
    hints = field_types(model)
    reads = {field.name: field.metadata[READ] for field in attrs.fields(instance) if READ in field.metadata}
    hooks = {field: structure_json for field in names if holds_json(hints[field])}
    hooks |= {field: _read_first(read, converter) for field, read in reads.items()}
    overrides: dict[str, Any] = {
        field: override(rename=name, struct_hook=hooks.get(field)) for field, name in names.items()
    }
    keeps_extra = has_extra(instance)
    if keeps_extra:
        overrides[EXTRA] = override(omit=True)
    structure = make_dict_structure_fn(model, converter, _cattrs_detailed_validation=True, **overrides)
    if keeps_extra:
        return _Lenient(model, structure).structure

    def structure_object(raw: object, kind: type[M]) -> M:
        return structure(_object(raw), kind)

    return structure_object


def _object(raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise MismatchError("object", raw)
    return cast("Mapping[str, Any]", raw)


class _Lenient(Generic[M]):
    """Structures a model with ``extra``, which stores the values that do not fit their lenient fields.

    Args:
        model: The model.
        structure: Structures the model, and raises an exception for any unreadable field.
    """

    def __init__(self, model: type[M], structure: Callable[[Mapping[str, Any], type[M]], M]) -> None:
        instance = cast("type[attrs.AttrsInstance]", model)
        hints = field_types(model)
        self._model = model
        self._structure = structure
        self._names = known_names(instance)
        self._known = frozenset(self._names.values()) | NEVER_KEPT
        self._lenient = lenient_fields(instance)
        self._secrets = frozenset(field for field in self._names if _is_secret(hints[field]))
        fields = attrs.fields(instance)
        self._expected = tuple(self._names[field.name] for field in fields if EXPECTED in field.metadata)
        self._others: dict[str, str] = {
            self._names[field.name]: field.metadata[OTHER_NAME] for field in fields if OTHER_NAME in field.metadata
        }

    def structure(self, raw: object, kind: type[M]) -> M:
        """Return the object for a row.

        Raises:
            MismatchError: The row is not a JSON object.
            ClassValidationError: A field that is not lenient is missing, or its value has another type.
        """
        row = _under_first_names(_object(raw), self._others)
        odd: tuple[str, ...] = ()
        try:
            value = self._structure(row, kind)
        except ClassValidationError as error:
            odd = tuple(field for field in _unreadable(error) if field in self._lenient)
            names = {self._names[field] for field in odd}
            value = self._structure({name: row[name] for name in row if name not in names}, kind)
        extra = cast("dict[str, object]", getattr(value, EXTRA))
        extra.update((name, row[name]) for name in row if name not in self._known)
        extra.update((name, NOT_GIVEN) for name in self._expected if name not in row)
        for field in odd:
            name = self._names[field]
            is_secret = field in self._secrets
            if not is_secret:
                extra[name] = row[name]
            unreadable_values.record(self._model, field, row[name], None if is_secret else name)
        return value


def _under_first_names(row: Mapping[str, Any], others: Mapping[str, str]) -> Mapping[str, Any]:
    """Return a row in which a text under the second name of a field is moved to an unused first name."""
    taken = {first: second for first, second in others.items() if row.get(first) is None}
    taken = {first: second for first, second in taken.items() if isinstance(row.get(second), str)}
    if not taken:
        return row
    seconds = frozenset(taken.values())
    return {name: row[name] for name in row if name not in seconds} | {
        first: row[second] for first, second in taken.items()
    }


def _unreadable(error: ClassValidationError) -> tuple[str, ...]:
    """Return the fields that could not be structured."""
    return tuple(note.name for _, note in error.group_exceptions()[0])


def _is_array(hint: object) -> bool:
    return get_origin(hint) is tuple and get_args(hint)[1:] == (...,)


def _array_factory(hint: object, converter: Converter) -> Callable[[object, Any], object]:
    """Return a hook that accepts only arrays. Without it, cattrs accepts any iterable, even the letters of a text."""
    items: Any = GenericAlias(list, get_args(hint)[:1])
    structure_items = converter.get_structure_hook(items)

    def structure(value: object, _kind: object) -> object:
        if not isinstance(value, list | tuple):
            raise MismatchError("array", value)
        return tuple(structure_items(value, items))

    return structure


def _make_converter() -> Converter:
    made = Converter(detailed_validation=True)
    made.register_structure_hook_func(_is_scalar, structure_scalar)
    made.register_structure_hook_func(lambda hint: _choice(hint) is not None, _structure_choice)
    # Register hooks by type too, because cattrs tries its hooks for single types before predicates.
    for kind in (str, int, float, bool, dt.datetime):
        made.register_structure_hook(kind, structure_scalar)
    made.register_structure_hook_func(_is_secret, _structure_secret)
    made.register_structure_hook_factory(attrs.has, _structure_factory)
    made.register_structure_hook_factory(_is_array, _array_factory)
    return made


converter: Final = _make_converter()


def structure(row: dict[str, object], model: type[M], place: str) -> M:
    """Return the object for a row.

    Args:
        row: The row.
        model: The model of the object.
        place: The path of the row, for errors.

    Raises:
        UnreadableError: The row does not match the model.
    """
    try:
        return converter.structure(row, model)
    except Exception as error:  # noqa: BLE001 - cattrs raises the exceptions of hooks in groups
        paths = _mismatches(error, place)
    raise UnreadableError(*paths)


def _mismatches(error: BaseException, place: str) -> tuple[str, ...]:
    """Return the paths and types of the values that could not be structured, without the values."""
    if isinstance(error, ClassValidationError):
        grouped, others = error.group_exceptions()
        names = known_names(error.cl) if attrs.has(error.cl) else {}
        return (
            *(
                path
                for inner, note in grouped
                for path in _mismatches(inner, f"{place}.{names.get(note.name, note.name)}")
            ),
            *(path for inner in others for path in _mismatches(inner, place)),
        )
    if isinstance(error, IterableValidationError):
        grouped_items, others = error.group_exceptions()
        return (
            *(path for inner, note in grouped_items for path in _mismatches(inner, f"{place}[{note.index}]")),
            *(path for inner in others for path in _mismatches(inner, place)),
        )
    if isinstance(error, MismatchError):
        expected, got = error.args
        return (f"{place}: expected {expected}, got {got}",)
    if isinstance(error, KeyError):
        return (f"{place}: is missing",)
    return (f"{place}: is not readable ({type(error).__name__})",)
