"""All errors and warnings of the SDK.

The state of an error is its ``args``: a message and a frozen record of details. So every error can be pickled and
copied and takes notes, and two errors with the same state are equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from frontegg_async._values.base_errors import (
    NOT_SENT,
    DecodeError,
    ErrorDetails,
    ErrorResponse,
    FronteggError,
    InvalidArgumentError,
    MissingPermissionError,
    Move,
    Outcome,
)
from frontegg_async._values.faults import Fault, Place
from frontegg_async._values.json_values import JsonValue

if TYPE_CHECKING:
    from frontegg_async.models.migrations import Migration
    from frontegg_async.models.offboarding import Offboarding
    from frontegg_async.models.onboarding import Onboarding

__all__ = [
    "APIError",
    "AuthenticationError",
    "BadRequestError",
    "BlockingCallWarning",
    "ClientClosedError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "DecodeError",
    "ErrorDetails",
    "ErrorResponse",
    "Fault",
    "FilesError",
    "FronteggError",
    "GuardShutError",
    "InvalidArgumentError",
    "LastOwnerWarning",
    "LedgerError",
    "LedgerExistsError",
    "LedgerInUseError",
    "LeftOutWarning",
    "MigrationTimeoutError",
    "MirrorError",
    "MissingExtraError",
    "MissingPermissionError",
    "Move",
    "MoveError",
    "NotEntitledError",
    "NotFoundError",
    "OffboardingError",
    "OnboardingError",
    "Outcome",
    "OutcomeUnknownError",
    "PaginationError",
    "PaginationWarning",
    "PartialFailureError",
    "PermissionDeniedError",
    "Place",
    "ProtocolError",
    "RateLimitError",
    "ReadOnlyError",
    "RequestTimeoutError",
    "ResponseMismatchError",
    "ResultLostError",
    "ServerError",
    "ServerOutcomeUnknownError",
    "StaleEntitlementsError",
    "TokenVerificationError",
    "UncoveredApplicationsWarning",
    "UnexpectedRedirectError",
    "UnknownValueWarning",
    "UnusableLedgerError",
    "UnusableRowsError",
    "WebhookPayloadError",
    "WebhookVerificationError",
    "WriteTimeoutError",
    "WrongLoopError",
]


class ConfigurationError(FronteggError, ValueError):
    """A setting of the client is missing, malformed or contradicts another; the message names it. Nothing was sent."""

    _default_details = NOT_SENT


class ReadOnlyError(ConfigurationError):
    """A write was refused before it was sent, since the client is read-only; the message says where that is set."""


class ClientClosedError(FronteggError):
    """The client was closed, before the call or during it; ``outcome`` says whether anything was sent."""

    _default_details = NOT_SENT


class WrongLoopError(FronteggError, RuntimeError):
    """The client is open in another event loop, or a blocking call was made in the thread of the client's own loop."""

    _default_details = NOT_SENT


class ConnectionFailedError(FronteggError, ConnectionError):
    """No connection could be made: nothing was sent.

    The message names the call, the address (scheme, host and port), the cause, and the number of attempts.
    """

    @property
    def reason(self) -> str | None:
        """What failed, in one word.

        ``refused``: nothing listens at the address. ``unreachable``: the system gave another reason. ``dns``: the name
        of the host is unknown, or could not be resolved. ``tls``: the certificate was refused, or the other side does
        not speak TLS. ``connect_timeout``: no connection was made in time. ``proxy``: the proxy could not be reached,
        or refused. ``loop``: the thread of a blocking client could not be started.
        """
        return self.details.reason


class RequestTimeoutError(FronteggError, TimeoutError):
    """A timeout or a deadline passed; ``outcome`` says whether anything was sent.

    The message names the limit (``timeout``, of one attempt, or ``deadline``, of the whole call), its seconds, and the
    number of attempts. It says what a call waited for that was not sent.
    """


class MigrationTimeoutError(RequestTimeoutError):
    """The timeout of a wait for a migration passed. The migration goes on, and can be waited for again."""

    @property
    def migration(self) -> Migration | None:
        """The migration as it was when it was last read; ``None`` if it never was."""
        return cast("Migration | None", self.details.migration)


class OutcomeUnknownError(FronteggError):
    """A write was sent and no response says whether it had its effect; ``reason`` says what happened instead."""

    @property
    def reason(self) -> str | None:
        """What happened instead of a response: ``disconnected``, ``timeout``, ``status 503`` or ``decode``."""
        return self.details.reason

    @property
    def unknown(self) -> tuple[str, ...]:
        """The ids that the call named, if it named several and is never sent again."""
        return self.details.unknown

    @property
    def asked(self) -> Mapping[str, JsonValue]:
        """The arguments of a creation by their names, without secrets; empty for other calls.

        For a tenant these are the ids, also an id that the client generated.
        """
        return self.details.asked


