"""`TABLES`: the tables of rows, by their names in snapshots and persistence files.

The tables are collected from the ``rows`` modules of the subjects. These modules import no other part of the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import TableRow
from frontegg_async.emulator.subjects import subject_modules

TABLES: Final[Mapping[str, type[TableRow]]] = {
    name: row_type for module in subject_modules("rows") for name, row_type in module.TABLES.items()
}
NAMES: Final[Mapping[type[TableRow], str]] = {row_type: name for name, row_type in TABLES.items()}
