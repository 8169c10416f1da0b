"""Generate the code of the fast path that turns decoded rows into objects of one model.

A frozen object refuses plain attribute stores, and bypassing its ``__setattr__`` is several times slower. So the code
creates an object of an unfrozen twin class, sets the attributes, and then sets ``__class__`` to the model.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Hashable, Iterable, Mapping
from types import NoneType
from typing import Annotated, Any, Final, Generic, TypeVar, cast

import attrs
import msgspec

from frontegg_async._core.codec import unreadable_values
from frontegg_async._core.codec.field_values import SCALARS, known_names, members, structure_json, structure_scalar
from frontegg_async._values.fields import (
    EXPECTED,
    EXTRA,
    NOT_GIVEN,
    OTHER_NAME,
    READ,
    field_types,
    holds_json,
    lenient_fields,
)
from frontegg_async._values.json_values import LazyJson
from frontegg_async._values.optional_slots import DictSlot, OptionalSlot, Slot

T = TypeVar("T")

Build = Callable[[list[Any]], list[Any]]
"""A function that replaces each row in a list with an object of the model."""

RowField = tuple[str, Any, Any] | tuple[str, Any]
"""A field for `msgspec.defstruct`: its name, its type, and an optional default."""

_Take = Callable[[Any, Any], None]
"""A function that sets one field of an object from a decoded value."""

ODD: Final = (ValueError, RecursionError)
"""The exceptions that a msgspec decoder raises for a body that only the slow path can decode."""


class FastModel(Generic[T]):
    """The properties of a model that the fast path needs.

    Args:
        model: An attrs class.

    Attributes:
        names: The JSON name of each field.
        required: The fields without a default.
        lenient: The fields that get their default if the JSON value has another type.
        expected: The fields whose null or missing value is recorded in ``extra``.
        is_flat: Whether the fast path can decode the model. The model must have slots and ``extra``, and its fields
            must be text, numbers, flags, date-times or JSON values.
    """

    def __init__(self, model: type[T]) -> None:
        instance = cast("type[attrs.AttrsInstance]", model)
        fields = {field.name: field for field in attrs.fields(instance)}
        self.model: type[T] = model
        self.names: dict[str, str] = known_names(instance)
        self.required: frozenset[str] = frozenset(
            name for name, field in fields.items() if field.default is attrs.NOTHING
        )
        self.lenient: frozenset[str] = lenient_fields(instance)
        self._hints = field_types(model)
        # Compute once per annotation: most fields share a few annotations.
        json = {hint for hint in {*self._hints.values()} if holds_json(hint)}
        self._json = frozenset(name for name in self.names if self._hints[name] in json)
        self.expected: frozenset[str] = frozenset(name for name in self.names if EXPECTED in fields[name].metadata)
        self._others = {
            name: fields[name].metadata[OTHER_NAME] for name in self.names if OTHER_NAME in fields[name].metadata
        }
        self._defaults = {name: fields[name].default for name in self.names if name not in self.required}
        self._slots: dict[str, Any] = {}
        # ``__class__`` can be set only if neither class has a slot for weak references.
        self.is_flat: bool = (
            EXTRA in fields
            and "__weakref__" not in getattr(model, "__slots__", ("__weakref__",))
            and all(READ not in fields[name].metadata and self._is_plain(name) for name in self.names)
        )
        if self.is_flat:
            self._slots = {name: model.__dict__[name] for name in cast("Any", model).__slots__}
        self._takes = {name: self._take(name) for name in self.names if self.is_flat and name not in self.required}

    def _is_plain(self, field: str) -> bool:
        hint, default = self._hints[field], self._defaults.get(field)
        is_constant = default is None or type(default) in SCALARS
        return is_constant and (field in self._json or SCALARS.issuperset(members(hint)))

    def _row_type(self, field: str) -> Any:  # noqa: ANN401 - a type made at run time
        """Return the type that msgspec checks for a field.

        A field with a JSON value is a string in the response, which contains JSON text.
        """
        return str | None if field in self._json else _scalar_type(self._hints[field])

    def row_field(self, field: str, *, is_loose: bool) -> RowField:
        """Return a field for `msgspec.defstruct`."""
        if is_loose:
            return field, Any, msgspec.UNSET
        kind = self._row_type(field)
        if field in self.required:
            return field, kind
        if not self._is_special(field):
            return field, kind, None
        return field, kind | None if field in self.lenient else kind, msgspec.UNSET

    def refuses(self, field: str, value: object) -> bool:
        """Return whether msgspec refuses a value for the field, unless the field accepts any type."""
        try:
            msgspec.convert(value, self._row_type(field) | None)
        except (ValueError, OverflowError):
            return True
        return False

    def _is_special(self, field: str) -> bool:
        """Return whether a value of the field, null or a missing value may need more than an attribute store."""
        if field in self.required:
            return False
        if self._defaults[field] is not None:
            return True
        if field in self._json:
            return not isinstance(self._slots.get(field), LazyJson)
        return NoneType not in members(self._hints[field])

    def _take(self, field: str) -> _Take:
        """Return a function that sets the field from a value, with the same result as the slow path."""
        model, name, hint, default = self.model, self.names[field], self._hints[field], self._defaults[field]
        is_expected, is_lazy = field in self.expected, isinstance(self._slots[field], LazyJson)
        is_json = field in self._json
        structure = structure_json if is_json else structure_scalar
        readable = None if is_json else _readable(hint)

        def take(one: Any, value: object) -> None:  # noqa: ANN401 - an object of the twin
            if value is msgspec.UNSET:
                setattr(one, field, default)
                if is_expected:
                    _keep(one, name, NOT_GIVEN)
            elif is_lazy:
                setattr(one, field, value)
            else:
                # Check the type first: it rules out most unreadable values in a tenth of the time.
                if readable is None or type(value) in readable:
                    try:
                        setattr(one, field, structure(value, hint))
                    except (ValueError, OverflowError):
                        pass
                    else:
                        return
                setattr(one, field, default)
                _keep(one, name, value)
                unreadable_values.record(model, field, value, name)

        return take

    def compile(
        self,
        seen: Mapping[str, str],
        learned: Mapping[str, str],
        loose: frozenset[str],
        decode: Callable[[bytes], object],
        plain: type | None = None,
    ) -> tuple[Build, Callable[[bytes], T | None]]:
        """Generate two functions: the first creates objects from rows, the second decodes one object from a body.

        Args:
            seen: The JSON names that rows may have, each with its field of the model.
            learned: The JSON names that the model does not have, each with its field in a row.
            loose: The fields that accept values of any type.
            decode: Decodes one row.
            plain: The class of the rows, if rows stay structs instead of becoming objects of the model.
        """
        slots = self._slots
        contents = {name: slot.slot if isinstance(slot, Slot | LazyJson) else slot for name, slot in slots.items()}
        contents |= {name: getattr(object, name) for name in ("__init__", "__setattr__", "__delattr__")}
        # Setting `__class__` is fast if the twin adds no slots.
        twin = type(f"{self.model.__name__}Twin", (self.model,), {"__slots__": (), **contents})
        scope: dict[str, Any] = {
            "twin": twin,
            "model": self.model if plain is None else plain,
            "unset": msgspec.UNSET,
            "decode": decode,
            "odd": ODD,
            "moment": dt.datetime.fromisoformat,
            "unusual": (TypeError, ValueError, LookupError),  # from 3.12 on a slice may be a key
            **{f"take_{field}": take for field, take in self._takes.items()},
        }
        make = self._lines if plain is None else self._plain_lines
        lines = [*make(frozenset(seen.values()), learned, loose)]
        # Each object replaces its row in the list, so that the memory of the row can be reused.
        many = ["def build(rows):", " for place, row in enumerate(rows):", *(f"  {line}" for line in lines)]
        attempt = ["def read_one(body):", " try: row = decode(body)", " except odd: return None"]
        single = [*attempt, *(f" {line}" for line in lines), " return one"]
        source = "\n".join([*many, "  rows[place] = one", " return rows", *single])
        exec(source, scope)  # noqa: S102 - generated from the model's own field names, as attrs does
        return cast("Build", scope["build"]), cast("Callable[[bytes], T | None]", scope["read_one"])

    def _lines(self, seen: frozenset[str], learned: Mapping[str, str], loose: frozenset[str]) -> Iterable[str]:
        """Yield the lines of code that create an object from a row."""
        special = [field for field in self.names if self._is_special(field) or field in loose]
        plain = [field for field in self.names if field not in special]
        yield "one = twin()"
        yield from (f"one.{field} = row.{field}" for field in plain if field in seen)
        absent = [f for f in plain if f not in seen and not isinstance(self._slots[f], OptionalSlot)]
        if absent:
            yield f"{' = '.join(f'one.{field}' for field in absent)} = None"
        if learned or not isinstance(self._slots[EXTRA], DictSlot):
            yield "one.extra = extra = {}"
        yield from self._odd_lines(special, seen, learned, loose)
        for field, name in self._others.items():
            if name in learned:
                has_none = f"row.{field} is None or row.{field} is unset" if field in seen else "True"
                yield f"if type(extra.get({name!r})) is str and ({has_none}): one.{field} = extra.pop({name!r})"
        yield "one.__class__ = model"

    def _plain_lines(self, seen: frozenset[str], learned: Mapping[str, str], loose: frozenset[str]) -> Iterable[str]:
        """Yield the lines of code that set all fields of a row to the values of an object of the model."""
        yield "one = row"
        if learned:
            yield "one.extra = extra = {}"
        special = [field for field in self.names if self._is_special(field) or field in loose]
        yield from self._odd_lines(special, seen, learned, loose)
        yield from (f"row.{field} = unset" for field in learned.values())
        yield "one.__class__ = model"

    def _odd_lines(
        self, special: Iterable[str], seen: frozenset[str], learned: Mapping[str, str], loose: frozenset[str]
    ) -> Iterable[str]:
        """Yield the lines of code for unknown names, and for fields whose values are inspected."""
        for name, field in learned.items():
            yield f"if row.{field} is not unset:"
            yield f" extra[{name!r}] = row.{field}"
        for field in special:
            yield from (
                self._special_lines(field, is_loose=field in loose) if field in seen else [f"take_{field}(one, unset)"]
            )

    def _special_lines(self, field: str, *, is_loose: bool) -> Iterable[str]:
        """Yield the lines of code for a field whose value is inspected."""
        kinds = () if field in self._json else members(self._hints[field])
        yield f"value = row.{field}"
        if str in kinds:
            # The value is usually text, and rarely an empty text.
            yield f"if {'type(value) is str' if is_loose else 'value'}: one.{field} = value"
            yield f"else: take_{field}(one, value)"
        elif dt.datetime in kinds:
            # Both parsers have the same result for the usual form. This parser takes a quarter of the time.
            yield "try:"
            yield f" if value is None or value is unset or value[23:] != 'Z': take_{field}(one, value)"
            yield f" else: one.{field} = moment(value)"
            yield f"except unusual: take_{field}(one, value)"
        else:
            yield f"take_{field}(one, value)"


def _keep(one: Any, name: str, value: object) -> None:  # noqa: ANN401 - an object of the twin
    """Store a value in ``extra`` if its field cannot contain the value."""
    extra = getattr(one, EXTRA, None)
    if type(extra) is not dict:
        one.extra = extra = {}
    extra[name] = value


@functools.cache
def _scalar_type(hint: Hashable) -> Any:  # noqa: ANN401 - a type made at run time
    """Return the type that msgspec checks for a field. Date-times must have an offset."""
    kinds = [Annotated[dt.datetime, msgspec.Meta(tz=True)] if kind is dt.datetime else kind for kind in members(hint)]
    union: Any = kinds[0]
    for kind in kinds[1:]:
        union = union | kind
    return union


@functools.cache
def _readable(hint: Hashable) -> frozenset[object]:
    """Return the types of decoded values that an annotation of scalars can accept."""
    kinds = {*members(hint)}
    numbers = {int, float} if kinds & {int, float} else set[object]()
    return frozenset(kinds | numbers | ({str} if dt.datetime in kinds else set[object]()))
