"""Note the objects that a ledger in PostgreSQL has made, so that nothing else is ever removed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import psycopg

from frontegg_async.bulk.postgres_address import PostgresAddress
from frontegg_async.bulk.postgres_session import Connection
from frontegg_async.errors import UnusableLedgerError

_MADE: Final = "CREATE TABLE made (kind text NOT NULL, name text NOT NULL, id oid NOT NULL)"

_IN_SCHEMA: Final = """
SELECT o.type, o.identity, d.objid FROM pg_depend d
CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) o
WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = %(schema)s::regnamespace AND d.deptype = 'n'
"""
"""Each object in a schema depends on it: tables, types, functions, extensions and all others."""

# Objects that another session makes meanwhile are left out: they appear as soon as that session commits.
_NOTE: Final = f"INSERT INTO made {_IN_SCHEMA} AND d.xmin::text::bigint = txid_current() %% 4294967296"

_READ: Final = "SELECT kind, name, id FROM made"
"""An object of another id was made by others, under the name of one that they have dropped."""


def note_made(connection: Connection, schema: str, *, is_schema_made: bool) -> None:
    """Note what this transaction has made in the schema.

    Args:
        connection: The connection.
        schema: The name of the schema.
        is_schema_made: Whether it has made the schema too.
    """
    connection.execute(_MADE)
    connection.execute(_NOTE, {"schema": schema})
    if is_schema_made:
        connection.execute(
            "INSERT INTO made VALUES ('schema', %(schema)s, %(schema)s::text::regnamespace)", {"schema": schema}
        )


def check_empty(connection: Connection, address: PostgresAddress) -> None:
    """Refuse a schema that has an object of any kind.

    Raises:
        UnusableLedgerError: It has.
    """
    if found := connection.execute(f"{_IN_SCHEMA} ORDER BY 1, 2 LIMIT 3", {"schema": address.schema}).fetchall():
        raise UnusableLedgerError(
            f"the schema {address.schema} of {address.name} has objects of others, as {_listed(found)}:"
            " a ledger needs a schema of its own"
        )


def drop_made(connection: Connection, address: PostgresAddress) -> None:
    """Remove the objects that the ledger has made, one by one; its schema only if nothing else is in it.

    Raises:
        UnusableLedgerError: Something of others depends on it.
    """
    scope = {"schema": address.schema}
    made = {(kind, name): made_id for kind, name, made_id in connection.execute(_READ)}
    while left := [
        (kind, name)
        for kind, name, found_id in connection.execute(_IN_SCHEMA, scope)
        if (kind, name) in made and made[kind, name] == found_id
    ]:
        # Some depend on others: a function on a table, and a table on another function.
        were_dropped = [_drop(connection, kind, name) for kind, name in left]
        if True not in were_dropped:
            raise UnusableLedgerError(
                f"the ledger {address.name} cannot be removed: objects of others depend on {_listed(left[:3])}"
            )
    if ("schema", address.schema) in made:
        _drop(connection, "schema", f'"{address.schema}"')


def _drop(connection: Connection, kind: str, name: str) -> bool:
    """Remove an object on which nothing depends, and return whether nothing did.

    Args:
        connection: The connection.
        kind: What it is, as SQL.
        name: Its name, with the quotes that it needs.
    """
    try:
        with connection.transaction():
            connection.execute(f"DROP {kind} IF EXISTS {name}".encode())
    except psycopg.errors.DependentObjectsStillExist:
        return False
    return True


def _listed(objects: Sequence[Sequence[str]]) -> str:
    return ", ".join(f"{kind} {name}" for kind, name, *_ in objects)
