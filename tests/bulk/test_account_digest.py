"""The digest that a deletion expects: all that it removes or changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.bulk.operations.account_digest import account_digests, left_below
from frontegg_async.bulk.operations.reads import read_tenants
from frontegg_async.emulator import EmulatorHandle

pytestmark = pytest.mark.anyio

SEED: Final[list[dict[str, Any]]] = [
    {"tenantId": "top", "name": "Top", "isReseller": True},
    {"tenantId": "other", "name": "Other", "isReseller": True},
    {"tenantId": "a", "name": "A", "isReseller": True, "parentTenantId": "top", "metadata": {"x": 1}},
    {"tenantId": "b", "name": "B", "isReseller": True, "parentTenantId": "a"},
    {"tenantId": "c", "name": "C", "parentTenantId": "b"},
]
USERS: Final = [{"email": "ann@a.example", "tenantId": "a"}]


async def digests(client: AsyncFrontegg, *ids: str, ignoring: Collection[str] = ()) -> list[str]:
    found = await read_tenants(client._caller, ids)
    return await account_digests(client._caller, [found[each] for each in ids], ignoring=ignoring)


CHANGES: Final[dict[str, Callable[[AsyncFrontegg], Awaitable[object]]]] = {
    "a field": lambda client: client.tenants.update("a", website="https://a"),
    "metadata": lambda client: client.tenants.add_metadata("a", {"x": 2}),
    "a lock": lambda client: client.tenants.lock(["a"]),
    "another parent": lambda client: client.hierarchy.move("a", "other"),
    "a tenant below": lambda client: client.tenants.create(name="New", parent_tenant_id="a"),
    "no tenant below": lambda client: client.hierarchy.unassign("b", "a"),
    "a user": lambda client: client.users.invite(tenant_id="a", email="bob@a.example"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_what_changes_it(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, change: str) -> None:
    frontegg_emulator.seed(tenants=SEED, users=USERS)
    before = await digests(frontegg_client, "a", "other")
    await CHANGES[change](frontegg_client)
    after = await digests(frontegg_client, "a", "other")
    assert before[0] != after[0]


async def test_what_does_not_change_it(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """The time of the last change, tenants further below, and users of others; it sends GET requests alone."""
    frontegg_emulator.seed(tenants=SEED, users=USERS)
    before = await digests(frontegg_client, "a")
    frontegg_emulator.clock(advance=60)
    await frontegg_client.tenants.update("a", website="https://a")
    await frontegg_client.tenants.update("a", website=None)
    await frontegg_client.hierarchy.unassign("c", "b")
    await frontegg_client.users.invite(tenant_id="b", email="bob@a.example")
    frontegg_emulator.clear_journal()
    assert await digests(frontegg_client, "a") == before
    assert {entry.method for entry in frontegg_emulator.journal()} == {"GET"}


async def test_tenants_below_that_will_not_be_there(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """A tenant that is deleted before leaves those below it to its parent; one that is moved takes them with it."""
    frontegg_emulator.seed(tenants=SEED, users=USERS)
    deleted, _ = await digests(frontegg_client, "a", "b", ignoring={"b"})
    [moved] = await digests(frontegg_client, "a", ignoring={"b"})
    await frontegg_client.tenants.delete("b")
    assert await digests(frontegg_client, "a") == [deleted]
    await frontegg_client.hierarchy.unassign("c", "a")
    assert await digests(frontegg_client, "a") == [moved]


def test_tenants_that_move_while_they_are_read() -> None:
    """Two that seem to be below each other end the search for those that are left."""
    assert [*left_below("a", {"a": ["b", "x"], "b": ["a", "b"]}, {"a", "b"})] == ["x"]


async def test_many_tenants(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Each has its own; those that are no resellers take a request less."""
    ids = [f"t{n}" for n in range(130)]
    frontegg_emulator.seed(tenants=[{"tenantId": each, "name": "T"} for each in ids])
    found = await read_tenants(frontegg_client._caller, ids)
    frontegg_emulator.clear_journal()
    assert len(set(await account_digests(frontegg_client._caller, list(found.values())))) == 130
    assert len(frontegg_emulator.journal()) == 260
