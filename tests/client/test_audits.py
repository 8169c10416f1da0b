"""The audit log: listings, tails that survive restarts, and exports."""

from __future__ import annotations

import asyncio
import csv
import io
import random
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from frontegg_async import AsyncAuditTail, AsyncFrontegg, ClientClosedError, InvalidArgumentError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import ProtocolError
from frontegg_async.models import Audit, AuditSeverity
from frontegg_sync import Frontegg
from tests.support.clients import FakeClock, make_client
from tests.support.raw_server import Answer, RawRequest, http, raw_server
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

START: Final = datetime(2026, 1, 1, tzinfo=UTC)
AHEAD: Final = 400 * 365 * 86_400.0
BEFORE_ALL: Final = "audits2;-62136596800000000;;"
LIST: Final = "/audits/resources/audits/v2"


def _row(number: int, second: float) -> dict[str, Any]:
    at = (START + timedelta(seconds=second)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"id": f"a{number}", "tenantId": "acme", "createdAt": at, "fields": {"action": f"Did {number}"}}


def _fill(emulator: EmulatorHandle, rows: list[dict[str, Any]]) -> None:
    snapshot: Any = emulator.snapshot()
    snapshot["environments"][0]["tables"].setdefault("audits", []).extend(rows)
    emulator.restore(snapshot)


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """An environment with a tenant."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}])
    return frontegg_emulator


def _read(path: Path) -> str:
    return path.read_bytes().decode()


def _files_in(path: Path) -> list[Path]:
    return [*path.iterdir()]


def _numbers(audits: list[Audit]) -> list[int]:
    return [int(audit.id[1:]) for audit in audits]


@pytest.mark.usefixtures("emulator")
async def test_what_is_written_and_what_happens_is_listed(frontegg_client: AsyncFrontegg) -> None:
    """With fields of the application's own, for one tenant and for all, and with filters."""
    await frontegg_client.tenants.create(tenant_id="new", name="New")
    acme = frontegg_client.for_tenant("acme").audits
    await acme.write(severity="High", action="Exported", email="ann@acme.example", fields={"ip": "10.0.0.1", "n": [1]})
    (written,) = await acme.list().all()
    assert (written.severity, written.action, written.ip) == (AuditSeverity.HIGH, "Exported", "10.0.0.1")
    assert written.extra == {"n": [1]}
    # Both may have been written in the same millisecond, by which they are sorted.
    listed = await frontegg_client.audits.list(sort_by="createdAt", order="asc").all()
    again, happened = sorted(listed, key=lambda audit: audit.tenant_id or "")
    assert (happened.tenant_id, happened.resource, happened.action) == ("new", "Tenant", "Created")
    assert again == written
    assert await frontegg_client.audits.list(emails=["bob@acme.example"]).count() == 0
    assert await frontegg_client.audits.list(tenant_ids=["new", "other"]).all() == [happened]
    assert (await acme.get_stats()).severe_this_week == 1
    assert (await frontegg_client.audits.get_metrics()).top_tenants == {"acme": 1, "new": 1}
    await frontegg_client.users.invite("new", email="eve@new.example")
    actions = {(each.resource, each.action) for each in await frontegg_client.audits.list("new").all()}
    assert actions == {("Tenant", "Created"), ("User", "Created"), ("User", "Invited to tenant")}


