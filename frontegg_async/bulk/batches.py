"""Batches: the rows that are sent together, in one request."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import attrs

from frontegg_async.bulk.ledger import Item
from frontegg_async.bulk.operation import Operation
from frontegg_async.bulk.operations import OPERATIONS


@attrs.frozen(eq=False)
class Batch:
    """Rows of one operation that are sent in one request."""

    operation: Operation
    items: Sequence[Item]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the rows."""
        return [item.number for item in self.items]

    def with_items(self, items: Sequence[Item]) -> Batch:
        """Return a batch of some of the rows.

        Args:
            items: The rows.
        """
        return Batch(self.operation, items)

    def halves(self) -> list[Batch]:
        """Return two batches with all of the rows, of which there are two or more."""
        middle = len(self.items) // 2
        return [self.with_items(self.items[:middle]), self.with_items(self.items[middle:])]


def batches_of(items: Sequence[Item]) -> list[Batch]:
    """Return rows in batches, in order: neighbours of one operation, as many as one request takes.

    Args:
        items: The rows.
    """
    batches: list[Batch] = []
    for name, neighbours in itertools.groupby(items, lambda item: item.operation):
        operation, rows = OPERATIONS[name], list(neighbours)
        size = operation.batch
        batches += [Batch(operation, rows[start : start + size]) for start in range(0, len(rows), size)]
    return batches
