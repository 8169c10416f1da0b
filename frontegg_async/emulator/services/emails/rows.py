"""E-mails that the service would have sent, and the links in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from frontegg_async.emulator.store.table_row import TableRow

EmailTemplate: TypeAlias = Literal[
    "ActivateUser", "InviteToTenant", "OTC", "ResetPassword", "ResetPhoneNumber", "VerifyNewEmail"
]
"""The service's names of the templates that served operations send."""

LinkKind: TypeAlias = Literal["activation", "invitation", "passwordReset"]
"""The purpose of a user's link."""

STRATEGY_ID: Final = "strategy"
"""The id of the only row of `ActivationStrategyRow`."""

MessageChannel: TypeAlias = Literal["email", "sms"]
"""The channel of a message in the outbox."""


class SentEmailRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An e-mail to a user about a tenant. It has no ``tenant_id``, so that it outlives user and tenant."""

    at: str
    template: EmailTemplate
    recipient: str
    user_id: str
    target_tenant_id: str
    link: str = ""
    code: str = ""
    channel: MessageChannel = "email"

    def moments(self) -> tuple[str, ...]:
        """Return the row's time, which must be well formed."""
        return (self.at,)


class UserLinkRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A link of a user. It is removed when it is used. Its code is for users who get a code instead."""

    kind: LinkKind
    user_id: str
    token: str
    code: str = ""
    expires: str

    def moments(self) -> tuple[str, ...]:
        """Return the row's time, which must be well formed."""
        return (self.expires,)


class ActivationStrategyRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Whether users are activated by links or by codes. Its table has only this row."""

    strategy: Literal["code", "link"] = "link"
    code_expiration: float = 300


TABLES: Final[Mapping[str, type[TableRow]]] = {
    "activationStrategies": ActivationStrategyRow,
    "sentEmails": SentEmailRow,
    "userLinks": UserLinkRow,
}
