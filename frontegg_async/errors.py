"""One hierarchy of errors.

The whole state of an error is its ``args``: a message and a frozen record of details. So every error pickles, copies
and takes notes, and two errors with the same state are equal.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value

if TYPE_CHECKING:
    # The models stand above the errors.
    from frontegg_async.models.migrations import Migration  # noqa: TC004 - attrs does not look at the annotation


class Outcome(enum.Enum):
    """What is known about a call that failed."""

    NOT_SENT = "not_sent"
    """Nothing was sent: the service cannot have acted."""
    REFUSED = "refused"
    """The service answered that it did not act."""
    UNKNOWN = "unknown"
    """Something was sent and no answer tells what became of it."""
    DONE = "done"
    """The service answered that it acted; what the call was to return is lost."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ErrorResponse(Value):
    """What the service answered, as far as it is safe to keep.

    ``body`` is the parsed JSON of the answer, or the beginning of its text; it is not part of any text form.
    """

    status: int
    trace_id: str | None = None
    content_type: str | None = None
    body: JsonValue = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Move(Value):
    """A tenant that was to be moved, and where it is; ``parent_id`` is ``None`` if nowhere, or if no answer tells."""

    child_id: str
    old_parent_id: str
    new_parent_id: str
    parent_id: str | None = None
    failures: tuple[FronteggError, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ErrorDetails(Value):
    """The frozen state behind an error.

    ``of_user`` says whether the call was made with a user's credential, and not with that of an environment.
    """

    endpoint: str | None = None
    attempts: int = 0
    elapsed: float = 0.0
    outcome: Outcome | None = None
    trace_id: str | None = None
    retry_after: float | None = None
    reason: str | None = None
    code: str | None = None
    codes: tuple[str, ...] = ()
    messages: tuple[str, ...] = attrs.field(default=(), repr=False)
    response: ErrorResponse | None = None
    succeeded: tuple[str, ...] = ()
    failed: Mapping[str, FronteggError] = attrs.field(factory=dict[str, "FronteggError"], hash=False)
    unknown: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    move: Move | None = None
    missing: tuple[str, ...] = ()
    migration: Migration | None = None
    asked: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    of_user: bool = False


_NO_DETAILS = ErrorDetails()


class FronteggError(Exception):
    """The base of every error of this SDK.

    Args:
        message: One line for people; never a header, a body or a secret.
        details: The state behind the properties.
    """

    def __init__(self, message: str, details: ErrorDetails = _NO_DETAILS) -> None:
        super().__init__(message, details)

    @property
    def message(self) -> str:
        """The message alone, without the trace id."""
        return cast("str", self.args[0])

    @property
    def details(self) -> ErrorDetails:
        """The whole state behind the properties."""
        return cast("ErrorDetails", self.args[1])

    @property
    def endpoint(self) -> str | None:
        """The name of the operation, as ``tenants.create``; ``None`` when no operation was under way."""
        return self.details.endpoint

    @property
    def attempts(self) -> int:
        """How many requests of the operation were made."""
        return self.details.attempts

    @property
    def elapsed(self) -> float:
        """Seconds from the start of the call to its failure."""
        return self.details.elapsed

    @property
    def outcome(self) -> Outcome | None:
        """Whether the service may have acted; ``None`` when no call was under way."""
        return self.details.outcome

    @property
    def trace_id(self) -> str | None:
        """The service's ``frontegg-trace-id``, if it sent one."""
        return self.details.trace_id

    def fresh(self, details: ErrorDetails | None = None) -> Self:
        """Return a copy without traceback, cause and context, its notes kept.

        An error that several calls wait for is raised once in each of them: the traceback of one object would grow
        with each, and keep the frames of all.

        Args:
            details: In the place of the error's own; these by default.
        """
        error = type(self)(self.message, self.details if details is None else details)
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


class ConfigurationError(FronteggError, ValueError):
    """A setting of the client is missing, malformed or contradicts another; the message names it."""


class InvalidArgumentError(FronteggError, ValueError):
    """An argument of a call is not allowed; the message names it and what is allowed. Nothing was sent."""


class ClientClosedError(FronteggError):
    """The client was closed, before the call or during it."""


class WrongLoopError(FronteggError, RuntimeError):
    """The client is open in another event loop, or a blocking call was made in the thread of its own loop."""


class ConnectionFailedError(FronteggError, ConnectionError):
    """No connection could be made: nothing was sent. ``reason`` says why."""

    @property
    def reason(self) -> str | None:
        """What failed: ``refused``, ``dns``, ``tls``, ``connect_timeout`` or ``proxy``."""
        return self.details.reason


class RequestTimeoutError(FronteggError, TimeoutError):
    """The time allowed ran out; ``outcome`` says whether anything was sent."""


class MigrationTimeoutError(RequestTimeoutError):
    """The time allowed to wait for a migration ran out; the migration goes on, and can be waited for again."""

    @property
    def migration(self) -> Migration | None:
        """How far it had come when it was last looked at; ``None`` if that was never."""
        return self.details.migration


class OutcomeUnknownError(FronteggError):
    """A write was sent and no answer tells whether the service acted; ``reason`` says what happened instead."""

    @property
    def reason(self) -> str | None:
        """What happened instead of an answer: ``disconnected``, ``timeout``, ``status 503`` or ``decode``."""
        return self.details.reason

    @property
    def unknown(self) -> tuple[str, ...]:
        """The ids that the call was about, where it was about several and is never sent again."""
        return self.details.unknown

    @property
    def asked(self) -> Mapping[str, JsonValue]:
        """What was asked for, by the names of the arguments and without secrets, where something was to be created.

        Of a tenant these are the ids, the one that was made on this side among them.
        """
        return self.details.asked


class ResultLostError(FronteggError):
    """A write was done, and its result is lost: the service answered 2xx without a body that can be read.

    ``outcome`` is always `Outcome.DONE`: do not send the write again. Where the result can be read, the SDK tried that
    too, and the failure of that read is the ``__cause__``.
    """

    @property
    def reason(self) -> str | None:
        """Why the answer has no result: ``decode``, ``truncated``, ``protocol``, ``reset`` or ``timeout``.

        ``decode`` means that the body is empty, or is not what the operation returns.
        """
        return self.details.reason

    @property
    def asked(self) -> Mapping[str, JsonValue]:
        """What was asked for, by the names of the arguments and without secrets."""
        return self.details.asked


class WriteTimeoutError(OutcomeUnknownError, RequestTimeoutError):
    """A write was sent, the time allowed ran out, and no answer tells whether the service acted."""


class UnexpectedRedirectError(FronteggError):
    """The service answered with a redirect; it is never followed. The message has the host of the target."""


class ProtocolError(FronteggError):
    """No readable answer came: cut off, broken HTTP, too large, or in an encoding not asked for."""


class ResponseMismatchError(FronteggError):
    """The answer is about another tenant, migration or access token than the one asked for."""


class DecodeError(FronteggError):
    """The answer's body is not what the operation returns; ``paths`` says where, with types and never values."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the body differs from what was expected, as ``$.items[3].name: expected str, got int``."""
        return self.details.paths


class PaginationError(FronteggError):
    """A listing did not yield what the service says there is, or cannot be counted.

    A concurrent change explains as many missing items as the service's total moved while the listing was read.
    """


class PaginationWarning(UserWarning):
    """What `PaginationError` says, where the option ``incomplete_listing`` is ``warn``.

    Whatever the option is, it also tells once in a listing that the service gives no total, or one that is smaller than
    what came: then nobody can tell whether that is all.
    """


class UnknownValueWarning(UserWarning):
    """A value is not one that is known here.

    It is a time zone or a currency that does not exist, which is sent, since the service does not check it. Or it is a
    value of an answer that has another type than its field: the field has its default then, and ``extra`` what came.
    That is told once for each field of a model in a process, by the call or the listing that met it first.
    """


class PartialFailureError(FronteggError):
    """A call that was split into several requests failed in part."""

    @property
    def succeeded(self) -> tuple[str, ...]:
        """The ids that were done."""
        return self.details.succeeded

    @property
    def failed(self) -> Mapping[str, FronteggError]:
        """The ids that were definitely not done, each with its error."""
        return self.details.failed

    @property
    def unknown(self) -> tuple[str, ...]:
        """The ids of which no answer tells."""
        return self.details.unknown


class MoveError(FronteggError):
    """A tenant was taken from under its parent and not put under the other, and could not be put back either.

    ``outcome`` tells what is known: ``REFUSED`` that it is where ``parent_id`` says, ``UNKNOWN`` that it may be under
    either parent or under none.
    """

    @property
    def child_id(self) -> str:
        """The tenant that was to be moved."""
        return self._move.child_id

    @property
    def old_parent_id(self) -> str:
        """Where it was."""
        return self._move.old_parent_id

    @property
    def new_parent_id(self) -> str:
        """Where it was to go."""
        return self._move.new_parent_id

    @property
    def parent_id(self) -> str | None:
        """Where it is now; ``None`` if it has no parent, or if no answer tells."""
        return self._move.parent_id

    @property
    def failures(self) -> tuple[FronteggError, ...]:
        """What went wrong, in order."""
        return self._move.failures

    @property
    def _move(self) -> Move:
        return self.details.move or Move(child_id="", old_parent_id="", new_parent_id="")


class TokenVerificationError(FronteggError):
    """A token is not taken; the message says why and what to do, and never has the token or a part of it."""

    @property
    def reason(self) -> str | None:
        """Why, in one word.

        ``missing``: there is none. ``malformed`` or ``too_large``: it is no token. ``algorithm``, ``signature`` or
        ``unknown_key``: nobody trusted signed it. ``type``, ``issuer``, ``audience`` or ``tenant``: it is meant for
        something else. ``claims``: it lacks what every token has. ``expired`` or ``not_yet_valid``: it is not the
        time for it. ``unknown``: the service does not know the access token. ``keys_unavailable``: the keys could not
        be read, so that it could not be judged; the same token may be good later.
        """
        return self.details.reason


class MissingPermissionError(FronteggError):
    """A token that was verified lacks a permission or a role that was required; the service was not asked."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The permissions and roles that are lacking."""
        return self.details.missing


class MissingExtraError(FronteggError, ImportError):
    """A part of the SDK needs a package that an extra installs; the message has the command."""


_NO_RESPONSE = ErrorResponse(status=0)


class APIError(FronteggError):
    """The service answered with an error status."""

    @property
    def response(self) -> ErrorResponse:
        """The answer, frozen."""
        return self.details.response or _NO_RESPONSE

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status

    @property
    def code(self) -> str | None:
        """The service's ``errorCode``, as ``ER-00008``."""
        return self.details.code

    @property
    def codes(self) -> tuple[str, ...]:
        """All error codes of the answer."""
        return self.details.codes

    @property
    def messages(self) -> tuple[str, ...]:
        """The service's own texts."""
        return self.details.messages

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait before another try, if the service said so."""
        return self.details.retry_after


class BadRequestError(APIError):
    """400, or another 4xx without a class of its own: the service refused the request."""


class AuthenticationError(APIError):
    """401: the credential was refused, or the token was and a fresh one too."""


class PermissionDeniedError(APIError):
    """403: the credential may not do this."""


class NotFoundError(APIError):
    """What was asked for does not exist, whatever shape the service used to say so.

    ``status`` is 404 also when the service said it with an empty success; ``response.status`` has what it sent.
    """

    @property
    def status(self) -> int:
        """Always 404."""
        return 404


class ConflictError(APIError):
    """What was to be made exists already.

    ``status`` is 409 also when a read showed it, after the answer to the creation was lost.
    """

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status or 409


class RateLimitError(APIError):
    """429: too many requests; ``retry_after`` says how long to wait."""


class ServerError(APIError):
    """5xx: the service failed."""


class ServerOutcomeUnknownError(OutcomeUnknownError, ServerError):
    """5xx or 408 to a write: the service failed, and may have acted before it did."""
