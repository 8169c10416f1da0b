"""`Tool`: what an assistant can call, as data."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async.mcp.answers import Listed, One
from frontegg_async.mcp.arguments import Argument, Values
from frontegg_async.mcp.cursors import Position
from frontegg_async.mcp.scope import Reach, Scope


@attrs.frozen(kw_only=True)
class ToolCall:
    """A call of a tool, after its checks."""

    caller: Caller
    """Makes the requests; it refuses writes."""
    scope: Scope
    reach: Reach
    """The accounts that the call may see."""
    values: Values
    """The checked arguments by their names; ``tenant_id`` is the account of the scope, if there is one."""
    position: Position
    """Where the rows begin."""
    most: int
    """The most rows that the answer can have."""

    def whole(self, caller: Caller | None = None) -> Caller:
        """Return the caller for the account of ``tenant_id``, or for all accounts without one."""
        tenant_id: str | None = self.values["tenant_id"]
        caller = caller or self.caller
        return caller if tenant_id is None else caller.for_tenant(tenant_id)


@attrs.frozen(kw_only=True)
class Tool:
    """A tool that reads, or that writes a file and nothing to the service."""

    name: str
    title: str
    about: str
    """The description, without text of anybody else."""
    arguments: Sequence[Argument]
    run: Callable[[ToolCall], Awaitable[One | Listed]]
    is_read_only: bool = True
    """Whether it has no effect anywhere."""

    @property
    def has_rows(self) -> bool:
        """Whether its answers have rows, and go on with a cursor."""
        return any(each.name == "cursor" for each in self.arguments)

    def arguments_in(self, scope: Scope) -> Sequence[Argument]:
        """Return the arguments that it has in a scope: one account is no choice."""
        return [each for each in self.arguments if scope.tenant_id is None or each.name != "tenant_id"]
