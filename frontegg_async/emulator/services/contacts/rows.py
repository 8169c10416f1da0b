"""Additional e-mail addresses and phone numbers of users, and the codes that verify them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from frontegg_async.emulator.store.table_row import TableRow

ContactKind: TypeAlias = Literal["email", "phone"]
CodePurpose: TypeAlias = Literal[
    "verify_email", "change_email", "verify_phone", "remove_phone", "change_phone", "reset_phone", "reset_done"
]


class UserContactRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An additional address or number of a user. Primary ones are fields of the user, and have no row."""

    user_id: str
    kind: ContactKind
    value: str
    verified: bool
    created_at: str
    updated_at: str

    def moments(self) -> tuple[str, ...]:
        """Return the row's times, which must be well formed."""
        return (self.created_at, self.updated_at)


class ContactCodeRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A code that was sent to an address or a number. The client sends the code with the token ``id``."""

    user_id: str
    purpose: CodePurpose
    value: str
    code: str


TABLES: Final[Mapping[str, type[TableRow]]] = {"userContacts": UserContactRow, "contactCodes": ContactCodeRow}
