"""``frontegg schema``: the JSON Schema of the files for plans."""

from __future__ import annotations

import sys

import click

from frontegg_async._formats.json_text import indented_json
from frontegg_async.cli.command import Argument, Command
from frontegg_async.cli.failures import ExitCode
from frontegg_async.cli.session import Session
from frontegg_async.plans.file_schemas.file_schemas import FILE_SCHEMAS, FileKindLiteral, file_schema


def schema(name: str) -> Command:
    """Return the command ``frontegg schema``.

    Args:
        name: The name of the command.
    """

    def run(_: Session, kind: FileKindLiteral) -> int:
        sys.stdout.write(indented_json(file_schema(kind)))
        return ExitCode.DONE

    return Command(
        name,
        run,
        params=[Argument("kind", "accounts or environment.", metavar="KIND", type=click.Choice([*FILE_SCHEMAS]))],
        help="Print the JSON Schema of accounts files or of environment files.\n\n"
        "Editors use the schema to complete and check files. The command needs no credential and sends no request.",
        examples=(f"{name} accounts", f"{name} environment"),
    )
