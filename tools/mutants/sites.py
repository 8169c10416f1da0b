"""The places of a module where a change means something, and mutants: a module with one change."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Final

from policies import PACKAGE, ROOT

from mutants.operators import changes

_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS: Final = (*_FUNCTIONS, ast.ClassDef)
_TYPING: Final = frozenset({"cast", "TypeVar", "Generic"})
_LONGEST: Final = 200


@dataclass(frozen=True)
class Site:
    """A node, where it hangs, and the definition that it is in; whether that is a function, and in its body."""

    parent: ast.AST
    name: str
    position: int | None
    node: ast.AST
    place: tuple[str, ...]
    inside: bool
    statement: ast.stmt | None

    def put(self, node: ast.AST) -> None:
        """Hang a node there."""
        if self.position is None:
            setattr(self.parent, self.name, node)
        else:
            getattr(self.parent, self.name)[self.position] = node


@dataclass(frozen=True, eq=False)
class Mutant:
    """A module with one change.

    Args:
        module: The file, below the package.
        place: The names that lead to the outermost function or class.
        is_in_function: Whether it is in the body of a function.
        lines: Where the change is.
        change: What it is, before and after.
        names: What the statement defines, outside of functions.
    """

    module: str
    place: tuple[str, ...]
    is_in_function: bool
    lines: range
    change: str
    names: frozenset[str] = field(repr=False)
    _tree: ast.Module = field(repr=False)
    _site: Site = field(repr=False)
    _node: ast.AST = field(repr=False)

    def __str__(self) -> str:
        return f"{self.module}: {'.'.join(self.place) or 'the module'}: {self.change}"

    @property
    def dotted(self) -> str:
        """The name of the module."""
        return ".".join((PACKAGE, *self.module.removesuffix(".py").removesuffix("/__init__").split("/")))

    def compile(self) -> CodeType:
        """Return the code of the module with the change."""
        self._site.put(ast.fix_missing_locations(ast.copy_location(self._node, self._site.node)))
        try:
            return compile(self._tree, str(ROOT / PACKAGE / self.module), "exec")
        finally:
            self._site.put(self._site.node)


def mutants_of(module: str) -> list[Mutant]:
    """Return the mutants of a file, in the order of its text."""
    tree = ast.parse((ROOT / PACKAGE / module).read_text(encoding="utf-8"))
    found: list[Mutant] = []
    seen: Counter[str] = Counter()
    for site in _sites(tree, (), inside=False, statement=None):
        for node in changes(site.node):
            before, after = _texts(site, node)
            where = f"{'.'.join(site.place)}: {before} -> {after}"
            seen[where] += 1
            ordinal = f" ({seen[where]})" if seen[where] > 1 else ""
            names = frozenset[str]() if site.inside else _defined(site.statement)
            change = f"{before} -> {after}{ordinal}"
            found.append(Mutant(module, site.place, site.inside, _lines(site.node), change, names, tree, site, node))
    return found


def _lines(node: ast.AST) -> range:
    """Return the lines of a node; of a statement with a body, those of its condition."""
    last = node.test if isinstance(node, ast.If | ast.While) else node
    first = getattr(node, "lineno", 0)
    if isinstance(node, ast.ExceptHandler):
        return range(first, first + 1)
    return range(first, (getattr(last, "end_lineno", None) or first) + 1)


def _texts(site: Site, node: ast.AST) -> tuple[str, str]:
    """Return the change as text: with what is around it, when it is as small as a number."""
    is_small = isinstance(site.node, ast.Constant) and isinstance(site.parent, _AROUND)
    shown = site.parent if is_small and not isinstance(site.parent, ast.Dict) else None
    before = ast.unparse(shown or site.node)
    if shown is None:
        after = ast.unparse(node)
    else:
        site.put(node)
        after = ast.unparse(shown)
        site.put(site.node)
    return _short(before), _short(after)


_AROUND: Final = (ast.expr, ast.keyword, ast.AnnAssign, ast.Assign, ast.Return)


def _short(text: str) -> str:
    """Return a text in one line: of a statement with a body, the head."""
    text = text.partition("\n")[0]
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _sites(
    node: ast.AST, place: tuple[str, ...], *, inside: bool, statement: ast.stmt | None, fields: Collection[str] = ()
) -> Iterator[Site]:
    """Yield the places below a node. Defaults are made where a function is defined: they are outside of it."""
    for name, position, child in _children(node, fields):
        if _is_beside_the_point(node, name, child):
            continue
        own = child if isinstance(child, ast.stmt) else statement
        yield Site(node, name, position, child, place, inside, own)
        below = (*place, child.name) if isinstance(child, _DEFINITIONS) and not inside else place
        if isinstance(child, _FUNCTIONS) and not inside:
            yield from _sites(child, below, inside=False, statement=own, fields=("args",))
            yield from _sites(child, below, inside=True, statement=own, fields=("body",))
        else:
            yield from _sites(child, below, inside=inside, statement=own)


def _children(node: ast.AST, fields: Collection[str]) -> Iterator[tuple[str, int | None, ast.AST]]:
    for name, value in ast.iter_fields(node):
        if fields and name not in fields:
            continue
        if isinstance(value, ast.AST):
            yield name, None, value
        elif isinstance(value, list):
            for position, child in enumerate(value):
                if isinstance(child, ast.AST):
                    yield name, position, child


def _is_beside_the_point(parent: ast.AST, name: str, child: ast.AST) -> bool:
    """Whether a change there would be one of types, of documentation or of text for people."""
    if name in {"annotation", "returns", "decorator_list", "bases"} or isinstance(
        child, ast.Import | ast.ImportFrom | ast.JoinedStr
    ):
        return True
    # How a class is made, as what decorators say of it.
    if isinstance(parent, ast.ClassDef) and name == "keywords":
        return True
    if isinstance(child, ast.AnnAssign) and ast.unparse(child.annotation) == "TypeAlias":
        return True
    if isinstance(child, ast.ClassDef) and any(ast.unparse(base).startswith("Protocol") for base in child.bases):
        return True
    if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
        return True
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
        return True
    if isinstance(child, ast.Constant) and isinstance(child.value, str) and " " in child.value:
        return True
    return isinstance(parent, ast.Call) and ast.unparse(parent.func) in _TYPING and child is parent.args[0]


def _defined(statement: ast.stmt | None) -> frozenset[str]:
    """Return the names that a statement outside of functions gives."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return frozenset({statement.name})
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return frozenset(
        node.id for target in targets if target is not None for node in ast.walk(target) if isinstance(node, ast.Name)
    )
