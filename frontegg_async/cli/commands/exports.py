"""``frontegg export`` and ``frontegg diff``: write all accounts to a file, and compare two exports."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, TypeAlias, cast

import attrs
import click

from frontegg_async._core.runtime.gathering import gather
from frontegg_async._formats.terminal import has_colour
from frontegg_async.changes.differences import Differences
from frontegg_async.changes.differences import diff as diff_of
from frontegg_async.cli.command import Command, names_option
from frontegg_async.cli.commands.mirror import opened_mirror
from frontegg_async.cli.connection import Connection
from frontegg_async.cli.failures import CommandError, ExitCode, failure_of
from frontegg_async.cli.output import Format
from frontegg_async.cli.session import Session
from frontegg_async.errors import FronteggError
from frontegg_async.models.exports import ExportKindLiteral, IncludeLiteral
from frontegg_async.snapshots.files import check_path, included_in, read_rows
from frontegg_async.snapshots.rows import INCLUDES

_LIVE: Final = "live"
_PROFILE: Final = ":"
"""The suffix that marks the name of a profile instead of a file."""
_MIRROR: Final = "mirror:"
"""The prefix that marks the address of a mirror instead of a file."""
_COLUMNS: Final = ("kind", "tenant_id", "name", "fields")
_COLOURS: Final = {"+": "green", "-": "red", "~": "yellow", ">": "cyan"}
"""The colour of a line on a terminal, by its first character."""
_EXPORTED: Final[Mapping[ExportKindLiteral, Sequence[str]]] = {
    "accounts": ("path", "accounts"),
    "environment": ("path", "objects", "not_readable"),
}
"""The fields that the command shows about the written file, by the value of ``--kind``."""
_DiffFormat: TypeAlias = Literal[Format, "markdown"]


def export(name: str) -> Command:
    """Return the command ``frontegg export``.

    Args:
        name: The name of the command.
    """

    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    @click.option(
        "--kind",
        type=click.Choice([*_EXPORTED]),
        default="accounts",
        help="accounts: all accounts. environment: the roles, applications and other objects of the environment. The "
        "default is accounts.",
    )
    @names_option(
        "--include",
        help=f"Add parts of each account: {', '.join(INCLUDES)}.",
    )
    @click.option(
        "--vars",
        "variables",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write the addresses of the environment to this .yml or .json file. The export then has variables in the "
        "place of the addresses.",
    )
    @click.option(
        "--only", metavar="FILE", type=click.Path(), help="Write only the accounts whose ids are in this file."
    )
    def run(
        session: Session,
        *,
        file: Path,
        kind: ExportKindLiteral,
        include: tuple[IncludeLiteral, ...],
        variables: Path | None,
        only: str | None,
    ) -> int:
        columns = _EXPORTED[kind]
        session.check_fields(columns)
        ids = None if only is None else _ids_in(_file(only))
        with session.progress("accounts" if kind == "accounts" else "parts") as progress:
            written = session.run(
                lambda client: client.export(
                    file, kind=kind, include=include, vars=variables, only=ids, on_progress=progress.update
                )
            )
        session.show({name: getattr(written, name) for name in columns}, id_field="path")
        for part in written.not_readable:
            session.say(f"? {part} not readable: not exported")
        return ExitCode.PARTLY if written.not_readable else ExitCode.DONE

    return Command(
        name,
        run,
        help="Write all accounts to a .jsonl, .csv or .yml file, or the environment to a .yml or .json file.\n\n"
        "The rows are accounts in order of their ids, or objects of the environment in order of their keys. Equal "
        "accounts or objects give equal bytes. If the export fails, no file is written. Known secrets are never "
        "written. The command names parts of the environment that the credential cannot read, and skips them. The "
        f"exit code is then {ExitCode.PARTLY:d}.",
        examples=(
            f"{name} accounts.jsonl",
            f"{name} accounts.csv --include settings,applications",
            f"{name} some.jsonl --only ids.csv --include users",
            f"{name} environment.yml --kind environment --vars staging.yml",
        ),
    )


def diff(name: str) -> Command:
    """Return the command ``frontegg diff``.

    Args:
        name: The name of the command.
    """

    @click.argument("a", type=click.Path())
    @click.argument("b", type=click.Path())
    @click.option(
        "--only", metavar="FILE", type=click.Path(), help="Compare only the accounts whose ids are in this file."
    )
    @click.option("--exit-code", is_flag=True, help=f"Exit with {ExitCode.DIFFERENCES:d} if there are differences.")
    @click.option("--markdown", is_flag=True, help="Write Markdown instead of the --output format.")
    def run(session: Session, *, a: str, b: str, only: str | None, exit_code: bool, markdown: bool) -> int:
        if markdown and session.output is not None:
            raise CommandError("give --markdown or --output, not both", ExitCode.USAGE)
        chosen: _DiffFormat = "markdown" if markdown else session.format
        with tempfile.TemporaryDirectory(prefix="frontegg-") as directory:
            differences = _differences(session, (a, b), only, Path(directory))
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
        help="Show the differences between two exports, or between environments.\n\n"
        "A and B can be files, profiles, 'live' or mirrors. A profile has a colon at the end, such as staging:. 'live' "
        "is the environment of the settings. A mirror is an address such as mirror:postgresql://app@db/app. A field "
        "that only one of the two exports has is not a difference. Write ./NAME: for a file whose name ends in a "
        "colon.",
        examples=(
            f"{name} monday.jsonl tuesday.jsonl",
            f"{name} accounts.jsonl live --exit-code",
            f"{name} staging: production: --markdown",
            f"{name} mirror:postgresql://app@db/app live",
            f"{name} live edited.csv --only edited.csv",
        ),
    )


def _differences(session: Session, names: tuple[str, str], only: str | None, directory: Path) -> Differences:
    """Return the differences between A and B. Environments are exported to a directory first."""
    sides = {name: _side(session, name) for name in names}
    environments = {name: side for name, side in sides.items() if isinstance(side, Connection | Mirrored)}
    if environments and len(sides) == 1:
        raise CommandError(f"A and B must differ, but both are {names[0]!r}", ExitCode.USAGE)
    ids = None if only is None else _ids_in(_file(only))
    files = [side for side in sides.values() if isinstance(side, Path)]
    include = included_in(check_path(files[0])) if environments and files else ()
    paths = {name: directory / f"{number}.jsonl" for number, name in enumerate(environments)}

    async def export(name: str) -> None:
        side = environments[name]
        if isinstance(side, Mirrored):
            async with session.client() as client, opened_mirror(client, side.url) as mirror:
                await mirror.export(paths[name])
            return
        with _named(name):
            async with session.client(side) as client:
                await client.export(paths[name], include=include, only=ids, on_progress=progress.part())

    if environments:
        with session.progress("accounts") as progress:
            session.run_alone(lambda: gather(export, environments))
    a, b = (paths.get(name, name) for name in names)
    return diff_of(a, b, only=ids)


@attrs.frozen
class Mirrored:
    """A mirror that is compared with an export or an environment."""

    url: str


def _side(session: Session, name: str) -> Connection | Path | Mirrored:
    if name == _LIVE:
        return session.connection
    if name.startswith(_MIRROR):
        return Mirrored(name.removeprefix(_MIRROR))
    is_profile = name.endswith(_PROFILE) and "/" not in name
    return session.connection_of(name.removesuffix(_PROFILE)) if is_profile else _file(name)


def _file(name: str) -> Path:
    path = Path(name)
    if not path.exists():
        raise CommandError(f"there is no file {name}", ExitCode.USAGE)
    return path


def _ids_in(path: Path) -> frozenset[str]:
    ids = frozenset(cast("str", row["tenant_id"]) for row in read_rows(check_path(path, "only")))
    if not ids:
        raise CommandError(f"{path} has no ids of accounts", ExitCode.USAGE)
    return ids


@contextmanager
def _named(name: str) -> Generator[None]:
    """Add the name of a profile to errors that the ``with`` block raises."""
    try:
        yield
    except FronteggError as error:
        if name == _LIVE:
            raise
        failure = failure_of(error)
        raise CommandError(f"{name} {failure.message}", failure.code, failure.advice) from error
