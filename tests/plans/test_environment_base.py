"""Plans of edited exports of an environment, by their original: nothing of what others changed is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.errors import InvalidArgumentError
from tests.plans.small_environment import File, env, fill, lines

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
async def client(frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of a small environment."""
    return await fill(frontegg_client)


_BASES: list[tuple[str, File, File | None, list[str]]] = [
    ("nothing changed", {}, {}, []),
    ("a value", {"name": "Author"}, {}, ["changed roles.editor name"]),
    ("a value that others changed as well", {"name": "Author"}, {"name": "By others"}, ["changed roles.editor name"]),
    ("a value that others changed likewise", {"name": "Author"}, {"name": "Author"}, []),
    ("nothing, and others changed it", {}, {"name": "By others"}, []),
    ("a value, and others removed the role", {"name": "Author"}, None, ["changed roles.editor name"]),
    ("nothing, and others removed the role", {}, None, []),
]


@pytest.mark.parametrize(("edit", "others", "expected"), [row[1:] for row in _BASES], ids=[row[0] for row in _BASES])
async def test_with_base_a_plan_has_what_was_edited(
    client: AsyncFrontegg, tmp_path: Path, edit: File, others: File | None, expected: list[str]
) -> None:
    """What others changed since, or removed, is stale: it is neither overwritten nor made again."""
    original: File = {"name": "Editor", "level": 5, "permissions": ["reports.read"]}
    [role] = [each async for each in client.roles.list() if each.key == "editor"]
    if others is None:
        await client.roles.delete(role.id)
    elif others:
        await client.roles.update(role.id, name=str(others["name"]))
    base = env(roles={"editor": original})
    plan = await client.plan(env(roles={"editor": {**original, **edit}}), base=base)
    assert lines(plan) == expected
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    is_stale = bool(expected) and others != {}
    assert (report.stale, report.succeeded) == (int(is_stale), len(expected) - int(is_stale))


async def test_with_base_a_new_object_is_stale_if_others_made_it(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Unless they made the same."""
    base = env(roles={})
    same = {"name": "Editor", "level": 5, "permissions": ["reports.read"]}
    assert not await client.plan(env(roles={"editor": same}), base=base)
    plan = await client.plan(env(roles={"editor": {"level": 7, "permissions": ["reports.write"]}}), base=base)
    assert [write.operation for write in plan.writes] == ["create_object", "update_object"]
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert [str(row.state) for row in report.rows()] == ["stale", "skipped"]


async def test_a_part_that_base_does_not_name_is_compared_with_the_environment(client: AsyncFrontegg) -> None:
    """As a field is."""
    plan = await client.plan(env(roles={"editor": {"level": 6}}), base=env(permissions={}))
    assert lines(plan) == ["changed roles.editor level"]


async def test_a_rename_is_no_difference_from_base_for_what_refers_to_it(client: AsyncFrontegg) -> None:
    """And a reference that others changed stays."""
    [role] = [each async for each in client.roles.list() if each.key == "editor"]
    base = env(permissions={"reports.read": {}}, roles={"editor": {"permissions": ["reports.read"]}})
    edited = env(
        permissions={"r.read": {"renamed_from": "reports.read"}}, roles={"editor": {"permissions": ["r.read"]}}
    )
    await client.roles.set_permissions(role.id, permission_ids=[])
    assert lines(await client.plan(edited, base=base)) == ["changed permissions.reports.read key"]


async def test_base_of_accounts_is_none_for_an_environment(client: AsyncFrontegg) -> None:
    """And the other way round."""
    with pytest.raises(
        InvalidArgumentError, match="base is a file of accounts, but none of the sources is a file of accounts"
    ):
        await client.plan(env(roles={"editor": {}}), base=[{"tenant_id": "a", "name": "A"}])
    with pytest.raises(InvalidArgumentError, match="base is a file of an environment, but none of the sources is"):
        await client.plan([{"tenant_id": "a", "name": "A"}], base=env(roles={}))
