"""Some accounts are read by their ids, with the rows that all accounts have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg, InvalidArgumentError, NotFoundError, PaginationError, diff
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.snapshots import reader
from frontegg_async.snapshots.reader import SnapshotReader
from frontegg_async.snapshots.sorted_spool import SortedSpool
from frontegg_async.testing import EmulatorFaults
from tests.support.flavours import FLAVOURS, clients_of, do
from tests.support.tenants import tenant_row

pytestmark = pytest.mark.anyio

LISTING: Final = "/tenants/resources/tenants/v2"
PARENTS: Final = "/tenants/resources/hierarchy/v1/parents"
ABSENT: Final[dict[str, Any]] = {"errors": ["Not found"]}
ACCOUNTS: Final[list[dict[str, Any]]] = [
    {"tenantId": "root", "name": "Root", "isReseller": True},
    {"tenantId": "north", "name": "North", "isReseller": True, "parentTenantId": "root", "metadata": {"b": 1, "a": 2}},
    {"tenantId": "kiosk", "name": "Kiosk", "parentTenantId": "north"},
    {"tenantId": "a,b", "name": "Comma", "parentTenantId": "root"},
    *({"tenantId": f"t-{number:03}", "name": "Account"} for number in range(150)),
]


@pytest.fixture
def accounts(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """An environment with some accounts, of which two are below each other."""
    frontegg_emulator.seed(tenants=ACCOUNTS)
    frontegg_emulator.clear_journal()
    return frontegg_emulator


async def lines_of(client: AsyncFrontegg, **arguments: Any) -> Mapping[str, bytes]:
    """Return the lines of a snapshot by the ids of the accounts, in its order."""
    async with aclosing(SnapshotReader(client._caller, **arguments).portions()) as portions:
        return {tenant_id: line async for portion in portions for tenant_id, line in portion.rows()}


@pytest.mark.parametrize("with_parents", [True, False])
@pytest.mark.parametrize("included", [(), ("applications", "settings")])
async def test_rows_are_those_of_a_whole_snapshot(
    accounts: EmulatorHandle, frontegg_client: AsyncFrontegg, included: tuple[str, ...], *, with_parents: bool
) -> None:
    """In the same order; what is not there is left out."""
    whole = await lines_of(frontegg_client, included=included, with_parents=with_parents)
    wanted = frozenset({"kiosk", "root", "a,b", "t-149", "north", "nobody", "no,body"})
    accounts.clear_journal()

    some = await lines_of(frontegg_client, included=included, with_parents=with_parents, only=wanted)

    assert [*some.items()] == [(key, line) for key, line in whole.items() if key in wanted]
    assert len(some) == 5
    asked = Counter(entry.path for entry in accounts.journal())
    assert (asked[LISTING], asked[PARENTS]) == (1, 5 if with_parents else 0)


async def test_a_request_is_for_a_hundred(accounts: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """And progress counts them."""
    wanted = frozenset(f"t-{number:03}" for number in range(10, 250))
    seen: list[tuple[int, int]] = []

    some = await lines_of(
        frontegg_client, only=wanted, with_parents=False, on_progress=lambda *counts: seen.append(counts)
    )

    assert [*some] == [f"t-{number:03}" for number in range(10, 150)]
    assert Counter(entry.path for entry in accounts.journal())[LISTING] == 3
    assert (seen[0], seen[-1]) == ((100, 240), (140, 240))
    assert await lines_of(frontegg_client, only=frozenset()) == {}


async def test_many_accounts_are_read_with_all_others(
    accounts: EmulatorHandle, frontegg_client: AsyncFrontegg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request for the parent of each would be more than all pages and trees."""
    wanted = frozenset({"kiosk", "north", "t-149", "nobody"})
    expected = await lines_of(frontegg_client, included=("settings",), only=wanted)
    monkeypatch.setattr(reader, "_FEW", 3)
    monkeypatch.setattr(reader, "SortedSpool", partial(SortedSpool, run=1))
    accounts.clear_journal()

    assert await lines_of(frontegg_client, included=("settings",), only=wanted) == expected
    assert PARENTS not in {entry.path for entry in accounts.journal()}


