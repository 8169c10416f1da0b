"""`damaged`: the error of a run that finds invalid values in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from frontegg_async.bulk.store import Item
from frontegg_async.errors import LedgerError

DAMAGES: Final = (LookupError, TypeError, ValueError, AttributeError)
"""The errors that invalid values raise."""


def damaged(items: Sequence[Item]) -> LedgerError:
    """Return the error for rows of which at least one has invalid values.

    Args:
        items: The rows.
    """
    rows = f"row {items[0].number}" if len(items) == 1 else f"one of the rows {items[0].number} to {items[-1].number}"
    return LedgerError(f"the ledger is damaged: {rows} has values that are invalid for its operation")
