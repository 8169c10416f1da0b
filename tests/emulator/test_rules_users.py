"""The rules about users and identity, as tables."""

from __future__ import annotations

from typing import cast

import jwt
import pytest

from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES, GroupRow, RoleRow
from frontegg_async.emulator.store.user_rows import Membership
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant
from tests.emulator.support import create, make_environment, refusal, run, shown
from tests.emulator.test_rules_tenants import add_user

ADMIN, READ_ONLY = (role.id for role in DEFAULT_ROLES)


def user(tenant_id: str) -> Grant:
    return Grant(kind="user", client_id="emu_test", issued=0, expires=1, tenant_id=tenant_id)


def test_counts() -> None:
    """Each tenant has its users, those who may enter, and those who are visible."""
    environment = make_environment()
    create(environment, "a")
    create(environment, "b")
    add_user(environment, "u1", "a", "b")
    add_user(environment, "u2", "a", invisible=True)
    add_user(environment, "u3", "a", allow_access=False)
    answer = run(environment, "tenants.count_users", {"tenantIds": ["a", "b", "nobody", "a"]})
    assert answer.status == 201
    assert shown(answer) == [
        {"tenantId": "a", "totalUsers": 3, "totalAccessAllowedUsers": 2},
        {"tenantId": "b", "totalUsers": 1, "totalAccessAllowedUsers": 1},
    ]
    visible = shown(run(environment, "tenants.count_users", {"tenantIds": ["a"], "excludeInvisibleUsers": True}))
    assert visible[0]["totalUsers"] == 2


def test_counts_of_unknown_tenants_by_the_switch() -> None:
    """They can be zero."""
    environment = make_environment(unknown_count="zero")
    assert shown(run(environment, "tenants.count_users", {"tenantIds": ["x"]}))[0]["totalUsers"] == 0


def test_a_user_counts_its_own_hierarchy_only() -> None:
    """A user token reaches its tenant and those below; others are 403, unknown ones 404."""
    environment = make_environment()
    create(environment, "root", isReseller=True)
    create(environment, "mid", isReseller=True, parentTenantId="root")
    create(environment, "leaf", parentTenantId="mid")
    create(environment, "other")
    assert (
        len(shown(run(environment, "tenants.count_users", {"tenantIds": ["root", "leaf"]}, caller=user("root")))) == 2
    )
    for tenant_id, status in (("root", 403), ("other", 403), ("nobody", 404)):
        refused = refusal(environment, "tenants.count_users", {"tenantIds": [tenant_id]}, caller=user("mid"))
        assert refused.status == status


def test_tenants_elsewhere_can_be_hidden() -> None:
    """By the switch a tenant outside the hierarchy is as one that does not exist."""
    environment = make_environment(outside_hierarchy=404)
    create(environment, "mine")
    create(environment, "other")
    answers = [
        refusal(environment, "tenants.count_users", {"tenantIds": [tenant_id]}, caller=user("mine"))
        for tenant_id in ("other", "nobody")
    ]
    assert answers[0] == answers[1]
    assert answers[0].status == 404


def test_move() -> None:
    """All users of one tenant go to another, once each."""
    environment = make_environment()
    create(environment, "a")
    create(environment, "b")
    add_user(environment, "u1", "a")
    add_user(environment, "u2", "b", "a")
    assert run(environment, "tenants.move_users", {"srcTenantId": "a", "targetTenantId": "b"}).status == 200
    assert environment.state.members("a") == ()
    assert [member.id for member in environment.state.members("b")] == ["u1", "u2"]
    assert environment.state.users["u2"].tenant_ids == ("b",)


@pytest.mark.parametrize(("source", "target", "status"), [("a", "a", 400), ("a", "x", 404), ("x", "a", 404)])
def test_move_refusals(source: str, target: str, status: int) -> None:
    """Both must exist and differ."""
    environment = make_environment()
    create(environment, "a")
    refused = refusal(environment, "tenants.move_users", {"srcTenantId": source, "targetTenantId": target})
    assert refused.status == status