class ResultLostError(FronteggError):
    """A write had its effect, but its result is lost: the service responded with 2xx without a readable body.

    ``outcome`` is always `Outcome.DONE`: do not send the write again. If the result can be read from the service, the
    client tried to, and the error of that read is the ``__cause__``.
    """

    @property
    def reason(self) -> str | None:
        """Why the response has no result: ``decode``, ``truncated``, ``protocol``, ``reset`` or ``timeout``.

        ``decode`` means that the body is empty, or is not what the operation returns.
        """
        return self.details.reason

    @property
    def asked(self) -> Mapping[str, JsonValue]:
        """The arguments of the call by their names, without secrets."""
        return self.details.asked


class WriteTimeoutError(OutcomeUnknownError, RequestTimeoutError):
    """A write was sent, a timeout or the deadline passed, and no response says whether it had its effect."""


class UnexpectedRedirectError(FronteggError):
    """The service responded with a redirect, which is never followed. The message names the host of the target."""


class ProtocolError(FronteggError):
    """The response cannot be read: it is cut off, broken HTTP, too large, or in an encoding that was not asked for."""


class ResponseMismatchError(FronteggError):
    """The response is about another object than the one asked for, as another tenant or user."""


class PaginationError(FronteggError):
    """A listing yielded a number of items that differs from the service's total, or the service returned no total.

    If the total changes while the listing is read, as many missing items as it changed by are no error.
    """


class PaginationWarning(UserWarning):
    """The warning that replaces a `PaginationError`, with the option ``incomplete_listing="warn"``.

    With any option, it also warns once in a listing whose total is missing, or smaller than the number of items: then
    the client cannot say whether these are all.
    """


class BlockingCallWarning(RuntimeWarning):
    """A blocking call of `frontegg_sync` was made in a thread whose event loop runs, which stops until it returns.

    By default Python shows it once for each line of your code. It is not emitted in notebooks, where cells run inside
    a loop that has nothing else to do.
    """


class LastOwnerWarning(UserWarning):
    """The last user with the role of an owner is about to be removed from a tenant, which nobody can administer then.

    It is emitted before anything is removed: as an error, it keeps the user.
    """


class LeftOutWarning(UserWarning):
    """Rows of an export have what ``bulk.create`` does not carry over, as locks and settings; it counts them.

    It is emitted before anything is sent: as an error, nothing is.
    """


class UncoveredApplicationsWarning(UserWarning):
    """An MFA policy is about to be set for one application, or without one, where the service keeps one for each.

    By default Python shows it once for each line of your code. It is emitted before anything is sent: as an error,
    nothing is.
    """


class UnknownValueWarning(UserWarning):
    """A value is unknown to the SDK: a time zone, a currency, or a field of a response.

    A time zone or a currency that does not exist is sent all the same, since the service does not check it. A field
    whose value in the response has another type gets its default, and ``extra`` has the value; this is warned of once
    for each field of a model in a process, by the call or the listing that met it first.
    """


class PartialFailureError(FronteggError):
    """A call that was split into several requests failed in part."""

    @property
    def succeeded(self) -> tuple[str, ...]:
        """The ids for which the call had its effect."""
        return self.details.succeeded

    @property
    def failed(self) -> Mapping[str, FronteggError]:
        """The ids for which it certainly had no effect, each with its error."""
        return self.details.failed

    @property
    def unknown(self) -> tuple[str, ...]:
        """The ids for which no response says whether it had an effect."""
        return self.details.unknown


class MoveError(FronteggError):
    """A move failed half-way: the tenant was removed from its parent, and could not be put under any again.

    With the ``outcome`` `Outcome.REFUSED` the tenant is where ``parent_id`` says. With `Outcome.UNKNOWN` it may be
    under either parent or under none.
    """

    @property
    def child_id(self) -> str:
        """The tenant that was to be moved."""
        return self._move.child_id

    @property
    def old_parent_id(self) -> str:
        """The parent that it was under."""
        return self._move.old_parent_id

    @property
    def new_parent_id(self) -> str:
        """The parent that it was to be put under."""
        return self._move.new_parent_id

    @property
    def parent_id(self) -> str | None:
        """The parent that it is under now; ``None`` if it has none, or if no response says."""
        return self._move.parent_id

    @property
    def failures(self) -> tuple[FronteggError, ...]:
        """The errors of the calls that failed, in order."""
        return self._move.failures

    @property
    def _move(self) -> Move:
        return self.details.move or Move(child_id="", old_parent_id="", new_parent_id="")


class OnboardingError(FronteggError):
    """A step of ``onboard()`` failed after the call had made something, or nobody knows whether it had.

    ``outcome`` and the other details are those of the step. Call again with ``onboarding.tenant_id`` to go on.
    """

    @property
    def onboarding(self) -> Onboarding:
        """The id of the tenant, and what each step came to."""
        return cast("Onboarding", self.details.onboarding)

    @property
    def failure(self) -> FronteggError:
        """The error of the step."""
        return next(iter(self.details.failed.values()), self)


class OffboardingError(FronteggError):
    """A step of ``offboard()`` failed after the call had taken something away, or nobody knows whether it had.

    ``outcome`` and the other details are those of the step. Call again with the same arguments to go on.
    """

    @property
    def offboarding(self) -> Offboarding:
        """The ids of the user and the tenant, and what each step came to."""
        return cast("Offboarding", self.details.offboarding)

    @property
    def failure(self) -> FronteggError:
        """The error of the step."""
        return next(iter(self.details.failed.values()), self)


