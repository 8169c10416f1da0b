"""The errors that models raise, and what all errors hold. `frontegg_async.errors` has them, and all others.

They stand below the models, of which other errors have some: a migration, an onboarding, an offboarding.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from typing import ClassVar, Final, Self, cast

import attrs

from frontegg_async._values.faults import Fault
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value

_PUBLIC_MODULE: Final = "frontegg_async.errors"
"""The documented module of the errors, which tracebacks and traces show."""


class Outcome(enum.Enum):
    """Whether a call that failed had an effect on the service."""

    NOT_SENT = "not_sent"
    """Nothing was sent, so the call had no effect."""
    REFUSED = "refused"
    """The service refused the call, so it had no effect."""
    UNKNOWN = "unknown"
    """The request was sent and no response says whether it had an effect."""
    DONE = "done"
    """The service responded that the call had its effect; what the call should return is lost."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ErrorResponse(Value):
    """The response of the service, without its headers."""

    status: int
    """The HTTP status that the service sent."""
    trace_id: str | None = None
    """The service's ``frontegg-trace-id``; ``None`` if it sent none."""
    content_type: str | None = None
    """The media type of the body; ``None`` if the service named none."""
    body: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """The parsed JSON of the body, or the beginning of its text. No text form of the error shows it."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Move(Value):
    """A failed move of a tenant from one parent to another."""

    child_id: str
    """The tenant that was to be moved."""
    old_parent_id: str
    """The parent that it was under."""
    new_parent_id: str
    """The parent that it was to be put under."""
    parent_id: str | None = None
    """The parent that it is under now; ``None`` if it has none, or if no response says."""
    failures: tuple[FronteggError, ...] = ()
    """The errors of the calls that failed, in order."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ErrorDetails(Value):
    """The frozen state of an error, which the properties of its class return."""

    endpoint: str | None = None
    """The name of the operation, as ``tenants.create``; ``None`` outside of a call."""
    attempts: int = 0
    """The number of requests that the call made."""
    elapsed: float = 0.0
    """The seconds from the start of the call to its failure."""
    outcome: Outcome | None = None
    """Whether the call had an effect; ``None`` outside of a call."""
    trace_id: str | None = None
    """The service's ``frontegg-trace-id``; ``None`` if it sent none."""
    retry_after: float | None = None
    """The seconds to wait before another try; ``None`` if the service did not say."""
    reason: str | None = None
    """Why, in a word, where the error's class has one."""
    code: str | None = None
    """The service's ``errorCode``, as ``ER-00008``."""
    codes: tuple[str, ...] = ()
    """All error codes of the response."""
    messages: tuple[str, ...] = attrs.field(default=(), repr=False)
    """The service's own texts."""
    response: ErrorResponse | None = None
    """The response, if one came."""
    succeeded: tuple[str, ...] = ()
    """Of a call in several requests, the ids for which it had its effect."""
    failed: Mapping[str, FronteggError] = attrs.field(factory=dict[str, "FronteggError"], hash=False)
    """Of a call in several requests, the ids for which it certainly had no effect, each with its error."""
    unknown: tuple[str, ...] = ()
    """The ids for which no response says whether the call had an effect."""
    paths: tuple[str, ...] = ()
    """The places where a body differs from the expected form."""
    move: Move | None = None
    """Of a move that failed, the tenant and its parents."""
    argument: str | None = None
    """The name of the argument that is not allowed."""
    missing: tuple[str, ...] = ()
    """The permissions and roles that a token lacks, or the feature that its account may not use."""
    faults: tuple[Fault, ...] = ()
    """What is wrong in files that were read, each with its place."""
    migration: Value | None = None
    """A `Migration` as it was when it was last read."""
    onboarding: Value | None = None
    """An `Onboarding`: what each step of it came to."""
    offboarding: Value | None = None
    """An `Offboarding`: what each step of it came to."""
    asked: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """The arguments of a creation, without secrets."""
    of_user: bool = False
    """Whether the call was made with a user's credential, and not with that of an environment."""


_NO_DETAILS: Final = ErrorDetails()
NOT_SENT: Final = ErrorDetails(outcome=Outcome.NOT_SENT)

