"""Jobs about users: invitations, memberships and roles, each once."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator, EmulatorHandle
from frontegg_async.errors import InvalidArgumentError, UnusableRowsError
from frontegg_async.models.users import User
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

_TIMES: Final = {"createdAt": "2025-01-01T00:00:00.000Z", "updatedAt": "2025-01-01T00:00:00.000Z"}
TABLES: Final[Any] = {
    "roles": [
        {"id": "r-boss", "key": "Boss", "name": "Boss", **_TIMES},
        {"id": "r-viewer", "key": "Viewer", "name": "Viewer", **_TIMES},
        {"id": "r-own", "key": "Own", "name": "Own", "tenantId": "t1", **_TIMES},
    ]
}
INVITE: Final = {"method": "POST", "path": "/identity/resources/users/v2", "times": 1}


@pytest.fixture(autouse=True)
def _seeded(frontegg_emulator: EmulatorHandle) -> None:
    """Tenants, users and roles."""
    frontegg_emulator.seed(
        {
            "tenants": [{"tenantId": each, "name": each} for each in ("t0", "t1", "t2")],
            "users": [
                {"id": "ann", "email": "ann@x.example", "tenantId": "t0"},
                {"id": "bob", "email": "bob@x.example", "tenantId": "t0", "tenantIds": ["t0", "t1"]},
            ],
            "tables": TABLES,
        }
    )


def sent(emulator: EmulatorHandle, route: str) -> int:
    """Return how many requests of a route came."""
    return sum(entry.route == route for entry in emulator.journal())


async def skipped(emulator: AsyncEmulatorHandle, route: str) -> list[object]:
    """Return what each request of a route says of e-mails."""
    traces = [entry.trace_id for entry in await emulator.journal() if entry.route == route]
    exchanges = [await emulator.recorded_exchange(each) for each in traces]
    return [json.loads(each.request.body or "{}").get("skipInviteEmail") for each in exchanges]


async def user(client: AsyncFrontegg, email: str) -> User:
    """Return a user."""
    return await client.users.get_by_email(email)


async def roles(client: AsyncFrontegg, user_id: str, tenant_id: str) -> set[str]:
    """Return the ids of the roles of a user in a tenant."""
    [found] = await client.users.list_roles([user_id], tenant_id=tenant_id)
    return {*found.role_ids}


async def test_invitations(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """New users, one who is elsewhere, and one who is there already, who stays."""
    file = tmp_path / "users.csv"
    file.write_text(
        "tenantId,email,name,roles\nt1,new@x.example,New,Boss;Own\nt1,ann@x.example,,Viewer\nt1,BOB@x.example,,\n",
        encoding="utf-8",
    )
    report = await frontegg_client.bulk.invite(file, ledger=tmp_path / "l", rate=None)
    assert (report.succeeded, report.failed) == (2, 1)
    assert [(row.error, row.status, row.tenant_id) for row in report.failures()] == [("ConflictError", 409, "t1")]
    new = await user(frontegg_client, "new@x.example")
    assert (new.name, await roles(frontegg_client, new.id, "t1")) == ("New", {"r-boss", "r-own"})
    assert await roles(frontegg_client, "ann", "t1") == {"r-viewer"}


async def test_e_mails_are_sent_if_asked_for(tmp_path: Path) -> None:
    """None by default; else for all rows, but for those that say otherwise."""
    async with Emulator(journal_bodies=True) as emulator, emulator.client() as client:
        await emulator.seed(tenants=[{"tenantId": "t1", "name": "t1"}, {"tenantId": "t2", "name": "t2"}])
        rows: list[dict[str, object]] = [{"tenant_id": "t1", "email": f"{name}@x.example"} for name in "ab"]
        silent: list[dict[str, object]] = [{"tenant_id": "t1", "email": "c@x.example"}]
        await client.bulk.invite(silent, ledger=tmp_path / "k")
        rows[1]["send_email"] = False
        await client.bulk.invite(rows, ledger=tmp_path / "l", rate=None, concurrency=1, send_email=True)
        assert await skipped(emulator, "users.invite") == [True, False, True]
        for row in rows:
            row["tenant_id"] = "t2"
        await client.bulk.add_to_tenant(rows[:1], ledger=tmp_path / "m", send_email=True)
        await client.bulk.add_to_tenant(rows[1:], ledger=tmp_path / "n")
        assert await skipped(emulator, "users.add_to_tenant") == [False, True]
        with pytest.raises(InvalidArgumentError, match="send_email must be"):
            await client.bulk.invite(rows, ledger=tmp_path / "o", send_email="yes")  # type: ignore[call-overload]  # a wrong type


@pytest.mark.parametrize(
    ("operation", "row", "message"),
    [
        ("invite", {"email": "bob@x.example"}, "the tenant has this user already"),
        ("invite", {"email": "new@x.example"}, None),
        ("add_to_tenant", {"user_id": "nobody"}, "there is no such user"),
        ("add_to_tenant", {"user_id": "ann"}, None),
        ("remove_from_tenant", {"user_id": "ann"}, "the tenant has no such user"),
        ("remove_from_tenant", {"user_id": "bob"}, None),
        ("assign_roles", {"email": "new@x.example", "roles": "Boss"}, "there is no such user"),
        ("unassign_roles", {"user_id": "bob", "roles": "Boss"}, None),
    ],
)
async def test_a_dry_run_names_users_that_would_fail(
    frontegg_client: AsyncFrontegg, tmp_path: Path, operation: str, row: Any, message: str | None
) -> None:
    """The job itself then fails for the same rows."""
    rows = [{"tenant_id": "t1", **row}]
    begin = getattr(frontegg_client.bulk, operation)
    report = await begin(rows, dry_run=True)
    assert [each.message for each in report.failures()] == ([] if message is None else [message])
    report = await begin(rows, ledger=tmp_path / "l")
    assert report.failed == int(message is not None)


async def interrupted(emulator: EmulatorHandle, client: AsyncFrontegg, path: Path, name: str, row: Any) -> None:
    """Begin a job with one row, and cancel it while the response of its write is on the way."""
    is_invitation = name == "invite"
    method, route = ("POST", str(INVITE["path"])) if is_invitation else _SENT[name]
    stage: Any = "before_commit" if is_invitation else "after_commit"
    slow: Any = {"type": "delay", "seconds": 30}
    emulator.add_fault(match={"method": method, "path": route, "times": 1}, stage=stage, action=slow)
    job = asyncio.create_task(getattr(client.bulk, name)([row], ledger=path))
    await until(lambda: any(entry.faults for entry in emulator.journal()))
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    emulator.delete_faults()
    emulator.clear_journal()


async def test_a_membership_that_is_given_again_stays(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Nothing shows whether the interrupted row removed the old one: it is unknown, and a new job removes the user."""
    row = {"tenant_id": "t1", "user_id": "bob"}
    await interrupted(frontegg_emulator, frontegg_client, tmp_path / "a", "remove_from_tenant", row)
    assert (await user(frontegg_client, "bob@x.example")).tenant_ids == ("t0",)
    await frontegg_client.users.add_to_tenant("bob", tenant_id="t1")
    await frontegg_client.bulk.resume(tmp_path / "a")
    report = await frontegg_client.bulk.resume(tmp_path / "a")
    [unknown] = report.rows(only="unknown")
    assert unknown.message == (
        "the user is in the tenant: the row had no effect, or somebody added the user again; a new job repeats the row"
    )
    assert {*(await user(frontegg_client, "bob@x.example")).tenant_ids} == {"t0", "t1"}
    report = await frontegg_client.bulk.remove_from_tenant([{**unknown.input}], ledger=tmp_path / "b")
    assert report.succeeded == 1


