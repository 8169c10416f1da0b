"""The rules about sub-accounts, as tables."""

from __future__ import annotations

from typing import Any

import pytest

from frontegg_async.emulator.services.registry import RULES
from frontegg_async.emulator.store.stored_records import all_records, state_of
from frontegg_async.emulator.world.grants import NOBODY
from tests.emulator.support import create, make_environment, refusal, run, shown
from tests.emulator.test_rules_hierarchy import family, ids
from tests.emulator.test_rules_tenants import add_user
from tests.emulator.test_rules_users import user


def body(tenant_id: str = "new", parent_id: str = "a", **fields: Any) -> dict[str, Any]:
    return {"tenantId": tenant_id, "name": "New", "parentTenantId": parent_id, **fields}


def test_create() -> None:
    """The tenant is below its parent, and the answer has the fields that are not empty."""
    environment = family()
    answer = run(environment, "sub_tenants.create", body(status="active", isReseller=True, logoUrl="https://l.example"))
    assert (answer.status, answer.effect.created) == (201, ("new",))
    assert shown(answer) == {
        "tenantId": "new",
        "name": "New",
        "status": "active",
        "logoUrl": "https://l.example",
        "updatedAt": "2023-11-14T22:13:20.000Z",
    }
    assert environment.state.parents["new"] == "a"
    assert environment.state.tenants["new"].is_reseller


def test_create_reactivates() -> None:
    """A deleted id lives again, below the parent that is asked for; nothing else is kept."""
    environment = family()
    run(environment, "sub_tenants.delete", tenant_id="a11")
    assert "a11" in environment.state.deleted
    run(environment, "sub_tenants.create", body("a11", "b"))
    assert environment.state.parents["a11"] == "b"
    assert environment.state.tenants["a11"].name == "New"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (body("b"), 409),
        (body("out"), 409),
        (body(parent_id="a11"), 400),
        (body(parent_id="nobody"), 404),
        (body(".."), 400),
        (body("new", "new"), 404),
    ],
)
def test_what_cannot_be_created(sent: dict[str, Any], status: int) -> None:
    """As with tenants."""
    assert refusal(family(), "sub_tenants.create", sent).status == status


@pytest.mark.parametrize(("parent_id", "status"), [("north", 403), ("b", 403), ("nobody", 404), ("a11", 400)])
def test_users_create_in_their_hierarchy(parent_id: str, status: int) -> None:
    """Below their own tenant and what is below it, and nowhere else."""
    environment = family()
    assert refusal(environment, "sub_tenants.create", body(parent_id=parent_id), caller=user("a")).status == status
    assert run(environment, "sub_tenants.create", body(parent_id="a1"), caller=user("a")).status == 201


@pytest.mark.parametrize(("parent_id", "status"), [("nobody", 404), ("out", 403), ("a1", 409)])
def test_users_hear_of_the_parent_first(parent_id: str, status: int) -> None:
    """Whatever is wrong with the new tenant's id comes after it; an environment hears of the id first."""
    sent = body("b", parent_id)
    assert refusal(family(), "sub_tenants.create", sent, caller=user("a")).status == status
    assert refusal(family(), "sub_tenants.create", sent).status == 409


@pytest.mark.parametrize(
    ("verb", "sent"),
    [
        ("rename", {"name": "Renamed"}),
        ("set_management", {"isReseller": False}),
        ("set_hierarchy_settings", {"subAccountAccessType": "defaultOn"}),
        ("delete", {}),
    ],
)
def test_writes_about_one(verb: str, sent: dict[str, Any]) -> None:
    """Users reach their tenant and those below; environments reach all."""
    operation = f"sub_tenants.{verb}"
    for tenant_id, status in (("north", 403), ("b", 403), ("nobody", 404)):
        assert refusal(family(), operation, sent, caller=user("a"), tenant_id=tenant_id).status == status
    assert refusal(family(), operation, sent, tenant_id="nobody").status == 404
    for caller, tenant_id in ((user("a"), "a1"), (user("a"), "a"), (NOBODY, "out")):
        answer = run(family(), operation, sent, tenant_id=tenant_id, caller=caller)
        assert answer.status == 200
        assert tenant_id in answer.effect.changed + answer.effect.deleted


