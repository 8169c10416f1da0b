"""Disputed points: the kit reports each answer with the value of the switch that makes the emulator give it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import pytest

from frontegg_async.conformance.check import Check, CheckStatus, Result
from frontegg_async.conformance.checks import CHECKS
from frontegg_async.conformance.question import Question, Value
from frontegg_async.conformance.report import Report
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.emulator.store.switches import DEFAULT, describe
from tests.conformance.kit import busy_environment, results_of

ASKED: Final = [(check, check.question) for check in CHECKS if check.question is not None]
CASES: Final = [(check, question, value) for check, question in ASKED for value in question.answers]
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
    assert (result.value, result.answer) == (value, question.answers[value])


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
