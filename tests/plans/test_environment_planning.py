"""Plans of environment files on the emulator: what is planned, in which order, what is refused, and what is stale."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import FilesError
from frontegg_async.models.jwt_templates import DEFAULT_JWT_CLAIMS
from frontegg_async.testing import EmulatorFaults
from tests.managed.environment_cases import rule
from tests.plans.small_environment import URLS, File, applied, env, fill, lines, notes

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

TEMPLATE = {"name": "T", "expiration": 60, "claims": dict(DEFAULT_JWT_CLAIMS)}


@pytest.fixture
async def client(frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of a small environment."""
    return await fill(frontegg_client)


async def test_writes_come_in_an_order_in_which_each_can_be_sent(client: AsyncFrontegg, tmp_path: Path) -> None:
    """What is referred to is made before, and deleted after; a new object is completed when it is there."""
    file = env(
        prehooks={},
        jwt_template_targeting={"environment": {"rules": [rule("short", "roleIds", "author")]}},
        jwt_templates={"short": TEMPLATE},
        applications={"Desk": {}, "Till": {**URLS, "app_host": "till.example"}},
        roles={"author": {"name": "A", "level": 1, "permissions": ["sales.read"]}, "editor": {"level": 6}},
        permissions={"sales.read": {"name": "S", "category": "Sales"}},
        permission_categories={"Sales": {}},
    )
    plan = await client.plan(file, prune=["part:permissions", "part:permission_categories"])
    assert [(write.operation, write.key) for write in plan.writes] == [
        ("create_object", "permission_categories.Sales"),
        ("create_object", "permissions.sales.read"),
        ("update_object", "roles.editor"),
        ("create_object", "roles.author"),
        ("update_object", "roles.author"),
        ("create_object", "applications.Till"),
        ("update_object", "applications.Till"),
        ("create_object", "jwt_templates.short"),
        ("update_object", "jwt_template_targeting.environment"),
        ("delete_object", "permissions.reports.read"),
        ("delete_object", "permissions.reports.write"),
        ("delete_object", "permission_categories.Reports"),
    ]
    assert [write.depends_on for write in plan.writes if write.depends_on] == ["roles.author", "applications.Till"]
    assert plan.digest == (await client.plan(file, prune=["part:permissions", "part:permission_categories"])).digest
    await applied(client, plan, tmp_path / "ledger")
    assert not await client.plan(file)


_RENAMES: list[tuple[str, File, list[str]]] = [
    (
        "of what others refer to",
        env(
            permission_categories={"Bilans": {"renamed_from": "Reports"}},
            permissions={"bilans.read": {"renamed_from": "reports.read", "name": "B", "category": "Bilans"}},
            roles={"editor": {"level": 6, "permissions": ["bilans.read", "reports.write"]}},
        ),
        [
            "changed permission_categories.Reports name",
            "changed permissions.reports.read key",
            "changed permissions.reports.read name",
            "changed roles.editor level",
            "changed roles.editor permissions.reports.write",
        ],
    ),
    (
        "of an object that the file only names",
        env(roles={"author": {"renamed_from": "editor"}}),
        ["changed roles.editor key"],
    ),
    (
        "of an object that is not there",
        env(roles={"author": {"renamed_from": "gone", "name": "A", "level": 1}}),
        ["created roles.author"],
    ),
    ("that was made already", env(roles={"editor": {"renamed_from": "author", "name": "Editor"}}), []),
]


@pytest.mark.parametrize(("file", "expected"), [row[1:] for row in _RENAMES], ids=[row[0] for row in _RENAMES])
async def test_a_rename_keeps_the_object_and_what_refers_to_it(
    client: AsyncFrontegg, tmp_path: Path, file: File, expected: list[str]
) -> None:
    """It is planned once, and its undo gives back all keys and references."""
    before = await client.plan(file)
    assert lines(before) == expected
    ids = {role.id async for role in client.roles.list()}
    await applied(client, before, tmp_path / "ledger")
    assert not await client.plan(file)
    if "created" not in "".join(expected):
        assert {role.id async for role in client.roles.list()} == ids
    await applied(client, await client.undo(tmp_path / "ledger"), tmp_path / "undone")
    assert lines(await client.plan(file)) == expected


