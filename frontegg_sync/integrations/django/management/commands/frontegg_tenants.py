"""``manage.py frontegg_tenants``: list or count the tenants of the environment."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final, TypedDict, Unpack

import attrs
from django.core.management.base import BaseCommand, CommandError

from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import FronteggError
from frontegg_async.models.page import Order
from frontegg_async.models.tenants import Tenant, TenantSort
from frontegg_sync.integrations.django.clients import get_client
from frontegg_sync.integrations.django.management.command_errors import command_error
from frontegg_sync.integrations.django.management.output import csv_lines, has_all_letters, write_lines

_SORTS: Final = {"created": TenantSort.CREATED_AT, "name": TenantSort.NAME, "id": TenantSort.TENANT_ID}
_ID_WIDTH: Final = 36
_FIELDS: Final = tuple(field.name for field in attrs.fields(Tenant) if field.name != "extra")


class Given(TypedDict):
    """The arguments of the command line."""

    filter: str | None
    ids: list[str] | None
    sort: str | None
    reverse: bool
    limit: int | None
    count: bool
    csv: bool
    json: bool


class Command(BaseCommand):
    """The command that lists or counts the tenants of the environment."""

    help = "Lists the tenants (accounts) of the Frontegg environment that the setting FRONTEGG describes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the command's arguments.

        Args:
            parser: The parser of its command line.
        """
        parser.add_argument("--filter", metavar="TEXT", help="only tenants whose name or id contains this text")
        parser.add_argument("--id", metavar="ID", action="append", dest="ids", help="only this tenant; may be repeated")
        parser.add_argument("--sort", choices=tuple(_SORTS), help="the sort key; the time of creation by default")
        parser.add_argument("--reverse", action="store_true", help="reverse the order")
        parser.add_argument("--limit", type=int, metavar="N", help="at most N tenants")
        parser.add_argument("--count", action="store_true", help="only the number of tenants")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--csv", action="store_true", help="CSV with a column for each field")
        form.add_argument("--json", action="store_true", help="one JSON object per line")

    def handle(self, *_: object, **given: Unpack[Given]) -> None:
        """Run the command.

        Raises:
            CommandError: A call failed, or an argument is not allowed.
            SystemExit: The reader of the output is gone.
        """
        limit = given["limit"]
        if limit is not None and limit < 1:
            raise CommandError("--limit must be at least 1")
        if given["limit"] is not None and given["count"]:
            raise CommandError("--limit and --count exclude each other")
        try:
            found = get_client().tenants.list(
                filter=given["filter"],
                tenant_ids=given["ids"],
                sort_by=None if given["sort"] is None else _SORTS[given["sort"]],
                order=Order.DESC if given["reverse"] else None,
            )
            encoder = json.JSONEncoder(ensure_ascii=not has_all_letters(self.stdout))
            if given["count"]:
                lines = _counted(found.count(), given, encoder)
            else:
                lines = _listed(islice(found, limit), given, encoder)
            write_lines(self.stdout, lines)
        except FronteggError as error:
            raise command_error(error, {"filter": "--filter", "tenant_ids": "--id"}) from error


def _counted(count: int, given: Given, encoder: json.JSONEncoder) -> Iterable[str]:
    if given["json"]:
        return [encoder.encode({"count": count})]
    return csv_lines(["count"], [[count]]) if given["csv"] else [str(count)]


def _listed(tenants: Iterable[Tenant], given: Given, encoder: json.JSONEncoder) -> Iterator[str]:
    if given["json"]:
        return (encoder.encode(_as_fields(tenant)) for tenant in tenants)
    if given["csv"]:
        return csv_lines(_FIELDS, ([_as_cell(tenant, name, encoder) for name in _FIELDS] for tenant in tenants))
    return map(_as_row, tenants)


def _as_row(tenant: Tenant) -> str:
    # A name may contain control characters, and each tenant takes one line.
    name = "".join(letter if letter.isprintable() else " " for letter in tenant.name)
    return f"{tenant.tenant_id:{_ID_WIDTH}}  {tenant.created_at:%Y-%m-%d}  {name}"


def _as_fields(tenant: Tenant) -> dict[str, JsonValue]:
    fields: dict[str, JsonValue] = {**tenant.extra}
    for name in _FIELDS:
        value: JsonValue | datetime = getattr(tenant, name)
        if value is not None:
            fields[name] = value.isoformat() if isinstance(value, datetime) else value
    return fields


def _as_cell(tenant: Tenant, name: str, encoder: json.JSONEncoder) -> str | None:
    value: JsonValue | datetime = getattr(tenant, name)
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or (isinstance(value, str) and name != "metadata") else encoder.encode(value)
