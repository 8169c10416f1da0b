"""People and policies of accounts in plans: what is planned, what stays, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg, Plan
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import FilesError, GuardShutError, InvalidArgumentError
from frontegg_async.testing import EmulatorFaults

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

Row = dict[str, object]


@pytest.fixture
async def client(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of two accounts: one has three people, of whom SCIM manages one."""
    for name in ("acme", "other"):
        await frontegg_client.tenants.create(tenant_id=name, name=name.title())
    await frontegg_client.for_tenant("acme").roles.create(key="own", name="Own", level=1)
    invite = frontegg_client.users.invite
    await invite("acme", email="ann@acme.example", name="Ann", role_keys=["Admin"], send_email=False)
    await invite("acme", email="old@acme.example", name="Old", role_keys=["ReadOnly"], send_email=False)
    await invite("other", email="bob@other.example", name="Bob", role_keys=["ReadOnly"], send_email=False)
    frontegg_emulator.seed(
        users=[{"email": "sam@acme.example", "name": "Sam", "tenantId": "acme", "managedBy": "scim2"}]
    )
    return frontegg_client


def acme(users: object = None, **parts: object) -> list[Row]:
    """Return a row of an account."""
    return [{"tenant_id": "acme", **({} if users is None else {"users": users}), **parts}]


def lines(plan: Plan) -> list[str]:
    return [f"{change.kind} {change.key} {change.path}" for change in plan]


async def test_the_export_of_people_policies_and_sso_has_an_empty_plan(client: AsyncFrontegg, tmp_path: Path) -> None:
    """In each format, people whom SCIM manages included."""
    await client.security.mfa.set("acme", enforce="force", all_applications=False)
    for name in ("a.jsonl", "a.yml", "a.csv"):
        await client.export(tmp_path / name, include=("users", "policies", "sso"))
        plan = await client.plan(tmp_path / name)
        assert (lines(plan), plan.notes) == ([], [])
    row = json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert row["users"]["ann@acme.example"] == {"name": "Ann", "roles": ["Admin"]}
    assert row["users"]["sam@acme.example"]["managed_by"] == "scim2"
    assert row["policies"]["mfa"]["enforce"] == "Force"


_CHANGES: list[tuple[object, list[str]]] = [
    ({"Ann@ACME.example": {"name": "Anna"}}, ["changed acme users.ann@acme.example.name"]),
    ({"ann@acme.example": {"roles": ["own"]}}, ["changed acme users.ann@acme.example.roles.own"]),
    ({"ann@acme.example": {"roles": ["Admin"]}}, []),
    ({"ann@acme.example": {"roles": []}}, []),
    ({"ann@acme.example": {}}, []),
    ({}, []),
    ({"new@acme.example": {"name": "New", "roles": ["Admin"]}}, ["created acme users.new@acme.example"]),
    ({"bob@other.example": {"roles": ["Admin"]}}, ["created acme users.bob@other.example"]),
    ({"old@acme.example": {"absent": True}}, ["deleted acme users.old@acme.example"]),
    ({"gone@acme.example": {"absent": True}}, []),
]


@pytest.mark.parametrize(("users", "expected"), _CHANGES)
async def test_a_plan_writes_what_a_file_names_and_nothing_else(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path, users: object, expected: list[str]
) -> None:
    """People and roles that the file does not name stay; nobody gets an e-mail; the next plan is empty."""
    before = await client.users.list("acme", with_roles=True).all()
    plan = await client.plan(acme(users))
    assert (lines(plan), plan.emails) == (expected, 0)
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert report.succeeded == len(plan.writes)
    assert lines(await client.plan(acme(users))) == []
    assert frontegg_emulator.outbox() == []
    after = {user.email: user async for user in client.users.list("acme", with_roles=True)}
    named = {address.lower() for address in users} if isinstance(users, dict) else set()
    for user in before:
        if user.email not in named:
            assert after[user.email] == user


