"""Features, feature plans and feature flags in environment files: promotion, deletions and their guards."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import FilesError, GuardShutError
from frontegg_async.testing import EmulatorFaults, parts
from tests.managed.environment_cases import treatment_rule
from tests.plans.small_environment import applied, lines, notes
from tests.support.flavours import FLAVOURS, clients_of, do

pytestmark = pytest.mark.anyio

FORMAT: Final = "frontegg-environment/1"
FILE: Final[dict[str, Any]] = {
    "format": FORMAT,
    "permissions": {"reports.read": {"name": "Read"}},
    "features": {
        "reports": {"name": "Reports", "permissions": ["reports.read"]},
        "seats": {"name": "Seats", "description": "More people"},
    },
    "plans": {
        "Free": {"default_treatment": "true", "features": ["reports"]},
        "Pro": {
            "features": ["reports", "seats"],
            "rules": [treatment_rule("true", "jwt.plan", "${PLAN}")],
            "metadata": {"price": 10},
        },
    },
    "feature_flags": {
        "Beta": {"feature": "seats", "on": True, "default_treatment": "false", "off_treatment": "false"},
    },
}
VARIABLES: Final = {"PLAN": "pro"}


@asynccontextmanager
async def other_environment(emulator: EmulatorHandle) -> AsyncGenerator[AsyncFrontegg, None]:
    """Return a client of another environment, in which objects get other ids."""
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(parts.client(emulator.create_environment()))


async def fill(client: AsyncFrontegg, tmp_path: Path) -> None:
    plan = await client.plan(FILE, vars=VARIABLES)
    report = await client.apply(plan, ledger=tmp_path / "filled")
    assert report.succeeded == report.total, report.summary()


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.slow
async def test_a_promotion_gives_the_same_file(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path, flavour: str
) -> None:
    """Byte for byte, although each object has another id; a second plan is empty, and undo leaves nothing."""
    async with clients_of(frontegg_emulator, flavour) as clients, other_environment(frontegg_emulator) as other:
        await do(clients.manager.export, tmp_path / "empty.yml", kind="environment")
        plan = await do(clients.manager.plan, FILE, vars=VARIABLES)
        report = await do(clients.manager.apply, plan, ledger=tmp_path / "ledger")
        assert report.succeeded == report.total, report.summary()
        assert not await do(clients.manager.plan, FILE, vars=VARIABLES)
        await do(clients.manager.export, tmp_path / "here.yml", kind="environment", vars=tmp_path / "vars.yml")
        await other.features.create(key="other", name="Shifts ids")
        await other.features.delete((await other.features.list().all())[0].id)
        plan = await other.plan(tmp_path / "here.yml", vars=tmp_path / "vars.yml")
        await other.apply(plan, ledger=tmp_path / "other")
        await other.export(tmp_path / "there.yml", kind="environment")
        assert (tmp_path / "there.yml").read_bytes() == (tmp_path / "here.yml").read_bytes()
        ids = [{each.id for each in await client.plans.list().all()} for client in (frontegg_client, other)]
        assert ids[0].isdisjoint(ids[1])

        undone = await do(clients.manager.undo, tmp_path / "ledger", allow={"delete": 6})
        report = await do(clients.manager.apply, undone, ledger=tmp_path / "undone")
        assert report.succeeded == report.total, report.summary()
        await do(clients.manager.export, tmp_path / "undone.yml", kind="environment")
    assert (tmp_path / "undone.yml").read_bytes() == (tmp_path / "empty.yml").read_bytes()


async def test_what_a_file_does_not_name_stays(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Features of a plan, keys of metadata and fields; rules are replaced as a whole."""
    await fill(frontegg_client, tmp_path)
    await frontegg_client.features.create(key="sso", name="SSO")
    file: dict[str, Any] = {
        "format": FORMAT,
        "plans": {"Pro": {"features": ["sso"], "rules": [], "metadata": {"seats": 5}}, "Free": {}},
    }
    plan = await frontegg_client.plan(file)
    assert lines(plan) == [
        "changed plans.Pro features.sso",
        "changed plans.Pro metadata.seats",
        "changed plans.Pro rules",
    ]
    await applied(frontegg_client, plan, tmp_path / "ledger")
    [pro] = await frontegg_client.plans.list(filter="Pro").all()
    assert {each.key for each in pro.features or ()} == {"reports", "seats", "sso"}
    assert (pro.rules, pro.metadata) == ([], {"price": 10, "seats": 5})


