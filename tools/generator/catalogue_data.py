"""The tables of ``catalogue.toml``: facts that the signatures and docstrings of methods lack."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from generator.operator_texts import Wording
from generator.rules import GeneratorError

PLACE: Final = "tools/generator/catalogue.toml"


@dataclass(frozen=True)
class Declared:
    """The tables of ``catalogue.toml``, and the used entries."""

    nouns: Mapping[str, Mapping[str, str]]
    verbs: Mapping[str, str]
    not_commands: Mapping[str, str]
    things: Mapping[str, str]
    questions: Mapping[str, Sequence[str]]
    also_destructive: Mapping[str, str]
    undone_by: Mapping[str, str]
    options: Mapping[str, str]
    documents: Sequence[str]
    examples: Mapping[str, str]
    examples_of: Mapping[str, Mapping[str, str]]
    wording: Wording
    used: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def find(self, table: str, *keys: str) -> Any:  # noqa: ANN401 - as many kinds as tables
        """Return the entry of the first key that a table has; ``None`` if it has none of the keys."""
        entries: Mapping[str, Any] = getattr(self, table)
        for key in keys:
            if key in entries:
                self.used.add((table, key))
                return entries[key]
        return None

    def example(self, path: str, name: str) -> str:
        """Return the example of a parameter: for the method, or else for the name; empty if there is none."""
        own: Mapping[str, str] = self.find("examples_of", path) or {}
        if name in own:
            self.used.add((f"examples_of.{path}", name))
            return own[name]
        found: str | None = self.find("examples", name)
        return found or ""

    def is_in_example(self, path: str, name: str) -> bool:
        """Return whether the example of a method has a parameter because the table of the method has a value for it."""
        return bool(self.examples_of.get(path, {}).get(name))

    def check_used(self) -> None:
        """Check that every entry was used.

        Raises:
            GeneratorError: An entry was not used.
        """
        tables: dict[str, Mapping[str, Any]] = {
            name: each for name, each in vars(self).items() if isinstance(each, Mapping)
        }
        tables |= {f"examples_of.{path}": each for path, each in self.examples_of.items()}
        unused = [f"{table}: {key}" for table, each in tables.items() for key in each if (table, key) not in self.used]
        unused += [f"sentences: {sentence}" for sentence in self.wording.unused()]
        if unused:
            raise GeneratorError(f"{PLACE}:1: nothing uses {unused[0]!r}; remove it")


def read_declared(file: Path) -> Declared:
    """Return the tables of a file.

    Args:
        file: The file.
    """
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return Declared(wording=Wording(tables.pop("sentences")), **tables)
