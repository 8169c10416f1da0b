"""The count of what a reader of the bulk engine follows for one row (``tools/quality/row_walk.py``)."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

import pytest
from quality import row_walk
from quality.row_walk import Call, Counted, count, stretches

LOOP, WORKER, OTHER = 1, 2, 3

WALK = [
    Call("a.py", "f", LOOP),
    Call("a.py", "g", LOOP),
    Call("b.py", "h", WORKER),
    Call("b.py", "h", OTHER),
    Call("a.py", "f", LOOP),
    Call("b.py", "h", WORKER),
]


def test_calls_modules_moves_and_hops_are_counted() -> None:
    assert count(WALK) == Counted(calls=6, modules=2, moves=3, hops=2)
    assert count([]) == Counted(calls=0, modules=0, moves=0, hops=0)


def test_a_stretch_has_the_calls_in_one_module() -> None:
    assert [line.split(maxsplit=1) for line in stretches(WALK)] == [
        ["a.py", "f, g"],
        ["b.py", "h, h"],
        ["a.py", "f"],
        ["b.py", "h"],
    ]


@pytest.mark.slow
def test_a_row_is_followed_through_engine_ledger_and_threads() -> None:
    # Use a separate process, because threads that exist before are not recorded.
    command = [sys.executable, row_walk.__file__, "--walk"]
    *lines, _, last = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.splitlines()
    walk = [(module, function) for module, *names in map(str.split, lines) for function in " ".join(names).split(", ")]
    found = Counter(walk)
    # Each of these coroutines waits in between, and still counts as one call.
    once = {
        ("bulk/operation_methods.py", "OperationMethods.create"),
        ("bulk/intake.py", "Intake.run"),
        ("bulk/engine.py", "Engine.run"),
        ("_core/call/call.py", "Call.run"),
    }
    assert {call: found[call] for call in once} == dict.fromkeys(once, 1)
    counted = re.fullmatch(r"(\d+) calls in (\d+) modules, (\d+) moves, (\d+) thread hops", last)
    assert counted is not None
    calls, modules, moves, hops = map(int, counted.groups())
    assert (calls, modules, moves) == (len(walk), len({module for module, _ in walk}), len(lines) - 1)
    # Each commit is made in a worker thread.
    assert 0 < found["bulk/sqlite_store.py", "SqliteStore._in_transaction"] <= hops
