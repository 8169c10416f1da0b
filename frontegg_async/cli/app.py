"""The program ``frontegg``: its commands, its errors and its exit codes."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Final

import attrs
import click
from click.shell_completion import shell_complete

from frontegg_async._version import __version__
from frontegg_async.catalogue.index import ENVIRONMENT
from frontegg_async.cli import streams, talk
from frontegg_async.cli.command import Entry, Group
from frontegg_async.cli.failures import CommandError, ExitCode, failure_of, record_of_failure
from frontegg_async.cli.session import Session
from frontegg_async.cli.wording import in_words

_HERE: Final = "frontegg_async.cli"
_OPERATIONS: Final = f"{_HERE}.operations:noun"
_SETUP: Final = "Set up"
_ACCOUNTS: Final = "Accounts"
_ACCESS: Final = "Users and access"
_MORE: Final = "More"

_WRITTEN: Final = {
    "login": Entry(f"{_HERE}.commands.profiles:login", "Store the settings of an environment as a profile.", _SETUP),
    "logout": Entry(f"{_HERE}.commands.profiles:logout", "Remove a profile and its secret.", _SETUP),
    "profiles": Entry(f"{_HERE}.commands.profiles:profiles", "List the profiles, or choose the default.", _SETUP),
    "whoami": Entry(
        f"{_HERE}.commands.profiles:whoami", "Show the settings in use, and where each comes from.", _SETUP
    ),
    "check": Entry(f"{_HERE}.commands.profiles:check", "Authenticate, and name the setting that is wrong.", _SETUP),
}
"""The handwritten commands that ``frontegg --help`` lists before the generated commands."""

_EXTENDED: Final = {
    "audits": f"{_HERE}.commands.audits:audits",
    "tenants": f"{_HERE}.commands.tenants:tenants",
    "webhooks": f"{_HERE}.commands.webhooks:webhooks",
}
"""The resources that have generated and handwritten commands, each with the function that makes its commands."""

COMMANDS: Final = {
    **_WRITTEN,
    **{
        each.name: Entry(_EXTENDED.get(each.name, _OPERATIONS), each.about, each.section)
        for each in ENVIRONMENT.values()
    },
    "onboard": Entry(
        f"{_HERE}.commands.onboarding:onboard", "Make an account with its owner, roles and applications.", _ACCOUNTS
    ),
    "offboard": Entry(
        f"{_HERE}.commands.onboarding:offboard",
        "End a user's access to an account: sessions, tokens, roles.",
        _ACCOUNTS,
    ),
    "user": Entry(f"{_HERE}.operations:user", "Call the operations that a user's own token allows.", _ACCESS),
    "bulk": Entry(f"{_HERE}.commands.bulk:bulk", "Run an operation for each row of a file.", _MORE),
    "export": Entry(f"{_HERE}.commands.exports:export", "Write all accounts to a file.", _MORE),
    "diff": Entry(
        f"{_HERE}.commands.exports:diff",
        "Show the differences between two exports, or between an export and the environment.",
        _MORE,
    ),
    "plan": Entry(
        f"{_HERE}.commands.plans:plan", "Show the changes that accounts files and environment files describe.", _MORE
    ),
    "apply": Entry(f"{_HERE}.commands.apply:apply", "Send the changes of a plan, and nothing else.", _MORE),
    "mirror": Entry(
        f"{_HERE}.commands.mirror:mirror",
        "Copy the accounts to your own database, and compare the copy with the service.",
        _MORE,
    ),
    "mcp": Entry(f"{_HERE}.commands.mcp:mcp", "Let an AI assistant read accounts, and propose plans.", _MORE),
    "schema": Entry(
        f"{_HERE}.commands.schema:schema", "Print the JSON Schema of accounts or environment files.", _MORE
    ),
    "api": Entry(f"{_HERE}.commands.api:api", "Call any operation of the service.", _MORE),
    "emulator": Entry(
        f"{_HERE}.commands.programs:emulator", "Serve an emulator of the service on this machine.", _MORE
    ),
    "conformance": Entry(
        f"{_HERE}.commands.programs:conformance", "Check whether the service behaves as this SDK expects.", _MORE
    ),
    "completion": Entry(f"{_HERE}.commands.completion:completion", "Print the completion script of a shell.", _MORE),
}
"""The commands by name, in the order of ``frontegg --help``."""


_AS_ONE_WORD: Final = frozenset({"--output=json", "-o=json", "-ojson"})


def _version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"frontegg {__version__}")
        context.exit()


def program() -> Group:
    """Return the command ``frontegg``, which contains all other commands."""
    version = click.Option(
        ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version."
    )
    return Group(
        "frontegg",
        help="Manage the accounts (tenants) of a Frontegg environment.\n\n"
        "Data goes to standard output. Messages and progress go to standard error.",
        commands=COMMANDS,
        params=[version],
        examples=(
            "login",
            "tenants list --filter acme --fields tenant_id,name,metadata.plan",
            "tenants list --filter acme --output id | frontegg tenants lock -",
            "tenants delete acme --yes",
        ),
    )


def execute(arguments: Sequence[str]) -> int:
    """Run a command line; return its exit code.

    Args:
        arguments: The words after the name of the program.
    """
    with streams.prepared():
        session = Session()
        run = _complete if os.environ.get("_FRONTEGG_COMPLETE") else partial(_run, list(arguments), session)
        code = _code_of(run, session, arguments)
        ended = _code_of(partial(_finish, session, code), session, arguments)
        with suppress(KeyboardInterrupt):
            streams.finish_messages(is_interrupted=ExitCode.INTERRUPTED in (code, ended))
        return code or ended


def _complete() -> int:
    """Write the completions of a command line for the shell."""
    with suppress(click.ClickException):  # an incomplete command line is no error here
        shell_complete(program(), {}, "frontegg", "_FRONTEGG_COMPLETE", os.environ["_FRONTEGG_COMPLETE"])
    return ExitCode.DONE


def _finish(session: Session, code: int) -> int:
    """Write the remaining data, and return the exit code."""
    error = streams.finish(is_interrupted=code == ExitCode.INTERRUPTED)
    if error is not None and not isinstance(error, BrokenPipeError):  # the reader of the output has left
        known = session.writes.of_unwritten(is_successful=code == ExitCode.DONE)
        raise CommandError(failure_of(error).message, advice="\n".join(known))
    return ExitCode.DONE


def _code_of(run: Callable[[], int], session: Session, arguments: Sequence[str]) -> int:
    """Run a function, report its error, and return the exit code."""
    try:
        try:
            return run()
        except click.Abort:
            raise KeyboardInterrupt from None
        except Exception as error:  # noqa: BLE001 - no caller reports the error
            return _fail(error, session, is_json=_wants_json(session, arguments))
    except KeyboardInterrupt as interruption:  # also during the report of another error
        talk.say("interrupted")  # before the next lines: a second signal may prevent them
        for line in (*_notes_of(interruption), *session.writes.of_interrupted()):
            talk.say(line)
        return ExitCode.INTERRUPTED


def _notes_of(error: BaseException | None) -> Iterator[str]:
    """Yield the notes that cancelled calls add to an error: each note describes the effect of a request."""
    while error is not None:
        yield from getattr(error, "__notes__", ())
        error = error.__context__


def _run(arguments: list[str], session: Session) -> int:
    with talk.shown_warnings(lambda: session.quiet, _reworded):
        try:
            names = ["-h", "--help"]
            with program().make_context("frontegg", arguments, obj=session, help_option_names=names) as context:
                returned: object = context.command.invoke(context)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            return ExitCode.USAGE
        except click.exceptions.Exit as error:
            return error.exit_code
    return returned if isinstance(returned, int) else ExitCode.DONE


def _reworded(warning: str) -> str:
    """Return a warning with the names of options instead of the names of Python arguments."""
    context = click.get_current_context(silent=True)
    return warning if context is None else in_words(warning, context.command.params)


def _wants_json(session: Session, arguments: Sequence[str]) -> bool:
    """Return whether errors are written as JSON. If the parser failed before ``--output``, search all words."""
    if session.output is not None:
        return session.output == "json"
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return any(pair in {("--output", "json"), ("-o", "json")} for pair in pairs) or not _AS_ONE_WORD.isdisjoint(
        arguments
    )


def _fail(error: Exception, session: Session, *, is_json: bool) -> int:
    if session.debug:
        traceback.print_exception(error)
    failure = failure_of(error)
    if failure.code is ExitCode.UNKNOWN and not session.writes.has_any:
        failure = attrs.evolve(failure, code=ExitCode.ERROR, advice="")  # a command that only reads has no effect
    if is_json:
        talk.say_record(record_of_failure(error, failure))
        return failure.code
    talk.say(failure.message, label="error", colour="red")
    if failure.advice:
        talk.say(failure.advice)
    return failure.code
