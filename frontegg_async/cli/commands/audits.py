"""``frontegg audits``: the commands of the resource, and ``tail`` to follow the audit log."""

from __future__ import annotations

import asyncio
import shlex
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import attrs
import click

from frontegg_async._values.printable import printable
from frontegg_async.catalogue.lookups import columns_of, method_at
from frontegg_async.cli import streams
from frontegg_async.cli.command import Command, Group, entry_of
from frontegg_async.cli.failures import ExitCode
from frontegg_async.cli.operations import noun
from frontegg_async.cli.parameters import Moment
from frontegg_async.cli.session import Session

if TYPE_CHECKING:
    from frontegg_async.audit_streams import AsyncAuditTail
    from frontegg_async.client import AsyncFrontegg
    from frontegg_async.models.audits import Audit


def audits(name: str) -> Group:
    """Return the command ``frontegg audits``.

    Args:
        name: The name of the command.
    """
    group = noun(name)
    group.entries["tail"] = entry_of(_tail(name))
    return group


def _tail(noun: str) -> Command:
    @click.option(
        "--since",
        type=Moment(),
        metavar="TIME",
        help="Begin with rows that were created at this time or later. By default, only new rows are written.",
    )
    @click.option("--cursor", metavar="TEXT", help="Continue at the cursor that an earlier 'tail' command printed.")
    @click.option("--tenant", metavar="ID", help="Only rows of this account. The default is all accounts.")
    @click.option(
        "--interval",
        type=click.FloatRange(0, min_open=True),
        default=10.0,
        show_default=True,
        metavar="SECONDS",
        help="The time between two requests for new rows.",
    )
    def run(
        session: Session, *, since: datetime | None, cursor: str | None, tenant: str | None, interval: float
    ) -> int:
        columns = columns_of(method_at("environment", "audits.list"))
        session.check_fields(columns)
        tenants = () if tenant is None else (tenant,)
        following = _Following(session, columns)

        async def follow(client: AsyncFrontegg) -> None:
            await following.write(client.audits.tail(*tenants, cursor=cursor, since=since, interval=interval))

        try:
            session.run(follow)
        except KeyboardInterrupt:  # while a row was written
            if following.cursor is None:
                raise
        finally:
            if following.cursor is not None:
                of_tenant = [word for each in tenants for word in ("--tenant", each)]
                words = shlex.join(["frontegg", noun, "tail", *of_tenant, "--cursor", following.cursor])
                session.say(f"to continue after the last row:\n{words}")
        return ExitCode.DONE if streams.output_is_over() else ExitCode.INTERRUPTED

    return Command(
        "tail",
        run,
        help="Follow the audit log: write each new row, the oldest first, until Ctrl-C.\n\n"
        "At the end, the command prints a command line that continues after the last row. No row is lost, but the last "
        "row may be written twice.",
        examples=(f"{noun} tail --tenant acme", f"{noun} tail --since 2026-01-31T08:00Z --output jsonl"),
    )


@attrs.define
class _Following:
    """The output of ``frontegg audits tail``."""

    session: Session
    columns: Sequence[str]
    cursor: str | None = None
    """The position after the last written row."""

    async def write(self, tail: AsyncAuditTail) -> None:
        """Write the rows until Ctrl-C, or until the reader of the output leaves."""
        if self.session.format != "table" or self.session.fields:
            await self.session.show_all(self._rows(tail), columns=self.columns, what="audits")
            return
        async for audit in self._rows(tail):
            sys.stdout.write(_for_people(audit))
            if streams.output_is_over():
                return

    async def _rows(self, tail: AsyncAuditTail) -> AsyncIterator[Audit]:
        """Yield the rows until Ctrl-C. Then end without an error, so that the caller completes the output."""
        try:
            async for audit in tail:
                yield audit
                sys.stdout.flush()  # the reader of a pipe receives each row at once
                self.cursor = tail.cursor
        except asyncio.CancelledError:
            self.cursor = tail.cursor
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()  # otherwise the end of the output would not be written


def _for_people(audit: Audit) -> str:
    created = "" if audit.created_at is None else audit.created_at.isoformat(timespec="seconds")
    facts = (created, audit.severity, audit.tenant_id, audit.action, audit.email, audit.description)
    return f"{printable('  '.join(str(each) for each in facts if each))}\n"
