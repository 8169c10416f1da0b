"""Generate pytest fixtures for a module or a whole run from the fixtures for a single test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from generator.modules import MARK
from generator.source import Source

DIRECTORY: Final = "frontegg_async/testing"
SOURCE: Final = f"{DIRECTORY}/fixtures.py"

_SCOPES: Final = {"module": "module", "session": "run"}
"""The scopes of pytest, each with the word for the unit that shares its fixtures."""

_HEAD: Final = f'''\
{MARK} from {SOURCE}: change that, and generate again.
"""The fixtures of the pytest plugin that the tests of a {{word}} share; they see what the others have changed."""
'''
_OF_ONE_TEST: Final = "@pytest.fixture\n"


def fixture_texts(root: Path) -> dict[str, str]:
    """Return the texts of the modules with shared fixtures, by their paths."""
    source = Source(root, root / SOURCE)
    text = (root / SOURCE).read_text(encoding="utf-8")
    functions = {node.name: _whole(text, node) for node in source.tree.body if isinstance(node, ast.FunctionDef)}
    of_tests = {name: whole for name, whole in functions.items() if whole.startswith(_OF_ONE_TEST)}
    imports = text[text.index("from __future__") : text.index("@pytest.fixture")]
    return {
        f"{DIRECTORY}/{scope}_fixtures.py": "\n\n\n".join(
            [
                f"{_HEAD.format(word=word)}\n{imports.rstrip()}",
                *(_shared(whole, of_tests, scope, word) for whole in of_tests.values()),
                "",
            ]
        )
        for scope, word in _SCOPES.items()
    }


def _whole(text: str, function: ast.FunctionDef) -> str:
    """Return the lines of a function and of its decorators."""
    return "\n".join(text.splitlines()[function.decorator_list[0].lineno - 1 : function.end_lineno])


def _shared(function: str, names: Iterable[str], scope: str, word: str) -> str:
    named = re.sub(rf"\b(?:{'|'.join(names)})\b", lambda name: _name(name[0], scope), function)
    scoped = named.replace(_OF_ONE_TEST, f'@pytest.fixture(scope="{scope}")\n', 1)
    return re.sub(r"\bthe test\b", f"the {word}", scoped)


def _name(name: str, scope: str) -> str:
    return name.replace("frontegg_", f"frontegg_{scope}_", 1)
