"""Write requests whose errors contain the arguments of the call."""

from __future__ import annotations

import abc
import contextlib
from collections.abc import Mapping
from typing import Final, TypeVar, cast

import attrs

from frontegg_async._core.call.call_state import Reconcile
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.http import urls
from frontegg_async._values.fields import bare_field
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import was_sent
from frontegg_async._values.value import Value
from frontegg_async.endpoints import Endpoint, Retry
from frontegg_async.errors import ErrorDetails, FronteggError, Outcome, OutcomeUnknownError, ResultLostError
from frontegg_async.options import Options, ResolvedOptions, merge_options
from frontegg_async.resources.support.read_back import ReadBack

T = TypeVar("T")

_SOON: Final = 0.001
_NO_SECRET: Final = Secret("")

_NOT_KEPT: Final = frozenset(
    {
        "authenticator_app_mfa_secret",
        "channel_configuration",
        "config_metadata",
        "creator_email",
        "creator_name",
        "data",
        "idp_client_secret",
        "logo",
        "metadata",
        "oidc_secret",
        "new_password",
        "password",
        "password_hash",
        "password_hash_config",
        "payload",
        "secret",
        "vendor_metadata",
    }
)
"""Fields that errors do not contain, because they are large, or may have a secret or personal data."""


class Looks:
    """A request before a creation that reads the existing objects, to know after a lost response which ones are new."""

    __slots__ = ()

    @abc.abstractmethod
    async def look(self, options: ResolvedOptions) -> None:
        """Read and store the objects that exist before the first attempt.

        Raises:
            FronteggError: The read failed.
        """


async def _look_first(
    caller: Caller, endpoint: Endpoint[object], looks: Looks, options: Options | None
) -> Options | None:
    """Read the existing objects before a creation that may be sent twice. Return the options for the creation.

    If this request fails, the creation is sent anyway. After a lost response, it is then unknown which objects are new.

    Args:
        caller: Makes the calls.
        endpoint: The operation that creates.
        looks: Reads the existing objects.
        options: The options of the creation.
    """
    resolved = caller.options_for(options)
    if endpoint.retry is not Retry.RECONCILE or resolved.max_retries == 0:
        return options
    started = caller.clocks.monotonic()
    with contextlib.suppress(FronteggError):
        await looks.look(merge_options(resolved, Options(max_retries=0)))
    return options_left(caller, options, started)


def options_left(caller: Caller, options: Options | None, started: float) -> Options | None:
    """Return the options for the second of two calls. Its deadline is the time that the first call has left.

    Args:
        caller: Makes both calls.
        options: Options of both calls together.
        started: The start of the first call, on the monotonic clock.
    """
    deadline = caller.options_for(options).deadline
    if deadline is None:
        return options
    left = max(deadline - (caller.clocks.monotonic() - started), _SOON)
    return Options(deadline=left) if options is None else attrs.evolve(options, deadline=left)


async def write(
    caller: Caller,
    endpoint: Endpoint[T],
    *,
    path: Mapping[str, str] = urls.NO_FIELDS,
    body: attrs.AttrsInstance | None = None,
    options: Options | None = None,
    reconcile: Reconcile[T] | None = None,
    lost: str = "",
    unknown: str = "",
) -> T:
    """Send a write request and return the result.

    Args:
        caller: Makes the call.
        endpoint: The operation.
        path: The fields of the operation's path.
        body: The body of the request.
        options: Options of the call.
        reconcile: Reads the outcome of the write after a lost response.
        lost: The hint in the error if the result is lost and cannot be read again.
        unknown: The hint in the error if the outcome is unknown.

    Raises:
        OutcomeUnknownError: The response was lost, and the service may or may not have acted. The error's attribute
            ``asked`` holds the arguments of the call.
        ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds the
            arguments of the call.
        FronteggError: The call failed for another reason.
    """
    cause: BaseException | None = None
    caller.check_writable(endpoint.name, options)
    if isinstance(reads := cast("object", reconcile), Looks):
        options = await _look_first(caller, endpoint, reads, options)
    elif isinstance(reads, ReadBack):
        reads.body = body
    try:
        value = await caller.value(endpoint, path=path, body=body, options=options, reconcile=reconcile)
    except (OutcomeUnknownError, ResultLostError) as error:
        failure: FronteggError = _with_asked(error, _asked(caller, path, body))
        cause = error.__cause__
    else:
        if not lost or _NO_SECRET not in (getattr(value, "secret", None), getattr(value, "token", None)):
            return value
        details = ErrorDetails(endpoint=endpoint.name, attempts=1, outcome=Outcome.DONE, reason="decode")
        without = ResultLostError(f"{endpoint.name} was done, but its response has no secret", details)
        failure = _with_asked(without, _asked(caller, path, body))
    if lost and isinstance(failure, ResultLostError):
        failure = ResultLostError(f"{failure.message}; {lost}", failure.details)
    if unknown and isinstance(failure, OutcomeUnknownError):
        failure = OutcomeUnknownError(f"{failure.message}; {unknown}", failure.details)
    raise failure.fresh() from cause


E = TypeVar("E", bound=FronteggError)


def _with_asked(error: E, asked: Mapping[str, JsonValue]) -> E:
    return error.fresh(attrs.evolve(error.details, asked={**asked, **error.details.asked}))


def _asked(caller: Caller, path: Mapping[str, str], body: attrs.AttrsInstance | None) -> dict[str, JsonValue]:
    """Return the arguments of the call by name, for the error."""
    asked: dict[str, JsonValue] = {} if caller.tenant_id is None else {"tenant_id": caller.tenant_id}
    if caller.user_id is not None:
        asked["user_id"] = caller.user_id
    asked |= path
    if body is not None:
        bare = bare_field(type(body))
        # An array as the body has a single object. The fields of this object are the arguments of the method.
        sent: attrs.AttrsInstance = body if bare is None else getattr(body, bare.name)[0]
        fields = [field for field in attrs.fields(type(sent)) if field.name not in _NOT_KEPT and was_sent(sent, field)]
        asked |= {field.name: value for field in fields if not _has_models(value := getattr(sent, field.name))}
    return asked


def _has_models(value: object) -> bool:
    """Return whether a value is or contains a model. Models are not JSON and may have personal data."""
    items = cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
    return any(isinstance(each, Value) for each in items)


def of_whole(error: E, known: Outcome) -> E:
    """Return the error of a read request as the error of an operation that reads and writes.

    Args:
        error: The error.
        known: The outcome of the writes. The error gets this outcome if the outcome of the read request is unknown.
    """
    outcome = known if error.outcome is Outcome.UNKNOWN else error.outcome
    return error.fresh(attrs.evolve(error.details, outcome=outcome))
