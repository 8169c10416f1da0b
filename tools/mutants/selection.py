"""Select the tests that must detect a mutant: those that run its line, or use what its statement defines."""

from __future__ import annotations

import ast
import functools
import math
from typing import Final

from policies import PACKAGE, ROOT

from mutants.line_coverage import LineCoverage
from mutants.mutant import Mutant

_MOST_OF_CLIENTS: Final = 150
"""The most tests with a network that try one mutant."""
_OF_NUMBERS: Final = "tests/core/test_policy_numbers.py::"
_OF_TOKENS: Final = ("tests/client/test_token", "tests/client/test_session")
_SPARSE: Final = {"tests/core/test_urls.py::test_hostile_values": 12}
"""For slow tests with many similar cases: run one of this many."""
_DEFINITIONS: Final = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def tests_of(mutant: Mutant, covering: LineCoverage) -> list[str]:
    """Return the tests that must detect a mutant, the most likely and quickest first.

    The choice does not depend on timing, so a mutant that survives here survives on every machine.
    """
    if mutant.is_in_function:
        found = covering.tests_of(mutant.module, mutant.lines)
    else:
        used = _lines_that_use(mutant.module, mutant.names | set(mutant.place[:1]))
        found = covering.tests_of(mutant.module, used)
        found |= {test for test in covering.seconds if test.startswith(_OF_NUMBERS)}
    near = [test for test in sorted(found) if _distance(mutant, test)[0] < _FAR]
    for name, step in _SPARSE.items():
        cases = [test for test in near if test.partition("[")[0] == name]
        near = [test for test in near if test not in cases] + cases[::step]
    far = [test for test in sorted(found) if _distance(mutant, test)[0] == _FAR]
    chosen = near + far[:: math.ceil(len(far) / _MOST_OF_CLIENTS) or 1]
    return sorted(chosen, key=lambda test: (_distance(mutant, test), covering.seconds[test]))


_FAR: Final = 2


def _distance(mutant: Mutant, test: str) -> tuple[int, str]:
    """Return the distance of a test from a module: its own file, tests without a network or about tokens, others."""
    file = test.partition("::")[0]
    own = mutant.module.rpartition("/")[2].removesuffix(".py")
    if file.startswith(f"tests/core/test_{own}"):
        return 0, file
    is_near = file.startswith("tests/core/") or (
        mutant.module.startswith("_core/auth/") and file.startswith(_OF_TOKENS)
    )
    return (1 if is_near else _FAR), file


@functools.cache
def _lines_that_use(module: str, names: frozenset[str]) -> tuple[int, ...]:
    """Return the lines of functions that use a name, or a module-level value made from it."""
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
