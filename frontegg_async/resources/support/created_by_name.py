"""Find objects by a unique key or name: to get their ids, or to check a creation whose response was lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, cast

from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import Endpoint
from frontegg_async.errors import (
    ErrorDetails,
    InvalidArgumentError,
    NotFoundError,
    Outcome,
    ResultLostError,
)

A = TypeVar("A")
R = TypeVar("R")
T = TypeVar("T")


def alone(row: R) -> tuple[R, ...]:
    """Return one object as a tuple, which is the result of a creation of several objects."""
    return (row,)


def only(rows: Sequence[R], endpoint: Endpoint[object]) -> R:
    """Return the only object from the array in the response to a creation.

    Raises:
        ResultLostError: The array is empty, or has more than one object.
    """
    if len(rows) == 1:
        return rows[0]
    details = ErrorDetails(endpoint=endpoint.name, outcome=Outcome.DONE, reason="decode")
    raise ResultLostError(f"{endpoint.name} was done, but the response has {len(rows)} results instead of one", details)


def ids_by_name(rows: Iterable[R], names: object, *, kind: str, of: Callable[[R], tuple[str, str]]) -> tuple[str, ...]:
    """Look up ids by keys or names, and return the ids in the same order.

    Args:
        rows: The rows to search.
        names: The keys or names.
        kind: The noun for a row in messages, for example ``role``.
        of: Returns the id and the key or name of a row.

    Raises:
        NotFoundError: One of the names is unknown. The message lists the names that exist.
        InvalidArgumentError: Several rows have one of the names.
    """
    ids: dict[str, list[str]] = {}
    for row in rows:
        row_id, name = of(row)
        ids.setdefault(name, []).append(row_id)
    for name in cast("Sequence[str]", names):
        found = ids.get(name, [])
        if len(found) > 1:
            raise InvalidArgumentError(f"{len(found)} {kind}s are called {name!r}: use their ids")
        if not found:
            import difflib  # noqa: PLC0415 - needed for errors only

            meant = difflib.get_close_matches(name, ids, 1)
            hint = f"did you mean {meant[0]!r}?" if meant else f"there are {', '.join(map(repr, ids)) or 'none'}"
            details = ErrorDetails(outcome=Outcome.REFUSED)
            raise NotFoundError(f"there is no {kind} {name!r}; {hint}", details)
    return tuple(ids[name][0] for name in cast("Sequence[str]", names))


def check_names(names: object, argument: str) -> tuple[str, ...]:
    """Check keys or names, and return each once, in order.

    Raises:
        InvalidArgumentError: ``names`` is a single text, not a sequence, or empty; or an item is not text or is empty.
    """
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise InvalidArgumentError(f"{argument} must be a sequence of texts: give a list even for a single text")
    given = tuple(cast("Iterable[object]", names))
    if not given:
        raise InvalidArgumentError(f"{argument} must have at least one text")
    for index, name in enumerate(given):
        arguments.check_text(name, f"{argument}[{index}]")
    return tuple(dict.fromkeys(cast("tuple[str, ...]", given)))


def check_new_ids(values: object, argument: str) -> tuple[str, ...]:
    """Check the ids that replace the current ids. The sequence may be empty.

    Raises:
        InvalidArgumentError: ``values`` is a single text or not a sequence, or an item cannot be an id.
    """
    return () if type(values) in {list, tuple} and not values else arguments.check_ids(values, argument)
