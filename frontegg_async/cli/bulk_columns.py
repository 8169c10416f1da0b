"""The help of ``frontegg bulk run OPERATION``: the purpose of the operation, and the columns of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import click

from frontegg_async.bulk.operation import Column, Operation
from frontegg_async.bulk.operations import JOB_OPERATIONS
from frontegg_async.catalogue.lookups import methods_of
from frontegg_async.catalogue.types import Parameter
from frontegg_async.cli.command import Command
from frontegg_async.cli.parameters import cli_word

_NAMED: Final = "frontegg.bulk.operation"
"""The key of the operation's name in the context of ``bulk run``."""


class RunCommand(Command):
    """The command ``bulk run``. Its help describes the operation that the command line names."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Store the name of the operation before click parses the arguments: ``--help`` needs the name."""
        names = (word.replace("-", "_") for word in args)
        ctx.meta[_NAMED] = next((name for name in names if name in JOB_OPERATIONS), None)
        return super().parse_args(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the purpose of the command, then the purpose and the columns of the operation."""
        super().format_help_text(ctx, formatter)
        operation = JOB_OPERATIONS.get(ctx.meta.get(_NAMED) or "")
        if operation is not None:
            with formatter.section(f"Columns of {operation.name}"):
                formatter.write_dl(columns_of(operation))

    def examples_in(self, ctx: click.Context) -> Sequence[str]:
        """Return the examples of the named operation. Without a name, return the examples of the command."""
        named: str | None = ctx.meta.get(_NAMED)
        return self.examples if named is None else examples_of(JOB_OPERATIONS[named])


def parameters_of(operation: Operation) -> dict[str, Parameter]:
    """Return the parameters of the methods that an operation calls, by name.

    Args:
        operation: The operation.
    """
    methods = methods_of("environment", operation.endpoint.name)
    return {each.name: each for method in methods for each in method.parameters}


def columns_of(operation: Operation) -> list[tuple[str, str]]:
    """Return the columns of an operation, each with a description of its values.

    Args:
        operation: The operation.
    """
    parameters = parameters_of(operation)
    return [
        row for column in operation.columns.values() for row in _rows(operation, column, parameters.get(column.name))
    ]


def _rows(operation: Operation, column: Column, parameter: Parameter | None) -> Iterator[tuple[str, str]]:
    """Yield the help line of a column. A column with JSON objects also has a line for columns of single keys."""
    required = ", required" if column.name in operation.required else ""
    clears = "; null clears the field" if column.is_nullable and operation.changes else ""
    about = f" {parameter.about}" if parameter is not None and parameter.about else ""
    if column.name == operation.key and column.name in operation.required:
        about = " The id of the account."
    also = f" Also called {', '.join(column.aliases)}." if column.aliases else ""
    yield column.name, f"{kind_of_column(column, parameter)}{required}{clears}.{about}{also}"
    if column.is_json:
        is_merged = operation.is_merged(f"{column.name}.x") or column.name in operation.required
        others = " Other keys keep their values." if is_merged else ""
        yield f"{column.name}.KEY", f"text or JSON. The value of one key.{others}"


def kind_of_column(column: Column, parameter: Parameter | None) -> str:
    """Return the type of a column, in words.

    Args:
        column: The column.
        parameter: The parameter of the method. ``None`` if the method has no parameter for this column.
    """
    if column.is_json:
        return "JSON"
    if column.is_flag:
        return "true or false"
    if parameter is not None and parameter.words:
        return f"one of {', '.join(map(cli_word, parameter.words))}"
    return "text"


def examples_of(operation: Operation) -> tuple[str, ...]:
    """Return command lines that run an operation.

    Args:
        operation: The operation.
    """
    columns = f" --columns {list(operation.columns)[1]}" if operation.sends_fields else ""
    agreed = " --yes" if operation.is_confirmed else ""
    return (
        f"bulk run {operation.name} rows.csv --dry-run --rows",
        f"bulk run {operation.name} rows.csv --ledger {operation.name}.sqlite3{columns}{agreed}",
    )
