"""Exercises of custom events; their definitions are in `tests.exercises.hooks`."""

from __future__ import annotations

from typing import Any, Final

from tests.emulator.cases import case
from tests.exercises.exercise import bad, good, refused

_DATA: Final = {"title": "Order 17 shipped", "description": "It left Hamburg", "order": {"number": 17}}
_EMAIL: Final[dict[str, Any]] = {
    "email_from": "a@acme.example",
    "email_subject": "Shipped",
    "email_html": "<p>Shipped</p>",
}
_SLACK: Final[dict[str, Any]] = {"slack_emails": ["ann@acme.example"], "slack_message": {"text": "Shipped"}}


def _trigger(events: Any, *tenant_id: str, key: str = "mine", **changes: Any) -> Any:
    return events.trigger(*tenant_id, key, **{"data": _DATA, **changes})


EXERCISES: Final = (
    good("events.trigger", lambda s: _trigger(s.frontegg.events, "acme", **_EMAIL, **_SLACK)),
    good("events.trigger", lambda s: _trigger(s.frontegg.for_tenant("acme").events)),
    refused("events.trigger", 404, lambda s: _trigger(s.frontegg.events, "nobody")),
    refused("events.trigger", 404, lambda s: _trigger(s.frontegg.events, "acme", key="unknown")),
    bad("events.trigger", "tenant_id", lambda s: _trigger(s.frontegg.events, "")),
    bad("events.trigger", "event_key", lambda s: _trigger(s.frontegg.events, "acme", key="")),
    bad("events.trigger", "data must have a title", lambda s: _trigger(s.frontegg.events, "acme", data={})),
    bad(
        "events.trigger",
        "data must have a description",
        lambda s: _trigger(s.frontegg.events, "acme", data={"title": "Shipped", "description": " "}),
    ),
    bad("events.trigger", "data must be", lambda s: _trigger(s.frontegg.events, "acme", data="Shipped")),
    bad("events.trigger", "email_subject", lambda s: _trigger(s.frontegg.events, "acme", email_subject="")),
    bad("events.trigger", r"slack_emails\[0\]", lambda s: _trigger(s.frontegg.events, "acme", slack_emails=["ann"])),
    bad("events.trigger", "slack_message", lambda s: _trigger(s.frontegg.events, "acme", slack_message="Shipped")),
    good("events.get_status", lambda s: s.frontegg.events.get_status("event")),
    refused("events.get_status", 404, lambda s: s.frontegg.events.get_status("none")),
    bad("events.get_status", "event_id", lambda s: s.frontegg.events.get_status("..")),
)

_ACME: Final = {"headers": {"frontegg-tenant-id": "acme"}}
_BODY: Final = {"eventKey": "mine", "data": _DATA}
_CHANNELS: Final = {"email": {"subject": "Shipped"}, "slack": {"emails": ["ann@acme.example"]}}

CASES: Final = (
    case("events.trigger", 201, body={**_BODY, "channelConfiguration": _CHANNELS}, **_ACME),
    case("events.trigger", 400, body={**_BODY, "data": {"title": "Shipped"}}, **_ACME),
    case("events.trigger", 404, body={**_BODY, "eventKey": "unknown"}, **_ACME),
    case("events.trigger", 404, body=_BODY, headers={"frontegg-tenant-id": "nobody"}),
    case("events.get_status", 200, "event"),
    case("events.get_status", 404, "none"),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""

TABLES: Final[dict[str, list[dict[str, object]]]] = {
    "eventTriggers": [
        {
            "id": "event",
            "tenantId": "acme",
            "eventKey": "mine",
            "createdAt": "2026-01-01T00:00:00.000Z",
            "channels": ["webhook"],
        }
    ]
}
"""Rows that there are before each request."""
