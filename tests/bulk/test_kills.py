"""Runs that end at any instant: the emulator's journal says that nothing is doubled and nothing is lost.

A stop in process is what a kill is to the ledger and to the service: from a random step of the event loop on, nothing
is written to the ledger any more, and every connection is dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.bulk import stores
from frontegg_async.bulk.mixed import MixedRow, run_mixed
from frontegg_async.bulk.settings import settings_of
from frontegg_async.bulk.sqlite_store import SqliteStore
from frontegg_async.emulator import EmulatorHandle
from tests.bulk.killed_rows import rows_of

pytestmark = pytest.mark.anyio

ROWS = 30


class KilledError(BaseException):
    """The process is gone."""


class Stop:
    """Ends a run after a number of steps: of its tasks, and before and after commits of its ledger."""

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.task: asyncio.Task[Any] | None = None

    @property
    def is_over(self) -> bool:
        return self.left <= 0

    def step(self) -> None:
        """Take a step; after the last one the process is gone."""
        self.left -= 1
        if self.left == 0 and self.task is not None:
            self.task.get_loop().call_soon_threadsafe(self.task.cancel)

    def check(self) -> None:
        """Raise if the process is gone, after a step."""
        self.step()
        if self.is_over:
            raise KilledError


class Counted(Coroutine[Any, Any, Any]):
    """A coroutine whose steps are counted."""

    def __init__(self, inner: Any, stop: Stop) -> None:
        self._inner = inner
        self._stop = stop

    def __await__(self) -> Any:
        return self._inner.__await__()

    def send(self, value: Any) -> Any:
        self._stop.step()
        return self._inner.send(value)

    def throw(self, *error: Any) -> Any:
        return self._inner.throw(*error)

    def close(self) -> None:
        self._inner.close()


def mortal(monkeypatch: pytest.MonkeyPatch, stop: Callable[[], Stop]) -> None:
    """Let the ledger end with its process: whatever is called after that does nothing."""
    whole = SqliteStore._in_transaction

    def in_transaction(self: SqliteStore, function: Callable[[], Any]) -> Any:
        stop().check()
        value = whole(self, function)
        stop().check()
        return value

    monkeypatch.setattr(SqliteStore, "_in_transaction", in_transaction)


async def run_killed(emulator: EmulatorHandle, begin: Callable[[AsyncFrontegg], Any], stop: Stop) -> bool:
    """Run a job until it is killed; return whether it ended before."""
    loop = asyncio.get_running_loop()
    async with AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as client:
        loop.set_task_factory(lambda loop, inner, **given: asyncio.Task(Counted(inner, stop), loop=loop, **given))
        try:
            stop.task = asyncio.create_task(begin(client))
            with contextlib.suppress(KilledError, asyncio.CancelledError):
                await stop.task
                return True
        finally:
            loop.set_task_factory(None)
    return False


def judge(emulator: EmulatorHandle, ids: set[str]) -> None:
    """Nothing is doubled, and nothing is lost."""
    created: Counter[str] = Counter()
    for entry in emulator.journal():
        if entry.effect and entry.route == "tenants.create":
            created.update(entry.effect.created)
            assert not entry.effect.changed
    assert set(created) == ids
    assert set(created.values()) == {1}


def family(count: int) -> list[dict[str, Any]]:
    """Return rows with ids and without, and some below others that come later."""
    rows: list[dict[str, Any]] = [{"name": f"Tenant {n}", "metadata": {"n": n}} for n in range(count // 2)]
    rows += [{"tenant_id": f"c{n}", "name": f"Child {n}", "parent_tenant_id": f"p{n % 4}"} for n in range(count // 4)]
    rows += [{"tenant_id": f"p{n}", "name": f"Parent {n}", "is_reseller": True} for n in range(4)]
    rows += [{"tenant_id": f"t{n}", "name": f"Own {n}"} for n in range(count - len(rows))]
    return rows


async def go_on(
    client: AsyncFrontegg,
    *,
    ledger: Path,
    concurrency: int,
    operation: str = "create",
    rows: Sequence[dict[str, Any]] = (),
) -> None:
    """Begin a job, or resume it if its input was read."""
    if os.path.exists(ledger) and stores.read_report(ledger).total:  # noqa: ASYNC240, PTH110 - in memory
        await client.bulk.resume(ledger, concurrency=concurrency)
    else:
        how: dict[str, Any] = {"confirm": True} if operation == "delete" else {}
        how |= {"rate": None} if operation == "invite" else {}
        begin = getattr(client.bulk, operation)
        await begin(rows or family(ROWS), ledger=ledger, concurrency=concurrency, **how)


async def kill_often(emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch, directory: Path, kills: int) -> None:
    """Kill jobs at random steps until there were so many kills; each job ends whole."""
    chance = random.Random(17)
    current: list[Stop] = [Stop(0)]
    mortal(monkeypatch, lambda: current[0])
    done = job = 0
    while done < kills:
        job += 1
        ledger = directory / f"{job}.sqlite3"
        emulator.reset()
        is_over = False
        while not is_over:
            current[0] = Stop(chance.randrange(1, 200))
            begin = partial(go_on, ledger=ledger, concurrency=chance.choice((1, 4, 16)))
            is_over = await run_killed(emulator, begin, current[0])
            done += not is_over
        report = stores.read_report(ledger)
        assert (report.succeeded, report.total) == (ROWS, ROWS), [r.message for r in report.failures()]
        judge(emulator, {row.tenant_id or "" for row in report._reader.rows()})
        del report
        for file in directory.glob(f"{ledger.name}*"):  # noqa: ASYNC240 - in memory, which may be small
            file.unlink()


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A directory in memory, where there is one: what a disk does is no subject here, and takes most of the time."""
    shared = Path("/dev/shm")
    if not shared.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=shared) as directory:
        yield Path(directory)


