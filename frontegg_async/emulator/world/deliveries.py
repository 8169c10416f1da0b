"""`Deliverer`: what the state of an emulator needs of the loop that calls webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from frontegg_async.emulator.store.delivery_row import DeliveryRow
from frontegg_async.emulator.world.events import EmulatedEvent

if TYPE_CHECKING:
    from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


class Outgoing(msgspec.Struct, kw_only=True):
    """A delivery that is to be made.

    Args:
        row: The delivery as the log has it; replaced as it is made.
        url: The address; that of the webhook by default.
        secret: The secret that signs a delivery with a ``url``; ``None`` for no signature.
        headers: Its id and its signature, once it is sent.
    """

    row: DeliveryRow
    url: str | None = None
    secret: str | None = None
    headers: dict[str, str] = msgspec.field(default_factory=dict[str, str])


class Deliverer(Protocol):
    """Makes deliveries, each webhook's in order."""

    def tell(self, environment: EmulatedEnvironment, events: Sequence[EmulatedEvent]) -> None:
        """Begin to call the webhooks that have these events, and return at once."""
        ...

    def begin(self, environment: EmulatedEnvironment, outgoing: Outgoing) -> None:
        """Begin a single delivery, and return at once."""
        ...

    def drop(self, environment: EmulatedEnvironment) -> None:
        """Drop the deliveries that wait in an environment, because its data is replaced."""
        ...

    async def done(self, environment: EmulatedEnvironment | None) -> None:
        """Wait until an environment, or every one, has nothing to deliver any more."""
        ...


class NoDeliverer:
    """Delivers nothing: there is no server."""

    def tell(self, environment: EmulatedEnvironment, events: Sequence[EmulatedEvent]) -> None:
        """Ignore the events."""

    def begin(self, environment: EmulatedEnvironment, outgoing: Outgoing) -> None:
        """Ignore the delivery."""

    def drop(self, environment: EmulatedEnvironment) -> None:
        """Do nothing: no delivery waits."""

    async def done(self, environment: EmulatedEnvironment | None) -> None:
        """Return at once."""
