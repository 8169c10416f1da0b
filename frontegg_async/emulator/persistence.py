"""Persistence: the state in an SQLite file, written before anybody is told, so that it survives a killed process."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Final, cast

import msgspec

from frontegg_async.emulator.clock import LATEST
from frontegg_async.emulator.environment import Environment
from frontegg_async.emulator.snapshots import EnvironmentRecord, apply_record, record_environment, settings_of
from frontegg_async.emulator.state import RECORD_TYPES, Change, Kind, Record, all_records, record_of, state_of
from frontegg_async.emulator.world import World
from frontegg_async.errors import ConfigurationError

APPLICATION_ID: Final = 0x46454D55
"""Tells an emulator's file from any other SQLite file ("FEMU")."""
FORMAT: Final = 1

_SCHEMA: Final = """
CREATE TABLE environments (client_id TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE records (client_id TEXT, kind TEXT, key TEXT, record BLOB NOT NULL, PRIMARY KEY (client_id, kind, key))
WITHOUT ROWID;
"""
_PUT: Final = "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)"
_DROP: Final = "DELETE FROM records WHERE client_id = ? AND kind = ? AND key = ?"


class SqliteStore:
    """Keeps environments in a file.

    Args:
        connection: The open file.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @contextlib.contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection, None, None]:
        self._connection.execute("BEGIN")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def save(self, environment: Environment) -> None:
        """Keep what changed since the last time."""
        with self._transaction() as connection:
            if environment.settings_changed:
                self._put_environment(connection, environment)
            for change in environment.state.changes:
                self._put(connection, environment.client_id, change, record_of(environment.state, change))

    def save_whole(self, environment: Environment) -> None:
        """Keep all of an environment anew."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM records WHERE client_id = ?", (environment.client_id,))
            self._put_environment(connection, environment)
            for change, record in all_records(environment.state):
                self._put(connection, environment.client_id, change, record)

    def forget(self, client_id: str) -> None:
        """Keep nothing of an environment any more."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM records WHERE client_id = ?", (client_id,))
            connection.execute("DELETE FROM environments WHERE client_id = ?", (client_id,))

    def close(self) -> None:
        """Give back the file."""
        self._connection.close()

    @staticmethod
    def _put_environment(connection: sqlite3.Connection, environment: Environment) -> None:
        record = msgspec.json.encode(record_environment(environment))
        connection.execute("INSERT OR REPLACE INTO environments VALUES (?, ?)", (environment.client_id, record))
        environment.settings_changed = False

    @staticmethod
    def _put(connection: sqlite3.Connection, client_id: str, change: Change, record: Record | None) -> None:
        kind, key = change
        if record is None:
            connection.execute(_DROP, (client_id, kind, key))
        else:
            connection.execute(_PUT, (client_id, kind, key, msgspec.json.encode(record)))

    def load_into(self, world: World) -> bool:
        """Put what was kept into a world; return whether there was anything.

        Raises:
            ValueError: A record is damaged.
        """
        rows = cast("list[tuple[str, bytes]]", self._connection.execute("SELECT * FROM environments").fetchall())
        for client_id, raw in rows:
            record = msgspec.json.decode(raw, type=EnvironmentRecord)
            settings = settings_of(record)
            if record.clock_frozen is not None and not 0 <= record.clock_frozen < LATEST:
                raise ValueError("clock_frozen is out of range")
            state = state_of(self._records(client_id))
            environment = world.add_environment(client_id, record.secret)
            environment.defaults = settings
            environment.state = state
            apply_record(environment, record, settings)
        return bool(rows)

    def _records(self, client_id: str) -> Iterator[Record]:
        rows = self._connection.execute("SELECT kind, record FROM records WHERE client_id = ?", (client_id,))
        for kind, raw in cast("Iterator[tuple[Kind, bytes]]", rows):
            yield msgspec.json.decode(raw, type=RECORD_TYPES[kind])


def open_store(path: Path) -> SqliteStore:
    """Open a persistence file, or make it.

    Raises:
        ConfigurationError: It cannot be opened, is damaged, is another program's, or is in use.
    """
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)
        _prepare(connection, path)
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise ConfigurationError(f"the persistence file {path} {_reason(error)}") from error
    except BaseException:
        if connection is not None:
            connection.close()
        raise
    return SqliteStore(connection)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    application, version = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application == 0 and tables == 0:
        marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT};"
        connection.executescript(f"BEGIN EXCLUSIVE; {_SCHEMA} {marks} COMMIT")
        return
    if application != APPLICATION_ID:
        raise ConfigurationError(f"the persistence file {path} belongs to another program")
    if version != FORMAT:
        raise ConfigurationError(f"the persistence file {path} has format {version}, not {FORMAT}")
    if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise ConfigurationError(f"the persistence file {path} is damaged")


def _reason(error: sqlite3.Error) -> str:
    match error.sqlite_errorname:
        case "SQLITE_CANTOPEN" | "SQLITE_READONLY" | "SQLITE_PERM":
            return "cannot be opened for writing"
        case "SQLITE_BUSY" | "SQLITE_LOCKED":
            return "is in use by another emulator"
        case _:
            return "is damaged"


def attach(world: World, path: Path) -> bool:
    """Load a world from a file and keep it there from now on; return whether the file had anything.

    Raises:
        ConfigurationError: The file cannot be used.
    """
    store = open_store(path)
    try:
        loaded = store.load_into(world)
    except (ValueError, LookupError, sqlite3.Error) as error:
        store.close()
        raise ConfigurationError(f"the persistence file {path} is damaged") from error
    world.store = store
    for environment in world.environments.values():
        world.commit(environment)
    return loaded
