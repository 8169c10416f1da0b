"""The errors that models raise, and the state that all errors share. `frontegg_async.errors` exports all errors.

Models import this module. `frontegg_async.errors` imports models, because some errors contain models.
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
"""The name of the documented module of the errors, which tracebacks and traces show."""


class Outcome(enum.Enum):
    """Whether a failed call had an effect on the service."""

    NOT_SENT = "not_sent"
    """Nothing was sent. The call had no effect."""
    REFUSED = "refused"
    """The service refused the call. The call had no effect."""
    UNKNOWN = "unknown"
    """The request was sent, and no response shows whether the call had an effect."""
    DONE = "done"
    """The service responded that the call had its effect, but the return value is lost."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ErrorResponse(Value):
    """The response of the service, without its headers."""

    status: int
    """The HTTP status that the service sent."""
    trace_id: str | None = None
    """The service's ``frontegg-trace-id``; ``None`` if the response has none."""
    content_type: str | None = None
    """The media type of the body; ``None`` if the response names none."""
    body: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """The parsed JSON of the body, or the beginning of the body's text.

    Neither the message nor the ``repr`` of the error contains the body.
    """


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Move(Value):
    """A failed move of a tenant from one parent to another."""

    child_id: str
    """The id of the tenant to move."""
    old_parent_id: str
    """The id of the parent before the move."""
    new_parent_id: str
    """The id of the intended new parent."""
    parent_id: str | None = None
    """The id of the present parent; ``None`` if the tenant has no parent, or if no response shows the parent."""
    failures: tuple[FronteggError, ...] = ()
    """The errors of the failed calls, in order."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ErrorDetails(Value):
    """The immutable details of an error. The properties of the error return the fields of this record."""

    endpoint: str | None = None
    """The name of the operation, such as ``tenants.create``; ``None`` outside of a call."""
    attempts: int = 0
    """The number of requests that the call made."""
    elapsed: float = 0.0
    """The number of seconds from the start of the call to its failure."""
    outcome: Outcome | None = None
    """Whether the call had an effect; ``None`` outside of a call."""
    trace_id: str | None = None
    """The service's ``frontegg-trace-id``; ``None`` if the response has none."""
    retry_after: float | None = None
    """The number of seconds to wait before a retry; ``None`` if the service did not send this number."""
    reason: str | None = None
    """The cause in one word, for error classes with the property ``reason``."""
    code: str | None = None
    """The service's ``errorCode``, such as ``ER-00008``."""
    codes: tuple[str, ...] = ()
    """All error codes of the response."""
    messages: tuple[str, ...] = attrs.field(default=(), repr=False)
    """The service's own messages."""
    response: ErrorResponse | None = None
    """The response, if the service sent one."""
    succeeded: tuple[str, ...] = ()
    """The ids for which a call of several requests had its effect."""
    failed: Mapping[str, FronteggError] = attrs.field(factory=dict[str, "FronteggError"], hash=False)
    """For each id for which a call of several requests certainly had no effect, the error."""
    unknown: tuple[str, ...] = ()
    """The ids for which no response shows whether the call had an effect."""
    paths: tuple[str, ...] = ()
    """The places in a response body that differ from the expected form."""
    move: Move | None = None
    """The tenant and its parents, for a failed move."""
    argument: str | None = None
    """The name of the argument that is not allowed."""
    missing: tuple[str, ...] = ()
    """The permissions and roles that a token lacks, or the feature that the account of the token may not use."""
    faults: tuple[Fault, ...] = ()
    """The mistakes in files, each with its place."""
    migration: Value | None = None
    """The last state of a `Migration` that the client received."""
    onboarding: Value | None = None
    """An `Onboarding` with the outcome of each step."""
    offboarding: Value | None = None
    """An `Offboarding` with the outcome of each step."""
    asked: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """The arguments of a creation, without secrets."""
    of_user: bool = False
    """Whether the call was made with a user's credential instead of the credential of an environment."""


_NO_DETAILS: Final = ErrorDetails()
NOT_SENT: Final = ErrorDetails(outcome=Outcome.NOT_SENT)

_NAMED: Final = re.compile(
    r"(?:a key of )?([a-z][a-z0-9_]*)(?:[\[.].*?)? (?:must|is|has|needs|given|goes|cannot)\b", re.DOTALL
)
"""The beginning of a message: the name of an argument, and optionally a place in the argument."""


class FronteggError(Exception):
    """The base class of every error of this SDK.

    Every method that sends requests can raise these common errors:

    - `InvalidArgumentError`: an argument is not allowed; nothing was sent.
    - `ReadOnlyError`: the client is read-only and the method writes; nothing was sent.
    - `PermissionDeniedError`: the credential is not allowed to make this call.
    - Any other `FronteggError`, for example if there is no connection, if time runs out or if the service fails.

    The documentation of a method lists the further errors of the method. It lists a common error only if the error has
    a particular reason.

    Args:
        message: One line for people. The message never contains a header, a body or a secret.
        details: The details of the error; by default the details that all errors of the class share.
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
        """The details of the error, which the properties return."""
        return cast("ErrorDetails", self.args[1])

    @property
    def endpoint(self) -> str | None:
        """The name of the operation, such as ``tenants.create``; ``None`` outside of a call."""
        return self.details.endpoint

    @property
    def attempts(self) -> int:
        """The number of requests that the call made."""
        return self.details.attempts

    @property
    def elapsed(self) -> float:
        """The number of seconds from the start of the call to its failure."""
        return self.details.elapsed

    @property
    def outcome(self) -> Outcome | None:
        """Whether the call had an effect; ``None`` outside of a call."""
        return self.details.outcome

    @property
    def trace_id(self) -> str | None:
        """The service's ``frontegg-trace-id``; ``None`` if the response has none."""
        return self.details.trace_id

    def fresh(self, details: ErrorDetails | None = None, message: str | None = None) -> Self:
        """Return a copy that has the notes of this error, but not its traceback, cause and context.

        If one failure concerns several waiting calls, each call raises a copy. A shared object would collect the
        tracebacks of all calls, and would keep their frames alive.

        Args:
            details: The details of the copy; by default the details of this error.
            message: The message of the copy; by default the message of this error.
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
    """An argument is not allowed. The message names the argument and the allowed values. Nothing was sent.

    Args:
        message: One line for people. If a single argument is wrong, the message begins with the name of the argument.
        details: The details of the error; by default details whose ``argument`` is the name at the beginning of the
            message.
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
        """The name of the argument, such as ``name``; ``None`` if the error concerns several arguments."""
        return self.details.argument


class DecodeError(FronteggError):
    """A response body does not have the format of the operation, or metadata do not fit the type of ``metadata_as``.

    ``paths`` lists the places with the types of the values, but without the values.
    """

    __module__ = _PUBLIC_MODULE

    @property
    def paths(self) -> tuple[str, ...]:
        """The places that differ from the expected format, such as ``$.items[3].name: expected str, got int``."""
        return self.details.paths


class MissingPermissionError(FronteggError):
    """A verified token lacks a required permission or role. The service was not called."""

    __module__ = _PUBLIC_MODULE

    @property
    def missing(self) -> tuple[str, ...]:
        """The missing permissions and roles."""
        return self.details.missing
