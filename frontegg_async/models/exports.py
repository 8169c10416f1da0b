"""Models of exports, and the names of the parts, of the kinds of changes and of the output formats."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from frontegg_async.models.model import Model

__all__ = ["Export"]

IncludeLiteral: TypeAlias = Literal[
    "settings", "applications", "plans", "users", "policies", "sso", "api-tokens", "api_tokens"
]
"""The parts that an export can contain in addition to the accounts.

Each part except ``applications`` and ``plans`` costs one request per account.
"""

ExportKindLiteral: TypeAlias = Literal["accounts", "environment"]
"""The contents of an export: all accounts, or the objects of the environment, such as roles and applications."""

DifferenceKindLiteral: TypeAlias = Literal["created", "deleted", "moved", "changed"]
"""The kinds of changes of an account. ``moved`` means that the account has another parent."""

DifferenceFormatLiteral: TypeAlias = Literal["table", "json", "jsonl", "markdown"]
"""The output formats of a comparison of two exports."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Export(Model):
    """The result of an export."""

    path: str
    """The path of the file that was written."""
    accounts: int = 0
    """The number of accounts in the file."""
    objects: int = 0
    """The number of objects of the environment in the file."""
    not_readable: tuple[str, ...] = ()
    """The names of the parts that the file lacks, since the credential has no permission to read these parts."""
