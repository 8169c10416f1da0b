"""The registries, generated from the modules that define what they gather: operations, rules, and tables of rows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator.modules import header

_ENDPOINTS: Final = "frontegg_async/endpoints"
_RULES: Final = "frontegg_async/emulator/rules"
_ROWS: Final = "frontegg_async/emulator/store/rows"

_ENDPOINTS_TEXT: Final = """\
from frontegg_async.endpoints.endpoint import Endpoint


def all_endpoints() -> tuple[Endpoint[object], ...]:
    \"\"\"Return every declared operation, those included that only the emulator serves (``client=False``).\"\"\"
    from frontegg_async.endpoints import {modules}  # noqa: PLC0415 - clients load what they call

    return ({entries})
"""
_RULES_TEXT: Final = """\
from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.rules import {modules}
from frontegg_async.emulator.rules.rule import Rule, Tag

RULES: Final[Mapping[str, Rule]] = {{{entries}}}

TAGS: Final[Mapping[str, Tag]] = {{{tags}}}
"""
_ROWS_TEXT: Final = """\
from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.rows import {modules}
from frontegg_async.emulator.store.rows.table_row import TableRow

TABLES: Final[Mapping[str, type[TableRow]]] = {{{entries}}}

NAMES: Final[Mapping[type[TableRow], str]] = {{row_type: name for name, row_type in TABLES.items()}}
"""


@dataclass(frozen=True)
class _Registry:
    """A registry: where the modules are, which name they define, and the text of the module that gathers them."""

    directory: str
    target: str
    name: str
    entry: str
    docstring: str
    text: str


_REGISTRIES: Final = (
    _Registry(
        _ENDPOINTS,
        "all_operations.py",
        "ENDPOINTS",
        "*{}.ENDPOINTS, ",
        '"""`all_endpoints`: the operations of all modules of this package."""',
        _ENDPOINTS_TEXT,
    ),
    _Registry(
        _RULES,
        "registry.py",
        "RULES",
        "**{}.RULES, ",
        '"""`RULES`: all rules, by the names of their operations; `TAGS`, by the first parts of these."""',
        _RULES_TEXT,
    ),
    _Registry(
        _ROWS,
        "tables.py",
        "TABLES",
        "**{}.TABLES, ",
        '"""The tables of rows, by their names in snapshots and persistence files."""',
        _ROWS_TEXT,
    ),
)


def registry_texts(root: Path) -> dict[str, str]:
    """Return the text of each registry by its path; the emulator's only where there is an emulator."""
    return {
        f"{registry.directory}/{registry.target}": _text(root, registry)
        for registry in _REGISTRIES
        if (root / registry.directory).exists()
    }


def _text(root: Path, registry: _Registry) -> str:
    modules = list(_modules(root, registry, registry.name))
    entries = "".join(map(registry.entry.format, modules))
    tags = "".join(f"**{each}.TAGS, " for each in _modules(root, registry, "TAGS"))
    text = registry.text.format(modules=", ".join(modules), entries=entries, tags=tags)
    return header(f"{registry.directory}/*.py", registry.docstring) + text


def _modules(root: Path, registry: _Registry, name: str) -> Iterator[str]:
    """Yield the modules that define a name, without the registry itself."""
    for path in sorted((root / registry.directory).glob("*.py")):
        if path.name != registry.target and _defines(path, name):
            yield path.stem


def _defines(path: Path, name: str) -> bool:
    for node in ast.parse(path.read_bytes(), filename=str(path)).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return True
    return False
