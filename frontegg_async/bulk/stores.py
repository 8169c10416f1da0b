"""Where ledgers are kept: which store an address means."""

from __future__ import annotations

import os
from collections.abc import Mapping

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of
from frontegg_async.bulk.ledger import Ledger
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.sqlite_ledger import SqliteLedger, SqliteReader
from frontegg_async.errors import InvalidArgumentError


def name_of(ledger: str | os.PathLike[str]) -> str:
    """Return the address of a ledger as text.

    Raises:
        InvalidArgumentError: It is no path of a file.
    """
    if not isinstance(ledger, str | os.PathLike):
        raise InvalidArgumentError(f"ledger must be the path of a file, not {kind_of(ledger)}")
    name = os.fspath(ledger)
    if not name or "\0" in name:
        raise InvalidArgumentError("ledger must be the path of a file")
    if "://" in name:
        raise InvalidArgumentError("ledger must be the path of a file, not an address")
    return name


async def begin_ledger(
    ledger: str | os.PathLike[str] | None, *, operation: str, environment: str, settings: Mapping[str, JsonValue]
) -> Ledger:
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
    path = None if ledger is None else name_of(ledger)
    return await SqliteLedger.begin(path, operation=operation, environment=environment, settings=settings)


async def resume_ledger(ledger: str | os.PathLike[str]) -> Ledger:
    """Take the ledger of a job that was begun.

    Raises:
        InvalidArgumentError: The address is none.
        LedgerError: There is no such ledger, or it cannot be used.
    """
    return await SqliteLedger.resume(name_of(ledger))


def read_report(ledger: str | os.PathLike[str]) -> BulkReport:
    """Return the report of a ledger as it is now; the call blocks, and needs no client.

    Raises:
        InvalidArgumentError: The address is none.
        LedgerError: There is no such ledger, or it cannot be read.
    """
    return BulkReport(SqliteReader(name_of(ledger)))
