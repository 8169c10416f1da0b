"""Adds the e-mails that the service would send to the outbox. The emulator sends no e-mail."""

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
"""The maximum number of e-mails in the outbox of an environment. Older e-mails are dropped."""
_PAGES: Final[Mapping[EmailTemplate, str]] = {
    "ActivateUser": "/oauth/account/activate",
    "InviteToTenant": "/oauth/account/invitation/accept",
    "ResetPassword": "/oauth/account/reset-password",
}
"""The pages to which the links in e-mails lead. The names of the pages come from Frontegg's mobile SDKs."""


def send_invitation(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> None:
    """Add the e-mail of an invitation to a tenant to the outbox.

    The template is different if the user is active in no tenant yet.
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
    """Add an e-mail to the outbox. A user without an e-mail address receives none.

    Args:
        environment: The environment.
        template: The name of the service's template.
        user: The recipient.
        tenant_id: The id of the tenant that the e-mail concerns.
        token: The token in the link of the e-mail, or ``None`` if the emulator has no such token.
        code: The code in the e-mail, in addition to the link.
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
    """Add a message with a code to the outbox. The recipient may be an address that the user does not have yet."""
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
