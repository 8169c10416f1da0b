"""`UserSourceRow`: the stored form of user sources. Users come from a user source at their first sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from frontegg_async.emulator.checks.nesting import is_too_deep
from frontegg_async.emulator.store.table_row import Find, TableRow


class SourceUserRow(msgspec.Struct, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A user in a user source."""

    email: str
    last_login: str | None = None


class UserSourceRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A user source. The row keeps the ids of applications that were deleted. Responses omit these ids."""

    name: str
    type: str
    configuration: dict[str, object]
    app_ids: tuple[str, ...] = ()
    index: int = 0
    users_count: int = 0
    users: tuple[SourceUserRow, ...] = ()
    description: str = ""

    def problem(self, find: Find) -> str | None:
        """Return an error if the configuration is nested too deeply."""
        del find
        return "the configuration is nested too deeply" if is_too_deep(self.configuration) else None


TABLES: Final[Mapping[str, type[TableRow]]] = {"userSources": UserSourceRow}
