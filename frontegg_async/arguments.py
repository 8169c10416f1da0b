"""The checks of a call's arguments: each names the argument and what is allowed, before anything is sent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, cast

from frontegg_async.errors import InvalidArgumentError

MAX_INTEGER: Final = 2**63 - 1

MAX_DEPTH: Final = 128
"""How deep a JSON value that is sent may be nested."""


def check_json(value: object, argument: str) -> None:
    """Refuse what JSON cannot hold, before anything is sent.

    Args:
        value: Any value.
        argument: The name of the caller's argument, for the message.

    Raises:
        InvalidArgumentError: A number is not finite, a key is not text, a text has a lone surrogate,
            a type has no JSON form, or the nesting is deeper than `MAX_DEPTH`. The message has
            the place, not the value.
    """
    pending: list[tuple[object, str, int]] = [(value, argument, 0)]
    while pending:
        item, place, depth = pending.pop()
        if isinstance(item, Mapping | list | tuple):
            if depth >= MAX_DEPTH:
                raise InvalidArgumentError(f"{argument} is nested deeper than {MAX_DEPTH} levels")
            pending.extend((member, inner, depth + 1) for inner, member in _members(cast("object", item), place))
        else:
            _check_scalar(item, place)


def _members(container: object, place: str) -> list[tuple[str, object]]:
    if not isinstance(container, Mapping):
        members = cast("Sequence[object]", container)
        return [(f"{place}[{index}]", member) for index, member in enumerate(members)]
    mapping = cast("Mapping[object, object]", container)
    for key in mapping:
        if not isinstance(key, str):
            raise InvalidArgumentError(f"{place} has a key of type {type(key).__name__}: keys must be text")
        _check_text(key, f"a key of {place}")
    return [(f"{place}[{key!r}]", member) for key, member in mapping.items()]


def _check_scalar(item: object, place: str) -> None:
    if item is None or isinstance(item, bool):
        return
    if isinstance(item, str):
        _check_text(item, place)
    elif isinstance(item, int):
        if not -MAX_INTEGER - 1 <= item <= 2 * MAX_INTEGER + 1:
            raise InvalidArgumentError(f"{place} must be a whole number of at most 64 bits")
    elif isinstance(item, float):
        if not math.isfinite(item):
            raise InvalidArgumentError(f"{place} must be a finite number: JSON has no NaN and no infinity")
    else:
        raise InvalidArgumentError(
            f"{place} is of type {type(item).__name__}, which JSON cannot hold: "
            "use text, numbers, booleans, None, lists and mappings"
        )


def _check_text(text: str, place: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        encodable = False
    else:
        encodable = True
    if not encodable:
        raise InvalidArgumentError(f"{place} has a lone surrogate, which is not valid Unicode text")
