"""`EmulatedEvent`: something that happened in an environment and about which its webhooks are called."""

from __future__ import annotations

from typing import Final

import attrs
import msgspec

_PREFIX: Final = "frontegg."
_SCIM: Final = "scim"


@attrs.frozen(kw_only=True)
class EmulatedEvent:
    """An event about an object, such as a tenant or a user.

    Args:
        key: The event key, such as ``frontegg.tenant.created``.
        subject: The object that the event concerns, as a value that can be encoded as JSON and no longer changes.
        tenant_id: The id of the tenant that the event concerns.
        user_id: The id of the user that the event concerns.
        application_id: The id of the application that the event concerns.
    """

    key: str
    subject: object
    tenant_id: str
    user_id: str | None = None
    application_id: str | None = None

    @property
    def subject_name(self) -> str:
        """The name of the object in the body of a webhook. For ``frontegg.tenant.created`` the name is ``tenant``.

        The name ``data`` for custom events is an assumption.
        """
        if not self.key.startswith(_PREFIX):
            return "data"
        words = self.key.removeprefix(_PREFIX).split(".")
        return words[1] if words[0] == _SCIM and len(words) > 1 else words[0]


class TrailEntry(msgspec.Struct, kw_only=True, frozen=True, gc=False):
    """The data of an event that the audit log keeps."""

    id: str
    at: str
    key: str
    tenant_id: str
    user_id: str | None
