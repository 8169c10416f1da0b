"""The program that measures goals: its arithmetic, its lines, and what it says when something is wrong."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from functools import partial

import pytest

from benchmarks.performance import __main__ as program
from benchmarks.performance.measures import Goal, Measure, RunSettings, either, figure, ratio
from benchmarks.performance.rounds import Turn, cpu, take_turns, take_turns_awaiting, wall
from benchmarks.performance.side_by_side import side_by_side

OURS = (1.0, 2.0, 6.0)
THEIRS = (2.0, 2.0, 4.0)


def measure(median: float, *, most: float | None = None, least: float | None = None) -> Measure:
    return Measure(name="of requests", median=median, low=median, high=median, most=most, least=least)


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
    ("of_requests", "of_urllib3", "share", "passed"),
    [(0.45, 2.0, 1.0, True), (0.9, 0.68, 0.8, True), (0.9, 1.7, 2.0, False)],
)
def test_one_of_two_goals_is_enough(of_requests: float, of_urllib3: float, share: float, *, passed: bool) -> None:
    """The one that is nearer is shown, as a share of its limit."""
    found = either("of the nearer", measure(of_requests), measure(of_urllib3), most=[0.45, 0.85])
    assert found.median == pytest.approx(share)
    assert found.passed is passed


@pytest.mark.parametrize(
    ("median", "most", "least", "passed"),
    [
        (1.0, None, None, None),
        (1.0, 1.0, None, True),
        (1.001, 1.0, None, False),
        (15.0, None, 15.0, True),
        (14.9, None, 15.0, False),
        (1.0, 1.0, 1.0, True),
        (2.0, 1.0, 1.0, False),
        (0.0, 1.0, 1.0, False),
    ],
)
def test_a_measure_passes_between_its_bounds(
    median: float, most: float | None, least: float | None, *, passed: bool | None
) -> None:
    """Both bounds are part of the goal."""
    assert measure(median, most=most, least=least).passed is passed


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (measure(0.2345, most=0.3), "0.234 x <= 0.3 of requests"),
        (measure(1.5, most=1.05), "1.50 x <= 1.05 of requests falls short"),
        (measure(1234.5, least=9), "1,234 x >= 9 of requests"),
        (measure(3.0), "3.00 x of requests"),
        (measure(1.0, most=1, least=1), "1.00 x = 1 of requests"),
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
    assert failing.as_json()["passed"] is False


def test_the_rows_for_the_page_have_what_is_judged() -> None:
    """One row for a goal, with what came of it."""
    measures = [measure(1.0, most=1.05), measure(9.0), figure("served", 10_000, "", least=10_000)]
    line = program.GoalReport(goal=goal(), measures=measures, failure=(), seconds=1.0)
    assert line.as_markdown() == "| P99 | nothing | 1.00 x of requests (<= 1.05)<br>10,000 served (>= 10,000) |"


def test_a_goal_that_could_not_be_measured_falls_short() -> None:
    """The end of what it said is part of its lines."""
    line = program.GoalReport(goal=goal(), measures=(), failure=["ValueError: no"], seconds=1.0)
    assert not line.passed
    assert line.as_text().endswith("\n    | ValueError: no")
    assert line.as_json()["failure"] == ["ValueError: no"]


def test_measuring_here_ends_with_the_measures(capsys: pytest.CaptureFixture[str]) -> None:
    """They are read from the last line."""
    assert program.take_here(goal(), RunSettings(rounds=1)) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert [Measure(**each) for each in json.loads(last.removeprefix(program._MARK))] == [measure(0.5, most=0.6)]


def test_measuring_here_shows_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    """A goal that fails does not end the others."""
    assert program.take_here(goal(ValueError("no peers")), RunSettings(rounds=1)) == 1
    assert capsys.readouterr().out.endswith("ValueError: no peers\n")


def test_goals_are_chosen_by_name_and_listed_in_order() -> None:
    """Names may be small letters; without names there are all."""
    assert [each.name for each in program.choose(["p12", "P1"])] == ["P12", "P1"]
    names = [each.name for each in program.choose([])]
    assert names == sorted(set(names), key=lambda name: int(name[1:]))


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


def test_turns_have_both_times() -> None:
    """Of a process and of the wall."""
    turns = [Turn(1.0, 2.0), Turn(3.0, 4.0)]
    assert (cpu(turns), wall(turns)) == ([1.0, 3.0], [2.0, 4.0])


def test_runs_are_shown_side_by_side() -> None:
    """A column for each run, without what has no goal; what missed its goal is bold, and a run may lack a row."""

    def report(python: str, *measures: Measure) -> dict[str, object]:
        found = program.GoalReport(goal=goal(), measures=measures, failure=(), seconds=1.0)
        return {"python": python, "rounds": 2, "goals": [json.loads(json.dumps(found.as_json()))]}

    memory, bare = figure("memory", 812, "B", most=900), figure("of it, the same without us", 0.5, "x")
    first = report("3.11.7", measure(0.7, most=0.6), bare, figure("unused", 1, ""))
    assert side_by_side([first, report("3.13.5", measure(0.5, most=0.6), memory)]).splitlines() == [
        "|  | measured | goal | 3.11.7, 2 rounds | 3.13.5, 2 rounds |",
        "| --- | --- | --- | --- | --- |",
        "| P99 | of requests | <= 0.6 | **0.7** | 0.5 |",
        "| P99 | of it, the same without us |  | 0.5 |  |",
        "| P99 | memory, B | <= 900 |  | 812 |",
    ]
