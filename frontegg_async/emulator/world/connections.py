"""`ConnectionCounts`: counts the open connections and all connections of clients, by environment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import attrs

from frontegg_async.emulator.faults.ledger import Fault


@attrs.define(eq=False)
class Connection:
    """One connection, with the number of its requests, their environments, and the faults for its idle time."""

    started: int = 0
    environments: set[str] = attrs.field(factory=set[str])
    idle_faults: list[Fault] = attrs.field(factory=list[Fault])
    when_lost: list[Callable[[], None]] = attrs.field(factory=list[Callable[[], None]])
    """The functions to call when the connection ends, also while a response waits for data to send."""


@attrs.define(eq=False)
class ConnectionCounts:
    """The connections with at least one request to the service. Requests to the admin API do not count."""

    _open: set[Connection] = attrs.field(factory=set[Connection])
    _ever: Counter[str | None] = attrs.field(factory=Counter[str | None])

    def count_request(self, connection: Connection) -> None:
        """Count a request on a connection."""
        connection.started += 1
        if connection not in self._open:
            self._open.add(connection)
            self._ever[None] += 1

    def assign(self, connection: Connection, client_id: str) -> None:
        """Note that a request on a connection was for an environment."""
        if client_id not in connection.environments:
            connection.environments.add(client_id)
            self._ever[client_id] += 1

    def remove(self, connection: Connection) -> None:
        """Note that a connection has ended."""
        self._open.discard(connection)

    def open_now(self, client_id: str | None = None) -> int:
        """Return the number of open connections, of all environments or of one."""
        if client_id is None:
            return len(self._open)
        return sum(client_id in connection.environments for connection in self._open)

    def ever(self, client_id: str | None = None) -> int:
        """Return the number of connections so far, of all environments or of one."""
        return self._ever[client_id]
