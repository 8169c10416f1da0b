"""Find the account that an event is about."""

from __future__ import annotations

from typing import Final

from frontegg_async.mirror.reading import is_id
from frontegg_async.webhooks.events import WebhookEvent

_OF_OTHERS: Final = ("user.", "userapitoken.", "tenantapitoken.", "group.", "scim.")
"""The prefixes of event keys that are not about accounts. They follow ``frontegg.`` and are in lower case."""


def account_of(event: WebhookEvent, environment_id: str) -> str | None:
    """Return the id of the account that an event is about.

    Return ``None`` if the event is not about an account of the environment.

    For an unknown event, the id of its account is returned, because an unnecessary read does no harm.

    Args:
        event: The event.
        environment_id: The environment of the mirror.
    """
    vendor = event.context.get("vendorId")
    is_foreign = isinstance(vendor, str) and vendor != environment_id
    if event.tenant_id is None or is_foreign:
        return None
    if event.event_key.lower().removeprefix("frontegg.").startswith(_OF_OTHERS):
        return None
    return event.tenant_id if is_id(event.tenant_id) else None  # the body of an event may contain any text
