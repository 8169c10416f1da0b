"""Cells of CSV: no spreadsheet computes them, and each is read back to its value."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from frontegg_async._formats.csv_cells import cell_of, guarded, key_cell, unguarded, value_of_key
from frontegg_async._formats.json_text import load_json
from tests.core.rows import JSON


@given(st.text("'=+-@\t\r\n ab\u00a0"))
def test_guarded_cells(text: str) -> None:
    """Every text is read back; no cell begins as a formula, also not after white space."""
    assert unguarded(guarded(text)) == text
    assert guarded(text).lstrip()[:1] not in {*"=+-@"}
    assert guarded(text)[:1] not in {"\t", "\r"}


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1", "'=1"),
        (" =1", "' =1"),
        ("'=1", "''=1"),
        ("'1", "'1"),
        ("a=1", "a=1"),
        (" a", " a"),
        ("", ""),
    ],
)
def test_only_what_begins_a_formula_is_guarded(text: str, cell: str) -> None:
    """Other apostrophes and spaces are data."""
    assert guarded(text) == cell


@given(JSON)
@example(-1)
@example("9" * 5_000)
@example("[" * 100_000)
@example(2**70)
def test_values_of_keys_come_back(value: object) -> None:
    """Text is written as it is, if it is read as text."""
    assert json.dumps(value_of_key(unguarded(key_cell(value)))) == json.dumps(value)


@pytest.mark.parametrize("text", ["team", "-pro", "2026-05-04", "3 seats", "True", "NaN"])
def test_text_that_is_no_json_is_written_as_it_is(text: str) -> None:
    """People read it."""
    assert unguarded(key_cell(text)) == text


@given(JSON)
def test_json_cells_come_back(value: object) -> None:
    """Null is an empty cell."""
    cell = cell_of(value, is_json=True)
    assert json.dumps(load_json(unguarded(cell)) if cell else None) == json.dumps(value)
