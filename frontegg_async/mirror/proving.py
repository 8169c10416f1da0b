"""Compare a mirror with the service, and prove that they are equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Final

import attrs

from frontegg_async._core.runtime.worker_threads import run_in_thread, run_to_end_in_thread
from frontegg_async.mirror.account_rows import AccountRecord, hash_of, record_of, root_of
from frontegg_async.mirror.accounts import Accounts
from frontegg_async.mirror.reading import AccountReader
from frontegg_async.models.mirror import Proof
from frontegg_async.snapshots.reader import Portion, SnapshotReader
from frontegg_async.snapshots.sorted_spool import SortedSpool

_AT_ONCE: Final = 100
"""The accounts that are read once more at a time."""
_DAMAGED: Final = ""
"""The hash of a row whose columns contradict its document."""

_Hashes = Mapping[str, str | None]
"""The hashes of accounts by their ids; ``None`` for an account that one side does not have."""


@attrs.define
class Check:
    """Lists the accounts of the service and compares each with its row."""

    accounts: Accounts
    reader: AccountReader
    _count: int = attrs.field(default=0, init=False)
    _differing: set[str] = attrs.field(factory=set[str], init=False)
    _listed: set[str] = attrs.field(factory=set[str], init=False)
    """Those of the differing accounts that the listing showed."""

    async def run(self) -> Proof:
        """Return the result.

        Raises:
            MirrorError: The database failed.
            FronteggError: A request failed.
        """
        with SortedSpool() as spool:
            await self._compare(spool)
            service, mirror = dict[str, str | None](), dict[str, str | None]()
            differing = sorted(self._differing)
            for start in range(0, len(differing), _AT_ONCE):
                ids = differing[start : start + _AT_ONCE]
                read = await self.reader.read(ids, await self.accounts.tops(len(ids)))
                service |= {**dict.fromkeys(ids), **{each.tenant_id: each.hash for each in read.records}}
                mirror |= {**dict.fromkeys(ids), **_hashes_of_rows(await self.accounts.some(ids))}
            different = tuple(tenant_id for tenant_id in differing if service[tenant_id] != mirror[tenant_id])
            root = await run_in_thread(_root, spool, service)
            return Proof(
                equal=not different,
                accounts=self._count - len(self._listed) + sum(each is not None for each in service.values()),
                root=root,
                # Accounts that do not differ have one hash on both sides.
                mirror_root=await run_in_thread(_root, spool, mirror) if different else root,
                changed_meanwhile=len(differing) - len(different),
                different=different,
            )

    async def _compare(self, spool: SortedSpool) -> None:
        """List the accounts; keep their hashes, and the ids of those that differ from their rows."""
        last = ""
        snapshot = SnapshotReader(self.reader.caller, options=self.reader.options)
        async with aclosing(snapshot.portions()) as portions:
            async for portion in portions:
                hashes = await run_in_thread(_hashes_of, portion)
                await self._compare_part(hashes, last, portion.ids[-1])
                spool.add(hashes, [each.encode() for each in hashes.values()])
                if spool.is_full:
                    await run_to_end_in_thread(spool.spill)
                self._count += len(hashes)
                last = portion.ids[-1]
        await self._compare_part({}, last, None)

    async def _compare_part(self, listed: Mapping[str, str], after: str, until: str | None) -> None:
        """Compare the accounts of a range of ids."""
        rows = dict[str, str]()
        async with aclosing(self.accounts.live(after, until)) as pages:
            async for page in pages:
                rows |= await run_in_thread(_hashes_of_rows, page)
        if rows == listed:
            return
        differing = {each for each in {*listed, *rows} if listed.get(each) != rows.get(each)}
        self._differing |= differing
        self._listed |= differing & listed.keys()


def _hashes_of(portion: Portion) -> dict[str, str]:
    return {tenant_id: hash_of(line) for tenant_id, line in portion.rows()}


def _hashes_of_rows(records: Sequence[AccountRecord]) -> dict[str, str]:
    """Return the hashes of rows, computed from their documents."""
    return {record.tenant_id: _checked_hash(record) for record in records}


def _checked_hash(stored: AccountRecord) -> str:
    try:
        computed = record_of(stored.tenant_id, stored.document.encode())
    except ValueError:
        return _DAMAGED
    return computed.hash if computed == stored else _DAMAGED


def _root(spool: SortedSpool, instead: _Hashes) -> str:
    """Return the root hash of accounts.

    Args:
        spool: The hashes of the accounts that were listed.
        instead: The hashes that replace those of some accounts.
    """
    return root_of(_replaced(spool, instead) if instead else _decoded(spool))


def _decoded(spool: SortedSpool) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    for ids, values in spool.sorted():
        yield ids, [each.decode() for each in values]


def _replaced(spool: SortedSpool, instead: _Hashes) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield the hashes in the order of their ids, the others in their places."""
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
