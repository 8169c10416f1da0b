"""Selectors choose accounts, and parts of them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.accounts.changes import AccountChanges, changes_of
from frontegg_async.plans.selectors import parse_selectors, selected
from frontegg_async.snapshots.rows import Row

_ABOVE = {"kiosk": ["north", "root"], "shop": ["south"], "new": ["fresh"]}


def _above(tenant_id: str) -> Iterable[str]:
    return _ABOVE.get(tenant_id, [])


def _changes(tenant_id: str, wanted: Row, shown: Row | None) -> AccountChanges:
    return changes_of(tenant_id, {"tenant_id": tenant_id, **wanted}, shown, "f:1", None, has_original=False)


_ACCOUNTS = {
    each.tenant_id: each
    for each in [
        _changes("fresh", {"name": "Fresh"}, None),
        _changes(
            "kiosk", {"name": "K", "metadata": {"plan": "pro"}, "is_locked": True}, {"metadata": {"plan": "free"}}
        ),
        _changes("new", {"name": "New", "parent_tenant_id": "fresh"}, None),
        _changes("shop", {"name": "S", "status": "x"}, {"name": "S", "metadata": {"seats": 5, "is_vip": True}}),
    ]
}


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ([], ["fresh", "kiosk", "new", "shop"]),
        (["id:kiosk"], ["kiosk"]),
        (["id:*s*"], ["fresh", "kiosk", "shop"]),
        (["id:KIOSK"], []),
        (["under:root"], ["kiosk"]),
        (["under:kiosk"], []),
        (["metadata.plan:pro"], ["kiosk"]),
        (["metadata.plan:free"], ["kiosk"]),
        (["metadata.seats:5"], ["shop"]),
        (["metadata.is_vip:true"], ["shop"]),
        (["under:north,id:s*"], []),
        (["under:north", "id:s*"], ["kiosk", "shop"]),
        (["id:new"], ["fresh", "new"]),
    ],
)
def test_an_account_meets_one_selector_whole(only: list[str], expected: list[str]) -> None:
    """A comma stands for *and*; a parent that is created for a selected account comes with it."""
    assert [*selected(_ACCOUNTS, parse_selectors(only), _above)] == expected


def test_a_parent_that_comes_with_an_account_says_so() -> None:
    """Nobody selected it."""
    found = selected(_ACCOUNTS, parse_selectors(["id:new"]), _above)
    assert found["fresh"].note == "added, since a selected account is below it"
    assert found["new"].note is None


@pytest.mark.parametrize(
    ("part", "fields"),
    [("metadata", ["metadata"]), ("lock", ["is_locked"]), ("fields", ["name"]), ("settings", [])],
)
def test_a_part_leaves_out_the_other_fields(part: str, fields: list[str]) -> None:
    """A row of an export has all of them."""
    found = selected(_ACCOUNTS, parse_selectors([f"id:kiosk,part:{part}"]), _above)
    assert [each.path[0] for each in found["kiosk"].fields] == fields


@pytest.mark.parametrize(("part", "unwritable"), [("fields", ["domain"]), ("metadata", [])])
def test_a_part_leaves_out_what_cannot_be_planned_of_others(part: str, unwritable: list[str]) -> None:
    """Nobody asked for it."""
    accounts = {"kiosk": _changes("kiosk", {"domain": "a.example"}, {"domain": "b.example"})}
    found = selected(accounts, parse_selectors([f"part:{part}"]), _above)
    assert found["kiosk"].unwritable == unwritable


@pytest.mark.parametrize("text", ["", "acme", "name:acme", "id:", "id", "metadata.:pro", "part:rules", "id:a,", 3])
def test_another_text_is_refused(text: object) -> None:
    """The message shows the forms."""
    with pytest.raises(InvalidArgumentError, match=r"only must have selectors such as|part: must be one of"):
        parse_selectors([text])  # type: ignore[list-item] # as programs without a type checker give it


def test_one_text_is_no_list() -> None:
    """Its characters would be taken for selectors."""
    with pytest.raises(InvalidArgumentError, match="only must be a list of selectors"):
        parse_selectors("id:acme")
