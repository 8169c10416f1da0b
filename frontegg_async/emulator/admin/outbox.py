"""`SentEmail`: an e-mail that the service would have sent, as the admin API and the handles return it."""

from __future__ import annotations

import attrs

from frontegg_async.emulator.services.emails.rows import EmailTemplate, MessageChannel, SentEmailRow


@attrs.frozen(kw_only=True)
class SentEmail:
    """An e-mail that the service would have sent."""

    id: str
    """The id of the e-mail, which only the emulator has."""
    at: str
    """The ISO 8601 time of sending, by the clock of the environment."""
    template: EmailTemplate
    """The service's template: ``ActivateUser`` for a user who is active in no tenant yet, else ``InviteToTenant``.

    ``VerifyNewEmail`` and ``OTC``, which is sent by SMS, have a code instead of a link.
    """
    recipient: str
    """The e-mail address or phone number of the recipient."""
    user_id: str
    """The id of the user who receives the e-mail."""
    tenant_id: str
    """The id of the tenant that the e-mail is about. The tenant may have been deleted since."""
    link: str = attrs.field(repr=False)
    """The link in the e-mail, to a page that the emulator does not have; empty if there is a code instead.

    The query of the link has the token of an invitation in ``token``.
    """
    code: str = attrs.field(default="", repr=False)
    """The code in the message, with which users prove that they own the address or the number."""
    channel: MessageChannel = "email"
    """``email``, or ``sms`` for a text message to a phone number."""


def shown_email(row: SentEmailRow) -> SentEmail:
    """Return an e-mail of the outbox."""
    return SentEmail(
        id=row.id,
        at=row.at,
        template=row.template,
        recipient=row.recipient,
        user_id=row.user_id,
        tenant_id=row.target_tenant_id,
        link=row.link,
        code=row.code,
        channel=row.channel,
    )
