"""The option ``--where FIELD=VALUE``: keep the rows of a listing that have this value."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from typing import Final, TypeAlias
from unicodedata import normalize

import click

from frontegg_async._formats.records import pick, text_of
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.session import part_of, record_of

Conditions: TypeAlias = Sequence[tuple[str, str]]
"""Pairs of a field and the text of its required value."""

_FLAGS: Final = ("true", "false")


def where_option(columns: Sequence[str]) -> click.Option:
    """Return the option ``--where``.

    Args:
        columns: The fields of the rows; empty if unknown.
    """
    return click.Option(
        ["--where"],
        multiple=True,
        metavar="FIELD=VALUE",
        help=f"Keep only rows with this value, such as {example_of_where(columns)}. If repeated, rows must meet all "
        "conditions. The command requests all rows, and then filters them.",
    )


def example_of_where(columns: Sequence[str]) -> str:
    """Return an example condition for the help.

    Args:
        columns: The fields of the rows; empty if unknown.
    """
    if "is_locked" in columns:
        return "is_locked=true"
    return f"{'name' if 'name' in columns else next((each for each in columns if '_' not in each), 'FIELD')}=VALUE"


def conditions_of(texts: Sequence[str], known: Sequence[str]) -> Conditions:
    """Return the conditions of ``--where``.

    Args:
        texts: The values of the option.
        known: The fields of the rows; empty if unknown.

    Raises:
        CommandError: A text is not ``FIELD=VALUE``, or the rows do not have the field.
    """
    conditions: list[tuple[str, str]] = []
    for text in texts:
        field, equals, value = text.partition("=")
        if not equals or not field:
            raise CommandError(f"--where {text!r} is not FIELD=VALUE, such as is_locked=true", ExitCode.USAGE)
        if value.lower() in _FLAGS and value not in _FLAGS:
            raise CommandError(f"--where {text!r}: write true and false in lower case", ExitCode.USAGE)
        if known and field.partition(".")[0] not in known:
            raise CommandError(f"--where must name one of {', '.join(known)}, not {field!r}", ExitCode.USAGE)
        conditions.append((field, normalize("NFC", value)))
    return conditions


async def matching(
    items: AsyncIterable[object] | Iterable[object], conditions: Conditions, limit: int | None
) -> AsyncIterator[object]:
    """Yield the items that meet all conditions, up to a limit. Request no page beyond the limit.

    Args:
        items: Models, mappings or texts.
        conditions: The conditions.
        limit: The maximum number of items; ``None`` for all.
    """
    heads = [field.partition(".")[0] for field, _ in conditions]
    left = limit
    if left == 0:
        return
    async for item in items if isinstance(items, AsyncIterable) else _one_by_one(items):
        record = part_of(item, heads) or record_of(item)
        if all(normalize("NFC", text_of(pick(record, field))) == value for field, value in conditions):
            yield item
            left = None if left is None else left - 1
            if left == 0:
                return


async def _one_by_one(items: Iterable[object]) -> AsyncIterator[object]:
    for item in items:
        yield item