def test_the_environment_token() -> None:
    """It is an RS256 JWT without key id, with exactly the recorded claims."""
    environment = make_environment()
    answer = shown(run(environment, "auth.authenticate", {"clientId": "emu_test", "secret": "emu_secret"}))
    assert answer["expiresIn"] == 86_400
    assert jwt.get_unverified_header(answer["token"]) == {"alg": "RS256", "typ": "JWT"}
    claims = jwt.decode(answer["token"], options={"verify_signature": False, "verify_exp": False})
    assert claims == {
        "vendorId": environment.vendor_id,
        "scopes": ["read", "write"],
        "type": "vendor",
        "iat": 1_700_000_000,
        "exp": 1_700_086_400,
    }


@pytest.mark.parametrize(
    ("client_id", "secret"), [("emu_test", "emu_wrong"), ("emu_other", "emu_secret"), ("emu_test", "\ud800")]
)
def test_wrong_credentials(client_id: str, secret: str) -> None:
    """They are 401."""
    refused = refusal(make_environment(), "auth.authenticate", {"clientId": client_id, "secret": secret})
    assert refused.status == 401


def test_revoked_tokens_differ_from_those_issued_later() -> None:
    """A token that is issued in the second of a revocation is another one, and good."""
    environment = make_environment()
    old, old_grant = environment.issue_vendor_token()
    environment.revoke_tokens()
    new, new_grant = environment.issue_vendor_token()
    assert old != new
    assert not environment.accepts(old_grant)
    assert environment.accepts(new_grant)
    environment.revoke_tokens()
    assert not environment.accepts(new_grant)


def test_tokens_expire_by_the_clock() -> None:
    """A token is good until its last second."""
    environment = make_environment()
    _, grant = environment.issue_vendor_token()
    environment.clock.advance(86_399)
    assert environment.accepts(grant)
    environment.clock.advance(1)
    assert not environment.accepts(grant)


@pytest.mark.parametrize(
    ("held", "asked", "allowed"),
    [
        ("fe.secure.read.users", "fe.secure.read.users", True),
        ("fe.secure.read.*", "fe.secure.read.users", True),
        ("fe.secure.*", "fe.secure.read.users", True),
        ("fe.*", "fe.secure.read.users", True),
        ("fe.secure.write.*", "fe.secure.read.users", False),
        ("fe.secure.read", "fe.secure.read.users", False),
    ],
)
def test_permissions(held: str, asked: str, allowed: bool) -> None:
    """Wildcards cover all that is below them."""
    grant = Grant(kind="user", client_id="emu_test", issued=0, expires=1, permissions=(held,))
    assert grant.may(asked) is allowed


def _issued(environment: EmulatedEnvironment, **login: str) -> dict[str, object]:
    """Sign a user in and return the claims of its token."""
    token = shown(run(environment, "sessions.login", {"password": "emu", **login}))["accessToken"]
    return jwt.decode(token, options={"verify_signature": False})


def _environment(**switches: str | int) -> EmulatedEnvironment:
    """Return an environment with two tenants, each with a role of its own, and a user of both."""
    environment = make_environment(**switches)
    for tenant_id in ("a", "b"):
        create(environment, tenant_id)
        now = environment.clock.timestamp()
        own = RoleRow(
            id=f"own-{tenant_id}",
            tenant_id=tenant_id,
            key=f"Own {tenant_id}",
            name="Own",
            created_at=now,
            updated_at=now,
        )
        environment.state.put(own)
    add_user(
        environment,
        "u",
        "a",
        "b",
        password="emu",
        roles=("Seeded",),
        memberships={each: Membership(role_ids=(f"own-{each}",)) for each in ("a", "b")},
    )
    return environment


