"""Callers of apps whose guards require features, and what each framework answers them."""

from __future__ import annotations

from typing import Any, Final

from frontegg_async.emulator import EmulatorHandle

SNAPSHOT: Final = "/entitlements/api/v1/vendor-entitlements"
"""The path of the snapshot of entitlements."""

GUARDS: Final[dict[str, dict[str, Any]]] = {
    "reports": {"feature": "reports"},
    "both": {"feature": ["reports", "exports"]},
    "role": {"feature": "reports", "role": "Support"},
}
"""The guards of ``/GUARD``."""

_OPEN: Final = (200, None, None)
_MISSING: Final = (403, "reports", "missing_feature")
_NO_ROLE: Final = (403, None, None)
ANSWERS: Final[dict[str, dict[str, tuple[int, str | None, str | None]]]] = {
    "reports": {
        "north": _OPEN,
        "south": (403, "reports", "bundle_expired"),
        "west": _MISSING,
        "west/ann": _OPEN,
        "west/key": _MISSING,
        "west/ann/key": _OPEN,
    },
    "both": {"north": (403, "exports", "missing_feature"), "west": _MISSING, "west/ann": _OPEN},
    "role": {"north": _NO_ROLE, "west": _NO_ROLE},
}
"""The status, the feature and the reason for a caller: ``TENANT/USER/key``, with an access token for ``key``."""


def seed(emulator: EmulatorHandle) -> None:
    """Add accounts, two plans, and their assignments: one to an account, one that expired, one to a user."""
    emulator.seed(
        {
            "tenants": [{"tenantId": each, "name": each.title()} for each in ("north", "south", "west")],
            "users": [{"id": "ann", "email": "ann@west.example", "tenantId": "west"}],
            "tables": {
                "features": [{"id": "f1", "key": "reports"}, {"id": "f2", "key": "exports"}],
                "plans": [
                    {"id": "p1", "name": "Pro", "featureIds": ["f1"]},
                    {"id": "p2", "name": "Enterprise", "featureIds": ["f1", "f2"]},
                ],
                "planAssignments": [
                    {"id": "a1", "planId": "p1", "tenantId": "north"},
                    {"id": "a2", "planId": "p1", "tenantId": "south", "expirationDate": "2026-01-02T00:00:00.000Z"},
                    {"id": "a3", "planId": "p2", "tenantId": "west", "userId": "ann"},
                ],
            },
        }
    )


def credential(emulator: EmulatorHandle, caller: str) -> dict[str, str]:
    """Return the headers of a caller of `ANSWERS`."""
    tenant_id, *rest = caller.split("/")
    user_id = rest[0] if rest and rest[0] != "key" else None
    if "key" in rest:
        return {"x-api-key": emulator.access_token(tenant_id=tenant_id, user_id=user_id).secret}
    token = emulator.user_token(tenant_id=tenant_id, user_id=user_id or f"of-{tenant_id}").access_token
    return {"Authorization": f"Bearer {token}"}


def break_snapshot(emulator: EmulatorHandle) -> None:
    """Have the service answer requests for the snapshot with an error."""
    emulator.add_fault(
        stage="accept", action={"type": "status", "status": 500}, match={"path": f"{SNAPSHOT}*", "times": 1_000}
    )


def answer_of(status: int, body: Any) -> tuple[int, str | None, str | None]:
    """Return a response in the form of `ANSWERS`."""
    return (status, body.get("feature"), body.get("reason"))
