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
    """The object that makes the requests to the service. It refuses writes."""
    scope: Scope
    reach: Reach
    """The accounts that the call may see."""
    values: Values
    """The checked arguments by name. ``tenant_id`` is the account of the scope, if the scope is one account."""
    position: Position
    """The position of the first row."""
    most: int
    """The largest number of rows in the answer."""
    export: Path | None
    """The file of the export with which accounts can be compared. ``None`` for no such file."""


Run: TypeAlias = Callable[[ToolCall], Awaitable[One | Listed]]
"""The coroutine function of a tool."""


@attrs.frozen(kw_only=True)
class Tool:
    """A tool. A tool reads from the service, and may write a file. It never writes to the service."""

    name: str
    title: str
    about: str
    """The description of the tool for assistants. It contains no text from others."""
    arguments: Sequence[Argument]
    run: str | Run
    """The coroutine function of the tool, or its import path, such as ``frontegg_async.mcp.tools.tree:show``."""
    has_rows: bool = True
    """Whether an answer is a list of rows with a total and a cursor. Otherwise the answer is a single object."""
    is_read_only: bool = True
    """Whether the tool only reads. A tool that writes a plan file is not read-only."""

    async def load(self) -> Run:
        """Return the function of the tool, and import it at the first call."""
        if not isinstance(self.run, str):
            return self.run
        module, _, function = self.run.partition(":")
        await load_in_thread(module)
        found: Run = getattr(importlib.import_module(module), function)
        return found

    def arguments_in(self, scope: Scope) -> Sequence[Argument]:
        """Return the arguments of the tool in a scope. A scope of one account omits the argument for the account."""
        return [each for each in self.arguments if scope.tenant_id is None or each.name != "tenant_id"]
