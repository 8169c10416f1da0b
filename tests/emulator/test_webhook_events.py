"""What the rules emit: one event for each change that webhooks are told of, and none for a refusal or a seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

import msgspec
import pytest

from frontegg_async.emulator.admin.changes import OperationCall, run_calls
from frontegg_async.emulator.admin.verbs import Verbs
from frontegg_async.emulator.http.deliverer import body_of
from frontegg_async.emulator.services.applications.rows import DEFAULT_APPLICATION
from frontegg_async.emulator.services.roles.rows import PermissionRow, RoleRow
from frontegg_async.emulator.services.users.writes import emit_of_user
from frontegg_async.emulator.store.user_rows import Membership
from frontegg_async.emulator.world.deliveries import NoDeliverer
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.events import EmulatedEvent
from frontegg_async.emulator.world.signing_key import process_key
from frontegg_async.emulator.world.world import World
from frontegg_async.models import User
from frontegg_async.webhooks import parse_event
from tests.emulator.support import create, make_environment, run
from tests.emulator.test_rules_tenants import add_user

CALLS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("tenants.create", {"body": {"tenantId": "new", "name": "New"}}, ["tenant.created new"]),
    ("tenants.update", {"body": {"name": "Other"}, "tenant_id": "acme"}, ["tenant.updated acme"]),
    ("tenants.update", {"body": {"tenantId": "acme"}, "tenant_id": "acme"}, []),
    ("tenants.lock", {"body": {"tenantIds": ["acme", "sub"]}}, ["tenant.locked acme", "tenant.locked sub"]),
    ("tenants.unlock", {"body": {"tenantIds": ["acme"]}}, []),
    ("tenants.delete", {"tenant_id": "acme"}, ["tenant.deleted acme"]),
    ("sub_tenants.create", {"body": {"name": "B", "tenantId": "b", "parentTenantId": "acme"}}, ["tenant.created b"]),
    ("sub_tenants.rename", {"body": {"name": "B"}, "tenant_id": "sub"}, ["tenant.updated sub"]),
    ("sub_tenants.delete", {"tenant_id": "sub"}, ["tenant.deleted sub"]),
    ("api_tokens.create", {"body": {}, "about": "acme"}, ["tenantApiToken.created acme"]),
]


def told(events: list[EmulatedEvent]) -> list[str]:
    """Events in short."""
    return [f"{event.key.removeprefix('frontegg.')} {event.tenant_id}" for event in events]


@pytest.mark.parametrize(("operation", "arguments", "expected"), CALLS)
def test_what_a_rule_emits(operation: str, arguments: dict[str, Any], expected: list[str]) -> None:
    """Each change is one event of its tenant."""
    environment = make_environment()
    create(environment, "acme", isReseller=True)
    create(environment, "sub", parentTenantId="acme")
    environment.take_events()
    run(environment, operation, **arguments)
    assert told(environment.take_events()) == expected


def test_the_subject_has_no_secret() -> None:
    """An API token is told without its secret, when it is made and when it is deleted."""
    environment = make_environment()
    create(environment, "acme")
    created: Any = run(environment, "api_tokens.create", {}, about="acme").body
    run(environment, "api_tokens.delete", about="acme", id=created["clientId"])
    _, made, deleted = environment.take_events()
    assert made.subject == deleted.subject == {name: value for name, value in created.items() if name != "secret"}
    assert (made.subject_name, deleted.key) == ("tenantApiToken", "frontegg.tenantApiToken.deleted")


APP: Final = DEFAULT_APPLICATION.id
ABOUT_U: Final = {"about": "a", "headers": {"frontegg-user-id": "u"}}
OF_USERS: Final[list[tuple[str, dict[str, Any], list[str]]]] = [
    ("users.invite", {"body": {"email": "u@users.example", "roleIds": ["r"]}, "about": "b"}, ["invitedToTenant"]),
    (
        "users.invite",
        {"body": {"email": "n@a.example", "roleIds": ["r"]}, "about": "a"},
        ["created", "invitedToTenant"],
    ),
    ("users.update", {"body": {"name": "U"}, **ABOUT_U}, ["updated"]),
    ("users.lock", {"user_id": "u"}, ["updated"]),
    ("users.remove", {"about": "a", "user_id": "u"}, ["removedFromTenant"]),
    ("users.remove", {"user_id": "u"}, ["deleted"]),
    ("users.disable_mfa", ABOUT_U, ["disabledMFA"]),
    ("sessions.login", {"body": {"email": "u@users.example", "password": "emu"}}, ["activated", "authenticated"]),
    ("applications.assign_users", {"body": {"appId": APP, "tenantId": "a", "userIds": ["u"]}}, ["app.assigned"]),
]
"""Calls about the user u of a and c, who has the role r in a, and the events of users that they emit."""


def with_user() -> EmulatedEnvironment:
    """An environment with the user, whose role has a permission."""
    environment = make_environment()
    for tenant_id in "abc":
        create(environment, tenant_id)
    now = environment.clock.timestamp()
    times: dict[str, Any] = {"created_at": now, "updated_at": now}
    environment.state.put(PermissionRow(id="p", key="p", name="P", **times))
    environment.state.put(RoleRow(id="r", key="r", name="R", permission_ids=("p",), **times))
    member = Membership(role_ids=("r",), status="PendingLogin")
    fields: dict[str, Any] = {"password": "emu", "mfa_enrolled": True}
    add_user(environment, "u", "a", "c", memberships={"a": member}, **fields)
    run(environment, "applications.assign", {"tenantId": "a"}, app_id=APP)
    environment.take_events()
    return environment


def user_of(environment: EmulatedEnvironment, event: EmulatedEvent) -> User:
    """The user as a receiver reads it; its roles and permissions are those of the tenant."""
    parsed = parse_event(body_of(environment, event))
    user, raw = parsed.user, cast("dict[str, Any]", parsed.payload["user"])
    assert user is not None
    assert (user.id, user.sub, user.managed_by) == (parsed.user_id, user.id, "frontegg")
    assert raw["metadata"] == "{}"
    assert [role.key for role in user.roles or ()] == ["r"]
    assert [permission.key for permission in user.permissions or ()] == ["p"]
    return user


@pytest.mark.parametrize(
    ("operation", "arguments", "expected"), OF_USERS, ids=lambda each: each if isinstance(each, str) else ""
)
def test_the_user_of_an_event(operation: str, arguments: dict[str, Any], expected: list[str]) -> None:
    """It has roles and permissions as objects, also in each tenant; when a second factor is taken it has no tenants."""
    environment = with_user()
    run(environment, operation, **arguments)
    events = environment.take_events()
    assert [event.key.removeprefix("frontegg.user.") for event in events] == expected
    for event in events:
        user = user_of(environment, event)
        raw = cast("dict[str, object]", event.subject)
        has_tenants = expected != ["disabledMFA"]
        assert [name in raw for name in ("tenants", "tenantIds")] == [has_tenants] * 2
        if has_tenants:
            roles = {each.tenant_id: [role.key for role in each.roles or ()] for each in user.tenants}
            assert roles[event.tenant_id] == ["r"]
            assert tuple(roles) == user.tenant_ids


def test_the_user_of_an_event_about_a_new_second_factor() -> None:
    """Its tenants have no roles."""
    environment = with_user()
    emit_of_user(environment, "enrolledMFA", environment.state.users["u"], "a")
    (event,) = environment.take_events()
    user = user_of(environment, event)
    assert [(each.tenant_id, each.roles) for each in user.tenants] == [("a", None), ("c", None)]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("frontegg.tenant.created", "tenant"),
        ("frontegg.user.app.assigned", "user"),
        ("frontegg.scim.user.created", "user"),
        ("frontegg.scim", "scim"),
        ("order.shipped", "data"),
    ],
)
def test_the_name_of_a_subject(key: str, name: str) -> None:
    """It is the first word of the key, for SCIM the one after it, and ``data`` for custom events."""
    assert EmulatedEvent(key=key, subject=None, tenant_id="t").subject_name == name


def test_when_events_are_told() -> None:
    """Once a change is committed, in order; calls that are taken back and seeds are never told."""
    world = World(process_key())
    heard: list[str] = []

    class Heard(NoDeliverer):
        def tell(self, environment: EmulatedEnvironment, events: Sequence[EmulatedEvent]) -> None:
            del environment
            heard.extend(told(list(events)))

    world.deliverer = Heard()
    verbs = Verbs(world)
    verbs.seed({"tenants": [{"tenantId": "seeded", "name": "Seeded"}]})
    lock = OperationCall(operation="tenants.lock", body={"tenantIds": ["seeded"]})
    with pytest.raises(ValueError, match="not found"):
        run_calls(verbs, [lock, OperationCall(operation="tenants.delete", path={"tenant_id": "unknown"})])
    verbs.clock(advance=1)
    assert heard == []
    run_calls(verbs, [lock, OperationCall(operation="tenants.delete", path={"tenant_id": "seeded"})])
    verbs.restore(msgspec.to_builtins(verbs.snapshot()))
    assert heard == ["tenant.locked seeded", "tenant.deleted seeded"]
