"""``frontegg export`` and ``frontegg diff``: all accounts in a file, and what differs between two of them."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final, Literal, TypeAlias, cast, get_args

import click

from frontegg_async.cli.command import Command
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.output import FORMATS, Format
from frontegg_async.cli.results import columns_of
from frontegg_async.cli.session import Session
from frontegg_async.cli.talk import has_colour
from frontegg_async.exports.differences import Differences
from frontegg_async.exports.differences import diff as diff_of
from frontegg_async.exports.formats import check_path, included_in
from frontegg_async.models.exports import Export, IncludeLiteral

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
    @click.option(
        "--include",
        metavar="A,B",
        default="",
        help=f"Write more of each account: {', '.join(get_args(IncludeLiteral))}.",
    )
    def run(session: Session, *, file: Path, include: str) -> None:
        session.check_fields(columns_of(Export))
        names = cast("list[IncludeLiteral]", [each.strip() for each in include.split(",") if each.strip()])
        with session.progress("accounts") as progress:
            written = session.run(lambda client: client.export(file, include=names, on_progress=progress.update))
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

    @click.argument("a", type=click.Path(path_type=Path))
    @click.argument("b", type=click.Path(path_type=Path))
    @click.option("--exit-code", is_flag=True, help=f"End with {ExitCode.DIFFERENCES:d} if there are differences.")
    @click.option(
        "--output",
        "-o",
        "format_",
        type=click.Choice((*FORMATS, "markdown")),
        help="The format; a table on a terminal, else jsonl.",
    )
    def run(session: Session, *, a: Path, b: Path, exit_code: bool, format_: _DiffFormat | None) -> int:
        chosen = format_ or session.format
        for path in (a, b):
            if str(path) != _LIVE and not path.exists():
                raise CommandError(f"there is no file {path}", ExitCode.USAGE)
        with tempfile.TemporaryDirectory(prefix="frontegg-") as directory:
            differences = _differences(session, a, b, Path(directory))
            if chosen in ("table", "markdown"):
                colours = _COLOURS if chosen == "table" and has_colour(sys.stdout) else {}
                for line in differences.lines(chosen):
                    colour = colours.get(line[:1])
                    sys.stdout.write(f"{click.style(line, fg=colour) if colour else line}\n")
            else:
                session.output = cast("Format", chosen)
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
            f"{name} staging.csv production.csv --output markdown",
        ),
    )


def _differences(session: Session, a: Path, b: Path, directory: Path) -> Differences:
    if str(a) == str(b) == _LIVE:
        raise CommandError("one of the two must be a file, and not 'live'", ExitCode.USAGE)
    if _LIVE not in (str(a), str(b)):
        return diff_of(a, b)
    file = b if str(a) == _LIVE else a
    include = included_in(check_path(file))
    path = directory / "live.jsonl"
    with session.progress("accounts") as progress:
        session.run(lambda client: client.export(path, include=include, on_progress=progress.update))
    return diff_of(path, b) if file is b else diff_of(a, path)