def test_a_token_has_the_roles_of_its_tenant() -> None:
    """Those of the membership and of groups, with the permissions of these, and those of the seed in each tenant."""
    environment = _environment()
    now = environment.clock.timestamp()
    group = GroupRow(
        id="g", tenant_id="a", name="Readers", created_at=now, updated_at=now, user_ids=("u",), role_ids=(READ_ONLY,)
    )
    environment.state.put(group)
    claims = _issued(environment, email="u@users.example")
    assert claims["roles"] == ["Seeded", "Own a", "ReadOnly"]
    assert "fe.secure.read.*" in cast("list[str]", claims["permissions"])
    switched = {"frontegg-user-id": "u"}
    run(environment, "me.switch_tenant", {"tenantId": "b"}, headers=switched)
    assert _issued(environment, email="u@users.example")["roles"] == ["Seeded", "Own b"]
    named = {"id": "g", "name": "Readers"}
    assert shown(run(environment, "users.get_in_tenant", about="a", user_id="u"))["groups"] == [named]
    row = {"vendorId": environment.vendor_id, "tenantId": "a", "userId": "u"}
    assert shown(run(environment, "users.list_groups", about="a", query="ids=u")) == [{**row, "groupIds": ["g"]}]
    held = shown(run(environment, "users.list_roles", about="a", query="ids=u"))
    assert [{**each, "roleIds": len(each["roleIds"])} for each in held] == [{**row, "roleIds": 2}]
    found = shown(run(environment, "users.get_by_email", query="email=u@users.example"))
    assert [[role["key"] for role in each["roles"]] for each in found["tenants"]] == [["Own a", "ReadOnly"], ["Own b"]]


@pytest.mark.parametrize(
    ("name", "tenant_id"), [("users.disable", "a"), ("users.lock", "")], ids=lambda value: value or "everywhere"
)
def test_who_is_kept_out_signs_in_no_more(name: str, tenant_id: str) -> None:
    """Until let in again; the status is a switch."""
    environment = _environment(locked_user=401)
    run(environment, name, about=tenant_id, user_id="u")
    assert refusal(environment, "sessions.login", {"password": "emu", "email": "u@users.example"}).status == 401
    run(environment, name.replace("disable", "enable").replace(".lock", ".unlock"), about=tenant_id, user_id="u")
    assert _issued(environment, email="u@users.example")["tenantId"] == "a"


@pytest.mark.parametrize("about", ["a", ""])
def test_an_ended_session_is_not_renewed(about: str) -> None:
    """The others of the user are, until all are ended; the user's header is enough."""
    environment = _environment()
    login = {"password": "emu", "email": "u@users.example"}
    first, second = (shown(run(environment, "sessions.login", login))["refreshToken"] for _ in range(2))
    named = {"frontegg-user-id": "u"}
    sessions = shown(run(environment, "users.list_sessions", about=about, headers=named))
    run(environment, "users.end_session", about=about, headers=named, id=sessions[0]["id"])
    host = {"frontegg-vendor-host": "a.example"}
    assert run(environment, "sessions.refresh", {"refreshToken": first}, headers=host).status == 401
    renewed = run(environment, "sessions.refresh", {"refreshToken": second}, headers=host)
    assert renewed.status == 201
    run(environment, "users.end_sessions", about=about, headers=named)
    assert shown(run(environment, "users.list_sessions", about=about, headers=named)) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("_preset=mfa-unenrolled", ["never", "now", "old"]),
        ("_preset=breached-passwords", []),
        ("_preset=inactive&_maxInactiveSeconds=100", ["never", "old"]),
        ("_preset=inactive&_maxInactiveSeconds=99", ["never", "old", "two factors"]),
        ("_preset=inactive", []),
        ("_maxInactiveSeconds=0", ["never", "now", "old", "two factors"]),
    ],
)
def test_presets(query: str, expected: list[str]) -> None:
    """Inactive are those who have not signed in, or were created, for longer than the seconds say."""
    environment = make_environment()
    create(environment, "a")
    began = environment.clock.now()
    for user_id, seconds in (("old", 1), ("two factors", 400), ("now", 500)):
        is_enrolled = user_id == "two factors"
        add_user(environment, user_id, "a", mfa_enrolled=is_enrolled, last_login=timestamp(began + seconds))
    add_user(environment, "never", "a", created_at=timestamp(began))
    environment.clock.advance(500)
    found = shown(run(environment, "users.list", query=query))["items"]
    assert sorted(each["id"] for each in found) == expected


