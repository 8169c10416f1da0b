"""The stored forms of users' additional e-mail addresses and phone numbers, and of the codes that verify them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from frontegg_async.emulator.store.table_row import TableRow

ContactKind: TypeAlias = Literal["email", "phone"]
CodePurpose: TypeAlias = Literal[
    "verify_email", "change_email", "verify_phone", "remove_phone", "change_phone", "reset_phone", "reset_done"
]


class UserContactRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An additional e-mail address or phone number of a user. The primary ones are fields of the user without a row."""

    user_id: str
    kind: ContactKind
    value: str
    verified: bool
    created_at: str
    updated_at: str

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at, self.updated_at)


class ContactCodeRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A code that was sent to an address or a number. The client sends the code together with the row's id as token."""

    user_id: str
    purpose: CodePurpose
    value: str
    code: str


TABLES: Final[Mapping[str, type[TableRow]]] = {"userContacts": UserContactRow, "contactCodes": ContactCodeRow}
