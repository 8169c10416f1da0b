"""The tools that read, as data. The first call of a tool imports its function, so that a server starts faster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from frontegg_async.mcp import arguments
from frontegg_async.mcp.tool import Tool
from frontegg_async.models.exports import IncludeLiteral

EXPORT: Final = "@export"
"""The value of the argument ``b`` for a comparison of the first account with its row in the export."""

PARTS: Final[Sequence[IncludeLiteral]] = ("settings", "applications", "plans", "policies", "sso", "api-tokens")
"""The parts of an account that a call can request. Users are not a part, because ``users_search`` returns them.
"""

_TOOLS: Final = "frontegg_async.mcp.tools"

_READING: Final = (
    Tool(
        name="environment_get",
        title="Describe the environment",
        about="Describe the environment: its name and type, the number of accounts, and which accounts you may see.",
        arguments=(),
        run=f"{_TOOLS}.environment:get",
        has_rows=False,
    ),
    Tool(
        name="accounts_search",
        title="Search accounts",
        about="List accounts with fields and metadata, sorted by id: all, or those whose name or id contains a text.",
        arguments=(
            arguments.text_argument("A part of the name or id; empty for all accounts."),
            arguments.limit_argument(),
            arguments.cursor_argument(),
        ),
        run=f"{_TOOLS}.accounts:search",
    ),
    Tool(
        name="account_get",
        title="Get an account",
        about="Get one account with its parent, and with the parts that you request. Long values are cut.",
        arguments=(arguments.tenant_argument(is_needed=True), arguments.choices_argument("parts", PARTS)),
        run=f"{_TOOLS}.accounts:get",
        has_rows=False,
    ),
    Tool(
        name="accounts_tree",
        title="Show the hierarchy of accounts",
        about="List an account and the accounts below it, each after its parent, with its depth and the number of "
        "accounts directly below it. Without tenant_id: the trees of all accounts that have accounts below them.",
        arguments=(
            arguments.tenant_argument(about="The id of the account at the top.", is_needed=False),
            arguments.depth_argument(),
            arguments.cursor_argument(),
        ),
        run=f"{_TOOLS}.tree:show",
    ),
    Tool(
        name="users_search",
        title="Search users",
        about="List users of one account or of all: every user, or those whose name or address contains a phrase.",
        arguments=(
            arguments.tenant_argument(about="Only users of the account with this id.", is_needed=False),
            arguments.text_argument("A phrase; empty for all users."),
            arguments.limit_argument(),
            arguments.cursor_argument(),
        ),
        run=f"{_TOOLS}.users:search",
    ),
    Tool(
        name="audits_search",
        title="Search the audit log",
        about="List rows of the audit log, the newest first: who did what and when, in one account or in all.",
        arguments=(
            arguments.tenant_argument(about="Only rows of the account with this id.", is_needed=False),
            arguments.since_argument(),
            arguments.text_argument("A text that each row contains; empty for all rows."),
            arguments.limit_argument(),
            arguments.cursor_argument(),
        ),
        run=f"{_TOOLS}.audits:search",
    ),
)


def reading_tools(*, has_export: bool) -> Sequence[Tool]:
    """Return the tools that read, in the order of the tool list.

    Args:
        has_export: Whether the server has an export with which accounts can be compared.
    """
    or_export = ", or between an account and the export that this server was started with" if has_export else ""
    second = f", or {EXPORT} for the row of the first account in the export" if has_export else ""
    comparison = Tool(
        name="accounts_compare",
        title="Compare accounts",
        about=f"List the fields and settings that differ between two accounts{or_export}.",
        arguments=(
            arguments.tenant_argument("a", "The id of the first account.", is_needed=True),
            arguments.tenant_argument("b", f"The id of the second account{second}.", is_needed=True),
        ),
        run=f"{_TOOLS}.comparison:compare",
    )
    return (*_READING, comparison)
