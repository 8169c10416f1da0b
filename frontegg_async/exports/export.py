"""Write all accounts of an environment to a file, which is complete or not there, and compare a file with them."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import weakref
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, repeat
from operator import attrgetter
from pathlib import Path
from typing import Final, TypeVar, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.codec.tree_reader import SubAccountIds
from frontegg_async._core.runtime.replaced_file import ReplacedFile
from frontegg_async._core.runtime.worker_threads import run_in_thread, run_to_end_in_thread
from frontegg_async._values.json_values import parse_json
from frontegg_async.endpoints import Endpoint, hierarchy, tenants
from frontegg_async.errors import ErrorDetails, NotFoundError, PaginationError
from frontegg_async.exports.account_row import AccountRow, lines_of, whole_lines
from frontegg_async.exports.differences import Differences
from frontegg_async.exports.formats import Encode, check_path, columns_with, encoder, included_in
from frontegg_async.exports.included import read_included
from frontegg_async.exports.rows import Row, check_include, field_of, to_json
from frontegg_async.exports.sorted_spool import SortedSpool
from frontegg_async.models.exports import Export, IncludeLiteral
from frontegg_async.models.page import Page
from frontegg_async.options import Options
from frontegg_async.page_reader import PageReader
from frontegg_async.resources.support.listing import MAX_PAGE_SIZE, PagedListing

A = TypeVar("A")
T = TypeVar("T")

_LIST: Final = attrs.evolve(cast("Endpoint[Page[AccountRow]]", tenants.LIST), returns=Page[AccountRow])
_TREE: Final = attrs.evolve(cast("Endpoint[SubAccountIds]", hierarchy.TREE), returns=SubAccountIds)

_LISTINGS: Final = 3
"""How often the accounts are listed when some are deleted meanwhile."""

_PREFETCH: Final = 2
_CONCURRENCY: Final = 8
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
        total, accounts, resellers = await self._list()
        with accounts, SortedSpool(self.file.directory) as parents:
            await self._read_parents(resellers, parents)
            listed, written = await self._write(_joined(accounts, parents), total)
        if listed != total:
            raise _incomplete(f"{listed} different accounts were listed, and the service counts {total}")
        return written

    async def _list(self) -> tuple[int, SortedSpool, list[str]]:
        """List all accounts, again if some were deleted meanwhile.

        When an account is deleted, those behind it move up, and one of them may get to a page that was read already.

        Returns:
            Their number, their rows, and the ids of those that may have others below them.

        Raises:
            PaginationError: The accounts are not as many as the service says, or some were deleted each time.
        """
        for _ in range(_LISTINGS):
            rows = SortedSpool(self.file.directory)
            try:
                found = await self._list_once(rows)
            except BaseException:
                rows.close()
                raise
            if found is not None:
                return found[0], rows, found[1]
            rows.close()
        raise _incomplete(f"accounts were deleted while they were listed, {_LISTINGS} times in a row")

    async def _list_once(self, rows: SortedSpool) -> tuple[int, list[str]] | None:
        count = total = 0
        resellers: list[str] = []
        listing = PagedListing(self.caller, _LIST, (), MAX_PAGE_SIZE, self.options)
        # Whatever the options say: an export is complete.
        reader = PageReader([listing], attrgetter("tenant_id"), _PREFETCH, "raise")
        try:
            while (portion := await reader.read()) is not None:
                said = portion.page.total
                if said is None:
                    raise _incomplete("the service does not say how many accounts there are")
                if said < total:
                    return None
                total = said
                count += len(portion.fresh)
                resellers += [each.tenant_id for each in portion.fresh if each.is_reseller is not False]
                ids, lines = [each.tenant_id for each in portion.fresh], lines_of(portion.fresh)
                del portion  # the next page reuses its memory, which is faster
                await self._spool(rows, ids, lines)
                self.on_progress(count, total)
        finally:
            reader.cancel()
        if count != total:
            raise _incomplete(f"{count} accounts were listed, and the service counts {total}")
        return count, resellers

    async def _read_parents(self, resellers: Sequence[str], parents: SortedSpool) -> None:
        """Read the tree of each account that may have others below it, unless it is in the tree of another."""
        waiting = dict.fromkeys(resellers)

        async def read(tenant_id: str) -> dict[str, bytes]:
            tree = await self.caller.for_tenant(tenant_id).value(_TREE, options=self.options)
            parents = _parents_in(tree)
            for each in (tree.tenant_id, *(waiting.keys() & parents.keys())):
                waiting.pop(each, None)
            return parents

        try:
            while waiting:
                for found in await _gather(read, islice([*waiting], _CONCURRENCY)):
                    await self._spool(parents, found, [*found.values()])
        except NotFoundError as error:
            raise _incomplete("an account was deleted while the hierarchy was read") from error

    async def _spool(self, spool: SortedSpool, ids: Iterable[str], values: Sequence[bytes]) -> None:
        spool.add(ids, values)
        if spool.is_full:
            await run_to_end_in_thread(self.file.naming(spool.spill))

    async def _write(self, rows: Iterator[_Rows], total: int) -> tuple[int, int]:
        """Write the rows, and return how many there are, and how many are still there."""
        head, encode = encoder(self.file.path, columns_with([*map(field_of, self.included)]))
        await run_to_end_in_thread(self.file.write, head)
        listed = written = 0
        if not self.included:
            copy = self.file.naming(partial(_copy, rows, self.file, encode))
            while count := await run_to_end_in_thread(copy):
                listed += count
            return listed, listed
        take = self.file.naming(partial(_take, rows))
        while (some := await run_to_end_in_thread(take)).count:
            self.on_progress(listed, total)
            listed += some.count
            some = await self._with_included(some)
            written += some.count
            await run_to_end_in_thread(_encode_to, self.file, encode, some.lines)
        return listed, written

    async def _with_included(self, rows: _Rows) -> _Rows:
        """Return rows with what is included, without accounts that were deleted meanwhile."""
        found = [row for row in await _gather(self._complete, rows.lines.splitlines()) if row is not None]
        return _Rows(len(found), b"".join(found))

    async def _complete(self, line: bytes) -> bytes | None:
        """Return a row with what is included, or ``None`` if the account was deleted meanwhile."""
        row = cast("Row", parse_json(line))
        caller = self.caller.for_tenant(cast("str", row["tenant_id"]))
        try:
            row |= await read_included(caller, self.included, self.options)
        except NotFoundError:
            return None
        return to_json(row) + b"\n"


def _say_nothing(_: int, __: int) -> None:
    pass


def _incomplete(problem: str) -> PaginationError:
    details = ErrorDetails(endpoint="tenants.list", reason="incomplete")
    return PaginationError(f"{problem}: an export would not be complete, and none was written", details)


def _parents_in(tree: SubAccountIds) -> dict[str, bytes]:
    """Return the id of the parent of each account in a tree as JSON text, by the id of the account."""
    found: dict[str, bytes] = {}
    for parent, children in tree.children.items():
        found.update(zip(children, repeat(to_json(parent))))
    return found


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


async def _gather(call: Callable[[A], Awaitable[T]], arguments: Iterable[A]) -> list[T]:
    """Make calls, some at a time, and return their results in order; the first error ends the others."""
    turns = asyncio.Semaphore(_CONCURRENCY)

    async def take_turn(argument: A) -> T:
        async with turns:
            return await call(argument)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(take_turn(each)) for each in arguments]
    except BaseExceptionGroup as errors:
        first = errors.exceptions[0]
    else:
        return [task.result() for task in tasks]
    raise first
