"""The export of all accounts of an environment to a file. An incomplete file is never written."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from contextlib import aclosing

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks.arguments import check_ids
from frontegg_async._core.runtime.replaced_file import ReplacedFile
from frontegg_async._core.runtime.worker_threads import run_to_end_in_thread
from frontegg_async._values.kinds import shown
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.exports import Export, ExportKindLiteral, IncludeLiteral
from frontegg_async.options import Options
from frontegg_async.snapshots.files import Encode, check_path, columns_with, encoder
from frontegg_async.snapshots.reader import SnapshotReader
from frontegg_async.snapshots.rows import check_include, fields_of


def check_kind(kind: object, include: object, only: object, variables: object) -> ExportKindLiteral:
    """Check the kind of an export, and return the kind.

    Raises:
        InvalidArgumentError: The kind is unknown, or another argument is not allowed for this kind.
    """
    if kind == "accounts":
        if variables is not None:
            raise InvalidArgumentError("vars is only for kind 'environment': accounts have no variables")
        return "accounts"
    if kind != "environment":
        raise InvalidArgumentError(f"kind must be 'accounts' or 'environment', not {shown(kind)}")
    for name, is_given in (("include", include != ()), ("only", only is not None)):
        if is_given:
            raise InvalidArgumentError(f"{name} must not be given with kind 'environment', which exports all objects")
    return "environment"


async def write_export(
    caller: Caller,
    path: str | os.PathLike[str],
    include: Collection[IncludeLiteral],
    on_progress: Callable[[int, int], object] | None,
    options: Options | None,
    *,
    only: Collection[str] | None = None,
) -> Export:
    """Write all accounts to a file, as documented in `AsyncFrontegg.export`."""
    target = check_path(path)
    included = check_include(include)
    ids = None if only is None else frozenset(check_ids(only, "only"))
    file = ReplacedFile(target)
    accounts = 0
    try:
        await run_to_end_in_thread(file.open)
        head, encode = encoder(target, columns_with(fields_of(included)))
        await run_to_end_in_thread(file.write, head)
        reader = SnapshotReader(caller, included, options, on_progress, only=ids, directory=file.directory, path=target)
        async with aclosing(reader.portions()) as portions:
            async for portion in portions:
                await run_to_end_in_thread(_write, file, encode, portion.lines)
                accounts += len(portion.ids)
                del portion  # free the memory before the next portion is created
        await run_to_end_in_thread(file.commit)
    finally:
        file.discard()
    return Export(path=str(target), accounts=accounts)


def _write(file: ReplacedFile, encode: Encode, lines: bytes) -> None:
    file.write(encode(lines))
