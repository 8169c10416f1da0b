"""Expressions of JavaScript, translated for a library that takes linear time."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._values.javascript_expressions import UnsupportedExpressionError, compile_expression


@pytest.mark.parametrize(
    ("expression", "subject", "is_found"),
    [
        ("^acme", "acme-1", True),
        ("^acme$", "acme\n", False),
        ("a.b", "a\nb", False),
        ("a.b", "a\u2028b", False),
        (r"\s", "\ufeff", True),
        (r"^\S$", "\u00a0", False),
        (r"^\w+@acme\.com$", "x@acme.com", True),
        (r"^\w+@acme\.com$", "x@acme_com", False),
        (r"^\w$", "é", False),
        ("^[^a]$", "b", True),
        (r"^[\d_-]+$", "1_-", True),
        (r"^\u0041\x42$", "AB", True),
        ("^(?<name>a|b){2,3}$", "aba", True),
        ("^.$", "\U0001f44d", False),
        ("^..$", "\U0001f44d", True),
        ("^.$", "\U000f0000", False),
        ("^a{01}$", "a", True),
        ("^a{01,002}?$", "aa", True),
        ("^a{01,}$", "aaa", True),
        ("", "", True),
        ("日本", "in 日本", True),
    ],
)
def test_what_is_found(expression: str, subject: str, is_found: bool) -> None:
    """As ``new RegExp(expression).test(subject)`` says."""
    assert compile_expression(expression, re2)(subject) is is_found


@pytest.mark.parametrize(
    "expression",
    [
        *(
            "(",
            ")",
            "[",
            "[a",
            "a**",
            "*",
            "a{2,1}",
            "a{256}",
            "a{1,256}",
            r"a\B",
            "[z-a]",
            r"\1",
            r"(a)\1",
            "(?=a)",
            "(?<!a)",
            "(?i)a",
            "(?P<a>b)",
        ),
        *(
            r"\pL",
            r"\Q.\E",
            r"\A",
            r"\z",
            r"[\D]",
            "[]",
            "[^]",
            "\U0001f44d",
            r"\ud83d",
            r"\c",
            "a{,2}",
            "}",
            "]",
            "\\",
        ),
        *("(?<a>b)(?<a>c)", "a" * 2_001, "((a{255}){255}){255}", r"\01", r"\_"),
    ],
)
def test_what_is_refused(expression: str) -> None:
    """What JavaScript refuses, and what cannot be searched for as it does."""
    with pytest.raises(UnsupportedExpressionError):
        compile_expression(expression, re2)


def test_a_bad_expression_comes_to_an_end() -> None:
    """Python's own engine would take years for this one."""
    assert not compile_expression("^(a+)+$", re2)("a" * 100_000 + "b")


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_an_expression_or_refused(expression: str, subject: str) -> None:
    """Nothing else happens."""
    try:
        found = compile_expression(expression, re2)(subject)
    except UnsupportedExpressionError:
        return
    assert found in (True, False)
