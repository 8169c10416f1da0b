"""Generate the reference of the command line from the commands. ``docs/conf.py`` adds it to the site."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import click  # noqa: E402 - like the next

from frontegg_async.catalogue.lookups import all_methods  # noqa: E402 - imported from this checkout, in any directory
from frontegg_async.catalogue.types import Client  # noqa: E402 - likewise
from frontegg_async.cli.app import program  # noqa: E402 - likewise
from frontegg_async.cli.command import Argument, Command, GlobalOption, Group  # noqa: E402 - likewise
from frontegg_async.cli.failures import ExitCode  # noqa: E402 - likewise

PAGE: Final = ROOT / "docs" / "reference" / "command_line_reference.md"
"""The page that the reference replaces in the site. The page in git has a link to the reference."""

_CATALOGUE: Final = ROOT / "tools" / "generator" / "catalogue.toml"

HEAD: Final = """\
# Reference of the command line

This page lists every command of `frontegg`. It is generated from the commands. [The command
line](../guide/command_line.md) describes their use.
"""

_MEANINGS: Final = {
    ExitCode.DONE: "done",
    ExitCode.ERROR: "an error",
    ExitCode.USAGE: "the command line, a setting or the input is not allowed; nothing was sent",
    ExitCode.PARTLY: "partly done; the message or the report says what was not done",
    ExitCode.DENIED: "the service refused the credential or the permission",
    ExitCode.DIFFERENCES: "there are differences (`diff --exit-code`) or changes (`plan --exit-code`)",
    ExitCode.GUARD: "a guard stopped the job or refused the plan",
    ExitCode.UNKNOWN: "it is unknown whether a change was made",
    ExitCode.HELD: "another run uses the ledger",
    ExitCode.INTERRUPTED: "interrupted by Ctrl-C",
}


def walk(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """Yield a command and all its subcommands, each with its context.

    Args:
        command: The command.
        context: Its context.
    """
    yield command, context
    if isinstance(command, Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from walk(inner, click.Context(inner, info_name=name, parent=context))


def commands() -> Iterator[tuple[click.Command, click.Context]]:
    """Yield every command of the program."""
    root = program()
    yield from walk(root, click.Context(root, info_name="frontegg"))


def section(command: click.Command, context: click.Context) -> str:
    """Return the section of a command."""
    path = context.command_path
    if isinstance(command, Group) and context.parent is None:
        return ""
    level = "##" if context.parent is not None and context.parent.parent is None else "###"
    parts = [f"{level} {path}", _prose(command.help or "")]
    if not isinstance(command, Group):
        usage = " ".join(command.collect_usage_pieces(context))
        parts.append(f"```text\n{path} {usage}\n```")
    parts += filter(None, ("\n".join(_parameters(command, context)), _examples(command)))
    return "\n\n".join(parts)


def _prose(text: str) -> str:
    return "\n\n".join(" ".join(each.split()) for each in text.split("\n\n")).replace("<", "&lt;")


def _parameters(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        if isinstance(parameter, Argument):
            yield f"- `{parameter.make_metavar(context)}`: {_prose(parameter.about)}"
        elif not isinstance(parameter, GlobalOption) and "--help" not in parameter.opts:
            record = parameter.get_help_record(context)
            if record is not None:
                yield f"- `{record[0]}`: {_prose(record[1])}"


def _examples(command: click.Command) -> str:
    examples = command.examples if isinstance(command, Command | Group) else ()
    return "```console\n" + "\n".join(f"$ frontegg {each}" for each in examples) + "\n```" if examples else ""


def _global_options() -> str:
    root = program()
    context = click.Context(root, info_name="frontegg")
    records = [each.get_help_record(context) for each in root.get_params(context) if isinstance(each, GlobalOption)]
    rows = [f"- `{record[0]}`: {_prose(record[1])}" for record in records if record is not None]
    return "\n".join(("## Options of every command", "", "Write these options before or after the command.", "", *rows))


def _exit_codes() -> str:
    rows = [f"| {code.value} | {_MEANINGS[code]} |" for code in ExitCode]
    return "\n".join(("## Exit codes", "", "| code | |", "| --- | --- |", *rows))


def methods_without_commands() -> dict[str, str]:
    """Return the methods of the clients without a command, each with the reason."""
    reasons: dict[str, str] = tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))["not_commands"]
    found: dict[str, str] = {}
    clients: tuple[tuple[Client, str], ...] = (("environment", ""), ("user", "user."))
    for client, prefix in clients:
        for method in all_methods(client):
            if not method.is_command:
                found[f"{prefix}{method.path}"] = reasons[method.path]
    return found


def _without_commands() -> str:
    rows = [f"- `{path}`: {reason}" for path, reason in methods_without_commands().items()]
    about = "Each other method of the clients has a command. `user` is the client of a user."
    return "\n".join(("## Methods without a command of their own", "", about, "", *rows))


def page() -> str:
    """Return the text of the page."""
    sections = [section(command, context) for command, context in commands()]
    parts = (HEAD.rstrip(), _global_options(), _exit_codes(), *filter(None, sections), _without_commands())
    return "\n\n".join(parts) + "\n"