@pytest.mark.slow
@pytest.mark.parametrize(
    "switches",
    [
        {},
        {"audits_created_from": "excluded", "audits_id": "_id"},
        {"audits_total": "missing"},
    ],
    ids=str,
)
async def test_a_tail_loses_and_doubles_nothing_over_restarts(
    emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, switches: dict[str, str]
) -> None:
    """Many rows have one time, more than a page; the reader stops anywhere, and rows come meanwhile, some late."""
    for name, value in switches.items():
        emulator.set_switch(name, value)
    rng = random.Random(7)
    times = [*range(40), *([50] * 210), *range(60, 70), *([80] * 3)]
    waiting = [_row(number, second) for number, second in enumerate(times)]
    cursor, seen = None, list[int]()
    for _ in range(40):
        taken, waiting = waiting[:25], waiting[25:]
        if len(taken) > 4 and rng.random() < 0.5:
            # The last row appears first, and the other rows appear late.
            _fill(emulator, taken[-1:])
            taken = taken[:-1]
        else:
            _fill(emulator, taken)
            taken = []
        tail = frontegg_client.audits.tail(cursor=cursor, since=None if cursor else START, overlap=60.0)
        seen += _numbers(await tail.new(limit=rng.choice([1, 7, 30, 300])))
        _fill(emulator, taken)
        cursor = tail.cursor
    tail = frontegg_client.audits.tail(cursor=cursor, overlap=60.0)
    seen += _numbers(await tail.new())
    assert sorted(seen) == list(range(len(times)))
    assert await tail.new() == []
    assert len(tail.cursor or "") < 20 * len(times) + 100


