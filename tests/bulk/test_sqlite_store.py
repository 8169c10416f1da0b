"""What holds for a ledger in a file only (`frontegg_async.bulk.sqlite_store`)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from frontegg_async import LedgerError
from frontegg_async.bulk.ledger import RowState
from frontegg_async.bulk.sqlite_store import SqliteStore
from frontegg_async.bulk.store import Commit, NewRow, RowOutcome
from frontegg_async.bulk.stores import read_report
from frontegg_async.errors import UnusableLedgerError

pytestmark = pytest.mark.anyio


async def sealed(path: Path) -> SqliteStore:
    store = await SqliteStore.begin(str(path), operation="create", environment="here", settings={})
    await store.add([NewRow(n, None, f"t{n}", None, b"{}") for n in range(1, 5)])
    await store.seal()
    return store


@pytest.mark.parametrize(
    ("version", "message"),
    [
        (2, r"version 2 of the format.* resume the job with frontegg-async 0\.2\.0, or begin a new job"),
        (9, "version 9 of the format; this program needs version 3"),
    ],
)
async def test_a_ledger_of_another_version(tmp_path: Path, version: int, message: str) -> None:
    path = tmp_path / "l"
    await (await sealed(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    begun = SqliteStore.begin(str(path), operation="create", environment="here", settings={})
    for use in (begun, SqliteStore.resume(str(path))):
        with pytest.raises(UnusableLedgerError, match=message):
            await use
    with pytest.raises(UnusableLedgerError, match=message):
        read_report(path)


async def test_a_commit_that_fails_leaves_its_rows_pending(tmp_path: Path) -> None:
    store = await sealed(tmp_path / "l")
    await store.commit(Commit(most=1))
    outcomes = [RowOutcome(1, RowState.DONE, 1)]
    with pytest.raises(LedgerError):
        await store.commit(Commit(outcomes=outcomes, most=2, requests=cast("Any", object())))
    assert (await store.counts()).in_flight == 1
    assert [item.number for item in (await store.commit(Commit(outcomes=outcomes, most=2))).items] == [2, 3]
    await store.close()


async def test_a_temporary_ledger_is_read_after_it_is_closed() -> None:
    store = await SqliteStore.begin(None, operation="create", environment="here", settings={})
    await store.add([NewRow(1, None, "t1", None, b"{}")])
    await store.seal()
    reader = store.reader()
    await store.close()
    assert [row.tenant_id for row in reader.rows()] == ["t1"]
