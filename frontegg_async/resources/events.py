"""``frontegg.events``: events of your own, and their status."""

from __future__ import annotations

from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import events as endpoints
from frontegg_async.models.events import EventStatus
from frontegg_async.options import Options
from frontegg_async.resources.by_id.events import EventsById


class AsyncEvents(EventsById):
    """Events of your own in tenants, and their status.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    async def get_status(self, event_id: str, *, options: Options | None = None) -> EventStatus:
        """Get the status of an event in each channel.

        ``GET /event/resources/triggers/v3/{eventId}/statuses`` (used by other clients).

        Args:
            event_id: The id of the event, 1 to 256 characters.

        Returns:
            The status in each channel.

        Raises:
            NotFoundError: There is no such event.
            ResponseMismatchError: The response was about another event.
        """
        arguments.check_id(event_id, "event_id")
        return await self._caller.value(endpoints.GET_STATUS, path={"event_id": event_id}, options=options)
