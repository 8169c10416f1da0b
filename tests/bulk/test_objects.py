"""Rows that create, change and delete managed objects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg, Options
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk import BulkReport
from frontegg_async.bulk.mixed import MixedRow
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.managed.fields import SECRET, Shape
from frontegg_async.managed.kinds import ManagedObject
from frontegg_async.managed.values import shown_at
from tests.bulk.each_store import new_address
from tests.bulk.guarded_rows import apply, row, states
from tests.managed.environment_cases import CASES, Flat, prepare
from tests.managed.writing import create, delete, full, kind_of, read, shown, update, without_secrets
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

CREATED = [name for name, case in CASES.items() if kind_of(name).can_create]
PATHS = {"roles": ("name", "level"), "applications": ("description", "metadata.team"), "webhooks": ("url", "is_active")}
"""Kinds, and a field that a row changes, and another one."""
KINDS = pytest.mark.parametrize("name", PATHS)
ONCE = Options(max_retries=0)


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the variable with the secret of hooks."""
    monkeypatch.setenv("HOOK_SECRET", "canary")


@pytest.fixture
async def client(frontegg_emulator: EmulatorHandle) -> AsyncIterator[AsyncFrontegg]:
    """Yield a client that sends each request once, of an environment with objects of each kind."""
    async with AsyncFrontegg(
        frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url, options=ONCE
    ) as client:
        await prepare(client)
        frontegg_emulator.clear_journal()
        yield client


def object_row(
    operation: str,
    name: str,
    before: Flat | None,
    values: Flat | None = None,
    *,
    found: ManagedObject | None = None,
    generation: int = 0,
) -> MixedRow:
    """Return a row about the object of a case, whose secrets are references."""
    case = CASES[name]
    fields = kind_of(name).fields_of(case.key)
    target = f"{case.part}.{case.key}"
    given: dict[str, JsonValue] = {"target": target, "part": case.part, "object": case.key}
    if values is not None:
        given["values"] = {
            path: {SECRET: "env:HOOK_SECRET"} if fields[path.partition(".")[0]].shape is Shape.SECRET else value
            for path, value in values.items()
        }
    if found is not None and found.id:
        given["id"] = found.id
    return row(operation, before, generation, depends_on=target if generation else None, **given)


def creation(name: str) -> MixedRow:
    return object_row("create_object", name, None, full(name))


def change(name: str, found: ManagedObject, *paths: str) -> MixedRow:
    """Return a row that changes fields of an object as its case says."""
    values = {path: CASES[name].changes[path] for path in paths}
    return object_row("update_object", name, shown(name, found, values), values, found=found)


def deletion(name: str, found: ManagedObject) -> MixedRow:
    return object_row("delete_object", name, found.values, found=found)


def writes(emulator: EmulatorHandle) -> list[str | None]:
    """Return the routes of the requests that could change something."""
    return [each.route for each in emulator.journal() if each.method != "GET" and each.route != "auth.authenticate"]


async def found_object(client: AsyncFrontegg, name: str) -> ManagedObject:
    return (await read(client, name)).found[CASES[name].key]


