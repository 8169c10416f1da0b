"""Budgets, the rate with its reserve, and the trail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.errors import ConfigurationError
from frontegg_async.mcp.budgets import Budget
from frontegg_async.mcp.rates import AssistantRates
from frontegg_async.mcp.refusals import RefusedError
from frontegg_async.mcp.scope import Scope
from frontegg_async.mcp.service import AccountsService, Limits
from tests.mcp.world import session_of

pytestmark = pytest.mark.anyio


class Clock:
    """A clock that a test moves."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_calls_in_a_minute() -> None:
    """The next minute begins with the first call after it."""
    clock = Clock()
    budget = Budget(2, 10, clock)
    budget.take_call()
    clock.now += 59.5
    budget.take_call()
    with pytest.raises(RefusedError, match="at most 2 calls per minute are allowed: call again in 1 s"):
        budget.take_call()
    clock.now += 0.5
    budget.take_call()


def test_rows_of_a_session() -> None:
    """Those that were not used are given back."""
    budget = Budget(9, 10, Clock())
    assert budget.take_rows(8) == 8
    budget.give_back(3)
    assert budget.take_rows(50) == 5
    with pytest.raises(RefusedError, match="the limit of rows in this session is reached"):
        budget.take_rows(1)


async def test_a_session_has_no_more_rows_than_it_may_have(reader: AsyncFrontegg) -> None:
    """The last answer has as many as are left, and a cursor; another session has its own."""
    service = AccountsService(reader, limits=Limits(rows=5))
    async with session_of(service) as session:
        assert len((await session.call("accounts_search", limit=4))["data"]) == 4
        answer = await session.call("accounts_search", limit=4)
        assert (len(answer["data"]), answer["next"] is None) == (1, False)
        assert "the limit of rows" in await session.refused("accounts_search")
    assert (await service.call("accounts_search", {}, Scope(), session="other")).rows == 5


async def test_a_refused_call_costs_no_rows(reader: AsyncFrontegg) -> None:
    """Only what was shown counts."""
    async with session_of(AccountsService(reader, limits=Limits(rows=1))) as session:
        await session.refused("account_get", tenant_id="nobody")
        await session.call("account_get", tenant_id="acme")
        await session.refused("account_get", tenant_id="acme")


async def test_a_session_has_no_more_calls_than_it_may_have(reader: AsyncFrontegg) -> None:
    """Refused calls count as well."""
    async with session_of(AccountsService(reader, limits=Limits(calls=2))) as session:
        await session.refused("accounts_search", limit=0)
        await session.call("environment_get")
        assert "at most 2 calls per minute" in await session.refused("environment_get")


@pytest.mark.parametrize("given", [{"calls": 0}, {"rows": -1}, {"rate": 0.0}, {"rate": float("nan")}, {"calls": True}])
def test_limits_that_are_none(given: dict[str, Any]) -> None:
    """The error names the limit."""
    with pytest.raises(ConfigurationError, match=f"{next(iter(given))} must be a number above 0"):
        Limits(**given)


async def test_requests_are_slow_after_a_burst() -> None:
    """Each waits for its turn; one that would wait too long takes none."""
    clock = Clock()
    rates = AssistantRates(10, clock)
    waits = [(await rates.reserve("", "GET /a", 60)).seconds for _ in range(23)]
    assert waits == pytest.approx([0.0] * 21 + [0.1, 0.2])
    assert (await rates.reserve("", "GET /a", 0.05)).seconds == pytest.approx(0.3)
    assert (await rates.reserve("", "GET /a", 60)).seconds == pytest.approx(0.3)


async def test_a_429_leaves_a_reserve_to_the_application() -> None:
    """The route stays closed for longer than the service says, and the rate is halved for a minute."""
    clock = Clock()
    rates = AssistantRates(10, clock)
    await rates.close("", "GET /a", 5)
    turn = await rates.reserve("", "GET /a", 60)
    assert (turn.seconds, turn.is_closed) == (15, True)
    assert not (await rates.reserve("", "GET /b", 60)).is_closed
    clock.now += 15
    assert not (await rates.reserve("", "GET /a", 60)).is_closed
    waits = [(await rates.reserve("", "GET /a", 60)).seconds for _ in range(30)]
    assert waits[-1] - waits[-2] == pytest.approx(0.2)


async def test_each_call_leaves_a_line(emulator: AsyncEmulatorHandle, reader: AsyncFrontegg, tmp_path: Path) -> None:
    """With names and ids, and without text that anybody wrote."""
    trail = tmp_path / "state" / "trail.jsonl"
    service = AccountsService(reader, trail=trail, plans=tmp_path / "plans")
    async with session_of(service) as session:
        await session.call("accounts_search", text="find me", limit=2)
        await session.call("account_get", tenant_id="acme")
        await session.refused("account_get", tenant_id="no\u202ebody", confirm=True)
        made = await session.call("plan_create", changes=[{"tenant_id": "acme", "name": "hidden name"}])
        await emulator.add_fault(stage="before_commit", action={"type": "status", "status": 403})
        await session.refused("audits_search")
    lines = [json.loads(line) for line in trail.read_text().splitlines()]
    assert trail.stat().st_mode & 0o777 == 0o600
    assert [(line["tool"], line["arguments"], line["ids"]) for line in lines] == [
        ("accounts_search", ["text", "limit"], {}),
        ("account_get", ["tenant_id"], {"tenant_id": "acme"}),
        ("account_get", ["tenant_id", "confirm"], {"tenant_id": "no\\u202ebody"}),
        ("plan_create", ["changes"], {"changes": ["acme"]}),
        ("audits_search", [], {}),
    ]
    assert [line["outcome"] for line in lines[:2]] == ["answered", "answered"]
    assert lines[2]["outcome"].startswith("unknown argument 'confirm'")
    assert lines[4]["outcome"].startswith("the service answered 403 to audits.list")
    assert (lines[0]["rows"], len(lines[0]["digest"]), lines[3]["plan"]) == (0, 64, made["digest"])
    assert "find me" not in trail.read_text()
    assert "hidden name" not in trail.read_text()
    assert all(line["time"].endswith("+00:00") for line in lines)


async def test_without_a_trail_nothing_is_answered(reader: AsyncFrontegg, tmp_path: Path) -> None:
    """Here its directory is gone."""
    trail = tmp_path / "state" / "trail.jsonl"
    async with session_of(AccountsService(reader, trail=trail)) as session:
        await session.call("environment_get")
        trail.unlink()
        trail.parent.rmdir()
        assert "the trail cannot be written" in await session.refused("environment_get")


@pytest.mark.parametrize("place", ["directory", "link", "under_a_file"])
async def test_a_trail_that_cannot_be_written_is_an_error_at_the_start(
    reader: AsyncFrontegg, tmp_path: Path, place: str
) -> None:
    """A link may lead to a file of somebody else."""
    file = tmp_path / "file"
    file.write_text("of others")
    (tmp_path / "link").symlink_to(file)
    (tmp_path / "directory").mkdir()
    path = tmp_path / {"under_a_file": "file/trail"}.get(place, place)
    with pytest.raises(ConfigurationError, match="trail cannot be written"):
        AccountsService(reader, trail=path)
    assert file.read_text() == "of others"