async def test_a_template_that_is_renamed_takes_its_rules_along(client: AsyncFrontegg, tmp_path: Path) -> None:
    """The rules hold its key, so the plan writes them anew; an undo too."""
    rules = env(
        jwt_templates={"short": TEMPLATE},
        jwt_template_targeting={"environment": {"rules": [rule("short", "roleIds", "editor")]}},
    )
    await applied(client, await client.plan(rules), tmp_path / "first")
    renamed = env(
        roles={"author": {"renamed_from": "editor"}},
        jwt_templates={"brief": {"renamed_from": "short"}},
        jwt_template_targeting={"environment": {"rules": [rule("brief", "roleIds", "author")]}},
    )
    plan = await client.plan(renamed)
    assert lines(plan) == [
        "changed roles.editor key",
        "changed jwt_templates.short key",
        "changed jwt_template_targeting.environment rules",
    ]
    await applied(client, plan, tmp_path / "ledger")
    assert not await client.plan(renamed)
    await applied(client, await client.undo(tmp_path / "ledger"), tmp_path / "undone")
    assert not await client.plan(rules)


_FAULTS: list[tuple[File, Mapping[str, object], str]] = [
    (
        env(roles={"new": {"level": 1}}),
        {},
        "environment.roles.new: there is no role 'new': to create it, the file must have name",
    ),
    (
        env(roles={"editor": {"permissions": ["reports.write", "reports.red"]}}),
        {},
        "environment.roles.editor.permissions.1: there is no 'reports.red' in permissions of the environment",
    ),
    (
        env(permissions={"fe.secure.mine": {"name": "Mine"}}),
        {},
        "environment.permissions.fe.secure.mine: there is no permission 'fe.secure.mine', and only the service makes",
    ),
    (
        env(permissions={"fe.mine": {"renamed_from": "reports.read"}}),
        {},
        "environment.permissions.fe.mine: there is no permission 'fe.mine', and only the service makes keys that",
    ),
    (
        env(permission_categories={"fe.mine": {}}),
        {},
        "environment.permission_categories.fe.mine: there is no permission category 'fe.mine', and only the service",
    ),
    (
        env(permissions={"reports.write": {"category": "Report"}}),
        {},
        "environment.permissions.reports.write.category: there is no 'Report' in permission_categories of the",
    ),
    (
        env(jwt_template_targeting={"environment": {"rules": [rule("none", "roleIds", "editor")]}}),
        {},
        "environment.jwt_template_targeting.environment.rules: there is no 'none' in jwt_templates of the",
    ),
    (
        env(roles={"Admin": {"renamed_from": "editor"}}),
        {},
        "environment.roles.Admin.renamed_from: the rename is impossible: both roles exist, 'editor' and 'Admin'",
    ),
    (
        env(
            permissions={"r.read": {"renamed_from": "reports.read"}},
            roles={"editor": {"permissions": ["reports.read"]}},
        ),
        {},
        "environment.roles.editor.permissions.0: permissions has 'reports.read', which the plan renames",
    ),
    (
        env(permissions={"reports.write": {}}, roles={"editor": {"permissions": ["reports.read"]}}),
        {"prune": ["part:permissions"]},
        "environment.roles.editor.permissions.0: permissions has 'reports.read', which the plan deletes",
    ),
    (
        env(permissions={"new": {"name": "N"}}, roles={"editor": {"permissions": ["new"]}}),
        {"only": ["part:roles"]},
        "environment.roles.editor.permissions.0: the environment has no 'new' in permissions, and only= leaves out",
    ),
]


@pytest.mark.parametrize(("file", "more", "message"), _FAULTS)
async def test_files_that_cannot_be_planned(
    client: AsyncFrontegg, file: File, more: Mapping[str, list[str]], message: str
) -> None:
    """The fault is at its place, and nothing is sent."""
    with pytest.raises(FilesError) as caught:
        await client.plan(file, **more)
    [fault] = caught.value.faults
    assert str(fault).startswith(message)


@pytest.mark.parametrize(
    ("roles", "prune"),
    [({"Admin": {}, "ReadOnly": {}}, ["part:roles"]), ({"author": {"renamed_from": "editor"}}, [])],
)
async def test_nobody_gets_a_role_that_the_plan_removes(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path, roles: File, prune: list[str]
) -> None:
    """It deletes or renames the role; whoever gets another one is planned, also the new key. Nobody keeps it either."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    kept = "author" if "author" in roles else "ReadOnly"
    file = env(roles=roles)

    def row(role: str) -> File:
        return {"tenant_id": "acme", "users": {"ann@acme.example": {"name": "Ann", "roles": [role]}}}

    assert await client.plan([file, row(kept)], prune=prune)
    with pytest.raises(FilesError) as caught:
        await client.plan([file, row("editor")], prune=prune)
    [fault] = caught.value.faults
    assert "the plan deletes or renames the role 'editor'" in str(fault)
    await applied(client, await client.plan([row("editor")]), tmp_path / "ledger")
    with pytest.raises(FilesError) as caught:
        await client.plan([file, row("editor")], prune=prune)
    assert [str(each) for each in caught.value.faults] == [str(fault)]


async def test_all_faults_are_raised_at_once(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Those of accounts and of the environment, when files are read and when they are compared."""
    file: File = env(roles={"new": {"level": 1}, "editor": {"permissions": ["x"]}})
    with pytest.raises(FilesError) as caught:
        await client.plan([file, [{"tenant_id": "new"}]])
    assert len(caught.value.faults) == 3
    (tmp_path / "env.yml").write_text("format: frontegg-environment/1\nroles: 3\n", encoding="utf-8")
    (tmp_path / "rows.yml").write_text("- {tenant_id: a, nme: A}\n", encoding="utf-8")
    with pytest.raises(FilesError) as caught:
        await client.plan([tmp_path / "env.yml", tmp_path / "rows.yml"])
    assert [fault.place.line for fault in caught.value.faults] == [2, 1]


