"""E-mails that the service would have sent, and the links in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from frontegg_async.emulator.store.table_row import TableRow

EmailTemplate: TypeAlias = Literal[
    "ActivateUser", "InviteToTenant", "OTC", "ResetPassword", "ResetPhoneNumber", "VerifyNewEmail"
]
"""The templates of the service that the served operations send, by the service's names."""

LinkKind: TypeAlias = Literal["activation", "invitation", "passwordReset"]
"""What a link of a user is for."""

STRATEGY_ID: Final = "strategy"
"""The id of the only row about how users activate themselves."""

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


class UserLinkRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A link of a user. It is removed when it is used, and has a code for those who have no link."""

    kind: LinkKind
    user_id: str
    token: str
    code: str = ""
    expires: str

    def moments(self) -> tuple[str, ...]:
        """Return its time, which must be well formed."""
        return (self.expires,)


class ActivationStrategyRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Whether users activate themselves by links or by codes; the only row of its table."""

    strategy: Literal["code", "link"] = "link"
    code_expiration: float = 300


TABLES: Final[Mapping[str, type[TableRow]]] = {
    "activationStrategies": ActivationStrategyRow,
    "sentEmails": SentEmailRow,
    "userLinks": UserLinkRow,
}
