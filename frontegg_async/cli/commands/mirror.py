"""``frontegg mirror``: copy the accounts to your own database, and compare the copy with the service."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

import click

from frontegg_async.cli.command import Argument, Command, Group, entry_of
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.session import Session
from frontegg_async.errors import MissingExtraError

if TYPE_CHECKING:
    from frontegg_async.client import AsyncFrontegg
    from frontegg_async.mirror import AsyncMirror
    from frontegg_async.models.mirror import MirrorHealth, Proof

T = TypeVar("T")

_SHOWN: Final = 20
"""The maximum number of account ids in the output."""
_ROOT: Final = 8
"""The number of digits of a root hash that the output shows."""
_UNITS: Final = {"m": 60, "h": 3_600, "d": 86_400}
_AGE: Final = re.compile(r"([0-9]{1,6})([mhd])", re.ASCII)
_URL: Final = Argument("url", "The database, such as postgresql://user@host/database or sqlite:///file.", metavar="URL")


def mirror(name: str) -> Group:
    """Return the command ``frontegg mirror``.

    Args:
        name: The name of the command.
    """
    return Group(
        name,
        help="Copy the accounts to your own database, and compare the copy with the service.\n\n"
        "URL is a PostgreSQL database or an SQLite file. 'upgrade' creates the tables, and 'refresh' fills the tables.",
        commands={
            "upgrade": entry_of(_upgrade()),
            "refresh": entry_of(_refresh()),
            "run": entry_of(_run()),
            "check": entry_of(_check()),
            "health": entry_of(_health()),
        },
        examples=(f"{name} upgrade postgresql://app@db/app", f"{name} check postgresql://app@db/app"),
    )


def opened_mirror(client: AsyncFrontegg, url: str) -> AsyncMirror:
    """Return the mirror in a database.

    Args:
        client: A client of the environment.
        url: The database.

    Raises:
        MissingExtraError: The extra is not installed.
        ConfigurationError: The address is not allowed.
    """
    try:
        from frontegg_async.mirror.mirror import AsyncMirror  # noqa: PLC0415 - it needs an extra
    except ImportError as error:
        raise MissingExtraError(
            "a mirror needs SQLAlchemy, Alembic, psycopg and aiosqlite: pip install 'frontegg-async[mirror]'"
        ) from error
    return AsyncMirror(client, url)


def _with_mirror(session: Session, url: str, function: Callable[[AsyncMirror], Awaitable[T]]) -> T:
    """Run a coroutine function with a mirror in a database."""

    async def run(client: AsyncFrontegg) -> T:
        async with opened_mirror(client, url) as mirror:
            return await function(mirror)

    return session.run(run)


def _upgrade() -> Command:
    def run(session: Session, *, url: str) -> int:
        _with_mirror(session, url, lambda mirror: mirror.upgrade())
        session.say("the tables are up to date")
        return ExitCode.DONE

    return Command(
        "upgrade",
        run,
        params=[_URL],
        help="Create the tables of a mirror, or upgrade them to this version.\n\n"
        "In PostgreSQL, the tables are in the schema frontegg_mirror. In SQLite, their names begin with "
        "frontegg_mirror_. Other tables stay unchanged.",
        examples=("mirror upgrade postgresql://app@db/app",),
    )


def _refresh() -> Command:
    def run(session: Session, *, url: str) -> int:
        session.check_fields(("accounts", "read_again", "deleted"))
        session.show(_with_mirror(session, url, lambda mirror: mirror.refresh()), id_field="accounts")
        return ExitCode.DONE

    return Command(
        "refresh",
        run,
        params=[_URL],
        help="List all accounts and write them to a mirror.\n\n"
        "Accounts that the service no longer has are marked as deleted. If a request fails, no account is marked.",
        examples=("mirror refresh postgresql://app@db/app",),
    )


def _run() -> Command:
    async def keep(mirror: AsyncMirror) -> None:
        async with mirror.running():
            await asyncio.Event().wait()

    def run(session: Session, *, url: str) -> int:
        session.say("keeping the mirror up to date until Ctrl-C")
        _with_mirror(session, url, keep)
        return ExitCode.DONE

    return Command(
        "run",
        run,
        params=[_URL],
        help="Keep a mirror up to date, until Ctrl-C or SIGTERM.\n\n"
        "The command reads an account again after each webhook and each audit log entry about the account. Once a day, "
        "the command compares the mirror with the service. Several processes may run this command at the same time.",
        examples=("mirror run postgresql://app@db/app",),
    )


def _check() -> Command:
    def run(session: Session, *, url: str) -> int:
        session.check_fields(("equal", "accounts", "root", "mirror_root", "changed_meanwhile", "different"))
        proof = _with_mirror(session, url, lambda mirror: mirror.check())
        if session.output is None:
            for line in _lines_of(proof):
                session.show_text(line)
        else:
            session.show(proof, id_field="root")
        session.say(f"{proof.accounts:,} accounts, {session.requests:,} requests")
        return ExitCode.DONE if proof.equal else ExitCode.DIFFERENCES

    return Command(
        "check",
        run,
        params=[_URL],
        help="Compare a mirror with the service.\n\n"
        "The command lists and hashes all accounts. An account that differs is read a second time. If accounts still "
        f"differ, the exit code is {ExitCode.DIFFERENCES:d}, and the output has at most {_SHOWN} of their ids.",
        examples=("mirror check postgresql://app@db/app",),
    )


def _lines_of(proof: Proof) -> list[str]:
    verdict = "equal" if proof.equal else f"{len(proof.different):,} accounts differ"
    changed = f" ({proof.changed_meanwhile:,} changed during the check and were read again)"
    again = changed if proof.changed_meanwhile else ""
    more = len(proof.different) - _SHOWN
    return [
        f"service {proof.root[:_ROOT]}, mirror {proof.mirror_root[:_ROOT]}: {verdict}{again}",
        *proof.different[:_SHOWN],
        *([f"and {more:,} more"] if more > 0 else []),
    ]


def _health() -> Command:
    @click.option("--max-age", metavar="AGE", help="The maximum age of the last check, such as 90m, 26h or 2d.")
    def run(session: Session, *, url: str, max_age: str | None) -> int:
        session.check_fields(("oldest_dirty", "last_event", "last_listing", "last_proof", "is_equal", "is_silent"))
        most = None if max_age is None else _age(max_age)
        health = _with_mirror(session, url, lambda mirror: mirror.health())
        session.show(health, id_field="last_proof")
        problems = [*_problems(health, most)]
        for problem in problems:
            session.say(problem)
        return ExitCode.DIFFERENCES if problems else ExitCode.DONE

    return Command(
        "health",
        run,
        params=[_URL],
        help="Show the health of a mirror, without a request to the service.\n\n"
        f"The exit code is {ExitCode.DIFFERENCES:d} if the last check is missing, found differences or is older than "
        "--max-age, or if webhooks do not arrive: a change was found that no webhook had announced.",
        examples=("mirror health postgresql://app@db/app --max-age 26h",),
    )


def _problems(health: MirrorHealth, most: timedelta | None) -> list[str]:
    found: list[str] = []
    if health.last_proof is None:
        found.append("the mirror was never checked: run 'frontegg mirror check'")
    elif not health.is_equal:
        found.append("the mirror was not equal at the last check")
    elif most is not None and datetime.now(UTC) - health.last_proof > most:
        found.append("the last check is older than --max-age")
    if health.is_silent:
        found.append("webhooks do not arrive: a change was found that no webhook had announced")
    return found


def _age(text: str) -> timedelta:
    found = _AGE.fullmatch(text)
    if found is None:
        raise CommandError("--max-age must be a number followed by m, h or d, such as 26h", ExitCode.USAGE)
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])
