"""Clocks that count the time in which a machine is suspended."""

from __future__ import annotations

import sys
import time

import pytest

from frontegg_async._core.runtime.clocks import Clocks, system_clocks, with_suspensions
from tests.support.clients import FakeClock


@pytest.mark.skipif(sys.platform != "linux", reason="the clock of Linux")
def test_suspensions_are_counted() -> None:
    """By the clock of the kernel that does so."""
    clocks = with_suspensions(system_clocks())
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    now = clocks.monotonic()
    assert before <= now <= time.clock_gettime(time.CLOCK_BOOTTIME)
    assert clocks.wall is time.time


def test_other_clocks_stay() -> None:
    """A test passes its own."""
    clock = FakeClock()
    clocks = Clocks(monotonic=clock.monotonic, wall=clock.wall, rng=lambda: 0.5)
    assert with_suspensions(clocks) is clocks
