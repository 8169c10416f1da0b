"""Tenants through the SDK agree with a model, whatever a state machine tries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from frontegg_async.emulator import Emulator, EmulatorHandle
from tests.client.tenant_machine import TenantClientMachine
from tests.support.machines import run_machine


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorHandle]:
    """A running emulator."""
    with Emulator() as running:
        yield running


@pytest.mark.slow
@pytest.mark.hypothesis
def test_tenants_are_what_the_model_has(emulator: EmulatorHandle) -> None:
    """Also when the service fails before or after the change was made: nothing is done twice, and nothing is lost."""
    run_machine(lambda: TenantClientMachine(emulator), examples=15, steps=40)
