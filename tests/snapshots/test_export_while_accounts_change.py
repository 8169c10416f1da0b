"""An export has each living account with a parent that it had, while accounts come, go and move; or there is none."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from frontegg_async import AsyncFrontegg, PaginationError
from tests.support.changing_accounts import CHANGES, TOTALS, Account, Change, ChangingAccounts
from tests.support.clients import make_client
from tests.support.raw_server import Answer, RawRequest, http, raw_server

pytestmark = pytest.mark.anyio

RUNS: Final = 40


@attrs.define
class Service:
    """A service, and a client of it."""

    client: AsyncFrontegg
    accounts: ChangingAccounts

    async def export(self, path: Path) -> dict[str, Any]:
        """Export all accounts, and return the ids of their parents by their own."""
        await self.client.export(path)
        return parents_in(path)


def parents_in(path: Path) -> dict[str, Any]:
    """Return the ids of the parents of accounts in an export by the ids of the accounts."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["tenant_id"]: row["parent_tenant_id"] for row in rows}


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """A service with two trees, in which nothing changes by itself."""
    accounts = ChangingAccounts(random.Random(1), 0, kinds=())
    accounts.rows = [
        Account("north", None, is_reseller=True),
        Account("south", None, is_reseller=True),
        Account("kiosk", None, parent="south"),
        Account("shop", None, parent="south"),
    ]

    def answer(request: RawRequest) -> Answer:
        return made.accounts(request)

    async with raw_server(answer) as server, make_client(server.url) as client:
        made = Service(client, accounts)
        yield made


@pytest.mark.slow
async def test_no_account_is_lost_and_none_seems_to_move(service: Service, tmp_path: Path) -> None:
    """Accounts come, go and move between any two requests."""
    complete = 0
    for seed in range(RUNS):
        rng = random.Random(seed)
        kinds = tuple[Change, ...](kind for kind in CHANGES if rng.random() < 0.5)
        rate, totals = rng.choice([0.05, 0.2, 1.0]), rng.choice(TOTALS)
        accounts = ChangingAccounts(rng, rng.randrange(40), rate, rng.randint(0, 3), kinds, totals)
        service.accounts = accounts
        try:
            parents = await service.export(tmp_path / "accounts.jsonl")
        except PaginationError:
            continue
        complete += 1
        assert accounts.alive <= parents.keys(), seed
        wrong = {each: parent for each, parent in parents.items() if parent not in accounts.parents[each]}
        assert wrong == {}, seed

    assert complete > RUNS // 2


@attrs.define
class Between(ChangingAccounts):
    """Accounts of which something happens before the requests for some trees, by the number of the request."""

    happens: dict[int, Any] = attrs.field(factory=dict[int, Any])
    trees: int = 0

    def __call__(self, request: RawRequest) -> Answer:
        """Let it happen, and answer."""
        if request.path.endswith("/tree"):
            self.happens.get(self.trees, lambda: None)()
            self.trees += 1
        return super().__call__(request)

    def place(self, tenant_id: str, parent: str | None) -> None:
        """Move an account."""
        next(row for row in self.rows if row.tenant_id == tenant_id).parent = parent

    def remove(self, tenant_id: str) -> None:
        """Delete an account."""
        self.rows = [row for row in self.rows if row.tenant_id != tenant_id]


@pytest.fixture
def between(service: Service) -> Between:
    """The service, whose changes a test chooses."""
    service.accounts = accounts = Between(random.Random(1), 0, kinds=(), rows=service.accounts.rows)
    return accounts


async def test_an_account_that_moves_to_a_tree_that_was_read_has_its_parent(
    service: Service, between: Between, tmp_path: Path
) -> None:
    """It is in no tree of the first read."""
    between.happens = {1: lambda: between.place("kiosk", "north")}

    parents = await service.export(tmp_path / "accounts.jsonl")

    assert parents == {"north": None, "south": None, "kiosk": "north", "shop": "south"}


async def test_an_account_that_moves_below_a_new_one_has_a_parent(
    service: Service, between: Between, tmp_path: Path
) -> None:
    """One that was created when the accounts were listed already."""

    def create() -> None:
        between.rows.append(Account("west", None, is_reseller=True))
        between.place("kiosk", "west")

    between.happens = {0: create}

    assert (await service.export(tmp_path / "accounts.jsonl"))["kiosk"] == "west"


async def test_an_account_that_is_deleted_does_not_seem_to_move(
    service: Service, between: Between, tmp_path: Path
) -> None:
    """It is in no tree any more, and an account without a parent would be another difference."""
    between.happens = {0: lambda: between.remove("kiosk")}

    assert await service.export(tmp_path / "accounts.jsonl") == {"north": None, "south": None, "shop": "south"}


async def test_a_reseller_that_is_deleted_ends_no_export(service: Service, between: Between, tmp_path: Path) -> None:
    """What was below it is somewhere else then."""

    def remove() -> None:
        between.remove("south")
        between.place("kiosk", "north")
        between.place("shop", None)

    between.happens = {1: remove}

    parents = await service.export(tmp_path / "accounts.jsonl")

    assert (parents["kiosk"], parents["shop"]) == ("north", None)


async def test_accounts_that_move_all_the_time_end_an_export(
    service: Service, between: Between, tmp_path: Path
) -> None:
    """Five reads of two trees find another parent each time."""
    between.rows += [Account(f"branch-{number}", None, parent="south") for number in range(6)]
    between.happens = {2 * number: partial(between.place, f"branch-{number}", "north") for number in range(6)}

    with pytest.raises(
        PaginationError, match="requested the hierarchy 5 times, and accounts moved each time"
    ) as caught:
        await service.export(tmp_path / "accounts.jsonl")

    assert (caught.value.endpoint, between.trees) == ("hierarchy.tree", 10)


async def test_accounts_that_are_created_all_the_time_end_no_export(
    service: Service, between: Between, tmp_path: Path
) -> None:
    """A new one below a reseller has not moved."""

    def create() -> None:
        between.rows.append(Account(f"branch-{between.trees}", None, parent="south"))

    between.happens = dict.fromkeys(range(20), create)

    parents = await service.export(tmp_path / "accounts.jsonl")

    assert (parents["kiosk"], between.trees) == ("south", 4)


async def test_a_long_list_of_accounts_that_may_be_deleted_is_read_in_parts(between: Between, tmp_path: Path) -> None:
    """As many ids as the URL can take."""
    between.rows += [Account(f"alone-{number:03}", None) for number in range(150)]
    between.full_page = 200
    between.happens = {0: lambda: between.remove("alone-007")}

    def answer(request: RawRequest) -> Answer:
        return http(414) if request.target.count("_tenantIds") > 60 else between(request)

    async with raw_server(answer) as server, make_client(server.url) as client:
        parents = await Service(client, between).export(tmp_path / "accounts.jsonl")

    assert parents.keys() == {row.tenant_id for row in between.rows}