async def test_a_feature_that_is_renamed_stays_in_its_plans(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Plans and flags refer to it by its id. A permission that is renamed is added by its new key."""
    await fill(frontegg_client, tmp_path)
    file: dict[str, Any] = {
        "format": FORMAT,
        "permissions": {"reports.view": {"renamed_from": "reports.read"}},
        "features": {"analytics": {"renamed_from": "reports", "permissions": ["reports.view"]}},
        "plans": {"Pro": {"features": ["analytics", "seats"]}},
    }
    await applied(frontegg_client, await frontegg_client.plan(file), tmp_path / "ledger")
    assert not await frontegg_client.plan(file)
    [pro] = await frontegg_client.plans.list(filter="Pro").all()
    assert {each.key for each in pro.features or ()} == {"analytics", "seats"}
    [feature] = await frontegg_client.features.list(keys=["analytics"]).all()
    assert "reports.view" in feature.permissions


@pytest.mark.parametrize(
    ("part", "objects", "message"),
    [
        ("plans", {"Pro": {"features": ["seat"]}}, "there is no 'seat' in features of the environment or of the"),
        (
            "features",
            {"seats": {"name": "S", "permissions": ["x"]}},
            "there is no 'x' in permissions of the environment",
        ),
        ("features", {"a,b": {"name": "A"}}, "the key of the feature must not contain a comma"),
        ("plans", {"Pro": {"rules": {}}}, "rules must be a sequence of mappings: give a list even for a single rule"),
        ("plans", {"Pro": {"rules": ["a"]}}, "rules[0] must be a mapping"),
        ("plans", {"Pro": {"default_treatment": "yes"}}, "default_treatment must be"),
        ("plans", {"Pro": {"default_time_limitation": 0}}, "default_time_limitation must be"),
        ("feature_flags", {"New": {"on": True}}, "there is no feature flag 'New': to create it, the file must have"),
    ],
)
async def test_files_that_cannot_be_planned(
    frontegg_client: AsyncFrontegg, part: str, objects: dict[str, Any], message: str
) -> None:
    with pytest.raises(FilesError) as caught:
        await frontegg_client.plan({"format": FORMAT, part: objects})
    [fault] = caught.value.faults
    assert fault.message.startswith(message)


PRUNED: Final[dict[str, Any]] = {"format": FORMAT, "plans": {"Free": {}}}


async def assigned(client: AsyncFrontegg, emulator: EmulatorHandle, tmp_path: Path) -> str:
    """Assign Pro to an account until some day, and return the id of the plan."""
    await fill(client, tmp_path)
    emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    [pro] = await client.plans.list(filter="Pro").all()
    await client.plan_assignments.assign(pro.id, tenant_ids=["acme"], expires_at=datetime(2030, 1, 1, tzinfo=UTC))
    return pro.id


async def test_a_plan_that_accounts_have_is_deleted_only_if_that_is_allowed(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Its assignments are deleted with it."""
    await assigned(frontegg_client, frontegg_emulator, tmp_path)
    plan = await frontegg_client.plan(PRUNED, prune=["part:plans"])
    [change] = plan
    assert (change.kind, change.key, change.note) == (
        "deleted",
        "plans.Pro",
        "1 assignment to accounts and users will be removed",
    )
    assert [guard.name for guard in plan.shut_guards] == ["assigned-plan"]
    with pytest.raises(GuardShutError):
        await frontegg_client.apply(plan, ledger=tmp_path / "ledger")
    plan = await frontegg_client.plan(PRUNED, prune=["part:plans"], allow={"assigned-plan": 1})
    plan.save(tmp_path / "plan.jsonl")
    report = await frontegg_client.apply(tmp_path / "plan.jsonl", ledger=tmp_path / "ledger")
    assert report.succeeded == 1, report.summary()
    assert [each.name for each in await frontegg_client.plans.list().all()] == ["Free"]


async def test_a_plan_that_was_assigned_since_is_not_deleted(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Neither by a plan nor by undo: nothing allowed it."""
    await fill(frontegg_client, tmp_path)
    plan = await frontegg_client.plan(PRUNED, prune=["part:plans"])
    undone = await frontegg_client.undo(tmp_path / "filled")
    assert not plan.shut_guards
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    [pro] = await frontegg_client.plans.list(filter="Pro").all()
    await frontegg_client.plan_assignments.assign(pro.id, tenant_ids=["acme"])

    report = await frontegg_client.apply(plan, ledger=tmp_path / "ledger")
    [row] = report.rows()
    assert (row.state.value, row.message) == (
        "failed",
        "accounts or users have the feature plan 'Pro', so its deletion needs to be allowed",
    )
    assert "deleted plans.Pro" in lines(undone)
    again = await frontegg_client.undo(tmp_path / "filled")
    assert "deleted plans.Pro" not in lines(again)
    assert "plans.Pro: it has 1 assignment to accounts and users, so the feature plan stays" in notes(again)


async def test_a_plan_is_not_deleted_if_its_assignments_cannot_be_read(
    frontegg_client: AsyncFrontegg, frontegg_faults: EmulatorFaults, tmp_path: Path
) -> None:
    """Nor is it by undo."""
    await fill(frontegg_client, tmp_path)
    with frontegg_faults.status(403, method="GET", path="/entitlements/api/v1/vendor-entitlements"):
        plan = await frontegg_client.plan(PRUNED, prune=["part:plans"])
        undone = await frontegg_client.undo(tmp_path / "filled")
    assert (lines(plan), notes(plan)) == ([], ["plans.Pro: assignments not readable (403)"])
    assert not {"deleted plans.Pro", "deleted plans.Free"} & {*lines(undone)}
    assert "plans.Pro: assignments not readable (403), so the feature plan stays" in notes(undone)


async def test_a_feature_that_is_deleted_is_noted_with_its_plans_and_flags(
    frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """They lose it."""
    await fill(frontegg_client, tmp_path)
    plan = await frontegg_client.plan({"format": FORMAT, "features": {"reports": {}}}, prune=["part:features"])
    [change] = plan
    assert (change.kind, change.key) == ("deleted", "features.seats")
    assert change.note == "removed from the feature plan Pro; removed from the feature flag Beta"


async def test_the_last_permission_of_a_feature_is_taken(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    await fill(frontegg_client, tmp_path)
    file: dict[str, Any] = {
        "format": FORMAT,
        "features": {"reports": {"permissions": [], "description": "New"}, "seats": {}},
    }
    await applied(frontegg_client, await frontegg_client.plan(file, prune=["part:features"]), tmp_path / "ledger")
    [feature] = await frontegg_client.features.list(keys=["reports"]).all()
    assert (feature.permissions, feature.description) == ((), "New")


async def test_accounts_wait_for_plans_that_the_environment_file_makes(frontegg_client: AsyncFrontegg) -> None:
    """A plan needs its id."""
    row = {"tenant_id": "new", "name": "New", "plans": ["Pro"]}
    with pytest.raises(FilesError, match="the feature plan 'Pro' does not exist yet: apply the environment file first"):
        await frontegg_client.plan([FILE, row], vars=VARIABLES)
