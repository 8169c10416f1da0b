"""The verdicts of scenarios detect each failure, and nothing else."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.acceptance.scenarios import judging
from tests.acceptance.scenarios.judging import Disturbance
from tests.acceptance.scenarios.load import Hit, Shot
from tests.acceptance.scenarios.shooting import Operation, Result, plan

RESTART = Disturbance(name="restart", begun=9.0, ended=10.0)


def result(
    planned: float = 0.0, *, status: int | None = 200, wanted: int = 200, seconds: float = 0.1, body: Any = None
) -> Result:
    hit = Hit(number=0, planned=planned, sent=planned, done=planned + seconds, status=status, body=body)
    return Result(shot=Shot(at=planned, operation="get", method="GET", path="/"), hit=hit, wanted=wanted)


def every_tenth_of_a_second(bad: tuple[float, float]) -> list[Result]:
    moments = [8.0 + number / 10 for number in range(100)]
    return [result(at, status=503 if bad[0] <= at < bad[1] else 200) for at in moments]


@pytest.mark.parametrize(("until", "expected"), [(10.0, 0.0), (12.0, 2.0), (18.0, None)])
def test_recovery(until: float, expected: float | None) -> None:
    """It is the time until the first second without failures; ``None`` if there is none."""
    found = judging.recovery(every_tenth_of_a_second((9.0, until)), RESTART)
    assert found == (None if expected is None else pytest.approx(expected, abs=0.1))


def test_one_failure_in_a_hundred_is_allowed_and_two_are_not() -> None:
    """At least 99 % must succeed."""
    well = [result(10.0 + number / 100, status=503 if number == 5 else 200) for number in range(300)]
    worse = [result(10.0 + number / 100, status=503 if number % 50 == 5 else 200) for number in range(300)]
    assert judging.recovery(well, RESTART) == 0.0
    assert judging.recovery(worse, RESTART) is None


def test_no_result_after_a_disturbance_is_no_recovery() -> None:
    """A load that ends too early shows no recovery."""
    assert judging.recovery([result(1.0)], RESTART) is None


@pytest.mark.parametrize(
    ("status", "body", "is_wrong"),
    [
        (200, None, False),
        (503, {"error": "ConnectionFailedError"}, False),
        (503, None, True),
        (500, {"error": "RuntimeError"}, True),
        (404, {"detail": "Not Found"}, True),
    ],
)
def test_undocumented(status: int, body: Any, *, is_wrong: bool) -> None:
    """A response is the expected one, or a documented error that names itself."""
    assert bool(judging.undocumented([result(status=status, body=body)], {503})) is is_wrong


def test_unanswered_and_slow() -> None:
    """Missing and slow responses are counted and shown."""
    (line,) = judging.unanswered([result(), result(status=None)])
    assert line.startswith("1 without an answer")
    (line,) = judging.slow([result(), result(seconds=4.0), result(seconds=5.0)], 3.2)
    assert line.startswith("2 took longer than 3.2 s")
    assert judging.unanswered([result()]) == judging.slow([result()], 3.2) == []


def test_figures() -> None:
    """Statuses are counted; latencies are those of successes."""
    found = [result(seconds=0.1), result(seconds=9.0, status=503), result(status=None)]
    assert judging.statuses(found) == "200: 1, 503: 1, none: 1"
    assert "at most 0.10 s" in judging.latencies(found)
    assert judging.latencies([]) == "no successes"


def test_a_plan_is_made_of_its_seed() -> None:
    """The same seed gives the same requests, in order and within their time."""
    operations = (
        Operation(name="get", weight=1, success=200, make=lambda rng, _: ("GET", f"/{rng.random()}", None)),
        Operation(name="make", weight=1, success=201, make=lambda _, number: ("POST", "/", {"n": number})),
    )
    first, again = (plan(operations, rate=50, seconds=2, rng=random.Random(7)) for _ in range(2))
    assert first == again
    assert len(first) == 100
    assert [shot.at for shot in first] == sorted(shot.at for shot in first)
    assert 0 <= first[0].at <= first[-1].at <= 2
    assert {shot.operation for shot in first} == {"get", "make"}
