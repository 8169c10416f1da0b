"""`SentEmail`: an e-mail that Frontegg's service would have sent, as the admin API and the handles return it."""

from __future__ import annotations

import attrs

from frontegg_async.emulator.services.emails.rows import EmailTemplate, MessageChannel, SentEmailRow


@attrs.frozen(kw_only=True)
class SentEmail:
    """An e-mail or text message that Frontegg's service would have sent."""

    id: str
    """The id of the e-mail. Only the emulator has such ids; the service has none."""
    at: str
    """The ISO 8601 time of sending by the clock of the environment."""
    template: EmailTemplate
    """The name of the service's template.

    ``ActivateUser`` invites a user who is active in no tenant yet. ``InviteToTenant`` invites every other user. The
    messages of ``VerifyNewEmail`` and ``OTC`` have a code instead of a link. ``OTC`` is sent by SMS.
    """
    recipient: str
    """The e-mail address or phone number of the recipient."""
    user_id: str
    """The id of the user who receives the e-mail."""
    tenant_id: str
    """The id of the tenant that the e-mail concerns. The tenant may have been deleted since."""
    link: str = attrs.field(repr=False)
    """The link in the e-mail. The link is empty if the e-mail has a code instead.

    The link's page does not exist in the emulator. ``token`` in the link's query is the token of an invitation.
    """
    code: str = attrs.field(default="", repr=False)
    """The code in the message. With the code, users prove that they own the address or the phone number."""
    channel: MessageChannel = "email"
    """The channel of the message: ``email``, or ``sms`` for a text message to a phone number."""


def shown_email(row: SentEmailRow) -> SentEmail:
    """Convert the stored row of a message into the `SentEmail` that users see."""
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
