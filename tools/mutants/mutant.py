"""Mutants: a module with one change, at a place where the change affects behaviour."""

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
class MutationPoint:
    """A node, its parent, and the definition around it; whether that is a function, and the node is in its body."""

    parent: ast.AST
    name: str
    position: int | None
    node: ast.AST
    place: tuple[str, ...]
    inside: bool
    statement: ast.stmt | None

    def put(self, node: ast.AST) -> None:
        """Replace the node."""
        if self.position is None:
            setattr(self.parent, self.name, node)
        else:
            getattr(self.parent, self.name)[self.position] = node


@dataclass(frozen=True, eq=False)
class Mutant:
    """A module with one change.

    Args:
        module: The file, relative to the package.
        place: The names that lead to the outermost function or class.
        is_in_function: Whether the change is in the body of a function.
        lines: The lines of the change.
        change: The text before and after.
        names: The names that the statement defines, outside of functions.
    """

    module: str
    place: tuple[str, ...]
    is_in_function: bool
    lines: range
    change: str
    names: frozenset[str] = field(repr=False)
    _tree: ast.Module = field(repr=False)
    _point: MutationPoint = field(repr=False)
    _node: ast.AST = field(repr=False)

    def __str__(self) -> str:
        return f"{self.module}: {'.'.join(self.place) or 'the module'}: {self.change}"

    @property
    def dotted(self) -> str:
        """The dotted name of the module."""
        return ".".join((PACKAGE, *self.module.removesuffix(".py").removesuffix("/__init__").split("/")))

    def compile(self) -> CodeType:
        """Return the code of the changed module."""
        self._point.put(ast.fix_missing_locations(ast.copy_location(self._node, self._point.node)))
        try:
            return compile(self._tree, str(ROOT / PACKAGE / self.module), "exec")
        finally:
            self._point.put(self._point.node)


def mutants_of(module: str) -> list[Mutant]:
    """Return the mutants of a file, in the order of its text."""
    tree = ast.parse((ROOT / PACKAGE / module).read_text(encoding="utf-8"))
    found: list[Mutant] = []
    seen: Counter[str] = Counter()
    for point in _points(tree, (), inside=False, statement=None):
        for node in changes(point.node):
            before, after = _texts(point, node)
            where = f"{'.'.join(point.place)}: {before} -> {after}"
            seen[where] += 1
            ordinal = f" ({seen[where]})" if seen[where] > 1 else ""
            names = frozenset[str]() if point.inside else _defined(point.statement)
            change = f"{before} -> {after}{ordinal}"
            found.append(
                Mutant(module, point.place, point.inside, _lines(point.node), change, names, tree, point, node)
            )
    return found


def _lines(node: ast.AST) -> range:
    """Return the lines of a node; for a statement with a body, those of its head."""
    last = node.test if isinstance(node, ast.If | ast.While) else node
    first = getattr(node, "lineno", 0)
    if isinstance(node, ast.ExceptHandler):
        return range(first, first + 1)
    return range(first, (getattr(last, "end_lineno", None) or first) + 1)


def _texts(point: MutationPoint, node: ast.AST) -> tuple[str, str]:
    """Return the change as text, with its surroundings if it is as small as a number."""
    is_small = isinstance(point.node, ast.Constant) and isinstance(point.parent, _AROUND)
    shown = point.parent if is_small and not isinstance(point.parent, ast.Dict) else None
    before = ast.unparse(shown or point.node)
    if shown is None:
        after = ast.unparse(node)
    else:
        point.put(node)
        after = ast.unparse(shown)
        point.put(point.node)
    return _short(before), _short(after)


_AROUND: Final = (ast.expr, ast.keyword, ast.AnnAssign, ast.Assign, ast.Return)


def _short(text: str) -> str:
    """Return a text on one line; of a statement with a body, its head."""
    text = text.partition("\n")[0]
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _points(
    node: ast.AST, place: tuple[str, ...], *, inside: bool, statement: ast.stmt | None, fields: Collection[str] = ()
) -> Iterator[MutationPoint]:
    """Yield the places below a node. Defaults are evaluated where a function is defined, so they are outside of it."""
    for name, position, child in _children(node, fields):
        if _is_beside_the_point(node, name, child):
            continue
        own = child if isinstance(child, ast.stmt) else statement
        yield MutationPoint(node, name, position, child, place, inside, own)
        below = (*place, child.name) if isinstance(child, _DEFINITIONS) and not inside else place
        if isinstance(child, _FUNCTIONS) and not inside:
            yield from _points(child, below, inside=False, statement=own, fields=("args",))
            yield from _points(child, below, inside=True, statement=own, fields=("body",))
        else:
            yield from _points(child, below, inside=inside, statement=own)


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
    """Return whether a change there would only affect types, documentation or text for people."""
    if name in {"annotation", "returns", "decorator_list", "bases"} or isinstance(
        child, ast.Import | ast.ImportFrom | ast.JoinedStr
    ):
        return True
    # How a class is built, such as the arguments of its decorators.
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
    """Return the names that a statement outside of functions defines."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return frozenset({statement.name})
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return frozenset(
        node.id for target in targets if target is not None for node in ast.walk(target) if isinstance(node, ast.Name)
    )