_NAMED: Final = re.compile(
    r"(?:a key of )?([a-z][a-z0-9_]*)(?:[\[.].*?)? (?:must|is|has|needs|given|goes|cannot)\b", re.DOTALL
)
"""The name of the argument, and a place in it, at the beginning of a message."""


class FronteggError(Exception):
    """The base of every error of this SDK.

    Every method that sends requests can raise these common errors:

    - `InvalidArgumentError`: an argument is not allowed; nothing was sent.
    - `ReadOnlyError`: the client is read-only and the method writes; nothing was sent.
    - `PermissionDeniedError`: the credential may not do this.
    - Any other `FronteggError`, for example if there is no connection, if time runs out or if the service fails.

    The documentation of a method names its own errors, and a common error only for a particular reason.

    Args:
        message: One line for people; never a header, a body or a secret.
        details: The values of the properties; by default the values of all errors of the class.
    """

    __module__ = _PUBLIC_MODULE

    _default_details: ClassVar[ErrorDetails] = _NO_DETAILS

    def __init__(self, message: str, details: ErrorDetails | None = None) -> None:
        super().__init__(message, self._default_details if details is None else details)

    @property
    def message(self) -> str:
        """The message alone, without the trace id."""
        return cast("str", self.args[0])

    @property
    def details(self) -> ErrorDetails:
        """The state that the properties return."""
        return cast("ErrorDetails", self.args[1])

    @property
    def endpoint(self) -> str | None:
        """The name of the operation, as ``tenants.create``; ``None`` outside of a call."""
        return self.details.endpoint

    @property
    def attempts(self) -> int:
        """The number of requests that the call made."""
        return self.details.attempts

    @property
    def elapsed(self) -> float:
        """Seconds from the start of the call to its failure."""
        return self.details.elapsed

    @property
    def outcome(self) -> Outcome | None:
        """Whether the call had an effect; ``None`` outside of a call."""
        return self.details.outcome

    @property
    def trace_id(self) -> str | None:
        """The service's ``frontegg-trace-id``; ``None`` if it sent none."""
        return self.details.trace_id

    def fresh(self, details: ErrorDetails | None = None, message: str | None = None) -> Self:
        """Return a copy with the notes of this error, and without its traceback, cause and context.

        An error that several calls wait for is raised in each of them. If they raised one object, its traceback would
        grow with each call and keep the frames of all of them alive.

        Args:
            details: The details of the copy; those of this error by default.
            message: The message of the copy; that of this error by default.
        """
        error = type(self)(self.message if message is None else message, self.details if details is None else details)
        for note in getattr(self, "__notes__", ()):
            error.add_note(note)
        return error

    def __str__(self) -> str:
        trace_id = self.details.trace_id
        return f"{self.message} (trace id {trace_id})" if trace_id else self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FronteggError) or type(self) is not type(other):
            return NotImplemented
        return self.args == other.args

    def __hash__(self) -> int:
        return hash((type(self), self.message))


class InvalidArgumentError(FronteggError, ValueError):
    """An argument of a call is not allowed; the message names it and what is allowed. Nothing was sent.

    Args:
        message: One line for people. It begins with the name of the argument, if one argument is to blame.
        details: The values of the properties; by default with the ``argument`` that the message begins with.
    """

    __module__ = _PUBLIC_MODULE

    _default_details = NOT_SENT

    def __init__(self, message: str, details: ErrorDetails | None = None) -> None:
        if details is None:
            named = _NAMED.match(message)
            details = attrs.evolve(NOT_SENT, argument=None if named is None else named[1])
        super().__init__(message, details)

    @property
    def argument(self) -> str | None:
        """The name of the argument, as ``name``; ``None`` if several arguments do not go together."""
        return self.details.argument


class DecodeError(FronteggError):
    """The body of the response is not what the operation returns, or metadata are not what ``metadata_as`` reads.

    ``paths`` says where, with types and never values.
    """

    __module__ = _PUBLIC_MODULE

    @property
    def paths(self) -> tuple[str, ...]:
        """Where it differs from what was expected, as ``$.items[3].name: expected str, got int``."""
        return self.details.paths


class MissingPermissionError(FronteggError):
    """A verified token lacks a required permission or role. The service was not called."""

    __module__ = _PUBLIC_MODULE

    @property
    def missing(self) -> tuple[str, ...]:
        """The permissions and roles that are lacking."""
        return self.details.missing
