"""Functions that read and write policies. The service has a different way to write each kind of policy."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from operator import attrgetter
from typing import ParamSpec, TypeVar

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import shorten, without_frames
from frontegg_async.endpoints import Endpoint
from frontegg_async.errors import (
    ConflictError,
    DecodeError,
    ErrorDetails,
    FronteggError,
    InvalidArgumentError,
    NotFoundError,
    Outcome,
    OutcomeUnknownError,
)
from frontegg_async.models.page import Page
from frontegg_async.models.security_policies import (
    EmailDomainRestriction,
    IpRestriction,
    SessionPolicy,
    SessionPolicyWrite,
)
from frontegg_async.options import Options
from frontegg_async.pages import MAX_PREFETCH, AsyncPages
from frontegg_async.resources.support.listing import MAX_PAGE_SIZE, PagedListing
from frontegg_async.resources.support.read_back import Confirmed, ReadBack, is_answered_absent, kept, says_absent, shows
from frontegg_async.resources.support.writes import write

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", IpRestriction, EmailDomainRestriction)
B = TypeVar("B", bound=attrs.AttrsInstance)


def _without_frames(function: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[object, object, T]]:
    """Decorate a coroutine function. Tracebacks of its errors then do not contain its frame."""

    @functools.wraps(function)
    async def framed(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await function(*args, **kwargs)
        except FronteggError as error:
            shorten(error)
            raise

    return framed


@_without_frames
async def find(caller: Caller, get: Endpoint[T], options: Options | None) -> T | None:
    """Return a policy, or ``None`` if the service responds with a 404 that the tenant has no policy.

    Raises:
        DecodeError: The response has no policy.
        FronteggError: The call failed.
    """
    try:
        found = await caller.value(get, options=options)
    except NotFoundError as error:
        if is_answered_absent(error):
            return None
        if not says_absent(error):
            raise
        details = error.details
    else:
        if not _is_empty(found):
            return found
        details = ErrorDetails(endpoint=get.name, attempts=1)
    place = "$: expected a policy"
    details = attrs.evolve(details, outcome=Outcome.UNKNOWN, reason="decode", paths=(place,))
    raise DecodeError(f"{get.name}: the response is not what was expected: {place}", details)


def _is_empty(policy: object) -> bool:
    """Return whether a policy is empty, such as ``{}``. The response for a tenant without a policy is a 404 instead."""
    kind = type(policy)
    return attrs.has(kind) and all(getattr(policy, field.name) in (None, {}, ()) for field in attrs.fields(kind))


async def read_within(reading: Awaitable[T], known: Outcome) -> T:
    """Return the result of a read request that belongs to a write.

    Args:
        reading: The read request.
        known: The outcome of the write. An error of the read gets this outcome.

    Raises:
        FronteggError: The read request failed.
    """
    try:
        return await reading
    except FronteggError as error:
        failure = error.fresh(attrs.evolve(error.details, outcome=known))
    raise failure.fresh()


async def _after_refusal(writing: Awaitable[T]) -> T:
    """Return the result of the second write of a call whose first write was refused.

    Raises:
        FronteggError: The second write failed. If that write was not sent, the error reports that the call was refused.
    """
    try:
        return await writing
    except FronteggError as error:
        if error.outcome is not Outcome.NOT_SENT:
            raise
        failure = error.fresh(attrs.evolve(error.details, outcome=Outcome.REFUSED))
    raise failure.fresh()


def check_some(given: Mapping[str, object]) -> None:
    """Refuse a call without any setting of a policy.

    Raises:
        InvalidArgumentError: No argument is given.
    """
    if all(value is None for value in given.values()):
        raise InvalidArgumentError(f"a policy must be given at least one of {', '.join(given)}")


@without_frames
def check_number(value: object, argument: str, least: int, most: int = arguments.MAX_INTEGER) -> None:
    """Check that an argument is ``None`` or a whole number in a range.

    Raises:
        InvalidArgumentError: The argument is neither ``None`` nor a whole number in the range.
    """
    if value is not None:
        arguments.check_count(value, argument, least=least, most=most)


@_without_frames
async def completed(
    caller: Caller,
    put: Endpoint[object],
    get: Endpoint[object],
    make: Callable[..., B],
    given: Mapping[str, object],
    *,
    options: Options | None,
    needed: Sequence[str] = (),
) -> B:
    """Return the body of a write. Omitted arguments get the values of the current policy.

    The effect of an omitted field is not documented, so the client sends all known fields.

    Args:
        caller: Makes the call.
        put: The operation that writes. This function raises an error if the client is read-only.
        get: The operation that reads the policy if an argument is omitted.
        make: The class of the body.
        given: The arguments. An omitted argument is ``None``.
        options: The options of the call.
        needed: The arguments that a new policy must have.

    Raises:
        ReadOnlyError: The client is read-only; nothing was sent.
        InvalidArgumentError: The tenant has no policy, and a required argument is omitted.
        FronteggError: The call failed.
    """
    caller.check_writable(put.name, options)
    chosen = {name: value for name, value in given.items() if value is not None}
    if len(chosen) < len(given):
        present = await read_within(find(caller, get, options), Outcome.NOT_SENT)
        known = {name: getattr(present, name, None) for name in given}
        chosen = {name: value for name, value in (known | chosen).items() if value is not None}
    lacking = [name for name in needed if name not in chosen]
    if lacking:
        raise InvalidArgumentError(f"{lacking[0]} must be given, because the tenant has no such policy yet")
    return make(**chosen)


@_without_frames
async def upsert(
    caller: Caller,
    put: Endpoint[T],
    get: Endpoint[T],
    body: attrs.AttrsInstance,
    options: Options | None,
    *,
    create: Endpoint[T] | None = None,
) -> T:
    """Change a policy, or create it if the tenant has none. Return the policy.

    Args:
        caller: Makes the calls.
        put: The operation that changes the policy.
        get: The operation that reads the policy after a lost response.
        body: The policy.
        options: The options of each call.
        create: The operation that creates the policy, if ``put`` cannot create one.

    Raises:
        FronteggError: A call failed.
    """
    reconcile = ReadBack(caller, get, lambda found: found if shows(found, body) else None, is_of_the_object=True)
    if create is None:
        return await write(caller, put, body=body, options=options, reconcile=reconcile)
    try:
        return await write(caller, put, body=body, options=options, reconcile=reconcile)
    except NotFoundError as error:
        if not says_absent(error):
            raise
    with contextlib.suppress(ConflictError):  # Another program created the policy first.
        return await _after_refusal(write(caller, create, body=body, options=options, reconcile=reconcile))
    return await _after_refusal(write(caller, put, body=body, options=options, reconcile=reconcile))


@_without_frames
async def written(
    caller: Caller,
    put: Endpoint[None],
    get: Endpoint[T],
    body: attrs.AttrsInstance,
    options: Options | None,
    *,
    is_kept: Callable[[T], bool] | None = None,
) -> T:
    """Write a policy, then read and return it. The response to the write is undocumented or empty.

    Args:
        caller: Makes the calls.
        put: The operation that writes the policy.
        get: The operation that reads the policy.
        body: The policy.
        options: The options of each call.
        is_kept: Returns whether a policy has the requested values. By default the fields of the policy are compared
            with the body.

    Raises:
        OutcomeUnknownError: The service accepted the write, but a read returns other values.
        FronteggError: A call failed.
    """
    reconcile = kept(caller, get, body) if is_kept is None else Confirmed(caller, get, is_kept)
    await write(caller, put, body=body, options=options, reconcile=reconcile)
    found = await read_within(find(caller, get, options), Outcome.DONE)
    if found is None or not (shows(found, body) if is_kept is None else is_kept(found)):
        raise not_kept(put)
    return found


def shows_limits(found: SessionPolicy, body: SessionPolicyWrite) -> bool:
    """Return whether a session policy has the requested limits.

    Args:
        found: The policy.
        body: The body that was sent.
    """
    pairs = ((found.idle, body.idle), (found.lifetime, body.lifetime), (found.concurrent, body.concurrent))
    return all(sent is None or (shown is not None and shows(shown, sent)) for shown, sent in pairs)


def unlisted_on_page(caller: Caller, endpoint: Endpoint[Page[R]], restriction_id: str) -> Confirmed[Page[R]]:
    """Return a check that reads whether a restriction is gone. It reads the first page. A full page proves nothing.

    Args:
        caller: Makes the request.
        endpoint: The operation that lists the restrictions.
        restriction_id: The id of the restriction.
    """

    def holds(page: Page[R]) -> bool:
        return len(page.items) < MAX_PAGE_SIZE and all(row.id != restriction_id for row in page.items)

    return Confirmed(caller, endpoint, holds, query=(("_limit", str(MAX_PAGE_SIZE)),))


def not_kept(put: Endpoint[object]) -> OutcomeUnknownError:
    """Return the error for a write that the service accepted but did not store."""
    details = ErrorDetails(endpoint=put.name, attempts=1, outcome=Outcome.UNKNOWN, reason="not_kept")
    return OutcomeUnknownError(f"{put.name}: the service accepted the change, but a read does not show it", details)


@without_frames
def restriction_pages(
    caller: Caller,
    endpoint: Endpoint[Page[R]],
    *,
    filter: str | None = None,
    page_size: int,
    prefetch: int,
    options: Options | None,
) -> AsyncPages[R]:
    """Check the arguments of a listing of restrictions and return the listing.

    Raises:
        InvalidArgumentError: An argument is not allowed.
    """
    arguments.check_count(page_size, "page_size", least=1, most=MAX_PAGE_SIZE)
    arguments.check_count(prefetch, "prefetch", least=0, most=MAX_PREFETCH)
    if filter is not None:
        arguments.check_text(filter, "filter")
    return AsyncPages(
        [PagedListing(caller, endpoint, () if filter is None else (("_filter", filter),), page_size, options)],
        key=attrgetter("id"),
        prefetch=prefetch,
        incomplete=caller.options_for(options).incomplete_listing,
    )
