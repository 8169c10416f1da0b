"""`AuditRow`: the stored form of audits. An audit is a row of the audit log that an application wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.checks.nesting import is_too_deep
from frontegg_async.emulator.store.table_row import Find, TableRow


class AuditRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A row that an application wrote to the audit log of a tenant. ``fields`` are the fields in the request."""

    created_at: str
    severity: str = "Info"
    fields: dict[str, object] = {}  # noqa: RUF012 - msgspec copies it

    def moments(self) -> tuple[str, ...]:
        """Return the time at which the row was written, so that its format can be checked."""
        return (self.created_at,)

    def problem(self, find: Find) -> str | None:
        """Return an error if the row has no tenant, or if its fields are nested too deeply."""
        del find
        if not self.tenant_id:
            return "an audit must have a tenant"
        return "the fields are nested too deeply" if is_too_deep(self.fields) else None


TABLES: Final[Mapping[str, type[TableRow]]] = {"audits": AuditRow}
