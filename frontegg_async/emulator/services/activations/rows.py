"""`InvitationStrategyRow`: the stored setting for the codes with which users accept invitations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import TableRow


class InvitationStrategyRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The lifetime of the codes of invitations in seconds. The table contains only one row of this class."""

    code_expiration: float = 300


TABLES: Final[Mapping[str, type[TableRow]]] = {
    "invitationStrategies": InvitationStrategyRow,
}