@pytest.mark.slow
async def test_a_few_kills(frontegg_emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch, memory: Path) -> None:
    """Nothing is doubled, nothing is lost."""
    await kill_often(frontegg_emulator, monkeypatch, memory, 20)


SEED: list[dict[str, Any]] = [
    {"tenantId": f"t{n}", "name": f"T{n}", "metadata": {"key": n}, "isReseller": n < 4} for n in range(24)
]
CHANGES: dict[str, tuple[list[dict[str, Any]], Callable[[dict[str, Any]], bool]]] = {
    "update": ([{"name": "New"}], lambda row: row["name"] == "New"),
    "add_metadata": ([{"metadata": {"plan": "pro"}}], lambda row: '"plan"' in str(row["metadata"]).replace("'", '"')),
    "delete_metadata": ([{"key": "key"}], lambda row: "key" not in str(row["metadata"])),
    "lock": ([{}], lambda row: row["isLocked"]),
    "update_account_settings": ([{"currency": "EUR"}], lambda row: row["currency"] == "EUR"),
    "delete": ([{}], lambda row: row["deletedAt"] is not None),
    "assign": ([{"parent_id": "t0"}], lambda row: row["parentTenantId"] == "t0"),
}


@pytest.mark.parametrize("operation", CHANGES)
async def test_other_operations_are_killed(
    frontegg_emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch, memory: Path, operation: str
) -> None:
    """Each row has its effect in the end."""
    chance = random.Random(operation)
    current: list[Stop] = [Stop(0)]
    mortal(monkeypatch, lambda: current[0])
    frontegg_emulator.seed(tenants=SEED)
    [values], is_done = CHANGES[operation]
    rows = [{"tenant_id": f"t{n}", **values} for n in range(4, 24)]
    kills = 0
    is_over = False
    while not is_over:
        current[0] = Stop(chance.randrange(1, 120 if kills < 6 else 10_000))
        begin = partial(go_on, ledger=memory / operation, concurrency=2, operation=operation, rows=rows)
        is_over = await run_killed(frontegg_emulator, begin, current[0])
        kills += 1
    report = stores.read_report(memory / operation)
    assert (report.succeeded, report.total) == (20, 20), [row.message for row in report.failures()]
    snapshot: Any = frontegg_emulator.snapshot()
    changed = {row["tenantId"]: is_done(row) for row in snapshot["environments"][0]["tenants"]}
    assert all(changed.get(row["tenant_id"], operation == "delete") for row in rows)


