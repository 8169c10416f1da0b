"""All errors and warnings of the SDK.

The ``args`` of an error are a message and an immutable record of details. Errors with equal ``args`` are equal. Every
error can be pickled and copied.
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
    """A setting of the client is missing, malformed, or in conflict with another setting.

    The message names the setting. Nothing was sent.
    """

    _default_details = NOT_SENT


class ReadOnlyError(ConfigurationError):
    """The client is read-only, so it did not send a write.

    The message names the setting that makes the client read-only.
    """


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
        name of the host is unknown, or could not be resolved. ``tls``: the certificate was refused, or the server does
        not use TLS. ``connect_timeout``: no connection was made in time. ``proxy``: the proxy could not be reached, or
        refused the connection. ``loop``: the thread of a blocking client could not be started.
        """
        return self.details.reason


class RequestTimeoutError(FronteggError, TimeoutError):
    """A timeout or a deadline passed; ``outcome`` says whether anything was sent.

    The message has the limit in seconds and the number of attempts. The limit is the ``timeout`` of one attempt or the
    ``deadline`` of the whole call. If the call was not sent, the message says what the call waited for.
    """


class MigrationTimeoutError(RequestTimeoutError):
    """The timeout passed while the client waited for the end of a migration.

    The migration continues; you can wait for it again.
    """

    @property
    def migration(self) -> Migration | None:
        """The last state of the migration that the client received; ``None`` if it received no state."""
        return cast("Migration | None", self.details.migration)


class OutcomeUnknownError(FronteggError):
    """A write was sent, but no response says whether the write had its effect. ``reason`` names the cause."""

    @property
    def reason(self) -> str | None:
        """The cause: ``disconnected``, ``timeout``, ``status 503`` or ``decode``."""
        return self.details.reason

    @property
    def unknown(self) -> tuple[str, ...]:
        """The ids in the call, if the call had several ids and the client never repeats such a call."""
        return self.details.unknown

    @property
    def asked(self) -> Mapping[str, JsonValue]:
        """The arguments of a creation by their names, without secrets; empty for other calls.

        For a tenant, the arguments are the ids, including an id that the client generated.
        """
        return self.details.asked


