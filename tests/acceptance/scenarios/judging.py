"""Judges results: latencies, the time until calls succeed again, and wrong responses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

import attrs

from tests.acceptance.scenarios.shooting import Result

SHARE: Final = 0.99
"""Of the requests of a second, when all is well again."""

_STEP: Final = 0.1
_SHOWN: Final = 5


@attrs.frozen(kw_only=True)
class Disturbance:
    """A disturbance of the service, with its start and end by the monotonic clock."""

    name: str
    begun: float
    ended: float


def latencies(results: Sequence[Result]) -> str:
    """Return quantiles of the seconds that successes took, as text."""
    taken = sorted(result.seconds for result in results if result.succeeded)
    if not taken:
        return "no successes"
    points = (("median", 0.5), ("99 %", 0.99), ("99.9 %", 0.999))
    shown = [f"{name} {taken[int(share * (len(taken) - 1))] * 1000:.0f} ms" for name, share in points]
    return f"successes took {', '.join(shown)}, at most {taken[-1]:.2f} s"


def recovery(results: Sequence[Result], disturbance: Disturbance) -> float | None:
    """Return the seconds from the end of a disturbance to the first second that is well; ``None`` if there is none."""
    later = sorted(
        (result.hit.planned, result.succeeded) for result in results if result.hit.planned >= disturbance.ended
    )
    if not later:
        return None
    start = disturbance.ended
    while start + 1.0 <= later[-1][0] + _STEP:
        second = [succeeded for planned, succeeded in later if start <= planned < start + 1.0]
        if second and sum(second) >= SHARE * len(second):
            return start - disturbance.ended
        start += _STEP
    return None


def statuses(results: Sequence[Result]) -> str:
    """Return how often each status came, as text."""
    counted = Counter("none" if each.hit.status is None else str(each.hit.status) for each in results)
    return ", ".join(f"{status}: {count:,}" for status, count in sorted(counted.items()))


def unanswered(results: Sequence[Result]) -> list[str]:
    """Return a line for the requests that got no answer."""
    return some("without an answer", [each for each in results if each.hit.status is None])


def undocumented(results: Sequence[Result], documented: Collection[int]) -> list[str]:
    """Return a line for the answers that are neither what was hoped for nor an error that the application documents."""
    wrong = [
        each
        for each in results
        if each.hit.status is not None
        and not each.succeeded
        and (each.hit.status not in documented or not _is_error(each.hit.body))
    ]
    return some("with an answer that is not documented", wrong)


def _is_error(body: object) -> bool:
    """Return whether a body is that of an error: problem details have a code, and other answers of the apps a name."""
    return isinstance(body, dict) and ("code" in body or "error" in body)


def slow(results: Sequence[Result], limit: float) -> list[str]:
    """Return a line for the requests that took longer than they may."""
    return some(f"took longer than {limit:.1f} s", [each for each in results if each.seconds > limit])


def some(what: str, found: Sequence[Result]) -> list[str]:
    """Return a line that counts results and shows the first few; no line for none."""
    if not found:
        return []
    return [f"{len(found):,} {what}, as {'; '.join(str(each) for each in found[:_SHOWN])}"]
