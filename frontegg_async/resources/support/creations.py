"""Find out whether a call created something, where others may have created something alike before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import attrs

from frontegg_async._core.call.call_state import Recovered
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.http import urls
from frontegg_async._values.value import Value
from frontegg_async.endpoints import Endpoint
from frontegg_async.errors import (
    ConflictError,
    ErrorDetails,
    NotFoundError,
    Outcome,
    OutcomeUnknownError,
)
from frontegg_async.options import ResolvedOptions
from frontegg_async.resources.support.read_back import says_absent, shows
from frontegg_async.resources.support.writes import Looks

A = TypeVar("A")
R = TypeVar("R")
T = TypeVar("T")


def read_present(
    caller: Caller,
    endpoint: Endpoint[A],
    options: ResolvedOptions,
    *,
    path: Mapping[str, str] = urls.NO_FIELDS,
    query: Sequence[tuple[str, str]] = (),
) -> Coroutine[object, object, A | None]:
    """Read what is there, without a charge to the retry budget; ``None`` if the service says that there is nothing.

    No frame holds the query while it is awaited: it may have an e-mail address.

    Raises:
        FronteggError: The read failed.
    """
    return _present(caller.free().value(endpoint, path=path, query=query, options=options))


async def _present(call: Awaitable[A]) -> A | None:
    try:
        return await call
    except NotFoundError as error:
        if not says_absent(error):
            raise
    return None


@attrs.define(eq=False, repr=False)
class Created(Value, Looks, Generic[A, R, T]):
    """Reads whether something was created.

    What was there before the first attempt is not it, whatever it looks like. Times do not tell what is new: clocks
    differ, and two objects may have the same time.

    Args:
        caller: Makes the reads.
        endpoint: The operation that reads.
        body: What was asked for.
        find: Returns, of a response, what may be it: what has its key or name, or everything.
        result: Returns the result of the write for it.
        id_of: Returns the id of one.
        is_unique: Whether the service refuses a second one with this key or name.
        agrees: Whether one has all that was asked for; by default by the fields of the body.
        tells: Whether one shows each field that was sent; others may have made one where it does not.
        path: The fields of the path of the read.
        query: The parameters of its query.
        before: The ids of what was there before; ``None`` if that is unknown.
    """

    caller: Caller
    endpoint: Endpoint[A]
    body: attrs.AttrsInstance
    find: Callable[[A], Iterable[R]]
    result: Callable[[R], T]
    id_of: Callable[[R], str]
    is_unique: bool = True
    agrees: Callable[[R], bool] | None = None
    tells: Callable[[R], bool] | None = None
    path: Mapping[str, str] = urls.NO_FIELDS
    query: Sequence[tuple[str, str]] = ()
    before: frozenset[str] | None = None

    async def look(self, options: ResolvedOptions) -> None:
        """Read and keep the ids, unless the rate limit of the route would delay the creation.

        Raises:
            FronteggError: The read failed.
        """
        if self.caller.opens_at(self.endpoint) <= self.caller.clocks.monotonic():
            self.before = frozenset(map(self.id_of, await self._read(options)))

    async def __call__(self, options: ResolvedOptions, was_acknowledged: bool) -> Recovered[T] | None:
        """Return what was created, or ``None`` if nothing was.

        Raises:
            ConflictError: Something else has the key or the name, or had it before.
            OutcomeUnknownError: Something may be what the call created, and nothing tells whether it is.
            FronteggError: The read failed.
        """
        rows = await self._read(options)
        new = [row for row in rows if self.before is None or self.id_of(row) not in self.before]
        found = [row for row in new if (shows(row, self.body) if self.agrees is None else self.agrees(row))]
        if len(found) == 1 and (was_acknowledged or self._is_ours(found[0])):
            return Recovered(self.result(found[0]))
        if found:
            one = "it" if len(found) == 1 else "one of them"
            raise self._unknown(f"{len(found)} with all that was asked for exist", one)
        if self.is_unique and rows:
            raise self._conflict("differs from the one asked for" if new else "was there before")
        if new:
            # The service may store what was sent in another form.
            raise self._unknown("one that differs from the one asked for is there", "it")
        self.before = frozenset(map(self.id_of, rows))
        return None

    def _is_ours(self, row: R) -> bool:
        """Return whether one that was not there before, and agrees, can only be what was asked for."""
        return self.before is not None and (self.tells is None or self.tells(row))

    async def _read(self, options: ResolvedOptions) -> list[R]:
        answer = await read_present(self.caller, self.endpoint, options, path=self.path, query=self.query)
        return [] if answer is None else list(self.find(answer))

    def _unknown(self, what: str, created: str) -> OutcomeUnknownError:
        details = ErrorDetails(endpoint=self.endpoint.name, outcome=Outcome.UNKNOWN)
        return OutcomeUnknownError(f"{what}, and nothing tells whether this call created {created}", details)

    def _conflict(self, why: str) -> ConflictError:
        details = ErrorDetails(endpoint=self.endpoint.name, outcome=Outcome.REFUSED)
        return ConflictError(f"one with this key or name exists and {why}", details)
