"""Disputed points: the kit reports each answer with the value of the switch that makes the emulator give it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import pytest

from frontegg_async.conformance.check import Check, CheckStatus, Result
from frontegg_async.conformance.checks import CHECKS, fresh_reads, updated_at
from frontegg_async.conformance.question import Question, Value
from frontegg_async.conformance.report import Report
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.emulator.store.switches import DEFAULT, describe
from tests.conformance.kit import LAGS, LOOKS_AS, busy_environment, results_of

ASKED: Final = [(check, check.question) for check in CHECKS if check.question is not None]
CASES: Final = [
    (check, question, value)
    for check, question in ASKED
    for value in question.answers
    if (question.switch, value) not in LOOKS_AS and not (value and question.switch in LAGS)
]
SWITCHES: Final = {str(row["name"]): row for row in describe(DEFAULT)}


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorHandle]:
    with Emulator() as emulator:
        yield emulator


@pytest.mark.parametrize(("check", "question"), ASKED, ids=[question.switch for _, question in ASKED])
def test_the_answers_are_values_of_the_switch(check: Check, question: Question) -> None:
    """The first one is the default, which the report shows as held."""
    row = SWITCHES[question.switch]
    assert next(iter(question.answers)) == row["default"]
    assert question.answers.keys() <= {*cast("list[Value]", row["allowed"])}
    assert len({*question.answers.values()}) == len(question.answers)
    assert check.evidence.value[0].upper() == row["mark"]


@pytest.mark.one_python
@pytest.mark.parametrize(
    ("check", "question", "value"), CASES, ids=[f"{question.switch}-{value}" for _, question, value in CASES]
)
def test_the_answer_sets_the_switch(
    emulator: EmulatorHandle, tmp_path: Path, check: Check, question: Question, value: Value
) -> None:
    environment = busy_environment(emulator, **{question.switch: value})
    (result,) = results_of(environment, [check], tmp_path / "made")
    assert result.value == value
    assert result.answer.startswith(question.answers[value])


@pytest.mark.acceptance
@pytest.mark.parametrize(("get_lag", "listing_lag"), [(5, 1), (30, 5)])
def test_the_lags_of_reads(emulator: EmulatorHandle, tmp_path: Path, get_lag: int, listing_lag: int) -> None:
    """Each read is measured by itself."""
    environment = busy_environment(emulator, get_lag=get_lag, listing_lag=listing_lag)
    results = results_of(environment, fresh_reads.TOPIC.checks, tmp_path / "made")
    assert [result.value for result in results] == [get_lag, listing_lag]


def test_nothing_is_written_with_a_credential_that_may_not(emulator: EmulatorHandle, tmp_path: Path) -> None:
    environment = busy_environment(emulator, environment_credential="read_only")
    results = results_of(environment, CHECKS, tmp_path / "made")
    written = [result for result in results if result.check.writes and result.status is not CheckStatus.NOT_TRIED]
    assert written == []
    assert "the credential may not write" in {result.how for result in results}
    effects = [entry.effect for entry in environment.journal() if entry.effect is not None]
    assert not any(each.startswith("conformance-") for effect in effects for each in effect.created)


def test_times_of_whole_seconds_need_a_rate(emulator: EmulatorHandle, tmp_path: Path) -> None:
    """Without one, two changes may have the same time, which does not say that a change moves nothing."""
    environment = busy_environment(emulator, updated_at_resolution="second")
    results = results_of(environment, updated_at.TOPIC.checks, tmp_path / "made")
    assert [result.value for result in results] == ["second", *[None] * 7]
    assert "--rate 30" in results[1].answer


def test_a_credential_without_a_scope_to_write(emulator: EmulatorHandle) -> None:
    """A run that reads sees it in the token."""
    (check,) = [check for check, question in ASKED if question.switch == "environment_credential"]
    for value in ("read_write", "read_only"):
        environment = busy_environment(emulator, environment_credential=value)
        (result,) = results_of(environment, [check], None)
        assert result.value == value


def test_the_lines_of_a_report() -> None:
    check, question = ASKED[0]
    results = [
        Result(check, CheckStatus.HELD, value=next(iter(question.answers))),
        Result(check, CheckStatus.DIFFERS, "It answers 500 to private."),
        Result(check, CheckStatus.NOT_TRIED, "it writes"),
    ]
    report = Report(results=results, environment=None, place="x", writes=False, requests=1, private=["private"])
    assert report.answer_lines[1:] == [
        question.text,
        f"  {question.expected} [{question.switch}={next(iter(question.answers))}]",
        question.text,
        "  It answers 500 to ….",
        question.text,
        "  not tried: it writes",
    ]
    first = f"| {question.text} | {question.expected} | `{question.switch}={next(iter(question.answers))}` |"
    rows = [first, f"| {question.text} | It answers 500 to …. |  |", f"| {question.text} | not tried: it writes |  |"]
    assert "\n".join(rows) in report.to_markdown()
