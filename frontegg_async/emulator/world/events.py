"""`EmulatedEvent`: something that happened in an environment, about which its webhooks are called."""

from __future__ import annotations

from typing import Final

import attrs
import msgspec

_PREFIX: Final = "frontegg."
_SCIM: Final = "scim"


@attrs.frozen(kw_only=True)
class EmulatedEvent:
    """Something that happened to a subject, as a tenant or a user.

    Args:
        key: The event key, such as ``frontegg.tenant.created``.
        subject: What it happened to, as a value that can be encoded as JSON and does not change any more.
        tenant_id: The tenant that it belongs to.
        user_id: The user that it is about.
        application_id: The application that it is about.
    """

    key: str
    subject: object
    tenant_id: str
    user_id: str | None = None
    application_id: str | None = None

    @property
    def subject_name(self) -> str:
        """The name of the subject in the body of a webhook, as ``tenant`` of ``frontegg.tenant.created``.

        No source shows that of a custom event: ``data`` is assumed.
        """
        if not self.key.startswith(_PREFIX):
            return "data"
        words = self.key.removeprefix(_PREFIX).split(".")
        return words[1] if words[0] == _SCIM and len(words) > 1 else words[0]


class TrailEntry(msgspec.Struct, kw_only=True, frozen=True, gc=False):
    """What the audit log shows of an event."""

    id: str
    at: str
    key: str
    tenant_id: str
    user_id: str | None
