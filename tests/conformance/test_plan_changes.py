"""What a report says of values that came back in another form: never the value."""

from __future__ import annotations

import pytest

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.plan_changes import planned_changes

SENT = "https://Ann.example/ Street/"


@pytest.mark.parametrize(
    ("shown", "form"),
    [
        (SENT, None),
        (f" {SENT.removesuffix('/')} ", None),
        (SENT.lower(), None),
        (SENT.upper().rstrip("/"), "the same text in another case"),
        (SENT.replace(" ", ""), "the same text with other white space"),
        ("https://ann.invalid", "another text"),
        ("", "empty text"),
        (None, "null"),
        (5, "a number"),
        (["secret"], "an array of 1, the first text"),
    ],
)
def test_forms_of_a_text(shown: JsonValue, form: str | None) -> None:
    expected = None if form is None else f"website comes back as {form}"
    assert planned_changes({"website": SENT}, {"website": shown}) == expected


@pytest.mark.parametrize(
    ("sent", "shown", "form"),
    [
        (2**53 + 1, 2**53, "another value, a number"),
        (1, 1.0, None),
        (1, True, "a flag"),
        (1, "1", "text"),
        ({"ann": 1}, {"ann": 2}, "another value, an object of 1 more"),
        (None, "", "empty text"),
        (None, None, None),
    ],
)
def test_forms_of_a_value_of_metadata(sent: JsonValue, shown: JsonValue, form: str | None) -> None:
    expected = None if form is None else f"metadata.key comes back as {form}"
    assert planned_changes({"metadata": {"key": sent}}, {"metadata": {"key": shown}}) == expected


def test_a_key_that_is_missing() -> None:
    assert planned_changes({"metadata": {"key": 1}}, {"metadata": {}}) == "metadata.key comes back as nothing"


@pytest.mark.parametrize("shown", [None, ""])
def test_a_text_that_was_cleared(shown: JsonValue) -> None:
    assert planned_changes({"website": None}, {"website": shown}) is None
