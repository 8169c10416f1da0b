"""The comparison of a snapshot file with the current state of the environment."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async.changes.differences import Differences
from frontegg_async.options import Options
from frontegg_async.snapshots.export import write_export
from frontegg_async.snapshots.files import check_path, included_in


async def diff_with_live(caller: Caller, path: str | os.PathLike[str], options: Options | None) -> Differences:
    """Compare an export with the current state of the environment. See `AsyncFrontegg.diff`."""
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
