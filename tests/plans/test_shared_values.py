"""Names of people, who have one in all accounts, in plans of several accounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg, Plan
from frontegg_async.errors import FilesError

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

Row = dict[str, object]
ANN = "ann@acme.example"
NEW = "new@acme.example"


@pytest.fixture
async def client(frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of three accounts; a person is in two of them."""
    for name in ("acme", "beta", "gamma"):
        await frontegg_client.tenants.create(tenant_id=name, name=name.title())
    for name in ("acme", "beta"):
        await frontegg_client.users.invite(name, email=ANN, name="Ann", role_keys=["ReadOnly"], send_email=False)
    return frontegg_client


def rows(**users: object) -> list[Row]:
    """Return the rows of accounts with their people."""
    return [{"tenant_id": tenant_id, "users": each} for tenant_id, each in users.items()]


def lines(plan: Plan) -> list[str]:
    return [f"{change.kind} {change.key} {change.path}" for change in plan]


_CONTRARY: list[list[Row]] = [
    rows(acme={ANN: {"name": "A"}}, beta={ANN: {"name": "B"}}),
    rows(acme={ANN: {"name": "Ann"}}, beta={ANN: {"name": "B"}}),
    rows(acme={ANN: {"name": "A"}}, beta={ANN: {"name": "Ann"}}),
    rows(acme={ANN: {"name": "A"}}, gamma={ANN: {"name": "Ann"}}),
    rows(acme={NEW: {"name": "A"}}, gamma={NEW: {"name": "B"}}),
    rows(acme={NEW: {"name": "A"}}, gamma={"NEW@acme.example": {"name": "B"}}),
]


@pytest.mark.parametrize("given", _CONTRARY)
async def test_two_names_of_a_person_are_a_fault(client: AsyncFrontegg, given: list[Row]) -> None:
    """One of the two accounts has it; nothing is planned."""
    with pytest.raises(FilesError, match=r"must have one name in all accounts, but in the account \w+ it is '\w+'"):
        await client.plan(given)


_NAMES: list[list[Row]] = [
    rows(acme={ANN: {"name": "Anna"}}, beta={ANN: {"name": "Anna"}}),
    rows(acme={ANN: {"name": "Anna"}}, beta={ANN: {"absent": True}}),
    rows(acme={ANN: {"name": "Anna"}}, beta={ANN: {"roles": ["Admin"]}}, gamma={ANN: {"name": "Anna"}}),
    rows(acme={NEW: {}}, beta={NEW: {"name": "New"}}, gamma={NEW: {"roles": ["Admin"]}}),
    rows(acme={NEW: {"name": "New"}}, beta={NEW: {"name": "New"}}, gamma={NEW: {}}),
    rows(acme={ANN: {"absent": True}}, gamma={ANN: {"name": "Ann"}}),
]


@pytest.mark.parametrize("given", _NAMES)
async def test_a_name_is_the_same_in_all_accounts_of_a_plan(
    client: AsyncFrontegg, tmp_path: Path, given: list[Row]
) -> None:
    """No row is stale because another one of the plan has set the name; undoing takes all back."""
    plan = await client.plan(given)
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert report.succeeded == len(plan.writes)
    assert lines(await client.plan(given)) == []
    undone = await client.undo(tmp_path / "ledger")
    report = await client.apply(undone, ledger=tmp_path / "undone")
    assert report.succeeded == len(undone.writes)
    assert {user.name async for user in client.users.list("acme", email=ANN)} <= {"Ann"}
    assert [user async for user in client.users.list("gamma")] == []


async def test_a_name_that_an_edited_export_has_from_before_is_not_contrary(
    client: AsyncFrontegg, tmp_path: Path
) -> None:
    """With the original export only the name that was edited counts."""
    base, edited = tmp_path / "base.jsonl", tmp_path / "edited.jsonl"
    await client.export(base, include=("users",))
    text = base.read_text(encoding="utf-8")
    edited.write_text(text.replace('"name":"Ann"', '"name":"Anna"', 1), encoding="utf-8")
    assert lines(await client.plan(edited, base=base)) == [f"changed acme users.{ANN}.name"]
    with pytest.raises(FilesError, match="must have one name in all accounts"):
        await client.plan(edited)
