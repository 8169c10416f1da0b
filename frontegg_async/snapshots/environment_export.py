"""The export of an environment's objects to a file, and of values that differ between environments to a second file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._core.runtime.replaced_file import ReplacedFile
from frontegg_async._core.runtime.worker_threads import run_to_end_in_thread
from frontegg_async._formats.json_text import indented_json
from frontegg_async._formats.yaml_text import check_yaml, yaml_text
from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import InvalidArgumentError, NotFoundError, PermissionDeniedError
from frontegg_async.managed.kinds import ObjectKind, Objects
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.models.exports import Export
from frontegg_async.options import Options
from frontegg_async.snapshots.environment_document import EnvironmentDocument

_YAML: Final = (".yml", ".yaml")


async def write_environment(
    caller: Caller,
    path: str | os.PathLike[str],
    variables: str | os.PathLike[str] | None,
    on_progress: Callable[[int, int], object] | None,
    options: Options | None,
) -> Export:
    """Write the objects of an environment to a file, as documented in `AsyncFrontegg.export`."""
    files = [_DocumentFile(path, "path")]
    if variables is not None:
        files.append(_DocumentFile(variables, "vars"))
    reader = _Reader(caller if options is None else caller.with_options(options), on_progress)
    try:
        await run_to_end_in_thread(_open, files)
        objects = dict(zip(ENVIRONMENT, await gather(reader.read, ENVIRONMENT.values()), strict=True))
        document = EnvironmentDocument()
        for part, found in objects.items():
            if found is not None:
                document.add(ENVIRONMENT[part], found)
        await run_to_end_in_thread(_write, files, [document.value(), dict(sorted(document.variables.items()))])
    finally:
        for file in files:
            file.discard()
    unread = tuple(part for part, found in objects.items() if found is None)
    return Export(path=str(files[0].path), objects=document.count, not_readable=unread)


class _DocumentFile(ReplacedFile):
    """A new YAML or JSON file, which replaces an existing file.

    Args:
        path: The path of the file.
        argument: The name of the argument, for messages.

    Raises:
        InvalidArgumentError: The value is not a path, or its suffix is unknown.
        MissingExtraError: The file is YAML, but PyYAML is not installed.
    """

    def __init__(self, path: str | os.PathLike[str], argument: str) -> None:
        if not isinstance(path, str | os.PathLike):
            raise InvalidArgumentError(f"{argument} must be a path, not {type(path).__name__}")
        checked = Path(path)
        if checked.suffix.lower() not in (*_YAML, ".json"):
            raise InvalidArgumentError(f"{argument} must end in .yml, .yaml, .json, but is {str(checked)!r}")
        self._is_yaml = checked.suffix.lower() in _YAML
        if self._is_yaml:
            check_yaml()
        super().__init__(checked)

    def write_value(self, value: Mapping[str, JsonValue]) -> None:
        """Write a value to the file.

        Raises:
            OSError: The file cannot be written; the error names ``path``.
        """
        self.write((yaml_text(value) if self._is_yaml else indented_json(value)).encode())


def _open(files: Sequence[_DocumentFile]) -> None:
    """Open the files.

    Raises:
        InvalidArgumentError: Two paths name the same file, or a file is a SQLite database.
        OSError: A file cannot be written; the error names the file.
    """
    if len({os.path.realpath(file.path) for file in files}) < len(files):
        raise InvalidArgumentError("vars and path must be different files")
    for file in files:
        file.open()


def _write(files: Sequence[_DocumentFile], values: Sequence[Mapping[str, JsonValue]]) -> None:
    """Write a value to each file, and move the files to their paths.

    The file with the variables is moved first, since the other file needs the variables.

    Raises:
        OSError: A file cannot be written; the error names the file.
    """
    for file, value in zip(files, values, strict=False):
        file.write_value(value)
    for file in reversed(files):
        file.commit()


@attrs.define(eq=False)
class _Reader:
    """Requests the objects of all kinds."""

    caller: Caller
    on_progress: Callable[[int, int], object] | None
    _done: int = attrs.field(default=0, init=False)

    async def read(self, kind: ObjectKind) -> Objects | None:
        """Return the objects of one kind; ``None`` if the credential may not read them or the endpoint is missing."""
        try:
            return await kind.read(self.caller)
        except (PermissionDeniedError, NotFoundError):
            return None
        finally:
            self._done += 1
            if self.on_progress is not None:
                self.on_progress(self._done, len(ENVIRONMENT))
