"""`SqliteStore`: stores environments in a SQLite file. A change is stored before its response is sent."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar, cast

import msgspec

from frontegg_async._core.runtime.sqlite_files import beside, foreign_beside
from frontegg_async.emulator.store.integrity import check_records
from frontegg_async.emulator.store.state import Change, Kind, State
from frontegg_async.emulator.store.stored_records import RECORD_TYPES, Record, all_records, record_of, state_of
from frontegg_async.emulator.store.switches import change, differences
from frontegg_async.emulator.world.clock import check_clock
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment, EmulatedSettings
from frontegg_async.emulator.world.signing_key import SigningKey
from frontegg_async.emulator.world.world import World
from frontegg_async.errors import ConfigurationError

T = TypeVar("T")

APPLICATION_ID: Final = 0x46454D55
"""The SQLite application id of persistence files. Its bytes spell "FEMU"."""
FORMAT: Final = 2

_SCHEMA: Final = """
CREATE TABLE environments (client_id TEXT PRIMARY KEY, record BLOB NOT NULL);
CREATE TABLE records (client_id TEXT, kind TEXT, key TEXT, record BLOB NOT NULL, PRIMARY KEY (client_id, kind, key));
"""
# A separate statement. It adds the table to the file of an older emulator when the file is opened.
_KEYS: Final = "CREATE TABLE IF NOT EXISTS signing_keys (record BLOB NOT NULL)"
# A replaced row keeps its rowid. Some rules need rows in the order of their creation, which is the order of rowids.
_PUT: Final = """
INSERT INTO records VALUES (?, ?, ?, ?) ON CONFLICT (client_id, kind, key) DO UPDATE SET record = excluded.record
"""
_PUT_ENVIRONMENT: Final = """
INSERT INTO environments VALUES (?, ?) ON CONFLICT (client_id) DO UPDATE SET record = excluded.record
"""
_ENVIRONMENTS: Final = "SELECT client_id, record FROM environments ORDER BY rowid"
_RECORDS: Final = "SELECT kind, record FROM records WHERE client_id = ? ORDER BY rowid"
_ORPHANS: Final = "SELECT 1 FROM records WHERE client_id NOT IN (SELECT client_id FROM environments) LIMIT 1"
_DROP: Final = "DELETE FROM records WHERE client_id = ? AND kind = ? AND key = ?"

_APPLICATION: Final = "PRAGMA application_id"
_TABLES: Final = "SELECT count(*) FROM sqlite_master"

_IN_MEMORY: Final = ":memory:"
_ATTEMPTS: Final = 10
_LONGEST_PAUSE: Final = 0.1


def _pause() -> None:
    # The pause is random. After equal pauses, two processes that collided would collide again.
    time.sleep(random.uniform(0.01, _LONGEST_PAUSE))  # noqa: S311 - not a secret


class PersistedSettings(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The settings of an environment that differ from the settings with which the emulator was started.

    Other settings are not stored. Options of the command line apply to one run, so the file never contains them.
    """

    token_ttl: float | msgspec.UnsetType = msgspec.UNSET
    rate_limit: int | None | msgspec.UnsetType = msgspec.UNSET
    switches: dict[str, str | int] = msgspec.field(name="divergences", default_factory=dict[str, str | int])
    """The switches whose values differ from the start. In files, the field has its former name ``divergences``."""

    @classmethod
    def of(cls, settings: EmulatedSettings, base: EmulatedSettings) -> PersistedSettings:
        """Return the settings that differ from ``base``."""
        return cls(
            token_ttl=msgspec.UNSET if settings.token_ttl == base.token_ttl else settings.token_ttl,
            rate_limit=msgspec.UNSET if settings.rate_limit == base.rate_limit else settings.rate_limit,
            switches=differences(settings.switches, base.switches),
        )

    def over(self, base: EmulatedSettings) -> EmulatedSettings:
        """Return ``base`` with these settings in place of its own.

        Raises:
            ValueError: A value is out of range, or a switch does not exist.
        """
        return EmulatedSettings(
            token_ttl=base.token_ttl if self.token_ttl is msgspec.UNSET else self.token_ttl,
            rate_limit=base.rate_limit if self.rate_limit is msgspec.UNSET else self.rate_limit,
            switches=change(base.switches, dict(self.switches)),
        )


