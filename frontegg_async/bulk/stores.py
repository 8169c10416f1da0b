"""Open a ledger by its address, with the store and the engine for this kind of ledger."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import TYPE_CHECKING, TypeAlias

import attrs

from frontegg_async._core.call.caller import Caller, Tally
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of
from frontegg_async.bulk.engine import Engine
from frontegg_async.bulk.postgres_address import PostgresAddress, is_postgres
from frontegg_async.bulk.progress import BulkProgress
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.settings import Settings
from frontegg_async.bulk.sqlite_reader import SqliteReader
from frontegg_async.bulk.sqlite_store import SqliteStore
from frontegg_async.bulk.store import Store
from frontegg_async.errors import InvalidArgumentError, MissingExtraError

if TYPE_CHECKING:
    from frontegg_async.bulk.postgres_store import PostgresStore


def name_of(ledger: str | os.PathLike[str]) -> str:
    """Return the address of a ledger as text.

    Raises:
        InvalidArgumentError: The value is neither a file path nor a PostgreSQL address, or contains a password.
    """
    expected = "ledger must be the path of a file, or postgresql://user@host/database"
    if not isinstance(ledger, str | os.PathLike):
        raise InvalidArgumentError(f"{expected}, not {kind_of(ledger)}")
    name = os.fspath(ledger)
    if not _is_path(name) or ("://" in name and not is_postgres(name)):
        raise InvalidArgumentError(expected)
    if is_postgres(name):
        PostgresAddress.parse(name)
    return name


def _is_path(name: str) -> bool:
    """Return whether the system allows a file with this name."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return name != "" and "\0" not in name


@contextlib.contextmanager
def _extra() -> Generator[None]:
    """Convert an import error into an error that names the extra to install."""
    try:
        yield
    except ImportError as error:
        raise MissingExtraError(
            "a ledger in PostgreSQL needs psycopg and Procrastinate: pip install 'frontegg-async[distributed]'"
        ) from error


Run: TypeAlias = Callable[
    [Caller, Settings, Callable[[BulkProgress], object] | None, Tally | None, float], Awaitable[None]
]
"""Works on a job. The arguments are the caller, the settings, the progress callback, the earlier requests, and the
seconds after which a process without a sign of life has stalled.
"""


@attrs.frozen(eq=False)
class OpenLedger:
    """An open ledger, and the function that works on its job."""

    store: Store
    """The ledger."""
    run: Run
    """Works on the job."""


def _in_sqlite(store: SqliteStore) -> OpenLedger:
    async def run(
        caller: Caller,
        settings: Settings,
        on_progress: Callable[[BulkProgress], object] | None,
        tally: Tally | None,
        stalled_after: float,
    ) -> None:
        del stalled_after  # no other process works on the job
        await Engine(caller, store, settings, on_progress, tally=tally, is_resumed=tally is None).run()

    return OpenLedger(store, run)


def _in_postgres(store: PostgresStore) -> OpenLedger:
    async def run(
        caller: Caller,
        settings: Settings,
        on_progress: Callable[[BulkProgress], object] | None,
        tally: Tally | None,
        stalled_after: float,
    ) -> None:
        from frontegg_async.bulk.shard_worker import ShardWorker  # noqa: PLC0415 - it needs an extra

        await ShardWorker(
            caller, store, settings, stalled_after=stalled_after, on_progress=on_progress, tally=tally
        ).run()

    return OpenLedger(store, run)


async def begin_ledger(
    ledger: str | os.PathLike[str] | None, *, operation: str, environment: str, settings: Mapping[str, JsonValue]
) -> OpenLedger:
    """Create the ledger of a new job.

    Args:
        ledger: The address; ``None`` for a temporary ledger.
        operation: The name of the operation; several names are separated by commas.
        environment: The environment.
        settings: The settings of the job.

    Raises:
        InvalidArgumentError: The address is invalid.
        LedgerExistsError: The ledger already exists.
        LedgerError: The ledger cannot be created.
    """
    name = None if ledger is None else name_of(ledger)
    if name is not None and is_postgres(name):
        address = PostgresAddress.parse(name)
        with _extra():
            from frontegg_async.bulk.postgres_store import PostgresStore  # noqa: PLC0415 - only who uses it has it
        return _in_postgres(
            await PostgresStore.begin(address, operation=operation, environment=environment, settings=settings)
        )
    return _in_sqlite(await SqliteStore.begin(name, operation=operation, environment=environment, settings=settings))


async def resume_ledger(ledger: str | os.PathLike[str]) -> OpenLedger:
    """Open the ledger of an existing job.

    Raises:
        InvalidArgumentError: The address is invalid.
        LedgerError: The ledger does not exist or cannot be used.
    """
    name = name_of(ledger)
    if is_postgres(name):
        with _extra():
            from frontegg_async.bulk.postgres_store import PostgresStore  # noqa: PLC0415 - only who uses it has it
        return _in_postgres(await PostgresStore.resume(PostgresAddress.parse(name)))
    return _in_sqlite(await SqliteStore.resume(name))


def read_report(ledger: str | os.PathLike[str]) -> BulkReport:
    """Return the present report of a ledger. The call blocks, and needs no client.

    Raises:
        InvalidArgumentError: The address is invalid.
        LedgerError: The ledger does not exist or cannot be read.
    """
    name = name_of(ledger)
    if is_postgres(name):
        with _extra():
            from frontegg_async.bulk.postgres_reader import PostgresReader  # noqa: PLC0415 - only who uses it has it
        return BulkReport(PostgresReader(PostgresAddress.parse(name)))
    return BulkReport(SqliteReader(os.path.realpath(name)))
