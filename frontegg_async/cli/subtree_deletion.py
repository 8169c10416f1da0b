"""Delete an account and all accounts below it with a plan and a ledger. The same command continues the deletion."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.stores import read_report
from frontegg_async.cli.bulk_input import agree_to_continue
from frontegg_async.cli.bulk_jobs import REPORT, Show, command_line, is_refused, work
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.session import Session
from frontegg_async.errors import UnusableLedgerError
from frontegg_async.plans.files.opening import AccountsRow
from frontegg_async.plans.plan import Plan
from frontegg_async.tree import TenantTree

if TYPE_CHECKING:
    from frontegg_async.client import AsyncFrontegg

_SHOWN: Final = 100
"""The most accounts of a tree that the command shows."""
_LONGEST: Final = 100
"""The most characters of an id in the name of a ledger."""


def ledger_of(tenant_id: str) -> str:
    """Return the name of the ledger of a deletion, in the current directory.

    Args:
        tenant_id: The id of the account.
    """
    return f"delete-{quote(tenant_id, safe='')[:_LONGEST]}.ledger.sqlite3"


def delete_subtree(session: Session, tenant_id: str, ledger: str) -> int:
    """Delete an account and all accounts below it, or continue such a deletion. The lowest accounts are deleted first.

    Args:
        session: The session.
        tenant_id: The id of the account.
        ledger: The ledger.

    Returns:
        The exit code.

    Raises:
        CommandError: The answer is no, or the ledger belongs to another job or to a finished job.
        FronteggError: The accounts cannot be read, or cannot be deleted.
    """
    session.check_fields(REPORT)
    begun = _begun(ledger)
    if begun is not None:
        _check(begun, tenant_id, ledger)
        agree_to_continue(session, begun, override="confirm")

        def resume(client: AsyncFrontegg, show: Show) -> Awaitable[BulkReport]:
            return client.bulk.resume(ledger, on_progress=show)

        return work(session, ledger, resume)
    tree, plan = _planned(session, tenant_id)
    session.say(tree.render(max_nodes=_SHOWN))
    session.confirm(f"Delete {len(tree):,} {'account' if len(tree) == 1 else 'accounts'} and all their users")

    def apply(client: AsyncFrontegg, show: Show) -> Awaitable[BulkReport]:
        return client.apply(plan, ledger=ledger, on_progress=show)

    return work(session, ledger, apply)


def _planned(session: Session, tenant_id: str) -> tuple[TenantTree, Plan]:
    """Return the accounts to delete, and the plan that deletes them."""
    with session.progress("accounts") as progress:

        async def plan(client: AsyncFrontegg) -> tuple[TenantTree, Plan]:
            tree = await client.hierarchy.tree(tenant_id)
            rows: list[AccountsRow] = [{"tenant_id": node.tenant_id, "absent": True} for node in tree]
            made = await client.plan(rows, allow={"delete": len(rows)}, on_progress=progress.update)
            return tree, made

        return session.run(plan)


def _begun(ledger: str) -> BulkReport | None:
    """Return the report of a job that has started; ``None`` if no request was sent yet."""
    try:
        report = read_report(ledger)
    except UnusableLedgerError:  # no ledger exists, or `apply` reports why the ledger is unusable
        return None
    return report if report.total else None


def _check(report: BulkReport, tenant_id: str, ledger: str) -> None:
    """Refuse a ledger that cannot continue the deletion.

    Raises:
        CommandError: The ledger belongs to another job, or to a finished job.
    """
    [last] = deque(report.rows(), 1)  # the account itself is deleted last
    is_from_file = last.line is not None  # the rows of `bulk run` have a line number
    if report.operation != "delete" or is_from_file or last.tenant_id != tenant_id:
        raise CommandError(
            f"the ledger {ledger} does not belong to the deletion of {tenant_id} and the accounts below it",
            ExitCode.USAGE,
            "--ledger chooses another ledger.",
        )
    if not (report.pending or report.in_flight or report.unknown or is_refused(report)):
        raise CommandError(
            f"the ledger {ledger} belongs to a deletion that has ended",
            ExitCode.USAGE,
            "--ledger chooses another ledger for a new deletion. To see the ended deletion:\n"
            f"{command_line('report', ledger)}",
        )
