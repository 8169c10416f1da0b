"""SSO against an independent model of the contract, in random sequences of operations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from frontegg_async.emulator import Emulator
from tests.emulator.machine.sso_machine import HttpSsoMachine, PureSsoMachine
from tests.support.machines import run_machine

pytestmark = [pytest.mark.slow, pytest.mark.hypothesis]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A running emulator."""
    with Emulator() as emulator:
        yield emulator.url


def test_the_rules_do_what_the_model_does() -> None:
    """The rules as functions, many steps."""
    run_machine(PureSsoMachine, examples=80, steps=50)


def test_the_server_does_what_the_model_does(url: str) -> None:
    """The server over real sockets, with answers that are lost before and after the change was made."""
    run_machine(lambda: HttpSsoMachine(url), examples=20, steps=40)
