"""The emulator's registries, generated from the modules that define what they gather: rules, and tables of rows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sync_generator.modules import header

_RULES: Final = "frontegg_async/emulator/rules"
_ROWS: Final = "frontegg_async/emulator/store/rows"

_RULES_TEXT: Final = """\
from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.rules import {modules}
from frontegg_async.emulator.rules.rule import Rule

RULES: Final[Mapping[str, Rule]] = {{{entries}}}
"""
_ROWS_TEXT: Final = """\
from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.rows import {modules}
from frontegg_async.emulator.store.rows.table_row import TableRow

TABLES: Final[Mapping[str, type[TableRow]]] = {{{entries}}}

NAMES: Final[Mapping[type[TableRow], str]] = {{row_type: name for name, row_type in TABLES.items()}}
"""


def registry_texts(root: Path) -> dict[str, str]:
    """Return the text of each registry by its path; nothing when there is no emulator."""
    if not (root / _RULES).exists():
        return {}
    return {
        f"{_RULES}/registry.py": _registry(
            root, _RULES, "RULES", '"""`RULES`: all rules, by the names of their operations."""', _RULES_TEXT
        ),
        f"{_ROWS}/tables.py": _registry(
            root,
            _ROWS,
            "TABLES",
            '"""The tables of rows, by their names in snapshots and persistence files."""',
            _ROWS_TEXT,
        ),
    }


def _registry(root: Path, directory: str, name: str, docstring: str, text: str) -> str:
    modules = list(_modules(root, directory, name))
    entries = "".join(f"**{module}.{name}, " for module in modules)
    return header(f"{directory}/*.py", docstring) + text.format(modules=", ".join(modules), entries=entries)


def _modules(root: Path, directory: str, name: str) -> Iterator[str]:
    """Yield the modules of a package that define a mapping of this name, but not the registry itself."""
    for path in sorted((root / directory).glob("*.py")):
        if path.name not in {"registry.py", "tables.py"} and _defines(path, name):
            yield path.stem


def _defines(path: Path, name: str) -> bool:
    for node in ast.parse(path.read_bytes(), filename=str(path)).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return True
    return False
