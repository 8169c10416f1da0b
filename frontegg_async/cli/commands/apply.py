"""``frontegg apply``: send the changes of a plan, after a confirmation."""

from __future__ import annotations

from collections.abc import Awaitable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

import attrs
import click

from frontegg_async.bulk.report import BulkReport
from frontegg_async.cli import prompts
from frontegg_async.cli.bulk_jobs import REPORT, JobSettings, Show, given_settings, with_settings, work
from frontegg_async.cli.command import Argument, Command
from frontegg_async.cli.commands.plans import shut_error
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.production import IS_PRODUCTION, PRODUCTION
from frontegg_async.cli.session import Session
from frontegg_async.errors import GuardShutError, UnusableLedgerError
from frontegg_async.plans.applying import SUFFIX, check_plan
from frontegg_async.plans.plan import Plan

if TYPE_CHECKING:
    from frontegg_async.client import AsyncFrontegg


_LINES: Final = 200
"""The most lines of a plan that the command shows before its question."""


def apply(name: str) -> Command:
    """Return the command ``frontegg apply``.

    Args:
        name: The name of the command.
    """

    @click.option(
        "--ledger",
        metavar="LEDGER",
        help=f"The file that records all changes and their outcomes. The default is FILE{SUFFIX}.",
    )
    @click.option("--digest", metavar="DIGEST", help="The digest of the reviewed plan, or its first 32 digits.")
    @with_settings
    def run(
        session: Session, *, file: Path, ledger: str | None, digest: str | None, **settings: Unpack[JobSettings]
    ) -> int:
        session.check_fields(REPORT)
        chosen = _loaded(file, digest)
        place = str(file.with_name(f"{file.name}{SUFFIX}")) if ledger is None else ledger
        _agree(session, chosen, is_reviewed=digest is not None)

        def begin(client: AsyncFrontegg, show: Show) -> Awaitable[BulkReport]:
            given: dict[str, Any] = given_settings(settings)
            # Pass the path, so that an error names the file. Pass the digest, since the file may have changed.
            return client.apply(file, ledger=place, digest=chosen.digest, on_progress=show, **given)

        try:
            return work(session, place, begin)
        except UnusableLedgerError as error:
            raise CommandError(error.message, ExitCode.USAGE, "--ledger chooses another ledger.") from None

    return Command(
        name,
        run,
        params=[Argument("file", "The plan that 'frontegg plan' wrote.", type=click.Path(path_type=Path))],
        help="Send the changes of a plan, and nothing else.\n\n"
        "The command reads the current values again before it sends a change. If the values differ from those in the "
        "plan, the change is stale: neither this change nor changes that depend on it are sent. After an interruption, "
        "run the same command again. In production, the command asks for the environment's name, or needs both --yes "
        "and --digest.",
        examples=(f"{name} plan.jsonl", f"{name} plan.jsonl --yes --digest 7f3a19c2d04e4b1c9a5d2e6f8b0c1d3e"),
    )


def _loaded(file: Path, digest: str | None) -> Plan:
    """Return a plan that can be applied.

    Raises:
        CommandError: The file cannot be read, or a guard refuses the plan.
        InvalidArgumentError: The file is not a plan, was changed, or has another digest.
    """
    try:
        loaded = Plan.load(file)
    except OSError as error:
        raise CommandError(f"{file}: the plan cannot be read: {error.strerror}", ExitCode.USAGE) from None
    try:
        check_plan(loaded, digest)
    except GuardShutError:
        raise shut_error(loaded) from None
    return loaded


def _show(session: Session, chosen: Plan) -> None:
    """Show the changes of a plan before the question, since the person may not have seen them."""
    if prompts.can_ask():
        lines = [*islice(chosen.lines(), _LINES + 1)]
        for line in lines[:_LINES]:
            session.say(line)
        if len(lines) > _LINES:
            session.say("... and more")


def _agree(session: Session, chosen: Plan, *, is_reviewed: bool) -> None:
    """Ask before a plan is sent.

    ``is_reviewed`` says whether the command line has the digest of the reviewed plan.

    Raises:
        CommandError: The answer is no, there is no terminal to ask at, or in production ``--yes`` is given without
            ``--digest``.
        FronteggError: The environment cannot be read.
    """
    if not chosen or (session.yes and is_reviewed):
        return
    if (chosen.environment_type or "").lower() == PRODUCTION:
        session.standing = attrs.evolve(session.standing, about=IS_PRODUCTION)
    counts = ", ".join(f"{number:,} {kind}" for kind, number in chosen.counts.items() if number)
    action = f"Apply plan {chosen.digest[:12]} ({counts})"
    if not session.yes:
        _show(session, chosen)
        session.confirm(action)
    elif session.standing.is_production:
        raise CommandError(
            f"{action} in {session.standing}: refused, since --yes alone is not enough in production",
            ExitCode.USAGE,
            f"If the plan was reviewed, give --digest {chosen.digest} too. Without --yes, the command asks at the "
            "terminal.",
        )
