"""The rules about the signed-in user: its tenants, and the active one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from frontegg_async.emulator.services.hierarchy.rows import HierarchySettingsRow
from frontegg_async.emulator.services.registry import RULES
from frontegg_async.emulator.services.sessions.token_sessions import begin, user_claims
from frontegg_async.emulator.services.support.emulated_response import RequestRefusedError
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.store.integrity import check_records
from frontegg_async.emulator.store.stored_records import all_records
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant
from frontegg_async.models.hierarchy import SubAccountAccessType
from tests.emulator.support import create, make_environment, refusal, run, shown
from tests.emulator.test_rules_sessions import claims, lock, refresh
from tests.emulator.test_rules_tenants import add_user


def make(**switches: str | int) -> EmulatedEnvironment:
    """A hierarchy of four, a tenant beside it, and a user of some of them."""
    environment = make_environment(**switches)
    create(environment, "root", isReseller=True)
    create(environment, "mid", isReseller=True, parentTenantId="root")
    create(environment, "leaf", isReseller=True, parentTenantId="mid")
    create(environment, "below", parentTenantId="leaf")
    create(environment, "other")
    add_user(environment, "ann", "leaf", "root", "other", roles=("admin",), permissions=("fe.a", "own"))
    return environment


def signed_in(environment: EmulatedEnvironment, user_id: str = "ann") -> tuple[Grant, str]:
    """A session of a user: what its access token entitles to, and its refresh token."""
    user = environment.state.users[user_id]
    session = begin(environment, user_claims(environment, user, user.tenant_id), kind="user")
    return session.grant, session.refresh_token


def stranger(*tenant_ids: str, **more: Any) -> Grant:
    """Somebody whom the environment does not have."""
    said = {"sub": "x", "tenantId": tenant_ids[0], "tenantIds": list(tenant_ids), **more}
    return Grant(
        kind="user", client_id="emu_test", issued=0, expires=1, subject="x", tenant_id=tenant_ids[0], claims=said
    )


def whole(environment: EmulatedEnvironment, *tenant_ids: str) -> list[Any]:
    """Tenants as the listing has them, with the fields of the service's database."""
    rows = [shown(run(environment, "tenants.get", tenant_id=tenant_id)) for tenant_id in tenant_ids]
    return [{"_id": row["id"].replace("-", "")[:24], **row, "__v": 0} for row in rows]


def test_tenants() -> None:
    """A user's own tenants, whole, those below them not included."""
    environment = make()
    caller, _ = signed_in(environment)
    assert shown(run(environment, "me.tenants", caller=caller)) == whole(environment, "leaf", "root", "other")


def test_tenants_by_name_by_the_switch() -> None:
    """They can come with id and name only."""
    environment = make(user_tenants="names")
    caller, _ = signed_in(environment)
    names = [
        {"tenantId": "leaf", "name": "LEAF"},
        {"tenantId": "root", "name": "ROOT"},
        {"tenantId": "other", "name": "OTHER"},
    ]
    assert shown(run(environment, "me.tenants", caller=caller)) == names
    body = shown(run(environment, "me.tenants_v3", caller=caller))
    assert body == {"tenants": names, "activeTenant": names[0]}


def test_tenants_of_a_user_whom_an_environment_names() -> None:
    """The header says whose; it must, and the user must be there."""
    environment = make()
    rule = RULES["me.tenants"].run
    answer = rule(environment, IncomingCall(headers={"frontegg-user-id": "ann"}))
    assert shown(answer) == whole(environment, "leaf", "root", "other")
    for headers, status in (({}, 400), ({"frontegg-user-id": "nobody"}, 404)):
        with pytest.raises(RequestRefusedError) as refused:
            rule(environment, IncomingCall(headers=headers))
        assert refused.value.response.status == status


def test_tenants_with_the_active_one() -> None:
    """The third version has the tenants whole, and the one that the token is for beside them."""
    environment = make()
    environment.state.put(
        HierarchySettingsRow(id="root", tenant_id="root", sub_account_access_type=SubAccountAccessType.ALWAYS_ON)
    )
    caller, token = signed_in(environment)
    (leaf,) = whole(environment, "leaf")
    assert shown(run(environment, "me.tenants_v3", caller=caller)) == {
        "tenants": whole(environment, "leaf", "root", "other"),
        "activeTenant": leaf,
    }
    run(environment, "me.switch_tenant", {"tenantId": "mid"}, caller=caller)
    said = claims(refresh(environment, token)[1]["accessToken"])
    body = shown(run(environment, "me.tenants_v3", caller=environment.user_grant(said, said["exp"])))
    assert body["activeTenant"] == whole(environment, "mid")[0]
    assert body["tenants"] == whole(environment, "leaf", "root", "other")
    run(environment, "tenants.delete", tenant_id="mid")
    gone = shown(run(environment, "me.tenants_v3", caller=environment.user_grant(said, said["exp"])))
    assert gone["activeTenant"] is None