async def test_an_export_of_some_accounts(frontegg_emulator: EmulatorHandle, tmp_path: Path) -> None:
    """In both flavours; ids are checked before anything is sent."""
    frontegg_emulator.seed(tenants=ACCOUNTS)
    for flavour in FLAVOURS:
        async with clients_of(frontegg_emulator, flavour) as clients:
            written = await do(clients.manager.export, tmp_path / "some.jsonl", only=["north", "kiosk", "nobody"])
            assert written.accounts == 2
            frontegg_emulator.clear_journal()
            for wrong in ("kiosk", [], [" kiosk"], [5]):
                with pytest.raises(InvalidArgumentError, match="only"):
                    await do(clients.manager.export, tmp_path / "some.jsonl", only=wrong)
                with pytest.raises(InvalidArgumentError, match="only"):
                    diff(tmp_path / "some.jsonl", tmp_path / "some.jsonl", only=wrong)  # type: ignore[arg-type]
            assert frontegg_emulator.journal() == []


async def test_the_parent_is_the_nearest_also_without_levels(
    accounts: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """The service may not say how many levels are between two accounts."""
    wanted = frozenset({"kiosk", "north", "root"})
    expected = await lines_of(frontegg_client, only=wanted)
    accounts.set_switch("hierarchy_level", "missing")

    assert b'"parent_tenant_id":"north"' in expected["kiosk"]
    assert await lines_of(frontegg_client, only=wanted) == expected


async def test_an_account_that_is_deleted_meanwhile_is_left_out(
    accounts: EmulatorHandle, frontegg_client: AsyncFrontegg, frontegg_faults: EmulatorFaults
) -> None:
    """Its parents are not there any more; a 404 of a proxy does not say so."""
    wanted = frozenset({"kiosk"})
    frontegg_faults.status(404, body=ABSENT, path=PARENTS, times=1)
    assert await lines_of(frontegg_client, only=wanted) == {}

    frontegg_faults.status(404, body={"message": "no Route matched with those values"}, path=PARENTS)
    with pytest.raises(NotFoundError):
        await lines_of(frontegg_client, only=wanted)
    assert {entry.path for entry in accounts.journal()} >= {PARENTS}


@pytest.mark.usefixtures("accounts")
async def test_a_page_that_lacks_accounts_is_an_error(
    frontegg_client: AsyncFrontegg, frontegg_faults: EmulatorFaults
) -> None:
    """An account that is there is never absent, whatever the options say."""
    body: dict[str, Any] = {"items": [tenant_row("kiosk")], "_metadata": {"totalItems": 2}}
    frontegg_faults.status(200, body=body, path=LISTING)
    client = frontegg_client.with_options(incomplete_listing="warn")

    with pytest.raises(PaginationError):
        await lines_of(client, only=frozenset({"kiosk", "north"}))


@pytest.mark.usefixtures("accounts")
async def test_a_url_that_is_too_long_is_split(frontegg_client: AsyncFrontegg, frontegg_faults: EmulatorFaults) -> None:
    """The halves have all accounts."""
    frontegg_faults.status(414, path=LISTING, times=1)

    some = await lines_of(frontegg_client, only=frozenset({"kiosk", "north", "root"}), with_parents=False)

    assert [*some] == ["kiosk", "north", "root"]


async def test_all_accounts_without_the_hierarchy(accounts: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Rows lack the field, and no tree is read."""
    whole = await lines_of(frontegg_client)
    accounts.clear_journal()

    found = await lines_of(frontegg_client, with_parents=False)

    assert found.keys() == whole.keys()
    assert found["kiosk"] == whole["kiosk"].replace(b'"parent_tenant_id":"north",', b"")
    assert all(b"parent_tenant_id" not in line for line in found.values())
    assert not [entry.path for entry in accounts.journal() if "hierarchy" in entry.path]
