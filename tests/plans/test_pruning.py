"""``prune``: what plans delete because files do not have it, and what they never delete."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg, Plan
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import InvalidArgumentError
from tests.plans.small_environment import URLS, File, applied, env, fill, lines, notes

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

Rows = list[dict[str, object]]


@pytest.fixture
async def client(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of a small environment with five accounts: north has kiosk and shop, and kiosk has stand."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "north", "name": "North", "isReseller": True},
            {"tenantId": "south", "name": "South", "isReseller": True},
            {"tenantId": "kiosk", "name": "Kiosk", "parentTenantId": "north", "isReseller": True},
            {"tenantId": "stand", "name": "Stand", "parentTenantId": "kiosk"},
            {"tenantId": "shop", "name": "Shop", "parentTenantId": "north"},
        ]
    )
    return await fill(frontegg_client)


def rows(*ids: str) -> Rows:
    return [{"tenant_id": each} for each in ids]


_ACCOUNTS: list[tuple[Rows, list[str], list[str], list[str]]] = [
    (rows("north", "kiosk", "stand", "shop"), ["id:*"], ["south"], []),
    (rows("north"), ["under:north"], ["stand", "kiosk", "shop"], []),
    (rows("north"), ["under:north,id:s*"], ["shop", "stand"], []),
    (rows("north", "stand"), ["under:north"], ["shop"], ["kiosk"]),
    (rows("stand"), ["id:kiosk", "id:north"], [], ["kiosk", "north"]),
    (rows("north", "kiosk", "stand", "shop", "south"), ["id:*"], [], []),
    (rows("north"), [], [], []),
]


@pytest.mark.parametrize(("given", "prune", "deleted", "staying"), _ACCOUNTS)
async def test_accounts_that_meet_a_selector_are_deleted(
    client: AsyncFrontegg, given: Rows, prune: list[str], deleted: list[str], staying: list[str]
) -> None:
    """Children first; an account stays if one below it does."""
    plan = await client.plan(given, prune=prune)
    assert [write.key for write in plan.writes] == deleted
    assert notes(plan) == [f"{each}: has accounts below it that stay: not deleted" for each in staying]


async def test_with_base_only_accounts_that_it_has_are_deleted(client: AsyncFrontegg, tmp_path: Path) -> None:
    """As they were."""
    base = tmp_path / "base.jsonl"
    await client.export(base)
    await client.tenants.create(tenant_id="new", name="New")
    await client.tenants.update("shop", name="By others")
    plan = await client.plan(rows("north", "kiosk", "stand"), base=base, prune=["id:*"])
    assert [write.key for write in plan.writes] == ["south"]
    assert notes(plan) == [
        "new: it is not in the original export: not deleted",
        "shop: name has changed since the original export: not deleted",
    ]


@pytest.mark.parametrize(
    ("file", "prune", "expected"),
    [
        (env(roles={"editor": {}, "Admin": {}}), ["part:roles"], ["deleted roles.ReadOnly"]),
        (
            env(roles={"editor": {"permissions": []}, "Admin": {}, "ReadOnly": {}}),
            ["part:roles"],
            ["changed roles.editor permissions.reports.read"],
        ),
        (env(roles={"editor": {"permissions": []}}), [], []),
        (env(roles={"editor": {}}, permissions={"reports.read": {}}), [], []),
        (
            env(roles={"editor": {"permissions": []}}, permissions={"reports.read": {}}),
            ["part:permissions"],
            ["deleted permissions.reports.write"],
        ),
        (
            env(roles={"author": {"renamed_from": "editor", "permissions": ["reports.write"]}, "Admin": {}}),
            ["part:roles"],
            [
                "changed roles.editor key",
                "changed roles.editor permissions.reports.read",
                "changed roles.editor permissions.reports.write",
                "deleted roles.ReadOnly",
            ],
        ),
        (
            env(applications={"Till": URLS, "Default Application": {}}),
            ["part:applications"],
            ["created applications.Till", "deleted applications.Desk"],
        ),
    ],
)
async def test_objects_and_members_of_a_part_are_deleted(
    client: AsyncFrontegg, tmp_path: Path, file: File, prune: list[str], expected: list[str]
) -> None:
    """Those of the service stay, and those of parts that no selector names. The plan is empty afterwards."""
    plan = await client.plan(file, prune=prune)
    assert lines(plan) == expected
    await applied(client, plan, tmp_path / "ledger")
    assert not await client.plan(file, prune=prune)


async def test_with_base_only_objects_and_members_that_it_has_are_deleted(client: AsyncFrontegg) -> None:
    """What others made since stays, and so does what they changed."""
    base = env(
        roles={
            "Admin": {},
            "editor": {"permissions": ["reports.read"]},
            "ReadOnly": {"name": "Read only, until others changed it"},
        },
        permissions={"reports.read": {}},
    )
    [editor] = [role async for role in client.roles.list() if role.key == "editor"]
    ids = await client.permissions.ids_of(["reports.read", "reports.write"])
    await client.roles.set_permissions(editor.id, permission_ids=ids)
    await client.roles.create(key="new", name="New", level=1)
    file = env(roles={"editor": {"permissions": []}}, permissions={"reports.read": {}})
    plan = await client.plan(file, base=base, prune=["part:roles", "part:permissions"])
    assert lines(plan) == ["changed roles.editor permissions.reports.read", "deleted roles.Admin"]
    assert notes(plan) == ["roles.ReadOnly: name has changed since the original export: not deleted"]


async def test_a_deletion_is_stale_if_the_object_has_changed_by_then(client: AsyncFrontegg, tmp_path: Path) -> None:
    """In any field."""
    plan = await client.plan(env(roles={"Admin": {}, "ReadOnly": {}}), prune=["part:roles"])
    [editor] = [role async for role in client.roles.list() if role.key == "editor"]
    await client.roles.update(editor.id, description="Needed")
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert (report.stale, report.succeeded) == (1, 0)


_REFUSED: list[tuple[object, dict[str, object], str]] = [
    ([], {"prune": ["id:*"]}, "prune selects accounts, but none of the sources has accounts"),
    ([[]], {"prune": ["id:*"]}, "prune needs files with accounts: files without accounts would delete all accounts"),
    (env(roles={"editor": {}}), {"prune": ["id:*"]}, "prune selects accounts, but none of the sources has accounts"),
    (rows("north"), {"prune": ["under:east"]}, "prune has under:east, but there is no account 'east'"),
    (rows("north"), {"prune": ["part:roles"]}, "prune has part:roles, but the files do not contain roles"),
    (env(roles={}), {"prune": ["part:roles"]}, "prune has part:roles, but the files do not contain roles"),
    (
        env(roles={"a": {}}),
        {"prune": ["part:permissions"]},
        "prune has part:permissions, but the files do not contain perm",
    ),
    (rows("north"), {"prune": ["part:users"]}, "'users' is never pruned, and users are removed only by absent: true"),
    (rows("north"), {"prune": ["part:policies"]}, "'policies' is never pruned"),
    (rows("north"), {"prune": ["part:sso"]}, "'sso' is never pruned"),
    (env(roles={"a": {}}), {"prune": ["part:sso_settings"]}, "'sso_settings' is never pruned"),
    (rows("north"), {"prune": ["metadata.plan:pro"]}, "prune must have selectors such as id:acme*"),
    (rows("north"), {"prune": ["part:roles,id:a"]}, "prune must have selectors such as id:acme*"),
    (rows("north"), {"prune": "id:*"}, "prune must be a list of selectors"),
    (
        env(roles={"editor": {}}, applications={"Desk": {}}),
        {"prune": ["part:roles"], "only": ["part:applications"]},
        "prune has part:roles, but only=part:applications leaves roles out: add part:roles to only",
    ),
    (
        [env(roles={"editor": {}}), *rows("north")],
        {"prune": ["part:roles"], "only": ["id:north", "under:north,part:users"]},
        "prune has part:roles, but only=id:north, under:north,part:users leaves roles out",
    ),
    (
        [env(roles={"editor": {}}), *rows("north")],
        {"prune": ["part:roles"], "base": [{"tenant_id": "north"}]},
        "prune has part:roles, but base does not contain roles",
    ),
    (
        [env(roles={"editor": {}}), *rows("north")],
        {"prune": ["id:*"], "base": env(roles={})},
        "prune selects accounts, but base has no accounts",
    ),
]


@pytest.mark.parametrize(("file", "more", "message"), _REFUSED)
async def test_a_missing_or_empty_file_deletes_nothing(
    client: AsyncFrontegg, file: object, more: dict[str, object], message: str
) -> None:
    """And no selector names people, policies, SSO and settings."""
    with pytest.raises(InvalidArgumentError) as caught:
        await client.plan(file, **more)  # type: ignore[arg-type] # also for programs without a type checker
    assert message in caught.value.message


async def test_deletions_are_guarded(client: AsyncFrontegg) -> None:
    """Roles and permissions of roles by a guard of their own."""
    for number in range(4):
        await client.permissions.create(key=f"more.{number}", name="More")
    file = env(permissions={"reports.read": {}}, roles={"Admin": {}})
    plan = await client.plan(file, prune=["part:permissions", "part:roles"])
    assert {guard.name: guard.count for guard in plan.guards.values() if guard.count} == {
        "delete": 5,
        "role-removal": 2,
    }
    selected = [*rows("south"), file]
    plan = await client.plan(selected, prune=["id:*", "part:permissions"])
    assert plan.guards["delete"].count == 9


@pytest.mark.parametrize(
    ("roles", "count", "note"),
    [
        ({"editor": {}, "ReadOnly": {}}, 1, "deleted roles.Admin: a role of administrators"),
        (
            {"editor": {}, "ReadOnly": {}, "Admin": {"permissions": []}},
            1,
            "changed roles.Admin permissions.fe.secure.*: takes fe.secure.* from administrators",
        ),
        ({"Admin": {}, "ReadOnly": {}}, 1, "deleted roles.editor: a role of administrators"),
        ({"Admin": {}, "editor": {}}, 0, None),
        (
            {"Admin": {}, "ReadOnly": {}, "editor": {"permissions": ["fe.secure.*"]}},
            0,
            None,
        ),
    ],
)
async def test_rights_of_administrators_are_guarded(
    client: AsyncFrontegg, tmp_path: Path, roles: dict[str, object], count: int, note: str | None
) -> None:
    """A role of administrators that is deleted, or that loses what makes it one, shuts a guard."""
    [editor] = [role async for role in client.roles.list() if role.key == "editor"]
    [admin] = [role async for role in client.roles.list() if role.key == "Admin"]
    ids = await client.permissions.ids_of(["fe.secure.*", "reports.read"])
    await client.roles.set_permissions(editor.id, permission_ids=ids)
    await client.roles.set_permissions(admin.id, permission_ids=ids[:1])
    plan = await client.plan(env(roles=roles), prune=["part:roles"])
    guard = plan.guards["last-owner"]
    assert (guard.count, guard.is_shut) == (count, count > 0)
    found = [f"{line}: {change.note}" for line, change in zip(lines(plan), plan, strict=True) if change.note]
    assert found == ([] if note is None else [note])
    plan.save(tmp_path / "plan.jsonl")
    assert Plan.load(tmp_path / "plan.jsonl").guards["last-owner"].count == count


async def test_an_undo_that_takes_rights_of_administrators_is_guarded(client: AsyncFrontegg, tmp_path: Path) -> None:
    """People may have got the role since."""
    file = env(roles={"boss": {"name": "B", "level": 1, "permissions": ["fe.secure.*"]}})
    await applied(client, await client.plan(file), tmp_path / "ledger")
    assert (await client.undo(tmp_path / "ledger")).guards["last-owner"].count == 1


@pytest.mark.parametrize(
    ("roles", "prune", "note", "count"),
    [
        (None, [], "removed from the roles author, editor", 2),
        ({"Admin": {}}, [], "removed from the roles author, editor", 2),
        ({"editor": {}, "Admin": {}, "ReadOnly": {}}, ["part:roles"], "removed from the role editor", 2),
        ({"editor": {"permissions": []}, "author": {}}, ["part:roles"], "removed from the role author", 4),
    ],
)
async def test_roles_that_lose_a_deleted_permission_are_named(
    client: AsyncFrontegg, roles: dict[str, object] | None, prune: list[str], note: str, count: int
) -> None:
    """Each counts for the guard of roles, unless the plan deletes it or takes the permission anyway."""
    author = await client.roles.create(key="author", name="Author", level=5)
    await client.roles.set_permissions(author.id, permission_ids=await client.permissions.ids_of(["reports.read"]))
    file = env(permissions={"reports.write": {}}, **({} if roles is None else {"roles": roles}))
    plan = await client.plan(file, prune=["part:permissions", *prune])
    [change] = [each for each in plan if each.key == "permissions.reports.read"]
    assert change.note == note
    assert plan.guards["role-removal"].count == count
