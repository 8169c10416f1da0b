"""All errors and warnings of the SDK.

The state of an error is its ``args``: a message and a frozen record of details. So every error can be pickled and
copied and accepts notes, and two errors with the same state are equal.
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
    """A setting of the client is missing, is malformed or contradicts another; the message names the setting.

    Nothing was sent.
    """

    _default_details = NOT_SENT


class ReadOnlyError(ConfigurationError):
    """The client is read-only, and refused a write before it was sent. The message says where this is set."""


class ClientClosedError(FronteggError):
    """The client was closed before or during the call; ``outcome`` says whether anything was sent."""

    _default_details = NOT_SENT


class WrongLoopError(FronteggError, RuntimeError):
    """The client is open in another event loop, or a blocking call was made in the thread of the client's loop."""

    _default_details = NOT_SENT


class ConnectionFailedError(FronteggError, ConnectionError):
    """No connection could be made. Nothing was sent.

    The message names the call, the address (scheme, host and port), the cause, and the number of attempts.
    """

    @property
    def reason(self) -> str | None:
        """The failure, in one word.

        ``refused``: nothing listens at the address. ``unreachable``: the system reported another reason. ``dns``: the
        name of the host is unknown, or could not be resolved. ``tls``: the certificate was refused, or the other side
        does not speak TLS. ``connect_timeout``: no connection was made in time. ``proxy``: the proxy could not be
        reached, or refused. ``loop``: the thread of a blocking client could not be started.
        """
        return self.details.reason


class RequestTimeoutError(FronteggError, TimeoutError):
    """A timeout or a deadline passed; ``outcome`` says whether anything was sent.

    The message names the limit (``timeout``, of one attempt, or ``deadline``, of the whole call), its seconds, and the
    number of attempts. If the call was not sent, the message says what it waited for.
    """


class MigrationTimeoutError(RequestTimeoutError):
    """The timeout of a wait for a migration passed. The migration continues; you can wait for it again."""

    @property
    def migration(self) -> Migration | None:
        """The migration as last read; ``None`` if it was never read."""
        return cast("Migration | None", self.details.migration)


class OutcomeUnknownError(FronteggError):
    """A write was sent, but no response says whether it had its effect. ``reason`` names the cause."""

    @property
    def reason(self) -> str | None:
        """The cause: ``disconnected``, ``timeout``, ``status 503`` or ``decode``."""
        return self.details.reason

    @property
    def unknown(self) -> tuple[str, ...]:
        """The ids in the call, if it had several and is never sent again."""
        return self.details.unknown

    @property
    def asked(self) -> Mapping[str, JsonValue]:
        """The arguments of a creation by their names, without secrets; empty for other calls.

        For a tenant these are the ids, also an id that the client generated.
        """
        return self.details.asked


class ResultLostError(FronteggError):
    """A write had its effect, but its result is lost: the 2xx response had no readable body.

    ``outcome`` is always `Outcome.DONE`: do not send the write again. If the client could read the result from the
    service, it tried to; the error of that read is the ``__cause__``.
    """

    @property
    def reason(self) -> str | None:
        """The reason why the response has no result: ``decode``, ``truncated``, ``protocol``, ``reset`` or ``timeout``.

        ``decode`` means that the body is empty or has another form than the result.
        """
        return self.details.reason

    @property
    def asked(self) -> Mapping[str, JsonValue]:
        """The arguments of the call by their names, without secrets."""
        return self.details.asked


class WriteTimeoutError(OutcomeUnknownError, RequestTimeoutError):
    """A write was sent, but a timeout or the deadline passed before the response. The write may have had its effect."""


class UnexpectedRedirectError(FronteggError):
    """The service responded with a redirect. The client never follows redirects; the message names the target host."""


class ProtocolError(FronteggError):
    """The response cannot be read: it is truncated, broken HTTP, too large, or in an unrequested encoding."""


class ResponseMismatchError(FronteggError):
    """The response is about another object than requested, for example another tenant or user."""


class PaginationError(FronteggError):
    """A listing yielded a number of items that differs from the service's total, or the service returned no total.

    If the total changes during the listing, missing items are no error up to the size of the change.
    """


class PaginationWarning(UserWarning):
    """The warning that replaces a `PaginationError`, with the option ``incomplete_listing="warn"``.

    With any option, it also warns once in a listing whose total is missing or smaller than the number of items. In this
    case the client cannot know whether the listing is complete.
    """


