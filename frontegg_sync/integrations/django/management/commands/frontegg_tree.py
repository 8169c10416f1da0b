"""``manage.py frontegg_tree``: draw a tenant and all its sub-accounts."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TypedDict, Unpack

from django.core.management.base import CommandError

from frontegg_async.errors import FronteggError, NotFoundError
from frontegg_async.tree import TenantTree
from frontegg_sync.integrations.django.clients import get_client
from frontegg_sync.integrations.django.management.command_errors import command_error
from frontegg_sync.integrations.django.management.output import write_lines
from frontegg_sync.integrations.django.typed_bases import BaseCommand


class Given(TypedDict):
    """The arguments of the command line."""

    tenant_id: str
    depth: int | None
    format: str


class Command(BaseCommand):
    """Draws a tenant and all its sub-accounts."""

    help = "Draws a tenant (account) of the Frontegg environment and all its sub-accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the command's arguments.

        Args:
            parser: The parser of its command line.
        """
        parser.add_argument("tenant_id", metavar="ID", help="the tenant at the top")
        parser.add_argument("--depth", type=int, metavar="N", help="levels to draw as text; 100 by default")
        parser.add_argument("--format", choices=("text", "mermaid", "dot"), default="text", help="text by default")

    def handle(self, *_: object, **given: Unpack[Given]) -> None:
        """Run the command.

        Raises:
            CommandError: There is no such tenant, a call failed, or an argument is not allowed.
            SystemExit: The reader of the output is gone.
        """
        if given["depth"] is not None and given["format"] != "text":
            raise CommandError(f"--depth is for text, and not for {given['format']}")
        try:
            drawn = _draw(get_client().hierarchy.tree(given["tenant_id"]), given["format"], given["depth"])
        except NotFoundError as error:
            raise CommandError(f"there is no tenant {given['tenant_id']!r}") from error
        except FronteggError as error:
            raise command_error(error) from error
        write_lines(self.stdout, [drawn])


def _draw(tree: TenantTree, form: str, depth: int | None) -> str:
    if form == "mermaid":
        return tree.to_mermaid()
    if form == "dot":
        return tree.to_dot()
    return tree.render() if depth is None else tree.render(max_depth=depth)
