"""The writes of users on their own profile, and on the users of sub-accounts."""

from __future__ import annotations

from typing import Any, Final

from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from frontegg_async.endpoints import me, sub_tenant_users
from tests.acceptance.scoreboard.rows.writes.environment_state import After, Ground, Plan, Sides, Write

_ROLE: Final = DEFAULT_ROLES[0].id


def _sub_account(ground: Ground, mark: str) -> str:
    return ground.tenant(f"sub-{mark}", parentTenantId=ground.home)


def _roles(after: After, user_id: str, tenant_id: str) -> list[str]:
    memberships = after.users.get(user_id, {}).get("memberships") or {}
    found: list[str] = (memberships.get(tenant_id) or {}).get("roleIds") or []
    return found


def _tenants(after: After, email: str) -> list[list[str]]:
    return [row["tenantIds"] for row in after.users.values() if row["email"] == email]


def _update_profile(ground: Ground, mark: str) -> Write:
    home, user_id = ground.home, ground.user(f"own-{mark}", ground.home)
    return Write(
        endpoints=(me.UPDATE_PROFILE,),
        call=lambda sides, options: sides.user_of(home, user_id).profile.update(
            name=mark, metadata={"mark": mark}, options=options
        ),
        shown=lambda after: after.users[user_id].get("name") == mark,
        returned=lambda made, _: made.name == mark,
    )


def _add(ground: Ground, mark: str) -> Write:
    tenant_id, email = _sub_account(ground, mark), f"added-{mark}@example.com"
    return Write(
        endpoints=(sub_tenant_users.ADD,),
        call=lambda sides, options: sides.user.sub_tenants.users.add(
            email=email, role_ids_by_tenant={tenant_id: [_ROLE]}, options=options
        ),
        shown=lambda after: _tenants(after, email) == [[tenant_id]],
        made=lambda after: len(_tenants(after, email)),
    )


def _add_many(ground: Ground, mark: str) -> Write:
    tenant_id, emails = _sub_account(ground, mark), [f"{each}-{mark}@example.com" for each in ("one", "two")]
    return Write(
        endpoints=(sub_tenant_users.ADD_MANY,),
        call=lambda sides, options: sides.user.sub_tenants.users.add_many(
            tenant_id, users=dict.fromkeys(emails), options=options
        ),
        shown=lambda after: all(_tenants(after, email) == [[tenant_id]] for email in emails),
        made=lambda after: max(len(_tenants(after, email)) for email in emails),
    )


def _remove(ground: Ground, mark: str) -> Write:
    tenant_id = _sub_account(ground, mark)
    user_id = ground.user(f"removed-{mark}", tenant_id, ground.home)
    return Write(
        endpoints=(sub_tenant_users.REMOVE,),
        call=lambda sides, options: sides.user.sub_tenants.users.remove(
            user_id, tenant_ids=[tenant_id], options=options
        ),
        shown=lambda after: tenant_id not in after.users[user_id]["tenantIds"],
    )


def _change_roles(verb: str, *, has: bool) -> Plan:
    endpoint = getattr(sub_tenant_users, verb.upper())

    def plan(ground: Ground, mark: str) -> Write:
        tenant_id = _sub_account(ground, mark)
        user_id = ground.user(f"{verb}-{mark}", tenant_id)
        ground.users[-1]["memberships"] = {tenant_id: {"roleIds": [] if has else [_ROLE]}}

        def call(sides: Sides, options: Any) -> Any:
            change = getattr(sides.user.sub_tenants.users, verb)
            return change(user_id, role_ids_by_tenant={tenant_id: [_ROLE]}, options=options)

        return Write(
            endpoints=(endpoint,),
            call=call,
            shown=lambda after: (_ROLE in _roles(after, user_id, tenant_id)) is has,
        )

    return plan


PLANS: Final[tuple[Plan, ...]] = (
    _update_profile,
    _add,
    _add_many,
    _remove,
    _change_roles("assign_roles", has=True),
    _change_roles("set_roles", has=True),
    _change_roles("unassign_roles", has=False),
)
