"""``manage.py frontegg_tree``: draw a tenant and all its sub-accounts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Final, TypedDict, Unpack

from django.core.management.base import BaseCommand, CommandError

from frontegg_async.errors import FronteggError, NotFoundError
from frontegg_async.tree import TenantTree, TreeEntry
from frontegg_sync.integrations.django.clients import get_client
from frontegg_sync.integrations.django.management.command_errors import command_error
from frontegg_sync.integrations.django.management.output import csv_lines, has_all_letters, write_lines

_OPTIONS: Final = {"tenant_id": "ID", "max_depth": "--depth"}
_COLUMNS: Final = ("tenant_id", "name", "parent_tenant_id", "depth")


class Given(TypedDict):
    """The arguments of the command line."""

    tenant_id: str
    depth: int | None
    format: str
    csv: bool
    json: bool


class Command(BaseCommand):
    """The command that draws a tenant and all its sub-accounts."""

    help = "Draws a tenant (account) of the Frontegg environment and all its sub-accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the command's arguments.

        Args:
            parser: The parser of its command line.
        """
        parser.add_argument("tenant_id", metavar="ID", help="the tenant at the top")
        parser.add_argument(
            "--depth", type=int, metavar="N", help="the number of levels to draw as text; 100 by default"
        )
        form = parser.add_mutually_exclusive_group()
        form.add_argument(
            "--format",
            choices=("text", "mermaid", "dot"),
            default="text",
            help="the format of the output; text by default",
        )
        form.add_argument("--csv", action="store_true", help="CSV with a row for each tenant")
        form.add_argument("--json", action="store_true", help="a line with a JSON object for each tenant")

    def handle(self, *_: object, **given: Unpack[Given]) -> None:
        """Run the command.

        Raises:
            CommandError: The tenant does not exist, a call failed, or an argument is not allowed.
            SystemExit: The reader of the output is gone.
        """
        form = next((each for each in ("csv", "json") if given[each]), given["format"])
        if given["depth"] is not None and form != "text":
            raise CommandError(f"--depth is for text, and not for {form}")
        try:
            tree = get_client().hierarchy.tree(given["tenant_id"])
            encoder = json.JSONEncoder(ensure_ascii=not has_all_letters(self.stdout))
            lines = _lines(tree, form, given["depth"], encoder)
        except NotFoundError as error:
            raise CommandError(f"there is no tenant {given['tenant_id']!r}") from error
        except FronteggError as error:
            raise command_error(error, _OPTIONS) from error
        write_lines(self.stdout, lines)


def _lines(tree: TenantTree, form: str, depth: int | None, encoder: json.JSONEncoder) -> Iterable[str]:
    match form:
        case "csv":
            return csv_lines(_COLUMNS, map(_row, tree.walk()))
        case "json":
            return (encoder.encode(dict(zip(_COLUMNS, _row(entry), strict=True))) for entry in tree.walk())
        case "mermaid":
            return [tree.to_mermaid()]
        case "dot":
            return [tree.to_dot()]
        case _:
            return [tree.render() if depth is None else tree.render(max_depth=depth)]


def _row(entry: TreeEntry) -> tuple[str | int | None, ...]:
    path = entry.path
    return entry.node.tenant_id, entry.node.tenant_name, path[-2] if entry.depth else None, entry.depth
