"""What the emulator does with features, plans, feature flags and plan assignments."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async import NotFoundError
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.endpoints import entitlements
from frontegg_async.endpoints import features as endpoints_of_features
from frontegg_async.models import UserEntitlements, UserFeature, UserFeatureFlag, UserPlan
from frontegg_sync import Frontegg

_CONDITION: Final = {"attribute": "country", "negate": False, "op": "in_list", "value": {"list": ["DE"]}}
_RULE: Final[Any] = {"conditionLogic": "and", "conditions": [_CONDITION], "treatment": "true"}
_TENANTS: Final = [{"tenantId": "acme", "name": "Acme"}]
_TABLES: Final[Any] = {
    "features": [{"id": "f1", "key": "reports", "permissions": ["reports.read"]}, {"id": "f2", "key": "beta"}],
    "plans": [{"id": "p1", "name": "Pro", "featureIds": ["f1"], "rules": [_RULE]}],
    "featureFlags": [{"id": "g1", "featureId": "f2", "on": False, "offTreatment": "true"}],
    "planAssignments": [
        {"id": "a1", "planId": "p1", "tenantId": "acme"},
        {
            "id": "a2",
            "planId": "p1",
            "tenantId": "acme",
            "userId": "ann",
            "expirationDate": "2027-01-01T00:00:00.000Z",
        },
    ],
}


@pytest.fixture
def frontegg(frontegg_emulator: EmulatorHandle) -> Frontegg:
    """A client of an environment with a plan."""
    frontegg_emulator.seed({"tenants": _TENANTS, "tables": _TABLES})
    return frontegg_emulator.client()


def _offset(frontegg: Frontegg) -> int:
    found: Any = frontegg.send(entitlements.SNAPSHOT_OFFSET).value
    offset: int = found["snapshotOffset"]
    assert json.loads(frontegg.send(entitlements.SNAPSHOT).value)["snapshotOffset"] == offset
    return offset


def test_the_offset_does_not_come_again_after_a_restart(tmp_path: Path) -> None:
    """A client that kept the snapshot of the time before must read it anew."""
    offsets: list[int] = []
    for key in ("one", "two"):
        with Emulator(persist=tmp_path / "emulator.sqlite3") as emulator, emulator.client() as frontegg:
            offsets.append(_offset(frontegg))
            frontegg.features.create(key=key, name=key)
            offsets.append(_offset(frontegg))
    assert sorted(set(offsets)) == offsets


def test_the_snapshot_has_all_rows_as_arrays(frontegg: Frontegg) -> None:
    """Features, plans, assignments and flags are arrays in the order that Frontegg's client for Node reads."""
    found = json.loads(frontegg.send(entitlements.SNAPSHOT).value)
    assert found["data"] == {
        "features": [["f1", "reports", ["reports.read"]], ["f2", "beta", []]],
        "featureBundles": [["p1", ["f1"], "false", [_RULE]]],
        "entitlements": [["p1", "acme", None, None], ["p1", "acme", "ann", "2027-01-01T00:00:00.000Z"]],
        "featureFlags": [["beta", False, "boolean", "false", "true", []]],
    }


def test_the_offset_differs_after_each_change_of_entitlements(
    frontegg: Frontegg, frontegg_emulator: EmulatorHandle
) -> None:
    """Other changes do not move the offset. A snapshot that is restored has a new one (assumed)."""
    before = _offset(frontegg)
    frontegg.tenants.create(name="North", tenant_id="north")
    assert _offset(frontegg) == before
    whole = frontegg_emulator.snapshot()
    frontegg_emulator.seed({"tables": {"features": [{"id": "f3", "key": "new"}]}})
    seeded = _offset(frontegg)
    frontegg.tenants.delete("acme")
    deleted = _offset(frontegg)
    frontegg_emulator.restore(whole)
    restored = _offset(frontegg)
    assert before < seeded < deleted < restored


