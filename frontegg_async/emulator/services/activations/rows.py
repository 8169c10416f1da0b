"""How users of an environment accept invitations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import TableRow


class InvitationStrategyRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How long codes of invitations are valid; the only row of its table."""

    code_expiration: float = 300


TABLES: Final[Mapping[str, type[TableRow]]] = {
    "invitationStrategies": InvitationStrategyRow,
}
