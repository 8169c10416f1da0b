"""The rows that the emulator stores, and its tables by their names in snapshots and persistence files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.rows.access_tokens import AccessTokenRow
from frontegg_async.emulator.store.rows.api_tokens import API_TOKEN_TABLES
from frontegg_async.emulator.store.rows.hierarchy import HierarchySettingsRow
from frontegg_async.emulator.store.rows.migrations import MigrationRow
from frontegg_async.emulator.store.rows.sso import SSO_TABLES
from frontegg_async.emulator.store.rows.table_row import TableRow

TABLES: Final[Mapping[str, type[TableRow]]] = {
    "access_token": AccessTokenRow,
    "hierarchy_settings": HierarchySettingsRow,
    "migration": MigrationRow,
    **API_TOKEN_TABLES,
    **SSO_TABLES,
}

NAMES: Final[Mapping[type[TableRow], str]] = {row_type: name for name, row_type in TABLES.items()}
