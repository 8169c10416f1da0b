"""The mutants of the policies: some of each kind, told apart, and the list of survivors is theirs."""

from __future__ import annotations

import ast
from collections import Counter

import pytest
from mutants.mutant import mutants_of
from mutants.operators import changes
from mutants.report import survivors_listed
from policies import MODULES, ROOT, TESTS


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", {"a <= b"}),
        ("a is None", {"a is not None"}),
        ("1 <= a < 2", {"1 < a < 2", "1 <= a <= 2"}),
        ("a and b", {"a or b"}),
        ("a or b or c", {"a and b and c", "b or c", "a or c", "a or b"}),
        ("not a", {"a"}),
        ("a * b", {"a / b"}),
        ("min(a, b)", {"max(a, b)"}),
        ("8.0", {"9.0"}),
        ("True", {"False"}),
        ("'word'", {"'word~'"}),
        ("a if b > 1 else c", {"a if not b > 1 else c"}),
        ("None", set()),
        ("a", set()),
    ],
)
def test_expressions(source: str, expected: set[str]) -> None:
    """Each kind of expression has its changes."""
    assert {ast.unparse(each) for each in changes(ast.parse(source, mode="eval").body)} == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("return a", {"return None"}),
        ("return None", set()),
        ("a.b = c", {"pass"}),
        ("a = b", set()),
        ("raise a", {"pass"}),
        ("a()", {"pass"}),
        ("del a[0]", {"pass"}),
        ("if a:\n    b", {"if not a:\n    b"}),
        ("if not a:\n    b", set()),
        ("while a > b:\n    c", {"while not a > b:\n    c"}),
    ],
)
def test_statements(source: str, expected: set[str]) -> None:
    """Statements are left out, results are withheld, conditions are turned round."""
    (statement,) = ast.parse(source).body
    assert {ast.unparse(each) for each in changes(statement)} == expected


def test_handlers() -> None:
    """A handler loses one of the exceptions that it names."""
    (statement,) = ast.parse("try:\n    a\nexcept (B, C):\n    d").body
    assert isinstance(statement, ast.Try)
    assert {ast.unparse(each).partition(":")[0] for each in changes(statement.handlers[0])} == {
        "except (C,)",
        "except (B,)",
    }


def test_every_module_has_mutants() -> None:
    """And each has a description of its own, by which a survivor is listed."""
    mutants = [mutant for module in MODULES for mutant in mutants_of(module)]
    assert {mutant.module for mutant in mutants} == {each for each in MODULES if not each.endswith("__init__.py")}
    assert [text for text, count in Counter(map(str, mutants)).items() if count > 1] == []
    assert len(mutants) > 1_000


def test_how_a_class_is_made_is_not_changed() -> None:
    """That a value is frozen is for those who write the code, as the types are."""
    source = (ROOT / "frontegg_async" / "_core" / "call" / "retries.py").read_text(encoding="utf-8")
    assert "frozen=True" in source
    assert [mutant for mutant in mutants_of("_core/call/retries.py") if "frozen=True" in str(mutant)] == []


def test_what_holds_the_policies_exists() -> None:
    """The files of modules and tests are there."""
    assert [each for each in TESTS if not (ROOT / each).exists()] == []


@pytest.mark.slow
def test_the_survivors_are_mutants() -> None:
    """Whoever changes a policy goes through what is listed for it; `make mutants` tells what survives now."""
    mutants = {str(mutant) for module in MODULES for mutant in mutants_of(module)}
    listed = survivors_listed()
    assert [each for each in listed if each not in mutants] == []
    assert [each for each, reason in listed.items() if not reason] == []
