"""The stored forms of e-mails that the service would have sent, and of the links in the e-mails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from frontegg_async.emulator.store.table_row import TableRow

EmailTemplate: TypeAlias = Literal[
    "ActivateUser", "InviteToTenant", "OTC", "ResetPassword", "ResetPhoneNumber", "VerifyNewEmail"
]
"""The names of the service's templates for the messages that the emulated operations send."""

LinkKind: TypeAlias = Literal["activation", "invitation", "passwordReset"]
"""The purpose of a user's link."""

STRATEGY_ID: Final = "strategy"
"""The id of the only row of `ActivationStrategyRow`."""

MessageChannel: TypeAlias = Literal["email", "sms"]
"""The channel of a message in the outbox: e-mail or text message."""


class SentEmailRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A message to a user about a tenant. ``tenant_id`` is empty, so the row stays when the tenant is deleted."""

    at: str
    template: EmailTemplate
    recipient: str
    user_id: str
    target_tenant_id: str
    link: str = ""
    code: str = ""
    channel: MessageChannel = "email"

    def moments(self) -> tuple[str, ...]:
        """Return the time in the row, so that its format can be checked."""
        return (self.at,)


class UserLinkRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A link of a user. It is removed after its use.

    ``code`` is for users who enter a code instead of opening a link.
    """

    kind: LinkKind
    user_id: str
    token: str
    code: str = ""
    expires: str

    def moments(self) -> tuple[str, ...]:
        """Return the time in the row, so that its format can be checked."""
        return (self.expires,)


class ActivationStrategyRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The setting whether users are activated by links or by codes. The table contains only one row of this class."""

    strategy: Literal["code", "link"] = "link"
    code_expiration: float = 300


TABLES: Final[Mapping[str, type[TableRow]]] = {
    "activationStrategies": ActivationStrategyRow,
    "sentEmails": SentEmailRow,
    "userLinks": UserLinkRow,
}
