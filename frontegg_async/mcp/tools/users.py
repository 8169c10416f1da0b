"""``users_search``: search users by text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from frontegg_async._values.unset import UNSET
from frontegg_async.mcp.answers import Listed, Row
from frontegg_async.mcp.scope import Reach
from frontegg_async.mcp.tool import ToolCall
from frontegg_async.mcp.tools.reading import PAGE, plain, read_rows
from frontegg_async.models.users import User
from frontegg_async.resources.users import AsyncUsers

_OF_OTHERS: Final = ("metadata", "vendor_metadata", "external_id", "tenants", "sub", "permissions")
"""The fields that concern several accounts, or that are not useful in an answer."""


async def search(call: ToolCall) -> Listed:
    """Return users with a phrase in their name or address, or all users."""
    text: str = call.values["text"]
    tenant_id: str | None = call.values["tenant_id"]
    if tenant_id is not None:
        call.reach.check(tenant_id)
    users, place = AsyncUsers(call.caller), UNSET if tenant_id is None else tenant_id
    below = call.scope.below
    pages = (
        users.search(place, contains=[text], include_sub_tenants=below, sort_by="id", page_size=PAGE)
        if text
        else users.list(place, include_sub_tenants=below, sort_by="id", page_size=PAGE)
    )
    has_total = call.reach.ids is None
    return await read_rows(pages, lambda user: _row(user, call.reach), call.position, call.most, has_total=has_total)


def _row(user: User, reach: Reach) -> Row | None:
    """Return the row of a user, without accounts that the session may not see.

    Return ``None`` if the session may see no account of the user.
    """
    if reach.ids is None:
        return plain(user, "tenants", "sub", "permissions")
    ids = {*(user.tenant_ids or ()), *filter(None, [user.tenant_id])}
    shown: Sequence[str] = sorted(ids & reach.ids)
    if ids and not shown:
        return None
    row = plain(user, "tenant_id", "tenant_ids", "roles", *_OF_OTHERS)
    return cast("Row", {**row, "tenant_ids": shown}) if shown else row
