"""Text of customers: escaped, cut, and told apart from text of the server."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async.mcp.answers import MOST_BYTES, STRUCTURED, Form, Listed, One, answer_of
from frontegg_async.mcp.escaping import MARK, STEPS, Limits, cut, fitted, quoted, safe, shown_message

_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=30,
)


def escaped(text: str) -> str:
    """Return the whole text as an answer shows it."""
    return cut(text, 10**6)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Acme & Söhne 株式会社 🙂", "Acme & Söhne 株式会社 🙂"),
        ("a\u202eb", "a\\u202eb"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("a\\nb", "a\\\\nb"),
        ("\U000e0041\U000e0042", "\\U000e0041\\U000e0042"),
        ("a\ufe0fb", "a\\ufe0fb"),
        ("a\u200bb\u2066c", "a\\u200bb\\u2066c"),
        ("\u3164", "\\u3164"),
        ("\ud83d", "\\ud83d"),
        ("", ""),
    ],
)
def test_what_nobody_sees_is_an_escape(text: str, shown: str) -> None:
    """A backslash is two, so that no text looks like another one's escapes."""
    assert escaped(text) == shown


@given(st.text(), st.text())
def test_two_texts_are_never_shown_alike(one: str, other: str) -> None:
    """Keys that differ stay different."""
    assert (escaped(one) == escaped(other)) is (one == other)


@given(st.text(alphabet=st.characters()))
def test_no_shown_text_has_a_control_or_format_character(text: str) -> None:
    """Nor what changes its order or hides."""
    assert not [
        each for each in escaped(text) if unicodedata.category(each) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    ]


@given(st.text(max_size=300), st.integers(min_value=1, max_value=200))
def test_a_long_text_is_cut_and_its_length_is_given(text: str, most: int) -> None:
    """The mark is one that no customer can write."""
    shown = cut(text, most)
    head, mark, tail = shown.partition(MARK)
    assert len(head) <= most
    assert tail == (f" {len(text)} characters" if mark else "")
    assert mark or head == escaped(text)


def test_the_mark_cannot_be_forged() -> None:
    """Text with the mark in it is shown with two backslashes."""
    assert escaped(f"{MARK} 5 characters") == "\\\\… 5 characters"


def test_a_quoted_text_has_at_most_60_characters() -> None:
    """As errors have it."""
    assert quoted("x" * 61) == f"'{'x' * 60}{MARK} 61 characters'"
    assert shown_message(f"no account '{'y' * 500}' is there") == f"no account '{'y' * 60}…' is there"
    assert len(shown_message("z" * 10_000)) < 600


def test_lists_objects_and_depth_are_cut() -> None:
    """Fields of the first level are those of the server, and stay."""
    limits = Limits(text=10, items=2, depth=3)
    value: Any = {"a": [1, 2, 3], "b": {"x": 1, "y": 2, "z": 3}, "c": {"d": {"e": [[1]]}}}
    assert safe(value, limits) == {
        "a": [1, 2, f"{MARK} 1 more"],
        "b": {"x": 1, "y": 2, MARK: "1 more"},
        "c": {"d": {"e": f"{MARK} 1 items"}},
    }
    assert safe(10**5_000, STEPS[0]) != 10**5_000


@given(_JSON, st.sampled_from([STRUCTURED, Form(has_text=True), Form(has_structure=False, has_text=True)]))
def test_a_value_fits(value: Any, form: Form) -> None:
    """In whatever form it is written."""
    assert form.weigh(fitted(value, 300, form.weigh)) <= 300


@pytest.mark.slow
@pytest.mark.parametrize("form", [STRUCTURED, Form(has_text=True), Form(has_structure=False, has_text=True)])
@pytest.mark.parametrize("text", ["x" * 100_000, "\x00" * 3_000, '"' * 3_000, "\\" * 3_000, "株" * 3_000])
def test_an_answer_has_at_most_20_kb(form: Form, text: str) -> None:
    """One thing or many rows; the cursor continues with the first row that has no room."""
    row: dict[str, Any] = {"tenant_id": "t", "name": text, "metadata": {text[:50] + str(n): [text] for n in range(50)}}
    rows = [((number, 0), row) for number in range(50)]
    one, answer = (
        answer_of(found, lambda position: f"at {position[0]}", most=50, form=form)
        for found in (One(row), Listed(rows=rows, after=None, total=50))
    )
    assert max(form.weigh(one.content), form.weigh(answer.content)) <= MOST_BYTES
    assert 0 < answer.rows < 50
    assert answer.content["next"] == f"at {answer.rows}"
    assert msgspec.json.decode(msgspec.json.encode(answer.content)) == answer.content
