"""A PostgreSQL server for each test process, and the addresses of ledgers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.postgres import PostgresServer, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Return a server."""
    with postgres_server() as server:
        yield server
