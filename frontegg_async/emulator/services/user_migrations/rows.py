"""`UserMigrationRow`: the stored form of migrations of many users."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

import msgspec

from frontegg_async.emulator.store.table_row import TableRow


class UserMigrationRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A migration of many users that was started. Its progress is computed from its start and the clock.

    ``errors`` contains the failures in the form of a response.
    """

    started_at: Annotated[datetime, msgspec.Meta(tz=True)]
    total: Annotated[int, msgspec.Meta(ge=1)]
    errors: tuple[dict[str, str], ...] = ()


TABLES: Final[Mapping[str, type[TableRow]]] = {"userMigrations": UserMigrationRow}
