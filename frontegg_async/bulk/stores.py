"""Where ledgers are kept: which store an address means."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of
from frontegg_async.bulk.postgres_address import PostgresAddress, is_postgres
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.sqlite_ledger import SqliteLedger
from frontegg_async.bulk.sqlite_reader import SqliteReader
from frontegg_async.errors import InvalidArgumentError, MissingExtraError

if TYPE_CHECKING:
    from frontegg_async.bulk.postgres_ledger import PostgresLedger


def name_of(ledger: str | os.PathLike[str]) -> str:
    """Return the address of a ledger as text.

    Raises:
        InvalidArgumentError: It is neither the path of a file nor an address of PostgreSQL, or it has a password.
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
    """Whether the system can have a file of this name."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return name != "" and "\0" not in name


@contextlib.contextmanager
def _extra() -> Generator[None]:
    """Say what to install where the extra is missing."""
    try:
        yield
    except ImportError as error:
        raise MissingExtraError(
            "a ledger in PostgreSQL needs psycopg and Procrastinate: pip install 'frontegg-async[distributed]'"
        ) from error


async def begin_ledger(
    ledger: str | os.PathLike[str] | None, *, operation: str, environment: str, settings: Mapping[str, JsonValue]
) -> SqliteLedger | PostgresLedger:
    """Make the ledger of a new job.

    Args:
        ledger: Its address; ``None`` for a temporary one.
        operation: The name of the operation.
        environment: The environment.
        settings: How the job is asked to run.

    Raises:
        InvalidArgumentError: The address is none.
        LedgerExistsError: There is one already.
        LedgerError: It cannot be made.
    """
    name = None if ledger is None else name_of(ledger)
    if name is not None and is_postgres(name):
        address = PostgresAddress.parse(name)
        with _extra():
            from frontegg_async.bulk.postgres_ledger import PostgresLedger  # noqa: PLC0415 - only who uses it has it
        return await PostgresLedger.begin(address, operation=operation, environment=environment, settings=settings)
    return await SqliteLedger.begin(name, operation=operation, environment=environment, settings=settings)


async def resume_ledger(ledger: str | os.PathLike[str]) -> SqliteLedger | PostgresLedger:
    """Take the ledger of a job that was begun.

    Raises:
        InvalidArgumentError: The address is none.
        LedgerError: There is no such ledger, or it cannot be used.
    """
    name = name_of(ledger)
    if is_postgres(name):
        with _extra():
            from frontegg_async.bulk.postgres_ledger import PostgresLedger  # noqa: PLC0415 - only who uses it has it
        return await PostgresLedger.resume(PostgresAddress.parse(name))
    return await SqliteLedger.resume(name)


def read_report(ledger: str | os.PathLike[str]) -> BulkReport:
    """Return the report of a ledger as it is now; the call blocks, and needs no client.

    Raises:
        InvalidArgumentError: The address is none.
        LedgerError: There is no such ledger, or it cannot be read.
    """
    name = name_of(ledger)
    if is_postgres(name):
        with _extra():
            from frontegg_async.bulk.postgres_reader import PostgresReader  # noqa: PLC0415 - only who uses it has it
        return BulkReport(PostgresReader(PostgresAddress.parse(name)))
    return BulkReport(SqliteReader(os.path.realpath(name)))
