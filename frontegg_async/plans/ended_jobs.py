"""If a plan was already applied, check that the environment still has the values of the plan."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby, islice
from operator import attrgetter
from typing import Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async.bulk import stores
from frontegg_async.bulk.expectations import is_done
from frontegg_async.bulk.ledger import Before, LedgerRow
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.store import Item
from frontegg_async.errors import LedgerError, UnusableLedgerError

_PAGE: Final = 100


async def read_earlier(ledger: str | os.PathLike[str]) -> BulkReport | None:
    """Return the report of a ledger that exists before a plan is applied; ``None`` without a complete ledger.

    Args:
        ledger: The path or the address of the ledger.
    """
    try:
        return await run_in_thread(stores.read_report, ledger)
    except LedgerError:
        return None


async def check_still_applied(caller: Caller, report: BulkReport, ledger: str | os.PathLike[str]) -> None:
    """Refuse a job that ended earlier if the environment no longer has the values that the job set.

    Otherwise the report would claim that the plan is applied.

    Args:
        caller: Sends the requests, which only read.
        report: The report of the job.
        ledger: The path or the address of the ledger.

    Raises:
        UnusableLedgerError: An account has other values than the job set.
        FronteggError: A request failed.
    """
    rows = report.rows(only="done")
    while page := await run_in_thread(_page, rows):
        for name, neighbours in groupby(page, attrgetter("operation")):
            items = [*neighbours]
            operation = OPERATIONS[name]
            found = cast("list[Before]", await operation.read_now(caller, items))
            for item, now in zip(items, found, strict=True):
                if not is_done(now, operation.after(item.values)):
                    raise UnusableLedgerError(
                        f"the ledger {stores.name_of(ledger)} shows that this plan was applied before, but"
                        f" {item.key!r} has other values now: to apply the plan again, give another ledger"
                    )


def _page(rows: Iterator[LedgerRow]) -> list[Item]:
    return [Item(each.number, each.operation, each.tenant_id or "", dict(each.input)) for each in islice(rows, _PAGE)]
