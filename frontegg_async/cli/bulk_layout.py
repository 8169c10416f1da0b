"""The options that map the columns of a file to an operation, and the command that prints a template of a file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypedDict

import click

from frontegg_async._formats.csv_text import csv_rows
from frontegg_async.bulk.operation import Column, Operation
from frontegg_async.bulk.operations import JOB_OPERATIONS
from frontegg_async.bulk.row_files import NamedFile, is_csv
from frontegg_async.catalogue.types import Parameter
from frontegg_async.cli.bulk_columns import columns_of, kind_of_column, parameters_of
from frontegg_async.cli.command import Argument, Command, ParamType
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.parameters import cli_word
from frontegg_async.cli.session import Session

_FIELDS: Final = ("column", "type", "required", "example", "about")


class Layout(TypedDict):
    """The options that map the columns of a file to an operation, and set the delimiter."""

    map: tuple[str, ...]
    delimiter: str | None
    ignore_column: tuple[str, ...]


def _delimiter(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    value = "\t" if value in {"\\t", "tab"} else value
    if value is not None and (len(value) != 1 or value in '"\r\n' or not value.isascii()):
        raise click.BadParameter(f"it must be one ASCII character such as ';', or the word tab, and not {value!r}")
    return value


_OPTIONS: Final = (
    click.option(
        "--map",
        multiple=True,
        metavar="NAME=COLUMN",
        help="Read the column NAME of the file as COLUMN, such as 'Plan=metadata.plan'. May be repeated.",
    ),
    click.option(
        "--delimiter",
        callback=_delimiter,
        metavar="CHARACTER",
        help="The delimiter of a CSV file: one character such as ';', or the word tab. The default is a comma. A first "
        "line such as sep=; sets another default.",
    ),
    click.option(
        "--ignore-column", multiple=True, metavar="NAME", help="A column of the file to ignore. May be repeated."
    ),
)


def with_layout(run: Callable[..., int]) -> Callable[..., int]:
    """Add the options of `Layout` to a command.

    Args:
        run: The function of the command.
    """
    for option in reversed(_OPTIONS):
        run = option(run)
    return run


def check_layout(layout: Layout, operation: Operation, file: str) -> Mapping[str, str]:
    """Return the columns of an operation, by the names that a file uses for the columns.

    Args:
        layout: The options.
        operation: The operation.
        file: The file.

    Raises:
        CommandError: An option is malformed, names an unknown column, or does not apply to this file.
    """
    if layout["delimiter"] is not None and not is_csv(Path(file)):
        raise CommandError(f"--delimiter is for CSV files, and {file} is JSON Lines", ExitCode.USAGE)
    columns: dict[str, str] = {}
    for pair in layout["map"]:
        name, equals, column = (part.strip() for part in pair.rpartition("="))
        if not equals or not name or not column:
            raise CommandError(f"--map {pair!r} is not NAME=COLUMN, such as 'Plan=metadata.plan'", ExitCode.USAGE)
        if column.partition(".")[0] not in operation.aliases:
            allowed = ", ".join(operation.columns)
            raise CommandError(
                f"--map {pair!r}: {operation.name} has no column {column}, only {allowed}", ExitCode.USAGE
            )
        _name(columns, name, column)
    for name in layout["ignore_column"]:
        _name(columns, name.strip(), f"_{name.strip()}")
    return columns


def _name(columns: dict[str, str], name: str, column: str) -> None:
    if name in columns:
        raise CommandError(f"--map and --ignore-column name the column {name!r} twice", ExitCode.USAGE)
    columns[name] = column


def laid_out(path: Path, columns: Mapping[str, str], layout: Layout) -> Path | NamedFile:
    """Return a file with the names of its columns and its delimiter. Without such options, return the path alone.

    Args:
        path: The file.
        columns: The result of `check_layout`.
        layout: The options.
    """
    return NamedFile(path, columns, layout["delimiter"]) if columns or layout["delimiter"] else path


def template(operation_type: ParamType) -> Command:
    """Return the command that prints the template of a file.

    Args:
        operation_type: The type of the argument that names an operation.
    """

    def run(session: Session, *, operation: str) -> None:
        found = JOB_OPERATIONS[operation]
        columns = [
            {"column": _shown(column), "type": kind, "required": column.name in found.required, "example": example}
            for column, kind, example in _examples(found)
        ]
        if session.output is not None and session.output != "csv":
            session.check_fields(_FIELDS)
            about = dict(columns_of(found))
            rows = [{**each, "about": about[str(each["column"]).replace(".plan", ".KEY")]} for each in columns]
            asyncio.run(session.show_all(rows, columns=_FIELDS, id_field="column"))
            return
        for each in columns:
            session.say(f"{each['column']}: {each['type']}{', required' if each['required'] else ''}")
        csv_rows(sys.stdout).writerows(
            [[str(each["column"]) for each in columns], [str(each["example"]) for each in columns]]
        )

    return Command(
        "template",
        run,
        params=[
            Argument("operation", f"One of {', '.join(JOB_OPERATIONS)}.", type=operation_type, metavar="OPERATION")
        ],
        help="Print the header of a CSV file for an operation, and an example row.\n\n"
        "The types of the columns go to standard error. With a format other than csv, such as --output json, the "
        "output is a list of the columns with their types.",
        examples=("bulk template create", "bulk template update --output table"),
    )


def _shown(column: Column) -> str:
    return f"{column.name}.plan" if column.is_json else column.name


def _examples(operation: Operation) -> list[tuple[Column, str, str]]:
    """Return each column of an operation with its type and an example."""
    parameters = parameters_of(operation)
    return [
        (
            column,
            "text or JSON" if column.is_json else kind_of_column(column, parameters.get(column.name)),
            _example(column, parameters.get(column.name)),
        )
        for column in operation.columns.values()
    ]


def _example(column: Column, parameter: Parameter | None) -> str:
    """Return an example cell of a column; empty if the column is optional and the catalogue has no example."""
    if column.is_json:
        return "pro"
    if column.name in _CELLS:
        return _CELLS[column.name]
    if parameter is not None and parameter.words:
        return cli_word(parameter.words[0])
    return "true" if column.is_flag else "" if parameter is None else parameter.example


_CELLS: Final = {
    "tenant_id": "acme",
    "parent_tenant_id": "",
    "is_reseller": "false",
    "user_id": "ann@example.com",
    "email": "ann@example.com",
    "role_keys": "Admin;Viewer",
    "role_ids": "",
    "send_email": "",
}
"""Example values by column. They replace the catalogue's examples, in which an account would be its own parent."""
