"""Exercises of what users do themselves: their profile and sessions, and the users of sub-accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from tests.emulator.cases import Case, case
from tests.exercises.exercise import Exercise, ExerciseClients, bad, forbidden, good, refused

_ADMIN: Final = DEFAULT_ROLES[0].id
_EDITOR: Final = "r1"
"""The id of a role as strong as that of Ann's group; that of administrators is stronger."""
_LONG: Final = f"https://example.com/{'x' * 5_000}"


def _users(s: ExerciseClients) -> Any:
    return s.user.sub_tenants.users


def _deleted(s: ExerciseClients) -> Iterator[Any]:
    s.emulator.delete_user("ann")
    yield s.user.profile.update(name="Ann")


_ME: Final = (
    good("me.profile", lambda s: s.user.profile.get(), "user", permissions=()),
    good("me.update_profile", lambda s: s.user.profile.update(name="Ann", metadata={"a": 1}), "user"),
    refused("me.update_profile", 404, _deleted, "user"),
    bad("me.update_profile", "name must not be empty", lambda s: s.user.profile.update(name=""), "user"),
    bad("me.update_profile", "at least one", lambda s: s.user.profile.update(), "user"),
    bad("me.update_profile", "at most 4,095", lambda s: s.user.profile.update(profile_picture_url=_LONG), "user"),
    bad("me.update_profile", "metadata must be a mapping", lambda s: s.user.profile.update(metadata=[]), "user"),
    good("me.authorization", lambda s: s.user.profile.get_authorization(), "user", permissions=()),
    good("users.list_sessions", lambda s: s.user.sessions.list().all(), "user", permissions=()),
    good("users.end_session", lambda s: s.user.sessions.end("session-of-ann"), "user"),
    refused("users.end_session", 404, lambda s: s.user.sessions.end("none"), "user"),
    bad("users.end_session", "session_id", lambda s: s.user.sessions.end(".."), "user"),
    good("users.end_sessions", lambda s: s.user.sessions.end_others(), "user"),
)

_LISTED: Final = (
    good("sub_tenants.users.list", lambda s: _users(s).list(filter="bob", sort_by="email", order="desc").all(), "user"),
    forbidden("sub_tenants.users.list", lambda s: _users(s).list().all()),
    bad("sub_tenants.users.list", "page_size", lambda s: _users(s).list(page_size=201).all(), "user"),
    bad("sub_tenants.users.list", "sort_by", lambda s: _users(s).list(sort_by="colour").all(), "user"),
)


def _add(s: ExerciseClients, email: str = "eve@leaf.example", **roles: Any) -> Any:
    return _users(s).add(email=email, role_ids_by_tenant=roles)


def _add_many(s: ExerciseClients, tenant_id: str = "leaf", **given: Any) -> Any:
    return _users(s).add_many(tenant_id, **{"users": {"eve@leaf.example": "Eve", "bob@child.example": None}, **given})


def _remove(s: ExerciseClients, *tenant_ids: str) -> Any:
    return _users(s).remove("bob", tenant_ids=tenant_ids)


_ADDED: Final = (
    good("sub_tenants.users.add", lambda s: _add(s, leaf=[_EDITOR], child=[]), "user"),
    good("sub_tenants.users.add", lambda s: _add(s, leaf=[_ADMIN]), "user", switches={"stronger_roles": "give"}),
    refused("sub_tenants.users.add", 403, lambda s: _add(s, leaf=[_ADMIN]), "user"),
    good("sub_tenants.users.add", lambda s: _add(s, "bob@child.example", child=[], leaf=[]), "user"),
    bad(
        "sub_tenants.users.add",
        "name must not be empty",
        lambda s: s.user.sub_tenants.users.add(email="a@b.c", name="", role_ids_by_tenant={"leaf": []}),
        "user",
    ),
    forbidden("sub_tenants.users.add", lambda s: _add(s, leaf=[])),
    refused("sub_tenants.users.add", 403, lambda s: _add(s, leaf=[], other=[]), "user"),
    refused("sub_tenants.users.add", 404, lambda s: _add(s, nobody=[]), "user"),
    bad("sub_tenants.users.add", "email must be an e-mail address", lambda s: _add(s, "eve", leaf=[]), "user"),
    bad("sub_tenants.users.add", "the id of at least one sub-account, .* not an empty one", _add, "user"),
    bad("sub_tenants.users.add", r"role_ids_by_tenant\['leaf'\]", lambda s: _add(s, leaf="admin"), "user"),
    good("sub_tenants.users.add_many", lambda s: _add_many(s, allow_sub_account_access=True), "user"),
    forbidden("sub_tenants.users.add_many", _add_many),
    refused("sub_tenants.users.add_many", 403, lambda s: _add_many(s, "other"), "user"),
    refused("sub_tenants.users.add_many", 404, lambda s: _add_many(s, "nobody"), "user"),
    bad("sub_tenants.users.add_many", "1 to 1,000", lambda s: _add_many(s, users={}), "user"),
    bad("sub_tenants.users.add_many", "e-mail address", lambda s: _add_many(s, users={"eve": None}), "user"),
    bad("sub_tenants.users.add_many", "twice", lambda s: _add_many(s, users={"a@b.c": None, "A@b.c": None}), "user"),
    good("sub_tenants.users.remove", lambda s: _remove(s, "child"), "user"),
    forbidden("sub_tenants.users.remove", lambda s: _remove(s, "child")),
    refused("sub_tenants.users.remove", 403, lambda s: _remove(s, "other"), "user"),
    refused("sub_tenants.users.remove", 404, lambda s: _remove(s, "child", "leaf"), "user"),
    bad("sub_tenants.users.remove", "tenant_ids", _remove, "user"),
)


