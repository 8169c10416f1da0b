"""Exports have empty plans, and files are applied exactly: generated estates, with the emulator's state as judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.plans.plan import Plan
from frontegg_async.snapshots.rows import PARENT, Row
from frontegg_sync import Frontegg
from tests.plans.judge import changed, differences, state_of, unfinished
from tests.plans.strategies import Estate, estates, files


class Place:
    """An environment, and a client of it."""

    def __init__(self, emulator: EmulatorHandle, client: Frontegg) -> None:
        self.emulator = emulator
        self.client = client

    def fill(self, estate: Estate) -> None:
        """Replace all accounts."""
        self.emulator.reset()
        self.emulator.seed(estate.seed())

    def plan(self, sources: Any) -> Plan:
        """Make the plan of a file."""
        return self._made_twice(partial(self.client.plan, sources))

    def undo(self, ledger: Path) -> Plan:
        """Make the plan that undoes a job."""
        return self._made_twice(partial(self.client.undo, ledger))

    def _made_twice(self, make: Callable[..., Plan]) -> Plan:
        """Make a plan, which sends GET requests only and is the same when it is made again."""
        self.emulator.clear_journal()
        allow = {guard.name: guard.count for guard in make().shut_guards}
        made = make(allow=allow)
        assert {entry.method for entry in self.emulator.journal() if entry.path != "/auth/vendor"} == {"GET"}
        assert make(allow=allow).digest == made.digest
        return made


@pytest.fixture(scope="module")
def place(frontegg_emulator_server: EmulatorHandle) -> Iterator[Place]:
    """An environment that the examples of the tests fill anew."""
    emulator = frontegg_emulator_server.create_environment()
    with emulator.client() as client:
        yield Place(emulator, client)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".jsonl", ".yml", ".csv"])
@given(estate=estates(), include=st.sets(st.sampled_from(["settings", "applications"])))
def test_the_plan_of_an_export_is_empty(place: Place, suffix: str, estate: Estate, include: set[Any]) -> None:
    """An export asks for what is there."""
    place.fill(estate)
    with TemporaryDirectory() as directory:
        path = Path(directory, f"export{suffix}")
        place.client.export(path, include=include)
        made = place.plan(path)
    assert (str(made), made.not_planned) == (f"0 changes; 0 requests, 0 e-mails; plan {made.digest[:12]}", 0)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Estate, list[Row]]:
    """Draw an estate and the rows of a file."""
    estate = draw(estates(least=2))
    return estate, draw(files(estate))


@pytest.mark.slow
@settings(max_examples=2 * settings().max_examples)
@given(case=cases())
def test_a_file_is_applied_exactly(place: Place, case: tuple[Estate, list[Row]]) -> None:
    """What it names is as it says, all else is as it was, and its plan is empty then."""
    _check_applied(place, *case)


@pytest.mark.acceptance
@pytest.mark.extended
@settings(max_examples=2_000)
@given(case=cases())
def test_any_file_is_applied_exactly(place: Place, case: tuple[Estate, list[Row]]) -> None:
    """The same for many more files."""
    _check_applied(place, *case)


def _check_applied(place: Place, estate: Estate, rows: list[Row]) -> None:
    place.fill(estate)
    before = state_of(place.emulator)
    made = place.plan(rows)
    with TemporaryDirectory() as directory:
        ledger = Path(directory, "ledger")
        report = place.client.apply(made, ledger=ledger)
        assert unfinished(report) == []
        assert differences(before, state_of(place.emulator), rows) == []
        assert str(place.plan(rows)).startswith("0 changes; ")
        undone = place.undo(ledger)
        report = place.client.apply(undone, ledger=Path(directory, "undone"))
        assert unfinished(report) == []
    gone = {each.key for each in made.writes if each.operation == "delete"}
    noted = {(each.key, each.path) for each in undone.notes} | {
        (tenant_id, PARENT) for tenant_id, row in before.items() if row[PARENT] in gone
    }
    kept = {tenant_id: row for tenant_id, row in before.items() if tenant_id not in gone}
    assert changed(kept, state_of(place.emulator), noted) == []