@pytest.mark.parametrize("name", CREATED)
async def test_a_creation(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path, name: str) -> None:
    """It is one write; fields that it cannot set follow. Rows whose values are there already send nothing."""
    later = {
        path: value
        for path, value in CASES[name].changes.items()
        if kind_of(name).fields[path.partition(".")[0]].is_later
    }
    rows = [creation(name)]
    if later:
        before = {path: shown_at(kind_of(name).fields, {}, path) for path in later}
        rows.append(object_row("update_object", name, before, later, generation=1))

    report = await apply(client, rows, str(tmp_path / "l"))

    assert states(report) == ["done"] * len(rows), [each.message for each in report.rows()]
    found = await found_object(client, name)
    wanted = without_secrets(name, {**full(name), **later})
    assert shown(name, found, wanted) == wanted
    assert len(writes(frontegg_emulator)) == len(rows)
    frontegg_emulator.clear_journal()
    assert states(await apply(client, rows, str(tmp_path / "again"))) == ["done"] * len(rows)
    assert writes(frontegg_emulator) == []
    assert not any(b"canary" in (tmp_path / ledger).read_bytes() for ledger in ("l", "again"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.acceptance)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a ledger that is not there yet, in each store."""
    return new_address(request, tmp_path)


@KINDS
async def test_a_creation_of_a_key_that_others_use(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, address: str, name: str
) -> None:
    """It is stale. Rows that complete it are skipped, though the object of others has the values that they expect."""
    mine, other = PATHS[name]
    found = await create(client, name, {**full(name), mine: CASES[name].changes[mine]})
    frontegg_emulator.clear_journal()
    later = object_row("update_object", name, shown(name, found, {other: None}), {other: None}, generation=1)
    report = await apply(client, [creation(name), later], address)
    assert (states(report), writes(frontegg_emulator)) == (["stale", "skipped"], [])
    [skipped] = report.rows(only="skipped")
    assert str(skipped.message).startswith(f"{CASES[name].key} was not created: ")


async def test_rows_of_other_objects(client: AsyncFrontegg, address: str) -> None:
    """They are not skipped if the creation of an object of the same account is stale."""
    await client.tenants.create(tenant_id="acme", name="Acme")
    await client.users.invite("acme", email="ann@acme.example", name="Ann")
    rows = [
        row(operation, before, generation, depends_on=depends_on, target="acme", part="users", object=email, values=new)
        for operation, before, generation, depends_on, email, new in (
            ("create_object", None, 0, None, "ann@acme.example", {"name": "Anna"}),
            ("create_object", None, 0, None, "bob@acme.example", {"name": "Bob"}),
            ("update_object", {"name": "Ann"}, 1, "acme", "ann@acme.example", {"name": "Annie"}),
            ("update_object", {"name": "Bob"}, 1, "acme", "bob@acme.example", {"name": "Bobby"}),
        )
    ]
    report = await apply(client, rows, address)
    assert states(report) == ["stale", "done", "skipped", "done"], [each.message for each in report.rows()]


@KINDS
async def test_a_change(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path, name: str) -> None:
    """It is sent once, beside changes of other fields; a change of the same field makes it stale."""
    mine, others = PATHS[name]
    found = await create(client, name, full(name))
    rows = [change(name, found, mine)]
    await update(client, name, found, {others: CASES[name].changes[others]})
    frontegg_emulator.clear_journal()

    assert states(await apply(client, rows, str(tmp_path / "l"))) == ["done"]
    assert len(writes(frontegg_emulator)) == 1
    values = {path: CASES[name].changes[path] for path in (mine, others)}
    changed = await found_object(client, name)
    assert shown(name, changed, values) == values

    frontegg_emulator.clear_journal()
    assert states(await apply(client, rows, str(tmp_path / "again"))) == ["done"]
    await update(client, name, found, {mine: full(name)[mine]})
    frontegg_emulator.clear_journal()
    stale = [change(name, changed, mine, others)]
    report = await apply(client, stale, str(tmp_path / "late"))
    assert (states(report), writes(frontegg_emulator)) == (["stale"], [])


@KINDS
async def test_a_rename(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path, name: str) -> None:
    """The row finds the object by its id, before and after."""
    found = await create(client, name, full(name))
    key_field = kind_of(name).key_field
    rows = [object_row("update_object", name, {key_field: found.key}, {key_field: "other"}, found=found)]
    for ledger in ("l", "again"):
        frontegg_emulator.clear_journal()
        assert states(await apply(client, rows, str(tmp_path / ledger))) == ["done"]
        assert len(writes(frontegg_emulator)) == (1 if ledger == "l" else 0)
    assert (await read(client, name)).found["other"].id == found.id


@KINDS
async def test_a_deletion(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path, name: str) -> None:
    """It is stale once any value differs; an object that is gone is done."""
    found = await create(client, name, full(name))
    rows = [deletion(name, found)]
    path, _ = PATHS[name]
    changed = await update(client, name, found, {path: CASES[name].changes[path]})
    frontegg_emulator.clear_journal()
    assert states(await apply(client, rows, str(tmp_path / "late"))) == ["stale"]
    assert writes(frontegg_emulator) == []

    rows = [deletion(name, changed)]
    for ledger in ("l", "again"):
        frontegg_emulator.clear_journal()
        assert states(await apply(client, rows, str(tmp_path / ledger))) == ["done"]
        assert len(writes(frontegg_emulator)) == (1 if ledger == "l" else 0)


@KINDS
async def test_an_object_that_is_made_anew(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path, name: str
) -> None:
    """Its key is the same, and its id is another: it is neither changed nor deleted."""
    found = await create(client, name, full(name))
    await delete(client, name, found)
    anew = await create(client, name, full(name))
    frontegg_emulator.clear_journal()

    path, _ = PATHS[name]
    assert states(await apply(client, [change(name, found, path)], str(tmp_path / "change"))) == ["stale"]
    assert states(await apply(client, [deletion(name, found)], str(tmp_path / "deletion"))) == ["stale"]

    assert writes(frontegg_emulator) == []
    assert (await found_object(client, name)).values == anew.values


METHODS = {"create_object": "POST", "update_object": "PATCH", "delete_object": "DELETE"}
SENT = [(name, operation) for name in PATHS for operation in METHODS]


async def sent_row(client: AsyncFrontegg, name: str, operation: str) -> MixedRow:
    """Return the row of an operation, before which there is what it needs."""
    if operation == "create_object":
        return creation(name)
    found = await create(client, name, full(name))
    return change(name, found, PATHS[name][0]) if operation == "update_object" else deletion(name, found)


async def assert_done(client: AsyncFrontegg, report: BulkReport, name: str, operation: str) -> None:
    assert states(report) == ["done"], [each.message for each in report.rows()]
    objects = await read(client, name)
    assert (CASES[name].key in objects.found, objects.repeated) == (operation != "delete_object", {})


@pytest.mark.slow
@pytest.mark.parametrize(("name", "operation"), SENT)
async def test_a_write_that_was_lost(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path, name: str, operation: str
) -> None:
    """A later run sends it again."""
    rows = [await sent_row(client, name, operation)]
    match = {"method": METHODS[operation]}
    frontegg_emulator.add_fault(match=match, stage="before_commit", action={"type": "close"})
    frontegg_emulator.clear_journal()
    assert states(await apply(client, rows, str(tmp_path / "l"))) != ["done"]
    frontegg_emulator.delete_faults()
    await assert_done(client, await apply(client, rows, str(tmp_path / "l")), name, operation)
    assert len(writes(frontegg_emulator)) == 2


@pytest.mark.slow
@pytest.mark.parametrize(("name", "operation"), SENT)
async def test_a_run_that_ends_after_a_write(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path, name: str, operation: str
) -> None:
    """A later run finds its values, and sends nothing."""
    rows = [await sent_row(client, name, operation)]
    frontegg_emulator.add_fault(
        match={"method": METHODS[operation]}, stage="after_commit", action={"type": "delay", "seconds": 60}
    )
    frontegg_emulator.clear_journal()
    job = asyncio.create_task(apply(client, rows, str(tmp_path / "l")))
    await until(lambda: bool(frontegg_emulator.faults()[0]["fired"]))
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    frontegg_emulator.delete_faults()
    await assert_done(client, await apply(client, rows, str(tmp_path / "l")), name, operation)
    assert len(writes(frontegg_emulator)) == 1


async def test_a_change_of_which_one_request_failed(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path
) -> None:
    """A later run finds some values as they were and others as they were sent, and sends the row again."""
    found = await create(client, "roles", full("roles"))
    rows = [change("roles", found, "name", "permissions.reports.read")]
    frontegg_emulator.add_fault(match={"method": "PUT"}, stage="before_commit", action={"type": "close"})
    assert states(await apply(client, rows, str(tmp_path / "l"))) != ["done"]
    assert (await found_object(client, "roles")).values["name"] == "Author"
    frontegg_emulator.delete_faults()
    assert states(await apply(client, rows, str(tmp_path / "l"))) == ["done"]
    assert (await found_object(client, "roles")).values["permissions"] == ["reports.read"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not kind_of(name).can_create])
async def test_settings(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path, name: str) -> None:
    """Their rows have no id."""
    found = await create(client, name, full(name))
    rows = [change(name, found, *CASES[name].changes)]
    for ledger in ("l", "again"):
        frontegg_emulator.clear_journal()
        assert states(await apply(client, rows, str(tmp_path / ledger))) == ["done"]
        assert len(writes(frontegg_emulator)) == (1 if ledger == "l" else 0)
    assert (await found_object(client, name)).values == CASES[name].changes


async def test_a_secret_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Nothing is sent, and a later run with the secret sends the row."""
    monkeypatch.delenv("HOOK_SECRET")
    rows = [creation("webhooks")]
    report = await apply(client, rows, str(tmp_path / "l"))
    [failed] = report.rows()
    assert (failed.state.value, writes(frontegg_emulator)) == ("failed", [])
    assert "env:HOOK_SECRET" in str(failed.message)
    monkeypatch.setenv("HOOK_SECRET", "canary")
    assert states(await apply(client, rows, str(tmp_path / "l"))) == ["done"]
