"""The hierarchy through the SDK agrees with a model, whatever a state machine tries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from frontegg_async.emulator import Emulator, EmulatorHandle
from tests.client.hierarchy_machine import HierarchyMachine
from tests.support.machines import run_machine

pytestmark = [pytest.mark.slow, pytest.mark.hypothesis]


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorHandle]:
    """A running emulator."""
    with Emulator() as running:
        yield running


def test_the_hierarchy_is_what_the_model_has(emulator: EmulatorHandle) -> None:
    """Also when responses are lost before or after the change was made: nothing is done twice, and nothing is lost."""
    run_machine(lambda: HierarchyMachine(emulator), examples=15, steps=40)
