"""The program that measures goals: its arithmetic, its lines, and what it says when something is wrong."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from functools import partial

import pytest

from benchmarks import __main__ as program
from benchmarks.measures import Goal, Measure, RunSettings, figure, ratio
from benchmarks.rounds import take_turns, take_turns_awaiting

OURS = (1.0, 2.0, 6.0)
THEIRS = (2.0, 2.0, 4.0)


def measure(median: float, *, most: float | None = None) -> Measure:
    return Measure(name="of requests", median=median, low=median, high=median, most=most)


def goal(take: object = None) -> Goal:
    def measures(_setting: RunSettings) -> Sequence[Measure]:
        if isinstance(take, Exception):
            raise take
        return [measure(0.5, most=0.6)]

    return Goal(name="P99", work="nothing", take=measures)


def test_a_ratio_is_the_median_of_the_rounds_and_not_of_the_candidates() -> None:
    """Each round is compared by itself."""
    found = ratio("of requests", OURS, THEIRS, most=1.0)
    assert (found.median, found.low, found.high, found.unit, found.passed) == (1.0, 0.5, 1.5, "x", True)


def test_a_ratio_needs_the_same_rounds_of_both() -> None:
    """A round that one of them lacks is a mistake."""
    with pytest.raises(ValueError, match="shorter"):
        ratio("of requests", OURS, THEIRS[:2])


@pytest.mark.parametrize(("value", "median", "low", "high"), [(3, 3, 3, 3), ([5.0, 1.0, 2.0], 2.0, 1.0, 5.0)])
def test_a_figure_is_one_reading_or_several(
    value: float | Sequence[float], median: float, low: float, high: float
) -> None:
    """It has the unit that it is given."""
    found = figure("memory", value, "MB")
    assert (found.median, found.low, found.high, found.unit, found.passed) == (median, low, high, "MB", None)


@pytest.mark.parametrize(
    ("median", "most", "passed"), [(1.0, None, None), (1.0, 1.0, True), (1.001, 1.0, False), (0.0, 1.0, True)]
)
def test_a_measure_passes_up_to_its_bound(median: float, most: float | None, *, passed: bool | None) -> None:
    """The bound is part of the goal."""
    assert measure(median, most=most).passed is passed


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (measure(0.2345, most=0.3), "0.234 x <= 0.3 of requests"),
        (measure(1.5, most=1.05), "1.50 x <= 1.05 of requests falls short"),
        (measure(1234.5), "1,234 x of requests"),
        (measure(3.0), "3.00 x of requests"),
        (
            figure("calls", [219, 220, 221], "calls", most=180),
            "220 calls <= 180 219 to 221 calls falls short",
        ),
    ],
)
def test_the_line_of_a_measure(value: Measure, line: str) -> None:
    """The figure, its unit, its goal, its spread, what it is, and whether it falls short."""
    assert " ".join(program._as_text(value).split()) == line


def test_a_goal_passes_with_all_of_its_measures() -> None:
    """One that falls short is enough; one that has no goal says nothing."""
    good, bad, idle = measure(1.0, most=1.0), measure(2.0, most=1.0), measure(9.0)
    passing, failing = (
        program.GoalReport(goal=goal(), measures=measures, failure=(), seconds=1.0)
        for measures in ([good, idle], [good, bad])
    )
    assert passing.passed
    assert passing.as_text().startswith("P99 pass         nothing; 1 s\n")
    assert not failing.passed


def test_the_rows_for_the_page_have_each_measure() -> None:
    """What missed its goal is bold."""
    measures = [measure(1.0, most=1.05), measure(1.2, most=1.05), figure("memory", 8, "MiB")]
    report = program.GoalReport(goal=goal(), measures=measures, failure=["no"], seconds=1.0)
    assert report.as_markdown().splitlines() == [
        "| P99 | of requests | <= 1.05 | 1.00 |",
        "| P99 | of requests | <= 1.05 | **1.20** |",
        "| P99 | memory |  | 8.00 MiB |",
        "| P99 | no | | |",
    ]


def test_a_goal_that_could_not_be_measured_falls_short() -> None:
    """The end of what it said is part of its lines."""
    line = program.GoalReport(goal=goal(), measures=(), failure=["ValueError: no"], seconds=1.0)
    assert not line.passed
    assert line.as_text().endswith("\n    | ValueError: no")


def test_measuring_here_ends_with_the_measures(capsys: pytest.CaptureFixture[str]) -> None:
    """They are read from the last line."""
    assert program.take_here(goal(), RunSettings(rounds=1)) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert [Measure(**each) for each in json.loads(last.removeprefix(program._MARK))] == [measure(0.5, most=0.6)]


def test_measuring_here_shows_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    """A goal that fails does not end the others."""
    assert program.take_here(goal(ValueError("no peers")), RunSettings(rounds=1)) == 1
    assert capsys.readouterr().out.endswith("ValueError: no peers\n")


def test_goals_are_chosen_by_name() -> None:
    """Names may be small letters; without names there are all, and no two have one name."""
    assert [each.name for each in program.choose(["p17", "P1"])] == ["P17", "P1"]
    names = [each.name for each in program.choose([])]
    assert len(names) == len(set(names)) == 10


def test_a_goal_that_does_not_exist_is_refused() -> None:
    """The message has those that do."""
    with pytest.raises(SystemExit, match=r"no goal P13, P99; the goals are P1, P2, P3"):
        program.choose(["P1", "p99", "p13"])


def test_rounds_must_be_positive(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said before anything is measured."""
    monkeypatch.setattr(sys, "argv", ["performance", "P1", "--rounds", "0"])
    with pytest.raises(SystemExit) as raised:
        program.main()
    assert raised.value.code == 2
    assert "--rounds must be 1 or more" in capsys.readouterr().err


def test_candidates_have_their_turns_in_another_order_each_round() -> None:
    """Each is warmed up, then called as often as it was asked for."""
    seen: list[str] = []
    turns = take_turns({name: partial(seen.append, name) for name in "abc"}, rounds=20, calls=2)
    assert {name: len(taken) for name, taken in turns.items()} == {"a": 20, "b": 20, "c": 20}
    assert len(seen) == 3 * 2 + 3 * 20 * 2
    orders = {"".join(seen[start : start + 6]) for start in range(6, len(seen), 6)}
    assert len(orders) > 1
    assert all(sorted(order) == sorted("aabbcc") for order in orders)


@pytest.mark.anyio
@pytest.mark.parametrize("at_once", [1, 5])
async def test_awaited_candidates_run_at_once(at_once: int) -> None:
    """So many are under way together, and no more."""
    most = running = 0

    async def call() -> None:
        nonlocal most, running
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    turns = await take_turns_awaiting({"a": call}, rounds=2, calls=10, at_once=at_once)
    assert len(turns["a"]) == 2
    assert most == at_once
