"""Write the rows of a mirror to a file, in the same format as an export of an environment."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

from frontegg_async._core.runtime.replaced_file import ReplacedFile
from frontegg_async._core.runtime.worker_threads import run_to_end_in_thread
from frontegg_async.mirror.accounts import Accounts
from frontegg_async.models.exports import Export
from frontegg_async.snapshots.files import columns_with, encoder


async def write_rows(accounts: Accounts, target: Path) -> Export:
    """Write the accounts that are not deleted, in the order of their ids.

    Raises:
        MirrorError: The database failed.
        OSError: The file cannot be written.
    """
    file = ReplacedFile(target)
    count = 0
    try:
        await run_to_end_in_thread(file.open)
        head, encode = encoder(target, columns_with(()))
        await run_to_end_in_thread(file.write, head)
        async with aclosing(accounts.live(None, None)) as pages:
            async for records in pages:
                lines = "".join(f"{record.document}\n" for record in records)
                await run_to_end_in_thread(_write, file, encode(lines.encode()))
                count += len(records)
        await run_to_end_in_thread(file.commit)
    finally:
        file.discard()
    return Export(path=str(target), accounts=count)


def _write(file: ReplacedFile, content: bytes) -> None:
    file.write(content)
