"""Addresses of ledgers in PostgreSQL."""

from __future__ import annotations

import sys

import pytest

from frontegg_async import AsyncFrontegg, InvalidArgumentError, MissingExtraError
from frontegg_async.bulk import stores
from frontegg_async.bulk.postgres_address import PostgresAddress


@pytest.mark.parametrize(
    "ledger",
    [
        "postgresql://me:hunter2@db/jobs",
        "postgres://me:hunter2@db,db2:5433/jobs?sslmode=require",
        "postgresql://db/jobs?user=me&password=hunter2",
        "postgresql://db/jobs?%70assword=hunter2",
        "postgresql://db/jobs?sslpassword=hunter2",
    ],
)
@pytest.mark.anyio
async def test_a_password_is_refused(ledger: str, frontegg_client: AsyncFrontegg) -> None:
    """Nothing repeats it, and the message says where it belongs."""
    for use in (frontegg_client.bulk.create([], ledger=ledger), frontegg_client.bulk.resume(ledger)):
        with pytest.raises(InvalidArgumentError, match=r"PGPASSWORD.*passfile") as caught:
            await use
        assert "hunter2" not in str(caught.value)
    with pytest.raises(InvalidArgumentError, match="PGPASSWORD"):
        stores.read_report(ledger)


@pytest.mark.parametrize(
    ("ledger", "said"),
    [
        ("postgresql://[db/jobs", "must be a URI"),
        ("postgresql://db/jobs?schema=Mine", "up to 48 lower-case letters"),
        ("postgresql://db/jobs?schema=pg_mine", "not begin"),
        ("mysql://db/jobs", "the path of a file, or postgresql://"),
    ],
)
def test_no_address(ledger: str, said: str) -> None:
    """It is refused by name."""
    with pytest.raises(InvalidArgumentError, match=said):
        stores.read_report(ledger)


def test_an_address() -> None:
    """All but the schema is for libpq, and what the user says goes before what is said by default."""
    address = PostgresAddress.parse("postgresql://me@db,db2/jobs?schema=mine&connect_timeout=2&options=-c%20a%3Db")
    assert address.schema == "mine"
    assert address.conninfo.startswith("postgresql://me@db,db2/jobs?")
    assert "connect_timeout=2&" in address.conninfo
    assert "%20-c%20a%3Db%20-c%20search_path%3Dmine%20" in address.conninfo
    assert "schema=" not in address.conninfo
    assert PostgresAddress.parse("postgres://db/jobs").schema == "frontegg_bulk"


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to install."""
    for name in [name for name in sys.modules if name.startswith("frontegg_async.bulk.postgres_")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'frontegg-async\[distributed\]'"):
        stores.read_report("postgresql://db/jobs")