@pytest.mark.slow
async def test_assignments_of_plans_are_killed(
    frontegg_emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch, memory: Path
) -> None:
    """Each tenant has the plan once in the end: the service would make a second assignment."""
    chance = random.Random(10)
    current: list[Stop] = [Stop(0)]
    mortal(monkeypatch, lambda: current[0])
    frontegg_emulator.seed({"tenants": SEED, "tables": {"plans": [{"id": "pro", "name": "Pro"}]}})
    ids = [f"t{n}" for n in range(24)]
    rows = [{"tenant_id": each, "plan": "Pro", "expires_at": "2030-01-31"} for each in ids]
    kills = 0
    is_over = False
    while not is_over:
        current[0] = Stop(chance.randrange(1, 80 if kills < 12 else 10_000))
        begin = partial(go_on, ledger=memory / "plans", concurrency=2, operation="assign_plan", rows=rows)
        is_over = await run_killed(frontegg_emulator, begin, current[0])
        kills += 1
    report = stores.read_report(memory / "plans")
    assert (report.succeeded, report.total) == (24, 24), [row.message for row in report.failures()]
    snapshot: Any = frontegg_emulator.snapshot()
    assigned = Counter(row["tenantId"] for row in snapshot["environments"][0]["tables"]["planAssignments"])
    assert assigned == Counter(ids)


@pytest.mark.slow
@pytest.mark.parametrize(
    "operation", ["invite", "add_to_tenant", "remove_from_tenant", "assign_roles", "unassign_roles"]
)
async def test_jobs_of_users_are_killed(
    frontegg_emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch, memory: Path, operation: str
) -> None:
    """Each user is in the tenant once, or not at all, with the roles of the row; no request succeeds twice."""
    chance = random.Random(11)
    current: list[Stop] = [Stop(0)]
    mortal(monkeypatch, lambda: current[0])
    people = [f"u{n}@x.example" for n in range(16)]
    is_left = operation in {"remove_from_tenant", "assign_roles", "unassign_roles"}
    tenant_ids = ["t0", "t1"] if is_left else ["t0"]
    users = [{"id": each[:-10], "email": each, "tenantId": "t0", "tenantIds": tenant_ids} for each in people]
    frontegg_emulator.seed({"tenants": SEED, "users": [] if operation == "invite" else users})
    rows: list[dict[str, Any]] = [{"tenant_id": "t1", "email": each} for each in people]
    if operation not in {"add_to_tenant", "remove_from_tenant"}:
        rows = [{**row, "roles": "Admin"} for row in rows]
    with frontegg_emulator.client() as client:
        [admin] = client.roles.ids_of(["Admin"])
        if operation == "unassign_roles":
            for user in users:
                client.users.assign_roles(str(user["id"]), tenant_id="t1", role_ids=[admin])
    is_over, kills = False, 0
    while not is_over:
        current[0] = Stop(chance.randrange(1, 120 if kills < 12 else 10_000))
        begin = partial(go_on, ledger=memory / operation, concurrency=4, operation=operation, rows=rows)
        is_over = await run_killed(frontegg_emulator, begin, current[0])
        kills += 1
    report = stores.read_report(memory / operation)
    rows = [{**row.input} for row in report.rows(only="unknown")]
    assert operation in {"remove_from_tenant", "unassign_roles"} or not rows
    assert report.succeeded == 16 - len(rows), [row.message for row in report.failures()]
    if rows:  # they may have had their effect before somebody gave the membership again: only a new job repeats them
        current[0] = Stop(10_000)
        begin = partial(go_on, ledger=memory / "again", concurrency=4, operation=operation, rows=rows)
        assert await run_killed(frontegg_emulator, begin, current[0])
        assert stores.read_report(memory / "again").succeeded == len(rows)
    with frontegg_emulator.client() as client:
        members = {user.email: user.id for user in client.users.list("t1")}
        assert sorted(members) == ([] if operation == "remove_from_tenant" else sorted(people))
        if "roles" in operation or operation == "invite":
            found = client.users.list_roles([*members.values()], tenant_id="t1")
            assert {admin in each.role_ids for each in found} == {operation != "unassign_roles"}
    done = Counter(entry.path for entry in frontegg_emulator.journal() if entry.route == "users.add_to_tenant")
    invited = [entry.status for entry in frontegg_emulator.journal() if entry.route == "users.invite"]
    assert invited.count(201) <= 16
    assert 409 not in invited
    assert set(done.values()) <= {1, 2}


def planned(app_id: str) -> list[MixedRow]:
    """Return rows that expect values, of operations with one request and with two."""

    def row(operation: str, before: Any, generation: int = 0, **values: Any) -> MixedRow:
        return MixedRow(operation=operation, values=values, before=before, generation=generation)

    rows: list[MixedRow] = []
    for n in range(4, 24):
        given = {"tenant_id": f"t{n}"}
        both = {"name": "New", "metadata.key": 100}
        rows += [
            row("update", {"name": f"T{n}", "metadata": {"key": n}}, **given, **both),
            row("move", {"parent_tenant_id": "t0"}, 1, **given, parent_tenant_id=None if n % 4 else "t1"),
            row("assign_application", {"is_assigned": False}, 2, **given, app_id=app_id),
            row("lock", {"is_locked": False}, 3, **given),
            row("create", None, 0, tenant_id=f"n{n}", name="N", parent_tenant_id="t2"),
            row("add_metadata", {"metadata": {}}, 1, tenant_id=f"n{n}", metadata={"a": n}),
        ]
    return rows


