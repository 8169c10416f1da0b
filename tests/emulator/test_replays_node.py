"""Requests about audits and custom events as `@frontegg/client` 5.3.2, Frontegg's client for Node, sends them.

The client has the token in the header ``x-access-token``, and ends the address of audits with a slash.
"""

from __future__ import annotations

from typing import Final

import attrs
import pytest

from tests.emulator.support import Service
from tests.emulator.test_replays import EVENTS, IN_T, Sent, get, replay

pytestmark = pytest.mark.anyio

TRIGGERS: Final = "/event/resources/triggers/v3"
AUDIT: Final = {"tenantId": "t", "severity": "High", "action": "Exported", "ip": "203.0.113.7", "invoices": 3}
DATA: Final = {"title": "Order 17 shipped", "description": "It left Hamburg", "order": {"number": 17}}
CHANNELS: Final = {"email": {"subject": "Shipped"}, "slack": {"emails": ["a@t.example"]}}
NODE: Final = (
    Sent("POST", "/audits/", AUDIT, IN_T, 202),
    get(
        "/audits/?tenantId=t&offset=0&count=20&sortBy=severity&sortDirection=desc&filter=&severity=High",
        {"tenantId": "t", "severity": "High", "action": "Exported", "invoices": 3},
        headers=IN_T,
    ),
    get("/audits//stats?tenantId=t", {"severeThisWeek": 1}, headers=IN_T),
    Sent("POST", EVENTS, {"key": "order.shipped"}, status=201),
    Sent(
        "POST",
        TRIGGERS,
        {"eventKey": "order.shipped", "data": DATA, "channelConfiguration": CHANNELS},
        IN_T,
        201,
        keeps="event",
        key="eventId",
    ),
    get(f"{TRIGGERS}/<event>/statuses", {"eventKey": "order.shipped", "eventId": "<event>"}),
)


async def test_audits_and_events(service: Service) -> None:
    """Each request has the token in the header of this client only."""
    await service.create("t")
    headers = {"x-access-token": service.token, "Authorization": ""}
    await replay(service, [attrs.evolve(each, headers={**headers, **each.headers}) for each in NODE])
