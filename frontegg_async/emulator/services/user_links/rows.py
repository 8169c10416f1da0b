"""Links with which users activate themselves and set new passwords."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from frontegg_async.emulator.store.table_row import TableRow

LinkKind: TypeAlias = Literal["activation", "passwordReset"]


class UserLinkRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A link of a user, of which there is at most one of a kind. It is removed when it is used."""

    kind: LinkKind
    user_id: str
    token: str
    expires: str

    def moments(self) -> tuple[str, ...]:
        """Return its time, which must be well formed."""
        return (self.expires,)


TABLES: Final[Mapping[str, type[TableRow]]] = {"userLinks": UserLinkRow}
