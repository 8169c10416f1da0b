"""Plans: a file that a person applies, and nothing that is sent."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.errors import ConfigurationError
from frontegg_async.mcp.scope import Scope
from frontegg_async.mcp.service import AccountsService
from tests.mcp.world import FOREIGN, HOLDING, Judge, Session, session_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def session(reader: AsyncFrontegg, tmp_path: Path) -> AsyncGenerator[Session]:
    """A session that may plan."""
    async with session_of(AccountsService(reader, plans=tmp_path / "plans")) as session:
        yield session


async def test_a_plan_is_a_file_and_nothing_is_sent(
    emulator: AsyncEmulatorHandle, reader: AsyncFrontegg, session: Session
) -> None:
    """The path, the digest and the command are for a person, whose own client applies it."""
    judge = await Judge.of(emulator)
    changes = [{"tenant_id": "acme", "metadata": {"seats": 40}}, {"tenant_id": "acme-1", "name": "One"}]
    answer = await session.call("plan_create", changes=changes)
    assert await judge.writes() == []
    path = Path(answer["path"])
    assert (_mode(path), _mode(path.parent)) == (0o600, 0o700)
    assert answer["command"] == f"frontegg apply {path} --digest {answer['digest']}"
    assert (answer["counts"], answer["guards"], answer["total"], answer["next"]) == ({"changed": 2}, [], 2, None)
    assert sorted(answer["data"], key=lambda row: str(row["key"])) == [
        {"kind": "changed", "key": "acme", "path": "metadata.seats", "before": 1, "after": 40},
        {"kind": "changed", "key": "acme-1", "path": "name", "before": "Acme-1", "after": "One"},
    ]
    report = await reader.apply(path, digest=answer["digest"])
    assert (report.succeeded, (await reader.tenants.get("acme")).metadata) == (2, {"seats": 40})


async def test_a_plan_is_shown_again_by_its_digest(session: Session) -> None:
    """With the same values, from any position."""
    changes = [{"tenant_id": f"new-{number}", "name": f"New {number}"} for number in range(60)]
    made = await session.call("plan_create", changes=changes)
    assert made["total"] == 60
    found = [row["key"] for row in made["data"]]
    cursor = made["next"]
    while cursor:
        answer = await session.call("plan_get", digest=made["digest"], cursor=cursor)
        assert {name: answer[name] for name in ("digest", "path", "command", "counts", "guards")} == {
            name: made[name] for name in ("digest", "path", "command", "counts", "guards")
        }
        found += [row["key"] for row in answer["data"]]
        cursor = answer["next"]
    assert sorted(found) == sorted(each["tenant_id"] for each in changes)


async def test_guards_are_named(session: Session) -> None:
    """The assistant sees that a plan cannot be applied as it is."""
    changes = [{"tenant_id": each, "is_locked": True} for each in ("acme", "acme-1", "acme-2", *FOREIGN)]
    answer = await session.call("plan_create", changes=changes)
    assert answer["guards"] == [{"name": "lock", "count": 5, "limit": 3, "is_shut": True}]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"users": {}}, "changes[0].users may not be planned: a person must start this server with --fields users"),
        ({"sso": {}}, "changes[0].sso may not be planned"),
        ({"policies": {}}, "changes[0].policies may not be planned"),
        ({"absent": True}, "changes[0].absent may not be planned"),
        ({"parentTenantId": HOLDING}, "changes[0].parent_tenant_id may not be planned"),
        ({"application_url": "https://evil.example"}, "changes[0].application_url may not be planned"),
        ({"settings": {"loginURL": "https://evil.example"}}, "changes[0].settings.login_url may not be planned"),
        ({"settings": {"application_url": "x"}}, "changes[0].settings.application_url may not be planned"),
        ({"roles": {}}, "changes[0]: 'roles' is not a field of an account; the fields that can be planned are "),
        ({"vendor_id": "x"}, "changes[0]: 'vendor_id' cannot be written"),
        ({"format": "frontegg-environment/1"}, "changes[0]: 'format' cannot be written"),
        ({"x\u202e" * 50: 1}, "changes[0]: 'x\\u202ex\\u202e"),
        ({"name": 5}, "the changes have faults:\nrows[0]: name must be text"),
        ({"settings": {"x": 1}}, "the changes have faults:\nrows[0]: unknown field 'x'"),
    ],
)
async def test_fields_by_which_somebody_gets_at_an_account_are_refused(
    emulator: AsyncEmulatorHandle, session: Session, tmp_path: Path, row: dict[str, Any], text: str
) -> None:
    """Before anything is read."""
    await emulator.clear_journal()
    assert (await session.refused("plan_create", changes=[{"tenant_id": "acme", **row}])).startswith(text)
    assert await emulator.journal() == []
    assert not [*(tmp_path / "plans").iterdir()]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ([], "changes must be a list of 1 to 100 rows"),
        ([{}] * 101, "changes must be a list of 1 to 100 rows"),
        ("accounts.yml", "changes must be a list of 1 to 100 rows"),
        (["/etc/passwd"], "changes[0] must be an object"),
        ([[{"tenant_id": "acme"}]], "changes[0] must be an object"),
        ([{"name": "x"}], "changes[0].tenant_id is missing"),
        ([{"tenant_id": "acme", "name": "x" * 70_000}], "changes must have at most 64 KiB"),
        (
            [{"tenant_id": "acme", "name": "\ud83d"}],
            "changes must be JSON that is not nested too deep and contains no lone surrogate",
        ),
    ],
)
async def test_changes_are_rows_and_never_paths(session: Session, changes: Any, text: str) -> None:
    """A path in their place would read a file of the person."""
    assert (await session.refused("plan_create", changes=changes)).startswith(text)


async def test_a_field_that_a_person_allowed_can_be_planned(reader: AsyncFrontegg, tmp_path: Path) -> None:
    """By its name alone."""
    async with session_of(AccountsService(reader, plans=tmp_path, fields=["users"])) as session:
        users = {"zoe@acme.example": {"name": "Zoe"}}
        answer = await session.call("plan_create", changes=[{"tenant_id": "acme", "users": users}])
        assert [row["path"] for row in answer["data"]] == ["users.zoe@acme.example"]
        text = await session.refused("plan_create", changes=[{"tenant_id": "acme", "sso": {}}])
        assert "--fields sso" in text


async def test_fields_that_are_none(reader: AsyncFrontegg, tmp_path: Path) -> None:
    """They are an error at the start, as are fields without plans."""
    with pytest.raises(ConfigurationError, match="fields must be among"):
        AccountsService(reader, plans=tmp_path, fields=["user"])
    with pytest.raises(ConfigurationError, match="give the directory of plans"):
        AccountsService(reader, fields=["users"])


@pytest.mark.parametrize("below", [True, False])
async def test_a_plan_stays_in_the_scope(reader: AsyncFrontegg, tmp_path: Path, below: bool) -> None:
    """Rows of others are refused, new accounts and parents too; plans of another scope are not there."""
    service = AccountsService(reader, plans=tmp_path, fields=["parent_tenant_id"])
    async with session_of(service) as unscoped, session_of(service, Scope("acme", below)) as scoped:
        for row in ({"tenant_id": FOREIGN[0], "name": "x"}, {"tenant_id": "new", "name": "x"}):
            assert "that this server may show" in await scoped.refused("plan_create", changes=[row])
        for moved in (
            {"tenant_id": "acme-1", "parent_tenant_id": HOLDING},
            {"tenant_id": "acme-1", "parentTenantId": None},
        ):
            await scoped.refused("plan_create", changes=[moved])
        for parent in (None, HOLDING, "acme-1"):  # a plan would show the parent that it has
            text = await scoped.refused("plan_create", changes=[{"tenant_id": "acme", "parent_tenant_id": parent}])
            assert (
                text
                == "changes[0].parent_tenant_id: an account cannot be moved out of the scope, and the account of the "
                "scope cannot be moved"
            )
        made = await scoped.call("plan_create", changes=[{"tenant_id": "acme", "name": "A"}])
        assert (await scoped.call("plan_get", digest=made["digest"]))["data"] == made["data"]
        assert "no plan" in await unscoped.refused("plan_get", digest=made["digest"])
        other = await unscoped.call("plan_create", changes=[{"tenant_id": FOREIGN[0], "name": "B"}])
        assert "no plan" in await scoped.refused("plan_get", digest=other["digest"])


async def test_the_account_of_a_scope_need_not_be_named(reader: AsyncFrontegg, tmp_path: Path) -> None:
    """A row is of it."""
    async with session_of(AccountsService(reader, plans=tmp_path), Scope("acme")) as session:
        assert (await session.call("plan_create", changes=[{"name": "A"}]))["data"][0]["key"] == "acme"


@pytest.mark.parametrize("edit", ["cut", "other", "moved"])
async def test_an_edited_plan_is_no_plan(session: Session, edit: str) -> None:
    """Its digest is that of its bytes."""
    made = await session.call("plan_create", changes=[{"tenant_id": "acme", "name": "A"}])
    other = await session.call("plan_create", changes=[{"tenant_id": "acme", "name": "B"}])
    _edit(Path(made["path"]), Path(other["path"]), edit)
    text = await session.refused("plan_get", digest=made["digest"])
    assert text == "there is no plan with this digest: plan_create returns the digest of a plan"


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def _edit(plan: Path, other: Path, edit: str) -> None:
    content = plan.read_bytes()
    edited = {"cut": content[:-2], "other": content.replace(b'"A"', b'"C"'), "moved": other.read_bytes()}
    plan.write_bytes(edited[edit])


async def test_secrets_of_the_person_are_not_read(session: Session) -> None:
    """A reference to a secret is text where it is metadata."""
    row = {"tenant_id": "acme", "metadata": {"key": {"secret": "env:HOME"}}}
    answer = await session.call("plan_create", changes=[row])
    assert answer["data"][0]["after"] == {"secret": "env:HOME"}


@pytest.mark.slow
def test_nothing_of_plans_is_imported_without_them() -> None:
    """Nor bulk work: what is not there cannot be called."""
    program = (
        "import sys\n"
        "from frontegg_async import AsyncFrontegg\n"
        "from frontegg_async.mcp import stdio, service\n"
        "service.AccountsService(AsyncFrontegg('emu_a', 'emu_b', base_url='http://127.0.0.1:1'))\n"
        "print([each for each in sys.modules if each.startswith(('frontegg_async.plans', 'frontegg_async.bulk'))])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


async def test_what_is_cleared_is_shown(session: Session) -> None:
    """As null after the change."""
    answer = await session.call("plan_create", changes=[{"tenant_id": "acme", "metadata": None}])
    assert answer["data"] == [
        {"kind": "changed", "key": "acme", "path": "metadata", "before": {"seats": 1}, "after": None}
    ]


async def test_guards_of_a_scope_have_no_limit(reader: AsyncFrontegg, tmp_path: Path) -> None:
    """It is a share of all accounts, and would tell their number."""
    async with session_of(AccountsService(reader, plans=tmp_path), Scope("acme", True)) as session:
        answer = await session.call("plan_create", changes=[{"tenant_id": "acme-1", "is_locked": True}])
    assert answer["guards"] == [{"name": "lock", "count": 1}]


async def test_references_to_secrets_stay_text_when_they_are_applied(
    reader: AsyncFrontegg, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the person's environment gets into an account that the assistant can read."""
    monkeypatch.setenv("HIDDEN", "of the person")
    value = {"secret": "env:HIDDEN"}
    row = {"tenant_id": "acme", "name": "${HIDDEN}", "metadata": {"key": value}}
    made = await session.call("plan_create", changes=[row])
    report = await reader.apply(made["path"], digest=made["digest"])
    tenant = await reader.tenants.get("acme")
    assert (report.failed, tenant.name, tenant.metadata) == (0, "${HIDDEN}", {"seats": 1, "key": value})
