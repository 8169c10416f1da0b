"""Objects of others in a database of PostgreSQL, and whether they are as they were."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Mapping
from typing import Final

import psycopg
from psycopg import sql

from tests.support.postgres import PostgresServer

OBJECTS: Final[Mapping[str, str]] = {
    "extension": "CREATE EXTENSION citext SCHEMA {schema};"
    "CREATE TABLE elsewhere.{schema}_{name} (address {schema}.citext)",
    "function": "CREATE FUNCTION {schema}.{name}(int) RETURNS int LANGUAGE sql AS 'SELECT $1'",
    "procedure": "CREATE PROCEDURE {schema}.{name}() LANGUAGE sql AS 'SELECT 1'",
    "aggregate": "CREATE AGGREGATE {schema}.{name}(int) (SFUNC = int4pl, STYPE = int)",
    "enumeration": "CREATE TYPE {schema}.{name} AS ENUM ('a');"
    "CREATE TABLE elsewhere.{schema}_{name} (e {schema}.{name})",
    "composite": "CREATE TYPE {schema}.{name} AS (a int)",
    "range": "CREATE TYPE {schema}.{name} AS RANGE (SUBTYPE = float8)",
    "domain": "CREATE DOMAIN {schema}.{name} AS text CHECK (VALUE <> ''); CREATE TABLE elsewhere.{schema}_{name} "
    "(d {schema}.{name}); INSERT INTO elsewhere.{schema}_{name} VALUES ('x')",
    "table": "CREATE TABLE {schema}.{name} (a int PRIMARY KEY); INSERT INTO {schema}.{name} VALUES (1)",
    "partitioned": "CREATE TABLE {schema}.{name} (a int) PARTITION BY RANGE (a)",
    "view": "CREATE VIEW {schema}.{name} AS SELECT 1 AS a",
    "materialized": "CREATE MATERIALIZED VIEW {schema}.{name} AS SELECT 1 AS a",
    "sequence": "CREATE SEQUENCE {schema}.{name}; CREATE TABLE elsewhere.{schema}_{name} "
    "(n int DEFAULT nextval('{schema}.{name}'))",
    "operator": "CREATE OPERATOR {schema}.%%% (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl)",
    "collation": "CREATE COLLATION {schema}.{name} (LOCALE = 'C')",
    "conversion": "CREATE CONVERSION {schema}.{name} FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
    "dictionary": "CREATE TEXT SEARCH DICTIONARY {schema}.{name} (TEMPLATE = simple)",
    "configuration": "CREATE TEXT SEARCH CONFIGURATION {schema}.{name} (PARSER = default)",
    "statistics": "CREATE TABLE elsewhere.{schema}_{name} (a int, b int);"
    "CREATE STATISTICS {schema}.{name} ON a, b FROM elsewhere.{schema}_{name}",
    "operator family": "CREATE OPERATOR FAMILY {schema}.{name} USING btree",
}
"""What a schema may have, by kind: some are used by a table in the schema ``elsewhere``."""

OWNED: Final = "job"
"""A name that a ledger uses too."""


@contextlib.contextmanager
def database(server: PostgresServer, name: str) -> Generator[psycopg.Connection]:
    """Make a database with the schema ``elsewhere``, and yield a connection.

    Args:
        server: The server.
        name: The name of the database.
    """
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with psycopg.connect(server.conninfo(name), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA elsewhere")
        yield connection


def make(connection: psycopg.Connection, kind: str, schema: str, name: str = OWNED) -> None:
    """Make an object in a schema that is there.

    Args:
        connection: A connection to the database.
        kind: One of `OBJECTS`.
        schema: The name of the schema.
        name: The name of the object.
    """
    connection.execute(OBJECTS[kind].format(schema=schema, name=name).encode())
