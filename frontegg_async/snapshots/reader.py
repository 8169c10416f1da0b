"""`SnapshotReader`, which requests all accounts of an environment and returns them ordered by id."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import repeat
from operator import attrgetter
from pathlib import Path
from typing import Final, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._core.runtime.worker_threads import run_to_end_in_thread
from frontegg_async._formats.json_text import sorted_json, sorted_json_lines
from frontegg_async._values.json_values import JsonValue, parse_json, parse_json_lines
from frontegg_async.backward_reader import BackwardReader
from frontegg_async.endpoints import Endpoint, tenants
from frontegg_async.errors import APIError, NotFoundError
from frontegg_async.models.exports import IncludeLiteral
from frontegg_async.models.page import Order, Page
from frontegg_async.models.tenants import Tenant, TenantSort
from frontegg_async.options import Options
from frontegg_async.page_reader import Listing, halves_after
from frontegg_async.resources.support.listing import MAX_PAGE_SIZE, PagedListing, split
from frontegg_async.snapshots.account_row import AccountRow, lines_of, lines_without_parents, whole_lines
from frontegg_async.snapshots.assigned import Assigned
from frontegg_async.snapshots.assignments import READ_ASSIGNED
from frontegg_async.snapshots.chosen_accounts import ChosenAccounts
from frontegg_async.snapshots.included import read_included
from frontegg_async.snapshots.parents import ParentReader, Parents, may_have_others
from frontegg_async.snapshots.rows import ASSIGNED, PARENT, Row, SortedRow
from frontegg_async.snapshots.single_account import is_there
from frontegg_async.snapshots.sorted_spool import SortedSpool

_LIST: Final = attrs.evolve(cast("Endpoint[Page[AccountRow]]", tenants.LIST), returns=Page[AccountRow])
_BY_CREATION: Final = (("_sortBy", TenantSort.CREATED_AT.value), ("_order", Order.ASC.value))
_ROWS: Final = 1_000
"""The minimum number of rows in a portion, except at the end."""
_FEW: Final = 1_000
"""The maximum number of accounts whose parents are requested one by one.