class BlockingCallWarning(RuntimeWarning):
    """A blocking call of `frontegg_sync` was made in the thread of a running event loop.

    The loop stops until the call returns.

    By default Python shows the warning once for each line of your code. It is not emitted in notebooks, where the loop
    that runs a cell has nothing else to do.
    """


class LastOwnerWarning(UserWarning):
    """The last owner of a tenant is about to be removed. Nobody can administer the tenant afterwards.

    The warning is emitted before the removal. If you turn it into an error, the user stays.
    """


class LeftOutWarning(UserWarning):
    """Rows of an export have data that ``bulk.create`` ignores, for example locks and settings.

    The message counts the rows. The warning is emitted before the first request. If you turn it into an error, nothing
    is sent.
    """


class UncoveredApplicationsWarning(UserWarning):
    """An MFA policy is about to be set for only one application or for none.

    The service has a policy for each application. By default Python shows the warning once for each line of your code.
    It is emitted before the first request. If you turn it into an error, nothing is sent.
    """


class UnknownValueWarning(UserWarning):
    """A value is unknown to the SDK: a time zone, a currency, or a field of a response.

    An unknown time zone or currency is sent, since the service does not check it. If a value in a response has an
    unexpected type, the field gets its default, and ``extra`` has the value. The first call or listing that meets such
    a field warns once for each field of a model and process.
    """


class PartialFailureError(FronteggError):
    """Some requests of a call that was split into several requests failed."""

    @property
    def succeeded(self) -> tuple[str, ...]:
        """The ids for which the call had its effect."""
        return self.details.succeeded

    @property
    def failed(self) -> Mapping[str, FronteggError]:
        """The ids for which the call certainly had no effect, each with its error."""
        return self.details.failed

    @property
    def unknown(self) -> tuple[str, ...]:
        """The ids for which no response says whether the call had an effect."""
        return self.details.unknown


class MoveError(FronteggError):
    """A move failed half-way: the tenant was removed from its parent, and got no new parent.

    With the ``outcome`` `Outcome.REFUSED`, ``parent_id`` is the present parent. With `Outcome.UNKNOWN`, the tenant may
    be under either parent or under none.
    """

    @property
    def child_id(self) -> str:
        """The id of the tenant to move."""
        return self._move.child_id

    @property
    def old_parent_id(self) -> str:
        """The id of its parent before the move."""
        return self._move.old_parent_id

    @property
    def new_parent_id(self) -> str:
        """The id of its intended parent."""
        return self._move.new_parent_id

    @property
    def parent_id(self) -> str | None:
        """The id of its present parent; ``None`` if it has none, or if no response says."""
        return self._move.parent_id

    @property
    def failures(self) -> tuple[FronteggError, ...]:
        """The errors of the calls that failed, in order."""
        return self._move.failures

    @property
    def _move(self) -> Move:
        return self.details.move or Move(child_id="", old_parent_id="", new_parent_id="")


class OnboardingError(FronteggError):
    """A step of ``onboard()`` failed after the call had created something, or may have done so.

    ``outcome`` and the other details are those of the step. Call again with ``onboarding.tenant_id`` to continue.
    """

    @property
    def onboarding(self) -> Onboarding:
        """The id of the tenant, and the outcome of each step."""
        return cast("Onboarding", self.details.onboarding)

    @property
    def failure(self) -> FronteggError:
        """The error of the step."""
        return next(iter(self.details.failed.values()), self)


class OffboardingError(FronteggError):
    """A step of ``offboard()`` failed after the call had removed something, or may have done so.

    ``outcome`` and the other details are those of the step. Call again with the same arguments to continue.
    """

    @property
    def offboarding(self) -> Offboarding:
        """The ids of the user and the tenant, and the outcome of each step."""
        return cast("Offboarding", self.details.offboarding)

    @property
    def failure(self) -> FronteggError:
        """The error of the step."""
        return next(iter(self.details.failed.values()), self)