def test_what_they_do() -> None:
    """The name, the flag, the setting; a tenant that is deleted leaves its sub-accounts to its parent."""
    environment = family()
    run(environment, "sub_tenants.rename", {"name": "Renamed"}, tenant_id="a1")
    assert environment.state.tenants["a1"].name == "Renamed"
    answered = shown(run(environment, "sub_tenants.set_management", {"isReseller": False}, tenant_id="a1"))
    assert (answered["tenantId"], answered["name"]) == ("a1", "Renamed")
    assert not environment.state.tenants["a1"].is_reseller
    run(environment, "sub_tenants.delete", tenant_id="a1")
    assert ids(run(environment, "hierarchy.list_sub_accounts", about="a")) == ["a11"]
    assert refusal(environment, "sub_tenants.rename", {"name": ""}, tenant_id="a").status == 400


def test_the_access_type_is_kept() -> None:
    """With the tenant, until that is deleted."""
    environment = family()
    run(environment, "sub_tenants.set_hierarchy_settings", {"subAccountAccessType": "alwaysOn"}, tenant_id="a1")
    again = make_environment()
    again.replace_state(state_of(record for _, record in all_records(environment.state)))
    for each in (environment, again):
        assert shown(run(each, "hierarchy.search", about="a"))["items"][0]["subAccountAccessType"] == "alwaysOn"
    run(again, "sub_tenants.delete", tenant_id="a1")
    run(again, "sub_tenants.create", body("a1"))
    rows = {row["tenantId"]: row for row in shown(run(again, "hierarchy.search", about="a"))["items"]}
    assert rows["a1"]["subAccountAccessType"] == "defaultOff"


def test_access_of_users() -> None:
    """It is kept with the user and counted; users change it in their own hierarchy."""
    environment = family()
    add_user(environment, "u1", "a1", "out")
    add_user(environment, "u2", "out")
    assert run(environment, "sub_tenants.set_user_access", {"allowAccess": False}, user_id="u1").status == 200
    counts = shown(run(environment, "tenants.count_users", {"tenantIds": ["a1"]}))
    assert (counts[0]["totalUsers"], counts[0]["totalAccessAllowedUsers"]) == (1, 0)
    run(environment, "sub_tenants.set_user_access", {"allowAccess": True}, user_id="u1", caller=user("a"))
    assert environment.state.users["u1"].allow_access
    for user_id, status in (("u2", 403), ("nobody", 404)):
        refused = refusal(
            environment, "sub_tenants.set_user_access", {"allowAccess": True}, user_id=user_id, caller=user("a")
        )
        assert refused.status == status


def test_permissions() -> None:
    """Which permission each operation asks of a user."""
    assert {name: rule.permission for name, rule in RULES.items() if name.startswith(("hierarchy.", "sub_t"))} == {
        "hierarchy.assign": None,
        "hierarchy.unassign": None,
        **dict.fromkeys(
            (
                f"hierarchy.{verb}"
                for verb in (
                    "list_sub_accounts",
                    "tree",
                    "list_parents",
                    "list_parents_of",
                    "search",
                    "count_sub_accounts",
                )
            ),
            "fe.account-hierarchy.read.subAccount",
        ),
        **dict.fromkeys(
            (f"sub_tenants.{verb}" for verb in ("create", "rename", "set_hierarchy_settings")),
            "fe.account-hierarchy.write.subAccount",
        ),
        "sub_tenants.set_management": "fe.account-hierarchy.write.subAccountManagement",
        "sub_tenants.set_user_access": "fe.account-hierarchy.write.subAccountAccess",
        "sub_tenants.delete": "fe.account-hierarchy.delete.subAccount",
        "sub_tenants.users.list": "fe.secure.read.users",
        "sub_tenants.users.add": "fe.secure.write.userSubTenants",
        "sub_tenants.users.add_many": "fe.secure.write.userSubTenants",
        "sub_tenants.users.remove": "fe.secure.delete.userSubTenants",
        "sub_tenants.users.assign_roles": "fe.secure.write.usersRoles",
        "sub_tenants.users.set_roles": "fe.secure.write.usersRoles",
        "sub_tenants.users.unassign_roles": "fe.secure.delete.usersRoles",
    }


def test_where_the_reseller_rule_holds_by_the_switch() -> None:
    """Environments may be free to put a tenant under any other; a sub-account's parent is a reseller."""
    environment = family(reseller_rule_holds="sub_accounts")
    assert refusal(environment, "sub_tenants.create", body(parent_id="a11")).status == 400
    create(environment, "made", parentTenantId="a11")
    run(environment, "hierarchy.assign", {"parentTenantId": "a11", "childTenantId": "out"})
    assert set(environment.state.children("a11")) == {"made", "out"}


def test_the_parent_must_exist_before_its_reseller_flag_counts() -> None:
    """Of a parent outside of the hierarchy a user learns nothing else."""
    environment = family()
    create(environment, "plain")
    assert refusal(environment, "sub_tenants.create", body(parent_id="plain"), caller=user("a")).status == 403