async def test_a_key_that_several_objects_have_is_not_managed(client: AsyncFrontegg) -> None:
    """It is a note, and a fault with both ids for a file that names it."""
    await client.applications.create(name="Desk", **URLS)
    ids = sorted([each.id for each in await client.applications.list().all() if each.name == "Desk"])
    file = env(applications={"Till": URLS})
    plan = await client.plan(file, prune=["part:applications"])
    assert notes(plan) == [f"applications.Desk: several have this key: {', '.join(ids)}"]
    assert not [line for line in lines(plan) if "Desk" in line]
    rules = [rule("short", "applicationId", "Desk")]
    for parts, place in (
        ({"applications": {"Desk": {}}}, "environment.applications.Desk: "),
        (
            {"jwt_templates": {"short": TEMPLATE}, "jwt_template_targeting": {"environment": {"rules": rules}}},
            "environment.jwt_template_targeting.environment.rules: ",
        ),
    ):
        with pytest.raises(FilesError) as caught:
            await client.plan(env(**parts))
        message = str(caught.value)
        assert message.startswith(place)
        assert all(each in message for each in ids)


async def test_a_creation_is_stale_if_the_key_is_taken_by_then(client: AsyncFrontegg, tmp_path: Path) -> None:
    """By one object or by several, and also the row that would complete it."""
    file = env(applications={"Till": {**URLS, "app_host": "till.example"}})
    plan = await client.plan(file)
    for number in range(2):
        await client.applications.create(name="Till", app_url="https://other.example", login_url="https://o.example")
        report = await client.apply(plan, ledger=tmp_path / f"ledger{number}")
        assert [str(row.state) for row in report.rows()] == ["stale", "skipped"]


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (["part:roles"], ["roles.editor"]),
        (["part:roles", "part:applications"], ["roles.editor", "applications.Desk"]),
        (["part:metadata"], []),
        (["id:acme"], []),
        (["part:webhooks"], []),
    ],
)
async def test_only_chooses_parts(client: AsyncFrontegg, only: list[str], expected: list[str]) -> None:
    """Other parts are not read either."""
    file = env(roles={"editor": {"level": 6}}, applications={"Desk": {"is_active": False}})
    plan = await client.plan(file, only=only)
    assert [write.key for write in plan.writes] == expected
    assert {*plan.objects} == {each.partition(".")[0] for each in expected}


async def test_what_cannot_be_read_is_not_planned(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, frontegg_faults: EmulatorFaults
) -> None:
    """It is a note, and all else is planned."""
    frontegg_faults.status(403, path="/applications/resources/applications/v1")
    file = env(roles={"editor": {"level": 6}}, applications={"Desk": {}, "New": URLS})
    plan = await client.plan(file)
    assert (lines(plan), notes(plan)) == (["changed roles.editor level"], ["applications: not readable (403)"])
    assert {entry.method for entry in frontegg_emulator.journal()[-3:]} == {"GET"}


async def test_objects_of_the_service_stay(client: AsyncFrontegg) -> None:
    """A file that asks for changes of them gets a note."""
    plan = await client.plan(env(permissions={"fe.secure.*": {"name": "All"}, "reports.read": {"name": "Read"}}))
    assert lines(plan) == []
    assert notes(plan) == ["permissions.fe.secure.*: it is one of the service's own"]


