"""The writes on tenants, their hierarchy, settings and users, with the credentials of an environment and of users."""

from __future__ import annotations

from typing import Final

from frontegg_async._values.json_values import JsonValue, parse_json_text
from frontegg_async.endpoints import account_settings, hierarchy, me, migrations, sub_tenants, tenants
from frontegg_async.models import SubAccountAccessType
from tests.acceptance.scoreboard.rows.writes.environment_state import METADATA, NAMES, After, Ground, Plan, Write


def _name(ground: Ground, mark: str) -> str:
    return ground.rng.choice(NAMES).format(mark)


def _trimmed(name: str) -> str:
    return name.strip().rstrip("/")


def _is_named(after: After, tenant_id: str, name: str) -> bool:
    row = after.tenants.get(tenant_id)
    return row is not None and row["name"] == name


def _metadata_of(after: After, tenant_id: str) -> JsonValue:
    row = after.tenants.get(tenant_id)
    return None if row is None or row["metadata"] is None else parse_json_text(row["metadata"])


def _parent_of(after: After, tenant_id: str) -> object:
    return after.tenants[tenant_id].get("parentTenantId")


def _create(ground: Ground, mark: str) -> Write:
    name, metadata = _name(ground, mark), ground.rng.choice(METADATA)
    return Write(
        endpoints=(tenants.CREATE,),
        call=lambda sides, options: sides.frontegg.tenants.create(name=name, metadata=metadata, options=options),
        shown=lambda after: len(after.by_name[_trimmed(name)]) == 1,
        made=lambda after: len(after.by_name[_trimmed(name)]),
        returned=lambda made, after: _is_named(after, made.tenant_id, name),
    )


def _create_own(ground: Ground, mark: str) -> Write:
    name, metadata = _name(ground, mark), ground.rng.choice(METADATA)
    parent = ground.rng.choice((None, ground.home))
    tenant_id = f"own/{mark}"
    return Write(
        endpoints=(tenants.CREATE,),
        form="with an id of one's own",
        call=lambda sides, options: sides.frontegg.tenants.create(
            tenant_id=tenant_id,
            name=name,
            metadata=metadata,
            parent_tenant_id=parent,
            is_reseller=True,
            website="https://new.example/",
            creator_email=f"{mark}@example.com",
            options=options,
        ),
        shown=lambda after: _is_named(after, tenant_id, name) and _parent_of(after, tenant_id) == parent,
        made=lambda after: len(after.by_name[_trimmed(name)]),
        returned=lambda made, after: _is_named(after, made.tenant_id, name),
    )


def _activate(ground: Ground, mark: str) -> Write:
    name = f"Again {mark}"
    tenant_id = ground.tenant(f"gone-{mark}", gone=True, name=name)
    return Write(
        endpoints=(tenants.CREATE,),
        form="of an id that was deleted",
        call=lambda sides, options: sides.frontegg.tenants.create(tenant_id=tenant_id, name=name, options=options),
        shown=lambda after: _is_named(after, tenant_id, name),
        made=lambda after: len(after.by_name[name]),
    )


def _ensure(_ground: Ground, mark: str) -> Write:
    name = f"Ensured {mark}"
    tenant_id = f"ensured-{mark}"
    return Write(
        endpoints=(tenants.CREATE,),
        form="by ensure",
        call=lambda sides, options: sides.frontegg.tenants.ensure(tenant_id, name=name, options=options),
        shown=lambda after: _is_named(after, tenant_id, name),
        made=lambda after: len(after.by_name[name]),
        returned=lambda made, _: made[0].tenant_id == tenant_id and made[1],
    )


def _ensure_present(ground: Ground, mark: str) -> Write:
    tenant_id = ground.tenant(f"there-{mark}")
    return Write(
        endpoints=(tenants.CREATE,),
        form="by ensure of what is there",
        call=lambda sides, options: sides.frontegg.tenants.ensure(tenant_id, name="Other", options=options),
        shown=lambda after: _is_named(after, tenant_id, f"Before {tenant_id}"),
        returned=lambda found, _: found[0].tenant_id == tenant_id and not found[1],
        has_to_act=False,
    )


def _update(ground: Ground, mark: str) -> Write:
    tenant_id = ground.tenant(f"t-{mark}", metadata='{"old": 1}', website="https://old.example")
    name, metadata = _name(ground, mark), ground.rng.choice((*METADATA, None))
    return Write(
        endpoints=(tenants.UPDATE,),
        call=lambda sides, options: sides.frontegg.tenants.update(
            tenant_id, name=name, metadata=metadata, website=None, status="changed", options=options
        ),
        shown=lambda after: _is_named(after, tenant_id, name) and after.tenants[tenant_id]["website"] is None,
    )


