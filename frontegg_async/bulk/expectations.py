"""Decide whether the service still shows the values that a row expects, and describe the differences."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from frontegg_async._formats.json_text import json_line
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.bulk.ledger import Before
from frontegg_async.resources.support.read_back import agrees

DIGEST: Final = "digest"
"""The key of the digest among the values that a row expects."""

_SHOWN: Final = 3
"""The maximum number of differences in a message."""
_FLAGS: Final = frozenset({"is_locked", "is_reseller"})
_LONGEST: Final = 60
"""The maximum number of characters of a value in a message."""


class Verdict(enum.Enum):
    """The decision about a row."""

    SEND = "send"
    """The service shows the expected values, or an earlier run has sent a part of the row."""
    DONE = "done"
    """The service shows the values that the row sets."""
    STALE = "stale"
    """The service shows unexpected values, which the row must not replace."""


def judge(expected: Before, now: Before, after: Before, *, was_sent: bool = False, between: Before = None) -> Verdict:
    """Decide whether to send a row.

    Args:
        expected: The values that the row expects. If the row sets a value that is missing here, any old value is
            accepted.
        now: The values that the service shows.
        after: The values that the service shows when the row is done.
        was_sent: Whether the row may have been sent before. If so, the service may have received some of its requests.
        between: The values that the service shows between two requests of the row; ``None`` without such values.
    """
    expected, now, after, between = map(_with_flags, (expected, now, after, between))
    if same_values(expected, now):
        return Verdict.SEND
    if is_done(now, after):
        return Verdict.DONE
    if now is None or after is None:
        return Verdict.STALE
    if expected is not None and same_values(
        expected, {n: v for n, v in now.items() if n in expected or n not in after}
    ):
        return Verdict.SEND
    left = _differing(after, now, is_sent=True)
    if was_sent and expected is not None:
        # Each request changes either fields or metadata. So after one request, each value is either old or as the row
        # sets it.
        is_partly_done = not left & _differing(expected, now, is_sent=False)
        if is_partly_done or (between is not None and same_values(between, now)):
            return Verdict.SEND
    return Verdict.STALE


def is_done(now: Before, after: Before) -> bool:
    """Return whether the service shows the values that a row sets.

    Args:
        now: The values that the service shows.
        after: The values that the service shows when the row is done.
    """
    now, after = _with_flags(now), _with_flags(after)
    if now is None or after is None:
        return now is after
    return not _differing(after, now, is_sent=True)


def _with_flags(values: Before) -> Before:
    """Return the values with each flag as a boolean."""
    if values is None:
        return None
    return {name: bool(value) if name in _FLAGS else value for name, value in values.items()}


def describe(expected: Before, now: Before, after: Before, thing: str = "tenant") -> str:
    """Describe the differences that make a row stale.

    Args:
        expected: The values that the row expects.
        now: The values that the service shows.
        after: The values that the service shows when the row is done.
        thing: The noun for the written object in the message.
    """
    if now is None:
        return f"the {thing} no longer exists, and the plan expects it"
    if expected is None:
        others = [
            f"{path} is {_text(shown)}, not {_text(sent)}" for path, sent, shown in _differences(after or {}, now)
        ]
        return _joined([f"the {thing} exists now, and the plan expects that it does not", *others])
    if DIGEST in expected:
        return "the tenant, its users or the tenants below it have changed since the plan was made"
    return _joined(
        [
            f"{path} {'has no value' if shown is UNSET else f'is {_text(shown)}'} now,"
            f" and the plan expects {'no value' if wanted is UNSET else _text(wanted)}"
            for path, wanted, shown in _differences(expected, now)
        ]
    )


def same_values(a: JsonValue, b: JsonValue) -> bool:
    """Return whether two JSON values are equal: ``1`` equals ``1.0``, but not ``true``.

    Args:
        a: A value.
        b: Another value.
    """
    pending: list[tuple[JsonValue, JsonValue]] = [(a, b)]
    while pending:
        x, y = pending.pop()
        if isinstance(x, Mapping) and isinstance(y, Mapping):
            if x.keys() != y.keys():
                return False
            pending += [(x[key], y[key]) for key in x]
        elif _is_array(x) and _is_array(y):
            some, others = cast("Sequence[JsonValue]", x), cast("Sequence[JsonValue]", y)
            if len(some) != len(others):
                return False
            pending += zip(some, others, strict=True)
        elif isinstance(x, bool) is not isinstance(y, bool) or x != y:
            return False
    return True


def _is_array(value: JsonValue) -> bool:
    return isinstance(value, list | tuple)


def _differing(wanted: Mapping[str, JsonValue], now: Mapping[str, JsonValue], *, is_sent: bool) -> set[str]:
    """Return the names of the values that differ.

    The service may store a sent text in another form, for example in lower case.
    """
    names = wanted.keys() & now.keys()
    is_alike = {name for name in names if same_values(wanted[name], now[name])}
    if is_sent:
        is_alike |= {name for name in names if name != "metadata" and agrees(wanted[name], now[name])}
    return (wanted.keys() | now.keys()) - is_alike


def _differences(
    wanted: Mapping[str, JsonValue], now: Mapping[str, JsonValue], *, has_keys: bool = True
) -> Iterator[tuple[str, JsonValue | Unset, JsonValue | Unset]]:
    """Yield the path, the wanted value and the present value of each difference. Metadata is compared key by key."""
    for name in dict.fromkeys((*wanted, *now)):
        x, y = wanted.get(name, UNSET), now.get(name, UNSET)
        if has_keys and isinstance(x, Mapping) and isinstance(y, Mapping):
            for key, one, other in _differences(x, y, has_keys=False):
                yield f"{name}.{key}", one, other
        elif x is UNSET or y is UNSET or not same_values(x, y):
            yield name, x, y


def _text(value: JsonValue | Unset) -> str:
    text = "absent" if value is UNSET else json_line(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _joined(parts: Sequence[str]) -> str:
    more = f"; and {len(parts) - _SHOWN} more" if len(parts) > _SHOWN else ""
    return "; ".join(parts[:_SHOWN]) + more