def test_tenants_of_somebody_unknown() -> None:
    """The token says which; those that are not there are left out."""
    environment = make()
    body = shown(run(environment, "me.tenants", caller=stranger("other", "nowhere", "mid", "other")))
    assert [tenant["tenantId"] for tenant in body] == ["other", "mid"]


@pytest.mark.parametrize("said", [{}, {"tenantIds": None}, {"tenantIds": "mid"}])
def test_tenants_of_a_token_that_lists_none(said: Mapping[str, Any]) -> None:
    """Its own is one."""
    caller = Grant(kind="user", client_id="emu_test", issued=0, expires=1, tenant_id="other", claims=said)
    body = shown(run(make(), "me.tenants", caller=caller))
    assert [(tenant["tenantId"], tenant["name"]) for tenant in body] == [("other", "OTHER")]


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


@pytest.mark.parametrize(
    ("access", "allowed", "status"),
    [
        ("alwaysOn", None, 200),
        ("alwaysOn", False, 200),
        ("defaultOn", None, 200),
        ("defaultOn", True, 200),
        ("defaultOn", False, 403),
        ("defaultOff", None, 403),
        ("defaultOff", True, 200),
        ("defaultOff", False, 403),
        (None, None, 403),
        (None, True, 200),
    ],
)
def test_who_may_enter_a_sub_account(access: str | None, allowed: bool | None, status: int) -> None:
    """The setting of the user's own tenant above says it, with what was said of the user."""
    environment = make()
    caller, token = signed_in(environment)
    if access is not None:
        run(environment, "sub_tenants.set_hierarchy_settings", {"subAccountAccessType": access}, tenant_id="leaf")
    if allowed is not None:
        run(environment, "sub_tenants.set_user_access", {"allowAccess": allowed}, user_id="ann")
    body = {"tenantId": "below"}
    if status == 200:
        assert shown(run(environment, "me.switch_tenant", body, caller=caller))["tenantId"] == "below"
        said = claims(refresh(environment, token)[1]["accessToken"])
        assert (said["tenantId"], said["tenantIds"]) == ("below", ["leaf", "root", "other"])
    else:
        assert refusal(environment, "me.switch_tenant", body, caller=caller).status == status


def entered(environment: EmulatedEnvironment) -> tuple[Grant, str]:
    """A session of a user who is in a sub-account of one of its tenants."""
    run(environment, "sub_tenants.set_hierarchy_settings", {"subAccountAccessType": "alwaysOn"}, tenant_id="leaf")
    caller, token = signed_in(environment)
    run(environment, "me.switch_tenant", {"tenantId": "below"}, caller=caller)
    return caller, token


def test_sub_accounts_that_nobody_switches_to() -> None:
    """By the switch none, and by default none that is locked or that is above or beside."""
    refused = make(switch_to_sub_account="refuse")
    run(refused, "sub_tenants.set_hierarchy_settings", {"subAccountAccessType": "alwaysOn"}, tenant_id="leaf")
    caller, _ = signed_in(refused)
    assert refusal(refused, "me.switch_tenant", {"tenantId": "below"}, caller=caller).status == 403
    environment = make()
    create(environment, "beside")
    caller, _ = entered(environment)
    lock(environment, "below")
    for tenant_id in ("below", "mid", "beside"):
        if tenant_id == "mid":
            run(environment, "hierarchy.unassign", {"parentTenantId": "root", "childTenantId": "mid"})
        assert refusal(environment, "me.switch_tenant", {"tenantId": tenant_id}, caller=caller).status == 403


@pytest.mark.parametrize("loss", ["deleted", "moved", "forbidden"])
def test_a_sub_account_that_a_user_may_no_longer_enter(loss: str) -> None:
    """The next token is for a tenant of the user's own, and the state can still be kept and restored."""
    environment = make()
    _, token = entered(environment)
    if loss == "deleted":
        run(environment, "tenants.delete", tenant_id="below")
    elif loss == "moved":
        run(environment, "hierarchy.unassign", {"parentTenantId": "leaf", "childTenantId": "below"})
    else:
        run(environment, "sub_tenants.set_hierarchy_settings", {"subAccountAccessType": "defaultOff"}, tenant_id="leaf")
    check_records([record for _, record in all_records(environment.state)])
    assert claims(refresh(environment, token)[1]["accessToken"])["tenantId"] == "leaf"


def test_a_tenant_of_others_can_be_hidden() -> None:
    """By the switch it is as one that does not exist."""
    environment = make(switch_not_member=404)
    caller, _ = signed_in(environment)
    assert refusal(environment, "me.switch_tenant", {"tenantId": "mid"}, caller=caller).status == 404
