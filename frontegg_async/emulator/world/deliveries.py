"""`Deliverer`: the interface of the loop that calls webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from frontegg_async.emulator.store.delivery_row import DeliveryRow
from frontegg_async.emulator.world.events import EmulatedEvent

if TYPE_CHECKING:
    from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


class Outgoing(msgspec.Struct, kw_only=True):
    """A delivery that is pending, with the data that only sending needs.

    Args:
        row: The row of the delivery in the log of deliveries. It is replaced whenever the delivery changes.
        url: The address to call. By default it is the address of the webhook.
        secret: The secret that signs a delivery to ``url``, or ``None`` for a delivery without a signature.
        headers: The headers with the id and the signature. They are set when the delivery is sent.
    """

    row: DeliveryRow
    url: str | None = None
    secret: str | None = None
    headers: dict[str, str] = msgspec.field(default_factory=dict[str, str])


class Deliverer(Protocol):
    """The object that calls webhooks. Each webhook receives its deliveries in order."""

    def tell(self, environment: EmulatedEnvironment, events: Sequence[EmulatedEvent]) -> None:
        """Start to call the webhooks that subscribe to the given events, and return at once."""
        ...

    def begin(self, environment: EmulatedEnvironment, outgoing: Outgoing) -> None:
        """Start a single delivery, and return at once."""
        ...

    def drop(self, environment: EmulatedEnvironment) -> None:
        """Drop the pending deliveries of an environment whose data is being replaced."""
        ...

    async def done(self, environment: EmulatedEnvironment | None) -> None:
        """Wait until an environment has no pending deliveries. ``None`` waits for every environment."""
        ...


class NoDeliverer:
    """A deliverer that sends nothing. It is used by an emulator without a server."""

    def tell(self, environment: EmulatedEnvironment, events: Sequence[EmulatedEvent]) -> None:
        """Ignore the events."""

    def begin(self, environment: EmulatedEnvironment, outgoing: Outgoing) -> None:
        """Ignore the delivery."""

    def drop(self, environment: EmulatedEnvironment) -> None:
        """Do nothing, since no delivery is pending."""

    async def done(self, environment: EmulatedEnvironment | None) -> None:
        """Return at once."""
