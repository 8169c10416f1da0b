"""Read the rows of ``frontegg bulk``, and ask a person before the rows are sent."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from frontegg_async.bulk.chosen_columns import ChosenColumns
from frontegg_async.bulk.operation import Operation
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.row_files import NamedFile
from frontegg_async.bulk.row_values import describe_left_out
from frontegg_async.bulk.rows import read_chunks
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.inputs import MAX_BYTES, lines_of
from frontegg_async.cli.session import Session
from frontegg_async.errors import AuthenticationError, UnusableRowsError


@contextmanager
def rows_of(file: str, *, copied: bool) -> Generator[Path]:
    """Yield the path of a file of rows.

    Standard input is copied to a temporary file, so that Ctrl-C ends the reading.

    Args:
        file: The file, or ``-`` for standard input.
        copied: Whether to copy a file as well. The rows of the copy cannot change after a person has confirmed the run.

    Raises:
        CommandError: The file does not exist, cannot be copied, or has a line that is too long.
        UnusableRowsError: The ``with`` block raised this error. The message names the given file instead of the copy.
    """
    given = Path(file)
    if file != "-" and not given.exists():
        raise CommandError(f"there is no file {file}", ExitCode.USAGE)
    if file != "-" and (not copied or given.is_dir()):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="frontegg-") as directory:
        path = Path(directory, f"input{'.jsonl' if file == '-' else given.suffix}")
        try:
            with path.open("wb") as copy, given.open("rb") if file != "-" else _standard_input() as source:
                # Check the length of lines: a reader of the rows would wait forever for the end of an endless line.
                copy.writelines(lines_of(source, "standard input" if file == "-" else file, MAX_BYTES))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}", ExitCode.USAGE) from None
        try:
            yield path
        except UnusableRowsError as error:
            name = "standard input" if file == "-" else file
            raise error.fresh(message=error.message.replace(str(path), name)) from None


@contextmanager
def _standard_input() -> Generator[BinaryIO]:
    yield sys.stdin.buffer


def asks_to_run(session: Session, operation: Operation) -> bool:
    """Return whether `agree_to_run` may have to ask a person before the command sends rows.

    Args:
        session: The session.
        operation: The operation.

    Raises:
        FronteggError: The environment cannot be read.
    """
    always = operation.makes_tenant or operation.is_confirmed or operation.is_lossy
    return not session.yes and (always or session.standing.is_production)


def agree_to_run(
    session: Session, operation: Operation, source: Path | NamedFile, chosen: ChosenColumns | None = None
) -> dict[str, object]:
    """Ask whether to send the rows of a file, and return the arguments of the job that record the answer.

    Deletions, removals, and creations that omit values of an export need an answer in every environment. In production,
    every operation needs an answer.

    Args:
        session: The session.
        operation: The operation.
        source: The file. It must not change while a person is asked.
        chosen: The columns to send. ``None`` sends all.

    Raises:
        CommandError: The answer is no, or there is no terminal to ask at.
        FronteggError: The environment or the rows cannot be read.
    """
    if not operation.makes_tenant and not asks_to_run(session, operation):
        return {"confirm": True} if operation.is_confirmed else {}
    left_out = Counter[str]()

    async def count() -> int:
        chunks = read_chunks(source, operation, chosen, left_out)
        return sum([len(chunk) async for chunk in chunks])

    number = asyncio.run(count())
    if operation.is_confirmed:
        session.confirm(f"Delete {number:,} {'account' if number == 1 else 'accounts'} and all their users")
        return {"confirm": number}
    if operation.makes_tenant and left_out:
        session.say(describe_left_out(left_out))
        session.confirm(f"Create {number:,} accounts without {', '.join(sorted(left_out))}", typed=False)
    elif operation.is_lossy:
        session.confirm(
            f"Remove {number:,} {'user' if number == 1 else 'users'}; users without another account are deleted"
        )
    else:
        rows = f"{number:,} {'row' if number == 1 else 'rows'}"
        session.confirm_in_production(f"Run {operation.name} for {rows}", typed=operation.is_destructive)
    return {}


def agree_to_continue(session: Session, report: BulkReport, *, override: str | None = None) -> None:
    """Ask a person whether to continue a job.

    In production, the person is asked if any row is unfinished. In every environment, the person is asked before a
    deletion begins.

    Args:
        session: The session.
        report: The report of the job's ledger.
        override: The name of the guard to override.

    Raises:
        CommandError: The answer is no, or there is no terminal to ask at.
        FronteggError: The environment cannot be read.
    """
    refused = sum(each.count for each in report.reasons(1_000) if each.error == AuthenticationError.__name__)
    left = report.pending + report.in_flight + report.unknown + refused
    if report.total and not left and not report.failed:  # the job is finished, and nothing is left to send
        return
    operations = [OPERATIONS[name] for name in report.operation.split(",") if name]  # any number of operations
    action = f"Continue {report.operation}, with {left:,} of {report.total:,} rows left,"
    if override == "confirm" and any(each.is_confirmed for each in operations):  # nobody has agreed to the deletion yet
        session.confirm(action)
    else:
        session.confirm_in_production(action, typed=any(each.is_destructive for each in operations))