For more accounts, a listing needs fewer requests.
"""


@attrs.frozen
class Portion:
    """A portion of the accounts of a snapshot, ordered by id."""

    ids: Sequence[str]
    """The ids of the accounts."""
    lines: bytes
    """The `sorted_json` of each row, one row per line."""

    def rows(self) -> Iterator[SortedRow]:
        """Return the rows one by one."""
        return zip(self.ids, self.lines.splitlines(), strict=True)


@attrs.frozen
class SnapshotReader:
    """Requests all accounts or chosen accounts of an environment.

    Args:
        caller: The object that sends the requests for the environment.
        included: The parts to request beside the accounts. Applications need one request per application, feature plans
            need one request for all assignments, and all other parts need requests for each account.
        options: The options of each request.
        on_progress: The function that is called with the number of listed accounts, and the number of all accounts or
            of chosen accounts.
        only: The ids of the accounts to request; ``None`` for all accounts. One request contains up to 100 ids.
            Accounts that do not exist are left out. Up to 1,000 accounts need one more request each for the parent. For
            more ids, all accounts are listed.
        with_parents: Whether to request the hierarchy. Without the hierarchy, rows have no ``parent_tenant_id``.
        directory: The directory for temporary files; the system's directory by default.
        path: The path that system errors name instead of the path of a temporary file.
    """

    caller: Caller
    included: Sequence[IncludeLiteral] = ()
    options: Options | None = None
    on_progress: Callable[[int, int], object] | None = None
    only: frozenset[str] | None = attrs.field(default=None, kw_only=True)
    with_parents: bool = attrs.field(default=True, kw_only=True)
    directory: Path | None = attrs.field(default=None, kw_only=True)
    path: Path | None = attrs.field(default=None, kw_only=True)
    tops: dict[str, None] = attrs.field(factory=dict[str, None], init=False, eq=False)
    """The ids of the accounts that may have children. The ids are complete when the first portion is yielded."""

    async def portions(self) -> AsyncGenerator[Portion]:
        """Yield the accounts.

        Each account that exists from the first to the last request occurs exactly once, with a parent that the account
        had in this time. The first portion is yielded after all accounts were listed. The caller must close the
        generator, since the generator has open temporary files.

        Raises:
            PaginationError: The pages of the listing contradict each other, or accounts moved each time that the
                hierarchy was requested.
            NotFoundError: An account or an application exists, but the service responds with 404 for an included part.
            OSError: A temporary file cannot be written or read.
            FronteggError: A request failed.
        """
        with self._spool() as accounts, self._spool() as parents:
            total, deleted = await self._list(accounts, parents)
            # Request assignments after the listing, so that the responses include assignments that were created during
            # the listing.
            assigned = {name: await READ_ASSIGNED[name](self.caller, self.options) for name in self._assigned}
            joined = _joined(accounts, parents) if self.with_parents else _parentless(accounts)
            listed = 0
            while (some := await run_to_end_in_thread(_take, joined)).ids:
                if deleted > 0 or self.included:
                    self.progress(listed, total)
                listed += len(some.ids)
                if deleted > 0:
                    before, some = some, await self._without_deleted(some)
                    deleted -= len(before.ids) - len(some.ids)
                yield await self._with_included(some, assigned)
                del some  # free the memory before the next portion is created

    @property
    def _assigned(self) -> Sequence[str]:
        """The included parts that are requested for all accounts together."""
        return [name for name in self.included if name in ASSIGNED]

    @property
    def _asked_of_each(self) -> Sequence[IncludeLiteral]:
        """The included parts that need requests for each account."""
        return [name for name in self.included if name not in ASSIGNED]

    def _spool(self) -> SortedSpool:
        return SortedSpool(self.directory, path=self.path)

    def progress(self, listed: int, total: int) -> None:
        """Report the number of listed accounts, and the total number."""
        if self.on_progress is not None:
            self.on_progress(listed, total)

    async def _list(self, accounts: SortedSpool, parents: SortedSpool) -> tuple[int, int]:
        """List the accounts and find their parents.

        Returns:
            The number of accounts, and the largest number of accounts that may lack a parent because they were deleted.
        """
        if self.only is not None and (len(self.only) <= _FEW or not self.with_parents):
            return await self._list_by_id(self.only, accounts, parents), 0
        listed = _Listed(self, accounts)
        reader = BackwardReader(self.listing(), attrgetter("tenant_id"), attrgetter("created_at"))
        await reader.read(lambda rows: listed.take(rows, reader.total), listed.start_over)
        if not self.with_parents:
            return listed.kept, 0
        if listed.tops:
            keep = partial(self._keep_parents, parents)
            await ParentReader(self.caller, self.options, keep, reader.read_new, listed.tops).read()
            self.tops.update(listed.tops)
        return listed.kept, reader.count if reader.deleted is None else max(0, reader.deleted)

    async def _list_by_id(self, ids: frozenset[str], accounts: SortedSpool, parents: SortedSpool) -> int:
        """List the accounts with the given ids, and find their parents; return the number of accounts."""
        listed = _Listed(self, accounts)

        async def take(rows: Sequence[AccountRow | Tenant], found: Parents) -> None:
            await listed.take(rows, len(ids))
            await self._keep_parents(parents, found)

        await ChosenAccounts(self.caller, self.listing(), ids, self.options, self.with_parents, take).read()
        return listed.kept

    def listing(self) -> PagedListing[AccountRow]:
        """Return the listing of all accounts, the oldest first."""
        return PagedListing(self.caller, _LIST, _BY_CREATION, MAX_PAGE_SIZE, self.options)

    async def spool(self, spool: SortedSpool, ids: Iterable[str], values: Sequence[bytes]) -> None:
        """Add rows to a spool. If the spool is full, write its rows to a temporary file."""
        spool.add(ids, values)
        if spool.is_full:
            await run_to_end_in_thread(spool.spill)

    async def _keep_parents(self, spool: SortedSpool, found: Parents) -> None:
        if self.only is not None:
            found = {child: found[child] for child in self.only & found.keys()}
        await self.spool(spool, found, [*found.values()])

    async def _without_deleted(self, some: Portion) -> Portion:
        """Leave out accounts that lack a parent because they were deleted after they were listed."""
        rows = [cast("Row", parse_json(line)) for _, line in some.rows()]
        doubtful = [tenant_id for tenant_id, row in zip(some.ids, rows, strict=True) if row[PARENT] is None]
        listings = split(self.listing(), tuple(doubtful))
        there = set[str]().union(*await gather(_ids_listed, listings))
        missing = [tenant_id for tenant_id in doubtful if tenant_id not in there]
        found = await gather(partial(is_there, self.caller, options=self.options), missing)
        deleted = {tenant_id for tenant_id, is_there in zip(missing, found, strict=True) if not is_there}
        return _portion_of(row for row in some.rows() if row[0] not in deleted)

    async def _with_included(self, some: Portion, assigned: Mapping[str, Assigned]) -> Portion:
        """Add the included parts to accounts, and leave out accounts that were deleted meanwhile."""
        if assigned:
            some = await run_to_end_in_thread(_with_assigned, some, assigned)
        if self._asked_of_each:
            some = _portion_of([row for row in await gather(self._complete, [*some.rows()]) if row is not None])
        return some

    async def _complete(self, sorted_row: SortedRow) -> SortedRow | None:
        """Add the included parts to a row. Return ``None`` if the account was deleted meanwhile.

        Raises:
            NotFoundError: The account exists, but the service responds with 404 for an included part.
            FronteggError: A request failed.
        """
        tenant_id, line = sorted_row
        row = cast("Row", parse_json(line))
        try:
            row |= await read_included(self.caller.for_tenant(tenant_id), self._asked_of_each, self.options)
        except NotFoundError:
            if await is_there(self.caller, tenant_id, self.options):
                raise
            return None
        return tenant_id, sorted_json(row)


@attrs.define
class _Listed:
    """Collects the listed accounts."""

    reader: SnapshotReader
    rows: SortedSpool
    tops: dict[str, None] = attrs.field(factory=dict[str, None])
    """The ids of the listed accounts that may have children."""
    count: int = 0
    kept: int = 0
    """The number of listed accounts that the caller asked for."""

    async def take(self, rows: Sequence[AccountRow | Tenant], total: int | None) -> None:
        """Add the rows of a page."""
        self.count += len(rows)
        self.tops |= dict.fromkeys(each.tenant_id for each in rows if may_have_others(each))
        only = self.reader.only
        kept = rows if only is None else [each for each in rows if each.tenant_id in only]
        self.kept += len(kept)
        await self.reader.spool(self.rows, [each.tenant_id for each in kept], lines_of(kept))
        self.reader.progress(self.count, max(self.count, total or 0))

    def start_over(self) -> None:
        """Forget all rows."""
        self.rows.clear()
        self.tops.clear()
        self.count = self.kept = 0


async def _ids_listed(listing: Listing[AccountRow]) -> set[str]:
    """Return the ids on the first page of a listing. If the URL of the listing is too long, split the listing."""
    try:
        page = await listing.fetch(0)
    except APIError as error:
        halves = halves_after(error, listing)
        if not halves:
            raise
        return set[str]().union(*[await _ids_listed(half) for half in halves])
    return {row.tenant_id for row in page.items}


def _with_assigned(some: Portion, assigned: Mapping[str, Assigned]) -> Portion:
    rows = cast("list[Row]", parse_json_lines(some.lines))
    for tenant_id, row in zip(some.ids, rows, strict=True):
        row |= {name: cast("JsonValue", each.of(tenant_id)) for name, each in assigned.items()}
    return Portion(some.ids, sorted_json_lines(rows))


def _portion_of(rows: Iterable[SortedRow]) -> Portion:
    kept = [*rows]
    return Portion([tenant_id for tenant_id, _ in kept], b"".join(line + b"\n" for _, line in kept))


def _joined(accounts: SortedSpool, parents: SortedSpool) -> Iterator[Portion]:
    """Yield the accounts with the ids of their parents."""
    whole = parents.whole()
    more, known = (parents.sorted(), dict[str, bytes]()) if whole is None else (iter(()), whole)
    reached = ""
    for ids, lines in accounts.sorted():
        while reached < ids[-1] and (some := next(more, None)):
            known.update(zip(*some, strict=True))
            reached = some[0][-1]
        yield Portion(ids, whole_lines(lines, map(known.pop, ids, repeat(b"null"))))


def _parentless(accounts: SortedSpool) -> Iterator[Portion]:
    """Yield the accounts without a field for the parent."""
    return (Portion(ids, lines_without_parents(lines)) for ids, lines in accounts.sorted())


def _take(portions: Iterator[Portion]) -> Portion:
    """Return the next accounts as one portion. After the last account, return an empty portion."""
    ids, lines = list[str](), list[bytes]()
    for some in portions:
        ids += some.ids
        lines.append(some.lines)
        if len(ids) >= _ROWS:
            break
    return Portion(ids, b"".join(lines))
