"""Runs state machines of hypothesis with as many examples as the profile of the run allows."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.support.examples import examples as as_many


def run_machine(machine: Callable[[], RuleBasedStateMachine], *, examples: int, steps: int) -> None:
    """Run a state machine; a profile with fewer examples of each property has fewer of these too.

    Args:
        machine: Makes one.
        examples: How often it is run, where all examples are drawn.
        steps: How many steps it takes at most.
    """
    run_state_machine_as_test(
        machine,  # type: ignore[arg-type]  # a function does
        settings=settings(as_many(examples), stateful_step_count=steps),
    )