async def test_secrets_are_written_if_a_file_says_so(
    client: AsyncFrontegg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a row of their own, since nothing shows whether they are set; an undo notes that it cannot restore them."""
    monkeypatch.setenv("CANARY", "first")
    secret = {"secret": "env:CANARY"}
    hook = {"url": "https://a.example", "event_keys": ["frontegg.user.created"], "secret": secret}
    await applied(client, await client.plan(env(webhooks={"Hook": hook})), tmp_path / "first")
    assert not await client.plan(env(webhooks={"Hook": hook}))
    monkeypatch.setenv("CANARY", "second")
    rotated = env(webhooks={"Hook": {**hook, "url": "https://b.example", "secret": {**secret, "rotate": True}}})
    plan = await client.plan(rotated)
    assert [(dict(write.sets), write.before) for write in plan.writes] == [
        ({"url": "https://b.example"}, {"url": "https://a.example"}),
        ({"secret": secret}, {}),
    ]
    await applied(client, plan, tmp_path / "ledger")
    [shown] = await client.webhooks.of_environment.list().all()
    assert (shown.url, shown.secret and shown.secret.reveal()) == ("https://b.example", "second")
    undone = await client.undo(tmp_path / "ledger")
    assert (lines(undone), notes(undone)) == (
        ["changed webhooks.Hook url"],
        ["webhooks.Hook secret: a secret cannot be restored"],
    )


async def test_a_hook_without_a_name_keeps_its_key_when_its_url_changes(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Otherwise the next plan would create another one."""
    url = "https://a.example"
    await client.webhooks.of_environment.create(url=url, secret="s", event_keys=["frontegg.user.created"])
    file = env(webhooks={url: {"url": "https://b.example"}})
    await applied(client, await client.plan(file), tmp_path / "ledger")
    assert not await client.plan(file)
    await applied(client, await client.undo(tmp_path / "ledger"), tmp_path / "undone")
    [shown] = await client.webhooks.of_environment.list().all()
    assert (shown.url, shown.display_name) == (url, None)


_OLD = "changed applications.Default Application is_default"
_DEFAULTS: list[tuple[File, list[str]]] = [
    ({"Till": {**URLS, "is_default": True}}, [_OLD, "created applications.Till"]),
    ({"A": {**URLS, "is_default": True}}, [_OLD, "created applications.A"]),
    ({"Desk": {"is_default": True}}, [_OLD, "changed applications.Desk is_default"]),
    (
        {"A": {"renamed_from": "Desk", "is_default": True}, "Default Application": {"is_default": False}},
        [_OLD, "changed applications.Desk is_default", "changed applications.Desk name"],
    ),
    (
        {"Desk": {"is_default": True}, "Old": {"renamed_from": "Default Application"}},
        [_OLD, "changed applications.Default Application name", "changed applications.Desk is_default"],
    ),
    (
        {"Desk": {"is_default": True}, "Default Application": {"description": "Old"}},
        [_OLD, "changed applications.Default Application description", "changed applications.Desk is_default"],
    ),
]


async def _default_of(client: AsyncFrontegg) -> list[str]:
    return [each.name for each in await client.applications.list().all() if each.is_default]


@pytest.mark.parametrize(("applications", "expected"), _DEFAULTS)
async def test_the_application_that_is_no_longer_the_default_one_is_planned(
    client: AsyncFrontegg, tmp_path: Path, applications: File, expected: list[str]
) -> None:
    """So an undo makes it the default one again."""
    assert await _default_of(client) == ["Default Application"]
    file = env(applications=applications)
    plan = await client.plan(file)
    assert lines(plan) == expected
    await applied(client, plan, tmp_path / "ledger")
    assert await _default_of(client) == [next(key for key in applications if key in ("A", "Desk", "Till"))]
    assert not await client.plan(file)
    undone = await client.undo(tmp_path / "ledger")
    assert len(undone) == len(expected)
    await applied(client, undone, tmp_path / "undone")
    assert await _default_of(client) == ["Default Application"]
    assert lines(await client.plan(file)) == expected


async def test_the_default_application_is_deleted_after_another_has_taken_its_place(
    client: AsyncFrontegg, tmp_path: Path
) -> None:
    """The deletion expects that it has lost the flag."""
    file = env(applications={"Desk": {"is_default": True}})
    plan = await client.plan(file, prune=["part:applications"])
    assert lines(plan) == ["changed applications.Desk is_default", "deleted applications.Default Application"]
    await applied(client, plan, tmp_path / "ledger")
    assert [each.name for each in await client.applications.list().all()] == ["Desk"]


async def test_two_default_applications_are_a_fault(client: AsyncFrontegg, tmp_path: Path) -> None:
    """At the place of the second; an overlay may say that the first is not any more."""
    text = "format: frontegg-environment/1\napplications:\n  Till: {isDefault: true}\n  Desk: {is_default: true}\n"
    (tmp_path / "env.yml").write_text(text, encoding="utf-8")
    with pytest.raises(FilesError) as caught:
        await client.plan(tmp_path / "env.yml")
    [fault] = caught.value.faults
    assert (fault.place.line, fault.message.partition(",")[0]) == (
        4,
        "is_default must be true for only one application",
    )
    overlay = env(applications={"Till": {**URLS, "is_default": False}})
    assert "changed applications.Desk is_default" in lines(await client.plan([tmp_path / "env.yml", overlay]))