class PersistedEnvironment(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The stored form of an environment without its data.

    ``defaults`` are the settings that apply after a reset. Tokens that were issued before ``earliest_issue`` are
    revoked.
    ``latest_issue`` is the latest time at which any token was issued, even if the clock was set back afterwards.
    """

    secret: str
    settings: PersistedSettings
    defaults: PersistedSettings
    clock_offset: float
    clock_frozen: float | None
    earliest_issue: float = 0.0
    latest_issue: float = 0.0

    @classmethod
    def of(cls, environment: EmulatedEnvironment, base: EmulatedSettings) -> PersistedEnvironment:
        """Return the stored form of an environment without its data."""
        return cls(
            secret=environment.secret,
            settings=PersistedSettings.of(environment.settings, base),
            defaults=PersistedSettings.of(environment.defaults, base),
            clock_offset=environment.clock.offset,
            clock_frozen=environment.clock.frozen,
            earliest_issue=environment.earliest_issue,
            latest_issue=environment.latest_issue,
        )


class SqliteStore:
    """Stores environments in a SQLite file.

    Args:
        connection: The connection to the open file.
        base: The settings with which the emulator was started.
    """

    def __init__(self, connection: sqlite3.Connection, base: EmulatedSettings) -> None:
        self._connection = connection
        self._base = base

    @contextlib.contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection, None, None]:
        self._connection.execute("BEGIN")
        try:
            yield self._connection
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # if the disk is full, SQLite has already rolled back
                self._connection.execute("ROLLBACK")
            raise

    def save(self, environments: Sequence[EmulatedEnvironment]) -> None:
        """Store the changes since the last call."""
        with self._transaction() as connection:
            for environment in environments:
                if environment.settings_changed:
                    self._put_environment(connection, environment)
                for change in environment.state.changes:
                    self._put(connection, environment.client_id, change, record_of(environment.state, change))
        _mark_saved(environments)

    def save_whole(self, environments: Sequence[EmulatedEnvironment], forgotten: Collection[str] = ()) -> None:
        """Store all data of some environments again, and delete the environments with the ids in ``forgotten``."""
        with self._transaction() as connection:
            for client_id in (*forgotten, *(environment.client_id for environment in environments)):
                connection.execute("DELETE FROM records WHERE client_id = ?", (client_id,))
                connection.execute("DELETE FROM environments WHERE client_id = ?", (client_id,))
            for environment in environments:
                self._put_environment(connection, environment)
                for change, record in all_records(environment.state):
                    self._put(connection, environment.client_id, change, record)
        _mark_saved(environments)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _put_environment(self, connection: sqlite3.Connection, environment: EmulatedEnvironment) -> None:
        record = msgspec.json.encode(PersistedEnvironment.of(environment, self._base))
        connection.execute(_PUT_ENVIRONMENT, (environment.client_id, record))

    @staticmethod
    def _put(connection: sqlite3.Connection, client_id: str, change: Change, record: Record | None) -> None:
        kind, key = change
        if record is None:
            connection.execute(_DROP, (client_id, kind, key))
        else:
            connection.execute(_PUT, (client_id, kind, key, msgspec.json.encode(record)))

    def share_key(self, world: World) -> None:
        """Make a world sign with the stored key, so that tokens stay valid. If no key is stored, store the world's key.

        Raises:
            ValueError: The stored key is damaged.
        """
        with self._transaction() as connection:
            connection.execute(_KEYS)
            stored = connection.execute("SELECT record FROM signing_keys").fetchone()
            if stored is None:
                connection.execute("INSERT INTO signing_keys VALUES (?)", (world.key.dump(),))
        if stored is not None:
            world.use_key(SigningKey.load(_bytes(stored[0])))

    def load_into(self, world: World) -> bool:
        """Load the data of a world from the file. If the file has no data, the world keeps its own data.

        Returns:
            Whether the file had data, which means tenants, users or tokens.

        Raises:
            ValueError: A record in the file is damaged.
        """
        connection = self._connection
        if connection.execute(_ORPHANS).fetchone() is not None:
            raise ValueError("there are records without an environment")
        has_data = connection.execute("SELECT 1 FROM records LIMIT 1").fetchone() is not None
        if has_data:
            world.default.replace_state(State())
        for client_id, raw in connection.execute(_ENVIRONMENTS).fetchall():
            self._load(world, client_id, _decode(raw, PersistedEnvironment), has_data=has_data)
        return has_data

    def _load(self, world: World, client_id: object, stored: PersistedEnvironment, *, has_data: bool) -> None:
        if not isinstance(client_id, str):
            raise ValueError("an environment has no name")  # noqa: TRY004 - one kind of error for a damaged file
        check_clock(stored.clock_offset, stored.clock_frozen)
        settings, defaults = stored.settings.over(self._base), stored.defaults.over(self._base)
        environment = world.add_environment(client_id, stored.secret)
        if has_data:
            records = list(self._records(client_id))
            check_records(records)
            environment.replace_state(state_of(records))
        environment.settings = settings
        environment.defaults = defaults
        environment.clock.offset = stored.clock_offset
        environment.clock.frozen = stored.clock_frozen
        environment.earliest_issue = stored.earliest_issue
        environment.latest_issue = max(stored.earliest_issue, stored.latest_issue)

    def _records(self, client_id: str) -> Iterator[Record]:
        rows = self._connection.execute(_RECORDS, (client_id,))
        for kind, raw in cast("Iterator[tuple[Kind, object]]", rows):
            yield _decode(raw, RECORD_TYPES[kind])


def _decode(raw: object, shape: type[T]) -> T:
    if not isinstance(raw, bytes | str):
        raise ValueError("a record is not text")  # noqa: TRY004 - one kind of error for a damaged file
    return msgspec.json.decode(raw, type=shape)


def _bytes(raw: object) -> bytes:
    if not isinstance(raw, bytes):
        raise ValueError("the signing key is not a key")  # noqa: TRY004 - one kind of error for a damaged file
    return raw


def _mark_saved(environments: Iterable[EmulatedEnvironment]) -> None:
    for environment in environments:
        environment.settings_changed = False


def open_store(path: Path, base: EmulatedSettings, *, pause: Callable[[], None] = _pause) -> SqliteStore:
    """Open a persistence file. If the file does not exist, create it.

    If several emulators open a file at once, one of them succeeds. Until then, each emulator may find the file locked
    by another emulator that fails in the end. So opening a locked file is repeated for about half a second.

    Args:
        path: The path of the file.
        base: The settings with which the emulator was started.
        pause: The function that waits before opening a locked file is tried again.

    Raises:
        ConfigurationError: The file cannot be opened, read or written; the file is damaged or in use; or the file
            belongs to another program.
    """
    if str(path) == _IN_MEMORY:
        raise ConfigurationError(
            f"the persistence file {_IN_MEMORY} is SQLite's name for a database in memory: give the path of a "
            "file, or no path to store nothing"
        )
    _check_foreign(path)
    attempts = 1
    while True:
        try:
            return SqliteStore(_connect(path), base)
        except sqlite3.Error as error:
            if attempts == _ATTEMPTS or not _is_locked(error):
                raise ConfigurationError(f"the persistence file {path} {_reason(error)}") from error
        attempts += 1
        pause()


def _check_foreign(path: Path) -> None:
    """Refuse a file of another program.

    This check comes before SQLite opens the file. SQLite would merge the other program's write-ahead log into the file.

    Raises:
        ConfigurationError: The file belongs to another program. Or there is a file of another program beside it that
        SQLite would destroy.
    """
    others = beside(str(path))
    # Check this file second, since another emulator may be creating it.
    is_there = path.exists()
    if foreign := foreign_beside(str(path)) if is_there else next(iter(others), None):
        raise ConfigurationError(f"{foreign} must be moved away: SQLite uses this name for the persistence file")
    if is_there and _is_foreign(path):
        raise ConfigurationError(f"the persistence file {path} belongs to another program")


def _is_foreign(path: Path) -> bool:
    """Return whether a file is the database of another program. The check does not change the file.

    The result is ``False`` if the file is not a database.
    """
    try:
        application, tables = _marks(f"{path.absolute().as_uri()}?immutable=1")
        log = Path(f"{path}-wal")
        if not application and not tables and log.exists():
            # If the process that wrote the file was killed, all data may still be in the write-ahead log.
            with tempfile.TemporaryDirectory(prefix="frontegg-") as directory:
                for each in (path, log):
                    shutil.copyfile(each, Path(directory, each.name))
                application, tables = _marks(Path(directory, path.name).as_uri())
    except (sqlite3.Error, OSError):
        return False
    return application != APPLICATION_ID and bool(application or tables)


def _marks(address: str) -> tuple[int, int]:
    """Return the application id of a database, and the number of objects in its schema."""
    with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
        application, tables = (connection.execute(query).fetchone()[0] for query in (_APPLICATION, _TABLES))
        return application, tables


def _connect(path: Path) -> sqlite3.Connection:
    """Open a file and lock it. If this fails, the file is neither open nor locked afterwards."""
    # Create a new file with permissions for its owner only. Do not open an existing file in this way, since closing it
    # would release SQLite's locks.
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)
    try:
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    application, version, tables = (
        connection.execute(query).fetchone()[0] for query in (_APPLICATION, "PRAGMA user_version", _TABLES)
    )
    is_new = application == 0 and tables == 0
    if not is_new and application != APPLICATION_ID:
        raise ConfigurationError(f"the persistence file {path} belongs to another program")
    # Write the settings only after the check, since they change the file.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if is_new:
        marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT};"
        connection.executescript(f"BEGIN EXCLUSIVE; {_SCHEMA} {marks} COMMIT")
        return
    if version != FORMAT:
        raise ConfigurationError(f"the persistence file {path} has format {version}, not {FORMAT}")
    if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise ConfigurationError(f"the persistence file {path} is damaged")


def _kind(error: sqlite3.Error) -> str:
    # Errors of the module itself, such as text that is not UTF-8, have no name. Many names have details after the kind.
    name: str = getattr(error, "sqlite_errorname", "")
    return "_".join(name.split("_")[:2])


def _is_locked(error: sqlite3.Error) -> bool:
    return _kind(error) in ("SQLITE_BUSY", "SQLITE_LOCKED")


def _reason(error: sqlite3.Error) -> str:
    match _kind(error):
        case "SQLITE_CANTOPEN" | "SQLITE_READONLY" | "SQLITE_PERM":
            return "cannot be opened for writing"
        case "SQLITE_BUSY" | "SQLITE_LOCKED":
            return "is in use by another emulator"
        case "SQLITE_FULL" | "SQLITE_IOERR":
            return f"cannot be read or written: {error}"
        case _:
            return "is damaged"


def attach(world: World, path: Path) -> bool:
    """Load a world from a file, and store later changes in the file. If the file has no data, the world keeps its own.

    Returns:
        Whether the file had data, which means tenants, users or tokens.

    Raises:
        ConfigurationError: The file cannot be used.
    """
    store = open_store(path, world.defaults)
    try:
        store.share_key(world)
        loaded = store.load_into(world)
        world.save_in(store, whole=not loaded)
    except (ValueError, LookupError, OverflowError, RecursionError, sqlite3.Error) as error:
        store.close()
        world.store = None
        reason = _reason(error) if isinstance(error, sqlite3.Error) else "is damaged"
        raise ConfigurationError(f"the persistence file {path} {reason}") from error
    return loaded
