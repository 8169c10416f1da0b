"""``frontegg export`` and ``frontegg diff``: all accounts in a file, and what differs between two of them."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final, Literal, TypeAlias

import click

from frontegg_async._formats.terminal import has_colour
from frontegg_async.changes.differences import Differences
from frontegg_async.changes.differences import diff as diff_of
from frontegg_async.cli.command import Command, names_option
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.output import Format
from frontegg_async.cli.results import columns_of
from frontegg_async.cli.session import Session
from frontegg_async.models.exports import Export, IncludeLiteral
from frontegg_async.snapshots.files import check_path, included_in
from frontegg_async.snapshots.rows import INCLUDES

_LIVE: Final = "live"
_COLUMNS: Final = ("kind", "tenant_id", "name", "fields")
_COLOURS: Final = {"+": "green", "-": "red", "~": "yellow", ">": "cyan"}
"""The colour of a line on a terminal, by how it begins."""
_DiffFormat: TypeAlias = Literal[Format, "markdown"]


def export(name: str) -> Command:
    """Return the command.

    Args:
        name: Its name.
    """

    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    @names_option(
        "--include",
        help=f"Write more of each account: {', '.join(INCLUDES)}.",
    )
    def run(session: Session, *, file: Path, include: tuple[IncludeLiteral, ...]) -> None:
        session.check_fields(columns_of(Export))
        with session.progress("accounts") as progress:
            written = session.run(lambda client: client.export(file, include=include, on_progress=progress.update))
        session.show(written, id_field="path")

    return Command(
        name,
        run,
        help="Write all accounts to a file: .jsonl, .csv or .yml.\n\n"
        "One account a row, by their ids, and the same bytes for the same accounts. A file that is not complete is not "
        "written. Secrets are never written.",
        examples=(f"{name} accounts.jsonl", f"{name} accounts.csv --include settings,sso,api-tokens"),
    )


def diff(name: str) -> Command:
    """Return the command.

    Args:
        name: Its name.
    """

    @click.argument("a", type=click.Path())
    @click.argument("b", type=click.Path())
    @click.option("--exit-code", is_flag=True, help=f"End with {ExitCode.DIFFERENCES:d} if there are differences.")
    @click.option("--markdown", is_flag=True, help="Write Markdown, in the place of a format of --output.")
    def run(session: Session, *, a: str, b: str, exit_code: bool, markdown: bool) -> int:
        if markdown and session.output is not None:
            raise CommandError("give --markdown or --output, not both", ExitCode.USAGE)
        chosen: _DiffFormat = "markdown" if markdown else session.format
        for path in (a, b):
            if path != _LIVE and not Path(path).exists():
                raise CommandError(f"there is no file {path}", ExitCode.USAGE)
        with tempfile.TemporaryDirectory(prefix="frontegg-") as directory:
            differences = _differences(session, a, b, Path(directory))
            if chosen in ("table", "markdown"):
                colours = _COLOURS if chosen == "table" and has_colour(sys.stdout) else {}
                for line in differences.lines(chosen):
                    colour = colours.get(line[:1])
                    sys.stdout.write(f"{click.style(line, fg=colour) if colour else line}\n")
            else:
                records = (each.to_dict() for each in differences)
                asyncio.run(session.show_all(records, columns=_COLUMNS, id_field="tenant_id", what="differences"))
            found = any(differences.counts.values())
        return ExitCode.DIFFERENCES if exit_code and found else ExitCode.DONE

    return Command(
        name,
        run,
        help="Show what differs between two exports, or between one and the environment.\n\n"
        "A and B are files, or 'live' for the environment as it is. What one side does not have is no difference.",
        examples=(
            f"{name} monday.jsonl tuesday.jsonl",
            f"{name} accounts.jsonl live --exit-code",
            f"{name} staging.csv production.csv --markdown",
        ),
    )


def _differences(session: Session, a: str, b: str, directory: Path) -> Differences:
    if a == b == _LIVE:
        raise CommandError("one of the two must be a file, and not 'live'", ExitCode.USAGE)
    if _LIVE not in (a, b):
        return diff_of(a, b)
    file = b if a == _LIVE else a
    include = included_in(check_path(file))
    path = directory / "live.jsonl"
    with session.progress("accounts") as progress:
        session.run(lambda client: client.export(path, include=include, on_progress=progress.update))
    return diff_of(path, b) if file is b else diff_of(a, path)
