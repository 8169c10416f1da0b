"""Programs with clients print nothing on stderr, keep their exit status, and end in time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Final

import pytest

from frontegg_async.emulator import EmulatorHandle
from tests.sync.processes import Nursery

pytestmark = pytest.mark.each_python

_IN_C: Final = pytest.mark.skipif(
    sys.version_info >= (3, 13), reason="Python 3.13 may crash in the child of a fork that its handlers did not see"
)
_FORKS: Final = (
    "forks",
    "forks_after_a_name_was_looked_up",
    "forks_and_calls_at_once",
    "forks_and_does_nothing",
    "forks_and_draws",
    "forks_and_executes",
    "forks_in_a_thread",
    "forks_while_a_name_is_learned",
    "forks_while_starting",
)
"""Scenarios in which no other thread runs Python at the moment of the fork."""


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Return what the programs come from; `make acceptance` starts each by itself."""
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.mark.parametrize(
    "scenario",
    [
        "calls_beside_a_running_loop",
        "calls_from_many_threads",
        "calls_while_exiting",
        "closed",
        "dropped_in_a_cycle",
        "ends_with_daemon_threads",
        "exits_in_the_loop",
        "is_closed_and_called_at_once",
        "is_closed_during_calls",
        "is_interrupted_anywhere",
        "is_interrupted_while_it_closes",
        "is_interrupted_while_it_starts",
        "iterations_are_dropped",
        "made_in_a_function_and_dropped",
        "never_closed",
        "never_used",
        "shares_a_runner",
        "the_loop_dies",
        "the_secret_exits",
        "threads_are_patched",
        "two_loops",
    ],
)
def test_a_program_ends_silently(scenario: str, nursery: Nursery, frontegg_emulator: EmulatorHandle) -> None:
    """It ends with status 0."""
    finished = nursery.run(scenario, frontegg_emulator)

    assert (finished.status, finished.errors, finished.lines) == (0, "", ("done",))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.parametrize("scenario", [*_FORKS, "forks_under_load", "forks_while_threads_start"])
def test_a_program_that_forks_ends_silently(scenario: str, nursery: Nursery, frontegg_emulator: EmulatorHandle) -> None:
    """Parent and children end with a status of their own."""
    finished = nursery.run(scenario, frontegg_emulator)

    assert (finished.status, finished.errors, finished.lines) == (0, "", ("done",))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@_IN_C
