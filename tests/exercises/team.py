"""Exercises of the team: what users do with the users and roles of their own tenant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from tests.emulator.cases import Case, case
from tests.exercises.exercise import Exercise, bad, forbidden, good, member, refused
from tests.exercises.world import ROLE_OF_OTHER

_ADMIN, _READ_ONLY = (role.id for role in DEFAULT_ROLES)
_NEW: Final[dict[str, Any]] = {"key": "new", "name": "New", "level": 3}
_DERIVED: Final[dict[str, Any]] = {"key": "new", "name": "New", "base_role_id": "r1", "permission_ids": ["p1"]}


def _own(name: str, method: str, /, *ids: str, wrong: str = "", **given: Any) -> Iterator[Exercise]:
    """Yield the exercises of a method: a good call, one without the permission, and one about another tenant's."""

    def call(s: Any, *other: str) -> Any:
        return member(s.user, method)(*(other or ids), **given)

    yield good(name, call, "user")
    yield forbidden(name, call)
    if ids:
        yield refused(name, 404, lambda s: call(s, wrong or "bob"), "user")
        yield bad(name, "_id", lambda s: call(s, ".."), "user")


def _look_ups(verb: str) -> Iterator[Exercise]:
    name = f"users.{verb}"
    yield good(name, lambda s: member(s.user, name)(["ann", "bob"]), "user")
    yield forbidden(name, lambda s: member(s.user, name)(["ann"]))
    yield bad(name, "user_ids", lambda s: member(s.user, name)([]), "user")


EXERCISES: Final = (
    good("users.list", lambda s: s.user.users.list(name_prefix="a", sort_by="email").all(), "user"),
    forbidden("users.list", lambda s: s.user.users.list().first_page()),
    bad("users.list", "email must be", lambda s: s.user.users.list(email="ann"), "user"),
    *_own("users.get_in_tenant", "users.get", "ann"),
    bad("users.get_in_tenant", "another operation", lambda s: s.user.users.get("email"), "user"),
    good("users.invite", lambda s: s.user.users.invite(email="a@b.example", role_ids=["r2"]), "user"),
    forbidden("users.invite", lambda s: s.user.users.invite(email="a@b.example")),
    refused("users.invite", 400, lambda s: s.user.users.invite(email="a@b.example", role_ids=[ROLE_OF_OTHER]), "user"),
    refused("users.invite", 409, lambda s: s.user.users.invite(email="ANN@acme.example"), "user"),
    bad("users.invite", "email", lambda s: s.user.users.invite(email="@"), "user"),
    good("users.resend_invitation", lambda s: s.user.users.resend_invitation(email="ann@acme.example"), "user"),
    forbidden("users.resend_invitation", lambda s: s.user.users.resend_invitation(email="ann@acme.example")),
    refused(
        "users.resend_invitation", 404, lambda s: s.user.users.resend_invitation(email="bob@child.example"), "user"
    ),
    good(
        "users.resend_all_invitations",
        lambda s: s.user.users.resend_invitation(email="ann@acme.example", include_sub_tenants=True),
        "user",
    ),
    *_own("users.assign_roles", "users.assign_roles", "ann", role_ids=["r1"]),
    refused("users.assign_roles", 400, lambda s: s.user.users.assign_roles("ann", role_ids=[ROLE_OF_OTHER]), "user"),
    *_own("users.unassign_roles", "users.unassign_roles", "ann", role_ids=[_READ_ONLY]),
    *_look_ups("list_roles"),
    *_look_ups("list_groups"),
    *_own("users.disable", "users.disable", "ann"),
    *_own("users.enable", "users.enable", "ann"),
    *_own("users.remove", "users.remove", "ann"),
    *_own("roles.create", "roles.create", **_NEW),
    refused("roles.create", 409, lambda s: s.user.roles.create(**{**_NEW, "key": "Admin"}), "user"),
    *_own("roles.create_derived", "roles.create_derived", **_DERIVED),
    *_own("roles.update", "roles.update", "r2", wrong="r1", name="Auditors"),
    *_own("roles.delete", "roles.delete", "r2", wrong="r1"),
    *_own("roles.set_permissions", "roles.set_permissions", "r2", wrong="r1", permission_ids=["p1"]),
    good("permissions.list_categories", lambda s: s.user.permissions.list_categories(), "user"),
    forbidden("permissions.list_categories", lambda s: s.user.permissions.list_categories()),
)

_ACME: Final = {"frontegg-tenant-id": "acme"}
_ROLES: Final = {"roleIds": [_READ_ONLY]}
_ROLE: Final = {"key": "new", "name": "New", "level": 3}

TABLES: Final[dict[str, Any]] = {}


def _cases() -> Iterator[Case]:
    """Yield requests by users, with the permission and without it, and about users of others."""
    rows: tuple[tuple[str, int, tuple[str, ...], dict[str, Any]], ...] = (
        ("users.list", 200, (), {}),
        ("users.list_v2", 200, (), {}),
        ("users.get_in_tenant", 200, ("ann",), {}),
        ("users.list_roles", 200, (), {"query": (("ids", "ann"),)}),
        ("users.list_groups", 200, (), {"query": (("ids", "ann"),)}),
        ("users.invite", 201, (), {"body": {"email": "a@b.example"}}),
        ("users.resend_invitation", 200, (), {"body": {"email": "ann@a.example"}}),
        ("users.resend_all_invitations", 200, (), {"body": {"email": "ann@a.example"}}),
        ("users.assign_roles", 201, ("ann",), {"body": _ROLES}),
        ("users.unassign_roles", 200, ("ann",), {"body": _ROLES}),
        ("users.disable", 200, ("ann",), {}),
        ("users.enable", 200, ("ann",), {}),
        ("users.remove", 200, ("ann",), {}),
        ("team_members.list", 200, (), {}),
        ("team_members.update", 200, (), {"body": {"id": "ann", "email": "ann@a.example", **_ROLES}}),
        ("team_members.remove", 200, ("ann",), {}),
        ("roles.create", 201, (), {"body": [_ROLE]}),
        ("roles.create_derived", 200, (), {"body": {**_ROLE, "baseRoleId": "r1", "permissionIds": []}}),
        ("roles.update", 200, ("r2",), {"body": {"name": "Auditors"}}),
        ("roles.set_permissions", 200, ("r2",), {"body": {"permissionIds": []}}),
        ("roles.delete", 204, ("r2",), {}),
        ("permissions.list_categories", 200, (), {}),
        ("groups.get_config", 200, (), {}),
        ("applications.list", 200, (), {}),
        ("applications.list_assigned_v1", 200, (), {}),
        ("applications.list_assigned", 200, (), {}),
        ("applications.list_for_user", 200, ("ann",), {}),
    )
    for name, status, fields, given in rows:
        yield case(name, status, *fields, token="user", **given)
        yield case(name, 403, *fields, token="bare", **given)
        if fields == ("ann",):
            yield case(name, 404, "plain", token="user", **given)


CASES: Final = (
    *_cases(),
    case("identity.configuration", 200, token="bare"),
    case("team_members.list", 400, query=(("pageSize", "0"),), token="user"),
    case("team_members.update", 200, body={"id": "ann"}, token="user"),
    case("team_members.update", 400, body={"id": "ann", "roleIds": [ROLE_OF_OTHER]}, token="user"),
    case("team_members.update", 404, body={"id": "plain"}, token="user"),
    case("users.list_v1", 200, query=(("_limit", "1"),)),
    case("users.list_v1", 200, headers=_ACME),
    case("users.list_v1", 400, query=(("_limit", "x"),)),
)
