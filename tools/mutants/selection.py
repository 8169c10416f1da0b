"""Which tests are to notice a mutant: those that run its line, or that use what its statement defines."""

from __future__ import annotations

import ast
import functools
import itertools
import math
from typing import Final

from policies import PACKAGE, ROOT

from mutants.covering import Covering
from mutants.sites import Mutant

_MOST_SECONDS: Final = 20.0
"""What the tests of one mutant may take together, as they took under coverage."""
_MOST_SECONDS_OF_ONE: Final = 3.0
"""What the cases of one test may take together."""
_DEFINITIONS: Final = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def tests_of(mutant: Mutant, covering: Covering) -> list[str]:
    """Return the tests that could notice a mutant, the likeliest and quickest first."""
    found = covering.tests_of(mutant.module, [mutant.line]) if mutant.is_in_function else set[str]()
    if not mutant.is_in_function:
        found = covering.tests_of(mutant.module, _lines_that_use(mutant.module, mutant.names | set(mutant.place[:1])))
    ordered = sorted(_thinned(found, covering), key=lambda test: (_distance(mutant, test), covering.seconds[test]))
    spent = itertools.accumulate(covering.seconds[test] for test in ordered)
    return [test for test, seconds in zip(ordered, spent, strict=True) if seconds < _MOST_SECONDS or test == ordered[0]]


def _thinned(tests: set[str], covering: Covering) -> set[str]:
    """Leave out of slow tests with many parameters what goes beyond some seconds, evenly."""
    by_function: dict[str, list[str]] = {}
    for test in sorted(tests):
        by_function.setdefault(test.partition("[")[0], []).append(test)
    thinned: set[str] = set()
    for cases in by_function.values():
        seconds = sum(covering.seconds[case] for case in cases)
        thinned |= set(cases[:: max(1, math.ceil(seconds / _MOST_SECONDS_OF_ONE))])
    return thinned


def _distance(mutant: Mutant, test: str) -> tuple[int, str]:
    """Return how far a test is from a module: its own file, files without a network, others."""
    file = test.partition("::")[0]
    own = mutant.module.rpartition("/")[2].removesuffix(".py")
    rank = 0 if file == f"tests/core/test_{own}.py" else 1 if file.startswith("tests/core/") else 2
    return rank, file


@functools.cache
def _lines_that_use(module: str, names: frozenset[str]) -> tuple[int, ...]:
    """Return the lines of functions that use a name, or what is made of it outside of functions."""
    tree = ast.parse((ROOT / PACKAGE / module).read_text(encoding="utf-8"))
    wanted = set(names)
    lines: list[int] = []
    grown = -1
    while grown < len(wanted):
        grown = len(wanted)
        lines = []
        for statement in tree.body:
            used = [node for node in ast.walk(statement) if _name_of(node) in wanted]
            if isinstance(statement, ast.Assign | ast.AnnAssign) and used:
                wanted |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and _is_stored(node)}
            elif isinstance(statement, _DEFINITIONS) and statement.name in wanted:
                lines += range(statement.lineno, (statement.end_lineno or 0) + 1)
            lines += [getattr(node, "lineno", 0) for node in used]
    return tuple(lines)


def _is_stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _name_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None
