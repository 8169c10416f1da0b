"""``frontegg bulk``: process any number of accounts from a file, with a ledger that outlives the process."""

from __future__ import annotations

import asyncio
import difflib
import sys
import warnings
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, Unpack

import click

from frontegg_async._formats.csv_records import CsvWriter
from frontegg_async._formats.csv_text import LinesOfText
from frontegg_async._formats.records import JsonLinesWriter
from frontegg_async._formats.terminal import is_terminal
from frontegg_async._values.records import record_of
from frontegg_async.bulk.chosen_columns import ChosenColumns, parse_columns
from frontegg_async.bulk.ledger import RowState
from frontegg_async.bulk.operations import JOB_OPERATIONS
from frontegg_async.bulk.report import NUMBERS, BulkReport
from frontegg_async.bulk.report_files import FIELDS, csv_columns, json_lines, write_csv
from frontegg_async.bulk.stores import read_report
from frontegg_async.bulk.worker import worker
from frontegg_async.cli import streams
from frontegg_async.cli.bulk_columns import RunCommand
from frontegg_async.cli.bulk_input import agree_to_continue, agree_to_run, asks_to_run, rows_of
from frontegg_async.cli.bulk_jobs import (
    REPORT,
    JobSettings,
    Show,
    command_line,
    given_settings,
    show_report,
    watched,
    with_settings,
    work,
)
from frontegg_async.cli.bulk_layout import Layout, check_layout, laid_out, template, with_layout
from frontegg_async.cli.command import Argument, Command, Entry, Group, entry_of, names_option
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.session import Session
from frontegg_async.errors import InvalidArgumentError, LeftOutWarning

if TYPE_CHECKING:
    from frontegg_async.client import AsyncFrontegg

_COLUMNS: Final = ("row", "tenant_id", "error", "status", "message")
"""The columns of a table of rows."""


def bulk(name: str) -> Group:
    """Return the command ``frontegg bulk``.

    Args:
        name: The name of the command.
    """
    return Group(
        name,
        help="Run an operation for each row of a file.\n\n"
        "A ledger file records all rows before the first request is sent. A run that ends early can be resumed. The "
        "report has the outcome of each row.",
        commands={
            "run": entry_of(_run()),
            "resume": entry_of(_resume()),
            "status": entry_of(_status()),
            "report": entry_of(_report()),
            "worker": entry_of(_worker()),
            "template": entry_of(template(_Operation())),
            "undo": Entry(
                "frontegg_async.cli.commands.plans:undo", "Write a plan that restores the values from before a job."
            ),
        },
        examples=(
            f"{name} run create accounts.csv --ledger import.sqlite3 --rate 400/s",
            f"{name} resume import.sqlite3",
        ),
    )


class _Operation(click.Choice[str]):
    """The name of an operation, with underscores or dashes. The error for an unknown name has a suggestion."""

    def __init__(self) -> None:
        super().__init__(tuple(JOB_OPERATIONS))

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        name = value.replace("-", "_")
        if name not in JOB_OPERATIONS:
            near = difflib.get_close_matches(name, JOB_OPERATIONS, 2, 0.5)
            all_names = ", ".join(JOB_OPERATIONS)
            hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"the operations are {all_names}."
            self.fail(f"there is no operation {value!r}: {hint}", param, ctx)
        return name


def _method(client: AsyncFrontegg, name: str) -> Callable[..., Awaitable[BulkReport]]:
    found: Callable[..., Awaitable[BulkReport]] = getattr(client.bulk, name)
    return found


class _RunOptions(JobSettings, Layout):
    """The settings of a job, and the options that map the columns of its file."""