class ResultLostError(FronteggError):
    """A write had its effect, but its result is lost: the 2xx response had no readable body.

    ``outcome`` is always `Outcome.DONE`: do not send the write again. If the service can return the result in another
    response, the client requested it. The error of this request is the ``__cause__``.
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
    """The response is truncated, is not valid HTTP, is too large, or has an encoding that was not requested."""


class ResponseMismatchError(FronteggError):
    """The response is about another object than the requested object, for example about another tenant or user."""


class PaginationError(FronteggError):
    """A listing yielded a number of items that differs from the service's total, or the service returned no total.

    If the total changes during the listing, up to as many items may be missing as the total changed by.
    """


class PaginationWarning(UserWarning):
    """The warning that replaces a `PaginationError` if the option ``incomplete_listing`` is ``"warn"``.

    With each value of this option, a listing also warns once if its total is missing or smaller than the number of
    items. The client then cannot know whether the listing is complete.
    """


class BlockingCallWarning(RuntimeWarning):
    """A blocking call of `frontegg_sync` was made in the thread of a running event loop.

    The loop stops until the call returns.

    By default Python shows the warning once for each line of your code. In notebooks the warning is not emitted, since
    the loop that runs a cell has nothing else to do.
    """


class LastOwnerWarning(UserWarning):
    """The last owner of a tenant is about to be removed. Nobody can administer the tenant afterwards.

    The warning is emitted before the removal. If you turn the warning into an error, the user is not removed.
    """


class LeftOutWarning(UserWarning):
    """Rows of an export have data that ``bulk.create`` ignores, for example locks and settings.

    The message counts the rows. The warning is emitted before the first request. If you turn the warning into an error,
    nothing is sent.
    """


class UncoveredApplicationsWarning(UserWarning):
    """An MFA policy is about to be set for only one application or for none.

    The service has a policy for each application. By default Python shows the warning once for each line of your code.
    The warning is emitted before the first request. If you turn the warning into an error, nothing is sent.
    """


class UnknownValueWarning(UserWarning):
    """A value is unknown to the SDK: a time zone, a currency, or a field of a response.

    An unknown time zone or currency is sent, since the service does not check these values. If a value in a response
    has an unexpected type, the field gets its default, and ``extra`` has the value. Each field of a model causes at
    most one warning per process.
    """


class PartialFailureError(FronteggError):
    """Some requests of a call that was split into several requests failed."""

    @property
    def succeeded(self) -> tuple[str, ...]:
        """The ids for which the call had its effect."""
        return self.details.succeeded

    @property
    def failed(self) -> Mapping[str, FronteggError]:
        """For each id for which the call certainly had no effect, the error."""
        return self.details.failed

    @property
    def unknown(self) -> tuple[str, ...]:
        """The ids for which no response says whether the call had an effect."""
        return self.details.unknown


class MoveError(FronteggError):
    """A move failed half-way: the tenant was removed from its parent, and was not assigned to the new parent.

    If ``outcome`` is `Outcome.REFUSED`, ``parent_id`` is the present parent. If ``outcome`` is `Outcome.UNKNOWN`, the
    tenant may have the old parent, the new parent or no parent.
    """

    @property
    def child_id(self) -> str:
        """The id of the tenant to move."""
        return self._move.child_id

    @property
    def old_parent_id(self) -> str:
        """The id of the tenant's parent before the move."""
        return self._move.old_parent_id

    @property
    def new_parent_id(self) -> str:
        """The id of the tenant's intended parent."""
        return self._move.new_parent_id

    @property
    def parent_id(self) -> str | None:
        """The id of the tenant's present parent; ``None`` if it has no parent, or if no response shows the parent."""
        return self._move.parent_id

    @property
    def failures(self) -> tuple[FronteggError, ...]:
        """The errors of the calls that failed, in order."""
        return self._move.failures

    @property
    def _move(self) -> Move:
        return self.details.move or Move(child_id="", old_parent_id="", new_parent_id="")


class OnboardingError(FronteggError):
    """A step of ``onboard()`` failed after the call had created something, or may have created something.

    ``outcome`` and the other details describe the failed step. To continue, call ``onboard()`` again with
    ``onboarding.tenant_id``.
    """

    @property
    def onboarding(self) -> Onboarding:
        """The id of the tenant, and the outcome of each step."""
        return cast("Onboarding", self.details.onboarding)

    @property
    def failure(self) -> FronteggError:
        """The error of the failed step."""
        return next(iter(self.details.failed.values()), self)


class OffboardingError(FronteggError):
    """A step of ``offboard()`` failed after the call had removed something, or may have removed something.

    ``outcome`` and the other details describe the failed step. To continue, call ``offboard()`` again with the same
    arguments.
    """

    @property
    def offboarding(self) -> Offboarding:
        """The ids of the user and the tenant, and the outcome of each step."""
        return cast("Offboarding", self.details.offboarding)

    @property
    def failure(self) -> FronteggError:
        """The error of the failed step."""
        return next(iter(self.details.failed.values()), self)


class TokenVerificationError(FronteggError):
    """A token was refused. The message says why, and what to do. The message never contains a part of the token."""

    @property
    def reason(self) -> str | None:
        """The reason, in one word.

        ``missing``: the request has no token. ``malformed`` or ``too_large``: the text is not a token. ``algorithm``,
        ``signature`` or ``unknown_key``: no trusted key signed the token. ``type``, ``issuer``, ``audience`` or
        ``tenant``: the token is meant for another purpose. ``claims``: the token lacks required claims. ``expired`` or
        ``not_yet_valid``: the token is not valid now. ``unknown``: the service does not know the access token.
        ``keys_unavailable``: the client could not get the keys, so the token could not be verified. The same token may
        be accepted later.
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

        ``missing``: the request has no such header, for example since the portal's test button sent the request.
        ``ambiguous``: the request has several such headers. ``malformed`` or ``too_large``: the header is not a JWT.
        ``algorithm``, ``unknown_key`` or ``signature``: no known secret signed the JWT. ``claims``: the JWT has no
        valid times. ``expired`` or ``not_yet_valid``: the JWT is not valid now.
        """
        return self.details.reason


