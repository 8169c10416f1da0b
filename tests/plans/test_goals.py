"""Exports have empty plans, and files are applied exactly: generated estates, with the emulator's state as judge."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.models import IncludeLiteral
from tests.plans.place import Place
from tests.plans.strategies import INCLUDES, SUFFIXES, Case, Estate, cases, estates


@pytest.fixture(scope="module")
def place(frontegg_emulator_server: EmulatorHandle) -> Iterator[Place]:
    """An environment that the examples of the tests fill anew."""
    emulator = frontegg_emulator_server.create_environment()
    with emulator.client() as client:
        yield Place(emulator, client)


@pytest.mark.slow
@given(estate=estates(), suffix=st.sampled_from(SUFFIXES), include=INCLUDES)
def test_the_plan_of_an_export_is_empty(
    place: Place, estate: Estate, suffix: str, include: frozenset[IncludeLiteral]
) -> None:
    """An export asks for what is there."""
    place.check_export(estate, suffix, include)


@pytest.mark.slow
@settings(max_examples=2 * settings().max_examples)
@given(case=cases())
def test_a_file_is_applied_exactly(place: Place, case: Case) -> None:
    """All that it names is as it says, all else is as it was, its plan is empty, and the job can be undone."""
    place.check_file(case)


@pytest.mark.acceptance
@pytest.mark.extended
@settings(max_examples=2_000)
@given(case=cases())
def test_any_file_is_applied_exactly(place: Place, case: Case) -> None:
    """The same for many more files."""
    place.check_file(case)
