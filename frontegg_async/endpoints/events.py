"""The operations on custom events, in the form of Frontegg's client for Node."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.events import EventStatus, EventTrigger, TriggeredEvent

_V3: Final = "/event/resources/triggers/v3"

TRIGGER = Endpoint(
    name="events.trigger",
    method="POST",
    path=_V3,
    auth=Auth.TENANT,
    body=EventTrigger,
    returns=TriggeredEvent,
    retry=Retry.NEVER,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(400, 404),
    summary="Trigger an event of your own in a tenant.",
)

GET_STATUS = Endpoint(
    name="events.get_status",
    method="GET",
    path=f"{_V3}/{{event_id}}/statuses",
    auth=Auth.ENVIRONMENT,
    returns=EventStatus,
    evidence=Evidence.CLIENT,
    _subject="event_id",
    _subject_field="event_id",
    errors=(404,),
    summary="Get the status of an event in each channel.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (TRIGGER, GET_STATUS)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404."""
