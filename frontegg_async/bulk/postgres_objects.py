"""Record the database objects that a ledger in PostgreSQL creates, so that no other object is ever removed."""

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
"""Finds all objects in a schema, since each of them depends on the schema: tables, types, functions, extensions."""

# Leave out objects that another session creates at the same time: they are visible as soon as that session commits.
_NOTE: Final = f"INSERT INTO made {_IN_SCHEMA} AND d.xmin::text::bigint = txid_current() %% 4294967296"

_READ: Final = "SELECT kind, name, id FROM made"
"""The id distinguishes an object of the ledger from an object that another program created later with the same name."""


def note_made(connection: Connection, schema: str, *, is_schema_made: bool) -> None:
    """Record the objects that this transaction has created in the schema.

    Args:
        connection: The connection.
        schema: The name of the schema.
        is_schema_made: Whether the transaction has created the schema too.
    """
    connection.execute(_MADE)
    connection.execute(_NOTE, {"schema": schema})
    if is_schema_made:
        connection.execute(
            "INSERT INTO made VALUES ('schema', %(schema)s, %(schema)s::text::regnamespace)", {"schema": schema}
        )


def check_empty(connection: Connection, address: PostgresAddress) -> None:
    """Refuse a schema that contains any object.

    Raises:
        UnusableLedgerError: The schema contains an object.
    """
    if found := connection.execute(f"{_IN_SCHEMA} ORDER BY 1, 2 LIMIT 3", {"schema": address.schema}).fetchall():
        raise UnusableLedgerError(
            f"the schema {address.schema} of {address.name} contains other objects, such as {_listed(found)}:"
            " a ledger needs a schema of its own"
        )


def drop_made(connection: Connection, address: PostgresAddress) -> None:
    """Drop the objects that the ledger created, one by one. Drop its schema only if the schema is empty.

    Raises:
        UnusableLedgerError: An object of another program depends on an object of the ledger.
    """
    scope = {"schema": address.schema}
    made = {(kind, name): made_id for kind, name, made_id in connection.execute(_READ)}
    while left := [
        (kind, name)
        for kind, name, found_id in connection.execute(_IN_SCHEMA, scope)
        if (kind, name) in made and made[kind, name] == found_id
    ]:
        # Repeat, since objects depend on each other: a function on a table, and a table on another function.
        were_dropped = [_drop(connection, kind, name) for kind, name in left]
        if True not in were_dropped:
            raise UnusableLedgerError(
                f"the ledger {address.name} cannot be removed: other objects depend on {_listed(left[:3])}"
            )
    if ("schema", address.schema) in made:
        _drop(connection, "schema", f'"{address.schema}"')


def _drop(connection: Connection, kind: str, name: str) -> bool:
    """Drop an object unless another object depends on it, and return whether it was dropped.

    ``kind`` is the kind of the object in SQL, and ``name`` is a quoted name.
    """
    try:
        with connection.transaction():
            connection.execute(f"DROP {kind} IF EXISTS {name}".encode())
    except psycopg.errors.DependentObjectsStillExist:
        return False
    return True


def _listed(objects: Sequence[Sequence[str]]) -> str:
    return ", ".join(f"{kind} {name}" for kind, name, *_ in objects)