async def test_people_are_invited_with_an_e_mail_only_if_that_is_asked_for(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """The plan counts the e-mails, and each invitation is marked in its file."""
    users = {"new@acme.example": {"roles": ["Admin"]}, "ann@acme.example": {"name": "Anna"}}
    plan = await client.plan(acme(users), send_email=True)
    assert plan.emails == 1
    assert [write.send_email for write in plan.writes] == [None, True]
    assert frontegg_emulator.outbox() == []
    await client.apply(plan, ledger=tmp_path / "ledger")
    assert [each.recipient for each in frontegg_emulator.outbox()] == ["new@acme.example"]


async def test_whoever_waits_for_an_invitation_is_not_invited_again(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """The same plan is done at once when it is applied again; the roles of the person can be changed."""
    plan = await client.plan(acme({"new@acme.example": {"roles": ["Admin"]}}), send_email=True)
    for ledger in ("first", "second"):
        report = await client.apply(plan, ledger=tmp_path / ledger)
        assert (report.succeeded, len(frontegg_emulator.outbox())) == (1, 1)
    rows = acme({"new@acme.example": {"roles": ["own"]}})
    plan = await client.plan(rows, send_email=True)
    assert (lines(plan), plan.emails) == (["changed acme users.new@acme.example.roles.own"], 0)
    await client.apply(plan, ledger=tmp_path / "roles")
    assert lines(await client.plan(rows)) == []
    [person] = await client.users.list("acme", email="new@acme.example", with_roles=True).all()
    assert {role.key for role in person.roles or ()} == {"Admin", "own"}
    assert (person.activated_for_tenant, len(frontegg_emulator.outbox())) == (False, 1)


async def test_people_whom_scim_manages_are_never_written(client: AsyncFrontegg) -> None:
    """A note says so for each that differs."""
    plan = await client.plan(acme({"sam@acme.example": {"name": "Other"}, "old@acme.example": {"name": "Older"}}))
    assert lines(plan) == ["changed acme users.old@acme.example.name"]
    assert [(note.path, note.text) for note in plan.notes] == [("users.sam@acme.example", "SCIM manages it")]
    assert lines(await client.plan(acme({"sam@acme.example": {"absent": True}}))) == []


async def test_people_of_a_new_account_follow_its_creation(client: AsyncFrontegg, tmp_path: Path) -> None:
    """They are skipped if it cannot be created."""
    row: Row = {
        "tenant_id": "fresh",
        "name": "Fresh",
        "users": {"root@fresh.example": {"name": "Root", "roles": ["Admin"]}},
        "policies": {"lockout": {"enabled": True, "max_attempts": 5}, "password": {"min_length": 12}},
    }
    plan = await client.plan([row])
    assert [write.operation for write in plan.writes] == ["create", "create_object", "update_object", "update_object"]
    assert {write.depends_on for write in plan.writes} == {None, "fresh"}
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert report.succeeded == 4  # though a new account has values of a password policy
    assert lines(await client.plan([row])) == []


_FAULTS: list[tuple[list[Row], str]] = [
    (acme({"ann@acme.example": {"roles": ["Admn"]}}), "did you mean 'Admin'?"),
    (acme({"ann@acme.example": {"role": ["Admin"]}}), "unknown field 'role'; did you mean 'roles'?"),
    (acme({"ann": {}}), "must be an e-mail address"),
    (acme({"ann@acme.example": {"absent": True, "roles": ["Admin"]}}), "leave out roles"),
    (acme({"ann@acme.example": {}, "Ann@acme.example": {}}), "Ann@acme.example"),
    (acme(["ann@acme.example"]), "users must be a mapping"),
    (acme(policies={"mfa": {"enforce": "sometimes"}}), "enforce must be one of"),
    (acme(policies={"sessions": {"idle": {"timeout": 600}}}), "to create one it must have enabled"),
    (acme(sso={"saml": {"enabled": True}}), "to create an enabled one it must have sso_endpoint"),
    (acme(policies={"mfaa": {}}), "the keys in policies are mfa, lockout"),
]


@pytest.mark.parametrize(("rows", "message"), _FAULTS)
async def test_faults_are_found_before_anything_is_planned(
    client: AsyncFrontegg, rows: list[Row], message: str
) -> None:
    """Each says what is allowed."""
    with pytest.raises(FilesError) as caught:
        await client.plan(rows)
    assert message in str(caught.value)


async def test_only_selects_parts_of_accounts(client: AsyncFrontegg) -> None:
    """As people without policies."""
    rows = acme({"ann@acme.example": {"name": "Anna"}}, policies={"mfa": {"enforce": "force"}})
    assert lines(await client.plan(rows, only=["part:users"])) == ["changed acme users.ann@acme.example.name"]
    assert lines(await client.plan(rows, only=["part:policies"])) == ["changed acme policies.mfa.enforce"]
    assert lines(await client.plan(rows, only=["part:metadata"])) == []


async def test_a_part_that_cannot_be_read_is_not_planned(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults
) -> None:
    """The rest is, and nobody is removed or invited."""
    frontegg_faults.status(403, method="GET", path="/identity/resources/users/v3*")
    rows = acme({"new@acme.example": {}, "old@acme.example": {"absent": True}}, policies={"mfa": {"enforce": "force"}})
    plan = await client.plan(rows)
    assert lines(plan) == ["changed acme policies.mfa.enforce"]
    assert [(note.key, note.path, note.text) for note in plan.notes] == [("acme", "users", "not readable (403)")]


async def test_base_plans_only_what_the_file_changed(client: AsyncFrontegg, tmp_path: Path) -> None:
    """What others changed since is stale when the plan is applied, and who was removed since is not invited again."""
    base, edited = tmp_path / "base.jsonl", tmp_path / "edited.jsonl"
    await client.export(base, include=("users",))
    rows = [json.loads(line) for line in base.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        if row["tenant_id"] == "acme":
            row["users"]["ann@acme.example"]["name"] = "Anna"
            row["users"]["old@acme.example"]["roles"].append("own")
            row["users"]["new@acme.example"] = {"roles": ["Admin"]}
    edited.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    people = {user.email: user.id async for user in client.users.list("acme")}
    bob = (await client.users.get_by_email("bob@other.example")).id
    await client.users.update(bob, tenant_id="other", name="Robert")
    plan = await client.plan(edited, base=base)
    assert lines(plan) == [
        "changed acme users.ann@acme.example.name",
        "changed acme users.old@acme.example.roles.own",
        "created acme users.new@acme.example",
    ]
    await client.users.update(people["ann@acme.example"], tenant_id="acme", name="Annette")
    await client.users.remove_from_tenant(people["old@acme.example"], tenant_id="acme")
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert (report.succeeded, report.stale) == (1, 2)
    assert {user.email async for user in client.users.list("acme")} == {
        "ann@acme.example",
        "new@acme.example",
        "sam@acme.example",
    }
    plan = await client.plan(edited, base=base)
    assert "created acme users.old@acme.example" not in lines(plan)


async def test_undo_takes_back_what_a_plan_did_to_people(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Who was removed is not invited again."""
    rows = acme({"ann@acme.example": {"name": "Anna", "roles": ["own"]}, "new@acme.example": {}})
    await client.apply(await client.plan(rows), ledger=tmp_path / "ledger")
    undone = await client.undo(tmp_path / "ledger")
    assert lines(undone) == [
        "changed acme users.ann@acme.example.name",
        "changed acme users.ann@acme.example.roles.own",
        "deleted acme users.new@acme.example",
    ]
    await client.apply(undone, ledger=tmp_path / "undone")
    users = {user.email: user.name async for user in client.users.list("acme")}
    assert (users["ann@acme.example"], "new@acme.example" in users) == ("Ann", False)


async def test_undo_notes_what_is_only_added(client: AsyncFrontegg, tmp_path: Path) -> None:
    """As a domain of an SSO configuration, and the limits of a new policy of sessions."""
    await client.sso.create("acme", type="oidc")
    rows = acme(
        sso={"oidc": {"domains": ["acme.example"]}},
        policies={"sessions": {"idle": {"enabled": True, "timeout": 600}}},
    )
    await client.apply(await client.plan(rows), ledger=tmp_path / "ledger")
    undone = await client.undo(tmp_path / "ledger")
    assert lines(undone) == []
    assert {note.text for note in undone.notes} == {"did not exist before, and is never removed"}


@pytest.mark.parametrize("selector", ["part:users", "part:policies", "part:sso"])
async def test_people_policies_and_sso_are_never_pruned(client: AsyncFrontegg, selector: str) -> None:
    """The selector is refused."""
    with pytest.raises(InvalidArgumentError, match="is never pruned"):
        await client.plan(acme({"ann@acme.example": {}}), prune=[selector])


async def add_administrator(emulator: EmulatorHandle, client: AsyncFrontegg, email: str) -> None:
    """Add a person who has accepted an invitation, and make it an administrator."""
    emulator.seed(users=[{"email": email, "tenantId": "acme"}])
    person = await client.users.get_by_email(email)
    await client.users.assign_roles(person.id, tenant_id="acme", role_keys=["Admin"])


async def test_the_last_administrator_is_never_removed_silently(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """The plan is written, and applied only if the guard was allowed by its number. Who is invited does not count."""
    await add_administrator(frontegg_emulator, client, "boss@acme.example")
    rows = acme({"boss@acme.example": {"absent": True}})
    plan = await client.plan(rows)
    assert [(guard.name, guard.count, guard.limit) for guard in plan.shut_guards] == [("last-owner", 1, 0)]
    with pytest.raises(GuardShutError, match="last-owner"):
        await client.apply(plan, ledger=tmp_path / "ledger")
    allowed = await client.plan(rows, allow={"last-owner": 1})
    assert allowed.shut_guards == []
    await add_administrator(frontegg_emulator, client, "eve@acme.example")
    assert (await client.plan(rows)).shut_guards == []


async def test_many_people_are_removed_only_if_their_number_is_allowed(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle
) -> None:
    """The limit is a fifth of the people of the accounts, and at least three."""
    frontegg_emulator.seed(users=[{"email": f"p{number}@acme.example", "tenantId": "acme"} for number in range(9)])
    for count, is_shut in ((3, False), (4, True)):
        plan = await client.plan(acme({f"p{number}@acme.example": {"absent": True} for number in range(count)}))
        guard = plan.guards["person-removal"]
        assert (guard.count, guard.limit, guard.is_shut) == (count, 3, is_shut)


async def test_the_last_sso_of_an_account_that_needs_it_is_not_disabled_silently(client: AsyncFrontegg) -> None:
    """As where only people of SAML need no second factor."""
    await client.sso.create("acme", type="saml", sso_endpoint="https://idp.example/sso", enabled=True)
    rows = acme(sso={"saml": {"enabled": False}})
    plan = await client.plan(rows)
    assert [guard.count for guard in plan.guards.values() if guard.name.startswith("sso")] == [1, 0]
    await client.security.mfa.set("acme", enforce="force_except_saml", all_applications=False)
    plan = await client.plan(rows)
    assert [guard.name for guard in plan.shut_guards] == ["sso-lockout"]
    rows = acme(sso={"saml": {"enabled": False}}, policies={"mfa": {"enforce": "force"}})
    assert (await client.plan(rows)).shut_guards == []


async def test_nobody_is_invited_to_an_account_that_stays_locked(client: AsyncFrontegg, tmp_path: Path) -> None:
    """The service refuses that. A row that unlocks the account does so first."""
    await client.tenants.lock(["acme"])
    users = {"new@acme.example": {"roles": ["Admin"]}, "ann@acme.example": {"name": "Anna"}}
    plan = await client.plan(acme(users))
    assert lines(plan) == ["changed acme users.ann@acme.example.name"]
    assert [note.text for note in plan.notes] == ["the account is locked, so nobody can be invited"]
    plan = await client.plan(acme(users, is_locked=False))
    assert lines(plan)[0] == "unlocked acme is_locked"
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert report.succeeded == report.total == 3


async def test_undo_removes_people_from_an_account_before_it_deletes_it(client: AsyncFrontegg, tmp_path: Path) -> None:
    """So those who are in other accounts stay there."""
    people = {"bob@other.example": {"roles": ["Admin"]}, "new@fresh.example": {}}
    rows: list[Row] = [{"tenant_id": "fresh", "name": "Fresh", "users": people}]
    await client.apply(await client.plan(rows), ledger=tmp_path / "ledger")
    undone = await client.undo(tmp_path / "ledger")
    assert [(write.operation, write.key) for write in undone.writes] == [
        ("delete_object", "fresh"),
        ("delete_object", "fresh"),
        ("delete", "fresh"),
    ]
    assert (undone.guards["person-removal"].count, undone.guards["delete"].count) == (0, 1)
    report = await client.apply(undone, ledger=tmp_path / "undone")
    assert report.succeeded == 3
    assert (await client.users.get_by_email("bob@other.example")).tenant_ids == ("other",)


async def test_only_members_of_lists_are_shown_as_added(client: AsyncFrontegg) -> None:
    """A flag in a map is a value."""
    policies = {"password": {"required_tests": {"length": True}}}
    plan = await client.plan(acme({"ann@acme.example": {"roles": ["own"]}}, policies=policies))
    shown = {change.path: change.is_member for change in plan}
    assert shown == {"users.ann@acme.example.roles.own": True, "policies.password.required_tests.length": False}


async def test_undo_leaves_people_who_have_changed_since(client: AsyncFrontegg, tmp_path: Path) -> None:
    """As those who have more roles, and other people with the same address."""
    users = {"new@acme.example": {"roles": ["ReadOnly"]}, "two@acme.example": {}, "same@acme.example": {}}
    await client.apply(await client.plan(acme(users)), ledger=tmp_path / "ledger")
    people = {user.email: user.id async for user in client.users.list("acme")}
    await client.users.assign_roles(people["new@acme.example"], tenant_id="acme", role_keys=["Admin"])
    await client.users.remove_from_tenant(people["two@acme.example"], tenant_id="acme")
    await client.users.invite("acme", email="two@acme.example", role_keys=["own"], send_email=False)
    undone = await client.undo(tmp_path / "ledger")
    assert lines(undone) == ["deleted acme users.same@acme.example"]
    assert [note.path for note in undone.notes] == ["users.new@acme.example", "users.two@acme.example"]


async def test_another_person_with_the_address_is_not_removed(client: AsyncFrontegg, tmp_path: Path) -> None:
    """The row is stale, and does not say that the person was removed."""
    plan = await client.plan(acme({"old@acme.example": {"absent": True}}))
    old = await client.users.get_by_email("old@acme.example")
    await client.users.remove_from_tenant(old.id, tenant_id="acme")
    await client.users.invite("acme", email="old@acme.example", name="Old", role_keys=["ReadOnly"], send_email=False)
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert (report.succeeded, report.stale) == (0, 1)


async def test_the_last_administrator_stays_if_the_next_one_could_not_be_made(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, frontegg_faults: EmulatorFaults, tmp_path: Path
) -> None:
    """The guard had counted on a row that failed; or on a person whom another plan removes."""
    await add_administrator(frontegg_emulator, client, "boss@acme.example")
    frontegg_emulator.seed(users=[{"email": "next@acme.example", "tenantId": "acme"}])
    rows = acme({"boss@acme.example": {"absent": True}, "next@acme.example": {"roles": ["Admin"]}})
    plan = await client.plan(rows)
    assert plan.shut_guards == []
    frontegg_faults.status(400, method="POST", path="*/roles")
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert report.failed == 2
    messages = [row.message or "" for row in report.rows(only="failed")]
    assert sum("no administrator" in message for message in messages) == 1
    assert "boss@acme.example" in {user.email async for user in client.users.list("acme")}


async def test_two_plans_do_not_remove_both_administrators(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """The second one fails, unless it was made with the guard open."""
    await add_administrator(frontegg_emulator, client, "one@acme.example")
    await add_administrator(frontegg_emulator, client, "two@acme.example")
    plans = [await client.plan(acme({f"{name}@acme.example": {"absent": True}})) for name in ("one", "two")]
    assert (await client.apply(plans[0], ledger=tmp_path / "one")).succeeded == 1
    assert (await client.apply(plans[1], ledger=tmp_path / "two")).failed == 1
    opened = await client.plan(acme({"two@acme.example": {"absent": True}}), allow={"last-owner": 1})
    assert (await client.apply(opened, ledger=tmp_path / "three")).succeeded == 1


async def test_people_whom_scim_manages_elsewhere_are_not_invited(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Nothing could change their roles afterwards."""
    rows: list[Row] = [{"tenant_id": "other", "users": {"sam@acme.example": {"roles": ["Admin"]}}}]
    report = await client.apply(await client.plan(rows), ledger=tmp_path / "ledger")
    assert [row.message for row in report.rows(only="failed")] == [
        "the person is in other accounts, and SCIM manages it: nobody was invited"
    ]


async def test_undo_removes_nobody_where_administrators_cannot_be_read(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults, tmp_path: Path
) -> None:
    """The person may be the last administrator."""
    await client.apply(await client.plan(acme({"new@acme.example": {"roles": ["own"]}})), ledger=tmp_path / "ledger")
    frontegg_faults.status(403, method="GET", path="/identity/resources/permissions/v1")
    undone = await client.undo(tmp_path / "ledger")
    assert lines(undone) == []
    assert [note.text for note in undone.notes] == ["administrators not readable (403)"]


async def test_a_guard_that_is_opened_for_people_does_not_open_that_of_sso(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """Only rows of people may then leave an account without an administrator."""
    await add_administrator(frontegg_emulator, client, "boss@acme.example")
    await client.sso.create("acme", type="saml", sso_endpoint="https://idp.example/sso", enabled=True)
    await client.sso.create("acme", type="oidc", oidc_client_id="desk", enabled=True)
    await client.security.mfa.set("acme", enforce="force_except_saml", all_applications=False)
    rows = acme({"boss@acme.example": {"absent": True}}, sso={"saml": {"enabled": False}})
    plan = await client.plan(rows, allow={"last-owner": 1})
    assert {write.part: write.may_lock_out for write in plan.writes} == {"users": True, "sso": None}
    oidc = next(each for each in await client.sso.list("acme").all() if each.type == "oidc")
    await client.sso.update("acme", oidc.id, enabled=False)
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert (report.succeeded, report.failed) == (1, 1)


async def test_an_application_of_the_environment_file_must_exist_before(client: AsyncFrontegg) -> None:
    """The fault says what to do."""
    environment = {
        "format": "frontegg-environment/1",
        "applications": {"Desk": {"app_url": "https://desk.example", "login_url": "https://desk.example/in"}},
    }
    with pytest.raises(FilesError, match="'Desk' does not exist yet: apply the environment file first"):
        await client.plan([environment, *acme(applications=["Desk"])])
