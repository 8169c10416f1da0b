"""Compare an export with the environment as it is."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async.exports.differences import Differences
from frontegg_async.exports.export import write_export
from frontegg_async.exports.formats import check_path, read_rows
from frontegg_async.exports.rows import INCLUDES, Row, field_of
from frontegg_async.models.exports import IncludeLiteral
from frontegg_async.options import Options


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


def included_in(path: Path) -> tuple[IncludeLiteral, ...]:
    """Return what an export has beside the accounts, by its first row.

    Raises:
        InvalidArgumentError: It is no export.
        OSError: It cannot be read.
    """
    first = next(read_rows(path), Row())
    return tuple(name for name in INCLUDES if field_of(name) in first)
