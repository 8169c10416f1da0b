"""Compare a mirror with the service, and prove that both are equal."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import timedelta
from typing import Final

import attrs

from frontegg_async._core.runtime.worker_threads import run_in_thread, run_to_end_in_thread
from frontegg_async.mirror.account_rows import AccountRecord, record_of, root_of
from frontegg_async.mirror.accounts import Accounts
from frontegg_async.mirror.reading import LISTINGS, AccountReader, batched, incomplete, listed, must_be_listed
from frontegg_async.models.mirror import Proof
from frontegg_async.snapshots.reader import SnapshotReader
from frontegg_async.snapshots.sorted_spool import SortedSpool

_COMPARED_AT_ONCE: Final = 2_000
"""The number of accounts whose rows are compared at a time. A larger number would block the event loop for longer."""
_AT_ONCE: Final = 100
"""The number of accounts that are read again at a time."""
_LOOKS: Final = (0.2, 0.4, 0.8)
"""The pauses before accounts that differ are read again, as fractions of ``settle``."""
_FEW: Final = 1_000
"""The largest number of accounts that are read again repeatedly. Late events do not explain more differences."""
_DAMAGED: Final = ""
"""The hash of a row whose columns contradict its document."""

_Hashes = Mapping[str, str | None]
"""The hashes of accounts, by id. ``None`` for an account that does not exist on this side."""


@attrs.frozen
class Check:
    """A check: lists the accounts of the service, and compares each account with its row."""

    accounts: Accounts
    reader: AccountReader
    settle: timedelta
    """The time for which the service may return an old state after a change. Zero if it never does."""

    async def run(self) -> Proof:
        """Compare all accounts, and return the result.

        Raises:
            PaginationError: Each listing lacked accounts that exist.
            MirrorError: The database failed.
            FronteggError: A request failed.
        """
        for _ in range(LISTINGS):
            number = await self.accounts.database.draw_number()
            proof = await _Comparison(self.accounts, self.reader, self.settle, number).run()
            if proof is not None:
                return proof
        raise incomplete()


@attrs.define
class _Comparison:
    """The comparison of one listing with the rows."""

    accounts: Accounts
    reader: AccountReader
    settle: timedelta
    number: int
    """The number of the read, drawn before the listing began."""
    _tops: Collection[str] = attrs.field(default=(), init=False)
    """The ids of the accounts that may have children, from the listing."""
    _count: int = attrs.field(default=0, init=False)
    _differing: set[str] = attrs.field(factory=set[str], init=False)
    _listed: set[str] = attrs.field(factory=set[str], init=False)
    """The ids of those accounts of the listing that differ from their rows."""
    _unlisted: set[str] = attrs.field(factory=set[str], init=False)
    """Existing accounts that are missing from the listing, although a listing must show them. They may be new."""

    async def run(self) -> Proof | None:
        """Return the result. Return ``None`` if an existing account is missing from the listing.

        Raises:
            MirrorError: The database failed.
            FronteggError: A request failed.
        """
        with SortedSpool() as spool:
            await self._compare(spool)
            differing = sorted(self._differing)
            service, mirror = await self._look_again(differing)
            if await self.accounts.known_before(self.number, self._unlisted):
                return None
            different = tuple(tenant_id for tenant_id in differing if service[tenant_id] != mirror[tenant_id])
            root = await run_in_thread(_root, spool, service)
            return Proof(
                equal=not different,
                accounts=self._count - len(self._listed) + sum(each is not None for each in service.values()),
                root=root,
                # Accounts that do not differ have the same hash on both sides.
                mirror_root=await run_in_thread(_root, spool, mirror) if different else root,
                changed_meanwhile=len(differing) - len(different),
                different=different,
            )

    async def _look_again(self, differing: Sequence[str]) -> tuple[_Hashes, _Hashes]:
        """Read the accounts that differ again, several times if necessary. Return the hashes of both sides.

        A difference may be temporary: the event of a change has not arrived yet, or a worker is reading the account.
        """
        service, mirror = await self._look(differing)
        for share in _LOOKS if self.settle else ():
            differing = [tenant_id for tenant_id in differing if service[tenant_id] != mirror[tenant_id]]
            if not 0 < len(differing) <= _FEW:
                break
            await asyncio.sleep(share * self.settle.total_seconds())
            later = await self._look(differing)
            service, mirror = {**service, **later[0]}, {**mirror, **later[1]}
        return service, mirror

    async def _look(self, differing: Sequence[str]) -> tuple[_Hashes, _Hashes]:
        """Return the current hashes of accounts, in the service and in the mirror."""
        service, mirror = dict[str, str | None](), dict[str, str | None]()
        for ids in batched(differing, _AT_ONCE):
            # Add the possible parents from the listing, because a new parent may be missing from the mirror.
            read = await self.reader.read(ids, await self.accounts.tops(len(ids), self._tops))
            self._unlisted.update(each.tenant_id for each in read.records if self._is_lacking(each))
            service |= {**dict.fromkeys(ids), **{each.tenant_id: each.hash for each in read.records}}
            mirror |= {**dict.fromkeys(ids), **_hashes_of_rows(await self.accounts.some(ids))}
        return service, mirror

    def _is_lacking(self, record: AccountRecord) -> bool:
        return record.tenant_id not in self._listed and must_be_listed(record)

    async def _compare(self, spool: SortedSpool) -> None:
        """List the accounts. Store their hashes, and the ids of accounts that differ from their rows."""
        last: str | None = None
        snapshot = SnapshotReader(self.reader.caller, options=self.reader.options)
        async with aclosing(listed(snapshot, _COMPARED_AT_ONCE)) as parts:
            async for records in parts:
                before, last = last, records[-1].tenant_id
                await self._compare_part(records, before, last)
                spool.add([each.tenant_id for each in records], [each.hash.encode() for each in records])
                if spool.is_full:
                    await run_to_end_in_thread(spool.spill)
                self._count += len(records)
        self._tops = snapshot.tops
        await self._compare_part([], last, None)

    async def _compare_part(self, records: Sequence[AccountRecord], after: str | None, until: str | None) -> None:
        """Compare the listed accounts in a range of ids with all columns of their rows."""
        expected = {each.tenant_id: each for each in records}
        async with aclosing(self.accounts.live(after, until)) as pages:
            async for page in pages:
                self._differing.update(row.tenant_id for row in page if expected.pop(row.tenant_id, None) != row)
        self._differing.update(expected)
        self._listed.update(each.tenant_id for each in records if each.tenant_id in self._differing)


def _hashes_of_rows(records: Sequence[AccountRecord]) -> dict[str, str]:
    """Return the hashes of rows, computed from the documents of the rows."""
    return {record.tenant_id: _checked_hash(record) for record in records}


def _checked_hash(stored: AccountRecord) -> str:
    try:
        computed = record_of(stored.tenant_id, stored.document.encode())
    except (ValueError, AttributeError):  # in SQLite, a text column may contain bytes
        return _DAMAGED
    return computed.hash if computed == stored else _DAMAGED


def _root(spool: SortedSpool, instead: _Hashes) -> str:
    """Return the root hash of accounts.

    Args:
        spool: The hashes of the listed accounts.
        instead: Hashes that replace the listed hashes of some accounts.
    """
    return root_of(_replaced(spool, instead) if instead else _decoded(spool))


def _decoded(spool: SortedSpool) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    for ids, values in spool.sorted():
        yield ids, [each.decode() for each in values]


def _replaced(spool: SortedSpool, instead: _Hashes) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield all hashes in the order of their ids, with some hashes replaced."""
    waiting = sorted(tenant_id for tenant_id, each in instead.items() if each is not None)
    done = 0
    for ids, values in spool.sorted():
        rows = {
            tenant_id: value.decode() for tenant_id, value in zip(ids, values, strict=True) if tenant_id not in instead
        }
        while done < len(waiting) and waiting[done] <= ids[-1]:
            rows[waiting[done]] = instead[waiting[done]] or _DAMAGED
            done += 1
        kept = sorted(rows)
        yield kept, [rows[tenant_id] for tenant_id in kept]
    rest = waiting[done:]
    yield rest, [instead[tenant_id] or _DAMAGED for tenant_id in rest]
