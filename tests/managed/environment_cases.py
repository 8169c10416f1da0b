"""Objects of each kind of an environment file: what they are created with, and each change of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue

Flat = Mapping[str, JsonValue]
"""Values by flat names."""


@attrs.frozen(kw_only=True)
class Case:
    """An object of a kind."""

    key: str
    least: Flat
    """The values without which it cannot be created."""
    more: Flat
    """All other values that a creation can set."""
    changes: Flat
    """For each flat name, another value than the creation sets."""
    unknown: Flat = attrs.field(factory=dict[str, JsonValue])
    """References to what is not there."""


CASES: Final[Mapping[str, Case]] = {
    "permission_categories": Case(
        key="Sales", least={}, more={"description": "Of sales"}, changes={"description": "Of sales people"}
    ),
    "permissions": Case(
        key="reports.write",
        least={"name": "Write"},
        more={"description": "Writes reports", "category": "Reports", "assignment_type": "NEVER"},
        changes={
            "name": "Write reports",
            "description": "Writes all reports",
            "category": "Users",
            "assignment_type": "ALWAYS",
        },
        unknown={"category": "Report"},
    ),
    "roles": Case(
        key="editor",
        least={"name": "Editor", "level": 5},
        more={"description": "Edits", "is_default": True, "first_user_role": True},
        changes={
            "name": "Author",
            "level": 6,
            "description": "Writes",
            "is_default": False,
            "first_user_role": False,
            "permissions.reports.read": True,
            "permissions.fe.secure.*": True,
        },
        unknown={"permissions.report.read": True},
    ),
    "applications": Case(
        key="Desk",
        least={"app_url": "https://desk.example", "login_url": "https://desk.example/login"},
        more={
            "logo_url": "https://desk.example/logo.png",
            "access_type": "MANAGED_ACCESS",
            "is_default": True,
            "is_active": False,
            "type": "mobile-ios",
            "frontend_stack": "swift",
            "description": "The desk",
            "metadata.team": "A",
            "metadata.seats.of.all": {"a": [1, None]},
            "allow_dcr": True,
        },
        changes={
            "app_url": "https://Desk.example/app/",
            "login_url": "https://desk.example/sign-in",
            "logo_url": "https://desk.example/logo.svg",
            "access_type": "FREE_ACCESS",
            "is_default": False,
            "is_active": True,
            "type": "web",
            "frontend_stack": "next.js",
            "description": "Our desk",
            "metadata.team": "B",
            "metadata.seats.of.all": None,
            "metadata.new": [1],
            "app_host": "desk.example",
            "allow_dcr": False,
        },
    ),
}


async def prepare(client: AsyncFrontegg) -> None:
    """Create what the objects refer to, and others beside them."""
    reports = await client.permissions.create_category(name="Reports")
    await client.permissions.create_category(name="Users", description="Of users")
    await client.permissions.create(key="reports.read", name="Read", category_id=reports.id)
    await client.roles.create(key="viewer", name="Viewer", level=9)
    await client.applications.create(name="Till", app_url="https://till.example", login_url="https://till.example/in")


async def create_twin(client: AsyncFrontegg, part: str) -> None:
    """Create one more object of a kind, with the key of its case."""
    key = CASES[part].key
    if part == "permission_categories":
        await client.permissions.create_category(name=key)
    elif part == "applications":
        await client.applications.create(name=key, app_url="https://a.example", login_url="https://a.example")
