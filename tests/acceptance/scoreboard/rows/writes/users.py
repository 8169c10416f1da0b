"""The writes on users, and on what they are in tenants."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from frontegg_async import AsyncFrontegg, Options, UserToInvite
from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from frontegg_async.endpoints import Endpoint, me, passwords, user_creation, user_flags, user_links, users
from tests.acceptance.scoreboard.rows.writes.environment_state import After, Ground, Plan, Row, Sides, Write, field_of

_NEW_PASSWORD: Final = "Another-pass-1"
_ADMIN, _READ_ONLY = (role.id for role in DEFAULT_ROLES)


def _email(mark: str) -> str:
    return f"{mark}@invited.example"


def _invite(ground: Ground, mark: str) -> Write:
    home = ground.home
    return Write(
        endpoints=(users.INVITE,),
        call=lambda sides, options: sides.frontegg.users.invite(
            home, email=_email(mark), name=f"Ünïcode {mark}", metadata={"mark": mark}, options=options
        ),
        similar=lambda sides, options: sides.frontegg.users.invite(
            home, email=_email(mark), role_ids=[_READ_ONLY], options=options
        ),
        shown=lambda after: [home] in [row["tenantIds"] for row in after.by_email[_email(mark)]],
        made=lambda after: len(after.by_email[_email(mark)]),
        returned=lambda made, after: [row["id"] for row in after.by_email[_email(mark)]] == [made.id],
    )


def _resend(*, all_tenants: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home = ground.home
        ground.user(f"u-{mark}", home)
        return Write(
            endpoints=(users.RESEND_ALL_INVITATIONS if all_tenants else users.RESEND_INVITATION,),
            call=lambda sides, options: sides.frontegg.users.resend_invitation(
                home, email=f"u-{mark}@example.com", include_sub_tenants=all_tenants, options=options
            ),
            shown=lambda _: True,
        )

    return plan


def _bulk_invite(ground: Ground, mark: str) -> Write:
    home = ground.home
    return Write(
        endpoints=(users.BULK_INVITE,),
        call=lambda sides, options: sides.frontegg.users.invite_many(
            home, [UserToInvite(email=_email(mark), verified=True)], options=options
        ),
        shown=lambda after: bool(after.by_email[_email(mark)]),
        made=lambda after: len(after.by_email[_email(mark)]),
        returned=lambda made, after: after.row("userTasks", made.id) is not None,
    )


def _add_to_tenant(ground: Ground, mark: str) -> Write:
    home, user_id = ground.home, ground.user(f"u-{mark}", ground.tenant(f"t-{mark}"))
    return Write(
        endpoints=(users.ADD_TO_TENANT,),
        call=lambda sides, options: sides.frontegg.users.add_to_tenant(user_id, tenant_id=home, options=options),
        shown=lambda after: home in after.users[user_id]["tenantIds"],
        returned=lambda made, _: made.id == user_id,
    )


def _remove_from_tenant(ground: Ground, mark: str) -> Write:
    home, user_id = ground.home, ground.user(f"u-{mark}", ground.home, other := ground.tenant(f"t-{mark}"))
    return Write(
        endpoints=(users.REMOVE,),
        call=lambda sides, options: sides.frontegg.users.remove_from_tenant(
            user_id, tenant_id=home, warn_last_owner=False, options=options
        ),
        shown=lambda after: after.users[user_id]["tenantIds"] == [other],
    )


def _delete_everywhere(ground: Ground, mark: str) -> Write:
    user_id = ground.user(f"u-{mark}", ground.home, ground.tenant(f"t-{mark}"))
    return Write(
        endpoints=(users.REMOVE,),
        form="everywhere",
        call=lambda sides, options: sides.frontegg.users.delete_everywhere(
            user_id, confirm_user_id=user_id, warn_last_owner=False, options=options
        ),
        shown=lambda after: user_id not in after.users,
    )


_Call = Callable[[AsyncFrontegg, str, str, str, Options], Awaitable[object]]
"""Makes a write with a client: of a user, in a tenant, with a mark."""


def _change(
    endpoint: Endpoint[Any], call: _Call, shown: Callable[[Row, str, str], bool], *, form: str = "", **fields: Any
) -> Plan:
    """Return the plan of a write that changes a user, who is in the home tenant and in another."""

    def plan(ground: Ground, mark: str) -> Write:
        home, other = ground.home, ground.tenant(f"t-{mark}")
        memberships = {home: fields.get("membership", {})}
        more = {name: value for name, value in fields.items() if name != "membership"}
        user_id = ground.user(f"u-{mark}", home, other, memberships=memberships, **more)

        def made(sides: Sides, options: Options) -> Awaitable[object]:
            return call(sides.frontegg, user_id, home, mark, options)

        def is_shown(after: After) -> bool:
            return shown(after.users[user_id], home, mark)

        return Write(endpoints=(endpoint,), form=form, call=made, shown=is_shown)

    return plan


def _membership(row: Row, tenant_id: str) -> Row:
    membership: Row = row["memberships"].get(tenant_id, {})
    return membership


def _end_sessions(*, all_of_them: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, user_id = ground.home, ground.user(f"u-{mark}", ground.home)
        session_id = ground.session(mark, user_id, home)
        if all_of_them:
            return Write(
                endpoints=(users.END_SESSIONS,),
                call=lambda sides, options: sides.frontegg.users.end_sessions(user_id, tenant_id=home, options=options),
                shown=lambda after: session_id in after.revoked,
            )
        return Write(
            endpoints=(users.END_SESSION,),
            call=lambda sides, options: sides.frontegg.users.end_session(
                user_id, session_id, tenant_id=home, options=options
            ),
            shown=lambda after: session_id in after.revoked,
        )

    return plan


def _set_temporary_config(ground: Ground, mark: str) -> Write:
    del ground, mark
    return Write(
        endpoints=(user_flags.SET_TEMPORARY_CONFIG,),
        call=lambda sides, options: sides.frontegg.users.set_temporary_config(enabled=False, options=options),
        shown=lambda after: field_of(after, "temporaryUsers", "configuration", "enabled") is False,
    )


def _link(endpoint: Endpoint[Any], verb: str, kind: str) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        user_id = ground.user(f"u-{mark}", ground.home)
        return Write(
            endpoints=(endpoint,),
            call=lambda sides, options: getattr(sides.frontegg.users, verb)(user_id, options=options),
            shown=lambda after: after.row("userLinks", f"{kind}:{user_id}") is not None,
            returned=lambda made, after: (
                field_of(after, "userLinks", f"{kind}:{user_id}", "token") == made.token.reveal()
            ),
        )

    return plan


def _create(ground: Ground, mark: str) -> Write:
    home = ground.home
    return Write(
        endpoints=(user_creation.CREATE,),
        call=lambda sides, options: sides.frontegg.users.create(
            home, email=_email(mark), name=f"Ünïcode {mark}", external_id=mark, options=options
        ),
        similar=lambda sides, options: sides.frontegg.users.create(home, email=_email(mark), options=options),
        shown=lambda after: [home] in [row["tenantIds"] for row in after.by_email[_email(mark)]],
        made=lambda after: len(after.by_email[_email(mark)]),
        returned=lambda made, after: [row["id"] for row in after.by_email[_email(mark)]] == [made.id],
    )


def _send_reset_email(ground: Ground, mark: str) -> Write:
    user_id = ground.user(f"u-{mark}", ground.home)
    return Write(
        endpoints=(passwords.SEND_RESET_EMAIL,),
        call=lambda sides, options: sides.frontegg.users.passwords.send_reset_email(
            email=f"{user_id}@example.com", options=options
        ),
        shown=lambda after: after.row("userLinks", f"passwordReset:{user_id}") is not None,
    )


def _reset_password(ground: Ground, mark: str) -> Write:
    user_id = ground.user(f"u-{mark}", ground.home)
    link_id = f"passwordReset:{user_id}"
    link = {"kind": "passwordReset", "userId": user_id, "token": f"emu_{mark}", "expires": "2100-01-01T00:00:00.000Z"}
    ground.row("userLinks", link_id, "", **link)
    return Write(
        endpoints=(passwords.RESET,),
        call=lambda sides, options: sides.frontegg.users.passwords.reset(
            user_id, token=f"emu_{mark}", password=_NEW_PASSWORD, options=options
        ),
        shown=lambda after: bool(after.users[user_id].get("password") == _NEW_PASSWORD),
    )


def _change_password(ground: Ground, mark: str) -> Write:
    home, user_id = ground.home, ground.user(f"u-{mark}", ground.home, password="emu_before")
    return Write(
        endpoints=(passwords.CHANGE,),
        call=lambda sides, options: sides.user_of(home, user_id).profile.change_password(
            current_password="emu_before", new_password=_NEW_PASSWORD, options=options
        ),
        shown=lambda after: bool(after.users[user_id]["password"] == _NEW_PASSWORD),
    )


PLANS: Final[tuple[Plan, ...]] = (
    _create,
    _send_reset_email,
    _reset_password,
    _change_password,
    _invite,
    _resend(all_tenants=False),
    _resend(all_tenants=True),
    _bulk_invite,
    _add_to_tenant,
    _remove_from_tenant,
    _delete_everywhere,
    _end_sessions(all_of_them=False),
    _end_sessions(all_of_them=True),
    _change(
        users.DISABLE_MFA,
        lambda f, user_id, home, _, options: f.users.disable_mfa(user_id, tenant_id=home, options=options),
        lambda row, _, __: row.get("mfaEnrolled") is not True,
        mfaEnrolled=True,
    ),
    _change(
        users.UPDATE,
        lambda client, user_id, home, mark, options: client.users.update(
            user_id, tenant_id=home, name=mark, metadata={"mark": mark}, options=options
        ),
        lambda row, _, mark: (row["name"], row["metadata"]) == (mark, {"mark": mark}),
    ),
    _change(
        users.REPLACE,
        lambda client, user_id, _, mark, options: client.users.replace_all_fields(
            user_id, external_id=mark, options=options
        ),
        lambda row, _, mark: (row["name"], row["externalId"]) == (None, mark),
    ),
    _change(
        users.SET_EMAIL,
        lambda client, user_id, _, mark, options: client.users.set_email(user_id, email=_email(mark), options=options),
        lambda row, _, mark: bool(row["email"] == _email(mark)),
    ),
    _change(
        me.SWITCH_TENANT,
        lambda client, user_id, _, mark, options: client.users.switch_tenant(
            user_id, tenant_id=f"t-{mark}", options=options
        ),
        lambda row, _, mark: bool(row["tenantId"] == f"t-{mark}"),
        form="by an environment",
    ),
    _change(
        users.ASSIGN_ROLES,
        lambda client, user_id, home, _, options: client.users.assign_roles(
            user_id, tenant_id=home, role_ids=[_ADMIN, _READ_ONLY], options=options
        ),
        lambda row, home, _: set(_membership(row, home)["roleIds"]) == {_ADMIN, _READ_ONLY},
    ),
    _change(
        users.UNASSIGN_ROLES,
        lambda client, user_id, home, _, options: client.users.unassign_roles(
            user_id, tenant_id=home, role_ids=[_ADMIN], warn_last_owner=False, options=options
        ),
        lambda row, home, _: bool(_membership(row, home)["roleIds"] == [_READ_ONLY]),
        membership={"roleIds": [_ADMIN, _READ_ONLY]},
    ),
    _change(
        users.CHANGE_ROLES,
        lambda client, user_id, _, __, options: client.users.change_roles(
            user_id, add_role_ids=[_ADMIN], all_tenants=True, options=options
        ),
        lambda row, _, __: all(_membership(row, each)["roleIds"] == [_ADMIN] for each in row["tenantIds"]),
    ),
    _change(
        users.DISABLE,
        lambda client, user_id, home, _, options: client.users.disable(user_id, tenant_id=home, options=options),
        lambda row, home, _: bool(_membership(row, home)["isDisabled"]),
    ),
    _change(
        users.ENABLE,
        lambda client, user_id, home, _, options: client.users.enable(user_id, tenant_id=home, options=options),
        lambda row, home, _: not _membership(row, home)["isDisabled"],
        membership={"isDisabled": True},
    ),
    _set_temporary_config,
    _link(user_links.GENERATE_ACTIVATION, "generate_activation_link", "activation"),
    _link(user_links.GENERATE_PASSWORD_RESET, "generate_password_reset_link", "passwordReset"),
    _change(
        user_flags.UNENROLL_MFA,
        lambda client, user_id, _, __, options: client.users.unenroll_mfa(user_id, options=options),
        lambda row, _, __: row.get("mfaEnrolled") is not True,
        mfaEnrolled=True,
    ),
    _change(
        user_flags.SET_INVISIBLE,
        lambda client, user_id, _, __, options: client.users.set_invisible(user_id, invisible=True, options=options),
        lambda row, _, __: bool(row["invisible"]),
    ),
    _change(
        user_flags.SET_SUPERUSER,
        lambda client, user_id, _, __, options: client.users.set_superuser(user_id, super_user=True, options=options),
        lambda row, _, __: bool(row["superUser"]),
    ),
    _change(
        user_flags.SET_EXPIRATION,
        lambda client, user_id, home, _, options: client.users.set_expiration(
            user_id, tenant_id=home, expiration_in_seconds=300, options=options
        ),
        lambda row, home, _: _membership(row, home).get("expires") is not None,
    ),
    _change(
        user_flags.MAKE_PERMANENT,
        lambda client, user_id, home, _, options: client.users.make_permanent(user_id, tenant_id=home, options=options),
        lambda row, home, _: _membership(row, home).get("expires") is None,
        membership={"expires": "2100-01-01T00:00:00.000Z"},
    ),
    _change(
        users.LOCK,
        lambda client, user_id, _, __, options: client.users.lock(user_id, options=options),
        lambda row, _, __: bool(row["isLocked"]),
    ),
    _change(
        users.UNLOCK,
        lambda client, user_id, _, __, options: client.users.unlock(user_id, options=options),
        lambda row, _, __: not row["isLocked"],
        isLocked=True,
    ),
    _change(
        users.VERIFY,
        lambda client, user_id, _, __, options: client.users.mark_verified(user_id, options=options),
        lambda row, _, __: bool(row["verified"]),
        verified=False,
    ),
)
