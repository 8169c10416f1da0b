"""The kit sees: each switch of the emulator is reported as exactly that difference, or has a reason why it is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, cast

import pytest

from frontegg_async.conformance.check import CheckStatus, Result
from frontegg_async.conformance.checks import CHECKS, listing
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.emulator.store.switches import DEFAULT, describe
from tests.conformance.kit import LAGS, LOOKS_AS, busy_environment, results_of

ALTERNATIVES: Final = {
    str(row["name"]): [value for value in cast("list[str | int]", row["allowed"]) if value != row["default"]]
    for row in describe(DEFAULT)
}
DEFAULTS: Final = {str(row["name"]): cast("str | int", row["default"]) for row in describe(DEFAULT)}
TRIED: Final = {
    switch: [check for check in CHECKS if switch in check.switches and check.run] for switch in ALTERNATIVES
}
REASONS: Final = {switch: check.untried for check in CHECKS for switch in check.switches if check.run is None}
SEEN: Final = sorted(switch for switch, checks in TRIED.items() if checks)


FAR_REACHING: Final = frozenset({"environment_credential", "get_lag", "listing_lag"})
"""Switches that decide more: other checks cannot write, or read what they have written."""
ALONE: Final = [switch for switch in SEEN if switch not in FAR_REACHING]
GROUPS: Final = 12
UNTRIED_BY_WRITING: Final = [
    "A page has 50 rows by default",  # the kit makes fewer accounts
    "The invitations of the environment are an array",
    "The metrics of audits are an object",
]


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorHandle]:
    with Emulator() as emulator:
        yield emulator


def differing(results: list[Result]) -> list[Result]:
    return [result for result in results if result.status is CheckStatus.DIFFERS]


def test_each_switch_has_a_check_or_a_reason() -> None:
    named = {switch for check in CHECKS for switch in check.switches}
    assert named == ALTERNATIVES.keys()
    assert all(REASONS.values())
    assert not REASONS.keys() & set(SEEN)


def test_checks_have_names_of_their_own() -> None:
    names = [(check.topic, check.name) for check in CHECKS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("writes", [False, True], ids=["reads", "writes"])
@pytest.mark.slow
def test_the_emulator_does_what_the_contract_says(emulator: EmulatorHandle, tmp_path: Path, writes: bool) -> None:
    results = results_of(busy_environment(emulator), CHECKS, tmp_path / "made" if writes else None)
    assert differing(results) == []
    untried = [result.check for result in results if result.status is CheckStatus.NOT_TRIED and result.check.run]
    assert [check.name for check in untried if writes or not check.writes] == UNTRIED_BY_WRITING * writes


def test_an_environment_without_accounts(emulator: EmulatorHandle) -> None:
    """A run that reads does not take that nothing is there for a difference."""
    results = results_of(emulator.create_environment(), listing.TOPIC.checks, None)
    assert differing(results) == []
    assert CheckStatus.HELD in [result.status for result in results]


@pytest.mark.slow
@pytest.mark.parametrize("switch", [switch for switch in SEEN if switch not in LAGS])  # which take seconds
def test_each_value_of_a_switch_is_reported(emulator: EmulatorHandle, tmp_path: Path, switch: str) -> None:
    reports: dict[str | int, tuple[str, ...]] = {DEFAULTS[switch]: ()}
    for value in ALTERNATIVES[switch]:
        environment = busy_environment(emulator, **{switch: value})
        results = results_of(environment, TRIED[switch], tmp_path / str(value))
        reports[value] = tuple(result.how for result in differing(results))
    for report in reports.values():
        same = [other for other in reports if reports[other] == report]
        assert len({LOOKS_AS.get((switch, each), each) for each in same}) == 1


@pytest.mark.parametrize("group", range(GROUPS))
@pytest.mark.slow
def test_switches_make_no_other_difference(emulator: EmulatorHandle, tmp_path: Path, group: int) -> None:
    """A few switches at once, in all of the kit: what differs is what these decide."""
    _check_no_other(emulator, tmp_path / "made", {switch: ALTERNATIVES[switch][-1] for switch in ALONE[group::GROUPS]})


@pytest.mark.parametrize("switch", ALONE)
@pytest.mark.acceptance
@pytest.mark.extended
def test_a_switch_makes_no_other_difference(emulator: EmulatorHandle, tmp_path: Path, switch: str) -> None:
    """Each value in turn, in all of the kit."""
    for value in ALTERNATIVES[switch]:
        seen = _check_no_other(emulator, tmp_path / str(value), {switch: value})
        assert seen or (switch, value) in LOOKS_AS


def _check_no_other(emulator: EmulatorHandle, record: Path, switches: Mapping[str, str | int]) -> list[Result]:
    results = differing(results_of(busy_environment(emulator, **switches), CHECKS, record))
    assert [result.check.name for result in results if switches.keys().isdisjoint(result.check.switches)] == []
    return results
