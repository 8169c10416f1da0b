"""E-mails that the service would have sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from frontegg_async.emulator.store.table_row import TableRow

EmailTemplate: TypeAlias = Literal["ActivateUser", "InviteToTenant", "OTC", "ResetPassword", "VerifyNewEmail"]
"""The templates of the service that the served operations send, by the service's names."""

MessageChannel: TypeAlias = Literal["email", "sms"]
"""How a message of the outbox is sent."""


class SentEmailRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An e-mail to a user about a tenant; it outlives both, and therefore has no ``tenant_id``."""

    at: str
    template: EmailTemplate
    recipient: str
    user_id: str
    target_tenant_id: str
    link: str = ""
    code: str = ""
    channel: MessageChannel = "email"

    def moments(self) -> tuple[str, ...]:
        """Return its time, which must be well formed."""
        return (self.at,)


TABLES: Final[Mapping[str, type[TableRow]]] = {"sentEmails": SentEmailRow}
