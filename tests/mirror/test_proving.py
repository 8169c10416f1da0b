"""A check: equal only if each account is in the mirror as the service has it."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from frontegg_async.errors import PaginationError
from frontegg_async.mirror import AsyncMirror
from frontegg_async.mirror.account_rows import hash_of, root_of
from frontegg_async.models.snapshots import RequestSnapshot
from frontegg_sync import Frontegg
from frontegg_sync.mirror import Mirror
from tests.mirror.rows import accounts_table, rows_of, run_sql
from tests.mirror.test_worker import event

pytestmark = pytest.mark.anyio


async def test_a_mirror_is_equal_after_a_refresh(mirror: AsyncMirror) -> None:
    """Both roots are one."""
    await mirror.refresh()
    proof = await mirror.check()

    assert (proof.equal, proof.accounts, proof.different, proof.changed_meanwhile) == (True, 3, (), 0)
    assert proof.root == proof.mirror_root
    assert len(proof.root) == 64


async def test_an_empty_mirror_is_different(mirror: AsyncMirror) -> None:
    """Each account is."""
    proof = await mirror.check()
    assert (proof.equal, proof.accounts, proof.different) == (False, 3, ("acme", "acme-north", "zebra"))
    assert proof.root != proof.mirror_root


async def test_accounts_that_changed_are_different(mirror: AsyncMirror, client: AsyncFrontegg) -> None:
    """Those that are new, gone, or moved too; nothing is written but marks, which a worker reads."""
    await mirror.refresh()
    await client.tenants.create(tenant_id="new", name="New")
    await client.tenants.delete("zebra")
    await client.hierarchy.unassign("acme-north", "acme")

    assert (await mirror.check()).different == ("acme-north", "new", "zebra")
    assert (await mirror.check()).different == ("acme-north", "new", "zebra")
    await mirror.refresh()
    assert (await mirror.check()).equal


@pytest.mark.parametrize(
    "damage",
    [
        "document = replace(document, 'Zebra', 'Giraffe')",
        "document = 'no JSON'",
        "document = '{}'",
        "hash = 'x'",
        "name = 'Giraffe'",
        "parent_tenant_id = 'acme'",
        "is_locked = true",
        "may_have_children = true",
        "deleted_at = read_at",
        "name = 'Giraffe', read_number = 9000000000000000000",
    ],
)
async def test_damaged_rows_are_different(mirror: AsyncMirror, url: str, damage: str) -> None:
    """Hashes are computed from the documents, and columns compared with them; a refresh heals the row."""
    await mirror.refresh()
    await run_sql(url, f"UPDATE {accounts_table(url)} SET {damage} WHERE tenant_id = 'zebra'")

    proof = await mirror.check()
    assert (proof.equal, proof.different) == (False, ("zebra",))
    await mirror.refresh()
    assert (await mirror.check()).equal


@pytest.mark.parametrize("tenant_id", ["", "nobody", "x" * 300, "a/b"])
async def test_rows_of_no_account_are_different(mirror: AsyncMirror, url: str, tenant_id: str) -> None:
    """Also those whose id can be none; a refresh marks them as deleted."""
    await mirror.refresh()
    table = accounts_table(url)
    columns = "environment_id, document, hash, read_number, read_at, may_have_children"
    await run_sql(
        url, f"INSERT INTO {table} ({columns}, tenant_id) SELECT {columns}, '{tenant_id}' FROM {table} LIMIT 1"
    )
    assert (await mirror.check()).different == (tenant_id,)
    assert (await mirror.refresh()).deleted == 1
    assert (await mirror.check()).equal


async def test_accounts_below_one_that_the_mirror_does_not_have_are_different(
    mirror: AsyncMirror, client: AsyncFrontegg
) -> None:
    """Their parent is that of the listing, though nobody marked the account above them."""
    await mirror.refresh()
    await client.tenants.create(tenant_id="top", name="Top", is_reseller=True)
    for tenant_id in ("acme", "zebra"):
        await client.hierarchy.assign(tenant_id, "top")

    proof = await mirror.check()
    assert (proof.different, proof.changed_meanwhile) == (("acme", "top", "zebra"), 0)


async def test_a_listing_that_lacks_accounts_proves_nothing(
    mirror: AsyncMirror, emulator: AsyncEmulatorHandle, url: str
) -> None:
    """What it does not show may be missing in the mirror too; neither a check nor a refresh counts."""
    await mirror.refresh()
    before = await mirror.health()
    body = {"items": [], "_metadata": {"totalItems": 0, "totalPages": 0}, "_links": {}}
    await emulator.add_fault(
        stage="before_commit",
        action={"type": "status", "status": 200, "body": body},
        match={"method": "GET", "path": "/tenants/resources/tenants/v2"},
    )
    with pytest.raises(PaginationError, match="existing accounts are missing from each of"):
        await mirror.check()
    with pytest.raises(PaginationError, match="existing accounts are missing from each of"):
        await mirror.refresh()
    assert sorted(await rows_of(url, mirror)) == ["acme", "acme-north", "zebra"]
    assert await mirror.health() == before


async def test_a_change_whose_event_is_on_its_way_is_no_difference(client: AsyncFrontegg, url: str) -> None:
    """An account that differs is read again after moments, so that the worker can be done with it."""
    async with AsyncMirror(client, url, settle=5) as mirror:
        await mirror.upgrade()
        async with mirror.running():
            await mirror.refresh()
            await client.tenants.update("zebra", name="Zebra 2")
            checking = asyncio.create_task(mirror.check())
            await mirror.receive(event("zebra"))
            proof = await checking
    assert (proof.equal, proof.different) == (True, ())


@pytest.mark.slow
def test_accounts_that_are_deleted_after_they_were_listed_are_different(tmp_path: Path) -> None:
    """Also if none of a portion of the listing is left."""
    with Emulator() as emulator, emulator.client() as other:
        emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme", "isReseller": True}])

        def delete(request: RequestSnapshot) -> None:
            if is_filled.is_set() and request.url.endswith("/tree"):
                is_filled.clear()
                other.tenants.delete("acme")

        is_filled = threading.Event()
        client_id, secret = emulator.client_id, emulator.secret
        with (
            Frontegg(client_id, secret, base_url=emulator.url, on_request=delete) as frontegg,
            Mirror(frontegg, f"sqlite:///{tmp_path / 'mirror.db'}", settle=0) as mirror,
        ):
            mirror.upgrade()
            mirror.refresh()
            is_filled.set()
            proof = mirror.check()
    assert (proof.accounts, proof.different) == (0, ("acme",))


async def test_rows_of_another_environment_are_not_compared(mirror: AsyncMirror, url: str) -> None:
    """One database may have mirrors of several."""
    await mirror.refresh()
    table = accounts_table(url)
    columns = "document, hash, read_number, read_at, deleted_at, name, parent_tenant_id, is_locked, may_have_children"
    await run_sql(
        url,
        f"INSERT INTO {table} (environment_id, tenant_id, {columns})"
        f" SELECT 'other', 'of-another', {columns} FROM {table} WHERE tenant_id = 'zebra'",
    )
    assert (await mirror.check()).equal


ROWS = {"a": b'{"tenant_id":"a"}', "b": b'{"tenant_id":"b"}', "\u65e5": b'{"tenant_id":"\xe6\x97\xa5"}'}
HASHES = {tenant_id: hash_of(line) for tenant_id, line in ROWS.items()}


@pytest.mark.parametrize("cut", [0, 1, 2, 3])
def test_the_root_does_not_depend_on_portions(cut: int) -> None:
    """Rows may come in any number of parts."""
    ids, hashes = [*HASHES], [*HASHES.values()]
    whole = root_of([(ids, hashes)])
    assert root_of([(ids[:cut], hashes[:cut]), (ids[cut:], hashes[cut:])]) == whole


def test_the_root_covers_each_row() -> None:
    """A row that differs, is missing, or belongs to another id changes it."""
    whole = root_of([(list(HASHES), list(HASHES.values()))])
    others = [
        {**HASHES, "b": hash_of(b"{}")},
        {key: value for key, value in HASHES.items() if key != "b"},
        {"a": HASHES["b"], "b": HASHES["a"], "\u65e5": HASHES["\u65e5"]},
        {},
    ]
    assert len({whole, *(root_of([(list(each), list(each.values()))]) for each in others)}) == 5
