"""Accounts and a file that changes them by every operation of a plan, in families of equal shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

APPLICATION: Final = "Desk"
"""The application that accounts are assigned to."""
WRITES_PER_FAMILY: Final = 16


def seeded(families: int) -> list[dict[str, Any]]:
    """Return the accounts before the changes, as seeds of the emulator.

    Args:
        families: The number of families.
    """
    return [
        {"tenantId": "north", "name": "North", "isReseller": True},
        {"tenantId": "south", "name": "South", "isReseller": True},
        {"tenantId": "west", "name": "West", "isReseller": True},
        *(account for number in range(families) for account in _family(number)),
    ]


def _family(number: int) -> Iterator[dict[str, Any]]:
    def account(prefix: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
        return {"tenantId": f"{prefix}{number}", "name": f"Name {number}", "parentTenantId": parent, **more}

    yield account("changed-", metadata={"plan": "free", "old": number, "kept": number})
    yield account("moved-", "north", metadata={"kept": number})
    yield account("unlocked-", "south", isLocked=True)
    yield account("deleted-", isReseller=True)
    yield account("below-", f"deleted-{number}")
    yield account("unnamed-", metadata={"kept": number})


def wanted(families: int) -> list[dict[str, Any]]:
    """Return the rows of a file that asks for `WRITES_PER_FAMILY` writes in each family.

    Args:
        families: The number of families.
    """
    return [row for number in range(families) for row in _changed(number)]


def _changed(number: int) -> Iterator[dict[str, Any]]:
    yield {
        "tenant_id": f"changed-{number}",
        "name": f"New {number}",
        "metadata": {"plan": f"pro {number}", "old": None},
        "settings": {"date_format": f"format {number}"},
    }
    yield {
        "tenant_id": f"moved-{number}",
        "parent_tenant_id": "south",
        "is_locked": True,
        "applications": [APPLICATION],
    }
    yield {"tenant_id": f"unlocked-{number}", "is_locked": False, "parent_tenant_id": None}
    yield {"tenant_id": f"deleted-{number}", "absent": True}
    yield {"tenant_id": f"below-{number}", "absent": True}
    yield {
        "tenant_id": f"parent-{number}",
        "name": f"Parent {number}",
        "is_reseller": True,
        "parent_tenant_id": "north",
        "settings": {"time_format": f"format {number}"},
    }
    yield {
        "tenant_id": f"child-{number}",
        "name": f"Child {number}",
        "parent_tenant_id": f"parent-{number}",
        "metadata": {"number": number},
        "applications": [APPLICATION],
        "is_locked": True,
    }
