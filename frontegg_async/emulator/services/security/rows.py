"""The stored forms of security policies, and of restrictions of IP addresses, e-mail domains and countries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from frontegg_async.emulator.checks.nesting import is_too_deep
from frontegg_async.emulator.store.table_row import Find, TableRow


class PolicyRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A security policy. ``values`` are the fields of the policy in requests and responses.

    `policy_id` builds the id of the row from the kind of the policy, its application and its tenant. The application
    and the tenant may be empty.
    """

    kind: str
    created_at: str
    updated_at: str
    values: dict[str, object] = {}  # noqa: RUF012 - msgspec copies it
    application_id: str = ""

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at, self.updated_at)

    def problem(self, find: Find) -> str | None:
        """Return an error if the id is not the result of `policy_id`, or if fields are nested too deeply."""
        del find
        expected = policy_id(self.kind, self.tenant_id, self.application_id)
        if self.id != expected:
            return f"the id of the policy must be {expected!r}"
        return "the values are nested too deeply" if is_too_deep(self.values) else None


def policy_id(kind: str, tenant_id: str, application_id: str = "") -> str:
    """Return the id of the row of a policy."""
    application = f"@{quote(application_id, safe='')}" if application_id else ""
    return f"{kind}{application}:{tenant_id}"


class _OfTenantRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The base class of restrictions. A restriction must belong to a tenant."""

    created_at: str

    def moments(self) -> tuple[str, ...]:
        """Return the creation time of the row, so that its format can be checked."""
        return (self.created_at,)

    def problem(self, find: Find) -> str | None:
        """Return an error if the restriction belongs to no tenant."""
        del find
        return None if self.tenant_id else "a restriction must belong to a tenant"


class IpRestrictionRow(_OfTenantRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An IP address, or a range of addresses, that is allowed or blocked."""

    ip: str
    strategy: str
    is_active: bool = True
    description: str | None = None


class EmailDomainRow(_OfTenantRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An e-mail domain that is allowed or blocked."""

    domain: str
    type: str


class CountryRow(_OfTenantRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A country that is allowed or blocked."""

    country_code: str


TABLES: Final[Mapping[str, type[TableRow]]] = {
    "policies": PolicyRow,
    "ipRestrictions": IpRestrictionRow,
    "emailDomains": EmailDomainRow,
    "countries": CountryRow,
}
