"""The fast path: msgspec decodes rows of a flat model, and generated code converts the rows to attrs objects.

A msgspec struct has fields for the JSON names that were seen so far. It refuses other names, so that no value is lost.
A row with a new name takes the slow path. Then a new struct that also has this name is compiled, so later pages with
this name take the fast path again. The first struct has the names of the first rows.

A lenient field with a value of another type also takes the slow path once. The next struct accepts any value for this
field, and generated code checks the type of each value. Null and missing values always take the fast path.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final, Generic, TypeVar, cast

import msgspec

from frontegg_async._core.codec.fast_models import ODD, Build, FastModel, RowField
from frontegg_async._core.runtime.forks import ProcessLock
from frontegg_async._values.fields import NEVER_KEPT
from frontegg_async._values.json_values import read_float

T = TypeVar("T")

MAX_LEARNED: Final = 64
"""The largest number of unknown names in structs. Rows with further unknown names take the slow path."""

_TOO_LONG: Final = 129
"""The length from which a name never becomes a field of a struct."""

# msgspec accepts no other names for fields. The length is limited because the names stay in memory.
_LEARNABLE: Final = rf'[^"\\\x00-\x1f]{{0,{_TOO_LONG - 1}}}'
_NOTHING: Final[Any] = Annotated[int, msgspec.Meta(ge=1, le=0)]
"""A type that accepts no value."""

_lock: Final = ProcessLock()


class _Known(msgspec.Struct, frozen=True):
    """The observations so far: JSON names of fields, unknown JSON names, and fields with values of other types."""

    seen: Mapping[str, str]
    learned: Mapping[str, str]
    loose: frozenset[str]


class _FastPath(msgspec.Struct, Generic[T], frozen=True):
    """The decoders and functions that were compiled for one set of JSON names."""

    build: Build
    read_one: Callable[[bytes], T | None]
    one: msgspec.json.Decoder[Any]
    many: msgspec.json.Decoder[Any]
    page: msgspec.json.Decoder[Any]


class PlainRow:
    """The base class of rows that stay structs, for code that only writes the rows as JSON.

    An operation names a subclass as the type of its rows. The subclass has no instances. The reader returns structs
    with the fields of the model, sorted by name. If the fast path cannot decode a row, the reader returns an object of
    the model. A field with JSON text in a string stays text.

    Attributes:
        model: The model.
        own: Additional fields of each struct with their values. ``extra`` is one of these fields.
    """

    model: ClassVar[type]
    own: ClassVar[Mapping[str, object]]


class RowReader(Generic[T]):
    """Decodes rows of one model by the fast path.

    Args:
        model: An attrs class with slots. The fast path is used only if all fields are text, numbers, flags, date-times
            or JSON values.
        plain: If given, the rows that the fast path decodes stay structs.

    Attributes:
        read_one: Returns the object in a body, or ``None`` if only the slow path can decode the body.
        needs_fields: Whether the model has required fields. If so, an empty JSON object cannot be decoded as the model.
    """

    read_one: Callable[[bytes], T | None]

    def __init__(self, model: type[T], plain: type[PlainRow] | None = None) -> None:
        self.model = model
        self._plain = plain
        self._fast_model = FastModel(model)
        self.needs_fields: bool = bool(self._fast_model.required)
        seen = {
            name: field
            for field, name in self._fast_model.names.items()
            if plain is not None or field in self._fast_model.required
        }
        self._known = _Known(seen, {}, frozenset())
        self._fast_path: _FastPath[T] | None = None
        self.read_one = _read_none

    def may_stand_alone(self, value: object) -> bool:
        """Return whether a parsed value may be a single row in place of an array with one row."""
        if not isinstance(value, Mapping):
            return False
        row = cast("Mapping[str, object]", value)
        # A row without a required field is refused later, by an error with the path of the field.
        return (
            bool(row)
            if self.needs_fields
            else any(self._fast_model.names[name] in row for name in self._fast_model.expected)
        )

    def read_many(self, body: bytes) -> list[T] | None:
        """Return the objects of an array, or ``None`` if only the slow path can decode the array."""
        fast_path = self._fast_path
        if fast_path is None:
            return None
        try:
            rows = fast_path.many.decode(body)
        except ODD:
            return None
        return fast_path.build(rows)

    def read_page(self, body: bytes) -> tuple[list[T], object] | None:
        """Return the objects of a page and its metadata, or ``None`` if only the slow path can decode the page."""
        fast_path = self._fast_path
        if fast_path is None:
            return None
        try:
            page = fast_path.page.decode(body)
        except ODD:
            return None
        return fast_path.build(page.items), page.about

    def learn(self, items: Sequence[object]) -> bool:
        """Compile a new fast path that also accepts the names and types of rows that the fast path refused.

        Args:
            items: The parsed rows. Items that are not objects are skipped.

        Returns:
            Whether a new fast path was compiled. If so, the caller can try to decode the body again.
        """
        if not self._fast_model.is_flat:
            return False
        rows = [cast("Mapping[str, object]", item) for item in items if isinstance(item, Mapping)]
        by_name = {name: field for field, name in self._fast_model.names.items()}
        # Keep the order of the names in the rows: msgspec is fastest if the fields come in the order of the struct.
        names = list(dict.fromkeys(name for row in rows for name in row))
        with _lock.of_process():
            before = self._known
            new = [name for name in names if name not in before.seen and name not in before.learned]
            known = [name for name in new if name in by_name]
            learnable = [name for name in new if name not in {*known, *NEVER_KEPT} and re.fullmatch(_LEARNABLE, name)]
            unknown = learnable[: MAX_LEARNED - len(before.learned)]
            loose = self._odd_fields(rows, by_name)
            if not known and not unknown and not loose and self._fast_path is not None:
                return False
            now = _Known(
                {**before.seen, **{name: by_name[name] for name in known}},
                {**before.learned, **{name: f"learned_{len(before.learned) + n}" for n, name in enumerate(unknown)}},
                before.loose | loose,
            )
            fast_path = self._compile(now, names)
            # In this order, a process that is forked between the two lines learns the same names again.
            self.read_one = fast_path.read_one
            self._fast_path = fast_path
            self._known = now
        return True

    def _odd_fields(self, rows: Sequence[Mapping[str, object]], by_name: Mapping[str, str]) -> frozenset[str]:
        """Return the lenient fields for which a row has a value of an unexpected type."""
        fast = self._fast_model
        strict = {name: field for name, field in by_name.items() if field in fast.lenient - self._known.loose}
        return frozenset(
            field
            for name, field in strict.items()
            if any(name in row and fast.refuses(field, row[name]) for row in rows)
        )

    def _compile(self, known: _Known, order: Sequence[str]) -> _FastPath[T]:
        """Compile the fast path for the known names. The names in ``order`` come first."""
        by_name = {**known.seen, **known.learned}
        fields = [
            self._row_field(by_name[name], known) for name in dict.fromkeys((*order, *by_name)) if name in by_name
        ]
        rename = {field: name for name, field in by_name.items()}
        plain: type | None = None
        if self._plain is not None:
            own = self._plain.own
            fields += [(name, _NOTHING, value) for name, value in own.items()]
            rename |= {name: f"{name:<{_TOO_LONG}}" for name in own}
            # ``__class__`` can be set to a class with the same slots, even if its fields have another order.
            plain = msgspec.defstruct(f"Sorted{self.model.__name__}Row", sorted(name for name, *_ in fields), gc=False)
        row: Any = msgspec.defstruct(
            f"{self.model.__name__}Row", fields, rename=rename, forbid_unknown_fields=True, kw_only=True, gc=False
        )
        page = msgspec.defstruct(
            "PageRows", [("items", list[row]), ("about", Any, None)], rename={"about": "_metadata"}
        )
        one = msgspec.json.Decoder(row, float_hook=read_float)
        return _FastPath(
            *self._fast_model.compile(known.seen, known.learned, known.loose, one.decode, plain),
            one,
            msgspec.json.Decoder(list[row], float_hook=read_float),
            msgspec.json.Decoder(page, float_hook=read_float),
        )

    def _row_field(self, field: str, known: _Known) -> RowField:
        """Return a field for `msgspec.defstruct`."""
        if field not in self._fast_model.names:
            return field, Any, msgspec.UNSET
        return self._fast_model.row_field(field, is_loose=field in known.loose)


def _read_none(_body: bytes) -> None:
    """Return ``None``, because no fast path is compiled yet or the model has no fast path."""
