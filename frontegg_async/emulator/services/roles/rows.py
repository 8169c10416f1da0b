"""The stored forms of roles, permissions, categories of permissions, and groups of users."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final, Literal

from frontegg_async.emulator.store.table_row import Find, TableRow

_IDS: Final = uuid.UUID("6d1f0e3a-3c57-4b0e-9d0c-0a5b8a1f7c42")
BEFORE_ALL: Final = "2024-01-01T00:00:00.000Z"
"""The creation time of all initial rows of an environment."""


def default_id(kind: str, name: str) -> str:
    """Return the id of an initial row. It is the same in every environment."""
    return str(uuid.uuid5(_IDS, f"{kind}/{name}"))


class DefaultRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The base class of rows of which every environment has some initially. Initial rows are not stored.

    An initial row is stored once it was changed or deleted. ``is_removed`` marks a deleted initial row.
    """

    created_at: str
    updated_at: str
    is_removed: bool = False

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at, self.updated_at)


class PermissionRow(DefaultRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A permission. ``fe_permission`` marks permissions that the service itself defines."""

    key: str
    name: str
    description: str | None = None
    category_id: str | None = None
    assignment_type: Literal["NEVER", "ALWAYS", "ASSIGNABLE"] = "ASSIGNABLE"
    fe_permission: bool = False


class PermissionCategoryRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A category of permissions. A permission contains the id of its category."""

    name: str
    created_at: str
    description: str | None = None

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at,)


class RoleRow(DefaultRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A role of the environment or of a single tenant."""

    key: str
    name: str
    description: str | None = None
    is_default: bool = False
    first_user_role: bool = False
    level: int | float = 0
    permission_ids: tuple[str, ...] = ()


class GroupRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A group of users of a tenant. The members of the group also have the roles of the group."""

    name: str
    created_at: str
    updated_at: str
    color: str | None = None
    description: str | None = None
    metadata: str | None = None
    managed_by: Literal["frontegg", "scim2"] = "frontegg"
    user_ids: tuple[str, ...] = ()
    role_ids: tuple[str, ...] = ()

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at, self.updated_at)

    def problem(self, find: Find) -> str | None:
        """Return an error if the group belongs to no tenant."""
        del find
        return None if self.tenant_id else "a group must belong to a tenant"


class GroupConfigurationRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The setting whether the environment has groups. The table contains only one row of this class."""

    enabled: bool = True
    roles_enabled: bool = True


_AREAS: Final = ("account-hierarchy", "account-settings", "connectivity", "secure")


def _permission(key: str) -> PermissionRow:
    return PermissionRow(
        id=default_id("permission", key),
        key=key,
        name=key,
        fe_permission=True,
        created_at=BEFORE_ALL,
        updated_at=BEFORE_ALL,
    )


_ALL: Final = tuple(_permission(f"fe.{area}.*") for area in _AREAS)
_READ: Final = tuple(_permission(f"fe.{area}.read.*") for area in _AREAS)

DEFAULT_PERMISSIONS: Final = (*_ALL, *_READ)
DEFAULT_ROLES: Final = (
    RoleRow(
        id=default_id("role", "Admin"),
        key="Admin",
        name="Admin",
        first_user_role=True,
        level=0,
        permission_ids=tuple(row.id for row in _ALL),
        created_at=BEFORE_ALL,
        updated_at=BEFORE_ALL,
    ),
    RoleRow(
        id=default_id("role", "ReadOnly"),
        key="ReadOnly",
        name="Read Only",
        is_default=True,
        level=1,
        permission_ids=tuple(row.id for row in _READ),
        created_at=BEFORE_ALL,
        updated_at=BEFORE_ALL,
    ),
)

TABLES: Final[Mapping[str, type[TableRow]]] = {
    "permissions": PermissionRow,
    "permissionCategories": PermissionCategoryRow,
    "roles": RoleRow,
    "groups": GroupRow,
    "groupConfiguration": GroupConfigurationRow,
}
