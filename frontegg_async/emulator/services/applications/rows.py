"""The stored forms of applications and of their assignments to tenants and users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from frontegg_async.emulator.checks.nesting import is_too_deep
from frontegg_async.emulator.services.roles.rows import BEFORE_ALL, DefaultRow, default_id
from frontegg_async.emulator.store.table_row import Find, TableRow

AccessType: TypeAlias = Literal["FREE_ACCESS", "MANAGED_ACCESS"]


class ApplicationRow(DefaultRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An application of the environment."""

    name: str
    app_url: str
    login_url: str
    logo_url: str = ""
    access_type: AccessType = "FREE_ACCESS"
    is_default: bool = False
    is_active: bool = True
    type: str = "web"
    frontend_stack: str = "react"
    description: str = ""
    metadata: object = None  # any JSON value; msgspec cannot read a recursive type
    app_host: str | None = None
    allow_dcr: bool = False

    def problem(self, find: Find) -> str | None:
        """Return an error if the metadata is nested too deeply."""
        del find
        return "the metadata is nested too deeply" if is_too_deep(self.metadata) else None


class ApplicationAssignmentRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An assignment of an application to a tenant and to users of the tenant.

    `assignment_id` returns the id of the row.
    """

    app_id: str
    created_at: str
    access_type: AccessType = "FREE_ACCESS"
    user_ids: tuple[str, ...] = ()

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at,)

    def problem(self, find: Find) -> str | None:
        """Return an error if the id is wrong, or if the tenant or the application does not exist."""
        if not self.tenant_id or self.id != assignment_id(self.app_id, self.tenant_id):
            return "the id of an assignment must be appId/tenantId"
        if self.app_id != DEFAULT_APPLICATION.id and find(ApplicationRow, self.app_id) is None:
            return f"there is no application {self.app_id!r}"
        return None


def assignment_id(app_id: str, tenant_id: str) -> str:
    """Return the id of the row that assigns an application to a tenant."""
    return f"{app_id}/{tenant_id}"


DEFAULT_APPLICATION: Final = ApplicationRow(
    id=default_id("application", "default"),
    name="Default Application",
    app_url="http://localhost:3000",
    login_url="http://localhost:3000/oauth",
    is_default=True,
    created_at=BEFORE_ALL,
    updated_at=BEFORE_ALL,
)

TABLES: Final[Mapping[str, type[TableRow]]] = {
    "applications": ApplicationRow,
    "applicationAssignments": ApplicationAssignmentRow,
}
