"""The rows of the jobs that are killed."""

from __future__ import annotations

from typing import Any


def rows_of(job: str, count: int) -> list[dict[str, Any]]:
    """Return rows with their own ids, some of them below others that come later."""
    rows: list[dict[str, Any]] = [{"tenant_id": f"{job}-t{n}", "name": f"Tenant {n}"} for n in range(count - 12)]
    rows += [{"tenant_id": f"{job}-c{n}", "name": "Child", "parent_tenant_id": f"{job}-p{n % 2}"} for n in range(10)]
    return rows + [{"tenant_id": f"{job}-p{n}", "name": "Parent", "is_reseller": True} for n in range(2)]
