"""The failure of a command: the exit code, the line with the reason, and the line with advice."""

from __future__ import annotations

import enum
from typing import Final

import attrs
import click

from frontegg_async.cli.extra import NEEDED, PACKAGES
from frontegg_async.cli.wording import in_commands, in_settings
from frontegg_async.errors import (
    APIError,
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
    FronteggError,
    GuardShutError,
    InvalidArgumentError,
    LedgerExistsError,
    LedgerInUseError,
    MoveError,
    OffboardingError,
    OnboardingError,
    Outcome,
    OutcomeUnknownError,
    PaginationError,
    PartialFailureError,
    PermissionDeniedError,
    RateLimitError,
    ReadOnlyError,
    ResultLostError,
    UnusableLedgerError,
)


class ExitCode(enum.IntEnum):
    """The exit code of a command."""

    DONE = 0
    """Everything was done."""
    ERROR = 1
    """Something failed."""
    USAGE = 2
    """The command line, a setting or the input is not allowed. No request was sent."""
    PARTLY = 3
    """Only a part of the work was done. The message names the unfinished part, or a report."""
    DENIED = 4
    """The service refused the credential, or the credential lacks a permission."""
    DIFFERENCES = 5
    """``diff --exit-code`` found differences, or ``plan --exit-code`` found changes."""
    GUARD = 6
    """A guard stopped the job, or refused the plan."""
    UNKNOWN = 7
    """The outcome of some requests is unknown: no response shows whether they had an effect."""
    HELD = 8
    """Another process uses the ledger."""
    INTERRUPTED = 130
    """Ctrl-C interrupted the command. If the command can be continued, the message shows how."""


class CommandError(click.ClickException):
    """A command cannot continue.

    Args:
        message: The reason, in one line.
        code: The exit code.
        advice: Advice, in one line.
    """

    def __init__(self, message: str, code: ExitCode = ExitCode.ERROR, advice: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.advice = advice


@attrs.frozen
class CommandFailure:
    """The message, the advice and the exit code of an error."""

    message: str
    advice: str
    code: ExitCode


_CHECK: Final = "'frontegg check' says which setting is wrong, and 'frontegg whoami' shows the source of each setting."
_AUTHENTICATION: Final = "auth.authenticate"
_READ_FIRST: Final = "The request may have had an effect: check before you repeat the command."
_RULES: Final[tuple[tuple[type[Exception], ExitCode, str], ...]] = (
    (InvalidArgumentError, ExitCode.USAGE, ""),
    (ReadOnlyError, ExitCode.USAGE, ""),
    (
        ConfigurationError,
        ExitCode.USAGE,
        "'frontegg login' stores settings. 'frontegg whoami' shows the settings in use.",
    ),
    (AuthenticationError, ExitCode.DENIED, _CHECK),
    (PermissionDeniedError, ExitCode.DENIED, "The credential is valid, but does not allow this operation."),
    (GuardShutError, ExitCode.GUARD, ""),
    (UnusableLedgerError, ExitCode.USAGE, ""),
    (LedgerExistsError, ExitCode.USAGE, ""),
    (LedgerInUseError, ExitCode.HELD, ""),
    (PaginationError, ExitCode.PARTLY, "The listing is not complete: run the command again."),
    (OutcomeUnknownError, ExitCode.UNKNOWN, _READ_FIRST),
    (PartialFailureError, ExitCode.PARTLY, ""),
    (OnboardingError, ExitCode.PARTLY, ""),
    (OffboardingError, ExitCode.PARTLY, ""),
    (
        MoveError,
        ExitCode.PARTLY,
        "'frontegg hierarchy list-parents' shows the account's parents. 'hierarchy assign' moves the account back.",
    ),
    (ResultLostError, ExitCode.ERROR, "The request succeeded, but its result is lost: do not repeat the command."),
    (RateLimitError, ExitCode.ERROR, "The service accepts no more requests at the moment: try again later."),
    (ConnectionFailedError, ExitCode.ERROR, "'frontegg check' says which setting is wrong."),
)


def failure_of(error: Exception) -> CommandFailure:
    """Return the message, the advice and the exit code of an error.

    Args:
        error: Any error that a command raised.
    """
    if isinstance(error, CommandError):
        return CommandFailure(error.message, error.advice, error.code)
    if isinstance(error, click.UsageError):
        message = " ".join(error.format_message().split())  # click writes choices on separate lines
        return CommandFailure(message, _help_of(error), ExitCode.USAGE)
    if isinstance(error, click.ClickException):
        return CommandFailure(error.format_message(), "", ExitCode(error.exit_code))
    if isinstance(error, FronteggError):
        return _of_sdk(error)
    if isinstance(error, OSError):
        name = "" if error.filename is None else f"{error.filename}: "
        return CommandFailure(f"{name}{error.strerror or type(error).__name__}", "", ExitCode.ERROR)
    if isinstance(error, ModuleNotFoundError) and error.name in PACKAGES:
        return CommandFailure(NEEDED, "", ExitCode.ERROR)
    return CommandFailure(f"unexpected {type(error).__name__}", "--debug shows the traceback.", ExitCode.ERROR)


def record_of_failure(error: Exception, failure: CommandFailure) -> dict[str, object]:
    """Return an error as a JSON object for programs.

    Args:
        error: The error.
        failure: The message, the advice and the exit code of the error.
    """
    record: dict[str, object] = {
        "error": "UsageError" if isinstance(error, click.ClickException) else type(error).__name__,
        "message": failure.message,
        "advice": failure.advice or None,
        "exit_code": int(failure.code),
    }
    if isinstance(error, FronteggError):
        record |= {"status": error.status, "trace_id": error.trace_id} if isinstance(error, APIError) else {}
    return record


def _of_sdk(error: FronteggError) -> CommandFailure:
    code, advice = next(
        ((code, advice) for kind, code, advice in _RULES if isinstance(error, kind)), (ExitCode.ERROR, "")
    )
    # A request for a token, such as that of `check`, has no effect that a person must check.
    is_unknown = error.endpoint != _AUTHENTICATION and (error.outcome is Outcome.UNKNOWN or bool(error.details.unknown))
    if is_unknown and code in (ExitCode.ERROR, ExitCode.PARTLY) and not isinstance(error, PaginationError):
        code, advice = ExitCode.UNKNOWN, _READ_FIRST
    return CommandFailure(message_of(error), advice, code)


def message_of(error: FronteggError) -> str:
    """Return the message of an error of the SDK, with options and commands instead of Python's names.

    Args:
        error: The error.
    """
    text = str(error)
    return in_commands(in_settings(text) if isinstance(error, ConfigurationError) else text)


def _help_of(error: click.UsageError) -> str:
    return "" if error.ctx is None else f"'{error.ctx.command_path} --help' shows how to use the command."
