"""The emulator against an independent model of the contract, in random sequences of operations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from frontegg_async.emulator import Emulator
from tests.emulator.machine.machines import HttpMachine, PureMachine
from tests.emulator.machine.sessions import SessionMachine
from tests.support.machines import run_machine

pytestmark = [pytest.mark.slow, pytest.mark.hypothesis]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A running emulator."""
    with Emulator() as emulator:
        yield emulator.url


def test_the_rules_do_what_the_model_does() -> None:
    """The rules as functions, many steps."""
    run_machine(PureMachine, examples=100, steps=50)


def test_the_server_does_what_the_model_does(url: str) -> None:
    """The server over real sockets, with answers that are lost before and after the change was made."""
    run_machine(lambda: HttpMachine(url), examples=30, steps=40)


def test_sessions_do_what_the_model_does(url: str) -> None:
    """Users and API tokens sign in and go on, while tenants, users and tokens come and go."""
    run_machine(lambda: SessionMachine(url), examples=50, steps=50)
