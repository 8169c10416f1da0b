"""The sample data of the emulator: accounts, the owner of one account, and two plans."""

from __future__ import annotations

from typing import Final

from frontegg_async import JsonValue

OWNER: Final = {"id": "ada", "email": "ada@north.example", "tenantId": "north"}
OWNED: Final = ("fe.account-hierarchy.*",)
"""The permissions of the owner: all actions on the accounts below the owner's account."""

_TREE: Final = (
    ("north", "North Distribution", None),
    ("north-retail", "North Retail", "north"),
    ("kiosk-7", "Kiosk 7", "north-retail"),
    ("cafe-ost", "Café Ost", "north-retail"),
    ("harbour", "Harbour Market", "north-retail"),
    ("north-labs", "North Labs", "north"),
    ("optics", "Optics & Sensors", "north-labs"),
    ("blue-door", "Blue Door Bakery", None),
    ("blue-2", "Blue Door, 2nd Street", "blue-door"),
    ("anatoli", "Ανατολή", None),
    ("piraeus", "Ανατολή Πειραιάς", "anatoli"),
    ("acme", "Acme", None),
    ("corner", "Corner Shop <24h>", None),
    ("lumen", "Lumen Studio", None),
    ("quartz", "Quartz Analytics", None),
)

_PLANS: Final[dict[str, JsonValue]] = {
    "features": [
        {"id": "f-reports", "key": "reports", "name": "Reports"},
        {"id": "f-exports", "key": "exports", "name": "Exports"},
    ],
    "plans": [
        {"id": "team", "name": "Team", "featureIds": ["f-reports"]},
        {"id": "enterprise", "name": "Enterprise", "featureIds": ["f-reports", "f-exports"]},
    ],
    "planAssignments": [
        {"id": "a-1", "planId": "team", "tenantId": "north"},
        {"id": "a-2", "planId": "enterprise", "tenantId": "blue-door", "expirationDate": "2026-02-01T00:00:00.000Z"},
    ],
}
"""The plans of accounts. North has a plan with reports, Blue Door has an expired plan, and other accounts have none."""


def seed() -> dict[str, JsonValue]:
    """Return the accounts, the owner and the plans as a seed for the emulator."""
    parents = {parent for _, _, parent in _TREE}
    tenants = [
        {
            "tenantId": account,
            "name": name,
            "isReseller": account in parents,
            "parentTenantId": parent,
            "createdAt": f"2026-{1 + number // 2:02}-{3 + number:02}T09:{10 + number}:00.000Z",
            "updatedAt": f"2026-{1 + number // 2:02}-{3 + number + number % 3 * 4:02}T09:{10 + number}:00.000Z",
        }
        for number, (account, name, parent) in enumerate(_TREE)
    ]
    return {"tenants": tenants, "users": [{**OWNER, "permissions": list(OWNED)}], "tables": _PLANS}
