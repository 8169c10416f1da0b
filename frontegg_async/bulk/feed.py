"""`Feed`: the queue of batches to send. It also decides how many more rows the ledger marks as sent."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Sequence
from operator import attrgetter

import attrs

from frontegg_async.bulk.operation import Operation
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.store import Item


@attrs.frozen(eq=False)
class Batch:
    """Rows of one operation that are sent in one request."""

    operation: Operation
    items: Sequence[Item]

    def with_items(self, items: Sequence[Item]) -> Batch:
        """Return a batch that contains only some of the rows.

        Args:
            items: The rows.
        """
        return Batch(self.operation, items)

    def halves(self) -> list[Batch]:
        """Split a batch of two or more rows into two batches."""
        middle = len(self.items) // 2
        return [self.with_items(self.items[:middle]), self.with_items(self.items[middle:])]


class Feed:
    """The queue of batches to send. It adapts the number of rows that the ledger marks as sent in advance.

    Args:
        batch: The minimum number of rows that are marked in advance. It is the number of rows in one request.
        capacity: The maximum number of rows that are marked in advance.
    """

    def __init__(self, batch: int, capacity: int) -> None:
        self._batches: deque[Batch] = deque()
        self._is_filled = asyncio.Event()
        self._least = batch
        self._capacity = capacity
        self._ahead = batch
        """The number of rows that are marked in advance. These rows suffice until the next commit."""
        self._begun = 0
        """The number of rows that got a permit, or need no permit, since the last commit that marked rows."""
        self.waiting: int = 0
        """The number of rows without a permit, in the feed and in the workers."""

    @property
    def is_low(self) -> bool:
        """Whether at least half of the rows that were marked in advance have left the feed."""
        return 2 * self.waiting <= self._ahead

    def wanted(self) -> int:
        """Return the number of rows that the next commit marks as sent.

        The number grows while at least half of the rows are sent before the next commit.
        """
        if 2 * self._begun >= self._ahead:
            self._ahead = min(2 * self._ahead, self._capacity)
        elif 8 * self._begun < self._ahead:
            self._ahead = max(self._ahead // 2, self._least)
        self._begun = 0
        return max(self._ahead - self.waiting, 0)

    def put(self, items: Sequence[Item], *, left_out: int = 0) -> None:
        """Add rows that the ledger marks as sent, in batches of consecutive rows of one operation.

        A batch has at most as many rows as one request takes.

        Args:
            items: The rows.
            left_out: The number of other rows that were marked but are not sent.
        """
        for name, neighbours in itertools.groupby(items, attrgetter("operation")):
            operation, rows = OPERATIONS[name], list(neighbours)
            size = operation.batch
            self._batches += [Batch(operation, rows[start : start + size]) for start in range(0, len(rows), size)]
        self.waiting += len(items)
        self._begun += left_out
        self._is_filled.set()

    async def take(self) -> Batch:
        """Wait for a batch and return it. The caller must call `permit` when the batch gets its permit."""
        while not self._batches:
            self._is_filled.clear()
            await self._is_filled.wait()
        return self._batches.popleft()

    def permit(self, rows: int) -> None:
        """Count rows that got their permit.

        Args:
            rows: The number of rows.
        """
        self.waiting -= rows
        self._begun += rows

    def clear(self) -> list[int]:
        """Remove all batches, and return the numbers of their rows."""
        numbers = [item.number for batch in self._batches for item in batch.items]
        self._batches.clear()
        self.waiting = 0
        return numbers
