"""Accounts and objects, and files that change them by every operation of a plan, in groups of equal shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from frontegg_async import AsyncFrontegg
from frontegg_async.snapshots.environment_format import FORMAT

APPLICATION: Final = "Desk"
"""The application that accounts are assigned to."""
PLAN: Final = "Pro"
"""The feature plan that accounts get."""
WRITES_PER_FAMILY: Final = 17
WRITES_PER_SET: Final = 10
_FAMILIES_PER_SET: Final = 10
PRUNE: Final = ("part:roles",)
"""What is deleted because the file of objects does not name it."""


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
        *({"tenantId": people_of(number), "name": "People"} for number in range(sets_of(families))),
    ]


def seeded_people(families: int) -> list[dict[str, Any]]:
    """Return the people before the changes, as seeds of the emulator.

    Args:
        families: The number of families.
    """
    return [
        {"email": address(prefix, number), "name": f"Name {number}", "tenantId": people_of(number)}
        for number in range(sets_of(families))
        for prefix in ("changed", "deleted", "kept")
    ]


def people_of(number: int) -> str:
    """Return the id of the account with the people of a set.

    Args:
        number: The number of the set.
    """
    return f"people-{number}"


def address(prefix: str, number: int) -> str:
    """Return the address of a person of a set.

    Args:
        prefix: What is done to the person.
        number: The number of the set.
    """
    return f"{prefix}-{number}@people.example"


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
    """Return the rows of a file that asks for `WRITES_PER_FAMILY` writes in each family, and for three in each set.

    Args:
        families: The number of families.
    """
    people: list[dict[str, Any]] = [
        {
            "tenant_id": people_of(number),
            "users": {
                address("changed", number): {"name": f"By the file {number}", "roles": ["Admin"]},
                address("deleted", number): {"absent": True},
                address("new", number): {"name": f"New {number}", "roles": ["ReadOnly"]},
            },
        }
        for number in range(sets_of(families))
    ]
    return [*(row for number in range(families) for row in _changed(number)), *people]


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
        "plans": [PLAN],
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


def sets_of(families: int) -> int:
    """Return how many sets of objects there are beside families: each write of an object reads all others.

    Args:
        families: The number of families.
    """
    return -(-families // _FAMILIES_PER_SET)


async def create_objects(client: AsyncFrontegg, families: int) -> None:
    """Create the objects before the changes, and the application and the feature plan of the accounts.

    Args:
        client: A client of the environment.
        families: The number of families.
    """
    await _create_application(client, APPLICATION)
    await client.plans.create(name=PLAN)
    for number in range(sets_of(families)):
        for prefix in ("kept", "changed"):
            await client.permissions.create(key=f"{prefix}.{number}", name=f"{prefix} {number}")
        for prefix in ("changed", "deleted"):
            await client.roles.create(key=f"{prefix}-{number}", name=f"{prefix} {number}", level=2)
        await _create_application(client, f"App-{number}")


async def _create_application(client: AsyncFrontegg, name: str) -> None:
    await client.applications.create(
        name=name, app_url="https://a", login_url="https://b", access_type="managed_access"
    )


def wanted_objects(families: int) -> dict[str, Any]:
    """Return an environment file that asks, with `PRUNE`, for all other writes of each set.

    Args:
        families: The number of families.
    """
    permissions: dict[str, Any] = {}
    roles: dict[str, Any] = {"Admin": {}, "ReadOnly": {}}
    applications: dict[str, Any] = {}
    for number in range(sets_of(families)):
        permissions[f"changed.{number}"] = {"name": f"By the file {number}"}
        permissions[f"new.{number}"] = {"name": f"New {number}"}
        both = [f"kept.{number}", f"new.{number}"]
        roles[f"changed-{number}"] = {"level": 4, "permissions": both}
        roles[f"new-{number}"] = {"name": f"New {number}", "level": 5, "permissions": both}
        applications[f"App-{number}"] = {"description": f"By the file {number}", "metadata": {"number": number}}
    return {"format": FORMAT, "permissions": permissions, "roles": roles, "applications": applications}
