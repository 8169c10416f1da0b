"""`SentEmail`: an e-mail that the service would have sent, as the admin API and the handles show it."""

from __future__ import annotations

import attrs

from frontegg_async.emulator.services.emails.rows import EmailTemplate, SentEmailRow


@attrs.frozen(kw_only=True)
class SentEmail:
    """An e-mail that the service would have sent."""

    id: str
    """Its id, which only the emulator knows."""
    at: str
    """When it was sent, by the clock of its environment: an ISO 8601 time."""
    template: EmailTemplate
    """The service's template: ``ActivateUser`` to a user who is active in no tenant yet, else ``InviteToTenant``."""
    recipient: str
    """The e-mail address that it was sent to."""
    user_id: str
    """The id of the user who has this address."""
    tenant_id: str
    """The tenant that it is about; it may have been deleted since."""
    link: str
    """The link in it, to a page that the emulator does not have; ``token`` in its query is that of an invitation."""


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
    )
