"""Addresses of ledgers in PostgreSQL."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from frontegg_async import AsyncFrontegg, FronteggError, InvalidArgumentError, LedgerError
from frontegg_async.bulk import stores
from frontegg_async.bulk.postgres_address import PostgresAddress
from frontegg_async.bulk.postgres_session import PostgresSession
from frontegg_async.errors import MissingExtraError


@pytest.mark.parametrize(
    "ledger",
    [
        "postgresql://me:hunter2@db/jobs",
        "postgres://me:hunter2@db,db2:5433/jobs?sslmode=require",
        "postgresql://db/jobs?user=me&password=hunter2",
        "postgresql://db/jobs?%70assword=hunter2",
        "postgresql://db/jobs?sslpassword=hunter2",
        "postgresql://db/jobs?PASSWORD=hunter2",
        "postgresql://db/jobs?scram_client_key=hunter2",
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
        ("postgresql://db/jobs?foo=hunter2", "has the parameter 'foo', which does not exist"),
        ("postgresql://db/jobs?Pwd=hunter2", "has the parameter 'Pwd', which does not exist"),
        ("postgresql://db/jobs?schema=one&schema=two", "has the parameter 'schema' twice"),
        ("postgresql://db/jobs?host=hunter2&host=b", "has the parameter 'host' twice"),
        ("postgresql://db/jobs?connect_timeout=hunter2", "connect_timeout in the address of a ledger must be a whole"),
        ("postgresql://db/jobs?keepalives_idle=", "keepalives_idle in the address of a ledger must be a whole"),
        ("postgresql://%00@db/jobs", "digits other than 00"),
        ("postgresql://db/hunter2%zz", "digits other than 00"),
        ("postgresql://db/hunter2#fragment", "without #"),
        ("postgresql://%ff@db/hunter2", "must be a URI"),
        ("mysql://db/jobs", "the path of a file, or postgresql://"),
    ],
)
def test_no_address(ledger: str, said: str) -> None:
    """It is refused by name."""
    with pytest.raises(InvalidArgumentError, match=said) as caught:
        stores.read_report(ledger)
    assert "hunter2" not in str(caught.value)


@pytest.mark.anyio
async def test_an_address_that_libpq_refuses(frontegg_client: AsyncFrontegg) -> None:
    """It is an error of ours; the parser of some versions of Python refuses it before libpq does."""
    ledger = "postgresql://[::1]x/jobs"
    kind: type[FronteggError] = LedgerError
    message = "cannot be used: unexpected character"
    try:
        urlsplit(ledger)
    except ValueError:
        kind, message = InvalidArgumentError, "must be a URI"
    with pytest.raises(kind, match=message):
        await frontegg_client.bulk.create([], ledger=ledger)
    with pytest.raises(kind, match=message):
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


@pytest.mark.anyio
@pytest.mark.parametrize("patience", [60.0, 2.0])
async def test_a_server_that_does_not_come_back(patience: float, tmp_path: Path) -> None:
    """It is awaited for a minute; less by a process that is told to end."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    session = PostgresSession(
        PostgresAddress.parse(f"postgresql://me@/jobs?host={tmp_path}"), lambda: sum(waits), sleep
    )
    session.patience = patience
    with pytest.raises(LedgerError, match="cannot be used: connection "):
        await session.run(lambda connection: connection.execute("SELECT 1"))
    assert waits[:3] == [0.05, 0.1, 0.2]
    assert patience <= sum(waits) < patience + 1.5
    assert session.losses == len(waits)
    await session.close()
