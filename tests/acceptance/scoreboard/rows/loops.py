"""Rows 27 and 28: programs that start, fork and end event loops in every way, and calls that block the event loop."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
import queue
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import GeneratorType
from typing import Any, Final

import attrs

from frontegg_async import (
    AsyncFrontegg,
    AsyncFronteggUser,
    AsyncTokenVerifier,
    FronteggError,
    Options,
    models,
    resources,
)
from frontegg_async.emulator import EmulatorHandle
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support.blocking_calls import BlockingCalls
from tests.exercises.every_exercise import EXERCISES
from tests.exercises.exercise import Exercise
from tests.exercises.world import prepare
from tests.support.emulators import emulator_in_thread
from tests.sync import async_scenarios, scenarios, user_scenarios, verifier_scenarios
from tests.sync.processes import Finished, run

_AT_ONCE: Final = 2

_STATUSES: Final = {"exits_inside": 3, "raises_inside": 4, "is_interrupted_and_ends": 130}
"""The status that a program ends with, if it is not 0."""

_INTERRUPTED: Final = frozenset({"is_interrupted", "is_interrupted_and_ends"})
_LOUD: Final = frozenset({"has_no_file_to_spare"})
"""Python itself prints something there."""


@attrs.frozen
class _Program:
    """A function of a module that is run as a program."""

    module: str
    name: str

    def problem(self, finished: Finished) -> str | None:
        """Return what is wrong with its end."""
        expected = _STATUSES.get(self.name, 0)
        is_silent = not finished.errors or self.name in _LOUD
        if finished.status == expected and finished.lines[-1:] == ("done",) and is_silent:
            return None
        return f"{self}: status {finished.status}, printed {finished.lines} and {finished.errors[-300:]!r}"

    def __str__(self) -> str:
        return f"{self.module.rpartition('.')[2]}.{self.name}"


def _programs() -> Iterator[_Program]:
    for module in (scenarios, user_scenarios, verifier_scenarios, async_scenarios):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_") and name != "main":
                yield _Program(module.__name__, name)


async def measure_programs(setting: Setting) -> Finding:
    """Run every program, two at a time and in random order, each against an environment of its own."""
    programs = list(_programs())
    setting.rng("order").shuffle(programs)
    async with emulator_in_thread() as emulator:
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            handles: queue.SimpleQueue[EmulatorHandle] = queue.SimpleQueue()
            for _ in programs:
                handles.put(emulator.create_environment())

            def work(program: _Program) -> str | None:
                is_interrupted = program.name in _INTERRUPTED
                try:
                    finished = run(program.name, handles.get(), interrupt=is_interrupted, module=program.module)
                except AssertionError as error:
                    return f"{program}: {error}"
                return program.problem(finished)

            outcomes = await asyncio.gather(
                *(asyncio.get_running_loop().run_in_executor(threads, work, program) for program in programs)
            )
    problems = [outcome for outcome in outcomes if outcome is not None]
    hangs = sum("hangs" in problem or "status -9" in problem for problem in problems)
    return Finding(
        figure=f"{len(programs) - len(problems)} of {len(programs)} programs end as they should, {hangs} hang",
        passed=not problems and len(programs) > 0,
        details=tuple(problems),
    )


@attrs.define
class _Callers:
    """Async clients, and their environment."""

    emulator: EmulatorHandle
    frontegg: Any = None
    user: Any = None
    made: list[Any] = attrs.field(factory=list[Any])

    def client(self, secret: str) -> AsyncFrontegg:
        """Return another client of the environment."""
        options = Options(timeout=10.0, deadline=10.0)
        client = AsyncFrontegg(self.emulator.client_id, secret, base_url=self.emulator.url, options=options)
        self.made.append(client)
        return client

    def user_with(self, **credential: Any) -> AsyncFronteggUser:
        """Return the client of a user with another credential."""
        client = AsyncFronteggUser(base_url=self.emulator.url, **credential)
        self.made.append(client)
        return client


def _load() -> None:
    """Load what the first use of a resource or the first conversion of a model loads, as applications may before."""
    for package in (models, resources):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    tempfile.gettempdir()  # looks for a directory that it can write to, for the exercises


async def measure_blocking_calls(setting: Setting) -> Finding:
    """Make every kind of call of every operation, good and bad, under Python's audit events."""
    del setting  # nothing in it is random
    _load()
    outcomes = {"good": 0, "refused": 0, "bad": 0}
    operations: set[str] = set()
    blocking = BlockingCalls()
    async with emulator_in_thread() as emulator:
        for exercise in EXERCISES:
            environment = await asyncio.to_thread(emulator.create_environment)
            callers = await asyncio.to_thread(_prepare, environment, exercise)
            with blocking.watched(str(exercise)):
                await _make(exercise, callers)
                for client in callers.made:
                    await client.aclose()
            outcomes[exercise.kind] += 1
            operations.add(exercise.name)
        await _verify(emulator, blocking)
        await _warn(emulator, blocking)
    calls = ", ".join(f"{count} {kind}" for kind, count in outcomes.items())
    return Finding(
        figure=f"{len(blocking.found)} blocking calls in {calls} calls of {len(operations)} operations",
        passed=not blocking.found and blocking.is_awake() and min(outcomes.values()) > 0,
        details=tuple(blocking.found[:20]),
    )


def _prepare(emulator: EmulatorHandle, exercise: Exercise) -> _Callers:
    prepare(emulator)
    for name, value in exercise.switches.items():
        emulator.set_switch(name, value)
    permissions = list(exercise.permissions)
    token = emulator.user_token(tenant_id="acme", user_id="ann", permissions=permissions).access_token
    callers = _Callers(emulator)
    callers.frontegg = callers.client(emulator.secret)
    callers.user = callers.user_with(token=token)
    return callers


async def _make(exercise: Exercise, callers: _Callers) -> None:
    try:
        result = exercise.call(callers)
        for step in result if isinstance(result, GeneratorType) else (result,):
            if inspect.iscoroutine(step):
                await step
    except FronteggError:
        if exercise.kind == "good":
            raise


async def _verify(emulator: EmulatorHandle, blocking: BlockingCalls) -> None:
    await asyncio.to_thread(emulator.seed, tenants=[{"tenantId": "t1", "name": "First"}])
    token = (await asyncio.to_thread(lambda: emulator.user_token(tenant_id="t1"))).access_token
    with blocking.watched("AsyncTokenVerifier"):
        async with AsyncTokenVerifier(
            audience=emulator.client_id, issuer=emulator.url, jwks_url=f"{emulator.url}/.well-known/jwks.json"
        ) as verifier:
            await verifier.verify(token)


async def _warn(emulator: EmulatorHandle, blocking: BlockingCalls) -> None:
    """Pass values for which the client looks into the time zone database, which is on the disk."""
    async with AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as frontegg:
        with blocking.watched("warnings"), warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for timezone in ("Europe/Berlin", "Asia/Tokyo", "Europe/Berln"):
                await frontegg.tenants.create(name="Zones", timezone=timezone, currency="EURO")
    assert len(caught) == 4


ROWS: Final = (
    Row(
        number=27,
        name="loops-threads-forks",
        alone=True,
        title="programs with several event loops, threads, forks, and an exit without close",
        target="each ends with the right result or a clear error; hangs 0",
        measure=measure_programs,
        time_limit=120.0,
    ),
    Row(
        number=28,
        name="blocking-calls-on-the-loop",
        alone=True,
        title="calls of every operation of loaded resources, watched for blocking calls on the event loop's thread",
        target="blocking calls 0",
        measure=measure_blocking_calls,
        time_limit=120.0,
    ),
)
