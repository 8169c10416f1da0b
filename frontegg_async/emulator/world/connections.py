"""`ConnectionCounts`: counts the connections of clients, per environment. It counts open and all connections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import attrs

from frontegg_async.emulator.faults.ledger import Fault


@attrs.define(eq=False)
class Connection:
    """One connection: the number of its requests, their environments, and the faults to apply when it is idle."""

    started: int = 0
    environments: set[str] = attrs.field(factory=set[str])
    idle_faults: list[Fault] = attrs.field(factory=list[Fault])
    when_lost: list[Callable[[], None]] = attrs.field(factory=list[Callable[[], None]])
    """The functions to call when the connection ends. They are called even if a response still waits for data."""


@attrs.define(eq=False)
class ConnectionCounts:
    """The connections with at least one request to the service. Connections to the admin API alone do not count."""

    _open: set[Connection] = attrs.field(factory=set[Connection])
    _ever: Counter[str | None] = attrs.field(factory=Counter[str | None])

    def count_request(self, connection: Connection) -> None:
        """Count a request on a connection."""
        connection.started += 1
        if connection not in self._open:
            self._open.add(connection)
            self._ever[None] += 1

    def assign(self, connection: Connection, client_id: str) -> None:
        """Record that a request on a connection was for an environment."""
        if client_id not in connection.environments:
            connection.environments.add(client_id)
            self._ever[client_id] += 1

    def remove(self, connection: Connection) -> None:
        """Record that a connection has ended."""
        self._open.discard(connection)

    def open_now(self, client_id: str | None = None) -> int:
        """Return the number of open connections of one environment, or of all environments."""
        if client_id is None:
            return len(self._open)
        return sum(client_id in connection.environments for connection in self._open)

    def ever(self, client_id: str | None = None) -> int:
        """Return the number of connections so far of one environment, or of all environments."""
        return self._ever[client_id]
