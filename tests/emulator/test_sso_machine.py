"""SSO against an independent model of the contract, in random sequences of operations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from frontegg_async.emulator import Emulator
from tests.emulator.machine.sso_machine import HttpSsoMachine, PureSsoMachine

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A running emulator."""
    with Emulator() as emulator:
        yield emulator.url


def test_the_rules_do_what_the_model_does() -> None:
    """The rules as functions, many steps."""
    run_state_machine_as_test(PureSsoMachine, settings=settings(max_examples=80, stateful_step_count=50))


def test_the_server_does_what_the_model_does(url: str) -> None:
    """The server over real sockets, with answers that are lost before and after the change was made."""
    run_state_machine_as_test(lambda: HttpSsoMachine(url), settings=settings(max_examples=20, stateful_step_count=40))
