"""Exercises of invitations to tenants."""

from __future__ import annotations

from typing import Any, Final

from tests.emulator.cases import case
from tests.exercises.exercise import ExerciseClients, bad, forbidden, good, refused


def _create(s: ExerciseClients, **given: Any) -> Any:
    return s.frontegg.invitations.create("acme", **given)


def _create_of_user(s: ExerciseClients, user_id: str, **given: Any) -> Any:
    return s.frontegg.user_invitations.create(user_id, tenant_id="acme", **{"expires_in_minutes": 60, **given})


def _update_of_user(s: ExerciseClients, tenant_id: str) -> Any:
    return s.frontegg.user_invitations.update("ann", tenant_id=tenant_id, expires_in_minutes=9)


def _create_in_locked(s: ExerciseClients) -> Any:
    yield s.frontegg.tenants.lock(["acme"])
    yield _create(s)


EXERCISES: Final = (
    refused("invitations.create", 400, _create_in_locked),
    good("invitations.create", lambda s: _create(s, expires_in_minutes=60, role_ids=["r1"])),
    good("invitations.create", lambda s: s.frontegg.for_tenant("acme").invitations.create(user_id="ann")),
    refused("invitations.create", 404, lambda s: s.frontegg.invitations.create("nobody")),
    refused("invitations.create", 404, lambda s: _create(s, user_id="nobody")),
    refused("invitations.create", 404, lambda s: _create(s, user_id="bob")),
    refused("invitations.create", 400, lambda s: _create(s, role_ids=["r3"])),
    bad("invitations.create", "tenant_id", lambda s: s.frontegg.invitations.create("")),
    bad("invitations.create", "expires_in_minutes", lambda s: _create(s, expires_in_minutes=0)),
    bad("invitations.create", "role_ids", lambda s: _create(s, role_ids=[])),
    good("invitations.list", lambda s: s.frontegg.invitations.list().all()),
    good("invitations.delete", lambda s: s.frontegg.invitations.delete("i1")),
    refused("invitations.delete", 404, lambda s: s.frontegg.invitations.delete("emu_general")),
    bad("invitations.delete", "invitation_id", lambda s: s.frontegg.invitations.delete("..")),
    good("invitations.verify", lambda s: s.frontegg.invitations.verify(token="emu_general")),
    refused("invitations.verify", 404, lambda s: s.frontegg.invitations.verify(token="emu_old")),
    bad("invitations.verify", "token", lambda s: s.frontegg.invitations.verify(token="")),
    good("invitations.get_config", lambda s: s.frontegg.invitations.get_config()),
    good("invitations.get_config", lambda s: s.user.invitation.get_config(), "user"),
    good("user_invitations.create", lambda s: _create_of_user(s, "ann", role_ids=["r1"])),
    good("user_invitations.create", lambda s: s.user.invitation.create(expires_in_minutes=60), "user"),
    forbidden("user_invitations.create", lambda s: s.user.invitation.create(expires_in_minutes=60)),
    refused("user_invitations.create", 404, lambda s: _create_of_user(s, "nobody")),
    bad("user_invitations.create", "expires_in_minutes", lambda s: _create_of_user(s, "ann", expires_in_minutes=0)),
    bad("user_invitations.create", "role_ids", lambda s: _create_of_user(s, "ann", role_ids="r1")),
    good("user_invitations.get", lambda s: s.frontegg.user_invitations.get("ann", tenant_id="acme")),
    good("user_invitations.get", lambda s: s.user.invitation.get(), "user"),
    forbidden("user_invitations.get", lambda s: s.user.invitation.get()),
    refused("user_invitations.get", 404, lambda s: s.frontegg.user_invitations.get("ann", tenant_id="other")),
    bad("user_invitations.get", "user_id", lambda s: s.frontegg.user_invitations.get("..", tenant_id="acme")),
    good("user_invitations.update", lambda s: _update_of_user(s, "acme")),
    good("user_invitations.update", lambda s: s.user.invitation.update(send_email=True), "user"),
    forbidden("user_invitations.update", lambda s: s.user.invitation.update(send_email=True)),
    refused("user_invitations.update", 404, lambda s: _update_of_user(s, "other")),
    bad("user_invitations.update", "at least one", lambda s: s.user.invitation.update(), "user"),
    good("user_invitations.delete", lambda s: s.frontegg.user_invitations.delete("ann", tenant_id="acme")),
    good("user_invitations.delete", lambda s: s.user.invitation.delete(), "user"),
    forbidden("user_invitations.delete", lambda s: s.user.invitation.delete()),
    refused("user_invitations.delete", 404, lambda s: s.frontegg.user_invitations.delete("ann", tenant_id="other")),
    bad("user_invitations.delete", "tenant_id", lambda s: s.frontegg.user_invitations.delete("ann", tenant_id="..")),
)

_ANN: Final = {"frontegg-tenant-id": "acme", "frontegg-user-id": "ann"}
_NOBODY: Final = {**_ANN, "frontegg-user-id": "nobody"}
_NO_USER: Final = {"frontegg-tenant-id": "acme"}
_NEW: Final = {"expiresInMinutes": 60, "shouldSendEmail": False}
_TO_ACME: Final = {"tenantId": "acme", "userId": "ann", "roleIds": ["r1"], **_NEW}


def _of_users() -> Any:
    bodies = {"create": {**_NEW, "roleIds": []}, "create_v1": _NEW, "update": {"shouldSendEmail": True}}
    for verb in ("create", "create_v1", "get", "update", "delete"):
        name, body = f"user_invitations.{verb}", bodies.get(verb)
        yield case(name, 201 if verb.startswith("create") else 200, headers=_ANN, body=body)
        yield case(name, 400, headers=_NO_USER, body=body)
        yield case(name, 403, token="bare", body=body)
        yield case(name, 404, headers=_NOBODY, body=body)
    yield case("user_invitations.create", 403, token="user", body=bodies["create"], switches=_REFUSED)


_REFUSED: Final = {"tenant_invitations": "refused"}

CASES: Final = (
    case("invitations.create", 201, body=_TO_ACME),
    case("invitations.create", 400, body={**_TO_ACME, "expiresInMinutes": 0}),
    case("invitations.create", 404, body={**_TO_ACME, "tenantId": "nobody"}),
    case("invitations.create", 404, body={**_TO_ACME, "userId": "nobody"}),
    case("invitations.create", 400, body={"tenantId": "child"}),
    case("invitations.list", 200),
    case("invitations.delete", 200, "i1"),
    case("invitations.delete", 404, "none"),
    case("invitations.verify", 200, body={"token": "emu_general"}),
    case("invitations.verify", 404, body={"token": "emu_old"}),
    case("invitations.verify", 400, body={"token": "none"}, switches={"invalid_invitation": 400}),
    case("invitations.get_config", 200),
    case("invitations.get_config", 200, token="user", switches=_REFUSED),
    *_of_users(),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""

_LATER: Final = "2100-01-01T00:00:00.000Z"

TABLES: Final = {
    "invitations": [
        {"id": "i1", "tenantId": "acme", "token": "emu_general", "expires": _LATER},
        {"id": "i2", "tenantId": "acme", "token": "emu_of_ann", "expires": _LATER, "userId": "ann", "roleIds": ["r1"]},
        {"id": "i3", "tenantId": "acme", "token": "emu_old", "expires": "2020-01-01T00:00:00.000Z"},
    ],
}
"""Rows that there are before each request."""
