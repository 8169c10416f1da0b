"""`AccountsService`: run the tools, with the checks and limits of every call."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import attrs

from frontegg_async._core.runtime.worker_threads import load_in_thread
from frontegg_async._formats.json_text import sorted_json
from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import APIError, ConfigurationError, FronteggError, InvalidArgumentError, RateLimitError
from frontegg_async.fleet.rates import SharedRates
from frontegg_async.mcp.answers import STRUCTURED, Answer, Form, Listed, Row, answer_of
from frontegg_async.mcp.arguments import MOST_ROWS, checked
from frontegg_async.mcp.budgets import Budget
from frontegg_async.mcp.cursors import cursor_of, position_of
from frontegg_async.mcp.escaping import cut, message_of
from frontegg_async.mcp.rates import AssistantRates
from frontegg_async.mcp.refusals import RefusedError, UnknownToolError
from frontegg_async.mcp.scope import Reach, Scope
from frontegg_async.mcp.tool import Tool, ToolCall
from frontegg_async.mcp.tool_list import reading_tools
from frontegg_async.mcp.trail import Trail
from frontegg_async.options import Options

if TYPE_CHECKING:
    from frontegg_async._core.call.caller import Caller
    from frontegg_async.client import AsyncFrontegg

_logger: Final = logging.getLogger("frontegg_async.mcp")

DEADLINE: Final = 60.0
"""The longest duration of a request to the service, including retries, in seconds."""
_REASON: Final = "the MCP server"
_SESSION: Final = 3_600.0
"""The seconds without a call after which a session ends."""
_SESSIONS: Final = 10_000
_IDS: Final = frozenset({"tenant_id", "a", "b", "digest"})
_TRACE: Final = re.compile("[0-9a-fA-F-]{16,64}")
_CODE: Final = re.compile("[A-Z]{2}-[0-9]{3,8}")


@attrs.frozen(kw_only=True)
class Limits:
    """The limits of a session.

    Raises:
        ConfigurationError: A number is not above 0, or is too large.
    """

    calls: int = 60
    """The largest number of tool calls per minute."""
    rows: int = 10_000
    """The largest number of rows in a session."""
    rate: float = 10.0
    """The largest number of requests to the service per second, for all sessions together."""

    def __attrs_post_init__(self) -> None:
        for name, value in (("calls", self.calls), ("rows", self.rows), ("rate", self.rate)):
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 10**6:
                raise ConfigurationError(f"{name} must be a number above 0 and at most 1,000,000")


class AccountsService:
    """The service that runs tools for sessions. Each session has a scope and a budget.

    Args:
        client: A client of the environment, or a function that creates the client. The function is called at the first
            call of a tool, so that the server starts faster. Tools cannot write with the client.
        trail: The file to which a line is written for each call. ``None`` for no such file.
        export: The file of an export with which accounts can be compared. ``None`` for no such file.
        plans: The directory of plans. ``None`` for a server without tools that plan.
        fields: Additional fields that plans may have.
        limits: The limits of each session.

    Raises:
        ConfigurationError: An argument is not allowed.
    """

    def __init__(
        self,
        client: AsyncFrontegg | Callable[[], AsyncFrontegg],
        *,
        trail: Path | None = None,
        export: Path | None = None,
        plans: Path | None = None,
        fields: Sequence[str] = (),
        limits: Limits | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._client = client
        self._made: Caller | None = None
        self._trail = Trail(trail)
        self._sessions = OrderedDict[str, Budget]()
        self._export = export
        if export is not None:
            _check_export(export)
        tools = [*reading_tools(has_export=export is not None)]
        if plans is not None:
            from frontegg_async.mcp.tools.planning import Planning  # noqa: PLC0415 - only plans need it

            tools += Planning(plans, fields).tools()
        elif fields:
            raise ConfigurationError("fields needs plans: give the directory of plans too")
        self.tools: Mapping[str, Tool] = {each.name: each for each in tools}
        """The tools by name, in the order of the tool list."""

    async def _caller(self) -> Caller:
        """Return the caller that makes the requests.

        Raises:
            FronteggError: The client cannot be created.
        """
        if self._made is None:
            await load_in_thread("frontegg_async.client")
        if self._made is None:  # another call may have created the client during the wait
            client = self._client() if callable(self._client) else self._client
            self._made = _reading(client, self._limits.rate)
        return self._made

    async def call(
        self, name: str, given: Mapping[str, object], scope: Scope, *, session: str = "", form: Form = STRUCTURED
    ) -> Answer:
        """Call a tool.

        Args:
            name: The name of a tool.
            given: The unchecked arguments.
            scope: The accounts that the session may see.
            session: The name of the session. Each session has a separate budget.
            form: The form of the answer.

        Raises:
            UnknownToolError: The tool does not exist.
            RefusedError: The call is refused or failed. The message is for the assistant.
        """
        entry: dict[str, JsonValue] = {
            "tool": cut(name, 60),
            "arguments": [cut(each, 60) for each in [*given][:20]],
            "ids": _ids_of(given),
            "account": scope.tenant_id,
            **({"session": session} if session else {}),
        }
        try:
            answer = await self._answer(name, given, scope, self._budget(session), form)
        except BaseException as error:
            refusal = _refusal(error, name)
            await self._write({**entry, "outcome": "cancelled" if refusal is None else str(refusal)})
            if refusal is None:
                raise
            raise refusal from None
        content = answer.content
        shown = {"plan": content["digest"]} if "digest" in content else {}
        digest = hashlib.sha256(sorted_json(content)).hexdigest()
        await self._write({**entry, "outcome": "answered", "rows": answer.rows, "digest": digest, **shown})
        return answer

    async def _answer(self, name: str, given: Mapping[str, object], scope: Scope, budget: Budget, form: Form) -> Answer:
        budget.take_call()
        tool = self.tools.get(name)
        if tool is None:
            raise UnknownToolError(f"unknown tool: the tools are {', '.join(self.tools)}")
        values = checked(tool.arguments_in(scope), given)
        wanted: int = values.get("limit", MOST_ROWS)
        asked = cast("Row", {key: value for key, value in given.items() if key != "cursor"})
        position = position_of(tool.name, asked, values.get("cursor"))
        if scope.tenant_id is not None and any(each.name == "tenant_id" for each in tool.arguments):
            values["tenant_id"] = scope.tenant_id
        taken = budget.take_rows(wanted)
        used = 0
        try:
            caller = await self._caller()
            reach = await scope.read(caller)
            run = await tool.load()
            call = ToolCall(
                caller=caller,
                scope=scope,
                reach=reach,
                values=values,
                position=position,
                most=taken,
                export=self._export,
            )
            found = await run(call)
            await _check_unmoved(scope, reach, caller)
            continues = found.continues if isinstance(found, Listed) else None
            going_on, arguments = continues or (tool.name, asked)
            answer = answer_of(found, lambda after: cursor_of(going_on, arguments, after), most=taken, form=form)
            used = min(answer.rows, taken)
        finally:
            budget.give_back(taken - used)
        return answer

    def _budget(self, session: str) -> Budget:
        """Return the budget of a session, and drop the budgets of ended sessions."""
        now = time.monotonic()
        budget = self._sessions.pop(session, None)
        if budget is None or (session and now - budget.used_at > _SESSION):
            budget = Budget(self._limits.calls, self._limits.rows, time.monotonic)
        self._sessions[session] = budget
        while len(self._sessions) > _SESSIONS:
            self._sessions.popitem(last=False)
        return budget

    async def _write(self, entry: Mapping[str, JsonValue]) -> None:
        """Write a line of the trail.

        Raises:
            RefusedError: The line cannot be written.
        """
        writing = asyncio.ensure_future(self._trail.write(entry))
        try:
            await asyncio.shield(writing)
        except OSError as error:
            raise RefusedError(f"no answer, because the trail cannot be written: {error.strerror}") from None


async def _check_unmoved(scope: Scope, reach: Reach, caller: Caller) -> None:
    """Raise an error if an account left the scope during the call."""
    if reach.ids is not None and not reach.ids <= ((await scope.read(caller)).ids or set[str]()):
        raise RefusedError("accounts were moved or deleted during the call: call again")


def _check_export(path: Path) -> None:
    from frontegg_async.snapshots.files import check_path, check_readable  # noqa: PLC0415 - only exports need it

    try:
        check_readable(check_path(path, "export"))
    except (InvalidArgumentError, OSError) as error:
        raise ConfigurationError(f"export cannot be used: {error}") from None


def _reading(client: AsyncFrontegg, rate: float) -> Caller:
    """Return a caller with the credential of a client, which has a separate rate and refuses writes."""
    options = Options(read_only=_REASON, deadline=DEADLINE)
    caller = client._caller  # noqa: SLF001 - internal API of this package  # pyright: ignore[reportPrivateUsage]
    rates = SharedRates(AssistantRates(rate, time.monotonic), time.monotonic, account=(_REASON,))
    return caller.with_options(options).limited(rates)


def _refusal(error: BaseException, tool: str) -> RefusedError | None:
    """Return the error for the assistant after a failure. ``None`` for a cancellation, which is not a failure."""
    if isinstance(error, RefusedError):
        return error
    if isinstance(error, FronteggError):
        return RefusedError(_failure(error))
    if not isinstance(error, Exception):
        return None
    _logger.error(
        "%s failed with %s", tool, type(error).__name__
    )  # the message of the error may contain anything, so it is not logged
    return RefusedError("the server could not answer because of an internal error")


def _failure(error: FronteggError) -> str:
    """Return the text for the assistant after a failed request. The text contains no text of the service."""
    if not isinstance(error, APIError):
        return message_of(error)
    text = f"the service answered {error.status} to {error.endpoint}"
    if error.code and _CODE.fullmatch(error.code):
        text += f", code {error.code}"
    if isinstance(error, RateLimitError) and error.retry_after is not None:
        text += f"; call again in {error.retry_after:.0f} s"
    if error.trace_id and _TRACE.fullmatch(error.trace_id):
        text += f" (trace id {error.trace_id})"
    return text


def _ids_of(given: Mapping[str, object]) -> dict[str, JsonValue]:
    """Return the ids in the arguments, for the trail."""
    found: dict[str, JsonValue] = {
        name: cut(value, 256) for name, value in given.items() if name in _IDS and isinstance(value, str)
    }
    changes = given.get("changes")
    if isinstance(changes, list):
        rows = [
            cast("Mapping[str, object]", row) for row in cast("list[object]", changes)[:100] if isinstance(row, dict)
        ]
        found["changes"] = [cut(each, 256) for row in rows if isinstance(each := row.get("tenant_id"), str)]
    return found
