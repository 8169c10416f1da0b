"""Recognise environment files among the sources of a plan, from the first part of their text."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, cast

from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.plans.environment_files.sources import reader_of
from frontegg_async.plans.files.file_bytes import FileBytes, text_of
from frontegg_async.plans.files.json_scanner import skip_space
from frontegg_async.plans.files.places import BrokenTextError
from frontegg_async.plans.files.spellings import named
from frontegg_async.plans.files.yaml_stream import YamlStream
from frontegg_async.plans.files.yaml_values import YamlValues
from frontegg_async.snapshots.environment_format import FAMILY
from frontegg_async.snapshots.rows import FORMAT as ACCOUNTS

_FORMAT: Final = "format"
_OF_ACCOUNTS: Final = frozenset({"tenant_id", "tenantId"})

_decode: Final = json.JSONDecoder().raw_decode


def is_environment_source(source: object) -> bool:
    """Return whether a source is an environment file, or a mapping with the content of such a file. The call blocks.

    The field ``format`` of the source decides. A source without ``format`` is an environment file if it has a field
    such as ``roles`` and no ``tenant_id``. The reader of accounts handles all other sources, and reports their faults.

    Args:
        source: A path, a row, rows, or a mapping.

    Raises:
        MissingExtraError: The source is a YAML file, but PyYAML is not installed.
    """
    if isinstance(source, Mapping):
        return _is_environment(cast("Mapping[object, object]", source).items())
    name = os.fspath(cast("os.PathLike[str]", source)) if isinstance(source, str | os.PathLike) else ""
    if reader_of(name) is None:
        return False
    path = Path(name)
    return _is_environment(_of_json(path) if path.suffix.lower() == ".json" else _of_yaml(path))


def _is_environment(members: Iterable[tuple[object, object]]) -> bool:
    has_part = False
    for name, value in members:
        if name in _OF_ACCOUNTS or (name == _FORMAT and value == ACCOUNTS):
            return False
        if name == _FORMAT and isinstance(value, str) and value.startswith(FAMILY):
            return True
        if isinstance(name, str) and isinstance(value, Mapping) and named(name, ENVIRONMENT):
            has_part = True
    return has_part


def _of_json(path: Path) -> Iterator[tuple[str, object]]:
    """Yield the members of the object in a JSON file, up to the first unreadable member."""
    try:
        text = text_of(FileBytes(path).whole(), 1)
        at = skip_space(text, 0)
        mark = "{"
        while text.startswith(mark, at):
            name, end = cast("tuple[object, int]", _decode(text, skip_space(text, at + 1)))
            colon = skip_space(text, end)
            if not isinstance(name, str) or not text.startswith(":", colon):
                return
            value, end = cast("tuple[object, int]", _decode(text, skip_space(text, colon + 1)))
            yield name, value
            at, mark = skip_space(text, end), ","
    except (BrokenTextError, OSError, ValueError, RecursionError):
        return


def _of_yaml(path: Path) -> Iterator[tuple[str, object]]:
    """Yield the members of the mapping in a YAML file, up to the first unreadable member."""
    try:
        with YamlValues(YamlStream(FileBytes(path).blocks())) as values:
            kinds = ("StreamStart", "DocumentStart", "MappingStart")
            if not all(values.is_a(values.event(), kind) for kind in kinds):
                return
            while values.is_a(event := values.event(), "Scalar"):
                name = str(values.value(event).value)
                yield name, values.value(values.event()).value
    except (BrokenTextError, OSError):
        return
