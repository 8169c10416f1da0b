"""The former passwords of users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import TableRow

MOST_FORMER: Final = 10
"""The most former passwords that a policy may compare."""


class PasswordHistoryRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The former passwords of the user with this id, the latest first."""

    passwords: tuple[str, ...] = ()


class ResetCodeRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The SMS code to set a new password. Its id is the id of the session. It is removed when it is used."""

    user_id: str
    code: str
    expires: str

    def moments(self) -> tuple[str, ...]:
        """Return the row's time, which must be well formed."""
        return (self.expires,)


TABLES: Final[Mapping[str, type[TableRow]]] = {"passwordHistory": PasswordHistoryRow, "resetCodes": ResetCodeRow}