async def test_roles_that_are_assigned_again_stay(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """An interrupted row whose roles the user has is unknown; without them the row is done."""
    row = {"tenant_id": "t1", "user_id": "bob", "role_ids": ["r-boss"]}
    for is_again in (True, False):
        await frontegg_client.users.assign_roles("bob", tenant_id="t1", role_ids=["r-boss"])
        ledger = tmp_path / str(is_again)
        await interrupted(frontegg_emulator, frontegg_client, ledger, "unassign_roles", row)
        assert await roles(frontegg_client, "bob", "t1") == set()
        if is_again:
            await frontegg_client.users.assign_roles("bob", tenant_id="t1", role_ids=["r-boss"])
        report = await frontegg_client.bulk.resume(ledger)
        assert (report.unknown, report.succeeded) == (int(is_again), int(not is_again))
        assert await roles(frontegg_client, "bob", "t1") == ({"r-boss"} if is_again else set())


async def test_an_interrupted_invitation_of_a_member_fails(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """The membership is older than the row."""
    row = {"tenant_id": "t1", "email": "bob@x.example"}
    await interrupted(frontegg_emulator, frontegg_client, tmp_path / "a", "invite", row)
    report = await frontegg_client.bulk.resume(tmp_path / "a")
    assert [(each.error, each.message) for each in report.failures()] == [
        ("ConflictError", "the user was in the tenant before, or has other roles there")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["before_commit", "after_commit", "in_headers"])
async def test_a_lost_response_doubles_no_invitation(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path, stage: Any
) -> None:
    """The user is read back; each gets one invitation."""
    frontegg_emulator.add_fault(match=INVITE, stage=stage, action={"type": "close"})
    rows = [{"tenant_id": "t1", "email": f"u{n}@x.example", "roles": ["Viewer"]} for n in range(6)]
    report = await frontegg_client.bulk.invite(rows, ledger=tmp_path / "l", rate=None)
    if report.unknown:
        report = await frontegg_client.bulk.resume(tmp_path / "l")
    assert (report.succeeded, report.total) == (6, 6)
    assert sent(frontegg_emulator, "users.invite") == (7 if stage == "before_commit" else 6)
    for row in rows:
        found = await user(frontegg_client, str(row["email"]))
        assert await roles(frontegg_client, found.id, "t1") == {"r-viewer"}


async def test_memberships(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """By ids and by addresses; the same job again adds nothing, and fails to remove."""
    rows = [{"tenant_id": "t1", "email": "ANN@x.example"}, {"tenant_id": "t2", "user": "bob"}]
    for ledger in ("a", "b"):
        report = await frontegg_client.bulk.add_to_tenant(rows, ledger=tmp_path / ledger, keep_before=True)
        assert report.succeeded == 2
        assert sent(frontegg_emulator, "users.add_to_tenant") == 2
    assert {*(await user(frontegg_client, "ann@x.example")).tenant_ids} == {"t0", "t1"}
    report = await frontegg_client.bulk.remove_from_tenant(rows, ledger=tmp_path / "c")
    assert [row.before for row in report.rows()] == [{"is_elsewhere": True, "is_member": True}] * 2
    assert {*(await user(frontegg_client, "bob@x.example")).tenant_ids} == {"t0", "t1"}
    report = await frontegg_client.bulk.remove_from_tenant(rows, ledger=tmp_path / "d")
    assert [(row.error, row.message) for row in report.failures()] == [
        ("NotFoundError", "the tenant has no such user")
    ] * 2


async def test_roles(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Beside others, and by keys of the environment and of the tenant."""
    rows: list[dict[str, object]] = [
        {"tenant_id": "t1", "email": "bob@x.example", "roles": "Boss, Own"},
        {"tenant_id": "t0", "user_id": "ann", "role_ids": ["r-viewer"]},
    ]
    report = await frontegg_client.bulk.assign_roles(rows, ledger=tmp_path / "a", keep_before=True)
    assert report.succeeded == 2
    assert [(row.input["role_ids"], row.before) for row in report.rows()] == [
        (["r-boss", "r-own"], {"role_ids": []}),
        (["r-viewer"], {"role_ids": []}),
    ]
    assert await roles(frontegg_client, "bob", "t1") == {"r-boss", "r-own"}
    rows[0]["roles"] = '["Boss"]'
    report = await frontegg_client.bulk.unassign_roles(rows, ledger=tmp_path / "b")
    assert [row.before for row in report.rows()] == [{"role_ids": ["r-boss"]}, {"role_ids": ["r-viewer"]}]
    assert await roles(frontegg_client, "bob", "t1") == {"r-own"}
    assert await roles(frontegg_client, "ann", "t0") == set()


_SENT: Final = {
    "assign_roles": ("POST", "/identity/resources/users/v1/bob/roles"),
    "unassign_roles": ("DELETE", "/identity/resources/users/v1/bob/roles"),
    "add_to_tenant": ("POST", "/identity/resources/users/v1/bob/tenant"),
    "remove_from_tenant": ("DELETE", "/identity/resources/users/v1/bob"),
}


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["before_commit", "after_commit"])
@pytest.mark.parametrize("operation", _SENT)
async def test_lost_responses(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path, operation: str, stage: Any
) -> None:
    """The row is done once, in this run or the next."""
    method, path = _SENT[operation]
    frontegg_emulator.add_fault(
        match={"method": method, "path": path, "times": 1}, stage=stage, action={"type": "close"}
    )
    row: dict[str, object] = {"tenant_id": "t2" if operation == "add_to_tenant" else "t1", "email": "bob@x.example"}
    if "roles" in operation:
        row["roles"] = ["Own"]
        if operation == "unassign_roles":
            await frontegg_client.users.assign_roles("bob", tenant_id="t1", role_ids=["r-own"])
    report = await getattr(frontegg_client.bulk, operation)([row], ledger=tmp_path / "l")
    if report.unknown:
        report = await frontegg_client.bulk.resume(tmp_path / "l")
    assert (report.succeeded, report.total) == (1, 1)
    is_member = {"add_to_tenant": "t2", "remove_from_tenant": "t1"}
    if operation in is_member:
        tenants = (await user(frontegg_client, "bob@x.example")).tenant_ids
        assert (is_member[operation] in tenants) is (operation == "add_to_tenant")
    else:
        assert await roles(frontegg_client, "bob", "t1") == ({"r-own"} if operation == "assign_roles" else set())


@pytest.mark.parametrize(
    ("operation", "row", "problem"),
    [
        ("invite", {"email": "nobody"}, "email must be an e-mail address"),
        ("invite", {"email": "a@x.example", "roles": "Owner"}, "no role has the key 'Owner'"),
        ("invite", {"email": "a@x.example", "roles": "Own"}, "no role has the key 'Own'"),
        (
            "invite",
            {"email": "a@x.example", "roles": "[1"},
            "role_keys must be names such as Admin;Viewer, or a JSON array",
        ),
        ("invite", {"email": "a@x.example", "roles": []}, "role_keys"),
        ("assign_roles", {"user_id": "ann"}, "give role_keys or role_ids"),
        ("assign_roles", {"user_id": "ann", "roles": "Boss", "role_ids": "r"}, "give either role_keys or role_ids"),
        ("remove_from_tenant", {"user_id": "tenant"}, "user_id must not be 'tenant'"),
        ("remove_from_tenant", {"email": "a@b@c"}, "user_id must be an e-mail address"),
        ("add_to_tenant", {}, "add_to_tenant needs user_id"),
    ],
)
async def test_rows_that_cannot_be_used(
    frontegg_emulator: EmulatorHandle,
    frontegg_client: AsyncFrontegg,
    operation: str,
    row: dict[str, object],
    problem: str,
) -> None:
    """Nothing is written, and the message says what is allowed."""
    with pytest.raises(UnusableRowsError, match=problem.replace("[", r"\[")):
        await getattr(frontegg_client.bulk, operation)([{"tenant_id": "t0", **row}], dry_run=True)
    assert all(entry.method == "GET" for entry in frontegg_emulator.journal() if "/users" in entry.path)


async def test_a_user_twice(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Two rows of one user in one tenant are refused, in any case of letters; of two tenants they are not."""
    rows = [{"tenant_id": each, "email": email} for each, email in (("t1", "a@x.example"), ("t2", "a@x.example"))]
    again = [*rows, {"tenant_id": "t1", "email": "A@x.example"}]
    with pytest.raises(UnusableRowsError, match="row 3: an earlier row has the same tenant_id and email"):
        await frontegg_client.bulk.invite(again, ledger=tmp_path / "l")
    report = await frontegg_client.bulk.invite(again, ledger=tmp_path / "m", on_bad_row="report", rate=None)
    assert (report.succeeded, report.failed) == (2, 1)


async def test_unknown_users_and_tenants(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Fail, each on its own."""
    rows = [
        {"tenant_id": "t1", "user": "nobody@x.example", "roles": "Boss"},
        {"tenant_id": "t2", "user": "bob", "roles": "Boss"},
        {"tenant_id": "gone", "user": "bob", "roles": "Boss"},
        {"tenant_id": "t1", "user": "bob", "roles": "Boss"},
    ]
    report = await frontegg_client.bulk.assign_roles(rows, ledger=tmp_path / "l", concurrency=1)
    assert (report.succeeded, report.failed) == (1, 3)
    assert {row.error for row in report.failures()} == {"NotFoundError"}


async def test_a_look_up_that_fails(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Nothing was sent, so the next run sends the row."""
    match = {"method": "GET", "path": "/identity/resources/users/v1/email"}
    fault = frontegg_emulator.add_fault(match=match, stage="before_commit", action={"type": "status", "status": 500})
    rows = [{"tenant_id": "t1", "email": "ann@x.example"}]
    report = await frontegg_client.bulk.add_to_tenant(rows, ledger=tmp_path / "l")
    assert (report.failed, sent(frontegg_emulator, "users.add_to_tenant")) == (1, 0)
    frontegg_emulator.delete_fault(fault)
    report = await frontegg_client.bulk.resume(tmp_path / "l")
    assert (report.succeeded, sent(frontegg_emulator, "users.add_to_tenant")) == (1, 1)


async def test_the_rate_of_invitations(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """It is 30 a minute unless another is given; the ledger has it."""
    row = [{"tenant_id": "t1", "email": "a@x.example"}]
    await frontegg_client.bulk.invite(row, ledger=tmp_path / "l")
    assert b'"30/min"' in (tmp_path / "l").read_bytes()


async def test_a_dry_run(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """It reads roles and tenants only."""
    rows = [{"tenant_id": each, "email": "a@x.example", "roles": "Boss"} for each in ("t0", "gone")]
    report = await frontegg_client.bulk.invite(rows, dry_run=True)
    assert [(row.state.value, row.message) for row in report.rows()] == [
        ("pending", "would be invited"),
        ("failed", "the tenant does not exist"),
    ]
    assert sent(frontegg_emulator, "users.invite") == 0