async def test_an_iteration_goes_on_after_the_row_at_which_it_was_left(
    emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """The same tail and one that begins with its cursor hand out the row after it."""
    _fill(emulator, [_row(number, number // 3) for number in range(9)])
    tail = frontegg_client.audits.tail("acme", since=START + timedelta(seconds=1))
    for expected in (3, 4, 5):
        async for audit in tail:
            assert audit.id == f"a{expected}"
            break
    rest = await frontegg_client.audits.tail("acme", cursor=tail.cursor).new(limit=2)
    assert _numbers(rest) == [6, 7]
    one, other = await asyncio.gather(tail.new(), tail.new())
    assert sorted(_numbers([*one, *other])) == [6, 7, 8]
    assert frontegg_client.audits.tail(cursor=tail.cursor).cursor == tail.cursor


async def test_a_late_row_comes_within_the_overlap(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """And not when it is later; the marks of older rows are not kept."""
    _fill(emulator, [_row(0, 0), _row(1, 100)])
    tail = frontegg_client.audits.tail(since=START, overlap=10)
    assert _numbers(await tail.new()) == [0, 1]
    assert (tail.cursor or "").count(",") == 1
    _fill(emulator, [_row(2, 95), _row(3, 80)])
    assert _numbers(await tail.new()) == [2]


async def test_a_row_from_the_future_passes_no_other_over(
    emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """The service's clock was ahead for a while: over restarts, and for tails that begin meanwhile."""
    acme = frontegg_client.for_tenant("acme").audits
    tail, seen, fresh = acme.tail(since=START), list[str | None](), list[AsyncAuditTail]()
    for action, seconds in (("before", 0.0), ("ahead", AHEAD), ("back", -AHEAD), ("next", 0.0)):
        emulator.clock(advance=seconds)
        await acme.write(severity="Info", action=action)
        seen += [audit.action for audit in await tail.new()]
        tail = acme.tail(cursor=tail.cursor)
        fresh.append(acme.tail())
        assert await fresh[-1].new() == []
    assert seen == ["before", "ahead", "back", "next"]
    found = [[audit.action for audit in await each.new()] for each in fresh]
    assert found == [["back", "next", "ahead"], ["back", "next"], ["next"], []]


@pytest.mark.parametrize("date", [None, "Thu, 01 Jan 2026 00:01:40 GMT", "Fri, 01 Jan 2027 00:00:00 GMT"])
async def test_rows_wait_while_a_cursor_has_no_room(date: str | None) -> None:
    """This machine's clock is behind, and all rows are from the future: none is lost, and none comes twice."""
    clock = FakeClock(wall_offset=START.timestamp() - 4_600.0)
    data = [{"_id": str(each), "createdAt": f"2026-01-01T00:00:{each % 60:02}.{each:03}Z"} for each in range(600)]
    data.sort(key=lambda row: row["createdAt"])

    def answer(request: RawRequest) -> Answer:
        query = parse_qs(request.target.partition("?")[2])
        begin, offset = query.get("created_from", [""])[0], int(query["offset"][0])
        rows = [row for row in data if row["createdAt"] >= begin]
        headers = {} if date is None else {"Date": date}
        return http(200, {"data": rows[offset : offset + 200], "total": len(rows)}, headers=headers)

    async with raw_server(answer) as server, make_client(server.url, clock=clock) as client:
        cursor, seen, most = None, list[str](), 0
        for _ in range(3):
            tail = client.audits.tail(cursor=cursor, since=None if cursor else START)
            found = await tail.new()
            seen += [audit.id for audit in found]
            most = max(most, len(found))
            cursor = tail.cursor
            assert 0 < len(cursor or "") <= 4096
            clock.now += 2 * 86_400
    assert sorted(map(int, seen)) == [*range(600)]
    assert most < 400


async def test_a_clock_that_is_ahead_passes_no_row_over() -> None:
    """The time of the service counts then; the reader is slow, and the log has several pages."""
    clock = FakeClock(wall_offset=START.timestamp() + 86_400)
    first = [{"_id": f"a{each}", "createdAt": f"2026-01-01T00:00:00.{each:03}Z"} for each in range(200)]
    later = [first[-1], {"_id": "later", "createdAt": "2026-01-01T00:01:00Z"}]
    late = [{"_id": "late", "createdAt": "2026-01-01T00:00:00.500Z"}, later[-1]]
    answers = [
        http(200, {"data": data, "total": total}, headers={"Date": f"Thu, 01 Jan 2026 00:{minute} GMT"})
        for data, total, minute in ((first, 201, "00:01"), (later, 2, "01:00"), (late, 2, "01:10"))
    ]
    async with raw_server(*answers) as server, make_client(server.url, clock=clock) as client:
        tail = client.audits.tail(since=START)
        assert len(await tail.new()) == 201
        assert [audit.id for audit in await tail.new()] == ["late"]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00"])
async def test_a_row_at_the_end_of_time_is_handed_out(moment: str) -> None:
    """It has no form in UTC; the cursor goes on after it."""
    rows = [{"_id": "edge", "createdAt": moment}]
    answers = [http(200, {"data": data, "total": 1}) for data in ([], [], rows, rows)]
    async with raw_server(*answers) as server, make_client(server.url) as client:
        tail = client.audits.tail(overlap=86_400)
        assert await tail.new() == []
        assert [audit.id for audit in await tail.new()] == ["edge"]
        assert await client.audits.tail(cursor=tail.cursor).new() == []
        edge = datetime.fromisoformat(moment)
        with pytest.raises(InvalidArgumentError, match="since must be a time between the years 1 and 9999"):
            client.audits.list(since=edge)
        with pytest.raises(InvalidArgumentError, match="since must be a time"):
            client.audits.tail(since=edge)


async def test_a_duration_is_no_time(frontegg_client: AsyncFrontegg) -> None:
    """The message says which time was probably meant: a number would be refused, too."""
    told = r"since must be a datetime .*, not timedelta: for a time in the past, give datetime.now\(UTC\) - "
    for take in (frontegg_client.audits.list, frontegg_client.audits.tail):
        with pytest.raises(InvalidArgumentError, match=told):
            take(since=timedelta(days=1))


async def test_a_cursor_of_the_first_version_is_understood() -> None:
    """With the rows that it had handed out."""
    marked = "audits1;2025-12-31T23:59:31+00:00;2026-01-01T00:00:01+00:00;QPieOVtmQi8.0,"
    answer = _answer(("a", 1), ("b", 1))
    async with raw_server(answer) as server, make_client(server.url) as client:
        for cursor in ("audits1;;;", "audits1;2026-01-01T00:00:02+00:00;2026-01-01T00:00:02+00:00;"):
            assert (client.audits.tail(cursor=cursor).cursor or "").startswith("audits2;")
        assert len(await client.audits.tail(cursor=marked).new()) == 1


async def test_a_tail_begins_after_rows_that_are_all_from_the_future() -> None:
    """They do not come again, and do not move its begin."""
    ahead = _answer(("a", 1))
    answers = [ahead, ahead, _answer(("b", 0), ("a", 1), ("c", 1))]
    async with raw_server(*answers) as server, make_client(server.url) as client:
        tail = client.audits.tail()
        assert await tail.new() == []
        assert [audit.id for audit in await client.audits.tail(cursor=tail.cursor).new()] == ["b", "c"]


async def test_a_tail_begins_after_the_newest_row(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Also where a new one has the same time, and where there was none."""
    empty = frontegg_client.audits.tail()
    assert (empty.cursor, await empty.new(), empty.cursor) == (None, [], BEFORE_ALL)
    _fill(emulator, [_row(0, 0), _row(1, 0)])
    tail = frontegg_client.audits.tail()
    assert await tail.new() == []
    _fill(emulator, [_row(2, 0)])
    assert _numbers(await tail.new()) == [2]
    assert _numbers(await frontegg_client.audits.tail(cursor=empty.cursor).new()) == [0, 1, 2]


def _answer(*rows: tuple[str, int]) -> Answer:
    data = [{"_id": name, "createdAt": f"2026-01-01T00:00:{second:02}Z"} for name, second in rows]
    return http(200, {"data": data, "total": len(data)})


async def test_it_waits_by_the_clock_of_the_client() -> None:
    """Only when nothing is new; the rows of a page that had some are handed out first."""
    clock = FakeClock()
    answers = [_answer(), _answer(), _answer(("a", 1), ("b", 2)), _answer(("b", 2), ("c", 2))]
    async with raw_server(*answers) as server, make_client(server.url, clock=clock) as client:
        seen: list[str] = []
        async for audit in client.audits.tail(since=START, interval=3):
            seen.append(audit.id)
            if audit.id == "c":
                break
    assert (seen, clock.slept) == (["a", "b", "c"], [3.0, 3.0, 3.0])


async def test_rows_in_another_order_are_refused() -> None:
    """Before one of them is handed out, as it may be lost otherwise."""
    async with raw_server(_answer(("b", 2), ("a", 1))) as server, make_client(server.url) as client:
        tail = client.audits.tail(since=START)
        with pytest.raises(ProtocolError, match="did not sort"):
            await tail.new()


async def test_closing_the_client_ends_a_tail(emulator: EmulatorHandle) -> None:
    """While it waits for rows."""
    client = AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url)

    async def follow() -> None:
        async for _ in client.audits.tail():
            pass

    waiting = asyncio.ensure_future(follow())
    await until(lambda: bool(client._caller._context.waits._waiting))
    await client.aclose()
    async with asyncio.timeout(30):
        with pytest.raises(ClientClosedError):
            await waiting


def test_a_blocking_tail_follows(emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """With a request for each page and not for each row."""
    _fill(emulator, [_row(number, number) for number in range(250)])
    emulator.clear_journal()
    tail = frontegg_sync_client.audits.tail("acme", since=START)
    seen: list[Audit] = []
    for audit in tail:
        seen.append(audit)
        if len(seen) == 250:
            break
    assert _numbers(seen) == list(range(250))
    assert [entry.path for entry in emulator.journal() if entry.route == "audits.list"] == [LIST, LIST]
    assert frontegg_sync_client.audits.tail("acme", cursor=tail.cursor).new() == []


@pytest.mark.parametrize("switch", ["page", "everything"])
async def test_an_export_has_each_row_once(
    emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path, switch: str
) -> None:
    """Pages are joined under one heading; a service that sends everything at once is understood."""
    emulator.set_switch("audits_export", switch)
    rows = [_row(number, number) for number in range(450)]
    rows[7]["fields"]["action"] = 'Said "a,\nb"'
    _fill(emulator, rows)
    export = frontegg_client.audits.export_csv("acme", columns={"frontegg_id": "Id", "action": "What"})
    pieces = [piece async for piece in export]
    assert len(pieces) == (3 if switch == "page" else 1)
    await export.save(tmp_path / "audits.csv")
    written = "".join(pieces)
    assert _read(tmp_path / "audits.csv") == written
    heading, *found = csv.reader(io.StringIO(written, newline=""))
    assert (heading, [row[0] for row in found]) == (["Id", "What"], [f"a{number}" for number in range(450)])
    assert found[7][1] == 'Said "a,\nb"'


async def test_an_export_that_does_not_go_on_is_refused(tmp_path: Path) -> None:
    """A service that sends the same rows again sends more than it counts; no file is left."""
    same = "Id\n" + "".join(f"{number}\n" for number in range(200))

    def answer(total: int | None, request: RawRequest) -> Answer:
        if request.path.endswith("/export/csv"):
            return http(200, raw=same.encode(), headers={"Content-Type": "text/csv"})
        return http(200, {"data": [], "total": total})

    for total in (None, 0, 200, 400, 450):
        async with raw_server(partial(answer, total)) as server, make_client(server.url) as client:
            with pytest.raises(ProtocolError, match="did not continue"):
                await client.audits.export_csv("acme").save(tmp_path / "audits.csv")
        assert _files_in(tmp_path) == []
        assert len(server.requests) <= 5


@pytest.mark.parametrize("page", [0, 1, 2])
@pytest.mark.parametrize("body", ["", "Id\n", '{"errors": ["x"]}'])
async def test_an_export_without_rows_that_the_service_counts_is_refused(tmp_path: Path, page: int, body: str) -> None:
    """A page whose body was lost is no end, and JSON is no page; an older file stays."""
    path = tmp_path / "audits.csv"
    path.write_text("older", encoding="utf-8")

    def answer(request: RawRequest) -> Answer:
        if not request.path.endswith("/export/csv"):
            return http(200, {"data": [], "total": 450})
        offset = int(parse_qs(urlsplit(request.target).query).get("offset", ["0"])[0])
        rows = "".join(f"{number}\n" for number in range(offset, min(offset + 200, 450)))
        text = body if offset == page * 200 else f"Id\n{rows}"
        return http(200, raw=text.encode(), headers={"Content-Type": "text/csv"})

    async with raw_server(answer) as server, make_client(server.url) as client:
        with pytest.raises(ProtocolError, match=r"no rows where it counts|JSON instead"):
            await client.audits.export_csv("acme").save(path)
    assert path.read_text(encoding="utf-8") == "older"


async def test_an_export_may_have_the_same_rows_on_two_pages(
    emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """As many sign-ins of a script have, if no column says when they were."""
    rows = [_row(number, number) for number in range(450)]
    for row in rows:
        row["fields"]["action"] = "Signed in"
    _fill(emulator, rows)

    written = "".join([piece async for piece in frontegg_client.audits.export_csv("acme", columns={"action": "What"})])

    assert written.splitlines() == ["What", *["Signed in"] * 450]


def test_a_blocking_export(emulator: EmulatorHandle, frontegg_sync_client: Frontegg, tmp_path: Path) -> None:
    """It is iterated and saved as the awaited one; a device is not replaced."""
    _fill(emulator, [_row(0, 0)])
    export = frontegg_sync_client.audits.export_csv("acme", columns={"action": "What"})
    export.save(tmp_path / "audits.csv")
    assert "".join(export) == _read(tmp_path / "audits.csv") == "What\r\nDid 0\r\n"
    with pytest.raises(OSError, match="not a regular file"):
        export.save(tmp_path)
