"""``audits_search``: search the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.mcp.answers import Listed, Row
from frontegg_async.mcp.cursors import Position
from frontegg_async.mcp.scope import Reach
from frontegg_async.mcp.tool import ToolCall
from frontegg_async.mcp.tools.reading import PAGE, plain, read_rows
from frontegg_async.models.audits import Audit
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.audits import AsyncAudits

_ACCOUNTS: Final = 10
"""The largest number of accounts whose logs a call reads."""


async def search(call: ToolCall) -> Listed:
    """Return rows of the audit log, the newest first. In a scope of several accounts, they are grouped by account."""
    if call.scope.below and call.reach.ids is not None:
        return await _search_below(call, sorted(call.reach.ids))
    tenant_id: str | None = call.values["tenant_id"]
    if tenant_id is not None:
        call.reach.check(tenant_id)
    log = _log(call, UNSET if tenant_id is None else tenant_id)
    return await read_rows(log, lambda each: _row(each, call.reach), call.position, call.most)


async def _search_below(call: ToolCall, ids: Sequence[str]) -> Listed:
    """Search the log of each account separately. Positions in the whole log would reveal the number of other rows."""
    number, start = call.position
    rows: list[tuple[Position, Row]] = []
    for _ in range(_ACCOUNTS):
        if number >= len(ids):
            return Listed(rows=rows, after=None, total=None)
        left = call.most - len(rows)
        found = await read_rows(_log(call, ids[number]), lambda each: _row(each, call.reach), (start, 0), left)
        rows += [((number, position[0]), row) for position, row in found.rows]
        if found.after is not None:
            return Listed(rows=rows, after=(number, found.after[0]), total=None)
        number, start = number + 1, 0
    return Listed(rows=rows, after=(number, 0) if number < len(ids) else None, total=None)


def _log(call: ToolCall, tenant_id: str | Unset) -> AsyncPages[Audit]:
    text: str = call.values["text"]
    return AsyncAudits(call.caller).list(tenant_id, since=call.values["since"], filter=text or None, page_size=PAGE)


def _row(audit: Audit, reach: Reach) -> Row | None:
    return plain(audit, "vendor_id", "updated_at") if reach.has(audit.tenant_id) else None
