"""Keeps the e-mails that the service would send. The emulator sends no e-mail."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from frontegg_async.emulator.services.emails.links import make_link
from frontegg_async.emulator.services.emails.rows import (
    STRATEGY_ID,
    ActivationStrategyRow,
    EmailTemplate,
    MessageChannel,
    SentEmailRow,
)
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

MAX_EMAILS: Final = 10_000
"""The most e-mails in the outbox of an environment. Older e-mails are dropped."""
_PAGES: Final[Mapping[EmailTemplate, str]] = {
    "ActivateUser": "/oauth/account/activate",
    "InviteToTenant": "/oauth/account/invitation/accept",
    "ResetPassword": "/oauth/account/reset-password",
}
"""The pages to which links lead. Frontegg's mobile SDKs name them."""


def send_invitation(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> None:
    """Send the e-mail of an invitation to a tenant.

    The template depends on whether the user is active in any tenant.
    """
    if "@" not in user.email:
        return
    if any(user.membership(each).status == "Activated" for each in user.tenant_ids):
        send_email(
            environment,
            "InviteToTenant",
            user,
            tenant_id,
            token=make_link(environment, "invitation", user, tenant_id).token,
        )
        return
    link = make_link(environment, "activation", user, tenant_id)
    strategy = environment.state.table(ActivationStrategyRow).get(STRATEGY_ID)
    code = link.code if strategy is not None and strategy.strategy == "code" else ""
    send_email(environment, "ActivateUser", user, tenant_id, token=link.token, code=code)


def send_email(
    environment: EmulatedEnvironment,
    template: EmailTemplate,
    user: UserRow,
    tenant_id: str,
    *,
    token: str | None = None,
    code: str = "",
) -> None:
    """Put an e-mail into the outbox, unless the user has only a user name.

    Args:
        environment: The environment.
        template: The template.
        user: The recipient.
        tenant_id: The tenant that the e-mail is about.
        token: The token in its link, if the emulator has one.
        code: The code in the e-mail, besides the link.
    """
    if "@" not in user.email:
        return
    link = link_to(environment, template, user, token)
    _put(environment, template, user, user.email, tenant_id=tenant_id, link=link, code=code)


def send_code_to(
    environment: EmulatedEnvironment,
    user: UserRow,
    recipient: str,
    code: str,
    *,
    tenant_id: str,
    channel: MessageChannel = "email",
    template: EmailTemplate = "OTC",
) -> None:
    """Put a message with a code into the outbox. The user need not have the address or number yet."""
    _put(environment, template, user, recipient, tenant_id=tenant_id, code=code, channel=channel)


def _put(
    environment: EmulatedEnvironment,
    template: EmailTemplate,
    user: UserRow,
    recipient: str,
    *,
    tenant_id: str,
    link: str = "",
    code: str = "",
    channel: MessageChannel = "email",
) -> None:
    rows = environment.state.table(SentEmailRow)
    while len(rows) >= MAX_EMAILS:
        environment.state.remove(SentEmailRow, next(iter(rows)))
    environment.state.put(
        SentEmailRow(
            id=str(uuid.uuid4()),  # not from the seeded `rng`, so that users get the same ids with and without e-mails
            at=environment.clock.timestamp(),
            template=template,
            recipient=recipient,
            user_id=user.id,
            target_tenant_id=tenant_id,
            link=link,
            code=code,
            channel=channel,
        )
    )


def link_to(environment: EmulatedEnvironment, template: EmailTemplate, user: UserRow, token: str | None) -> str:
    """Return the link of an e-mail."""
    query = urlencode({"userId": user.id} | ({} if token is None else {"token": token}))
    return f"{environment.issuer}{_PAGES[template]}?{query}"