class WebhookPayloadError(FronteggError, ValueError):
    """The body of a webhook or prehook is not an event. The message never contains a part of the body."""

    @property
    def reason(self) -> str | None:
        """The reason, in one word.

        ``too_large`` or ``too_deep``: the body exceeds a limit. ``not_json``: the body is not JSON, or an object has a
        name twice. ``not_an_event``: the body is not an object with text as ``eventKey``, for example the payload of a
        custom hook. ``unreadable``: an integration reports that the body was truncated.
        """
        return self.details.reason


class MissingExtraError(FronteggError, ImportError):
    """The SDK needs a package of one of its extras. The message has the command that installs the extra."""


class UnusableRowsError(InvalidArgumentError):
    """Input rows of a bulk job cannot be used. The message names the first of these rows. Nothing was sent."""


class FilesError(InvalidArgumentError):
    """Files of accounts, or rows that were passed instead of files, cannot be used. Nothing was sent.

    The message has a line for each fault.
    """

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults in the order of the files and lines, at most 1,000."""
        return self.details.faults


class LedgerError(FronteggError):
    """The ledger of a bulk job cannot be used, for example because the disk is full.

    A ledger is the file in which a job records the outcome of each row. `resume` finds out what happened to the rows
    whose outcome is missing.
    """


class UnusableLedgerError(LedgerError):
    """The ledger of a bulk job does not exist, or a job cannot continue with the ledger. Nothing was sent.

    The file is not a ledger, is truncated or damaged, or is from another version or another environment. Or the
    directory of the file does not exist or cannot be written to.
    """


class LedgerExistsError(LedgerError):
    """The path is the path of another job's ledger. `resume` continues that other job. A new job needs a new path."""


class LedgerInUseError(LedgerError):
    """Another run uses the ledger of a bulk job. Nothing was sent."""


class MirrorError(FronteggError):
    """The database of a mirror cannot be used: the database failed, or lacks the tables of a mirror.

    The message contains no values of rows.
    """


class StaleEntitlementsError(FronteggError):
    """The snapshot of entitlements is older than ``max_age``, so it cannot decide anything."""


class GuardShutError(FronteggError):
    """A guard has stopped a bulk job, or still prevents the job from continuing.

    A guard is a limit for a job, such as the number of failures. The message has the reason, and says how to continue.
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
        """The response of the service, immutable."""
        return self.details.response or _NO_RESPONSE

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status

    @property
    def code(self) -> str | None:
        """The service's ``errorCode``, such as ``ER-00008``."""
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
        """The number of seconds to wait before the next attempt, if the service sent this number."""
        return self.details.retry_after


class BadRequestError(APIError):
    """400, or another 4xx for which no class exists: the service refused the request."""


class AuthenticationError(APIError):
    """401: the service refused the credential, or refused the token and then also a new token.

    A request for a token raises this error for each 4xx except 429, for example for the 404 of a wrong address.
    ``status`` is the HTTP status.
    """


class PermissionDeniedError(APIError):
    """403: the credential is not allowed to make this call."""


class NotFoundError(APIError):
    """404: an object of the call does not exist.

    ``status`` is 404 even if the service responded with an empty 2xx response. ``response.status`` is the original
    status.
    """

    @property
    def status(self) -> int:
        """Always 404."""
        return 404


class ConflictError(APIError):
    """409: the object to create exists already.

    ``status`` is 409 even if the response to the creation was lost, and the client then found the object.
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
