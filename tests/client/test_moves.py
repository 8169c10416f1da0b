"""Moves of tenants take two steps; a failed second step is undone, and the error tells where the tenant is."""

from __future__ import annotations

import asyncio
import copy
import pickle
from collections.abc import Mapping
from typing import Any

import pytest

from frontegg_async import (
    AsyncFrontegg,
    BadRequestError,
    ClientClosedError,
    NotFoundError,
    Options,
    Outcome,
    OutcomeUnknownError,
    PermissionDeniedError,
    ServerError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import MoveError
from frontegg_sync import Frontegg
from tests.client.test_hierarchy import HIERARCHY, SEED, effects, parents
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

ONCE = Options(max_retries=0)
CHANGES = ("hierarchy.assign", "hierarchy.unassign")


@pytest.fixture(autouse=True)
def seeded(frontegg_emulator: EmulatorHandle) -> None:
    """A reseller with two branches and a shop, and one outside."""
    frontegg_emulator.seed(tenants=SEED)


def fault(emulator: EmulatorHandle, method: str, stage: str, action: Mapping[str, Any], **match: Any) -> None:
    """Make something go wrong with a change of the hierarchy, or with a read of parents."""
    path = f"{HIERARCHY}/parents" if method == "GET" else HIERARCHY
    emulator.add_fault(match={"path": path, "method": method, **match}, stage=stage, action=action)


REFUSED: Mapping[str, Any] = {"type": "status", "status": 403, "body": {"errors": ["no"]}}
CLOSED: Mapping[str, Any] = {"type": "close"}


async def test_a_move(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """From one parent to another, with everything below."""
    await frontegg_client.hierarchy.move("a", "out/ü")
    assert parents(frontegg_emulator) == {"north": None, "a": "out/ü", "b": "north", "a1": "a", "out/ü": None}
    assert effects(frontegg_emulator, *CHANGES) == ["hierarchy.unassign", "hierarchy.assign"]


async def test_a_move_of_a_root(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """It is only put under the other."""
    await frontegg_client.hierarchy.move("out/ü", "a")
    assert parents(frontegg_emulator)["out/ü"] == "a"
    assert effects(frontegg_emulator, *CHANGES) == ["hierarchy.assign"]


async def test_a_move_to_where_it_is(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Nothing is changed."""
    await frontegg_client.hierarchy.move("a", "north")
    assert effects(frontegg_emulator, *CHANGES) == []


@pytest.mark.parametrize(("child", "parent", "named"), [("a", "nowhere", "new_parent_id"), ("nobody", "a", "child_id")])
async def test_a_move_of_what_is_not_there(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, child: str, parent: str, named: str
) -> None:
    """The error says which of the two it is, and nothing is changed."""
    with pytest.raises(NotFoundError, match=f"{named} is not the id of a tenant"):
        await frontegg_client.hierarchy.move(child, parent)
    assert effects(frontegg_emulator, *CHANGES) == []


def test_a_blocking_move(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """The same, and the same error when it goes wrong."""
    frontegg_sync_client.hierarchy.move("a1", "b")
    assert parents(frontegg_emulator)["a1"] == "b"
    fault(frontegg_emulator, "POST", "accept", REFUSED)
    with pytest.raises(MoveError) as caught:
        frontegg_sync_client.hierarchy.move("a1", "a")
    assert (caught.value.outcome, caught.value.parent_id) == (Outcome.REFUSED, None)


@pytest.mark.parametrize("stage", ["before_commit", "after_commit"])
@pytest.mark.parametrize("method", ["DELETE", "POST"])
async def test_lost_answers_are_settled(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, method: str, stage: str
) -> None:
    """Each step reads what became of it."""
    fault(frontegg_emulator, method, stage, CLOSED, times=1)
    await frontegg_client.hierarchy.move("a", "b")
    assert parents(frontegg_emulator)["a"] == "b"
    assert effects(frontegg_emulator, *CHANGES) == ["hierarchy.unassign", "hierarchy.assign"]


async def test_a_refused_assign_is_undone(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """The error is the service's, with a note that the tenant is where it was."""
    with pytest.raises(BadRequestError) as caught:
        await frontegg_client.hierarchy.move("b", "a1")
    assert caught.value.__notes__ == ["The tenant is under its old parent again."]
    assert caught.value.endpoint == "hierarchy.assign"
    assert parents(frontegg_emulator)["b"] == "north"


async def test_a_refused_remove_changes_nothing(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """Nor is anything undone."""
    fault(frontegg_emulator, "DELETE", "accept", REFUSED)
    with pytest.raises(PermissionDeniedError):
        await frontegg_client.hierarchy.move("a", "b")
    assert effects(frontegg_emulator, *CHANGES) == []


async def test_when_it_cannot_be_put_back(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """The error says that the tenant has no parent now, what it was to become, and everything that went wrong."""
    fault(frontegg_emulator, "POST", "accept", REFUSED)
    with pytest.raises(MoveError) as caught:
        await frontegg_client.hierarchy.move("a", "b")
    error = caught.value
    assert str(error).startswith(
        "hierarchy.move failed, and the tenant has no parent now: it could neither be moved nor put back"
    )
    assert (error.outcome, error.parent_id) == (Outcome.REFUSED, None)
    assert (error.child_id, error.old_parent_id, error.new_parent_id) == ("a", "north", "b")
    assert [type(failure) for failure in error.failures] == [PermissionDeniedError] * 2
    assert (error.endpoint, error.attempts) == ("hierarchy.move", 2)
    assert error.trace_id == error.failures[0].trace_id
    assert error.elapsed > 0
    assert pickle.loads(pickle.dumps(error)) == error == copy.copy(error)
    assert parents(frontegg_emulator)["a"] is None


async def test_when_nobody_knows_whether_it_was_removed(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """It may be where it was or nowhere, and nothing more is tried."""
    fault(frontegg_emulator, "DELETE", "after_commit", CLOSED)
    with pytest.raises(MoveError, match="no response shows where the tenant is now") as caught:
        await frontegg_client.hierarchy.move("a", "b", options=ONCE)
    assert (caught.value.outcome, caught.value.parent_id) == (Outcome.UNKNOWN, None)
    assert [type(failure) for failure in caught.value.failures] == [OutcomeUnknownError]


async def test_when_the_client_is_closed_during_the_removal(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """The service may have acted, so the error does not say that the tenant is where it was."""
    fault(frontegg_emulator, "DELETE", "after_commit", {"type": "delay", "seconds": 60})
    moving = asyncio.create_task(frontegg_client.hierarchy.move("a", "b"))
    await until(lambda: "hierarchy.unassign" in effects(frontegg_emulator, *CHANGES))
    await frontegg_client.aclose()
    with pytest.raises(MoveError, match="no response shows where the tenant is now") as caught:
        await moving
    assert [type(failure) for failure in caught.value.failures] == [ClientClosedError]
    assert parents(frontegg_emulator)["a"] is None


async def test_when_it_is_cancelled_in_between(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """It stops at once, and a note says where that may leave the tenant."""
    fault(frontegg_emulator, "POST", "accept", {"type": "delay", "seconds": 60})
    moving = asyncio.create_task(frontegg_client.hierarchy.move("a", "b"))
    await until(lambda: "hierarchy.unassign" in effects(frontegg_emulator, *CHANGES))
    moving.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await moving
    assert "tenant 'a' may have been removed from 'north'" in caught.value.__notes__[0]
    assert parents(frontegg_emulator)["a"] is None


async def test_when_nobody_knows_whether_it_was_assigned(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """If it was not, it is put back, and the error says so."""
    fault(frontegg_emulator, "POST", "before_commit", CLOSED, times=1)
    with pytest.raises(MoveError, match="the tenant is under its old parent again") as caught:
        await frontegg_client.hierarchy.move("a", "b", options=ONCE)
    assert (caught.value.outcome, caught.value.parent_id) == (Outcome.REFUSED, "north")
    assert parents(frontegg_emulator)["a"] == "north"


async def test_when_it_was_assigned_after_all(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """To put it back is refused then, a look shows where it is, and the move is done."""
    fault(frontegg_emulator, "POST", "after_commit", CLOSED, times=1)
    await frontegg_client.hierarchy.move("a", "b", options=ONCE)
    assert parents(frontegg_emulator)["a"] == "b"


async def test_when_it_was_put_back_after_all(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """The response to that was lost, and a look shows it: the error is the service's."""
    fault(frontegg_emulator, "POST", "accept", REFUSED, times=1)
    fault(frontegg_emulator, "POST", "after_commit", CLOSED, nth=2)
    with pytest.raises(PermissionDeniedError) as caught:
        await frontegg_client.hierarchy.move("a", "b", options=ONCE)
    assert caught.value.__notes__
    assert parents(frontegg_emulator)["a"] == "north"


@pytest.mark.parametrize("looks", [True, False])
async def test_when_nobody_knows_anything(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, *, looks: bool
) -> None:
    """What had no response may be done later still, as long as the tenant has no parent; or it could not be looked."""
    fault(frontegg_emulator, "POST", "before_commit", CLOSED)
    if not looks:
        fault(frontegg_emulator, "GET", "accept", {"type": "status", "status": 500}, nth=3)
    with pytest.raises(MoveError, match="no response shows where the tenant is now") as caught:
        await frontegg_client.hierarchy.move("a", "b", options=ONCE)
    assert (caught.value.outcome, caught.value.parent_id) == (Outcome.UNKNOWN, None)
    assert len(caught.value.failures) == 2


async def test_when_another_was_faster(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Somebody put it elsewhere meanwhile: the error says that it is there."""
    fault(frontegg_emulator, "POST", "accept", REFUSED)
    elsewhere = {"type": "status", "status": 200, "body": [{"tenantId": "out/ü", "level": 1}]}
    fault(frontegg_emulator, "GET", "accept", elsewhere, nth=3)
    with pytest.raises(MoveError, match="put under another parent meanwhile") as caught:
        await frontegg_client.hierarchy.move("a", "b")
    assert (caught.value.outcome, caught.value.parent_id) == (Outcome.REFUSED, "out/ü")


async def test_a_read_that_fails_changes_nothing(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """Before the first step."""
    fault(frontegg_emulator, "GET", "accept", {"type": "status", "status": 500})
    with pytest.raises(ServerError):
        await frontegg_client.hierarchy.move("a", "b", options=ONCE)
    assert effects(frontegg_emulator, *CHANGES) == []
