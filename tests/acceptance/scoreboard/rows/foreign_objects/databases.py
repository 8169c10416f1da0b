"""Ledgers in PostgreSQL, in databases that hold objects of others."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Sequence
from typing import Final

from frontegg_async import LedgerError
from frontegg_async.bulk import stores
from frontegg_async.bulk.store import NewRow, Store
from tests.support import foreign_objects
from tests.support.postgres import PostgresServer

_names: Final = itertools.count()

DEPENDING: Final = (
    "CREATE VIEW elsewhere.rows AS SELECT number FROM made.item",
    "CREATE TABLE elsewhere.jobs (state made.procrastinate_job_status)",
    "CREATE FUNCTION elsewhere.f(made.procrastinate_jobs) RETURNS int LANGUAGE sql AS 'SELECT 1'",
)
"""Objects of others that depend on those of a ledger in the schema ``made``."""


async def _begun(address: str) -> Store:
    opened = await stores.begin_ledger(address, operation="create", environment="here", settings={})
    ledger = opened.store
    await ledger.add([NewRow(1, None, "t1", None, b"{}")])
    return ledger


async def _try_all(address: str, schemas: Sequence[str]) -> None:
    """Begin in each schema, give up, begin again, and discard."""
    for schema in schemas:
        with contextlib.suppress(LedgerError):
            await (await _begun(f"{address}&schema={schema}")).close()
            await (await _begun(f"{address}&schema={schema}")).close(is_removed=True)
        with contextlib.suppress(LedgerError):
            await (await stores.resume_ledger(f"{address}&schema={schema}")).store.close()


async def changed_in_place(server: PostgresServer, kinds: Sequence[str]) -> list[str]:
    """Begin jobs in schemas that have an object each; return the kinds if one is changed."""
    name = f"in_place_{next(_names)}"
    with foreign_objects.database(server, name) as connection:
        for number, kind in enumerate(kinds):
            connection.execute(f"CREATE SCHEMA theirs_{number}".encode())
            foreign_objects.make(connection, kind, f"theirs_{number}")
        connection.execute("CREATE SCHEMA empty; COMMENT ON SCHEMA empty IS 'theirs'")
        before = server.dump(name)
        await _try_all(server.conninfo(name), [*(f"theirs_{number}" for number in range(len(kinds))), "empty"])
        return _lost(server, name, before)


async def changed_beside(server: PostgresServer, kinds: Sequence[str]) -> list[str]:
    """Begin a job, let others put objects beside its own, and discard it; return what they lack then."""
    name, expected = f"beside_{next(_names)}", f"expected_{next(_names)}"
    with foreign_objects.database(server, name) as one, foreign_objects.database(server, expected) as other:
        ledger = await _begun(f"{server.conninfo(name)}&schema=made")
        other.execute("CREATE SCHEMA made")
        for number, kind in enumerate(kinds):
            for connection in (one, other):
                foreign_objects.make(connection, kind, "made", f"theirs_{number}")
        await ledger.close(is_removed=True)
        return _lost(server, name, server.dump(expected))


async def changed_above(server: PostgresServer) -> list[str]:
    """Begin a job, let others depend on its objects, discard it, and begin another; return what they lack then."""
    name = f"above_{next(_names)}"
    with foreign_objects.database(server, name) as connection:
        ledger = await _begun(f"{server.conninfo(name)}&schema=made")
        for statement in DEPENDING:
            connection.execute(statement.encode())
        before = server.dump(name)
        await ledger.close(is_removed=True)
        await _try_all(server.conninfo(name), ["made"])
        return _lost(server, name, before)


def _lost(server: PostgresServer, name: str, before: str) -> list[str]:
    """Return the lines about objects that a dump has lost."""
    after = server.dump(name).splitlines()
    return [f"{name} lost: {line}" for line in before.splitlines() if line not in set(after)]
