"""How the cases are decided: here, and by Frontegg's own evaluator in Node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import re2

from frontegg_async._values.entitlement_rules import Compiler
from frontegg_async.entitlements.decisions import DecisionReason
from frontegg_async.entitlements.snapshot import Snapshot, read_snapshot
from frontegg_async.entitlements.subject import Subject
from tests.entitlements.cases import NOW, attributes_of
from tests.support.npm import npm_packages

_PACKAGE: Final = "@frontegg/entitlements-javascript-commons"
_REFERENCE: Final = Path(__file__).with_name("reference.cjs")
LETTERS: Final = {
    None: "e",
    DecisionReason.MISSING_FEATURE: "m",
    DecisionReason.BUNDLE_EXPIRED: "x",
    DecisionReason.MISSING_PERMISSION: "p",
}
RAISED: Final = "!"
"""The letter of a case for which the evaluator in Node raises an error."""


def snapshot_of(data: Mapping[str, Any], refused: list[str] | None = None) -> Snapshot:
    """Return the snapshot of an environment; expressions that are refused are added to a list."""
    compiler = Compiler(re2, [].append if refused is None else refused.append)
    return read_snapshot(json.dumps({"data": data, "snapshotOffset": 1}).encode(), compiler)


def decided_here(cases: Sequence[Mapping[str, Any]]) -> str:
    """Return the decisions, a letter for each: entitled, missing, expired, or without the permission."""
    letters: list[str] = []
    for case in cases:
        snapshot = snapshot_of(case["data"])
        subject = Subject.of(case["subject"]["claims"], attributes_of(case))
        if "permission" in case:
            decision = snapshot.decide_permission(case["permission"], subject, NOW / 1_000)
        else:
            decision = snapshot.decide_feature(case["feature"], subject, NOW / 1_000)
        letters.append(LETTERS[decision.reason])
    return "".join(letters)


def decided_by_node(cases: Sequence[Mapping[str, Any]]) -> str:
    """Return the decisions of Frontegg's own evaluator; skip the test where there is no Node."""
    done = subprocess.run(
        ["node", str(_REFERENCE), str(npm_packages() / _PACKAGE)],
        input="\n".join(map(json.dumps, cases)),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return "".join(_letter_of(json.loads(line)) for line in done.stdout.splitlines())


def _letter_of(decision: Mapping[str, Any] | None) -> str:
    if decision is None:
        return RAISED
    return LETTERS[None if decision["isEntitled"] else DecisionReason[decision["justification"]]]
