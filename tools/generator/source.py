"""A source module: its text, its syntax tree, and the position of a node in the text."""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NoReturn, TypeAlias

from generator.rules import BASES, TARGETS, GeneratorError, Rules, forbidden_word

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

WIDTH: Final = 120


@dataclass(frozen=True)
class Source:
    """A module of ``frontegg_async``."""

    root: Path
    path: Path
    generated: str | None = None
    """The text of a generated module, whose file need not exist yet."""

    @cached_property
    def place(self) -> str:
        """The path, for messages and headers."""
        return self.path.relative_to(self.root).as_posix()

    @cached_property
    def target(self) -> str:
        """The path of the twin."""
        path = self.place.removeprefix("frontegg_async/")
        return f"frontegg_sync/{TARGETS.get(path, path)}"

    @cached_property
    def module(self) -> str:
        """The dotted name."""
        return self.place.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    @cached_property
    def _lines(self) -> list[bytes]:
        content = self.path.read_bytes() if self.generated is None else self.generated.encode()
        return content.splitlines(keepends=True)

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(b"".join(self._lines), filename=self.place)

    def constant(self, name: str) -> ast.expr | None:
        """Return the value of a constant that the module defines or imports; ``None`` if there is none."""
        for node in self.tree.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
                return node.value
            if isinstance(node, ast.ImportFrom) and node.module and name in {each.name for each in node.names}:
                path = self.root / f"{node.module.replace('.', '/')}.py"
                return Source(self.root, path).constant(name) if path.exists() else None
        return None

    def fail(self, node: ast.AST, message: str) -> NoReturn:
        """Raise an error with the place.

        Raises:
            GeneratorError: Always.
        """
        raise GeneratorError(f"{self.place}:{getattr(node, 'lineno', 1)}: {message}")

    def text(self, node: ast.stmt | ast.expr | ast.arg) -> str:
        """Return the source text of a node."""
        assert node.end_lineno is not None  # noqa: S101 - for the type checkers
        assert node.end_col_offset is not None  # noqa: S101 - for the type checkers
        return self._between((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset))

    def head(self, function: Function) -> str:
        """Return the source text of a function from ``def`` to the colon."""
        body = function.body[0]
        text = self._between((function.lineno, function.col_offset), (body.lineno, body.col_offset))
        return text.rstrip().removeprefix("async ").lstrip()

    def _between(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        """Return a part of the text. Columns are numbers of bytes, as in the syntax tree."""
        lines = self._lines[start[0] - 1 : end[0]]
        lines[-1] = lines[-1][: end[1]]
        lines[0] = lines[0][start[1] :]
        return b"".join(lines).decode()

    def plain_docstring(self, node: ast.Module | ast.ClassDef | Function) -> str:
        """Return the unchanged docstring of a node, with its quotes."""
        return self.text(self._docstring(node))

    def docstring(self, node: ast.Module | ast.ClassDef | Function, rules: Rules) -> str:
        """Return the docstring of a node, with its quotes, in the wording of the twin."""
        return self.doc_text(self._docstring(node), rules)

    def _docstring(self, node: ast.Module | ast.ClassDef | Function) -> ast.stmt:
        statement = node.body[0] if node.body else None
        if statement is None or not is_text(statement):
            self.fail(node, "a docstring is missing")
        return statement

    def doc_text(self, statement: ast.stmt, rules: Rules) -> str:
        """Return a docstring statement, with its quotes, in the wording of the twin."""
        text = _wrap(rules.reword(self.text(statement)))
        word = forbidden_word(text)
        if word is not None:
            self.fail(statement, f"the docstring of the blocking twin would say {word!r}; add a rule to WORDING")
        return text


@dataclass(frozen=True)
class Member:
    """A statement of a class body, and the module of the class or base class."""

    source: Source
    node: ast.stmt

    @property
    def name(self) -> str:
        """The defined name; empty for a docstring or an unsupported statement."""
        node = self.node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return node.name
        target = node.target if isinstance(node, ast.AnnAssign) else None
        return target.id if isinstance(target, ast.Name) else ""


@dataclass(frozen=True)
class Library:
    """All source modules, and the module of each class."""

    sources: tuple[Source, ...]

    @cached_property
    def _places(self) -> dict[str, tuple[Source, ast.ClassDef]]:
        return {
            node.name: (source, node)
            for source in self.sources
            for node in source.tree.body
            if isinstance(node, ast.ClassDef)
        }

    def find(self, name: str) -> tuple[Source, ast.ClassDef] | None:
        """Return the class with a name and its module, if there is one."""
        return self._places.get(name)

    def twinned(self, source: Source) -> list[ast.ClassDef]:
        """Return the classes of a module that have twins."""
        nodes = (node for node in source.tree.body if isinstance(node, ast.ClassDef))
        return [node for node in nodes if is_public(node.name) or node.name in self._bases]

    @cached_property
    def _bases(self) -> set[str]:
        """The names of the base classes of all public classes."""
        found: set[str] = set()
        waiting = [node for name, (_, node) in self._places.items() if is_public(name)]
        while waiting:
            names = [base.id for base in waiting.pop().bases if isinstance(base, ast.Name)]
            places = [self._places[name] for name in names if name in self._places and name not in found]
            found.update(names)
            waiting += [node for _, node in places]
        return found

    def bases(self, source: Source, owner: ast.ClassDef) -> list[tuple[Source, ast.ClassDef]]:
        """Return the bases of a class whose twins are generated, each with its module.

        Raises:
            GeneratorError: A base is not a class of the read modules.
        """
        found: list[tuple[Source, ast.ClassDef]] = []
        for base in owner.bases:
            if isinstance(base, ast.Name) and base.id in BASES:
                continue
            place = self.find(base.id) if isinstance(base, ast.Name) else None
            if place is None:
                source.fail(base, f"{owner.name} has the base {ast.unparse(base)}, which is no class of a resource")
            found.append(place)
        return found

    def members(self, source: Source, owner: ast.ClassDef) -> list[Member]:
        """Return the members of a class and its bases. Members of the class override those of bases.

        Raises:
            GeneratorError: A base is not a class of the read modules.
        """
        own = [Member(source, node) for node in owner.body[1:]]
        names = {each.name for each in own} - {""}
        before = [each for base in self.bases(source, owner) for each in self.members(*base)]
        return [*(each for each in before if each.name not in names or not each.name), *own]


def is_public(name: str) -> bool:
    """Return whether a class with a twin is public; other classes are bases of public ones."""
    return name.startswith("Async")


def is_text(statement: ast.stmt) -> bool:
    """Return whether a statement is a docstring."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def add_argument(docstring: str, entry: str) -> str:
    """Return a docstring with one more entry at the end of its ``Args`` section."""
    section = re.search(r"^( *)Args:\n(?:.+\n)+", docstring, re.MULTILINE)
    if section is None:
        raise GeneratorError(f"no Args section to which {entry.partition(':')[0]!r} could be added")
    indent = section[1] + "    "
    return _wrap(f"{docstring[: section.end()]}{indent}{entry}\n{docstring[section.end() :]}")


def _wrap(docstring: str) -> str:
    """Break lines that new wording made too long. Entries of sections continue with a deeper indentation."""
    lines: list[str] = []
    for line in docstring.split("\n"):
        if len(line) <= WIDTH:
            lines.append(line)
            continue
        indent = line[: len(line) - len(line.lstrip())]
        deeper = "    " if re.match(r"\w+: ", line.lstrip()) else ""
        lines += textwrap.wrap(
            line.strip(), WIDTH, initial_indent=indent, subsequent_indent=indent + deeper, break_long_words=False
        )
    return "\n".join(lines)