class TokenVerificationError(FronteggError):
    """A token was refused. The message says why and what to do, and never contains the token or a part of it."""

    @property
    def reason(self) -> str | None:
        """Why, in one word.

        ``missing``: there is none. ``malformed`` or ``too_large``: it is not a token. ``algorithm``, ``signature`` or
        ``unknown_key``: no trusted key signed it. ``type``, ``issuer``, ``audience`` or ``tenant``: it is meant for
        something else. ``claims``: it lacks claims that every token has. ``expired`` or ``not_yet_valid``: it is not
        valid now. ``unknown``: the service does not know the access token. ``keys_unavailable``: the keys could not be
        read, so the token could not be verified; the same token may be accepted later.
        """
        return self.details.reason


class NotEntitledError(FronteggError):
    """The account of a valid token may not use a feature; the message names the feature and the reason."""

    @property
    def feature(self) -> str | None:
        """The key of the feature."""
        return next(iter(self.details.missing), None)

    @property
    def reason(self) -> str | None:
        """Why, in one word: a `DecisionReason`, such as ``missing_feature`` or ``bundle_expired``."""
        return self.details.reason


class WebhookVerificationError(FronteggError):
    """The header of a webhook or prehook does not prove that Frontegg sent it. The message never has the header."""

    @property
    def reason(self) -> str | None:
        """Why, in one word.

        ``missing``: there is no header, as in what the portal's test button sends. ``ambiguous``: there are several.
        ``malformed`` or ``too_large``: it is not a JWT. ``algorithm``, ``unknown_key`` or ``signature``: it was not
        made with one of the secrets. ``claims``: its times are not readable. ``expired`` or ``not_yet_valid``: it is
        not valid now.
        """
        return self.details.reason


class WebhookPayloadError(FronteggError, ValueError):
    """The body of a webhook or prehook is not an event. The message never has a part of it."""

    @property
    def reason(self) -> str | None:
        """Why, in one word.

        ``too_large`` or ``too_deep``: it exceeds a limit. ``not_json``: it is not JSON, or an object has a name twice.
        ``not_an_event``: it is not an object with text as ``eventKey``, as a hook with a payload of your own sends it.
        ``unreadable``: it was cut off, which an integration tells.
        """
        return self.details.reason


class MissingExtraError(FronteggError, ImportError):
    """A part of the SDK needs a package that an extra installs; the message has the command to install it."""


class UnusableRowsError(InvalidArgumentError):
    """Rows of the input of bulk work cannot be used; the message has the first of them. Nothing was sent."""


class FilesError(InvalidArgumentError):
    """Files of accounts, or rows in place of them, cannot be used. Nothing was sent.

    The text has a line for each fault.
    """

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults in the order of the files and lines, at most 1,000."""
        return self.details.faults


class LedgerError(FronteggError):
    """A ledger of bulk work cannot be used, or not any more, as when the disk is full.

    Rows that were in flight then are read back by `resume`.
    """


class UnusableLedgerError(LedgerError):
    """There is no such ledger, or a job cannot go on with it; nothing was sent.

    It is another file, cut off, damaged, of another version or of another environment, or its directory is not there or
    cannot be written to.
    """


class LedgerExistsError(LedgerError):
    """There is a ledger of another job already: `resume` goes on with that one, and a new job needs a new ledger."""


class LedgerInUseError(LedgerError):
    """Another run holds the ledger; nothing was sent."""


class MirrorError(FronteggError):
    """The database of a mirror cannot be used: it has no tables of a mirror, or it failed.

    The message has no values of rows.
    """


class StaleEntitlementsError(FronteggError):
    """The snapshot of entitlements is older than ``max_age``: the service confirmed it too long ago to decide by it."""


class GuardShutError(FronteggError):
    """A guard has shut and stopped a bulk job, or is still shut; the message says why, and how to go on."""

    @property
    def guard(self) -> str | None:
        """The name of the guard: ``max_failures`` or ``confirm``."""
        return self.details.reason


_NO_RESPONSE = ErrorResponse(status=0)


class APIError(FronteggError):
    """The service responded with an error status."""

    @property
    def response(self) -> ErrorResponse:
        """The response of the service, frozen."""
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
        """All error codes of the response."""
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
    """401: the service refused the credential, or refused the token and a new one too.

    Also any other 4xx except 429 of a request for a token, as a 404 of a wrong address: ``status`` tells them apart.
    """


class PermissionDeniedError(APIError):
    """403: the credential is not allowed to make this call."""


class NotFoundError(APIError):
    """404: what the call names does not exist.

    ``status`` is also 404 where the service says so by an empty success; ``response.status`` is what it sent.
    """

    @property
    def status(self) -> int:
        """Always 404."""
        return 404


class ConflictError(APIError):
    """409: what the call creates exists already.

    ``status`` is also 409 where a read showed that, after the response to the creation was lost.
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
    """5xx or 408 to a write: the service failed, and the write may have had its effect before."""
