"""``frontegg mcp``: serve AI assistants over standard input and output."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import click

from frontegg_async.cli.command import Command
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.profiles import state_directory
from frontegg_async.cli.session import Session
from frontegg_async.errors import ConfigurationError, MissingExtraError

if TYPE_CHECKING:
    from frontegg_async.client import AsyncFrontegg


def mcp(name: str) -> Command:
    """Return the command ``frontegg mcp``.

    Args:
        name: The name of the command.
    """

    @click.option("--account", metavar="ID", help="Show only this account.")
    @click.option("--below", is_flag=True, help="Also show the accounts below --account.")
    @click.option("--plans", is_flag=True, help="Let the assistant write plans. Only a person can apply a plan.")
    @click.option(
        "--export",
        type=click.Path(path_type=Path, dir_okay=False),
        help="An export with which the assistant can compare accounts.",
    )
    @click.option(
        "--trail",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The log file, with a line for each call of the assistant. The default is mcp/trail.jsonl in the user's "
        "state directory.",
    )
    @click.option(
        "--calls",
        type=click.IntRange(1, 10_000),
        default=60,
        show_default=True,
        help="The maximum number of calls a minute.",
    )
    @click.option(
        "--rows",
        type=click.IntRange(1, 10**6),
        default=10_000,
        show_default=True,
        help="The maximum number of rows in all results together.",
    )
    @click.option(
        "--rate",
        type=click.FloatRange(0.1, 100),
        default=10,
        show_default=True,
        help="The maximum number of requests a second.",
    )
    @click.option("--text", is_flag=True, help="Add a text to each result, for clients that ignore structured content.")
    def run(
        session: Session,
        *,
        account: str | None,
        below: bool,
        plans: bool,
        export: Path | None,
        trail: Path | None,
        calls: int,
        rows: int,
        rate: float,
        text: bool,
    ) -> int:
        if below and account is None:
            raise CommandError("--below needs --account", ExitCode.USAGE)
        if session.fields and not plans:
            raise CommandError("--fields needs --plans", ExitCode.USAGE)
        gc.disable()  # during these imports, garbage collection takes a fifth of the time and frees nothing
        try:
            from frontegg_async.mcp import stdio  # noqa: PLC0415 - it needs an extra
            from frontegg_async.mcp.scope import Scope  # noqa: PLC0415 - as above
            from frontegg_async.mcp.service import AccountsService, Limits  # noqa: PLC0415 - as above
        except ModuleNotFoundError as error:
            raise MissingExtraError("frontegg mcp needs the MCP SDK: pip install 'frontegg-async[mcp]'") from error
        gc.freeze()
        gc.enable()
        state = state_directory() / "mcp"
        try:
            scope = Scope(account, below)
        except ConfigurationError as error:
            raise CommandError(f"--{error}", ExitCode.USAGE) from None
        limits = Limits(calls=calls, rows=rows, rate=rate)

        session.connection.needed()

        async def serve() -> None:
            clients: list[AsyncFrontegg] = []

            def client() -> AsyncFrontegg:
                clients.append(session.client())
                return clients[0]

            try:
                service = AccountsService(
                    client,
                    trail=trail or state / "trail.jsonl",
                    export=export,
                    plans=state / "plans" if plans else None,
                    fields=session.fields,
                    limits=limits,
                )
            except ConfigurationError as error:
                raise CommandError(f"--{error}", ExitCode.USAGE) from None
            try:
                await stdio.serve(service, scope, as_text=text)
            finally:
                for each in clients:
                    await each.aclose()

        session.run_alone(serve)
        return ExitCode.DONE

    return Command(
        name,
        run,
        help="Let an AI assistant read accounts, over the Model Context Protocol on standard input and output.\n\n"
        "The assistant's client starts this command. The assistant cannot change accounts. With --plans, it can "
        "propose a plan, and a person applies the plan with 'frontegg apply'. --fields allows further fields in "
        "plans, such as users or sso. A plan that changes such fields can give a stranger control of an account.",
        examples=(f"{name} --profile staging", f"{name} --profile staging --account acme --plans"),
    )
