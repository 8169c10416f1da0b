"""Exercises of users."""

from __future__ import annotations

from typing import Any, Final

from frontegg_async import UserToInvite
from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from tests.emulator.cases import case
from tests.exercises.exercise import Exercise, ExerciseClients, bad, good, refused
from tests.exercises.world import ROLE_OF_OTHER, TABLES_OF_USERS

_ADMIN, _READ_ONLY = (role.id for role in DEFAULT_ROLES)
_LONG = f"https://example.com/{'x' * 5_000}"


def _many(count: int) -> list[UserToInvite]:
    return [UserToInvite(email=f"user{index}@acme.example", role_ids=[_READ_ONLY]) for index in range(count)]


def _each(verb: str, **more: str) -> tuple[Exercise, ...]:
    """Return the exercises of a verb that takes a user, and maybe the tenant, and nothing else."""
    name = f"users.{verb}"
    return (
        good(name, lambda s: getattr(s.frontegg.users, verb)("ann", **more)),
        refused(name, 404, lambda s: getattr(s.frontegg.users, verb)("nobody", **more)),
        bad(name, "user_id", lambda s: getattr(s.frontegg.users, verb)("..", **more)),
    )


def _add_to_locked(s: ExerciseClients) -> Any:
    yield s.frontegg.tenants.lock(["acme"])
    yield s.frontegg.users.add_to_tenant("bob", tenant_id="acme")


