"""The rules about users on themselves: their tenants, and the active one among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from frontegg_async.emulator.calls import Grant
from frontegg_async.emulator.environment import Environment
from frontegg_async.emulator.sessions import begin, user_claims
from tests.emulator.support import create, make_environment, refusal, run, shown
from tests.emulator.test_rules_sessions import claims, lock, refresh
from tests.emulator.test_rules_tenants import add_user


def make(**behaviour: str | int) -> Environment:
    """A hierarchy of four, a tenant beside it, and a user of some of them."""
    environment = make_environment(**behaviour)
    create(environment, "root", isReseller=True)
    create(environment, "mid", isReseller=True, parentTenantId="root")
    create(environment, "leaf", isReseller=True, parentTenantId="mid")
    create(environment, "below", parentTenantId="leaf")
    create(environment, "other")
    add_user(environment, "ann", "leaf", "root", "other", roles=("admin",), permissions=("fe.a", "own"))
    return environment


def signed_in(environment: Environment, user_id: str = "ann") -> tuple[Grant, str]:
    """A session of a user: what its access token entitles to, and its refresh token."""
    user = environment.state.users[user_id]
    session = begin(environment, user_claims(user, user.tenant_id), kind="user")
    return session.grant, session.refresh_token


def stranger(*tenant_ids: str, **more: Any) -> Grant:
    """Somebody whom the environment does not have."""
    said = {"sub": "x", "tenantId": tenant_ids[0], "tenantIds": list(tenant_ids), **more}
    return Grant(
        kind="user", client_id="emu_test", issued=0, expires=1, subject="x", tenant_id=tenant_ids[0], claims=said
    )


def test_tenants() -> None:
    """A user's own tenants by id and name, those below them not included."""
    environment = make()
    caller, _ = signed_in(environment)
    assert shown(run(environment, "me.tenants", caller=caller)) == [
        {"tenantId": "leaf", "name": "LEAF"},
        {"tenantId": "root", "name": "ROOT"},
        {"tenantId": "other", "name": "OTHER"},
    ]


def test_whole_tenants_by_the_switch() -> None:
    """They can come as the listing has them."""
    environment = make(user_tenants="whole")
    caller, _ = signed_in(environment)
    body = shown(run(environment, "me.tenants", caller=caller))
    assert body[0] == shown(run(environment, "tenants.get", tenant_id="leaf"))


def test_tenants_of_somebody_unknown() -> None:
    """The token says which; those that are not there are left out."""
    environment = make()
    body = shown(run(environment, "me.tenants", caller=stranger("other", "nowhere", "mid", "other")))
    assert [tenant["tenantId"] for tenant in body] == ["other", "mid"]


@pytest.mark.parametrize("said", [{}, {"tenantIds": None}, {"tenantIds": "mid"}])
def test_tenants_of_a_token_that_lists_none(said: Mapping[str, Any]) -> None:
    """Its own is one."""
    caller = Grant(kind="user", client_id="emu_test", issued=0, expires=1, tenant_id="other", claims=said)
    assert shown(run(make(), "me.tenants", caller=caller)) == [{"tenantId": "other", "name": "OTHER"}]


def test_hierarchy() -> None:
    """Each tenant is below the nearest one above it that is the user's too."""
    environment = make()
    caller, _ = signed_in(environment)
    assert shown(run(environment, "me.hierarchy", caller=caller)) == [
        {"tenantId": "root", "name": "ROOT", "children": [{"tenantId": "leaf", "name": "LEAF", "children": []}]},
        {"tenantId": "other", "name": "OTHER", "children": []},
    ]


def test_hierarchy_as_rows_by_the_switch() -> None:
    """They can name their parents."""
    environment = make(user_hierarchy="rows")
    caller, _ = signed_in(environment)
    assert shown(run(environment, "me.hierarchy", caller=caller)) == [
        {"tenantId": "leaf", "name": "LEAF", "parentTenantId": "root"},
        {"tenantId": "root", "name": "ROOT", "parentTenantId": None},
        {"tenantId": "other", "name": "OTHER", "parentTenantId": None},
    ]


def test_switch() -> None:
    """The answer is the user, and the next tokens are for the other tenant."""
    environment = make()
    caller, token = signed_in(environment)
    body = shown(run(environment, "me.switch_tenant", {"tenantId": "other"}, caller=caller))
    assert (body["id"], body["sub"], body["tenantId"]) == ("ann", "ann", "other")
    assert body["subAccountAccessAllowed"] is True
    run(environment, "sub_tenants.set_user_access", {"allowAccess": False}, user_id="ann")
    again = shown(run(environment, "me.switch_tenant", {"tenantId": "other"}, caller=caller))
    assert again["subAccountAccessAllowed"] is False
    assert body["tenantIds"] == ["leaf", "root", "other"]
    assert [tenant["tenantId"] for tenant in body["tenants"]] == ["leaf", "root", "other"]
    assert [role["key"] for role in body["roles"]] == ["admin"]
    assert [(each["key"], each["fePermission"]) for each in body["permissions"]] == [("fe.a", True), ("own", False)]
    assert claims(refresh(environment, token)[1]["accessToken"])["tenantId"] == "other"


def test_switch_of_somebody_unknown() -> None:
    """It works for the tenants that the token lists."""
    environment = make()
    said = {"name": "X", "roles": ["r"], "metadata": {"a": 1}}
    caller = stranger("root", "other", **said)
    session = begin(environment, caller.claims, kind="user", carried=caller.claims)  # type: ignore[arg-type]
    body = shown(run(environment, "me.switch_tenant", {"tenantId": "other"}, caller=caller))
    assert (body["id"], body["name"], body["tenantId"], body["metadata"]) == ("x", "X", "other", '{"a":1}')
    assert claims(refresh(environment, session.refresh_token)[1]["accessToken"])["tenantId"] == "other"
    assert "x" not in environment.state.users


def test_where_nobody_switches_to() -> None:
    """An unknown tenant is 404; another's, one reached by the hierarchy alone, and a locked one are 403."""
    environment = make()
    caller, token = signed_in(environment)
    lock(environment, "other")
    for tenant_id, status in (("nobody", 404), ("mid", 403), ("below", 403), ("other", 403)):
        assert refusal(environment, "me.switch_tenant", {"tenantId": tenant_id}, caller=caller).status == status
    lock(environment, "other", locked=False)
    assert claims(refresh(environment, token)[1]["accessToken"])["tenantId"] == "leaf"
    assert run(environment, "me.switch_tenant", {"tenantId": "other"}, caller=caller).status == 200


def test_a_tenant_of_others_can_be_hidden() -> None:
    """By the switch it is as one that does not exist."""
    environment = make(switch_not_member=404)
    caller, _ = signed_in(environment)
    assert refusal(environment, "me.switch_tenant", {"tenantId": "mid"}, caller=caller).status == 404