def _add_metadata(ground: Ground, mark: str) -> Write:
    tenant_id = ground.tenant(f"t-{mark}", metadata=ground.rng.choice((None, '{"old": 1}', '{"new": 0}')))
    value = ground.rng.choice(METADATA)
    return Write(
        endpoints=(tenants.ADD_METADATA,),
        call=lambda sides, options: sides.frontegg.tenants.add_metadata(tenant_id, {"new": value}, options=options),
        shown=lambda after: isinstance(found := _metadata_of(after, tenant_id), dict) and found.get("new") == value,
    )


def _delete_metadata(ground: Ground, mark: str) -> Write:
    tenant_id = ground.tenant(f"t-{mark}", metadata='{"old": 1, "kept": 2}')
    return Write(
        endpoints=(tenants.DELETE_METADATA,),
        call=lambda sides, options: sides.frontegg.tenants.delete_metadata(tenant_id, "old", options=options),
        shown=lambda after: _metadata_of(after, tenant_id) == {"kept": 2},
    )


def _lock(ground: Ground, mark: str) -> Write:
    ids = [ground.tenant(f"t-{mark}-{number}") for number in range(3)]
    return Write(
        endpoints=(tenants.LOCK,),
        call=lambda sides, options: sides.frontegg.tenants.lock(ids, options=options),
        shown=lambda after: all(after.tenants[each]["isLocked"] for each in ids),
    )


def _unlock(ground: Ground, mark: str) -> Write:
    tenant_id = ground.tenant(f"t-{mark}", isLocked=True)
    return Write(
        endpoints=(tenants.UNLOCK,),
        call=lambda sides, options: sides.frontegg.tenants.unlock([tenant_id], options=options),
        shown=lambda after: not after.tenants[tenant_id]["isLocked"],
    )


def _delete(ground: Ground, mark: str) -> Write:
    tenant_id = ground.tenant(f"t-{mark}")
    return Write(
        endpoints=(tenants.DELETE,),
        call=lambda sides, options: sides.frontegg.tenants.delete(tenant_id, options=options),
        shown=lambda after: tenant_id not in after.tenants,
    )


def _move_users(ground: Ground, mark: str) -> Write:
    source, target = ground.tenant(f"t-{mark}"), ground.tenant(f"target-{mark}")
    user_id = ground.user(f"user-{mark}", source)
    return Write(
        endpoints=(tenants.MOVE_USERS,),
        call=lambda sides, options: sides.frontegg.tenants.move_users(source, target, options=options),
        shown=lambda after: target in after.users[user_id]["tenantIds"],
    )


def _start_migration(_ground: Ground, mark: str) -> Write:
    tenant_id = f"migrated-{mark}"
    return Write(
        endpoints=(migrations.START,),
        call=lambda sides, options: sides.frontegg.migrations.start([tenant_id], options=options),
        shown=lambda after: after.migrations[tenant_id] == 1,
        made=lambda after: after.migrations[tenant_id],
        returned=lambda made, after: after.row("migration", made.migration_id) is not None,
    )


def _assign(ground: Ground, mark: str) -> Write:
    child, parent = ground.tenant(f"child-{mark}"), ground.tenant(f"parent-{mark}", isReseller=True)
    return Write(
        endpoints=(hierarchy.ASSIGN,),
        call=lambda sides, options: sides.frontegg.hierarchy.assign(child, parent, options=options),
        shown=lambda after: _parent_of(after, child) == parent,
    )


def _remove(ground: Ground, mark: str) -> Write:
    parent = ground.tenant(f"parent-{mark}", isReseller=True)
    child = ground.tenant(f"child-{mark}", parentTenantId=parent)
    return Write(
        endpoints=(hierarchy.REMOVE,),
        call=lambda sides, options: sides.frontegg.hierarchy.unassign(child, parent, options=options),
        shown=lambda after: _parent_of(after, child) is None,
    )


def _move(ground: Ground, mark: str) -> Write:
    old, new = (ground.tenant(f"{which}-{mark}", isReseller=True) for which in ("old", "new"))
    child = ground.tenant(f"child-{mark}", parentTenantId=old)
    return Write(
        endpoints=(hierarchy.REMOVE, hierarchy.ASSIGN),
        form="by move",
        call=lambda sides, options: sides.frontegg.hierarchy.move(child, new, options=options),
        shown=lambda after: _parent_of(after, child) == new,
    )


def _sub_tenant(ground: Ground, mark: str) -> str:
    return ground.tenant(f"sub-{mark}", parentTenantId=ground.home)


