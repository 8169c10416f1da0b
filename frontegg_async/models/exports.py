"""Models of exports: what was written, and words for what differs between two."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from frontegg_async.models.model import Model

__all__ = ["Export"]

IncludeLiteral: TypeAlias = Literal[
    "settings", "applications", "plans", "users", "policies", "sso", "api-tokens", "api_tokens"
]
"""The parts that an export can have beside the accounts.

All but ``applications`` and ``plans`` cost a request for each account.
"""

ExportKindLiteral: TypeAlias = Literal["accounts", "environment"]
"""The contents of an export: all accounts, or the objects of the environment as roles and applications."""

DifferenceKindLiteral: TypeAlias = Literal["created", "deleted", "moved", "changed"]
"""The change of an account; ``moved`` means that it has another parent."""

DifferenceFormatLiteral: TypeAlias = Literal["table", "json", "jsonl", "markdown"]
"""The formats of differences."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Export(Model):
    """An export that was written."""

    path: str
    """The file."""
    accounts: int = 0
    """The number of its accounts."""
    objects: int = 0
    """The number of its objects of the environment."""
    not_readable: tuple[str, ...] = ()
    """The parts of the environment that it does not have, since the credential cannot read them."""