def _run() -> Command:
    @click.option("--ledger", metavar="LEDGER", help="The file of the new ledger, which must not exist.")
    @with_settings
    @click.option(
        "--on-bad-row",
        type=click.Choice(("raise", "report")),
        default="raise",
        help="raise: stop before the first request if a row is invalid. report: skip and report invalid rows.",
    )
    @names_option(
        "--columns",
        help="The columns to send, such as name,metadata.plan. For rows of an export, all operations but create need "
        "this option. Rows without a value in these columns are skipped.",
    )
    @with_layout
    @click.option(
        "--send-email",
        is_flag=True,
        help="Let the service send e-mails to users. Only for invite and add_to_tenant.",
    )
    @click.option(
        "--keep-before/--no-keep-before",
        default=None,
        help="Record the values that the rows replace, for 'bulk undo'. This is the default.",
    )
    @click.option(
        "--dry-run", is_flag=True, help="Report the effects of a run without sending changes. No ledger is needed."
    )
    @click.option("--rows", is_flag=True, help="After a dry run, write the effect of each row instead of the report.")
    def run(
        session: Session,
        *,
        operation: str,
        file: str,
        ledger: str | None,
        on_bad_row: str,
        columns: tuple[str, ...],
        send_email: bool,
        keep_before: bool | None,
        dry_run: bool,
        rows: bool,
        **options: Unpack[_RunOptions],
    ) -> int:
        if rows and not dry_run:
            advice = "'frontegg bulk report' shows the rows of a run."
            raise CommandError("--rows needs --dry-run", ExitCode.USAGE, advice)
        if ledger is None and not dry_run:
            raise CommandError("--ledger is missing: give the path of a new file", ExitCode.USAGE)
        session.check_fields(FIELDS if rows else REPORT)
        given: dict[str, object] = {"on_bad_row": on_bad_row, "dry_run": dry_run, **given_settings(options)}
        columns_by_name = check_layout(options, JOB_OPERATIONS[operation], file)
        chosen = _chosen(operation, columns)
        given |= {"columns": columns} if chosen is not None else {}
        given |= _kept(operation, keep_before) | _mailed(operation, send_email=send_email)
        is_asked = not dry_run and asks_to_run(session, JOB_OPERATIONS[operation])
        with rows_of(file, copied=is_asked) as path, warnings.catch_warnings():
            source = laid_out(path, columns_by_name, options)
            if not dry_run:
                given |= agree_to_run(session, JOB_OPERATIONS[operation], source, chosen)
                warnings.simplefilter("ignore", LeftOutWarning)  # the question has just listed the values

            def begin(client: AsyncFrontegg, show: Show) -> Awaitable[BulkReport]:
                return _method(client, operation)(source, ledger=ledger, on_progress=show, **given)

            if not dry_run and ledger is not None:
                return work(session, ledger, begin)
            report = watched(session, begin)
            if rows:
                _show_rows(session, report)
            else:
                show_report(session, report)
            session.say(f"dry run: {report.pending:,} of {report.total:,} rows would be sent")
            return ExitCode.PARTLY if report.failed or report.skipped else ExitCode.DONE

    return RunCommand(
        "run",
        run,
        params=[
            Argument("operation", f"One of {', '.join(JOB_OPERATIONS)}.", type=_Operation(), metavar="OPERATION"),
            Argument(
                "file",
                "The file with the rows: .csv, .jsonl or .ndjson; or - for JSON Lines on standard input.",
                type=click.Path(allow_dash=True),
            ),
        ],
        help="Run an operation for each row of a file.\n\n"
        "The columns are the parameters of the operation, such as tenant_id and name. The column metadata.plan sets "
        "the key plan of the metadata. No request is sent before the ledger has all rows. Deletions always ask for "
        "confirmation. In production, all operations ask. 'frontegg bulk run create --help' lists the columns of "
        "create.",
        examples=(
            "bulk run create accounts.csv --ledger import.sqlite3 --rate 400/s",
            "bulk run update accounts.jsonl --dry-run",
            "bulk run delete old.csv --ledger cleanup.sqlite3 --yes",
        ),
    )


def _resume() -> Command:
    @with_settings
    @click.option(
        "--override",
        type=click.Choice(("max_failures", "confirm")),
        help="Continue although this guard has stopped the job.",
    )
    def run(session: Session, *, ledger: str, override: str | None, **settings: Unpack[JobSettings]) -> int:
        session.check_fields(REPORT)
        given: dict[str, object] = {"override": override or False, **given_settings(settings)}

        def resume(client: AsyncFrontegg, show: Show) -> Awaitable[BulkReport]:
            return _method(client, "resume")(ledger, on_progress=show, **given)

        _agree_to_continue(session, ledger, override)
        return work(session, ledger, resume)

    return Command(
        "resume",
        run,
        params=[Argument("ledger", "The ledger of the job.")],
        help="Continue a job after its run ended early.\n\n"
        "First, the command finds out the outcome of rows whose requests were interrupted. A finished job stays "
        "unchanged. If the earlier run ended while it read its input, no request was sent: repeat the command of that "
        "run.",
        examples=("bulk resume import.sqlite3", "bulk resume import.sqlite3 --override max_failures"),
    )


def _worker() -> Command:
    @click.option("--ledger", required=True, metavar="URL", help="The ledger, such as postgresql://user@host/database.")
    @click.option(
        "--concurrency", type=click.IntRange(1, 1_000), metavar="N", help="The maximum number of parallel requests."
    )
    def run(session: Session, *, ledger: str, concurrency: int | None) -> int:
        def take_part(client: AsyncFrontegg, show: Show) -> Awaitable[BulkReport]:
            return worker(ledger, client.bulk, concurrency=concurrency, on_progress=show)

        session.check_fields(REPORT)
        _agree_to_continue(session, ledger)
        return work(session, ledger, take_part)

    return Command(
        "worker",
        run,
        help="Work on a job with a ledger in PostgreSQL, until the job ends.\n\n"
        "Any number of workers share the rows and the rate of the job. After SIGTERM, a worker waits for its open "
        "requests, and then ends.",
        examples=("bulk worker --ledger postgresql://operator@db.example.com/jobs",),
    )


