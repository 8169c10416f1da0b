"""`SentEmail`: an e-mail that the service would have sent, as the admin API and the handles show it."""

from __future__ import annotations

import attrs

from frontegg_async.emulator.services.emails.rows import EmailTemplate, MessageChannel, SentEmailRow


@attrs.frozen(kw_only=True)
class SentEmail:
    """An e-mail that the service would have sent."""

    id: str
    """Its id, which only the emulator knows."""
    at: str
    """When it was sent, by the clock of its environment: an ISO 8601 time."""
    template: EmailTemplate
    """The service's template: ``ActivateUser`` to a user who is active in no tenant yet, else ``InviteToTenant``.

    ``VerifyNewEmail`` and, by SMS, ``OTC`` have a code.
    """
    recipient: str
    """The e-mail address that it was sent to, or the phone number."""
    user_id: str
    """The id of the user whom it is sent to."""
    tenant_id: str
    """The tenant that it is about; it may have been deleted since."""
    link: str = attrs.field(repr=False)
    """The link in it, to a page that the emulator does not have; empty if it has a code instead.

    ``token`` in the query of the link is that of an invitation.
    """
    code: str = attrs.field(default="", repr=False)
    """The code in it, with which the user shows that the address or the number is theirs."""
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
