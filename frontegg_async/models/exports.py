"""Models of exports: what was written."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from frontegg_async.models.model import Model

__all__ = ["Export"]

IncludeLiteral: TypeAlias = Literal["settings", "sso", "api-tokens"]
"""What an export can have beside the accounts: a request for each account and each of these."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Export(Model):
    """An export that was written."""

    path: str
    """The file."""
    accounts: int
    """How many accounts it has."""