def test_assignments_go_with_their_tenant(frontegg: Frontegg) -> None:
    """The snapshot has no assignment of a tenant that was deleted."""
    frontegg.tenants.delete("acme")
    assert json.loads(frontegg.send(entitlements.SNAPSHOT).value)["data"]["entitlements"] == []


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        ("plans", {"name": "P", "featureIds": ["none"]}, "feature 'none' does not exist"),
        ("featureFlags", {"featureId": "none"}, "feature 'none' does not exist"),
        ("planAssignments", {"planId": "none", "tenantId": "acme"}, "plan 'none' does not exist"),
        ("planAssignments", {"planId": "p1"}, "tenantId is missing"),
        ("plans", {"name": "P", "defaultTreatment": "maybe"}, "defaultTreatment"),
    ],
)
def test_a_seed_whose_rows_do_not_fit_together_is_refused(
    frontegg: Frontegg, frontegg_emulator: EmulatorHandle, table: str, row: dict[str, object], message: str
) -> None:
    """The error names what is missing or not allowed, and nothing changes."""
    before = _offset(frontegg)
    with pytest.raises(ValueError, match=message):
        frontegg_emulator.seed({"tables": {table: [{"id": "new", **row}]}})
    assert _offset(frontegg) == before


def test_an_environment_with_entitlements_is_exported_and_imported(frontegg_emulator: EmulatorHandle) -> None:
    """A seed that was exported gives the same data again."""
    frontegg_emulator.seed({"tenants": _TENANTS, "tables": _TABLES})
    exported = frontegg_emulator.export_seed()
    frontegg_emulator.import_seed(exported)
    assert frontegg_emulator.export_seed() == exported


def test_a_feature_that_is_deleted_is_in_no_plan(frontegg: Frontegg, frontegg_emulator: EmulatorHandle) -> None:
    """Plans lose it, and its feature flag is deleted (assumed): the environment can be stored and restored."""
    frontegg.features.delete("f1")
    frontegg.features.delete("f2")
    found = json.loads(frontegg.send(entitlements.SNAPSHOT).value)["data"]
    assert (found["featureBundles"][0][1], found["featureFlags"]) == ([], [])
    frontegg_emulator.restore(frontegg_emulator.snapshot())


def test_a_feature_of_a_seed_without_a_name_can_be_changed(frontegg: Frontegg) -> None:
    """Only names that are sent must not be empty."""
    frontegg.features.update("f2", permissions=["beta.use"])
    assert frontegg.features.get("f2").permissions == ("beta.use",)


def test_features_are_filtered_and_sorted(frontegg: Frontegg, frontegg_emulator: EmulatorHandle) -> None:
    """By permission, name and key; the newest come first without an order (documented)."""
    frontegg_emulator.seed({"tables": {"features": [{"id": "f3", "key": "alpha", "name": "Alpha"}]}})
    features = frontegg.features
    assert [each.id for each in features.list(permission_keys=["reports.read"])] == ["f1"]
    assert [each.id for each in features.list(filter="ALPH")] == ["f3"]
    assert [each.id for each in features.list(sort_by="key", order="desc")] == ["f1", "f2", "f3"]
    found: Any = frontegg.send(endpoints_of_features.LIST).value
    assert ([each.id for each in found.items], found.has_next) == (["f3", "f2", "f1"], False)


def test_plans_are_found_by_what_has_them(frontegg: Frontegg) -> None:
    """By a feature, a tenant, a user, and a part of the name."""
    plans = frontegg.plans
    free = plans.create(name="Free").id
    assert [each.id for each in plans.list()] == ["p1", free]
    assert [each.id for each in plans.list(feature_ids=["f1"])] == ["p1"]
    assert [each.id for each in plans.list(tenant_ids=["acme"], user_ids=["ann"])] == ["p1"]
    assert list(plans.list(user_ids=["bob"])) == []
    assert [each.id for each in plans.list(filter="fre")] == [free]


def test_a_plan_that_is_deleted_has_no_assignments(frontegg: Frontegg, frontegg_emulator: EmulatorHandle) -> None:
    """They are deleted with it (assumed): the environment can be stored and restored."""
    frontegg.plans.delete("p1")
    assert json.loads(frontegg.send(entitlements.SNAPSHOT).value)["data"]["entitlements"] == []
    frontegg_emulator.restore(frontegg_emulator.snapshot())


