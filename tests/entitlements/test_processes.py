"""Programs with entitlements print nothing on stderr, keep their exit status, and refresh after a fork."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Final

import pytest

from frontegg_async.emulator import EmulatorHandle
from tests.entitlements.stepped import PLANS
from tests.sync.processes import Nursery

pytestmark = pytest.mark.each_python

_IN_C: Final = pytest.mark.skipif(
    sys.version_info >= (3, 13), reason="Python 3.13 may crash in the child of a fork that its handlers did not see"
)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Return what the programs come from."""
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.parametrize(
    ("scenario", "in_c"),
    [
        ("closed", False),
        ("decides_in_many_threads", False),
        ("forks", False),
        pytest.param("forks_when_idle", True, marks=_IN_C),
        ("forks_between_loops", False),
        pytest.param("forks_between_loops", True, marks=_IN_C),
        ("never_closed", False),
    ],
)
def test_a_program_ends_silently(
    scenario: str, in_c: bool, nursery: Nursery, frontegg_emulator: EmulatorHandle
) -> None:
    """It ends with status 0, and what it asserts holds."""
    frontegg_emulator.seed({"tenants": [{"tenantId": "acme", "name": "Acme"}], "tables": PLANS})
    finished = nursery.run(scenario, frontegg_emulator, in_c=in_c, module="tests.entitlements.scenarios")

    assert (finished.status, finished.errors, finished.lines) == (0, "", ("done",))