EXERCISES: Final = (
    good("users.list", lambda s: s.frontegg.users.list().all()),
    good("users.list", lambda s: s.frontegg.users.list("acme", sort_by="name", order="desc").all()),
    good(
        "users.list", lambda s: s.frontegg.users.list("acme", include_sub_tenants=True, user_ids=["ann", "bob"]).all()
    ),
    good("users.list", lambda s: s.frontegg.for_tenant("acme").users.list(email="ann@acme.example").all()),
    good(
        "users.list",
        lambda s: s.frontegg.users.list(identifier="ann", identifier_type="email", name_prefix="a").all(),
    ),
    good("users.list", lambda s: s.frontegg.users.list("acme", preset="inactive", max_inactive_seconds=60).all()),
    good("users.list", lambda s: s.frontegg.users.list(preset="mfa-unenrolled").all()),
    bad("users.list", "preset must be one of", lambda s: s.frontegg.users.list(preset="lazy")),
    bad("users.list", "'inactive' and max_inactive_seconds", lambda s: s.frontegg.users.list(preset="inactive")),
    bad("users.list", "'inactive' and max_inactive_seconds", lambda s: s.frontegg.users.list(max_inactive_seconds=60)),
    bad(
        "users.list",
        "max_inactive_seconds must be a whole number",
        lambda s: s.frontegg.users.list(preset="inactive", max_inactive_seconds=0),
    ),
    bad("users.list", "tenant_id", lambda s: s.frontegg.users.list("..")),
    bad("users.list", "omit tenant_id to list all tenants", lambda s: s.frontegg.users.list(None)),
    bad("users.list", "email must be an e-mail", lambda s: s.frontegg.users.list(email="ann")),
    bad("users.list", "either user_ids or", lambda s: s.frontegg.users.list(user_ids=["ann"], external_ids=["1"])),
    bad("users.list", "identifier and identifier_type", lambda s: s.frontegg.users.list(identifier="a")),
    good("users.get", lambda s: s.frontegg.users.get("ann")),
    refused("users.get", 404, lambda s: s.frontegg.users.get("nobody")),
    bad("users.get", "user_id", lambda s: s.frontegg.users.get("")),
    bad("users.get_in_tenant", "another operation", lambda s: s.frontegg.users.get("email", tenant_id="acme")),
    good("users.get_in_tenant", lambda s: s.frontegg.users.get("ann", tenant_id="acme")),
    good("users.get_in_tenant", lambda s: s.frontegg.for_tenant("acme").users.get("ann")),
    refused("users.get_in_tenant", 404, lambda s: s.frontegg.users.get("bob", tenant_id="acme")),
    bad("users.get_in_tenant", "tenant_id", lambda s: s.frontegg.users.get("ann", tenant_id="..")),
    good("users.get_by_email", lambda s: s.frontegg.users.get_by_email("ann@acme.example")),
    refused("users.get_by_email", 404, lambda s: s.frontegg.users.get_by_email("no@acme.example")),
    bad("users.get_by_email", "email must be", lambda s: s.frontegg.users.get_by_email("ann at acme")),
    good("me.tenants", lambda s: s.frontegg.users.list_tenants("ann")),
    good(
        "users.invite",
        lambda s: s.frontegg.users.invite(
            "acme",
            email="new@acme.example",
            name="New",
            role_ids=[_READ_ONLY],
            metadata={"team": 7},
            email_metadata={"greeting": "Hi"},
            expiration_in_seconds=300,
        ),
    ),
    refused("users.invite", 400, lambda s: s.frontegg.users.invite("acme", email="a@b.example", role_ids=["other's"])),
    refused(
        "users.invite",
        403,
        lambda s: s.frontegg.users.invite("acme", email="a@b.example"),
        switches={"default_application": "none"},
    ),
    refused("users.invite", 404, lambda s: s.frontegg.users.invite("nobody", email="a@b.example")),
    refused("users.invite", 409, lambda s: s.frontegg.users.invite("acme", email="ANN@acme.example")),
    bad("users.invite", "email must be an e-mail", lambda s: s.frontegg.users.invite("acme", email="ann@")),
    bad("users.invite", "username", lambda s: s.frontegg.users.invite("acme", email="a@b.example", username="a b")),
    bad("users.invite", "metadata", lambda s: s.frontegg.users.invite("acme", email="a@b.example", metadata=[1])),
    bad(
        "users.invite",
        "at most 4,095",
        lambda s: s.frontegg.users.invite("acme", email="a@b.example", profile_picture_url=_LONG),
    ),
    bad(
        "users.invite",
        "expiration_in_seconds",
        lambda s: s.frontegg.users.invite("acme", email="a@b.example", expiration_in_seconds=299),
    ),
    *(
        row
        for name, sub in (("users.resend_invitation", False), ("users.resend_all_invitations", True))
        for row in (
            good(
                name,
                lambda s, sub=sub: s.frontegg.users.resend_invitation(
                    "acme", email="ann@acme.example", include_sub_tenants=sub
                ),
            ),
            refused(
                name,
                404,
                lambda s, sub=sub: s.frontegg.users.resend_invitation(
                    "acme", email="bob@child.example", include_sub_tenants=sub
                ),
            ),
            bad(
                name,
                "email",
                lambda s, sub=sub: s.frontegg.users.resend_invitation("acme", email="", include_sub_tenants=sub),
            ),
        )
    ),
    good("users.invite_many", lambda s: s.frontegg.users.invite_many("acme", _many(3))),
    refused(
        "users.invite_many",
        403,
        lambda s: s.frontegg.users.invite_many("acme", _many(1)),
        switches={"default_application": "none"},
    ),
    refused("users.invite_many", 404, lambda s: s.frontegg.users.invite_many("nobody", _many(1))),
    bad("users.invite_many", "1 to 1,000 users", lambda s: s.frontegg.users.invite_many("acme", _many(1_001))),
    bad("users.invite_many", r"users\[1\].email is also", lambda s: s.frontegg.users.invite_many("acme", _many(1) * 2)),
    bad(
        "users.invite_many",
        r"users\[0\].name must be text",
        lambda s: s.frontegg.users.invite_many("acme", [UserToInvite(email="a@b.example", name=7)]),
    ),
    good("users.get_invitation_task", lambda s: s.frontegg.users.get_invitation_task("invitation")),
    refused("users.get_invitation_task", 404, lambda s: s.frontegg.users.get_invitation_task("roles")),
    bad("users.get_invitation_task", "task_id", lambda s: s.frontegg.users.get_invitation_task("..")),
    good("users.add_to_tenant", lambda s: s.frontegg.users.add_to_tenant("bob", tenant_id="acme", send_email=False)),
    refused("users.add_to_tenant", 403, _add_to_locked),
    refused("users.add_to_tenant", 404, lambda s: s.frontegg.users.add_to_tenant("bob", tenant_id="nobody")),
    refused("users.add_to_tenant", 409, lambda s: s.frontegg.users.add_to_tenant("ann", tenant_id="acme")),
    bad("users.add_to_tenant", "tenant_id", lambda s: s.frontegg.users.add_to_tenant("ann", tenant_id="..")),
    good("users.remove", lambda s: s.frontegg.users.remove_from_tenant("ann", tenant_id="acme")),
    good("users.remove", lambda s: s.frontegg.users.delete_everywhere("ann", confirm_user_id="ann")),
    refused("users.remove", 404, lambda s: s.frontegg.users.remove_from_tenant("bob", tenant_id="acme")),
    bad("users.remove", "tenant_id", lambda s: s.frontegg.users.remove_from_tenant("ann", tenant_id="")),
    bad("users.remove", "confirm_user_id", lambda s: s.frontegg.users.delete_everywhere("ann", confirm_user_id="bob")),
    good(
        "users.update", lambda s: s.frontegg.users.update("ann", tenant_id="acme", name="Ann", profile_picture_url=None)
    ),
    good("users.update", lambda s: s.frontegg.users.update("ann", name="Ann")),
    refused("users.update", 404, lambda s: s.frontegg.users.update("bob", tenant_id="acme", name="Bob")),
    refused("users.get", 404, lambda s: s.frontegg.users.update("nobody", name="N")),
    bad("users.update", "user_id", lambda s: s.frontegg.users.update("..", name="N")),
    bad("users.update", "name must not be empty", lambda s: s.frontegg.users.update("ann", tenant_id="acme", name="")),
    bad(
        "users.replace_all_fields",
        "name must not be empty",
        lambda s: s.frontegg.users.replace_all_fields("ann", name=""),
    ),
    bad("users.invite", "name must not be empty", lambda s: s.frontegg.users.invite("acme", email="a@b.c", name="")),
    bad("users.update", "at least one of", lambda s: s.frontegg.users.update("ann", tenant_id="acme")),
    bad(
        "users.update",
        "at most 4,095",
        lambda s: s.frontegg.users.update("ann", tenant_id="acme", profile_picture_url=_LONG),
    ),
    bad(
        "users.replace_all_fields",
        "at most 4,095",
        lambda s: s.frontegg.users.replace_all_fields("ann", profile_picture_url=_LONG),
    ),
    good(
        "users.replace_all_fields",
        lambda s: s.frontegg.users.replace_all_fields("ann", name="Ann", metadata={}, vendor_metadata={"a": 1}),
    ),
    refused("users.replace_all_fields", 404, lambda s: s.frontegg.users.replace_all_fields("nobody", name="Ann")),
    bad("users.replace_all_fields", "another operation", lambda s: s.frontegg.users.replace_all_fields("tenant")),
    bad("users.replace_all_fields", "at least one field", lambda s: s.frontegg.users.replace_all_fields("ann")),
    bad(
        "users.replace_all_fields",
        "vendor_metadata",
        lambda s: s.frontegg.users.replace_all_fields("ann", vendor_metadata="{}"),
    ),
    good("users.set_email", lambda s: s.frontegg.users.set_email("ann", email="anna@acme.example")),
    refused("users.set_email", 404, lambda s: s.frontegg.users.set_email("nobody", email="a@b.example")),
    refused("users.set_email", 409, lambda s: s.frontegg.users.set_email("ann", email="bob@child.example")),
    bad("users.set_email", "email", lambda s: s.frontegg.users.set_email("ann", email="@")),
    good("me.switch_tenant", lambda s: s.frontegg.users.switch_tenant("ann", tenant_id="other")),
    *(
        row
        for verb in ("assign_roles", "unassign_roles")
        for row in (
            good(
                f"users.{verb}",
                lambda s, verb=verb: getattr(s.frontegg.users, verb)(
                    "ann", tenant_id="acme", role_ids=[_ADMIN, _ADMIN]
                ),
            ),
            refused(
                f"users.{verb}",
                400,
                lambda s, verb=verb: getattr(s.frontegg.users, verb)("ann", tenant_id="acme", role_ids=[ROLE_OF_OTHER]),
            ),
            refused(
                f"users.{verb}",
                404,
                lambda s, verb=verb: getattr(s.frontegg.users, verb)("bob", tenant_id="acme", role_ids=[_ADMIN]),
            ),
            bad(
                f"users.{verb}",
                "role_ids",
                lambda s, verb=verb: getattr(s.frontegg.users, verb)("ann", tenant_id="acme", role_ids=[]),
            ),
        )
    ),
    good(
        "users.change_roles",
        lambda s: s.frontegg.users.change_roles(
            "ann", add_role_ids=[_ADMIN], remove_role_ids=[_READ_ONLY], all_tenants=True
        ),
    ),
    good(
        "users.change_roles",
        lambda s: s.frontegg.users.change_roles("ann", add_role_ids=[_ADMIN], tenant_ids=["acme"]),
        switches={"bulk_roles": "task"},
    ),
    refused(
        "users.change_roles",
        400,
        lambda s: s.frontegg.users.change_roles("ann", add_role_ids=["nobody's"], all_tenants=True),
    ),
    refused(
        "users.change_roles",
        400,
        lambda s: s.frontegg.users.change_roles("ann", add_role_ids=[ROLE_OF_OTHER], tenant_ids=["acme"]),
    ),
    refused(
        "users.change_roles",
        404,
        lambda s: s.frontegg.users.change_roles("nobody", add_role_ids=[_ADMIN], all_tenants=True),
    ),
    bad("users.change_roles", "add_role_ids or", lambda s: s.frontegg.users.change_roles("ann")),
    bad(
        "users.change_roles",
        "in common",
        lambda s: s.frontegg.users.change_roles("ann", add_role_ids=[_ADMIN, "x"], remove_role_ids=["x"]),
    ),
    bad(
        "users.change_roles",
        "either tenant_ids or all_tenants=True",
        lambda s: s.frontegg.users.change_roles("ann", add_role_ids=[_ADMIN]),
    ),
    bad(
        "users.change_roles",
        "either tenant_ids or all_tenants=True",
        lambda s: s.frontegg.users.change_roles("ann", add_role_ids=[_ADMIN], tenant_ids=["acme"], all_tenants=True),
    ),
    good("users.get_roles_task", lambda s: s.frontegg.users.get_roles_task("roles")),
    refused("users.get_roles_task", 404, lambda s: s.frontegg.users.get_roles_task("invitation")),
    bad("users.get_roles_task", "task_id", lambda s: s.frontegg.users.get_roles_task("..")),
    good("users.list_roles", lambda s: s.frontegg.users.list_roles(["ann", "bob"], tenant_id="acme")),
    bad("users.list_roles", "user_ids", lambda s: s.frontegg.users.list_roles([], tenant_id="acme")),
    good("users.list_groups", lambda s: s.frontegg.users.list_groups(["ann"], tenant_id="acme")),
    bad("users.list_groups", "comma", lambda s: s.frontegg.users.list_groups(["a,b"], tenant_id="acme")),
    *_each("disable", tenant_id="acme"),
    *_each("enable", tenant_id="acme"),
    *_each("lock"),
    *_each("unlock"),
    *_each("mark_verified"),
    good("users.list_statuses", lambda s: s.frontegg.users.list_statuses(["ann", "bob"], statuses=["Activated"])),
    bad(
        "users.list_statuses",
        "statuses must be one of",
        lambda s: s.frontegg.users.list_statuses(["ann"], statuses=["new"]),
    ),
    *_each("list_sessions", tenant_id="acme"),
    good("users.end_session", lambda s: s.frontegg.users.end_session("ann", "session-of-ann", tenant_id="acme")),
    refused("users.end_session", 404, lambda s: s.frontegg.users.end_session("ann", "no-session", tenant_id="acme")),
    bad("users.end_session", "end_sessions", lambda s: s.frontegg.users.end_session("ann", "all", tenant_id="acme")),
    *_each("end_sessions", tenant_id="acme"),
    *_each("list_sessions"),
    *_each("end_sessions"),
    *_each("disable_mfa", tenant_id="acme"),
    refused("users.disable_mfa", 400, lambda s: s.frontegg.users.disable_mfa("bob", tenant_id="child")),
)

