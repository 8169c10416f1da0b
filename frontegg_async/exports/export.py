"""Write all accounts of an environment to a file, which is complete or not there, and compare a file with them."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat
from operator import attrgetter
from pathlib import Path
from typing import Final, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._core.runtime.replaced_file import ReplacedFile
from frontegg_async._core.runtime.worker_threads import run_in_thread, run_to_end_in_thread
from frontegg_async._values.json_values import parse_json
from frontegg_async.backward_reader import BackwardReader
from frontegg_async.endpoints import Endpoint, tenants
from frontegg_async.errors import APIError, NotFoundError
from frontegg_async.exports.account_row import AccountRow, lines_of, whole_lines
from frontegg_async.exports.differences import Differences
from frontegg_async.exports.formats import Encode, check_path, columns_with, encoder, included_in
from frontegg_async.exports.included import read_included
from frontegg_async.exports.parents import ParentReader, Parents, is_there, may_have_others
from frontegg_async.exports.rows import PARENT, Row, check_include, field_of, to_json
from frontegg_async.exports.sorted_spool import SortedSpool
from frontegg_async.models.exports import Export, IncludeLiteral
from frontegg_async.models.page import Order, Page
from frontegg_async.models.tenants import TenantSort
from frontegg_async.options import Options
from frontegg_async.page_reader import Listing, halves_after
from frontegg_async.resources.support.listing import MAX_PAGE_SIZE, PagedListing, split

_LIST: Final = attrs.evolve(cast("Endpoint[Page[AccountRow]]", tenants.LIST), returns=Page[AccountRow])
_BY_CREATION: Final = (("_sortBy", TenantSort.CREATED_AT.value), ("_order", Order.ASC.value))
_ROWS: Final = 1_000
"""How many rows are written at a time."""


@attrs.frozen
class _Rows:
    """Some rows of an export, as JSON Lines."""

    count: int
    lines: bytes


async def write_export(
    caller: Caller,
    path: str | os.PathLike[str],
    include: Collection[IncludeLiteral],
    on_progress: Callable[[int, int], object] | None,
    options: Options | None,
) -> Export:
    """Write all accounts to a file, see `AsyncFrontegg.export`."""
    target = check_path(path)
    included = check_include(include)
    file = ReplacedFile(target)
    try:
        await run_to_end_in_thread(file.open)
        accounts = await _Exporter(caller, file, included, on_progress or _say_nothing, options).run()
        await run_to_end_in_thread(file.commit)
    finally:
        file.discard()
    return Export(path=str(target), accounts=accounts)


async def diff_with_live(caller: Caller, path: str | os.PathLike[str], options: Options | None) -> Differences:
    """Compare an export with the environment, see `AsyncFrontegg.diff`."""
    checked = check_path(path)
    included = await run_in_thread(included_in, checked)
    directory = await run_in_thread(tempfile.mkdtemp, prefix="frontegg-")
    live = Path(directory, "live.jsonl")
    try:
        await write_export(caller, live, included, None, options)
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    differences = Differences(checked, live)
    weakref.finalize(differences, shutil.rmtree, directory, ignore_errors=True)
    return differences


@attrs.frozen
class _Exporter:
    """Writes the accounts to a file that is not in its place yet."""

    caller: Caller
    file: ReplacedFile
    included: Sequence[IncludeLiteral]
    on_progress: Callable[[int, int], object]
    options: Options | None

    async def run(self) -> int:
        """Write everything, and return how many accounts there are."""
        with SortedSpool(self.file.directory) as accounts, SortedSpool(self.file.directory) as parents:
            count, deleted = await self._list(accounts, parents)
            return await self._write(_joined(accounts, parents), count, deleted)

    async def _list(self, accounts: SortedSpool, parents: SortedSpool) -> tuple[int, int]:
        """List the accounts and find their parents.

        Returns:
            How many accounts there are; and the most of them that may be deleted, and have lost their parent by that.
        """
        listed = _Listed(self, accounts)
        reader = BackwardReader(self._listing(), attrgetter("tenant_id"), attrgetter("created_at"))
        await reader.read(lambda rows: listed.take(rows, reader.total), listed.start_over)
        if listed.tops:
            keep = partial(self._keep_parents, parents)
            await ParentReader(self.caller, self.options, keep, reader.read_new, listed.tops).read()
        return listed.count, reader.count if reader.deleted is None else max(0, reader.deleted)

    def _listing(self) -> PagedListing[AccountRow]:
        return PagedListing(self.caller, _LIST, _BY_CREATION, MAX_PAGE_SIZE, self.options)

    async def spool(self, spool: SortedSpool, ids: Iterable[str], values: Sequence[bytes]) -> None:
        """Add rows to a spool."""
        spool.add(ids, values)
        if spool.is_full:
            await run_to_end_in_thread(self.file.naming(spool.spill))

    async def _keep_parents(self, spool: SortedSpool, found: Parents) -> None:
        await self.spool(spool, found, [*found.values()])

    async def _write(self, rows: Iterator[_Rows], total: int, deleted: int) -> int:
        """Write the rows, and return how many are still there.

        Args:
            rows: The rows.
            total: How many these are.
            deleted: The most of them that may be deleted and have lost their parent.
        """
        head, encode = encoder(self.file.path, columns_with([*map(field_of, self.included)]))
        await run_to_end_in_thread(self.file.write, head)
        listed = written = 0
        if not deleted and not self.included:
            copy = self.file.naming(partial(_copy, rows, self.file, encode))
            while count := await run_to_end_in_thread(copy):
                written += count
            return written
        take = self.file.naming(partial(_take, rows))
        while (some := await run_to_end_in_thread(take)).count:
            self.on_progress(listed, total)
            listed += some.count
            if deleted > 0:
                before, some = some, await self._without_deleted(some)
                deleted -= before.count - some.count
            if self.included:
                some = await self._with_included(some)
            written += some.count
            await run_to_end_in_thread(_encode_to, self.file, encode, some.lines)
        return written

    async def _without_deleted(self, rows: _Rows) -> _Rows:
        """Return rows without those of accounts that have no parent because they were deleted meanwhile."""
        lines = rows.lines.splitlines(keepends=True)
        read = [cast("Row", parse_json(line)) for line in lines]
        ids = [cast("str", row["tenant_id"]) for row in read]
        doubtful = [tenant_id for tenant_id, row in zip(ids, read, strict=True) if row[PARENT] is None]
        listings = split(self._listing(), tuple(doubtful))
        there = set[str]().union(*await gather(_ids_listed, listings))
        missing = [tenant_id for tenant_id in doubtful if tenant_id not in there]
        found = await gather(partial(is_there, self.caller, options=self.options), missing)
        deleted = {tenant_id for tenant_id, is_there in zip(missing, found, strict=True) if not is_there}
        kept = [line for tenant_id, line in zip(ids, lines, strict=True) if tenant_id not in deleted]
        return _Rows(len(kept), b"".join(kept))

    async def _with_included(self, rows: _Rows) -> _Rows:
        """Return rows with what is included, without accounts that were deleted meanwhile."""
        found = [row for row in await gather(self._complete, rows.lines.splitlines()) if row is not None]
        return _Rows(len(found), b"".join(found))

    async def _complete(self, line: bytes) -> bytes | None:
        """Return a row with what is included, or ``None`` if the account was deleted meanwhile.

        Raises:
            NotFoundError: The account is there, and what is included is not.
            FronteggError: Any other failure of a call.
        """
        row = cast("Row", parse_json(line))
        tenant_id = cast("str", row["tenant_id"])
        try:
            row |= await read_included(self.caller.for_tenant(tenant_id), self.included, self.options)
        except NotFoundError:
            if await is_there(self.caller, tenant_id, self.options):
                raise
            return None
        return to_json(row) + b"\n"


@attrs.define
class _Listed:
    """The accounts that were listed."""

    exporter: _Exporter
    rows: SortedSpool
    tops: dict[str, None] = attrs.field(factory=dict[str, None])
    """The ids of those that may have others below them."""
    count: int = 0

    async def take(self, rows: Sequence[AccountRow], total: int | None) -> None:
        """Take the rows of a page."""
        self.count += len(rows)
        self.tops |= dict.fromkeys(each.tenant_id for each in rows if may_have_others(each))
        await self.exporter.spool(self.rows, [each.tenant_id for each in rows], lines_of(rows))
        self.exporter.on_progress(self.count, max(self.count, total or 0))

    def start_over(self) -> None:
        """Forget all rows."""
        self.rows.clear()
        self.tops.clear()
        self.count = 0


async def _ids_listed(listing: Listing[AccountRow]) -> set[str]:
    """Return the ids on the first page of a listing, or of the listings of its parts if its URL is too long."""
    try:
        page = await listing.fetch(0)
    except APIError as error:
        halves = halves_after(error, listing)
        if not halves:
            raise
        return set[str]().union(*[await _ids_listed(half) for half in halves])
    return {row.tenant_id for row in page.items}


def _say_nothing(_: int, __: int) -> None:
    pass


def _joined(accounts: SortedSpool, parents: SortedSpool) -> Iterator[_Rows]:
    """Yield each account with the id of its parent."""
    whole = parents.whole()
    more, known = (parents.sorted(), dict[str, bytes]()) if whole is None else (iter(()), whole)
    reached = ""
    for ids, lines in accounts.sorted():
        while reached < ids[-1] and (some := next(more, None)):
            known.update(zip(*some, strict=True))
            reached = some[0][-1]
        yield _Rows(len(ids), whole_lines(lines, map(known.pop, ids, repeat(b"null"))))


def _take(rows: Iterator[_Rows]) -> _Rows:
    """Return the next rows, as many as are written at a time."""
    count, lines = 0, list[bytes]()
    for some in rows:
        count += some.count
        lines.append(some.lines)
        if count >= _ROWS:
            break
    return _Rows(count, b"".join(lines))


def _copy(rows: Iterator[_Rows], file: ReplacedFile, encode: Encode) -> int:
    """Write the next rows, and return how many these are."""
    some = _take(rows)
    if some.count:
        _encode_to(file, encode, some.lines)
    return some.count


def _encode_to(file: ReplacedFile, encode: Encode, lines: bytes) -> None:
    file.write(encode(lines))