def _roles() -> Iterator[Exercise]:
    """Yield the exercises of each change of roles."""

    def change(verb: str, user_id: str, **roles: list[str]) -> Any:
        return lambda s: getattr(_users(s), verb)(user_id, role_ids_by_tenant=roles)

    for verb in ("assign_roles", "set_roles", "unassign_roles"):
        name = f"sub_tenants.users.{verb}"
        yield good(name, change(verb, "bob", child=[_EDITOR]), "user")
        yield forbidden(name, change(verb, "bob", child=[_EDITOR]))
        yield refused(name, 403, change(verb, "bob", other=[_EDITOR]), "user")
        yield refused(name, 404, change(verb, "bob", leaf=[_EDITOR]), "user")
        yield bad(name, "user_id", change(verb, "..", child=[_EDITOR]), "user")
        yield bad(name, "role_ids_by_tenant must be a mapping", change(verb, "bob"), "user")
    yield good("sub_tenants.users.set_roles", change("set_roles", "bob", child=[]), "user")
    yield bad(
        "sub_tenants.users.assign_roles",
        r"role_ids_by_tenant\['child'\]",
        change("assign_roles", "bob", child=[]),
        "user",
    )


EXERCISES: Final = (*_ME, *_LISTED, *_ADDED, *_roles())

_EVE: Final = {"email": "eve@child.example", "name": "Eve"}


def _of_sub_tenants() -> Iterator[Case]:
    """Yield a request that succeeds for each write, and its refusals."""

    def rows(verb: str, tenant_id: str, *role_ids: str) -> dict[str, object]:
        row = {"tenantId": tenant_id}
        if verb == "add":
            return {"user": _EVE, "subTenants": [{**row, "roleIds": role_ids or [_EDITOR]}]}
        if verb == "add_many":
            return {"users": [_EVE], "tenantId": tenant_id, "roleIds": role_ids or [_EDITOR]}
        if verb == "remove":
            return {"userId": "ann", "subTenants": [row]}
        return {"subTenantsRoles": [{**row, "roleIds": role_ids or [_EDITOR]}]}

    for verb in ("add", "add_many", "remove", "assign_roles", "set_roles", "unassign_roles"):
        name, fields = f"sub_tenants.users.{verb}", ("ann",) if verb.endswith("roles") else ()
        status = 201 if verb in {"add", "add_many", "assign_roles"} else 200
        unlocked = "acme" if verb.startswith("add") else "child"
        yield case(name, status, *fields, token="user", body=rows(verb, unlocked))
        yield case(name, 403, *fields, token="bare", body=rows(verb, "child"))
        yield case(name, 403, *fields, token="user", body=rows(verb, "other"))
        yield case(name, 404, *fields, token="user", body=rows(verb, "nobody"))
        if verb != "remove":
            yield case(name, 400, *fields, token="user", body=rows(verb, unlocked, "no such role"))


_REFUSE_KIND: Final = {"wrong_token_kind": 403}

CASES: Final = (
    *(case(f"me.{verb}", 403, switches=_REFUSE_KIND) for verb in ("profile", "profile_v3", "authorization")),
    case("me.update_profile", 403, body={"name": "Ann"}, switches=_REFUSE_KIND),
    case("me.profile", 200, token="member"),
    case("me.profile", 200, token="user"),
    case("me.profile_v3", 200, token="member"),
    case("me.authorization", 200, token="member"),
    case("me.update_profile", 200, token="member", body={"name": "Ann", "profilePictureUrl": None}),
    case("me.update_profile", 404, token="user", body={"name": "Ann"}),
    case("me.update_profile", 400, token="member", body={"metadata": "no JSON"}),
    case("sub_tenants.users.list", 200, token="user"),
    case("sub_tenants.users.list", 200, token="user", query=(("_filter", "cal"), ("_sortBy", "email"))),
    case("sub_tenants.users.list", 400, token="user", query=(("_sortBy", "colour"),)),
    case("sub_tenants.users.list", 403, token="bare"),
    *_of_sub_tenants(),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""
