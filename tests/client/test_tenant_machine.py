"""Tenants through the SDK agree with a model, whatever a state machine tries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from frontegg_async.emulator import Emulator, EmulatorHandle
from tests.client.tenant_machine import TenantClientMachine


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorHandle]:
    """A running emulator."""
    with Emulator() as running:
        yield running


@pytest.mark.slow
def test_tenants_are_what_the_model_has(emulator: EmulatorHandle) -> None:
    """Also when the service fails before or after the change was made: nothing is done twice, and nothing is lost."""
    run_state_machine_as_test(
        lambda: TenantClientMachine(emulator),  # type: ignore[arg-type]  # a function does, as the other machines show
        settings=settings(max_examples=15, stateful_step_count=40),
    )
