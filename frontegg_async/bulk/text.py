"""Format reports of bulk work as text that fits a narrow terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from frontegg_async._values.printable import printable
from frontegg_async.bulk.ledger import LedgerRow, Reason, RowState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

NARROWEST: Final = 36
"""The minimum width of a line in characters."""

_LONGEST: Final = 300
"""The maximum number of characters of a message."""
_EXACT: Final = 10
"""The number of seconds below which a duration is shown with tenths."""
_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 row``, ``2,000 rows``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """Return a duration as text, such as ``8.2 s``, ``3 min 20 s``, ``16 h 40 min`` or ``2 d 5 h``."""
    whole = int(seconds)
    if whole < _EXACT:
        return f"{seconds:.1f} s"
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def heading(reason: Reason) -> str:
    """Return the heading of a reason, such as ``ConflictError 409``."""
    status = "" if reason.status is None else f" {reason.status}"
    state = "" if reason.state is RowState.FAILED else f" ({reason.state.value})"
    return f"{printable(reason.error or 'no error')}{status}{state}"


def example(row: LedgerRow) -> str:
    """Return a line about a failed row: its position, its tenant, and the message."""
    place = f"row {row.number}" if row.line is None else f"line {row.line}"
    tenant = "" if row.tenant_id is None else f", {printable(row.tenant_id)}"
    message = printable(row.message or "no message")
    if len(message) > _LONGEST:
        message = f"{message[:_LONGEST]}..."
    return f"{place}{tenant}: {message}"


def count_lines(counts: Iterable[tuple[str, int]], total: int) -> Iterator[str]:
    """Yield a line for each count that is not 0, with its share of the total."""
    shown = [(name, f"{count:,}", share(count, total)) for name, count in counts if count]
    digits = max((len(count) for _, count, _ in shown), default=0)
    for name, count, part in shown:
        yield f"  {name:<9}  {count:>{digits}}  {part:>7}"


def summary(title: str, counts: Iterable[str], reasons: Sequence[Reason], notes: Iterable[str], width: int) -> str:
    """Return the text of a report.

    Args:
        title: The first line.
        counts: The lines of `count_lines`.
        reasons: The most frequent errors.
        notes: Sentences about the next steps.
        width: The maximum length of a line.
    """
    lines = [*textwrap.wrap(printable(title), width), *counts]
    digits = max((len(f"{reason.count:,}") for reason in reasons), default=0)
    for reason in reasons:
        lines += ["", *_wrapped(f"{reason.count:,}".rjust(digits), heading(reason), width)]
        lines += _wrapped(" " * digits, example(reason.example), width)
    for note in notes:
        lines += ["", *textwrap.wrap(printable(note), width)]
    return "\n".join(lines)


def share(count: int, total: int) -> str:
    """Return a share in percent. The result is 0 % only if the count is 0, and 100 % only if the count is the total."""
    percent = 100 * count / total if total else 100.0
    if 0 < percent < 0.1:  # noqa: PLR2004 - rounded to 0
        return "<0.1 %"
    if 99.9 < percent < 100:  # noqa: PLR2004 - rounded to 100
        return ">99.9 %"
    return f"{percent:.1f} %"


def _wrapped(mark: str, text: str, width: int) -> Iterator[str]:
    """Yield the lines of a text, with a mark to the left of the first line."""
    indent = " " * (len(mark) + 4)
    yield from textwrap.wrap(text, width, initial_indent=f"  {mark}  ", subsequent_indent=indent)
