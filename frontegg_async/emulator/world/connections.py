"""The connections of clients, open now and ever, by the environments whose requests they carried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import attrs

from frontegg_async.emulator.faults.ledger import Fault


@attrs.define(eq=False)
class Connection:
    """A connection: how many requests it has carried, of whom, and the faults that wait for it to be idle."""

    started: int = 0
    environments: set[str] = attrs.field(factory=set[str])
    idle_faults: list[Fault] = attrs.field(factory=list[Fault])
    when_lost: list[Callable[[], None]] = attrs.field(factory=list[Callable[[], None]])
    """Called when it ends, also while an answer is being sent that has nothing to say just then."""


@attrs.define(eq=False)
class Connections:
    """The connections that carried at least one request for the service; those of the admin API do not count."""

    _open: set[Connection] = attrs.field(factory=set[Connection])
    _ever: Counter[str | None] = attrs.field(factory=Counter[str | None])

    def carry(self, connection: Connection) -> None:
        """Note that a connection carries a request."""
        connection.started += 1
        if connection not in self._open:
            self._open.add(connection)
            self._ever[None] += 1

    def belong(self, connection: Connection, client_id: str) -> None:
        """Note that a request on a connection is an environment's."""
        if client_id not in connection.environments:
            connection.environments.add(client_id)
            self._ever[client_id] += 1

    def lose(self, connection: Connection) -> None:
        """Note that a connection has ended."""
        self._open.discard(connection)

    def open_now(self, client_id: str | None = None) -> int:
        """Return how many are open: all, or those of an environment."""
        if client_id is None:
            return len(self._open)
        return sum(client_id in connection.environments for connection in self._open)

    def ever(self, client_id: str | None = None) -> int:
        """Return how many there were: all, or those of an environment."""
        return self._ever[client_id]