@pytest.mark.parametrize("scenario", _FORKS)
def test_a_program_that_forks_in_c_ends_silently(
    scenario: str, nursery: Nursery, frontegg_emulator: EmulatorHandle
) -> None:
    """Parent and children end with a status of their own where Python's handlers of forks do not run."""
    finished = nursery.run(scenario, frontegg_emulator, in_c=True)

    assert (finished.status, finished.errors, finished.lines) == (0, "", ("done",))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.parametrize(
    ("scenario", "in_c"),
    [
        ("uses_a_client_that_starts", False),
        ("uses_a_client_that_was_forked", False),
        pytest.param("uses_a_client_that_was_forked", True, marks=_IN_C),
    ],
)
def test_a_signal_handler_may_use_the_client(
    scenario: str, in_c: bool, nursery: Nursery, frontegg_emulator: EmulatorHandle
) -> None:
    """At every line of its start."""
    finished = nursery.run(scenario, frontegg_emulator, in_c=in_c, module="tests.sync.signal_scenarios")

    assert (finished.status, finished.errors, finished.lines) == (0, "", ("done",))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.parametrize(
    ("scenario", "in_c"),
    [
        ("forks", False),
        pytest.param("forks_when_idle", True, marks=_IN_C),
        ("never_closed", False),
        ("two_loops", False),
    ],
)
def test_a_program_that_verifies_tokens_ends_silently(
    scenario: str, in_c: bool, nursery: Nursery, frontegg_emulator: EmulatorHandle
) -> None:
    """Its verifiers outlive loops, forks and the program."""
    finished = nursery.run(scenario, frontegg_emulator, in_c=in_c, module="tests.sync.verifier_scenarios")

    assert (finished.status, finished.errors, finished.lines) == (0, "", ("done",))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.parametrize(
    ("scenario", "in_c"),
    [
        ("exits_while_a_pair_is_kept", False),
        ("forks", False),
        pytest.param("forks_when_idle", True, marks=_IN_C),
        ("forks_with_a_session", False),
        pytest.param("forks_with_a_session", True, marks=_IN_C),
        ("never_closed", False),
        ("two_loops", False),
    ],
)
def test_a_program_with_users_ends_silently(
    scenario: str, in_c: bool, nursery: Nursery, frontegg_emulator: EmulatorHandle
) -> None:
    """Their clients outlive loops, forks and the program, whatever the credential."""
    finished = nursery.run(scenario, frontegg_emulator, in_c=in_c, module="tests.sync.user_scenarios")

    assert (finished.status, finished.errors, finished.lines) == (0, "", ("done",))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.parametrize(
    ("scenario", "in_c"),
    [
        ("another_loop_at_the_same_time", False),
        ("ends_with_calls_under_way", False),
        ("forks_beside_a_loop", False),
        ("forks_in_a_loop", False),
        ("forks_while_a_call_waits", False),
        pytest.param("forks_while_a_call_waits", True, marks=_IN_C),
        ("is_closed_during_calls", False),
        ("loops_in_threads", False),
        ("never_closed", False),
    ],
)
def test_a_program_with_clients_to_await_ends_silently(
    scenario: str, in_c: bool, nursery: Nursery, frontegg_emulator: EmulatorHandle
) -> None:
    """Whatever it does with their loops."""
    finished = nursery.run(scenario, frontegg_emulator, in_c=in_c, module="tests.sync.async_scenarios")

    assert (finished.status, finished.errors, finished.lines) == (0, "", ("done",))


@pytest.mark.parametrize(("scenario", "status"), [("exits_inside", 3), ("raises_inside", 4)])
def test_a_program_keeps_its_status(
    scenario: str, status: int, nursery: Nursery, frontegg_emulator: EmulatorHandle
) -> None:
    """Whatever it exits with."""
    finished = nursery.run(scenario, frontegg_emulator)

    assert (finished.status, finished.errors, finished.lines) == (status, "", ("done",))


def test_ctrl_c_ends_a_call_and_not_the_client(nursery: Nursery, frontegg_emulator: EmulatorHandle) -> None:
    """The call is cancelled in the loop too, and the client is usable afterwards."""
    finished = nursery.run("is_interrupted", frontegg_emulator, interrupt=True)

    assert (finished.status, finished.errors) == (0, "")
    assert finished.lines == ("ready", "interrupted", "done")


def test_ctrl_c_tells_what_a_move_left(nursery: Nursery, frontegg_emulator: EmulatorHandle) -> None:
    """The notes of the call that was cancelled are those of the exception."""
    finished = nursery.run("is_interrupted_in_a_move", frontegg_emulator, interrupt=True)

    assert (finished.status, finished.errors) == (0, "")
    assert finished.lines == ("ready", "hierarchy.move was cancelled", "done")


def test_ctrl_c_ends_a_program(nursery: Nursery, frontegg_emulator: EmulatorHandle) -> None:
    """While a call is in flight."""
    finished = nursery.run("is_interrupted_and_ends", frontegg_emulator, interrupt=True)

    assert (finished.status, finished.errors, finished.lines) == (130, "", ("ready", "done"))


def test_a_program_without_files_to_spare_goes_on_later(nursery: Nursery, frontegg_emulator: EmulatorHandle) -> None:
    """Python itself says something about the loop that it could not make whole."""
    finished = nursery.run("has_no_file_to_spare", frontegg_emulator)

    assert (finished.status, finished.lines) == (0, ("done",)), finished.errors
    assert "frontegg" not in finished.errors
