"""`Tool`: what an assistant can call, as data."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import attrs

from frontegg_async._core.runtime.worker_threads import load_in_thread
from frontegg_async.mcp.answers import Listed, One
from frontegg_async.mcp.arguments import Argument, Values
from frontegg_async.mcp.cursors import Position
from frontegg_async.mcp.scope import Reach, Scope

if TYPE_CHECKING:
    from frontegg_async._core.call.caller import Caller  # noqa: TC004 - attrs takes annotations as text


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
    """The position of the first row."""
    most: int
    """The most rows that the answer can have."""
    export: Path | None
    """The export that accounts can be compared with."""


Run: TypeAlias = Callable[[ToolCall], Awaitable[One | Listed]]
"""The coroutine function of a tool."""


@attrs.frozen(kw_only=True)
class Tool:
    """A tool that reads, or that writes a file and nothing to the service."""

    name: str
    title: str
    about: str
    """The description, without text of anybody else."""
    arguments: Sequence[Argument]
    run: str | Run
    """What it does: a coroutine function, or where one is, as ``frontegg_async.mcp.tools.tree:show``."""
    has_rows: bool = True
    """Whether its answers have rows, with their number and a cursor; otherwise they have one thing."""
    is_read_only: bool = True
    """Whether it has no effect anywhere."""

    async def load(self) -> Run:
        """Return what it does, which is imported with the first call."""
        if not isinstance(self.run, str):
            return self.run
        module, _, function = self.run.partition(":")
        await load_in_thread(module)
        found: Run = getattr(importlib.import_module(module), function)
        return found

    def arguments_in(self, scope: Scope) -> Sequence[Argument]:
        """Return the arguments that it has in a scope: one account is no choice."""
        return [each for each in self.arguments if scope.tenant_id is None or each.name != "tenant_id"]