def _status() -> Command:
    def run(session: Session, *, ledger: str) -> None:
        session.check_fields(NUMBERS)
        report = read_report(ledger)
        session.show(record_of(report, NUMBERS), id_field="operation")
        _say_how_to_continue(session, report, ledger)

    return Command(
        "status",
        run,
        params=[Argument("ledger", "The ledger of the job.")],
        help="Show the progress of a job, even while it runs.\n\n"
        "The command reads the ledger, and needs neither a secret nor the network.",
        examples=("bulk status import.sqlite3",),
    )


def _report() -> Command:
    @click.option("--only", type=click.Choice([each.value for each in RowState]), help="Write the rows of this state.")
    def run(session: Session, *, ledger: str, only: str | None) -> None:
        session.check_fields(REPORT if only is None else FIELDS)
        report = read_report(ledger)
        if only is not None:
            _show_rows(session, report, RowState(only))
            return
        show_report(session, report)
        _say_how_to_continue(session, report, ledger)

    return Command(
        "report",
        run,
        params=[Argument("ledger", "The ledger of the job.")],
        help="Show the outcome of a job: counts and reasons, or the rows of one state.\n\n"
        "With --only, rows in the formats csv and jsonl can be the input of another run. They have the input values, "
        "and the outcome in columns that begin with _. --fields selects fields of a row, such as row,error,input.name. "
        "The command reads the ledger, and needs neither a secret nor the network.",
        examples=(
            "bulk report import.sqlite3",
            "bulk report import.sqlite3 --only failed --output csv",
        ),
    )


def _chosen(operation: str, columns: tuple[str, ...]) -> ChosenColumns | None:
    """Return the columns of ``--columns``; refuse the option if the operation does not take it."""
    if not columns:
        return None
    if not JOB_OPERATIONS[operation].sends_fields:
        names = ", ".join(each.name for each in JOB_OPERATIONS.values() if each.sends_fields)
        raise CommandError(f"--columns is for {names}, and not for {operation}", ExitCode.USAGE)
    return parse_columns(JOB_OPERATIONS[operation], columns)


def _kept(operation: str, keep_before: bool | None) -> dict[str, object]:
    """Return the argument of ``--keep-before``; refuse the option if the operation does not take it."""
    if JOB_OPERATIONS[operation].needs_before:
        if keep_before is False:
            raise CommandError(
                f"--no-keep-before is not for {operation}, which always records the replaced values", ExitCode.USAGE
            )
        return {}
    if JOB_OPERATIONS[operation].read_before is not None:
        return {"keep_before": keep_before is not False}
    if keep_before:
        raise CommandError(f"--keep-before is not for {operation}, which replaces no values", ExitCode.USAGE)
    return {}


def _mailed(operation: str, *, send_email: bool) -> dict[str, object]:
    """Return the argument of ``--send-email``; refuse the option if the operation sends no e-mails."""
    if send_email and not JOB_OPERATIONS[operation].sends_email:
        names = ", ".join(each.name for each in JOB_OPERATIONS.values() if each.sends_email)
        raise CommandError(f"--send-email is for {names}, and not for {operation}", ExitCode.USAGE)
    return {"send_email": True} if send_email else {}


def _agree_to_continue(session: Session, ledger: str, override: str | None = None) -> None:
    if not session.yes and (override == "confirm" or session.standing.is_production):
        agree_to_continue(session, read_report(ledger), override=override)


def _say_how_to_continue(session: Session, report: BulkReport, ledger: str) -> None:
    if report.guard is not None:
        session.say(f"the guard {report.guard} stopped the job: {report.guard_reason}; to continue anyway:")
        session.say(command_line("resume", ledger, "--override", report.guard))
    elif report.pending or report.in_flight or report.unknown:
        session.say(f"to continue, if no process works on this job:\n{command_line('resume', ledger)}")


def _show_rows(session: Session, report: BulkReport, only: RowState | None = None) -> None:
    """Write rows of a report. In CSV and JSON Lines, the rows can be the input of another run."""
    if session.format == "jsonl" and not session.fields:
        put = JsonLinesWriter(sys.stdout).put
        for line in streams.while_read(json_lines(report.rows(only=only))):
            put(line)
    elif session.format == "csv" and not session.fields:
        try:
            head = csv_columns(report.rows(only=only), report.operation)
        except InvalidArgumentError as error:
            message = error.message.partition(": write JSON Lines")[0]
            raise CommandError(message, ExitCode.USAGE, "--output jsonl can write these rows.") from None
        file = LinesOfText(CsvWriter(sys.stdout).put) if is_terminal(sys.stdout) else sys.stdout
        write_csv(file, streams.while_read(report.rows(only=only)), report.operation, head)
    else:
        if session.format == "table":
            session.fields = session.fields or _COLUMNS
        records = (record_of(row, FIELDS) for row in report.rows(only=only))
        asyncio.run(session.show_all(records, columns=FIELDS, id_field="tenant_id"))
