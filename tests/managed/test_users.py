"""People of accounts as managed objects, by themselves and in rows of a job."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import Before
from frontegg_async.bulk.mixed import MixedRow, run_mixed
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.settings import settings_of
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import ConflictError, InvalidArgumentError, NotFoundError
from frontegg_async.managed.kinds import ManagedObject, Objects
from frontegg_async.managed.users import Users
from frontegg_async.managed.values import ObjectChanges
from frontegg_async.testing import EmulatorFaults

pytestmark = pytest.mark.anyio

USERS = Users()
INVITE = "/identity/resources/users/v2"
USER = "/identity/resources/users/v1"
SETTINGS = settings_of(4, None, 0.0, None)


@pytest.fixture
async def client(frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of two accounts, a role of the environment beside ``Admin``, and a role of one account."""
    for name in ("acme", "kiosk"):
        await frontegg_client.tenants.create(tenant_id=name, name=name)
    await frontegg_client.roles.create(key="editor", name="Editor", level=1)
    await frontegg_client.for_tenant("acme").roles.create(key="own", name="Own", level=1)
    return frontegg_client


def changes(**values: JsonValue) -> ObjectChanges:
    """Return changes; ``__`` stands for the dot of a member."""
    return ObjectChanges(USERS.fields, {name.replace("__", "."): value for name, value in values.items()})


def seed(emulator: EmulatorHandle, **user: JsonValue) -> None:
    """Add a user of an account, by the names of a seed."""
    emulator.seed(users=[{"tenantId": "acme", "tenantIds": ["acme"], **user}])


def written(emulator: EmulatorHandle) -> list[str]:
    """Return the operations of the writes since the journal was cleared."""
    return [entry.route or "" for entry in emulator.journal() if entry.method != "GET"]


async def people(client: AsyncFrontegg, account: str = "acme", keys: Sequence[str] | None = None) -> Objects:
    return await USERS.read(client._caller.for_tenant(account), keys)


async def person(client: AsyncFrontegg, key: str, account: str = "acme") -> ManagedObject:
    return (await people(client, account)).found[key]


async def invite(client: AsyncFrontegg, key: str, account: str = "acme", **values: JsonValue) -> ManagedObject:
    await USERS.create(client._caller.for_tenant(account), key, changes(**values), send_email=False)
    return await person(client, key, account)


async def run(client: AsyncFrontegg, ledger: Path, *rows: MixedRow) -> BulkReport:
    return await run_mixed(client._caller, client._environment.name, rows, ledger, identity="abc", settings=SETTINGS)


def row(operation: str, before: Before, *, generation: int = 0, **values: JsonValue) -> MixedRow:
    given: Mapping[str, JsonValue] = {"target": "acme", "part": "users", **values}
    return MixedRow(operation=operation, values=given, before=before, generation=generation)


async def test_all_people_with_roles(client: AsyncFrontegg) -> None:
    """People of the account have their roles there, of the environment and of the account."""
    await invite(client, "ann@acme.example", name="Ann", roles__Admin=True, roles__own=True)
    await invite(client, "bob@acme.example", "kiosk", name="Bob", roles__editor=True)
    await invite(client, "bob@acme.example", name="Bob", roles__Admin=True)
    found = (await people(client)).found
    assert {key: each.values for key, each in found.items()} == {
        "ann@acme.example": {"name": "Ann", "roles": ["Admin", "own"]},
        "bob@acme.example": {"name": "Bob", "roles": ["Admin"]},
    }


async def test_a_few_people_are_read_by_their_addresses(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg
) -> None:
    """The addresses are compared without their case, and the roles of all come with two requests."""
    for name in ("Ann", "Bob", "Cyd"):
        seed(frontegg_emulator, id=name, email=f"{name}@Acme.example")
    frontegg_emulator.clear_journal()
    objects = await people(client, keys=["ann@acme.example", "bob@acme.example", "dan@acme.example"])
    assert {key: each.id for key, each in objects.found.items()} == {
        "ann@acme.example": "Ann",
        "bob@acme.example": "Bob",
    }
    routes = sorted(entry.route or "" for entry in frontegg_emulator.journal() if "users" in (entry.route or ""))
    assert routes == ["users.list", "users.list", "users.list", "users.list_roles"]


