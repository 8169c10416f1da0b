"""``frontegg plan`` and ``frontegg bulk undo``: plans of changes, shown and written to a file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal, TypeAlias

import click

from frontegg_async._formats.terminal import has_colour
from frontegg_async.cli import talk
from frontegg_async.cli.command import Argument, Command
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.output import Format
from frontegg_async.cli.session import Session
from frontegg_async.errors import FilesError
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.plans.environment_files.variables import read_variables
from frontegg_async.plans.guards import NAMES
from frontegg_async.plans.plan import Plan

_COLUMNS: Final = ("kind", "key", "path", "before", "after", "why", "note")
_NOTES: Final = 20
"""The maximum number of values without a plan that standard error lists beside output for programs."""
_COLOURS: Final = {"+": "green", "-": "red", "~": "yellow", ">": "cyan"}
"""The colour of a line on a terminal, by its first character."""
_PlanFormat: TypeAlias = Literal[Format, "markdown"]


def _allowed(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, int]:
    """Return the numbers of ``--allow``, by guard.

    Raises:
        CommandError: A value is not ``GUARD=NUMBER``.
    """
    found: dict[str, int] = {}
    for value in values:
        name, _equals, number = value.partition("=")
        if not (number.isascii() and number.isdigit()):
            raise CommandError(f"--allow must be GUARD=NUMBER, such as delete=12, not {value!r}", ExitCode.USAGE)
        found[name] = int(number)
    return found


def _variables(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Return the values of ``--var``, by variable.

    Raises:
        CommandError: A value is not ``NAME=VALUE``, or a name is given twice.
    """
    found: dict[str, str] = {}
    for each in values:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise CommandError(
                f"--var must be NAME=VALUE, such as DESK_URL=https://desk.example, not {each!r}", ExitCode.USAGE
            )
        if name in found:
            raise CommandError(f"--var sets {name} twice", ExitCode.USAGE)
        found[name] = value
    return found


_SHOWN: Final = (
    click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the plan to this file."),
    click.option(
        "--allow",
        multiple=True,
        callback=_allowed,
        metavar="GUARD=N",
        help=f"Let a guard pass exactly this number of changes, such as delete=12. The guards are {', '.join(NAMES)}.",
    ),
    click.option("--exit-code", is_flag=True, help=f"Exit with {ExitCode.DIFFERENCES:d} if there are changes."),
    click.option("--markdown", is_flag=True, help="Write Markdown instead of the --output format."),
)


def _shown(run: Callable[..., int]) -> Callable[..., int]:
    """Add the options for the output of a plan to a command."""
    for option in reversed(_SHOWN):
        run = option(run)
    return run


def plan(name: str) -> Command:
    """Return the command ``frontegg plan``.

    Args:
        name: The name of the command.
    """

    @click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
    @click.option("--base", type=click.Path(path_type=Path), help="The export from which the files were made.")
    @click.option(
        "--only",
        multiple=True,
        metavar="SELECTOR",
        help="Plan only the selected changes, such as id:acme*, under:north, metadata.plan:pro, part:metadata or "
        "part:roles. A comma means and. A repeated option means or.",
    )
    @click.option(
        "--prune",
        multiple=True,
        metavar="SELECTOR",
        help="Delete selected accounts and objects that are missing in the files. id:a-* and under:north select "
        "accounts. part:roles selects objects of the environment.",
    )
    @click.option(
        "--var", "given", multiple=True, callback=_variables, metavar="NAME=VALUE", help="Set a variable of the files."
    )
    @click.option(
        "--vars", "file", type=click.Path(path_type=Path, dir_okay=False), help="Read variables from this file."
    )
    @click.option("--send-email", is_flag=True, help="Let the service send an e-mail to each invited user.")
    @_shown
    def run(
        session: Session,
        *,
        files: tuple[Path, ...],
        out: Path | None,
        base: Path | None,
        only: tuple[str, ...],
        prune: tuple[str, ...],
        given: dict[str, str],
        file: Path | None,
        send_email: bool,
        allow: dict[str, int],
        exit_code: bool,
        markdown: bool,
    ) -> int:
        chosen = _chosen_format(session, markdown=markdown)
        _check_out(out, [*files, *filter(None, [base, file])])
        try:
            values = {**({} if file is None else read_variables(file)), **given}
            with session.progress("accounts") as progress:
                made = session.run(
                    lambda client: client.plan(
                        files,
                        base=base,
                        only=only,
                        prune=prune,
                        allow=allow,
                        vars=values,
                        send_email=send_email,
                        on_progress=progress.update,
                    )
                )
        except FilesError as error:
            raise _faulty(error) from None
        return _show_plan(session, made, chosen, read=progress.done, out=out, exit_code=exit_code)

    return Command(
        name,
        run,
        help="Show the changes that files describe, and write them to a plan for 'frontegg apply'.\n\n"
        "FILES are accounts files (.jsonl, .yml, .csv) and environment files (.yml, .json) in the format of exports. "
        "Fields that a file omits stay unchanged, and null clears a field. Without --prune, accounts and objects "
        "that are missing in the files stay. Only GET requests are sent.",
        examples=(
            f"{name} accounts.yml --out plan.jsonl",
            f"{name} edited.jsonl --base original.jsonl --out plan.jsonl",
            f"{name} environment.yml production.yml --vars production-variables.yml --out plan.jsonl",
            f"{name} accounts.yml --only under:north --markdown",
        ),
    )


