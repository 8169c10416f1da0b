"""``audits_search``: what happened, by the audit log."""

from __future__ import annotations

from frontegg_async._values.unset import UNSET
from frontegg_async.mcp.answers import Listed, Row
from frontegg_async.mcp.scope import Reach
from frontegg_async.mcp.tool import ToolCall
from frontegg_async.mcp.tools.reading import PAGE, plain, read_rows
from frontegg_async.models.audits import Audit
from frontegg_async.resources.audits import AsyncAudits


async def search(call: ToolCall) -> Listed:
    """Return rows of the audit log, the newest first."""
    tenant_id: str | None = call.values["tenant_id"]
    if tenant_id is not None:
        call.reach.check(tenant_id)
    # Rows of accounts below come with those of all accounts, and are filtered here.
    pages = AsyncAudits(call.caller).list(
        UNSET if tenant_id is None or call.scope.below else tenant_id,
        since=call.values["since"],
        filter=call.values["text"] or None,
        page_size=PAGE,
    )
    return await read_rows(pages, lambda audit: _row(audit, call.reach), call.position, call.most)


def _row(audit: Audit, reach: Reach) -> Row | None:
    return plain(audit, "vendor_id", "updated_at") if reach.has(audit.tenant_id) else None