async def test_many_people_are_listed(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """One listing takes fewer requests than a request for each."""
    frontegg_emulator.clear_journal()
    objects = await people(client, keys=[f"{each}@acme.example" for each in range(6)])
    assert not objects.found
    assert [entry.route for entry in frontegg_emulator.journal()].count("users.list") == 1


async def test_two_users_with_one_address(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """Addresses that differ in case only are repeated, and not managed."""
    seed(frontegg_emulator, id="2", email="ann@acme.example")
    seed(frontegg_emulator, id="1", email="Ann@acme.example")
    objects = await people(client)
    assert (objects.found, objects.repeated) == ({}, {"ann@acme.example": ("1", "2")})


@pytest.mark.parametrize(
    ("managed_by", "reason"),
    [
        ("frontegg", None),
        ("scim2", "SCIM manages it"),
        ("external", "an external directory manages it"),
    ],
)
async def test_people_of_directories_stay(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, managed_by: str, reason: str | None
) -> None:
    """They have a reason to stay, and exports show who manages them."""
    seed(frontegg_emulator, id="ann", email="ann@acme.example", managedBy=managed_by)
    found = await person(client, "ann@acme.example")
    assert found.reason_to_stay == reason
    assert found.read_only == ({} if reason is None else {"managed_by": managed_by})


async def test_who_is_active(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """A person who waits for the invitation, is locked or is kept out of this account cannot act in it."""
    waiting = await invite(client, "ann@acme.example")
    assert not waiting.is_active
    active: JsonValue = {"status": "Activated"}
    frontegg_emulator.update_user(waiting.id, {"memberships": {"acme": active, "kiosk": {"status": "PendingLogin"}}})
    assert (await person(client, "ann@acme.example")).is_active
    await client.users.disable(waiting.id, tenant_id="acme")
    assert not (await person(client, "ann@acme.example")).is_active
    await client.users.enable(waiting.id, tenant_id="acme")
    await client.users.lock(waiting.id)
    assert not (await person(client, "ann@acme.example")).is_active


async def test_an_invitation_is_one_write(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """A killed job leaves nobody half invited."""
    frontegg_emulator.clear_journal()
    await invite(client, "ann@acme.example", name="Ann", roles__editor=True)
    assert written(frontegg_emulator) == ["users.invite"]


async def test_a_person_of_other_accounts(client: AsyncFrontegg) -> None:
    """With another name nobody is invited; with the same, or with none, the person keeps it."""
    await invite(client, "ann@acme.example", "kiosk", name="Anna")
    with pytest.raises(ConflictError, match="in other accounts with the name 'Anna'"):
        await invite(client, "ann@acme.example", name="Ann")
    assert not (await people(client)).found
    assert (await invite(client, "ann@acme.example", name="Anna ")).values["name"] == "Anna"
    await invite(client, "bob@acme.example", "kiosk", name="Bob")
    assert (await invite(client, "bob@acme.example")).values["name"] == "Bob"


async def test_a_role_that_there_is_not(client: AsyncFrontegg) -> None:
    """The error names a role that may be meant, and nobody is invited."""
    with pytest.raises(NotFoundError, match="there is no role 'editr'; did you mean 'editor'"):
        await invite(client, "ann@acme.example", roles__editr=True)
    assert not (await people(client)).found


async def test_a_key_of_two_roles(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """A role of the environment and one of the account are told apart by nothing, so that neither is given."""
    document = json.dumps(frontegg_emulator.export_seed())
    frontegg_emulator.import_seed(json.loads(document.replace('"key": "own"', '"key": "editor"')))
    with pytest.raises(InvalidArgumentError, match="the environment and the account both have a role 'editor'"):
        await invite(client, "ann@acme.example", roles__editor=True)
    assert not (await people(client)).found
    assert (await invite(client, "ann@acme.example", "kiosk", roles__editor=True)).values["roles"] == ["editor"]


async def test_changes_of_a_person(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """Roles are added before others are removed, and stay as they are in other accounts."""
    await invite(client, "ann@acme.example", "kiosk", name="Ann", roles__editor=True)
    made = await invite(client, "ann@acme.example", roles__editor=True, roles__own=True)
    frontegg_emulator.clear_journal()
    caller = client._caller.for_tenant("acme")
    await USERS.update(caller, made.key, made.id, changes(name="Anna", roles__editor=False, roles__Admin=True))
    assert (await person(client, made.key)).values == {"name": "Anna", "roles": ["Admin", "own"]}
    assert (await person(client, made.key, "kiosk")).values["roles"] == ["editor"]
    assert written(frontegg_emulator) == ["users.update", "users.assign_roles", "users.unassign_roles"]


async def test_a_removal_is_from_one_account(client: AsyncFrontegg) -> None:
    """The person stays in other accounts."""
    await invite(client, "ann@acme.example", "kiosk")
    made = await invite(client, "ann@acme.example")
    await USERS.delete(client._caller.for_tenant("acme"), made.key, made.id)
    assert not (await people(client)).found
    assert (await person(client, made.key, "kiosk")).id == made.id


async def test_no_removal_without_an_account(client: AsyncFrontegg) -> None:
    """The service would delete the person everywhere."""
    made = await invite(client, "ann@acme.example")
    with pytest.raises(InvalidArgumentError, match="tenant_id"):
        await USERS.delete(client._caller, made.key, made.id)
    assert await person(client, made.key)


@pytest.mark.parametrize("key", ["", "ann", "ann@", "@acme.example", "a b@acme.example"])
def test_keys_that_are_no_addresses(key: str) -> None:
    """A person has an e-mail address."""
    assert (USERS.key_problem(key) or "").startswith("the key must")


def test_a_key_in_lower_case() -> None:
    """Letters outside of ASCII stay, since the service may keep such addresses apart."""
    assert USERS.key_problem("Ann@Acme.example") is None
    assert USERS.normal_key("Änn.B@Acme.example") == "Änn.b@acme.example"


@pytest.mark.slow
async def test_rows_that_write_people(client: AsyncFrontegg, tmp_path: Path) -> None:
    """A job creates, changes and removes people; other ones are as they were."""
    ann = await invite(client, "ann@acme.example", name="Ann", roles__editor=True)
    bob = await invite(client, "bob@acme.example", name="Bob")
    new: JsonValue = {"name": "Cyd", "roles.Admin": True}
    rows = (
        row("create_object", None, object="Cyd@acme.example", values=new),
        row(
            "update_object",
            {"roles.editor": True, "roles.own": False},
            object="ann@acme.example",
            id=ann.id,
            values={"roles.editor": False, "roles.own": True},
            generation=1,
        ),
        row("delete_object", bob.values, object="bob@acme.example", id=bob.id, generation=2),
    )
    report = await run(client, tmp_path / "l", *rows)
    assert report.succeeded == 3, [each.message for each in report.rows()]
    assert {key: each.values for key, each in (await people(client)).found.items()} == {
        "ann@acme.example": {"name": "Ann", "roles": ["own"]},
        "cyd@acme.example": {"name": "Cyd", "roles": ["Admin"]},
    }
    again = await run(client, tmp_path / "l", *rows)
    assert (again.succeeded, again.total) == (3, 3)
    assert (await run(client, tmp_path / "m", *rows)).succeeded == 3  # done without a write


@pytest.mark.slow
async def test_rows_that_are_stale(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path) -> None:
    """People who changed since, were made anew or are there already stay as they are."""
    ann = await invite(client, "ann@acme.example", name="Anna")
    bob = await invite(client, "bob@acme.example", name="Bob")
    await USERS.delete(client._caller.for_tenant("acme"), bob.key, bob.id)
    anew = await invite(client, "bob@acme.example", name="Bob")
    frontegg_emulator.clear_journal()
    rows = (
        row("update_object", {"name": "Ann"}, object=ann.key, id=ann.id, values={"name": "A"}),
        row("update_object", {"name": "Bob"}, object=bob.key, id=bob.id, values={"name": "B"}, generation=1),
        row("delete_object", bob.values, object=bob.key, id=bob.id, generation=2),
        row("create_object", None, object=bob.key, values={"name": "Robert"}, generation=3),
    )
    report = await run(client, tmp_path / "l", *rows)
    assert [each.state for each in report.rows()] == ["stale"] * 4
    assert anew.id != bob.id
    assert not written(frontegg_emulator)


async def test_a_row_of_a_person_of_other_accounts(client: AsyncFrontegg, tmp_path: Path) -> None:
    """A row with another name fails, and says which name the person has."""
    await invite(client, "ann@acme.example", "kiosk", name="Anna")
    report = await run(
        client, tmp_path / "l", row("create_object", None, object="ann@acme.example", values={"name": "Ann"})
    )
    [failed] = report.failures()
    assert "in other accounts with the name 'Anna'" in (failed.message or "")
    assert not (await people(client)).found


@pytest.mark.slow
async def test_rows_whose_responses_are_lost(
    frontegg_emulator: EmulatorHandle, frontegg_faults: EmulatorFaults, client: AsyncFrontegg, tmp_path: Path
) -> None:
    """A person is invited once; giving and taking roles again changes nothing."""
    ann = await invite(client, "ann@acme.example", name="Ann", roles__editor=True)
    frontegg_emulator.clear_journal()
    for path, method in ((INVITE, "POST"), (f"{USER}/{ann.id}/roles", "DELETE"), (f"{USER}/{ann.id}/roles", "POST")):
        frontegg_faults.lost_response(path=path, method=method, times=1)
    new: JsonValue = {"name": "Cyd", "roles.Admin": True}
    roles: JsonValue = {"roles.editor": False, "roles.own": True}
    expected: Before = {"roles.editor": True, "roles.own": False}
    report = await run(
        client,
        tmp_path / "l",
        row("create_object", None, object="cyd@acme.example", values=new, send_email=False),
        row("update_object", expected, object=ann.key, id=ann.id, values=roles, generation=1),
    )
    assert report.succeeded == 2, [each.message for each in report.rows()]
    assert written(frontegg_emulator).count("users.invite") == 1
    assert {key: each.values["roles"] for key, each in (await people(client)).found.items()} == {
        "ann@acme.example": ["own"],
        "cyd@acme.example": ["Admin"],
    }
