"""An environment with a category, two permissions, a role and an application, and plans of files for it."""

from __future__ import annotations

from pathlib import Path

from frontegg_async import AsyncFrontegg, Plan
from frontegg_async.bulk import BulkReport

File = dict[str, object]

URLS = {"app_url": "https://desk.example", "login_url": "https://desk.example/login"}


def env(**parts: object) -> File:
    """Return an environment file."""
    return {"format": "frontegg-environment/1", **parts}


async def fill(client: AsyncFrontegg) -> AsyncFrontegg:
    """Create the objects, and return the client."""
    reports = await client.permissions.create_category(name="Reports")
    read = await client.permissions.create(key="reports.read", name="Read", category_id=reports.id)
    await client.permissions.create(key="reports.write", name="Write")
    editor = await client.roles.create(key="editor", name="Editor", level=5)
    await client.roles.set_permissions(editor.id, permission_ids=[read.id])
    await client.applications.create(name="Desk", **URLS)
    return client


def lines(plan: Plan) -> list[str]:
    """Return the changes of a plan."""
    return [" ".join(filter(None, (change.kind, change.key, change.path))) for change in plan]


def notes(plan: Plan) -> list[str]:
    """Return what a plan leaves out."""
    return [f"{' '.join(filter(None, (note.key, note.path)))}: {note.text}" for note in plan.notes]


async def applied(client: AsyncFrontegg, plan: Plan, ledger: Path) -> BulkReport:
    """Apply a plan, of which all rows can be done."""
    report = await client.apply(plan, ledger=ledger)
    assert report.succeeded == report.total, [(row.operation, row.message) for row in report.rows()]
    return report
