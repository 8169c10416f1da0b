"""``environment_get``: describe the environment, and the accounts that the assistant may see."""

from __future__ import annotations

from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import environment
from frontegg_async.errors import APIError
from frontegg_async.mcp.answers import One, Row
from frontegg_async.mcp.tool import ToolCall
from frontegg_async.mcp.tools.reading import plain
from frontegg_async.resources.tenants import AsyncTenants


async def get(call: ToolCall) -> One:
    """Return the description of the environment, and the accounts that the session may see."""
    scope: Row = {"account": call.scope.tenant_id, "accounts_below": call.scope.below}
    found: Row = {"reads_only": True, "scope": scope}
    if call.reach.ids is not None:
        return One({**found, "accounts": len(call.reach.ids)})
    try:
        details: JsonValue = plain(await call.caller.value(environment.GET))
    except APIError as error:
        details = {"not_readable": error.status}
    return One({**found, "environment": details, "accounts": await AsyncTenants(call.caller).list().count()})
