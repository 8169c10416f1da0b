"""Check whether a call created an object, if similar objects may have existed before the call."""

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
    """Read an object without using up the retry budget. Return ``None`` if the service responds that it does not exist.

    No frame keeps the query during the request, because the query may contain an e-mail address.

    Raises:
        FronteggError: The request failed.
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
    """A check after a lost response: reads whether the object was created.

    The created object must not have existed before the first attempt. Timestamps do not prove that an object is new:
    clocks differ, and two objects may have the same time.

    Args:
        caller: Makes the reads.
        endpoint: The operation that reads.
        body: The body of the creation.
        find: Returns the candidates in a response: the objects with the same key or name, or all objects.
        result: Returns the result of the write for a candidate.
        id_of: Returns the id of a candidate.
        is_unique: Whether the service refuses a second object with the same key or name.
        agrees: Returns whether a candidate has all requested values. By default the fields of the body are compared.
        tells: Returns whether a candidate shows each field that was sent. A candidate that lacks a field may be another
            caller's object.
        path: The path parameters of the operation that reads.
        query: The query parameters of the operation that reads.
        before: The ids of the candidates that existed before; ``None`` if unknown.
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
        """Read and store the ids that exist now. Do nothing if the route's rate limit would delay the creation.

        Raises:
            FronteggError: The request failed.
        """
        if self.caller.opens_at(self.endpoint) <= self.caller.clocks.monotonic():
            self.before = frozenset(map(self.id_of, await self._read(options)))

    async def __call__(self, options: ResolvedOptions, was_acknowledged: bool) -> Recovered[T] | None:
        """Return the created object, or ``None`` if nothing was created.

        Raises:
            ConflictError: An object with the key or the name existed before this call, or has other values.
            OutcomeUnknownError: A candidate may or may not come from this call.
            FronteggError: The request failed.
        """
        rows = await self._read(options)
        new = [row for row in rows if self.before is None or self.id_of(row) not in self.before]
        found = [row for row in new if (shows(row, self.body) if self.agrees is None else self.agrees(row))]
        if len(found) == 1 and (was_acknowledged or self._is_ours(found[0])):
            return Recovered(self.result(found[0]))
        if found:
            if len(found) == 1:
                raise self._unknown("an object with the requested values exists", "it")
            raise self._unknown(f"{len(found)} objects with the requested values exist", "one of them")
        if self.is_unique and rows:
            raise self._conflict("differs from the requested one" if new else "existed before this call")
        if new:
            # The service may have changed the sent values, so this may be the created object.
            raise self._unknown("an object exists that differs from the requested one", "it")
        self.before = frozenset(map(self.id_of, rows))
        return None

    def _is_ours(self, row: R) -> bool:
        """Return whether a new candidate with the requested values can only come from this call."""
        return self.before is not None and (self.tells is None or self.tells(row))

    async def _read(self, options: ResolvedOptions) -> list[R]:
        answer = await read_present(self.caller, self.endpoint, options, path=self.path, query=self.query)
        return [] if answer is None else list(self.find(answer))

    def _unknown(self, what: str, created: str) -> OutcomeUnknownError:
        details = ErrorDetails(endpoint=self.endpoint.name, outcome=Outcome.UNKNOWN)
        return OutcomeUnknownError(f"{what}, and it is unknown whether this call created {created}", details)

    def _conflict(self, why: str) -> ConflictError:
        details = ErrorDetails(endpoint=self.endpoint.name, outcome=Outcome.REFUSED)
        return ConflictError(f"an object with this key or name exists and {why}", details)
