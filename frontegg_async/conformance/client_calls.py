"""Calls of the client's methods, which may send several requests."""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.codec.unreadable_values import PendingWarnings, collected_in
from frontegg_async.client import AsyncFrontegg
from frontegg_async.conformance.answer import Answer, plain
from frontegg_async.conformance.budget import MOST
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.plain_request import check_answered
from frontegg_async.conformance.probe import Probe
from frontegg_async.errors import FronteggError, Outcome, PaginationWarning
from frontegg_async.options import Options

T = TypeVar("T")

_ONCE: Final = Options(max_retries=0)
_ACCEPTED: Final = frozenset({"decode", "not_kept"})
"""The reasons why the outcome of a write is unknown although the service accepted it."""


class CallRefusedError(NotTriedError):
    """The service refused a call.

    Args:
        answer: The response.
        error: The name of the client's error.
    """

    def __init__(self, answer: Answer, error: str) -> None:
        super().__init__(f"the service refused a call: {answer.status}")
        self.answer = answer
        self.error = error


class AcceptedError(NotTriedError):
    """The service accepted a write, but the client cannot read the result, or the write had no effect.

    A later read shows whether the write had an effect.
    """


async def call(probe: Probe, make: Callable[[AsyncFrontegg], Awaitable[T]], *, most: int = MOST) -> T:
    """Call methods of the client and return the result. Values that do not fit the models cause no warnings.

    Args:
        probe: The probe that sends the requests.
        make: A coroutine function that calls the methods.
        most: The maximum number of requests that the methods send.

    Raises:
        CallRefusedError: The service refused one of the requests.
        AcceptedError: A write was accepted, but its result cannot be read, or the write had no effect.
        NotTriedError: The budget is used up, or the call failed.
    """
    await probe.budget.turn(most)
    used = probe.budget.used
    probe.asked += 1
    unreadable = PendingWarnings(is_held=True)
    try:
        with collected_in(unreadable), warnings.catch_warnings():
            warnings.simplefilter("ignore", PaginationWarning)  # another check covers totals
            found = await make(probe.client)
    except FronteggError as error:
        raise _failure(probe, error) from None
    finally:
        unreadable.discard()  # the check of the field reports the value
        await probe.budget.settle(used)
    probe.answered += 1
    return found


def caller_of(client: AsyncFrontegg, tenant_id: str | None, *, writes: bool = False) -> Caller:
    """Return the caller for the environment or for an account. A caller for writes never repeats a write.

    Args:
        client: The client.
        tenant_id: The id of the account; ``None`` for the environment.
        writes: Whether the caller is for writes.
    """
    caller = client._caller  # noqa: SLF001 - kinds of objects take a caller  # pyright: ignore[reportPrivateUsage]
    if writes:
        caller = caller.with_options(_ONCE)
    return caller if tenant_id is None else caller.for_tenant(tenant_id)


def _failure(probe: Probe, error: FronteggError) -> NotTriedError:
    name, refused = type(error).__name__, error.details.response
    if error.details.outcome is Outcome.DONE or error.details.reason in _ACCEPTED:
        probe.answered += 1
        return AcceptedError("the result of a write cannot be read")
    if refused is None:
        return NotTriedError(f"a call failed: {name}")
    try:
        check_answered(refused.status)
    except NotTriedError as failure:
        return failure
    probe.answered += 1
    answer = Answer(status=refused.status, body=plain(refused.body), is_empty=refused.body is None)
    return CallRefusedError(answer, name)
