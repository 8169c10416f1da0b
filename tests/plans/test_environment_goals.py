"""Environments have empty plans, and files are applied exactly: generated objects, with the emulator as judge."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.testing import parts
from tests.plans.environment_place import EnvironmentPlace
from tests.plans.environment_strategies import SECRET, Case, Estate, cases, estates


@pytest.fixture(scope="module")
def place(frontegg_emulator_server: EmulatorHandle) -> Iterator[EnvironmentPlace]:
    """An environment that the examples of the tests fill anew, and the secret that files name."""
    emulator = frontegg_emulator_server.create_environment()
    with pytest.MonkeyPatch.context() as patch, emulator.client() as client:
        patch.setenv(SECRET, "canary two")
        with asyncio.Runner() as runner:
            awaited = parts.client(emulator)
            yield EnvironmentPlace(emulator, client, runner, awaited)
            runner.run(awaited.aclose())


@pytest.mark.slow
@settings(max_examples=settings().max_examples // 2)
@given(estate=estates(), suffix=st.sampled_from([".yml", ".json"]))
def test_the_plan_of_an_export_is_empty(place: EnvironmentPlace, estate: Estate, suffix: str) -> None:
    """An export asks for what is there."""
    place.check_export(estate, suffix)


@pytest.mark.slow
@given(case=cases())
def test_files_are_applied_exactly(place: EnvironmentPlace, case: Case) -> None:
    """All that they name is as they say, all else is as it was, their plan is empty, and the job can be undone."""
    place.check_files(case)


@pytest.mark.acceptance
@pytest.mark.extended
@settings(max_examples=500)
@given(case=cases())
def test_any_files_are_applied_exactly(place: EnvironmentPlace, case: Case) -> None:
    """The same for many more files."""
    place.check_files(case)
