"""The kit on a bad day: failures, strange answers and interruptions touch nothing foreign and report nothing false."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.check import CheckStatus
from frontegg_async.conformance.checks import CHECKS
from frontegg_async.conformance.made import Made
from frontegg_async.emulator import Emulator, EmulatorHandle
from tests.conformance.kit import busy_environment, clean, of_run, results_of, rows_of

FAILURES: Final[dict[str, tuple[str, dict[str, JsonValue]]]] = {
    "failed": ("before_commit", {"type": "status", "status": 500}),
    "limited": ("accept", {"type": "rate_limit", "reset_in": 1, "with_header": False}),
    "refused by the edge": ("accept", {"type": "status", "status": 502, "body": "<html>"}),
    "lost": ("after_commit", {"type": "reset"}),
    "cut": ("in_body", {"type": "truncate", "bytes": 5}),
}
SECRET: Final = "kept-to-itself"
STRANGE: Final[tuple[JsonValue, ...]] = (
    5,
    SECRET,
    [[]],
    [{"id": 5, "key": SECRET, SECRET: SECRET}],
    {"items": [{"id": SECRET, "tenants": [SECRET]}], "data": [{"tenantId": 7, "createdAt": SECRET}]},
    {"id": SECRET, "clientId": SECRET, "secret": SECRET, "accessToken": SECRET, "errorCode": SECRET},
)


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorHandle]:
    with Emulator() as emulator:
        yield emulator


@pytest.mark.parametrize(
    "failure", ["failed", *(pytest.param(name, marks=pytest.mark.slow) for name in FAILURES if name != "failed")]
)
def test_a_failing_service_is_no_difference(emulator: EmulatorHandle, tmp_path: Path, failure: str) -> None:
    environment = busy_environment(emulator)
    before = rows_of(environment)
    stage, action = FAILURES[failure]
    environment.add_fault(stage=stage, action=action, match={"probability": 0.3, "path": "/*"})
    results = results_of(environment, CHECKS, tmp_path / "made")
    assert [result.check.name for result in results if result.status is CheckStatus.DIFFERS] == []
    assert any(result.status is CheckStatus.NOT_TRIED and result.check.run for result in results)
    _check_untouched(environment, before, Made.read(tmp_path / "made"))


def _check_untouched(environment: EmulatorHandle, before: list[tuple[str, Mapping[str, object]]], made: Made) -> None:
    """Hold that what was there is as it was, and that all else is in accounts and parts that were noted."""
    known = set(map(repr, before))
    rows = rows_of(environment)
    assert known <= set(map(repr, rows))
    new = [row for row in rows if repr(row) not in known]
    assert len(of_run(new, made.prefix)) == len(new)
    assert {str(row["tenantId"]) for name, row in new if name == "tenants"} <= set(made.accounts)


@pytest.mark.parametrize("status", [200, 403])
@pytest.mark.parametrize("body", STRANGE, ids=str)
@pytest.mark.acceptance
def test_a_strange_answer_is_reported_without_what_it_holds(
    emulator: EmulatorHandle, tmp_path: Path, body: JsonValue, status: int
) -> None:
    environment = busy_environment(emulator)
    action: dict[str, JsonValue] = {"type": "status", "status": status, "body": body}
    for path in ("applications", "audits", "directory", "identity", "prehooks", "team", "tenants", "webhook"):
        environment.add_fault(stage="before_commit", action=action, match={"path": f"/{path}*"})
    results = results_of(environment, CHECKS, tmp_path / "made")
    assert any(result.status is CheckStatus.DIFFERS for result in results)
    assert [result.how for result in results if SECRET in result.how] == []


@pytest.mark.parametrize("stop_at", [60, 150, 240, 330, 400])
@pytest.mark.slow
def test_clean_up_after_an_interruption_deletes_all_that_was_made_and_nothing_else(
    emulator: EmulatorHandle, tmp_path: Path, stop_at: int
) -> None:
    environment = busy_environment(emulator)
    environment.seed(tenants=[{"tenantId": f"many-{number}", "name": "Many"} for number in range(300)])
    before = rows_of(environment)
    results_of(environment, CHECKS, tmp_path / "made", stop_at=stop_at)
    made = Made.read(tmp_path / "made")
    _check_untouched(environment, before, made)
    foreign = {f"not-{made.prefix}first", made.prefix[:-1], f"x{made.prefix}"}
    environment.seed(tenants=[{"tenantId": name, "name": f"{made.prefix}first"} for name in foreign])
    assert clean(environment, made) == 0
    rows = rows_of(environment)
    assert sorted(map(repr, before)) == sorted(repr(row) for row in rows if row[1].get("tenantId") not in foreign)
    assert foreign <= {row.get("tenantId") for _, row in rows}
    assert not made.path.exists()
