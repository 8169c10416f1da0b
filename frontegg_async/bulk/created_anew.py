"""Leave out rows whose tenants may have been deleted and created again since the job read its input."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Mapping, Sequence

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async.bulk.ledger import RowState
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.operations.reads import read_tenants
from frontegg_async.bulk.patience import read_for
from frontegg_async.bulk.recorder import Recorder
from frontegg_async.bulk.store import Item
from frontegg_async.errors import ClientClosedError
from frontegg_async.models.tenants import Tenant


@attrs.frozen(eq=False)
class Recognizer:
    """Distinguishes the tenants of the input from later tenants with the same ids.

    Args:
        reads: Sends the read requests and counts them.
        recorder: Records the outcomes of rows that are left out.
        is_resumed: Whether an earlier run read the input. Otherwise this run has just read the input.
    """

    reads: Caller
    recorder: Recorder
    is_resumed: bool

    async def recognized(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return the rows to send, and record the other rows as failed.

        Args:
            items: Rows that the ledger marks as sent.

        Raises:
            ClientClosedError: The client was closed.
            LedgerError: The ledger is damaged.
        """
        doubtful = [item for item in items if self._is_doubtful(item)]
        if not doubtful:
            return items
        read = functools.partial(read_tenants, self.reads, [item.key for item in doubtful])
        try:
            found = await read_for(doubtful, read, self.reads, self.recorder)
        except (asyncio.CancelledError, ClientClosedError):
            self.recorder.release(items)
            raise
        left_out = {item.number for item in doubtful if found is None or self._is_refused(item, found)}
        return [item for item in items if item.number not in left_out]

    def _is_refused(self, item: Item, found: Mapping[str, Tenant]) -> bool:
        """Return whether the tenant may be another tenant than the tenant of the input.

        If so, record the row as failed.
        """
        recognize, tenant = OPERATIONS[item.operation].recognize, found.get(item.key)
        error = None if recognize is None or tenant is None else recognize(item, tenant)
        if error is not None:
            self.recorder.end([item], 0, RowState.FAILED, error)
        return error is not None

    def _is_doubtful(self, item: Item) -> bool:
        is_unknown = self.is_resumed or item.was_sent or item.created_at is None
        return is_unknown and OPERATIONS[item.operation].recognize is not None
