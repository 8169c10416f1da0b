"""`Tool`: the description of a tool, as data."""

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
    from frontegg_async._core.call.caller import Caller  # noqa: TC004 - attrs accepts annotations as text


@attrs.frozen(kw_only=True)
class ToolCall:
    """A checked call of a tool."""

    caller: Caller
    """The caller that makes the requests. It refuses writes."""
    scope: Scope
    reach: Reach
    """The accounts that the call may see."""
    values: Values
    """The checked arguments by name. ``tenant_id`` is the account of the scope, if the scope is one account."""
    position: Position
    """The position of the first row."""
    most: int
    """The most rows that the answer can have."""
    export: Path | None
    """The export to compare accounts with."""


Run: TypeAlias = Callable[[ToolCall], Awaitable[One | Listed]]
"""The coroutine function of a tool."""


@attrs.frozen(kw_only=True)
class Tool:
    """A tool. It reads, or writes a file, but never writes to the service."""

    name: str
    title: str
    about: str
    """The description, without foreign text."""
    arguments: Sequence[Argument]
    run: str | Run
    """The coroutine function of the tool, or its place, such as ``frontegg_async.mcp.tools.tree:show``."""
    has_rows: bool = True
    """Whether an answer is a list of rows with their number and a cursor. Otherwise it is a single object."""
    is_read_only: bool = True
    """Whether the tool has no effect at all."""

    async def load(self) -> Run:
        """Return the function of the tool, and import it at the first call."""
        if not isinstance(self.run, str):
            return self.run
        module, _, function = self.run.partition(":")
        await load_in_thread(module)
        found: Run = getattr(importlib.import_module(module), function)
        return found

    def arguments_in(self, scope: Scope) -> Sequence[Argument]:
        """Return the arguments of the tool in a scope. A scope of one account needs no argument for the account."""
        return [each for each in self.arguments if scope.tenant_id is None or each.name != "tenant_id"]