class TokenVerificationError(FronteggError):
    """A token was refused. The message gives the reason and the remedy. It never contains a part of the token."""

    @property
    def reason(self) -> str | None:
        """The reason, in one word.

        ``missing``: there is none. ``malformed`` or ``too_large``: it is not a token. ``algorithm``, ``signature`` or
        ``unknown_key``: no trusted key signed it. ``type``, ``issuer``, ``audience`` or ``tenant``: it is meant for
        another purpose. ``claims``: it lacks required claims. ``expired`` or ``not_yet_valid``: it is not valid now.
        ``unknown``: the service does not know the access token. ``keys_unavailable``: the keys could not be read, so
        the token could not be verified; the same token may be accepted later.
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
        """The reason, in one word: a `DecisionReason`, such as ``missing_feature`` or ``bundle_expired``."""
        return self.details.reason


class WebhookVerificationError(FronteggError):
    """The header of a webhook or prehook does not prove that Frontegg sent the request.

    The message never contains the header.
    """

    @property
    def reason(self) -> str | None:
        """The reason, in one word.

        ``missing``: there is no header, as in requests of the portal's test button. ``ambiguous``: there are several.
        ``malformed`` or ``too_large``: it is not a JWT. ``algorithm``, ``unknown_key`` or ``signature``: it was not
        made with one of the secrets. ``claims``: its times cannot be read. ``expired`` or ``not_yet_valid``: it is not
        valid now.
        """
        return self.details.reason


class WebhookPayloadError(FronteggError, ValueError):
    """The body of a webhook or prehook is not an event. The message never contains a part of the body."""

    @property
    def reason(self) -> str | None:
        """The reason, in one word.

        ``too_large`` or ``too_deep``: it exceeds a limit. ``not_json``: it is not JSON, or an object has a name twice.
        ``not_an_event``: it is not an object with text as ``eventKey``, for example the payload of a custom hook.
        ``unreadable``: an integration reports that the body was truncated.
        """
        return self.details.reason


class MissingExtraError(FronteggError, ImportError):
    """A part of the SDK needs a package of an extra. The message has the command to install it."""


class UnusableRowsError(InvalidArgumentError):
    """Input rows of a bulk job cannot be used. The message names the first of these rows. Nothing was sent."""


class FilesError(InvalidArgumentError):
    """Files of accounts, or rows in place of them, cannot be used. Nothing was sent.

    The text has a line for each fault.
    """

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults in the order of the files and lines, at most 1,000."""
        return self.details.faults


class LedgerError(FronteggError):
    """A ledger of bulk work cannot be used, for example because the disk is full.

    `resume` reads back the rows that were in flight.
    """


class UnusableLedgerError(LedgerError):
    """There is no such ledger, or a job cannot continue with it; nothing was sent.

    The file is not a ledger, or is truncated, damaged, of another version or of another environment. Or its directory
    does not exist or cannot be written.
    """


class LedgerExistsError(LedgerError):
    """The path has the ledger of another job. `resume` continues that job; a new job needs a new ledger."""


class LedgerInUseError(LedgerError):
    """Another run holds the ledger; nothing was sent."""


class MirrorError(FronteggError):
    """The database of a mirror cannot be used: it failed, or has no tables of a mirror.

    The message contains no values of rows.
    """


class StaleEntitlementsError(FronteggError):
    """The snapshot of entitlements is older than ``max_age``, so it cannot decide anything."""


class GuardShutError(FronteggError):
    """A guard has shut and stopped a bulk job, or is still shut.

    The message gives the reason and says how to continue.
    """

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
        """The messages of the service."""
        return self.details.messages

    @property
    def retry_after(self) -> float | None:
        """The seconds to wait before the next attempt, if the service named them."""
        return self.details.retry_after


class BadRequestError(APIError):
    """400, or another 4xx without a class of its own: the service refused the request."""


class AuthenticationError(APIError):
    """401: the service refused the credential, or refused the token and a new one too.

    A request for a token also raises this error for any other 4xx except 429, for example a 404 of a wrong address.
    ``status`` has the status.
    """


class PermissionDeniedError(APIError):
    """403: the credential is not allowed to make this call."""


class NotFoundError(APIError):
    """404: an object of the call does not exist.

    ``status`` is 404 even if the service reports this by an empty 2xx response; ``response.status`` has the original
    status.
    """

    @property
    def status(self) -> int:
        """Always 404."""
        return 404


class ConflictError(APIError):
    """409: the object to create exists already.

    ``status`` is 409 even if a read found the object after the response to the creation was lost.
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
    """5xx or 408 for a write: the service failed, but the write may have had its effect."""
