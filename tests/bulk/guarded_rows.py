"""Rows that expect values, their tenants, and changes of the same values by other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk import BulkReport
from frontegg_async.bulk.mixed import MixedRow, run_mixed
from frontegg_async.bulk.operations.account_digest import account_digests
from frontegg_async.bulk.operations.reads import read_tenants
from frontegg_async.bulk.settings import settings_of
from frontegg_async.emulator import EmulatorHandle

SETTINGS: Final = settings_of(4, None, 0.0, None)

SEED: Final[list[dict[str, Any]]] = [
    {"tenantId": "north", "name": "North", "isReseller": True},
    {"tenantId": "south", "name": "South", "isReseller": True},
    {"tenantId": "acme", "name": "Acme", "metadata": {"plan": "free", "seats": 30}, "parentTenantId": "north"},
]


def row(operation: str, before: Mapping[str, JsonValue] | None, generation: int = 0, **values: Any) -> MixedRow:
    depends_on, created_at = values.pop("depends_on", None), values.pop("created_at", None)
    return MixedRow(
        operation=operation,
        values=values,
        generation=generation,
        before=before,
        depends_on=depends_on,
        created_at=created_at,
    )


async def apply(
    client: AsyncFrontegg, rows: Sequence[MixedRow], address: str, settings: Mapping[str, JsonValue] = SETTINGS
) -> BulkReport:
    return await run_mixed(client._caller, client._environment.name, rows, address, identity="plan", settings=settings)


def writes(emulator: EmulatorHandle) -> list[str]:
    """Return the routes of the requests that changed something."""
    return [entry.route for entry in emulator.journal() if entry.effect and entry.route is not None]


def states(report: BulkReport) -> list[str]:
    return [each.state.value for each in report.rows()]


Change = tuple[str, dict[str, Any], dict[str, Any] | None, str, dict[str, Any]]
"""Operation, values, what the row expects, and the method and arguments of another program that changes the same."""

CHANGES: Final[dict[str, Change]] = {
    "update": ("update", {"name": "New"}, {"name": "Acme"}, "tenants.update", {"name": "Other"}),
    "update of a key": (
        "update",
        {"name": "New", "metadata.seats": 40},
        {"name": "Acme", "metadata": {"seats": 30}},
        "tenants.add_metadata",
        {"metadata": {"seats": 35}},
    ),
    "update of metadata": (
        "update",
        {"metadata": '{"plan": "pro"}'},
        {"metadata": {"plan": "free", "seats": 30}},
        "tenants.add_metadata",
        {"metadata": {"color": "red"}},
    ),
    "add_metadata": (
        "add_metadata",
        {"metadata": {"seats": 40, "color": "red"}},
        {"metadata": {"seats": 30}},
        "tenants.add_metadata",
        {"metadata": {"color": "blue"}},
    ),
    "delete_metadata": (
        "delete_metadata",
        {"key": "seats"},
        {"metadata": {"seats": 30}},
        "tenants.add_metadata",
        {"metadata": {"seats": 35}},
    ),
    "update_account_settings": (
        "update_account_settings",
        {"timezone": "Europe/Berlin", "date_format": "DD/MM/YYYY"},
        {"timezone": None, "date_format": None},
        "account_settings.update",
        {"date_format": "MM/DD/YYYY"},
    ),
    "move": (
        "move",
        {"parent_tenant_id": "south"},
        {"parent_tenant_id": "north"},
        "hierarchy.unassign",
        {"parent_id": "north"},
    ),
    "move to the top": (
        "move",
        {"parent_tenant_id": None},
        {"parent_tenant_id": "north"},
        "hierarchy.move",
        {"new_parent_id": "south"},
    ),
}


async def deletions(client: AsyncFrontegg, *ids: str) -> list[MixedRow]:
    """Return the rows of a plan that deletes tenants, of which each is above the next."""
    found = await read_tenants(client._caller, ids)
    digests = await account_digests(client._caller, [found[each] for each in ids], ignoring=set(ids))
    times = [tenant.created_at for tenant in (found[each] for each in ids)]
    return [
        row("delete", {"digest": digest}, len(ids) - place, tenant_id=each, created_at=at.timestamp() if at else None)
        for place, (each, digest, at) in enumerate(zip(ids, digests, times, strict=True))
    ]
