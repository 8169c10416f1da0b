"""The bells that end the wait of a calling thread."""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable

import pytest

from frontegg_sync._bridge import bells
from frontegg_sync._bridge.bells import Bell, Bells, EventBell, LockBell

_HAS_EVENTS = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has events")
_KINDS = pytest.mark.parametrize("kind", [LockBell, pytest.param(EventBell, marks=_HAS_EVENTS)])


@_KINDS
@pytest.mark.parametrize("seconds", [None, 0.001])
def test_a_wait_ends_when_the_bell_is_rung(
    kind: Callable[[], Bell], seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before or after, and in slices too, as on Windows, where a wait without end does not see Ctrl-C."""
    monkeypatch.setattr(bells, "_SLICE", seconds)
    bell = kind()
    bell.ring()
    bell.wait()
    thread = threading.Thread(target=bell.wait)
    thread.start()
    bell.ring()
    thread.join()
    bell.wait_at_most(0.001)


@_HAS_EVENTS
def test_a_forked_child_shares_no_event_with_its_parent() -> None:
    """What rings in the child must not end a wait of the parent, which has the event under the same number."""
    bell = EventBell()
    of_parent = os.dup(bell._number)
    bell.renew()
    bell.ring()
    assert select.select([of_parent], [], [], 0) == ([], [], [])
    bell.wait()
    os.close(of_parent)


@_HAS_EVENTS
def test_descriptors_are_few_and_used_again() -> None:
    """Locks serve the calls beyond, and where the process has no descriptor left."""
    of_loop = Bells()
    bell = of_loop.take(15)
    assert isinstance(bell, EventBell)
    beyond = of_loop.take(16)
    assert isinstance(beyond, LockBell)
    of_loop.give_back(beyond)
    of_loop.give_back(bell)
    assert of_loop.take(16) is bell
    of_loop.close()
    of_loop.give_back(bell)
    assert of_loop.take(16) is not bell