def test_the_first_user_of_a_tenant_owns_it() -> None:
    """The next ones get the default roles; by the switch nobody gets any."""
    for switches, expected in (({}, [[ADMIN], [READ_ONLY]]), ({"roles_of_new_users": "none"}, [[], []])):
        environment = make_environment(**switches)
        create(environment, "a")
        made = [shown(run(environment, "users.invite", {"email": f"{each}@a.example"}, about="a")) for each in "xy"]
        assert [[role["id"] for role in each["roles"]] for each in made] == expected


@pytest.mark.parametrize(
    ("field", "value"), [("username", "u" * 256), ("profilePictureUrl", "u" * 4_096), ("provider", "myspace")]
)
def test_values_that_no_user_may_have(field: str, value: str) -> None:
    """They are refused with their names."""
    body = {"email": "new@a.example", field: value}
    refused = shown(refusal(_environment(), "users.invite", body, about="a"))
    assert field in refused["errors"][0]


def test_a_tenant_is_created_unless_it_is_validated() -> None:
    """By both routes; the journal tells."""
    environment = _environment()
    for name, tenant_id in (("users.set_active_tenant", "typo"), ("users.add_to_tenant", "slip")):
        body = {"tenantId": tenant_id}
        assert refusal(environment, name, {**body, "validateTenantExist": True}, user_id="u").status == 404
        assert run(environment, name, body, user_id="u").effect.created == (tenant_id,)


def test_users_of_deleted_tenants_by_the_switch() -> None:
    """They can still be listed, and sign in to nothing."""
    for switch, listed in (("removed", []), ("listed", ["v"])):
        environment = make_environment(users_of_deleted_tenants=switch)
        create(environment, "a")
        add_user(environment, "v", "a", password="emu")
        run(environment, "tenants.delete", tenant_id="a")
        assert [each["id"] for each in shown(run(environment, "users.list"))["items"]] == listed
        assert refusal(environment, "sessions.login", {"password": "emu", "email": "v@users.example"}).status == 401


def test_what_webhooks_are_told_of_users() -> None:
    """Each change is an event of the tenant, without the password; one who leaves the last tenant is deleted."""
    environment = _environment()
    calls = (
        ("users.invite", {"email": "new@a.example", "password": "emu-new"}, {"about": "a"}),
        ("sessions.login", {"email": "new@a.example", "password": "emu-new"}, {}),
        ("sessions.login", {"email": "new@a.example", "password": "emu-new"}, {}),
        ("users.invite", {"email": "u@users.example"}, {"about": "c"}),
        ("users.update", {"name": "U"}, {"about": "a", "headers": {"frontegg-user-id": "u"}}),
        ("users.remove", {}, {"about": "a", "user_id": "u"}),
        ("users.remove", {}, {"user_id": "u"}),
    )
    create(environment, "c")
    environment.take_events()
    for name, body, more in calls:
        run(environment, name, body, **more)
    events = environment.take_events()
    assert [(event.key.removeprefix("frontegg.user."), event.tenant_id) for event in events] == [
        ("created", "a"),
        ("invitedToTenant", "a"),
        ("activated", "a"),
        ("authenticated", "a"),
        ("authenticated", "a"),
        ("invitedToTenant", "c"),
        ("updated", "a"),
        ("removedFromTenant", "a"),
        ("deleted", "b"),
    ]
    assert "emu-new" not in str(events)


@pytest.mark.parametrize("switch", ["invite_pending", "invite_member"])
def test_a_second_invitation_by_the_switch(switch: str) -> None:
    """It is refused, unless a switch accepts it: one is for users who have not signed in, the other for members."""
    environment = make_environment(**{switch: 201})
    create(environment, "acme")
    add_user(environment, "ann", "acme")
    body = {"email": "new@acme.example", "skipInviteEmail": True}
    assert run(environment, "users.invite", body, about="acme").status == 201
    emails = {"invite_pending": "new@acme.example", "invite_member": environment.state.users["ann"].email}
    for name, email in emails.items():
        again = {"email": email, "skipInviteEmail": True}
        if name == switch:
            assert run(environment, "users.invite", again, about="acme").status == 201
        else:
            assert refusal(environment, "users.invite", again, about="acme").status == 409
