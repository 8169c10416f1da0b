"""The writes on roles, permissions, groups and applications."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, cast

from frontegg_async import Options
from frontegg_async.endpoints import Endpoint, applications, groups, permissions, roles
from tests.acceptance.scoreboard.rows.writes.environment_state import After, Ground, Plan, Sides, Write, field_of

_THEN: Final = "2024-05-01T10:00:00.000Z"
_TIMES: Final = {"createdAt": _THEN, "updatedAt": _THEN}


def _role(ground: Ground, mark: str, **fields: object) -> str:
    return ground.row("roles", f"role-{mark}", "", key=f"before-{mark}", name="Before", **_TIMES, **fields)


def _permission(ground: Ground, mark: str) -> str:
    return ground.row("permissions", f"permission-{mark}", "", key=f"before-{mark}", name="Before", **_TIMES)


def _category(ground: Ground, mark: str) -> str:
    return ground.row("permissionCategories", f"category-{mark}", "", name="Before", createdAt=_THEN)


def _group(ground: Ground, mark: str, **fields: object) -> str:
    return ground.row("groups", f"group-{mark}", ground.home, name=f"Before {mark}", **_TIMES, **fields)


def _application(ground: Ground, mark: str) -> str:
    url = f"https://{mark}.example"
    return ground.row("applications", f"app-{mark}", "", name=f"Before {mark}", appUrl=url, loginUrl=url, **_TIMES)


def _assigned(ground: Ground, mark: str, *user_ids: str) -> tuple[str, str]:
    app = _application(ground, mark)
    key = f"{app}/{ground.home}"
    ground.row("applicationAssignments", key, ground.home, appId=app, userIds=list(user_ids), createdAt=_THEN)
    return app, key


def _created(
    endpoint: Endpoint[Any], table: str, field: str, call: Callable[[Sides, str, str, Options], Any], *, form: str = ""
) -> Plan:
    """Return the plan of a creation whose mark is in a field of the row."""

    def plan(ground: Ground, mark: str) -> Write:
        home = ground.home
        return Write(
            endpoints=(endpoint,),
            form=form,
            call=lambda sides, options: call(sides, home, mark, options),
            shown=lambda after: after.count(table, field, mark) == 1,
            made=lambda after: after.count(table, field, mark),
            returned=lambda made, after: field_of(after, table, made.id, field) == mark,
        )

    return plan


def _changed(
    endpoint: Endpoint[Any],
    prepare: Callable[[Ground, str], Any],
    call: Callable[[Sides, str, Any, str, Options], Any],
    shown: Callable[[After, Any, str], bool],
    *,
    form: str = "",
) -> Plan:
    """Return the plan of a change of what `prepare` puts into the ground."""

    def plan(ground: Ground, mark: str) -> Write:
        home, prepared = ground.home, prepare(ground, mark)
        return Write(
            endpoints=(endpoint,),
            form=form,
            call=lambda sides, options: call(sides, home, prepared, mark, options),
            shown=lambda after: shown(after, prepared, mark),
        )

    return plan


def _is_gone(table: str) -> Callable[[After, Any, str], bool]:
    return lambda after, row_id, _: after.row(table, row_id) is None


def _with_user(ground: Ground, mark: str) -> tuple[str, str]:
    user_id = ground.user(f"member-{mark}", ground.home)
    return _group(ground, mark), user_id


def _with_member(ground: Ground, mark: str) -> tuple[str, str]:
    user_id = ground.user(f"member-{mark}", ground.home)
    return _group(ground, mark, userIds=[user_id], roleIds=[_role(ground, mark)]), user_id


def _with_role(ground: Ground, mark: str) -> tuple[str, str]:
    return _group(ground, mark), _role(ground, mark)


def _of_assigned_user(ground: Ground, mark: str) -> tuple[str, str, str]:
    user_id = ground.user(f"member-{mark}", ground.home)
    return (*_assigned(ground, mark, user_id), user_id)


def _of_user(ground: Ground, mark: str) -> tuple[str, str, str]:
    user_id = ground.user(f"member-{mark}", ground.home)
    return (*_assigned(ground, mark), user_id)


def _has(table: str, field: str) -> Callable[[After, Any, str], bool]:
    """Whether the row of the first id has the last id in a field."""
    return lambda after, ids, _: ids[-1] in cast("Sequence[str]", field_of(after, table, ids[-2], field) or ())


def _has_not(table: str, field: str) -> Callable[[After, Any, str], bool]:
    has = _has(table, field)
    return lambda after, ids, mark: not has(after, ids, mark)


_ROLES: Final = (
    _created(
        roles.CREATE,
        "roles",
        "key",
        lambda s, _, mark, options: s.frontegg.roles.create(
            key=mark, name=f"Role {mark}", level=7, description="Of a test", is_default=False, options=options
        ),
    ),
    _created(
        roles.CREATE,
        "roles",
        "key",
        lambda s, home, mark, options: s.frontegg.for_tenant(home).roles.create(
            key=mark, name=mark, level=0, options=options
        ),
        form="of a tenant",
    ),
    _changed(
        roles.UPDATE,
        _role,
        lambda s, _, role, mark, options: s.frontegg.roles.update(role, name=mark, level=9, options=options),
        lambda after, role, mark: field_of(after, "roles", role, "name") == mark,
    ),
    _changed(
        roles.DELETE,
        _role,
        lambda s, _, role, __, options: s.frontegg.roles.delete(role, options=options),
        _is_gone("roles"),
    ),
    _changed(
        roles.SET_PERMISSIONS,
        lambda ground, mark: (_role(ground, mark), _permission(ground, mark)),
        lambda s, _, ids, __, options: s.frontegg.roles.set_permissions(
            ids[0], permission_ids=[ids[1]], options=options
        ),
        _has("roles", "permissionIds"),
    ),
    _changed(
        roles.SET_TENANT,
        lambda ground, mark: (_role(ground, mark), ground.home),
        lambda s, _, ids, __, options: s.frontegg.roles.set_tenant(ids[0], tenant_id=ids[1], options=options),
        lambda after, ids, _: field_of(after, "roles", ids[0], "tenantId") == ids[1],
    ),
    _created(
        permissions.CREATE,
        "permissions",
        "key",
        lambda s, _, mark, options: s.frontegg.permissions.create(
            key=mark, name="New", assignment_type="never", options=options
        ),
    ),
    _changed(
        permissions.UPDATE,
        _permission,
        lambda s, _, row, mark, options: s.frontegg.permissions.update(row, description=mark, options=options),
        lambda after, row, mark: field_of(after, "permissions", row, "description") == mark,
    ),
    _changed(
        permissions.DELETE,
        _permission,
        lambda s, _, row, __, options: s.frontegg.permissions.delete(row, options=options),
        _is_gone("permissions"),
    ),
    _changed(
        permissions.ADD_TO_ROLES,
        lambda ground, mark: (_role(ground, mark), _permission(ground, mark)),
        lambda s, _, ids, __, options: s.frontegg.permissions.add_to_roles(ids[1], role_ids=[ids[0]], options=options),
        _has("roles", "permissionIds"),
    ),
    _created(
        permissions.CREATE_CATEGORY,
        "permissionCategories",
        "name",
        lambda s, _, mark, options: s.frontegg.permissions.create_category(name=mark, options=options),
    ),
    _changed(
        permissions.UPDATE_CATEGORY,
        _category,
        lambda s, _, row, mark, options: s.frontegg.permissions.update_category(row, name=mark, options=options),
        lambda after, row, mark: field_of(after, "permissionCategories", row, "name") == mark,
    ),
    _changed(
        permissions.DELETE_CATEGORY,
        _category,
        lambda s, _, row, __, options: s.frontegg.permissions.delete_category(row, options=options),
        _is_gone("permissionCategories"),
    ),
)


def _create_derived(ground: Ground, mark: str) -> Write:
    home, base, permission = ground.home, _role(ground, mark), _permission(ground, mark)
    return Write(
        endpoints=(roles.CREATE_DERIVED,),
        call=lambda sides, options: sides.frontegg.roles.create_derived(
            home, key=mark, name=mark, base_role_id=base, permission_ids=[permission], options=options
        ),
        shown=lambda after: after.count("roles", "key", mark) == 1,
        made=lambda after: after.count("roles", "key", mark),
        returned=lambda made, after: field_of(after, "roles", made.id, "tenantId") == home,
    )


_CHANGES_OF_GROUPS: Final = (
    (groups.ADD_USERS, _with_user, "add_users", "user_ids", _has("groups", "userIds")),
    (groups.REMOVE_USERS, _with_member, "remove_users", "user_ids", _has_not("groups", "userIds")),
    (groups.ADD_ROLES, _with_role, "add_roles", "role_ids", _has("groups", "roleIds")),
)


def _caller_of(side: Callable[[Sides, str], Any], verb: str, argument: str) -> Callable[..., Any]:
    """Return what calls a method of groups with one id."""
    return lambda s, home, ids, _, options: getattr(side(s, home), verb)(
        ids[0], **{argument: [ids[1]]}, options=options
    )


def _of_groups(*, of_user: bool) -> tuple[Plan, ...]:
    form = "by a user" if of_user else ""

    def side(sides: Sides, home: str) -> Any:
        return (sides.user if of_user else sides.frontegg.for_tenant(home)).groups

    return (
        _created(
            groups.CREATE,
            "groups",
            "name",
            lambda s, home, mark, options: side(s, home).create(name=mark, metadata={"a": [1]}, options=options),
            form=form,
        ),
        _changed(
            groups.UPDATE,
            _group,
            lambda s, home, group, mark, options: side(s, home).update(group, description=mark, options=options),
            lambda after, group, mark: field_of(after, "groups", group, "description") == mark,
            form=form,
        ),
        _changed(
            groups.DELETE,
            _group,
            lambda s, home, group, _, options: side(s, home).delete(group, options=options),
            _is_gone("groups"),
            form=form,
        ),
        _changed(
            groups.REMOVE_ROLES,
            lambda ground, mark: (_group(ground, mark, roleIds=[role := _role(ground, mark)]), role),
            lambda s, home, ids, _, options: side(s, home).remove_roles(ids[0], role_ids=[ids[1]], options=options),
            _has_not("groups", "roleIds"),
            form=form,
        ),
        *(
            _changed(endpoint, prepare, _caller_of(side, verb, argument), shown, form=form)
            for endpoint, prepare, verb, argument, shown in _CHANGES_OF_GROUPS
        ),
    )


def _configure_groups(_ground: Ground, _mark: str) -> Write:
    # All writes of this kind send the same value, since the value applies to the whole environment.
    return Write(
        endpoints=(groups.SET_CONFIGURATION,),
        call=lambda sides, options: sides.frontegg.groups.set_config(roles_enabled=False, options=options),
        shown=lambda after: field_of(after, "groupConfiguration", "environment", "rolesEnabled") is False,
    )


_APPLICATIONS: Final = (
    _created(
        applications.CREATE,
        "applications",
        "name",
        lambda s, _, mark, options: s.frontegg.applications.create(
            name=mark, app_url="https://a.example", login_url="https://b.example", metadata={"a": 1}, options=options
        ),
    ),
    _changed(
        applications.UPDATE,
        _application,
        lambda s, _, app, mark, options: s.frontegg.applications.update(app, description=mark, options=options),
        lambda after, app, mark: field_of(after, "applications", app, "description") == mark,
    ),
    _changed(
        applications.DELETE,
        _application,
        lambda s, _, app, __, options: s.frontegg.applications.delete(app, options=options),
        _is_gone("applications"),
    ),
    _changed(
        applications.ASSIGN,
        lambda ground, mark: (app := _application(ground, mark), f"{app}/{ground.home}"),
        lambda s, home, ids, _, options: s.frontegg.applications.assign(
            home, ids[0], access_type="managed_access", options=options
        ),
        lambda after, ids, _: after.row("applicationAssignments", ids[1]) is not None,
    ),
    _changed(
        applications.SET_ACCESS_TYPE,
        _assigned,
        lambda s, home, ids, _, options: s.frontegg.applications.set_access_type(
            home, ids[0], access_type="managed_access", options=options
        ),
        lambda after, ids, _: field_of(after, "applicationAssignments", ids[1], "accessType") == "MANAGED_ACCESS",
    ),
    _changed(
        applications.UNASSIGN,
        _assigned,
        lambda s, home, ids, _, options: s.frontegg.applications.unassign(home, ids[0], options=options),
        lambda after, ids, _: after.row("applicationAssignments", ids[1]) is None,
    ),
    _changed(
        applications.ASSIGN_USERS,
        _of_user,
        lambda s, home, ids, _, options: s.frontegg.applications.assign_users(
            home, ids[0], user_ids=[ids[2]], options=options
        ),
        _has("applicationAssignments", "userIds"),
    ),
    _changed(
        applications.UNASSIGN_USERS,
        _of_assigned_user,
        lambda s, home, ids, _, options: s.frontegg.applications.unassign_users(
            home, ids[0], user_ids=[ids[2]], options=options
        ),
        _has_not("applicationAssignments", "userIds"),
    ),
)

PLANS: Final[tuple[Plan, ...]] = (
    *_ROLES,
    _create_derived,
    *_of_groups(of_user=False),
    *_of_groups(of_user=True),
    _configure_groups,
    *_APPLICATIONS,
)
