"""A delete job never deletes a tenant that was created since its input was read, under the same id."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from frontegg_async import AsyncFrontegg, Options
from frontegg_async.bulk import RowState, stores
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import GuardShutError
from tests.bulk.each_store import new_address
from tests.support.clients import make_client
from tests.support.raw_server import Answer, http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

TIMES: dict[str, tuple[dict[str, Any], RowState, int]] = {
    "same": ({}, RowState.DONE, 2),
    "later": ({"createdAt": "2024-05-01T10:00:00.001Z"}, RowState.DONE, 1),
    "earlier": ({"createdAt": "2024-05-01T09:59:59.999Z"}, RowState.UNKNOWN, 1),
    "not told": ({"createdAt": None}, RowState.UNKNOWN, 1),
    "deleted": ({"deletedAt": "2024-05-01T10:00:00.000Z"}, RowState.DONE, 1),
}
"""What the service shows after a lost response: what is known then, and how many requests delete."""

PROGRAM = """
import asyncio, sys
from frontegg_async import AsyncFrontegg

async def run(ledger, url, client_id, secret):
    async with AsyncFrontegg(client_id, secret, base_url=url) as client:
        rows = [{"tenant_id": "done"}, {"tenant_id": "left"}]
        await client.bulk.delete(rows, ledger=ledger, confirm=2)

asyncio.run(run(*sys.argv[1:]))
"""


def listed(*rows: dict[str, object]) -> Answer:
    return http(200, {"items": [*rows], "_metadata": {"totalItems": len(rows), "totalPages": 1}})


@pytest.mark.parametrize("shown", TIMES)
@pytest.mark.parametrize("is_resumed", [False, True], ids=["retried", "resumed"])
async def test_what_is_there_is_known_by_the_time_of_its_creation(
    tmp_path: Path, shown: str, *, is_resumed: bool
) -> None:
    """By the service's times alone, and by nothing that this machine's clock says."""
    fields, state, deletes = TIMES[shown]
    before = tenant_row("t1", isReseller=False)
    there = before | fields
    lost = Answer(b"", then="close")
    shows = [listed(there)] * deletes if is_resumed else [http(200, there)]
    once = Options(max_retries=0 if is_resumed else 2)
    async with raw_server(listed(before), lost, *shows, http(200)) as server:
        async with make_client(server.url, options=once) as client:
            report = await client.bulk.delete([{"tenant_id": "t1"}], ledger=tmp_path / "l", confirm=1)
            if is_resumed:
                assert report.unknown == 1
                report = await client.bulk.resume(tmp_path / "l")
        assert [row.state for row in report.rows()] == [state]
        assert [request.method for request in server.requests].count("DELETE") == deletes
        if state is RowState.UNKNOWN:
            assert "nothing shows whether it was created after" in str(next(report.rows()).message)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.acceptance)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a ledger that is not there yet, in each store."""
    return new_address(request, tmp_path)


async def shut_before_sending(client: AsyncFrontegg, ledger: str, *ids: str) -> None:
    with pytest.raises(GuardShutError):
        await client.bulk.delete([{"tenant_id": each} for each in ids], ledger=ledger)


async def test_rows_that_were_never_sent(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str
) -> None:
    """A resumed job deletes the tenants that its input named, and no other that has one of their ids now."""
    for tenant_id in ("anew", "gone", "same"):
        await frontegg_client.tenants.create(tenant_id=tenant_id, name="Old")
    await shut_before_sending(frontegg_client, address, "anew", "gone", "same", "first", "never")
    await frontegg_client.tenants.delete("anew")
    await frontegg_client.tenants.delete("gone")
    frontegg_emulator.clock(advance=1)
    for tenant_id in ("anew", "first"):
        await frontegg_client.tenants.create(tenant_id=tenant_id, name="New")
    report = await frontegg_client.bulk.resume(address, override="confirm")
    left = [tenant.tenant_id async for tenant in frontegg_client.tenants.list()]
    rows = {str(row.tenant_id): (row.state, row.error) for row in report.rows()}
    refused, absent = (RowState.FAILED, "ConflictError"), (RowState.FAILED, "NotFoundError")
    assert rows == {
        "anew": refused,
        "first": refused,
        "gone": absent,
        "never": absent,
        "same": (RowState.DONE, None),
    }
    assert sorted(left) == ["anew", "first"]
    assert all("a new job can delete it" in str(row.message) for row in report.rows() if row.error == "ConflictError")


async def test_rows_that_cannot_be_read_before_they_are_sent(tmp_path: Path) -> None:
    """They are sent by a later run, when the service can be read."""
    there = tenant_row("t1", isReseller=False)
    script = (listed(there), http(503), listed(there), http(200))
    async with raw_server(*script) as server, make_client(server.url, options=Options(max_retries=0)) as client:
        await shut_before_sending(client, str(tmp_path / "l"), "t1")
        report = await client.bulk.resume(tmp_path / "l", override="confirm")
        assert (report.failed, len(server.requests)) == (1, 2)
        report = await client.bulk.resume(tmp_path / "l")
        assert report.succeeded == 1


@pytest.mark.parametrize("is_there", [False, True])
async def test_a_first_run_reads_rows_without_a_tenant_again(tmp_path: Path, *, is_there: bool) -> None:
    """A tenant that was created since the input was read stays; another that is not there is not found."""
    row = tenant_row("t1", isReseller=False)
    script = (listed(), listed(row)) if is_there else (listed(), listed(), http(404, {"errors": ["no"]}))
    async with raw_server(*script) as server, make_client(server.url) as client:
        report = await client.bulk.delete([{"tenant_id": "t1"}], ledger=tmp_path / "l", confirm=1)
        assert [request.method for request in server.requests].count("DELETE") == (0 if is_there else 1)
    assert report.failed == 1


async def test_a_first_run_deletes_a_tenant_without_a_time(tmp_path: Path) -> None:
    """It was there, so that it is not read again."""
    row = tenant_row("t1", isReseller=False, createdAt=None)
    async with raw_server(listed(row), http(200)) as server, make_client(server.url) as client:
        report = await client.bulk.delete([{"tenant_id": "t1"}], ledger=tmp_path / "l", confirm=1)
    assert report.succeeded == 1


async def kill_run(emulator: EmulatorHandle, ledger: str) -> None:
    """Kill a process whose first tenant is deleted, before its ledger says so."""
    delay = {"type": "delay", "seconds": 60}
    emulator.add_fault(stage="after_commit", action=delay, match={"method": "DELETE", "times": 1})
    arguments = ("-c", PROGRAM, ledger, emulator.url, emulator.client_id, emulator.secret)
    program = await asyncio.create_subprocess_exec(sys.executable, *arguments)
    try:
        await until(lambda: emulator.faults()[0]["fired"] == 1)
    finally:
        program.kill()
        await program.wait()


@pytest.mark.slow
async def test_a_resumed_job(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str) -> None:
    """The tenant that took the place of a deleted one lives; the one that was not deleted is."""
    for tenant_id in ("done", "left"):
        await frontegg_client.tenants.create(tenant_id=tenant_id, name="Old")
    await kill_run(frontegg_emulator, address)
    assert stores.read_report(address).in_flight > 0
    frontegg_emulator.clock(advance=1)
    await frontegg_client.tenants.create(tenant_id="done", name="New")
    report = await frontegg_client.bulk.resume(address)
    assert (report.succeeded, report.total) == (2, 2)
    assert [tenant.name async for tenant in frontegg_client.tenants.list()] == ["New"]
