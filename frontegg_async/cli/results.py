"""Write the result of a method in the format that fits its type."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterable, Mapping, Sequence
from typing import cast

import attrs

from frontegg_async._values.printable import printable
from frontegg_async.cli.failures import ExitCode
from frontegg_async.cli.session import Session
from frontegg_async.cli.where import Conditions, matching
from frontegg_async.models.model import Serializable
from frontegg_async.pages import AsyncPages
from frontegg_async.tree import TenantTree


async def show_result(
    session: Session,
    value: object,
    *,
    columns: Sequence[str] = (),
    limit: int | None = None,
    conditions: Conditions = (),
    verb: str = "done",
) -> int:
    """Write the result of a method in the format that fits its type.

    Args:
        session: The session.
        value: A model, a listing, a progress, a tree, text, JSON, or nothing.
        columns: The fields of the rows, if known.
        limit: The most rows of a listing.
        conditions: The conditions for the rows of a listing.
        verb: The message if the method returned nothing.

    Returns:
        The exit code.
    """
    match value:
        case None:
            session.say(verb)
        case AsyncPages() | tuple() | list() if conditions:
            rows = matching(cast("AsyncPages[object]", value), conditions, limit)
            await session.show_all(rows, columns=columns)
        case AsyncPages():
            await session.show_all(_first(cast("AsyncPages[object]", value), limit), columns=columns)
        case TenantTree() if session.format == "table" and not session.fields:
            sys.stdout.write("".join(f"{printable(line)}\n" for line in value.render().splitlines()))
        case TenantTree():
            nodes = tree_rows(value)
            await session.show_all(nodes, columns=tuple(nodes[0]))
        case (Serializable() as item, bool() as is_new):
            session.say("created" if is_new else "the object existed already")
            session.show(item)
        case str() if session.output is None:
            session.show_text(value)
        case _ if isinstance(value, tuple | list | AsyncIterable):
            items = cast("Sequence[object] | AsyncIterable[object]", value)
            await session.show_all(items, columns=columns, is_work=True)  # such as the progress of a migration
        case _:
            session.show({"value": value} if isinstance(value, str) else value)
    return ExitCode.DONE


async def _first(pages: AsyncPages[object], limit: int | None) -> AsyncIterable[object]:
    """Yield the items of a listing up to a limit. Request no page beyond the limit."""
    left = sys.maxsize if limit is None else limit
    reader = pages._reader(limit=limit)  # noqa: SLF001 - reads no page beyond the limit  # pyright: ignore[reportPrivateUsage]
    try:
        while left and (portion := await reader.read()) is not None:
            for item in portion.fresh[:left]:
                yield item
            left -= min(left, len(portion.fresh))
    finally:
        reader.cancel()


def tree_rows(tree: TenantTree) -> list[Mapping[str, object]]:
    """Return a row for each account of a tree, with its depth and its parent."""
    return [
        {"depth": entry.depth, **entry.node.to_dict(), "parent_tenant_id": entry.path[-2] if entry.depth else None}
        for entry in tree.walk()
    ]


def columns_of(model: type | None) -> tuple[str, ...]:
    """Return the names of the fields of a model; an empty tuple without a model."""
    return () if model is None else tuple(field.name for field in attrs.fields(model) if not field.name.startswith("_"))
