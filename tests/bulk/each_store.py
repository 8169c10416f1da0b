"""A new ledger in each store: the fixture of a test file has the stores as its parameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.postgres import PostgresServer


def new_address(request: pytest.FixtureRequest, directory: Path) -> str:
    """Return the address of a ledger that is not there yet, in the store that a fixture asks for."""
    if request.param == "sqlite":
        return str(directory / "ledger.sqlite3")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_address()
