"""`TemporaryUsersRow`: the stored setting for temporary users of an environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import TableRow

CONFIGURATION_ID: Final = "configuration"


class TemporaryUsersRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The setting whether an environment has temporary users. Without a row, temporary users are enabled."""

    enabled: bool = True


TABLES: Final[Mapping[str, type[TableRow]]] = {"temporaryUsers": TemporaryUsersRow}