def test_features_are_linked_once(frontegg: Frontegg) -> None:
    """A feature that a plan has, and one that it lacks, are accepted (assumed)."""
    for _ in range(2):
        frontegg.plans.link_features("p1", feature_ids=["f2", "f1"])
        assert [each.id for each in frontegg.plans.get("p1").features or ()] == ["f1", "f2"]
    for _ in range(2):
        frontegg.plans.unlink_features("p1", feature_ids=["f1"])
        assert [each.id for each in frontegg.plans.list_features("p1")] == ["f2"]


def test_a_batch_with_something_wrong_changes_nothing(frontegg: Frontegg) -> None:
    """Neither of the assignments is made or changed (assumed), and the offset stays."""
    before, assignments = _offset(frontegg), frontegg.plan_assignments
    with pytest.raises(NotFoundError):
        assignments.assign("p1", tenant_ids=["acme", "none"])
    with pytest.raises(NotFoundError):
        assignments.clear_expiry(["a2", "none"])
    assert _offset(frontegg) == before
    assignments.remove(["a1", "none"])
    assert [each.id for each in assignments.list()] == ["a2"]


def test_a_flag_moves_the_snapshot_and_goes_with_its_feature(frontegg: Frontegg) -> None:
    """A change of a flag is in the next snapshot. The flags of a feature that is deleted are deleted (assumed)."""
    flags, before = frontegg.feature_flags, _offset(frontegg)
    flags.update("g1", on=True, feature_id="f1")
    assert _offset(frontegg) > before
    shown = json.loads(frontegg.send(entitlements.SNAPSHOT).value)["data"]["featureFlags"]
    assert shown == [["reports", True, "boolean", "false", "true", []]]
    frontegg.features.delete("f1")
    assert list(flags.list()) == []


def test_flags_are_filtered_and_sorted(frontegg: Frontegg) -> None:
    """A part of the name finds a flag, in any case; the oldest comes first, as the client asks for."""
    flags = frontegg.feature_flags
    made = [flags.create(feature_id="f1", name=name).id for name in ("Zeta", "Alpha")]
    assert [each.id for each in flags.list()] == ["g1", *made]
    assert [each.id for each in flags.list(filter="zet")] == made[:1]
    assert [each.name for each in flags.list(sort_by="name", order="desc")] == ["Zeta", "Alpha", ""]


def test_a_user_gets_what_decides_for_it(frontegg: Frontegg, frontegg_emulator: EmulatorHandle) -> None:
    """Assignments of the tenant and of the user give their features until the last ends; others are not theirs."""
    frontegg_emulator.seed(
        {
            "users": [
                {"id": "ann", "email": "ann@acme.example", "tenantId": "acme", "permissions": ["reports.*"]},
                {"id": "bob", "email": "bob@acme.example", "tenantId": "acme"},
            ]
        }
    )
    frontegg.plan_assignments.change_expiry(["a1"], expires_at=datetime(2020, 1, 1, tzinfo=UTC))

    def of(user_id: str) -> UserEntitlements:
        token = frontegg_emulator.user_token(tenant_id="acme", user_id=user_id)
        return frontegg.as_user(token.access_token).entitlements.get()

    found, other = of("ann"), of("bob")
    end = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp() * 1_000)
    flag = UserFeatureFlag(on=False, default_treatment="false", off_treatment="true", rules=[])
    assert found.features == (
        UserFeature(key="reports", expire_time=end, plan_ids=("p1",), linked_permissions=("reports.read",)),
        UserFeature(key="beta", feature_flag=flag),
    )
    assert found.plans == (UserPlan(id="p1", default_treatment="false", rules=[_RULE]),)
    assert (found.permissions, other.permissions) == (("reports.*",), ())
    assert other.features[0].expire_time == int(datetime(2020, 1, 1, tzinfo=UTC).timestamp() * 1_000)
    frontegg.plan_assignments.clear_expiry(["a1"])
    assert of("bob").features[0].expire_time == -1
