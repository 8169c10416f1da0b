"""Decisions are those of Frontegg's own evaluator: a recorded table of them, and cases that Node decides now."""

from __future__ import annotations

import json
import random
from hashlib import sha256
from pathlib import Path

import pytest

from tests.entitlements.cases import Maker
from tests.entitlements.deciding import RAISED, decided_by_node, decided_here

RECORDED = Path(__file__).with_name("recorded.json")
"""Decisions by Node of the cases of a seed; ``python -m tests.entitlements.record`` writes it."""


def differing(here: str, there: str) -> list[int]:
    """Return which cases are decided otherwise than by Node, where it does not raise an error."""
    return [n for n, (ours, theirs) in enumerate(zip(here, there, strict=True)) if theirs not in (ours, RAISED)]


def test_recorded_decisions() -> None:
    """A thousand cases of one seed. If the cases change, their decisions have to be recorded anew."""
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    maker = Maker(recorded["seed"])
    cases = [maker.case() for _ in recorded["decisions"]]
    assert sha256(json.dumps(cases).encode()).hexdigest() == recorded["cases"]
    assert differing(decided_here(cases), recorded["decisions"]) == []
    assert {"e", "m", "x", "p"} <= {*recorded["decisions"]}


@pytest.mark.acceptance
@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.extended)])
def test_decisions_by_node(count: int) -> None:
    """Cases of a new seed each time; it is printed when they differ."""
    seed = random.SystemRandom().randrange(1 << 32)
    maker = Maker(seed)
    cases = [maker.case() for _ in range(count)]
    wrong = differing(decided_here(cases), decided_by_node(cases))
    assert [(seed, cases[number]) for number in wrong[:3]] == []
