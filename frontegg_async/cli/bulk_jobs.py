"""Run a bulk job for a command: settings, progress, report, and the command that continues the job."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeAlias, TypedDict

import click

from frontegg_async._values.records import record_of
from frontegg_async.bulk.ledger import RowState
from frontegg_async.bulk.report import NUMBERS, BulkReport
from frontegg_async.bulk.settings import parse_rate
from frontegg_async.bulk.stores import read_report
from frontegg_async.cli import talk
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.session import Session
from frontegg_async.errors import (
    AuthenticationError,
    FronteggError,
    GuardShutError,
    LedgerExistsError,
    LedgerInUseError,
    UnusableLedgerError,
)

if TYPE_CHECKING:
    from frontegg_async.bulk.progress import BulkProgress
    from frontegg_async.client import AsyncFrontegg

_DENIED: Final = frozenset({"AuthenticationError", "PermissionDeniedError"})
_REFUSED: Final = "The service refused the credential. If the secret was rotated, store the new secret, then continue:"
REPORT: Final = (*NUMBERS, "reasons")
"""The fields of a report."""

Show: TypeAlias = "Callable[[BulkProgress], None]"
"""A function that shows the progress of a job."""


def _rate(_: click.Context, __: click.Parameter, value: str | None) -> float | str | None:
    """Return the value of ``--rate``: a number of requests a second, or a text such as ``1000/min``."""
    if value is None:
        return None
    rate: float | str
    try:
        rate = float(value)
    except ValueError:
        rate = value
    parse_rate(rate)
    return rate


class JobSettings(TypedDict):
    """The settings of a job; ``None`` if omitted."""

    rate: float | str | None
    concurrency: int | None
    reserve: float | None
    max_failures: float | None


_SETTINGS: Final = (
    click.option(
        "--rate",
        callback=_rate,
        metavar="RATE",
        help="The maximum rate of requests: a number per second such as 200, or 400/s or 1000/min. The default of "
        "invite is 30/min.",
    ),
    click.option(
        "--concurrency",
        type=click.IntRange(1, 1_000),
        metavar="N",
        help="The maximum number of parallel requests.",
    ),
    click.option(
        "--reserve",
        type=click.FloatRange(0, 1, max_open=True),
        metavar="SHARE",
        help="The share of the service's rate limit to leave to other clients, such as 0.2.",
    ),
    click.option(
        "--max-failures",
        type=click.FloatRange(0),
        metavar="N",
        help="The number of rows that may fail, or their share if below 1. Further failures stop the job.",
    ),
)


def with_settings(run: Callable[..., int]) -> Callable[..., int]:
    """Add the options of `JobSettings` to a command.

    Args:
        run: The function of the command.
    """
    for option in reversed(_SETTINGS):
        run = option(run)
    return run


def given_settings(settings: JobSettings) -> dict[str, object]:
    """Return the given settings as arguments for the methods of jobs.

    Args:
        settings: The settings.
    """
    names = JobSettings.__annotations__
    given = {name: value for name, value in settings.items() if name in names and value is not None}
    most = settings["max_failures"]
    if most is not None and most.is_integer():
        given["max_failures"] = int(most)
    return given


def watched(session: Session, function: Callable[[AsyncFrontegg, Show], Awaitable[BulkReport]]) -> BulkReport:
    """Run a job, and show its progress.

    Args:
        session: The session.
        function: A function that runs the job. Its arguments are a client and a function that shows the progress.

    Raises:
        FronteggError: The service refused the credential, or the function raised the error.
    """
    with session.progress("rows") as progress:

        def show(now: BulkProgress) -> None:
            progress.update(now.finished, now.total, record_of(now))

        async def work(client: AsyncFrontegg) -> BulkReport:
            await client.check()  # a wrong secret is one error here, instead of an error for each row
            return await function(client, show)

        return session.run(work)


def work(session: Session, ledger: str, function: Callable[[AsyncFrontegg, Show], Awaitable[BulkReport]]) -> int:
    """Run a job with a ledger, show its report and the command that continues it, and return the exit code.

    Args:
        session: The session.
        ledger: The ledger.
        function: A function that runs the job. Its arguments are a client and a function that shows the progress.

    Raises:
        CommandError: A guard stopped the job, the ledger exists already, or another process uses the ledger.
        FronteggError: The function raised another error.
    """
    try:
        report = watched(session, function)
    except GuardShutError as error:
        raise _stopped(read_report(ledger), error.guard or "", ledger) from None
    except LedgerExistsError:
        message = f"the ledger {ledger} exists already, and a new job needs a new ledger"
        advice = f"to continue the job of this ledger:\n{command_line('resume', ledger)}"
        raise CommandError(message, ExitCode.USAGE, advice) from None
    except LedgerInUseError as error:
        advice = f"to see the progress of the job:\n{command_line('status', ledger)}"
        raise CommandError(error.message, ExitCode.HELD, advice) from None
    except KeyboardInterrupt:
        session.writes.clear()  # before the message: another signal may come at any time
        talk.say(_interrupted(ledger))
        return ExitCode.INTERRUPTED
    show_report(session, report)
    code = _code_of(report)
    if code is not ExitCode.DONE:
        session.writes.clear()  # the messages below name the ledger, which has all outcomes
        _say_what_is_left(session, report, code, ledger)
    return code


def _say_what_is_left(session: Session, report: BulkReport, code: ExitCode, ledger: str) -> None:
    if is_refused(report):
        session.say(f"{_REFUSED}\n{command_line('resume', ledger)}")
    elif code is ExitCode.UNKNOWN:
        session.say(f"to find out the outcome of the unknown rows:\n{command_line('resume', ledger)}")
        session.say(f"to see the unknown rows:\n{command_line('report', ledger, '--only', 'unknown')}")
    elif code is ExitCode.INTERRUPTED:
        session.say(f"to continue:\n{command_line('resume', ledger)}")
    else:
        for what, only, count in (("failed", "failed", report.failed), ("are stale", "stale", report.stale)):
            if count:
                session.say(f"to see the rows that {what}:\n{command_line('report', ledger, '--only', only)}")


def _stopped(report: BulkReport, guard: str, ledger: str) -> CommandError:
    """Return the error of a job that a guard has stopped."""
    reason = f"the guard {guard} stopped the job: {report.guard_reason}"
    override = command_line("resume", ledger, "--override", guard)
    if is_refused(report):
        return CommandError(reason, ExitCode.DENIED, f"{_REFUSED}\n{override}")
    return CommandError(reason, ExitCode.GUARD, f"to continue anyway:\n{override}")


def _interrupted(ledger: str) -> str:
    """Return a message with the progress of an interrupted run, and the command that continues it."""
    reached = ""
    try:
        report = read_report(ledger)
    except UnusableLedgerError:
        return "interrupted; nothing was sent"
    except FronteggError:
        pass  # for example a ledger on a server that is unreachable
    else:
        if not report.total:
            return "interrupted; nothing was sent"
        reached = (
            f" after {report.total - report.pending - report.in_flight - report.unknown:,} of {report.total:,} rows"
        )
    return f"interrupted{reached}; to continue:\n{command_line('resume', ledger)}"


def is_refused(report: BulkReport) -> bool:
    """Return whether rows failed because the service refused the credential. `resume` sends these rows again.

    Args:
        report: The report.
    """
    return any(reason.error == AuthenticationError.__name__ for reason in report.reasons())


def _code_of(report: BulkReport) -> ExitCode:
    if is_refused(report):
        return ExitCode.DENIED
    if report.pending:
        return ExitCode.INTERRUPTED
    if report.unknown or report.in_flight:
        return ExitCode.UNKNOWN
    if not report.failed:
        return ExitCode.PARTLY if report.stale else ExitCode.DONE
    errors = {reason.error for reason in report.reasons() if reason.state is RowState.FAILED}
    return ExitCode.DENIED if not report.succeeded and errors <= _DENIED else ExitCode.PARTLY


def show_report(session: Session, report: BulkReport) -> None:
    """Write a report: a summary for people, or the fields for programs.

    Args:
        session: The session.
        report: The report.
    """
    if session.format == "table" and not session.fields:
        sys.stdout.write(f"{report.summary(notes=False)}\n")
    else:
        session.show(report.to_dict(), id_field="operation")


def command_line(verb: str, *arguments: str) -> str:
    """Return a command line of ``frontegg bulk`` to paste into a shell.

    Args:
        verb: The command.
        arguments: Its arguments.
    """
    words = ["frontegg", "bulk", verb, *arguments]
    return shlex.join(words) if os.name == "posix" else subprocess.list2cmdline(words)
