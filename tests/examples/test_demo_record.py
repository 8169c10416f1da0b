"""The demo's own check finds lost, duplicate and wrong changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from accounts import read_accounts
from demo_record import Record, report

from frontegg_async import TenantTree
from frontegg_async.models import TreeNode

ONE, OTHER, PARENT = "one", "other", "parent"


def _record() -> Record:
    record = Record()
    parent = attrs.evolve(read_accounts()[0], tenant_id=PARENT, parent_tenant_id=None, is_reseller=True)
    for account in (
        parent,
        attrs.evolve(parent, tenant_id=ONE, parent_tenant_id=PARENT),
        attrs.evolve(parent, tenant_id=OTHER, parent_tenant_id=ONE),
    ):
        record.create(account)
    record.merge(OTHER, {"sla": "gold"})
    record.lock([OTHER])
    record.delete(ONE)
    return record


def _seen(record: Record) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the journal and snapshot of an emulator that applied exactly the requested changes."""
    journal = [
        {"route": route, "effect": {verb: [tenant_id]}}
        for (route, verb, tenant_id), times in record.effects.items()
        for _ in range(times)
    ]
    tenants = [
        {
            **tenant.fields,
            "tenantId": tenant_id,
            "metadata": json.dumps(tenant.metadata),
            "isLocked": tenant.is_locked,
            "parentTenantId": tenant.parent,
        }
        for tenant_id, tenant in record.tenants.items()
    ]
    return [{"route": "auth.authenticate", "effect": None}, *journal], {"environments": [{"tenants": tenants}]}


def test_a_correct_emulator_gives_no_differences() -> None:
    """A correct emulator gives no differences, also when a deleted parent's child moved up."""
    record = _record()
    assert record.tenants[OTHER].parent == PARENT
    assert record.disagreements(*_seen(record)) == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda journal, _: journal.append(journal[1]), "created parent 2 times, not 1"),
        (lambda journal, _: journal.pop(1), "created parent 0 times, not 1"),
        (lambda _, tenants: tenants.pop(), "state: other is lost"),
        (lambda _, tenants: tenants.append({**tenants[0], "tenantId": "new"}), "new exists and must not"),
        (lambda _, tenants: tenants[1].update(isLocked=False), "other has isLocked False, not True"),
        (lambda _, tenants: tenants[1].update(metadata="{}"), "other has metadata {}"),
        (lambda _, tenants: tenants[1].update(parentTenantId=ONE), "has parentTenantId 'one', not 'parent'"),
        (lambda _, tenants: tenants[0].update(name="?"), "parent has name '?'"),
    ],
)
def test_each_disagreement_is_found(spoil: Callable[[list[Any], list[Any]], object], said: str) -> None:
    """Each difference is reported on exactly one line."""
    record = _record()
    journal, snapshot = _seen(record)
    spoil(journal, snapshot["environments"][0]["tenants"])
    (problem,) = record.disagreements(journal, snapshot)
    assert said in problem


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([PARENT], "other came 0 times"),
        ([PARENT, OTHER, OTHER], "other came 2 times"),
        ([PARENT, OTHER, ONE], "one came 1 times"),
    ],
)
def test_incomplete_listings_are_found(listed: list[str], said: str) -> None:
    """A listing that loses, repeats or invents a tenant is reported."""
    record = _record()
    record.compare_listing(listed)
    (problem,) = record.disagreements(*_seen(record))
    assert said in problem


def _tree(*pairs: tuple[str, int]) -> TenantTree:
    return TenantTree([TreeNode(tenant_id=each) for each, _ in pairs], [parent for _, parent in pairs])


@pytest.mark.parametrize(
    ("trees", "said"),
    [
        ([_tree((PARENT, -1), (OTHER, 0))], None),
        ([], "other is under nothing, not parent"),
        ([_tree((PARENT, -1)), _tree((OTHER, -1))], "other is under None, not parent"),
        ([_tree((PARENT, -1), (OTHER, 0), (ONE, 1))], "one is under other, not there"),
    ],
)
def test_wrong_hierarchies_are_found(trees: list[TenantTree], said: str | None) -> None:
    """A tenant that is missing, misplaced or additional in a hierarchy is reported."""
    record = _record()
    record.compare_trees(trees)
    problems = record.disagreements(*_seen(record))
    assert (said is None and not problems) or any(str(said) in problem for problem in problems)


def test_report_is_short() -> None:
    """A long list of differences is truncated, and says so."""
    assert report(["a"]) == ["a"]
    assert report([str(number) for number in range(25)])[-1] == "and 15 more"