def _chosen_format(session: Session, *, markdown: bool) -> _PlanFormat:
    """Return the format of a plan.

    Raises:
        CommandError: Two formats are given, or ``--fields`` names an unknown field.
    """
    if markdown and session.output is not None:
        raise CommandError("give --markdown or --output, not both", ExitCode.USAGE)
    session.check_fields(_COLUMNS)
    return "markdown" if markdown else session.format


def _show_plan(
    session: Session, made: Plan, chosen: _PlanFormat, *, read: int, out: Path | None, exit_code: bool
) -> int:
    """Write a plan to its file and to standard output, and return the exit code.

    Args:
        session: The session.
        made: The plan.
        chosen: The format.
        read: The number of accounts that were read.
        out: The file; ``None`` to write none.
        exit_code: Whether the exit code is 5 if there are changes.
    """
    part = f"{read:,} of " if read < made.accounts else ""
    things = [] if made.objects and not made.accounts else [f"{part}{_counted(made.accounts, 'account')}"]
    things += [
        _counted(count, ENVIRONMENT[name].noun) for name, count in made.objects.items() if ENVIRONMENT[name].can_create
    ]
    session.say(f"{session.connection.environment}: {', '.join(things)} read with {session.requests:,} requests")
    if out is not None:
        made.save(out)
    if chosen in ("table", "markdown") and not session.fields:
        colours = _COLOURS if chosen == "table" and has_colour(sys.stdout) else {}
        for line in made.lines("markdown" if chosen == "markdown" else "table"):
            colour = colours.get(line[:1])
            sys.stdout.write(f"{click.style(line, fg=colour) if colour else line}\n")
    else:
        for note in made.notes[:_NOTES]:
            session.say(f"? {' '.join(filter(None, (note.key, note.path)))} {note.text}: not planned")
        if made.not_planned > _NOTES:
            session.say(f"? and {made.not_planned - _NOTES:,} more: not planned")
        records = (each.to_dict() for each in made)
        asyncio.run(session.show_all(records, columns=_COLUMNS, id_field="key", what="changes"))
    if made.shut_guards:
        raise shut_error(made)
    return ExitCode.DIFFERENCES if exit_code and made else ExitCode.DONE


def _counted(number: int, noun: str) -> str:
    plural = f"{noun.removesuffix('y')}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def _check_out(out: Path | None, sources: Sequence[Path]) -> None:
    """Refuse to overwrite a source of the plan."""
    if out is not None and out.exists() and any(each.exists() and out.samefile(each) for each in sources):
        raise CommandError(f"--out must be another file: the plan is made from {out}", ExitCode.USAGE)


def shut_error(made: Plan) -> CommandError:
    """Return the error of a plan that guards refuse.

    Args:
        made: The plan.
    """
    names = ", ".join(str(each) for each in made.shut_guards)
    numbers = " ".join(f"--allow {each.name}={each.count}" for each in made.shut_guards)
    return CommandError(
        f"the plan cannot be applied, since a guard refuses it: {names}",
        ExitCode.GUARD,
        f"If these changes are intended, make the plan again with {numbers}",
    )


def undo(name: str) -> Command:
    """Return the command ``frontegg bulk undo``.

    Args:
        name: The name of the command.
    """

    @_shown
    def run(
        session: Session, *, ledger: str, out: Path | None, allow: dict[str, int], exit_code: bool, markdown: bool
    ) -> int:
        chosen = _chosen_format(session, markdown=markdown)
        with session.progress("accounts") as progress:
            made = session.run(lambda client: client.undo(ledger, allow=allow, on_progress=progress.update))
        return _show_plan(session, made, chosen, read=progress.done, out=out, exit_code=exit_code)

    return Command(
        name,
        run,
        params=[Argument("ledger", "The ledger of the job.")],
        help="Show how to restore the values from before a job, and write a plan for 'frontegg apply'.\n\n"
        "Values that others changed after the job keep their new values. The plan deletes the accounts that the job "
        "created. A deletion cannot be undone. Only GET requests are sent.",
        examples=(f"bulk {name} import.sqlite3 --out undo.jsonl",),
    )


def _faulty(error: FilesError) -> CommandError:
    """Write the faults of files, each on a line with its place, and return the error of the command."""
    lines = str(error).splitlines()
    for line in lines:
        talk.say(line)
    return CommandError("nothing was planned: the files have faults", ExitCode.USAGE)
