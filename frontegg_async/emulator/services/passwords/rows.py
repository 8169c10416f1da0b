"""The stored forms of users' former passwords, and of SMS codes for new passwords."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import TableRow

MOST_FORMER: Final = 10
"""The maximum number of former passwords with which a policy can compare a new password."""


class PasswordHistoryRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The former passwords of a user, latest first. The id of the row is the user's id."""

    passwords: tuple[str, ...] = ()


class ResetCodeRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An SMS code to set a new password. The row has the id of the session, and is removed when the code is used."""

    user_id: str
    code: str
    expires: str

    def moments(self) -> tuple[str, ...]:
        """Return the time in the row, so that its format can be checked."""
        return (self.expires,)


TABLES: Final[Mapping[str, type[TableRow]]] = {"passwordHistory": PasswordHistoryRow, "resetCodes": ResetCodeRow}
