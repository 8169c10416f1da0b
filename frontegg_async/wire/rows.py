"""The fast lane of decoding: rows of a flat model, read by msgspec and made into attrs objects by generated code.

A struct of msgspec's has the wire names that were seen so far and refuses others, so that nothing is ever lost; a row
with a name that is new is parsed, and the next struct has that name too. So a field that the service adds does not keep
pages on the slow lane. The first struct is made of the names of the first rows.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Generic, TypeVar, cast, get_type_hints

import attrs
import msgspec

from frontegg_async.jsonvalue import LazyJson, read_float
from frontegg_async.models.fields import EXTRA, NEVER_KEPT, holds_json
from frontegg_async.models.slots import DictSlot, OptionalSlot, Slot
from frontegg_async.wire.structure import SCALARS, known_names, members

T = TypeVar("T")

MAX_LEARNED: Final = 64
"""How many unknown names are learned; a service that sends ever new ones stays on the slow lane."""

# A struct of msgspec's refuses other names, and what is learned stays in memory.
_LEARNABLE: Final = re.compile(r'[^"\\\x00-\x1f]{0,128}')

_ODD: Final = (ValueError, RecursionError)
"""What a decoder raises for a body that the slow lane has to read."""

_Build = Callable[[list[Any]], list[Any]]


# Held while the process forks: a child that found it closed would wait for ever when it learns a name.
_lock: Final = threading.RLock()

if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)


class _Lane(msgspec.Struct, Generic[T], frozen=True):
    """What one set of wire names was compiled to."""

    build: _Build
    read_one: Callable[[bytes], T | None]
    one: msgspec.json.Decoder[Any]
    many: msgspec.json.Decoder[Any]
    page: msgspec.json.Decoder[Any]


class RowReader(Generic[T]):
    """Reads rows of one model.

    Args:
        model: An attrs class with slots. If it has a field of another kind than text, number, flag, moment or JSON
            value, the fast lane is closed.

    Attributes:
        read_one: Returns the object in a body, or ``None`` if the slow lane has to read it.
        needs_fields: Whether an object without any field is none of the model's.
    """

    read_one: Callable[[bytes], T | None]

    def __init__(self, model: type[T]) -> None:
        self.model = model
        instance = cast("type[attrs.AttrsInstance]", model)
        self._names = known_names(instance)
        self._hints = get_type_hints(model)
        self._required = frozenset(field.name for field in attrs.fields(instance) if field.default is attrs.NOTHING)
        self.needs_fields: bool = bool(self._required)
        self._keeps_extra = EXTRA in self._hints
        # An object can take another class only if neither has a slot for weak references.
        self._is_flat = (
            self._keeps_extra
            and "__weakref__" not in getattr(model, "__slots__", ("__weakref__",))
            and all(holds_json(self._hints[name]) or set(members(self._hints[name])) <= SCALARS for name in self._names)
        )
        self._seen = {name: field for field, name in self._names.items() if field in self._required}
        self._learned: dict[str, str] = {}
        self._lane: _Lane[T] | None = None
        self.read_one = _read_none

    def read_many(self, body: bytes) -> list[T] | None:
        """Return the objects of the array in the body, or ``None`` if the slow lane has to read it."""
        lane = self._lane
        if lane is None:
            return None
        try:
            rows = lane.many.decode(body)
        except _ODD:
            return None
        return lane.build(rows)

    def read_page(self, body: bytes) -> tuple[list[T], int] | None:
        """Return the objects of a page and the total, or ``None`` if the slow lane has to read it."""
        lane = self._lane
        if lane is None:
            return None
        try:
            page = lane.page.decode(body)
        except _ODD:
            return None
        return lane.build(page.items), page.about.total

    def learn(self, items: Sequence[object]) -> bool:
        """Take the names of rows that the fast lane refused into the next fast lane.

        Args:
            items: Parsed rows; what is not an object is passed over.

        Returns:
            Whether the lane is another than before, so that another try is worth while.
        """
        if not self._is_flat:
            return False
        rows = [cast("Mapping[str, object]", item) for item in items if isinstance(item, Mapping)]
        by_name = {name: field for field, name in self._names.items()}
        # In the order of the wire: msgspec finds a name at once where it comes after the one before it.
        names = list(dict.fromkeys(name for row in rows for name in row))
        with _lock:
            new = [name for name in names if name not in self._seen and name not in self._learned]
            known = [name for name in new if name in by_name]
            learnable = [name for name in new if name not in {*known, *NEVER_KEPT} and _LEARNABLE.fullmatch(name)]
            unknown = learnable[: MAX_LEARNED - len(self._learned)]
            if not known and not unknown and self._lane is not None:
                return False
            self._seen = self._seen | {name: by_name[name] for name in known}
            self._learned = self._learned | {
                name: f"learned_{len(self._learned) + n}" for n, name in enumerate(unknown)
            }
            self._open(self._compile(names))
        return True

    def _open(self, lane: _Lane[T]) -> None:
        self._lane, self.read_one = lane, lane.read_one

    def _compile(self, order: Sequence[str] = ()) -> _Lane[T]:
        """Compile the lane for the names that are known now, those of an order first."""
        by_name = self._seen | self._learned
        fields = [self._row_field(by_name[name]) for name in dict.fromkeys((*order, *by_name)) if name in by_name]
        rename = {field: name for name, field in by_name.items()}
        row: Any = msgspec.defstruct(
            f"{self.model.__name__}Row", fields, rename=rename, forbid_unknown_fields=True, kw_only=True, gc=False
        )
        about = msgspec.defstruct(
            "PageAbout", [("total", Annotated[int, msgspec.Meta(ge=0)])], rename={"total": "totalItems"}
        )
        page = msgspec.defstruct("PageRows", [("items", list[row]), ("about", about)], rename={"about": "_metadata"})
        one = msgspec.json.Decoder(row, float_hook=read_float)
        return _Lane(
            *self._compile_build(one),
            one,
            msgspec.json.Decoder(list[row], float_hook=read_float),
            msgspec.json.Decoder(page, float_hook=read_float),
        )

    def _row_field(self, field: str) -> tuple[str, Any, Any] | tuple[str, Any]:
        """Return a field as msgspec takes it."""
        if field not in self._names:
            return field, Any, msgspec.UNSET
        kind = _row_type(self._hints[field])
        return (field, kind) if field in self._required else (field, kind, None)

    def _compile_build(self, one: msgspec.json.Decoder[Any]) -> tuple[_Build, Callable[[bytes], T | None]]:
        """Generate what makes model objects of rows, and what reads one of a body.

        Setting the attributes of a frozen object one by one goes around its ``__setattr__`` and costs several times as
        much as plain stores. So an object of a twin is filled, which is not frozen, and then takes the model's class.
        """
        model = cast("type[Any]", self.model)
        slots = {name: model.__dict__[name] for name in model.__slots__}
        plain = {name: slot.slot if isinstance(slot, Slot | LazyJson) else slot for name, slot in slots.items()}
        plain |= {name: getattr(object, name) for name in ("__init__", "__setattr__", "__delattr__")}
        # Python is quick to see that the twin has the same slots if it adds none to those of the model.
        twin = type(f"{model.__name__}Twin", (model,), {"__slots__": (), **plain})
        seen = set(self._seen.values())
        absent = [field for field in self._names if field not in seen and not isinstance(slots[field], OptionalSlot)]
        lines = ["one = twin()", *(f"one.{field} = row.{field}" for field in self._names if field in seen)]
        if absent:
            lines.append(f"{' = '.join(f'one.{field}' for field in absent)} = None")
        if self._learned or not isinstance(slots[EXTRA], DictSlot):
            lines.append("one.extra = extra = {}")
        for name, field in self._learned.items():
            lines += [f"if row.{field} is not unset:", f" extra[{name!r}] = row.{field}"]
        lines.append("one.__class__ = model")
        scope: dict[str, Any] = {
            "twin": twin,
            "model": model,
            "unset": msgspec.UNSET,
            "decode": one.decode,
            "odd": _ODD,
        }
        # In the place of its row, so that the memory of the row is free for what comes next.
        many = ["def build(rows):", " for place, row in enumerate(rows):", *(f"  {line}" for line in lines)]
        attempt = ["def read_one(body):", " try: row = decode(body)", " except odd: return None"]
        single = [*attempt, *(f" {line}" for line in lines), " return one"]
        source = "\n".join([*many, "  rows[place] = one", " return rows", *single])
        exec(source, scope)  # noqa: S102 - generated from the model's own field names, as attrs does
        return cast("_Build", scope["build"]), cast("Callable[[bytes], T | None]", scope["read_one"])


def _read_none(_body: bytes) -> None:
    """Read nothing: the fast lane is closed."""


def _row_type(hint: object) -> Any:  # noqa: ANN401 - a type made at run time
    """Return the type that msgspec checks: moments must have an offset, and JSON values are text on the wire."""
    if holds_json(hint):
        return str | None
    kinds = [Annotated[dt.datetime, msgspec.Meta(tz=True)] if kind is dt.datetime else kind for kind in members(hint)]
    union: Any = kinds[0]
    for kind in kinds[1:]:
        union = union | kind
    return union
