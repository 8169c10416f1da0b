"""Row 23: state machines use tenants and the hierarchy in random order under faults, and compare them with a model."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Final

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, run_state_machine_as_test

from frontegg_async.emulator import Emulator
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.client.hierarchy_machine import HierarchyMachine
from tests.client.tenant_machine import TenantClientMachine

_RUNS: Final = 115
"""Of each machine; some runs end early."""

_STEPS: Final = 50
_LEAST: Final = 200
_MACHINES: Final[dict[str, Any]] = {"tenants": TenantClientMachine, "hierarchy": HierarchyMachine}


def _counted(machine: type[RuleBasedStateMachine], counts: Counter[str]) -> type[RuleBasedStateMachine]:
    class Counted(machine):  # type: ignore[valid-type,misc]  # the class is a value here
        """A state machine that counts its runs and steps."""

        def teardown(self) -> None:
            """Count a run."""
            counts["runs"] += 1
            super().teardown()

        @invariant()
        def a_step_was_made(self) -> None:
            """Count a step."""
            counts["steps"] += 1

        def attempt(self, call: Any, *rest: Any, **more: Any) -> Any:
            """Count a fault."""
            counts["faults"] += any(each is not None and not isinstance(each, str) for each in rest)
            return super().attempt(call, *rest, **more)

    return Counted


def run_machine(name: str, number: int, runs: int) -> tuple[Counter[str], str]:
    """Run a machine against an emulator of its own; return what was counted, and what diverged.

    Args:
        name: Which one.
        number: The seed.
        runs: How often it starts anew.
    """
    counts: Counter[str] = Counter()
    machine = _counted(_MACHINES[name], counts)
    chosen = settings(
        max_examples=runs,
        stateful_step_count=_STEPS,
        deadline=None,
        database=None,
        derandomize=False,
        phases=(Phase.generate,),  # the tests make examples smaller
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    with Emulator() as emulator:
        # Use a function in place of a class, because `seed` sets an attribute.
        factory: Any = seed(number)(lambda: machine(emulator))  # type: ignore[call-arg]  # machines take it, their base does not
        try:
            run_state_machine_as_test(factory, settings=chosen)
        except Exception as error:  # noqa: BLE001 - the kind of error is the result
            return counts, f"{name}: {error!r}; {' / '.join(getattr(error, '__notes__', []))}"
    return counts, ""


async def measure_models(setting: Setting) -> Finding:
    """Run both state machines at the same time."""
    rng: random.Random = setting.rng("machines")
    runs, least = setting.scaled(_RUNS), setting.scaled(_LEAST)
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(len(_MACHINES), mp_context=multiprocessing.get_context("spawn")) as pool:
        results = await asyncio.gather(
            *(loop.run_in_executor(pool, run_machine, name, rng.getrandbits(32), runs) for name in _MACHINES)
        )
    counts = sum((counts for counts, _ in results), Counter[str]())
    diverged = [text for _, text in results if text]
    return Finding(
        figure=(
            f"{counts['runs']} runs with {counts['steps']:,} steps, {counts['faults']:,} of them with a fault: "
            f"{len(diverged)} of {len(_MACHINES)} machines diverged"
        ),
        passed=not diverged and counts["runs"] >= least and counts["steps"] >= least * _STEPS,
        details=tuple(diverged),
    )


ROWS: Final = (
    Row(
        number=23,
        name="state-machines",
        early=True,
        title="stateful model tests against the emulator under faults, at least 200 x 50 steps in full",
        target="divergences 0",
        measure=measure_models,
        starred=True,
        time_limit=120.0,
    ),
)