@pytest.mark.slow
async def test_rows_that_expect_values_are_killed(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, monkeypatch: pytest.MonkeyPatch, memory: Path
) -> None:
    """None of them is taken for a change of others, and each has its effect in the end."""
    chance = random.Random(17)
    current: list[Stop] = [Stop(0)]
    mortal(monkeypatch, lambda: current[0])
    below = {f"t{n}": "t0" for n in range(4, 24)}
    frontegg_emulator.seed(tenants=[{**row, "parentTenantId": below.get(row["tenantId"])} for row in SEED])
    app = await frontegg_client.applications.create(
        name="Desk", app_url="https://a", login_url="https://b", access_type="managed_access"
    )
    rows = planned(app.id)

    def begin(client: AsyncFrontegg) -> Any:
        settings = settings_of(chance.choice((1, 4)), None, 0.0, None)
        where = client._environment.name, rows, memory / "planned"
        return run_mixed(client._caller, *where, identity="plan", settings=settings)

    kills = 0
    is_over = False
    while not is_over:
        current[0] = Stop(chance.randrange(1, 200 if kills < 40 else 100_000))
        is_over = await run_killed(frontegg_emulator, begin, current[0])
        kills += 1
    report = stores.read_report(memory / "planned")
    assert (report.succeeded, report.total) == (len(rows), len(rows)), [
        reason.example.message for reason in report.reasons()
    ]
    snapshot: Any = frontegg_emulator.snapshot()
    found = {row["tenantId"]: row for row in snapshot["environments"][0]["tenants"]}
    for n in range(4, 24):
        old, new = found[f"t{n}"], found[f"n{n}"]
        assert (old["name"], old["parentTenantId"], old["isLocked"]) == ("New", None if n % 4 else "t1", True)
        assert (new["name"], new["parentTenantId"]) == ("N", "t2")
        assert [each.app_id for each in await frontegg_client.applications.list_assigned(f"t{n}")] == [app.id]
    assert (await frontegg_client.tenants.get("n4")).metadata == {"a": 4}
    assert (await frontegg_client.tenants.get("t4")).metadata == {"key": 100}


@pytest.mark.early
@pytest.mark.acceptance
@pytest.mark.parametrize("kills", [200, pytest.param(2_000, marks=pytest.mark.extended)])
async def test_many_kills(
    frontegg_emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch, memory: Path, kills: int
) -> None:
    """Nothing is doubled, nothing is lost."""
    await kill_often(frontegg_emulator, monkeypatch, memory, kills)


def kill_programs(emulator: EmulatorHandle, directory: Path, kills: int) -> None:
    """Have a program run jobs and kill their processes with SIGKILL; the journal is the judge."""
    program = [sys.executable, "-m", "tests.bulk.killed_program", emulator.url, emulator.client_id, emulator.secret]
    done = subprocess.run(
        [*program, str(directory), "120", str(kills), "17"], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    jobs = [f"job{job}" for job in range(1, int(done.stdout) + 1)]
    judge(emulator, {row["tenant_id"] for job in jobs for row in rows_of(job, 120)})
    for job in jobs:
        report = stores.read_report(directory / f"{job}.sqlite3")
        assert (report.succeeded, report.total) == (120, 120)


needs_fork = pytest.mark.skipif(not hasattr(signal, "sigtimedwait"), reason="the program forks, as on Linux")


@needs_fork
@pytest.mark.each_python
def test_a_few_killed_programs(frontegg_emulator: EmulatorHandle, tmp_path: Path) -> None:
    """Nothing is doubled, nothing is lost."""
    kill_programs(frontegg_emulator, tmp_path, 8)


@pytest.mark.early
@needs_fork
@pytest.mark.acceptance
@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=pytest.mark.extended)])
def test_many_killed_programs(frontegg_emulator: EmulatorHandle, tmp_path: Path, kills: int) -> None:
    """Nothing is doubled, nothing is lost."""
    kill_programs(frontegg_emulator, tmp_path, kills)
