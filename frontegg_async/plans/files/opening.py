"""Open the sources of rows: Python rows, and files. The suffix of a file determines its format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias, cast

from frontegg_async._formats.yaml_text import check_yaml
from frontegg_async._values.kinds import kind_of
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.model import Serializable
from frontegg_async.models.tenants import Tenant
from frontegg_async.plans.files import places
from frontegg_async.plans.files.csv_file import CsvFile
from frontegg_async.plans.files.file_bytes import FileBytes
from frontegg_async.plans.files.given_rows import GivenRows
from frontegg_async.plans.files.json_file import JsonFile
from frontegg_async.plans.files.json_lines import JsonLines
from frontegg_async.plans.files.places import BrokenTextError, Spot
from frontegg_async.plans.files.sources import ReadItem, Source
from frontegg_async.plans.files.yaml_file import YamlFile

AccountsRow: TypeAlias = Mapping[str, object] | Tenant
"""An account: a mapping from fields to values, or a model."""

AccountsSource: TypeAlias = str | os.PathLike[str] | AccountsRow | Iterable[AccountsRow]
"""A source of accounts: a path, a row, or an iterable of rows."""


def open_sources(sources: Sequence[AccountsSource]) -> list[Source]:
    """Open the sources of rows.

    Single rows together form one source, at the position of the first single row.

    Args:
        sources: The paths and rows.

    Raises:
        InvalidArgumentError: An element is neither a path nor rows, or ``sources`` is not a list.
        MissingExtraError: A file is YAML, but PyYAML is not installed.
    """
    if isinstance(sources, str | os.PathLike | Mapping | Serializable):
        raise InvalidArgumentError("sources must be a list, also for one file or row")
    opened: list[Source] = []
    alone: list[AccountsRow] = []
    seen: set[Path] = set()
    for given in cast("Iterable[object]", sources):
        number = len(opened)
        if isinstance(given, str | os.PathLike):
            opened.append(_open_file(number, cast("str | os.PathLike[str]", given), seen))
        elif isinstance(given, Mapping | Serializable):
            if not alone:
                opened.append(GivenRows(number, alone))
            alone.append(cast("AccountsRow", given))
        elif isinstance(given, Iterable):
            opened.append(GivenRows(number, cast("Iterable[object]", given)))
        else:
            raise InvalidArgumentError(f"sources must contain only paths and rows, not {kind_of(given)}")
    return opened


def _open_file(number: int, given: str | os.PathLike[str], seen: set[Path]) -> Source:
    name: object = os.fspath(given)
    if not isinstance(name, str):
        raise InvalidArgumentError("the path of a file must be text, not bytes")
    path = Path(name)
    read = _FILES.get(path.suffix.lower())
    if read is None or "\0" in name:
        return _UnusableFile(number, name, f"the name of the file must end in {', '.join(_FILES)}")
    if read is YamlFile:
        check_yaml()
    resolved = Path(os.path.realpath(path))  # `realpath` accepts a link to itself
    if resolved in seen:
        return _UnusableFile(number, name, "the file is given twice")
    seen.add(resolved)
    return read(number, name, FileBytes(path))


class _UnusableFile(Source):
    """A file that cannot be read.

    Args:
        number: The position of this source among all sources.
        name: The name of the file as the caller gave it.
        reason: Why the file cannot be read.
    """

    def __init__(self, number: int, name: str, reason: str) -> None:
        super().__init__(number, name)
        self._reason = reason

    def read(self) -> Iterator[ReadItem]:
        """Yield the reason as an error."""
        yield BrokenTextError(None, self._reason)

    def _find(self, spot: Spot, path: places.Path) -> Spot:
        del path
        return spot


_FILES: Final[dict[str, Callable[[int, str, FileBytes], Source]]] = {
    ".jsonl": JsonLines,
    ".ndjson": JsonLines,
    ".json": JsonFile,
    ".yml": YamlFile,
    ".yaml": YamlFile,
    ".csv": CsvFile,
}
