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
    """A pending delivery.

    Args:
        row: The row of the delivery in the log. It is replaced when the delivery changes.
        url: The address; by default the address of the webhook.
        secret: The secret that signs a delivery with a ``url``; ``None`` for no signature.
        headers: The headers with id and signature, set when the delivery is sent.
    """

    row: DeliveryRow
    url: str | None = None
    secret: str | None = None
    headers: dict[str, str] = msgspec.field(default_factory=dict[str, str])


class Deliverer(Protocol):
    """Makes deliveries. Each webhook receives its deliveries in order."""

    def tell(self, environment: EmulatedEnvironment, events: Sequence[EmulatedEvent]) -> None:
        """Start to call the webhooks that subscribe to the events, and return at once."""
        ...

    def begin(self, environment: EmulatedEnvironment, outgoing: Outgoing) -> None:
        """Start a single delivery, and return at once."""
        ...

    def drop(self, environment: EmulatedEnvironment) -> None:
        """Drop the pending deliveries of an environment, because its data is replaced."""
        ...

    async def done(self, environment: EmulatedEnvironment | None) -> None:
        """Wait until an environment, or every environment, has no pending deliveries."""
        ...


class NoDeliverer:
    """A deliverer that delivers nothing, for an emulator without a server."""

    def tell(self, environment: EmulatedEnvironment, events: Sequence[EmulatedEvent]) -> None:
        """Ignore the events."""

    def begin(self, environment: EmulatedEnvironment, outgoing: Outgoing) -> None:
        """Ignore the delivery."""

    def drop(self, environment: EmulatedEnvironment) -> None:
        """Do nothing, since no delivery is pending."""

    async def done(self, environment: EmulatedEnvironment | None) -> None:
        """Return at once."""