_ACME: Final = {"frontegg-tenant-id": "acme"}
_ANN: Final = {**_ACME, "frontegg-user-id": "ann"}

_TOO_MANY: Final = ",".join(f"u{index}" for index in range(300))

TABLES: Final = TABLES_OF_USERS

CASES: Final = (
    case("users.list", 200),
    case("users.list", 200, headers=_ACME, query=(("_sortBy", "email"), ("_order", "DESC"), ("_limit", "1"))),
    case("users.list", 200, query=(("_tenantId", "acme"), ("_namePrefix", "a"), ("_externalIds", "1,2"))),
    case("users.list", 200, headers=_ACME, query=(("_includeSubTenants", "false"), ("ids", "ann,bob"))),
    case("users.list", 200, switches={"user_list_roles": "given"}),
    case("users.list", 200, query=(("_preset", "inactive"), ("_maxInactiveSeconds", "60"))),
    case("users.list", 200, query=(("_preset", "breached-passwords"),)),
    case("users.list", 400, query=(("_preset", "lazy"),)),
    case("users.list", 400, query=(("_preset", "inactive"), ("_maxInactiveSeconds", "soon"))),
    case("users.list", 400, query=(("_identifier", "a"),)),
    case("users.list", 414, query=(("ids", _TOO_MANY),)),
    case("users.get", 200, "ann"),
    case("users.get", 404, "nobody"),
    case("users.get_in_tenant", 200, "ann", headers=_ACME),
    case("users.get_in_tenant", 404, "nobody", headers=_ACME),
    case("users.get_by_email", 200, query=(("email", "ann@a.example"),)),
    case("users.get_by_email", 400),
    case("users.get_by_email", 404, query=(("email", "no@acme.example"),)),
    case("users.list_v2", 200, headers=_ACME, query=(("_sortBy", "id"), ("_order", "ASC"), ("_limit", "1"))),
    case("users.list_v2", 400, headers=_ACME, query=(("_sortBy", "colour"),)),
    *(
        row
        for name in ("users.invite", "users.invite_v1")
        for row in (
            case(name, 201, headers=_ACME, body={"email": "new@acme.example", "metadata": "{}"}),
            case(name, 201, headers=_ACME, body={"username": "new.user", "roleIds": []}),
            case(
                name,
                201,
                headers=_ACME,
                body={"email": "ann@a.example"},
                switches={"invite_member": 201, "invite_pending": 201},
            ),
            case(name, 400, headers=_ACME, body={}),
            case(name, 400, headers=_ACME, body={"email": "no address"}),
            case(name, 400, headers=_ACME, body={"email": "a@b.example", "metadata": "[]"}),
            case(name, 400, headers=_ACME, body={"email": "a@b.example", "expirationInSeconds": 1}),
            case(name, 400, headers=_ACME, body={"email": "a@b.example", "roleIds": [ROLE_OF_OTHER]}),
            case(name, 400, headers=_ACME, body={"email": "a@b.example", "provider": "myspace"}),
            case(name, 400, headers=_ACME, body={"username": "u" * 256}),
            case(
                name,
                403,
                headers=_ACME,
                body={"email": "a@b.example"},
                switches={"default_application": "none"},
            ),
            case(name, 404, headers={"frontegg-tenant-id": "nobody"}, body={"email": "a@b.example"}),
            case(name, 409, headers=_ACME, body={"email": "ann@a.example"}),
        )
    ),
    *(
        row
        for name in ("users.resend_invitation", "users.resend_all_invitations")
        for row in (
            case(name, 200, headers=_ACME, body={"email": "ann@a.example"}),
            case(name, 404, headers=_ACME, body={"email": "no@acme.example"}),
        )
    ),
    case("users.invite_many", 202, headers=_ACME, body={"users": [{"email": "a@b.example"}, {"email": "no"}]}),
    case("users.invite_many", 400, headers=_ACME, body={"users": []}),
    case(
        "users.invite_many",
        403,
        headers=_ACME,
        body={"users": [{"email": "a@b.example"}]},
        switches={"default_application": "none"},
    ),
    case("users.invite_many", 404, headers={"frontegg-tenant-id": "nobody"}, body={"users": []}),
    case("users.get_invitation_task", 200, "invitation"),
    case("users.get_invitation_task", 404, "nobody"),
    case("users.add_to_tenant", 201, "ann", body={"tenantId": "fresh"}),
    case("users.add_to_tenant", 201, "ann", body={"tenantId": "created", "skipInviteEmail": True}),
    case("users.add_to_tenant", 404, "ann", body={"tenantId": "created", "validateTenantExist": True}),
    case("users.add_to_tenant", 403, "plain", body={"tenantId": "child"}),
    case("users.add_to_tenant", 409, "ann", body={"tenantId": "acme"}),
    case("users.remove", 200, "ann", headers=_ACME),
    case("users.remove", 200, "ann"),
    case("users.remove", 404, "nobody"),
    case("users.update", 200, headers=_ANN, body={"name": "Ann", "metadata": '{"a": 1}'}),
    case("users.update", 400, headers=_ACME, body={"name": "Ann"}),
    case("users.update", 404, headers={**_ACME, "frontegg-user-id": "nobody"}, body={}),
    case("users.replace_all_fields", 200, "ann", body={"name": "Ann", "vendorMetadata": "{}"}),
    case("users.replace_all_fields", 404, "nobody", body={}),
    case("users.set_email", 200, "ann", body={"email": "anna@acme.example"}),
    case("users.set_email", 400, "ann", body={"email": "no"}),
    case("users.set_email", 403, "ann", headers=_ACME, body={"email": "anna@acme.example"}),
    case("users.set_email", 404, "nobody", body={"email": "a@b.example"}),
    case("users.set_email", 409, "ann", body={"email": "bob@acme.example"}),
    case("users.set_active_tenant", 200, "ann", body={"tenantId": "other"}),
    case("users.set_active_tenant", 200, "ann", body={"tenantId": "created"}),
    case("users.set_active_tenant", 404, "ann", body={"tenantId": "created", "validateTenantExist": True}),
    case("users.assign_roles", 201, "ann", headers=_ACME, body={"roleIds": [_ADMIN]}),
    case("users.assign_roles", 400, "ann", headers=_ACME, body={"roleIds": [ROLE_OF_OTHER]}),
    case("users.assign_roles", 404, "nobody", headers=_ACME, body={"roleIds": [_ADMIN]}),
    case("users.unassign_roles", 200, "ann", headers=_ACME, body={"roleIds": [_ADMIN]}),
    case("users.unassign_roles", 400, "ann", headers=_ACME, body={"roleIds": ["nobody's"]}),
    case("users.unassign_roles", 404, "nobody", headers=_ACME, body={"roleIds": [_ADMIN]}),
    case("users.change_roles", 200, "ann", body={"addRoleIds": [_ADMIN]}),
    case("users.change_roles", 200, "ann", body={"tenantIds": ["acme", "nobody"]}, switches={"bulk_roles": "task"}),
    case("users.change_roles", 400, "ann", body={"removeRoleIds": ["nobody's"]}),
    case("users.change_roles", 404, "nobody", body={"addRoleIds": [_ADMIN]}),
    case("users.get_roles_task", 200, "roles"),
    case("users.get_roles_task", 404, "nobody"),
    case("users.list_roles", 200, headers=_ACME, query=(("ids", "ann,nobody"),)),
    case("users.list_roles", 400, headers=_ACME),
    case("users.list_roles", 414, headers=_ACME, query=(("ids", _TOO_MANY),)),
    case("users.list_groups", 200, headers=_ACME, query=(("ids", "ann"),)),
    case("users.list_groups", 400, headers=_ACME),
    case("users.list_groups", 414, headers=_ACME, query=(("ids", _TOO_MANY),)),
    *(
        row
        for verb in ("disable", "enable")
        for row in (
            case(f"users.{verb}", 200, "ann", headers=_ACME),
            case(f"users.{verb}", 404, "nobody", headers=_ACME),
        )
    ),
    *(
        row
        for verb in ("lock", "unlock", "mark_verified")
        for row in (case(f"users.{verb}", 200, "ann"), case(f"users.{verb}", 404, "nobody"))
    ),
    case("users.list_statuses", 200, query=(("userIds", "ann,nobody"), ("userTenantStatuses", "Activated"))),
    case("users.list_statuses", 400),
    case("users.list_statuses", 400, query=(("userIds", ",".join(f"u{index}" for index in range(220))),)),
    case("users.list_statuses", 414, query=(("userIds", _TOO_MANY),)),
    case("users.list_sessions", 200, headers=_ANN),
    case("users.list_sessions", 200, headers={"frontegg-user-id": "ann"}),
    case("users.list_sessions", 400),
    case("users.list_sessions", 400, headers=_ACME),
    case("users.list_sessions", 404, headers={**_ACME, "frontegg-user-id": "nobody"}),
    case("users.end_session", 200, "session-of-ann", headers=_ANN),
    case("users.end_session", 200, "session-of-ann", headers={"frontegg-user-id": "ann"}),
    case("users.end_session", 400, "session-of-ann", headers=_ACME),
    case("users.end_session", 404, "no-session", headers=_ANN),
    case("users.end_sessions", 200, headers=_ANN),
    case("users.end_sessions", 200, headers={"frontegg-user-id": "ann"}),
    case("users.end_sessions", 400, headers=_ACME),
    case("users.end_sessions", 404, headers={**_ACME, "frontegg-user-id": "nobody"}),
    case("users.disable_mfa", 200, headers=_ANN),
    case("users.disable_mfa", 400, headers={"frontegg-tenant-id": "other", "frontegg-user-id": "plain"}),
    case("users.disable_mfa", 404, headers={**_ACME, "frontegg-user-id": "nobody"}),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""
