"""Decode rows of responses: by the fast path, or by the slow path if the fast path refuses them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NoReturn, TypeVar, cast

import msgspec

from frontegg_async._core.codec import large_bodies
from frontegg_async._core.codec.fast_path import PlainRow, RowReader
from frontegg_async._core.codec.unreadable_values import UnreadableError
from frontegg_async._core.runtime.forks import importing
from frontegg_async._core.runtime.loops import loop_runs
from frontegg_async._values.fields import SECURITY_NAMES, FromResponse, from_response
from frontegg_async._values.json_values import parse_json

T = TypeVar("T")


class Missing:
    """The result for a response that means, in one of several forms, that the object does not exist."""


MISSING: Final = Missing()


class NotLoadedError(Exception):
    """The slow path is not imported yet, and the import would block the event loop.

    Another thread must decode the body.
    """


@functools.cache
def slow_path() -> Callable[[dict[str, object], type[T], str], T]:
    """Import and return the slow path.

    The import takes a tenth of the time of importing the HTTP client.
    """
    with importing:
        from frontegg_async._core.codec.slow_path import structure as by_cattrs  # noqa: PLC0415 - many need none

    return by_cattrs


@functools.cache
def rows_of(kind: type[T]) -> RowReader[T]:
    """Return the reader for rows of a model."""
    return RowReader(kind.model, kind) if issubclass(kind, PlainRow) else RowReader(kind)


def read_pieces(
    rows: RowReader[T], texts: Iterable[bytes | msgspec.Raw], place: str | Callable[[int], str]
) -> tuple[T, ...]:
    """Decode the rows of a large body piece by piece."""
    name = place.format if isinstance(place, str) else place
    found: list[T] = []
    for start, _, piece in large_bodies.pieces(texts):
        fast = rows.read_many(piece)
        if fast is None:
            raw = cast("list[object]", parse_json(piece))
            fast = rows.read_many(piece) if rows.learn(raw) else None
            if fast is None:
                fast = [structure(rows, item, name(start + offset)) for offset, item in enumerate(raw)]
        found += fast
    return tuple(found)


def structure_many(rows: RowReader[T], items: Sequence[object], place: str) -> tuple[T, ...]:
    """Return the objects of an array by the slow path, see `structure`."""
    return tuple(structure(rows, item, f"{place}[{index}]") for index, item in enumerate(items))


def structure(rows: RowReader[T], raw: object, place: str) -> T:
    """Return the object of a row by the slow path.

    Args:
        rows: The reader for rows of the model.
        raw: The parsed row.
        place: The path of the row, for errors.

    Raises:
        UnreadableError: The row does not match the model.
        NotLoadedError: The slow path is not imported yet, and this is the thread of an event loop.
    """
    if not isinstance(raw, dict):
        found = from_response(rows.model, raw) if issubclass(rows.model, FromResponse) else None
        if not isinstance(found, rows.model):
            refuse(place, "object", raw)
        return found
    if not slow_path.cache_info().currsize and loop_runs():
        raise NotLoadedError
    return slow_path()(cast("dict[str, object]", raw), rows.model, place)


def refuse(place: str, expected: str, got: object) -> NoReturn:
    """Raise an error that names the expected type and the type of the value.

    Raises:
        UnreadableError: Always.
    """
    raise UnreadableError(f"{place}: expected {expected}, got {type(got).__name__}")


def refuse_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return a JSON object from its names and values.

    Raises:
        UnreadableError: A security-relevant name occurs twice.
    """
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        for name in sorted(SECURITY_NAMES):
            if names.count(name) > 1:
                raise UnreadableError(f"$.{name}: given twice")
    return found