def _create_sub_tenant(*, of_user: bool, own: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        name, home = _name(ground, mark), ground.home
        return Write(
            endpoints=(sub_tenants.CREATE,),
            form=" ".join(filter(None, ("with an id of one's own" if own else "", "by a user" if of_user else ""))),
            call=lambda sides, options: (sides.user if of_user else sides.frontegg).sub_tenants.create(
                name=name, parent_tenant_id=home, tenant_id=f"own/{mark}" if own else None, options=options
            ),
            shown=lambda after: len(after.by_name[_trimmed(name)]) == 1,
            made=lambda after: len(after.by_name[_trimmed(name)]),
            returned=lambda made, after: _is_named(after, made.tenant_id, name),
        )

    return plan


def _rename(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        tenant_id, name = _sub_tenant(ground, mark), _name(ground, mark)
        return Write(
            endpoints=(sub_tenants.RENAME,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg).sub_tenants.rename(
                tenant_id, name=name, options=options
            ),
            shown=lambda after: _is_named(after, tenant_id, name),
        )

    return plan


def _set_management(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        tenant_id = _sub_tenant(ground, mark)
        return Write(
            endpoints=(sub_tenants.SET_MANAGEMENT,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg).sub_tenants.set_management(
                tenant_id, is_reseller=True, options=options
            ),
            shown=lambda after: bool(after.tenants[tenant_id]["isReseller"]),
        )

    return plan


def _set_hierarchy_settings(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        tenant_id = _sub_tenant(ground, mark)
        access = SubAccountAccessType.ALWAYS_ON
        return Write(
            endpoints=(sub_tenants.SET_HIERARCHY_SETTINGS,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg).sub_tenants.set_hierarchy_settings(
                tenant_id, access_type=access, options=options
            ),
            shown=lambda after: (
                (after.row("hierarchy_settings", tenant_id) or {}).get("subAccountAccessType") == access.value
            ),
        )

    return plan


def _delete_sub_tenant(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        tenant_id = _sub_tenant(ground, mark)
        return Write(
            endpoints=(sub_tenants.DELETE,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg).sub_tenants.delete(
                tenant_id, options=options
            ),
            shown=lambda after: tenant_id not in after.tenants,
        )

    return plan


def _set_user_access(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        user_id = ground.user(f"user-{mark}", ground.home)
        return Write(
            endpoints=(sub_tenants.SET_USER_ACCESS,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg).sub_tenants.set_user_access(
                user_id, allow_access=False, options=options
            ),
            shown=lambda after: after.users[user_id]["allowAccess"] is False,
        )

    return plan


def _update_settings(ground: Ground, mark: str) -> Write:
    tenant_id = ground.tenant(f"t-{mark}", address="old")
    address, name = _name(ground, mark), _name(ground, f"named {mark}")
    return Write(
        endpoints=(account_settings.UPDATE,),
        call=lambda sides, options: sides.frontegg.account_settings.update(
            tenant_id, address=address, name=name, logo=None, options=options
        ),
        shown=lambda after: after.tenants[tenant_id]["address"] == address,
    )


def _update_own_settings(ground: Ground, mark: str) -> Write:
    tenant_id = ground.tenant(f"t-{mark}", address="old")
    user_id = ground.user(f"user-{mark}", tenant_id)
    return Write(
        endpoints=(account_settings.UPDATE,),
        form="by a user",
        call=lambda sides, options: sides.user_of(tenant_id, user_id).account_settings.update(
            address=mark, date_format="DD/MM/YYYY", options=options
        ),
        shown=lambda after: after.tenants[tenant_id]["address"] == mark,
    )


def _switch_tenant(ground: Ground, mark: str) -> Write:
    first, second = ground.tenant(f"first-{mark}"), ground.tenant(f"second-{mark}")
    user_id = ground.user(f"user-{mark}", first, second)
    return Write(
        endpoints=(me.SWITCH_TENANT,),
        call=lambda sides, options: sides.user_of(first, user_id).tenants.switch(second, options=options),
        shown=lambda after: after.users[user_id]["tenantId"] == second,
    )


def _delete_current(ground: Ground, mark: str) -> Write:
    tenant_id = ground.tenant(f"t-{mark}")
    user_id = ground.user(f"user-{mark}", tenant_id)
    return Write(
        endpoints=(tenants.DELETE_CURRENT,),
        call=lambda sides, options: sides.user_of(tenant_id, user_id).tenant.delete_current(
            confirm_tenant_id=tenant_id, options=options
        ),
        shown=lambda after: tenant_id not in after.tenants,
    )


_BOTH: Final = (
    _rename,
    _set_management,
    _set_hierarchy_settings,
    _delete_sub_tenant,
    _set_user_access,
)

PLANS: Final[tuple[Plan, ...]] = (
    _create,
    _create_own,
    _activate,
    _ensure,
    _ensure_present,
    _update,
    _add_metadata,
    _delete_metadata,
    _lock,
    _unlock,
    _delete,
    _move_users,
    _start_migration,
    _assign,
    _remove,
    _move,
    _create_sub_tenant(of_user=False, own=False),
    _create_sub_tenant(of_user=False, own=True),
    _create_sub_tenant(of_user=True, own=False),
    _create_sub_tenant(of_user=True, own=True),
    *(plan(of_user=of_user) for plan in _BOTH for of_user in (False, True)),
    _update_settings,
    _update_own_settings,
    _switch_tenant,
    _delete_current,
)
