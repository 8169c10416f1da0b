"""Whether the service still shows the values that a row expects, and what a message says of other values."""

from __future__ import annotations

from typing import Final

import pytest

from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.expectations import Verdict, describe, judge, same_values
from frontegg_async.bulk.ledger import Before

SEND, DONE, STALE = Verdict

SEATS: Final = {"metadata": {"seats": 30}}
MORE: Final = {"metadata": {"seats": 40}}
BOTH: Final = {"name": "A", "metadata": {"seats": 30}}
BOTH_SET: Final = {"name": "B", "metadata": {"seats": 40}}

VERDICTS: dict[str, tuple[Before, Before, Before, Verdict]] = {
    "as expected": (SEATS, SEATS, MORE, SEND),
    "done by others": (SEATS, MORE, MORE, DONE),
    "changed by others": (SEATS, {"metadata": {"seats": 35}}, MORE, STALE),
    "a key that is gone": (SEATS, {"metadata": {}}, MORE, STALE),
    "a key that is new": ({"metadata": {}}, SEATS, MORE, STALE),
    "a key that is null": ({"metadata": {}}, {"metadata": {"seats": None}}, MORE, STALE),
    "metadata that are no object": (SEATS, {"metadata": None}, MORE, STALE),
    "a key that is to go is gone": (SEATS, {"metadata": {}}, {"metadata": {}}, DONE),
    "one of two fields done by others": (BOTH, {"name": "B", "metadata": {"seats": 30}}, BOTH_SET, STALE),
    "a tenant that is gone": (SEATS, None, MORE, STALE),
    "a tenant that is to go is gone": ({"digest": "a"}, None, None, DONE),
    "a tenant that is to go has changed": ({"digest": "a"}, {"digest": "b"}, None, STALE),
    "a tenant that is to come": (None, None, {"name": "A"}, SEND),
    "a tenant that is there already": (None, {"name": "A"}, {"name": "A"}, DONE),
    "a tenant that is there with other values": (None, {"name": "B"}, {"name": "A"}, STALE),
    "a text that the service trims": ({"website": None}, {"website": "https://a"}, {"website": "https://a/ "}, DONE),
    "a cleared text": ({"website": "https://a"}, {"website": ""}, {"website": None}, DONE),
    "a text of metadata that others changed": (
        SEATS,
        {"metadata": {"seats": "x "}},
        {"metadata": {"seats": "x"}},
        STALE,
    ),
    "a value that may be any": ({"a": 1}, {"a": 1, "b": 2}, {"a": 3, "b": 4}, SEND),
    "a value that may be any and is done": ({}, {"b": 4}, {"b": 4}, DONE),
    "a value that the row does not set": ({}, {"b": 2, "reason_to_stay": "SCIM manages it"}, {"b": 4}, STALE),
    "true is not 1": ({"metadata": {"a": 1}}, {"metadata": {"a": True}}, {"metadata": {"a": 2}}, STALE),
}


@pytest.mark.parametrize("case", VERDICTS)
def test_what_is_done_about_a_row(case: str) -> None:
    expected, now, after, verdict = VERDICTS[case]

    assert judge(expected, now, after) is verdict


def test_a_row_of_which_an_earlier_run_made_some_requests() -> None:
    """Each field is as it was or as the row sets it: the rest is sent, and nothing of others is replaced."""
    half = {"name": "B", "metadata": {"seats": 30}}

    assert judge(BOTH, half, BOTH_SET, was_sent=True) is SEND
    assert judge(BOTH, half, BOTH_SET) is STALE
    assert judge(BOTH, {"name": "B", "metadata": {"seats": 35}}, BOTH_SET, was_sent=True) is STALE
    assert (
        judge({"name": "A", "metadata": None}, {"name": "B", "metadata": {"seats": 35}}, BOTH_SET, was_sent=True)
        is STALE
    )


def test_a_row_that_is_between_its_requests() -> None:
    """Only an earlier run of the row can have brought it there, unless it was never sent."""
    moved: tuple[Before, Before, Before] = ({"parent": "a"}, {"parent": None}, {"parent": "b"})

    assert judge(*moved, was_sent=True, between={"parent": None}) is SEND
    assert judge(*moved, between={"parent": None}) is STALE
    assert judge(moved[0], {"parent": "c"}, moved[2], was_sent=True, between={"parent": None}) is STALE


SAME: list[tuple[JsonValue, JsonValue, bool]] = [
    (1, 1.0, True),
    (1, True, False),
    (0, False, False),
    (None, "", False),
    ("1", 1, False),
    ({"a": [1, {"b": None}]}, {"a": (1, {"b": None})}, True),
    ({"a": [1, 2]}, {"a": [2, 1]}, False),
    ({"a": [1]}, {"a": [1, 1]}, False),
    ({"a": None}, {}, False),
    ([], {}, False),
    ({"a": [{"b": 1}]}, {"a": [{"b": True}]}, False),
]


@pytest.mark.parametrize(("a", "b", "are_same"), SAME)
def test_whether_values_are_the_same(a: JsonValue, b: JsonValue, *, are_same: bool) -> None:
    assert same_values(a, b) is are_same
    assert same_values(b, a) is are_same


MESSAGES: list[tuple[Before, Before, Before, str]] = [
    (SEATS, {"metadata": {"seats": 35}}, MORE, "metadata.seats is 35 now, and the plan expects 30"),
    (SEATS, {"metadata": {}}, MORE, "metadata.seats has no value now, and the plan expects 30"),
    ({"metadata": {}}, SEATS, MORE, "metadata.seats is 30 now, and the plan expects no value"),
    ({"metadata": None}, SEATS, MORE, 'metadata is {"seats":30} now, and the plan expects null'),
    (
        {"name": "A", "status": None, "website": None, "logo": None},
        {"name": "B", "status": "b", "website": "c", "logo": "d"},
        {"name": "C", "status": "d", "website": "e", "logo": "f"},
        (
            'name is "B" now, and the plan expects "A"; status is "b" now, and the plan expects null; '
            'website is "c" now, and the plan expects null; and 1 more'
        ),
    ),
    ({"name": "A"}, {"name": "x" * 200}, {"name": "B"}, f'name is "{"x" * 59}... now, and the plan expects "A"'),
    ({"name": "A"}, None, {"name": "B"}, "the tenant no longer exists, and the plan expects it"),
    (
        None,
        {"name": "A"},
        {"name": "B"},
        'the tenant exists now, and the plan expects that it does not; name is "A", not "B"',
    ),
    (
        {"digest": "a"},
        {"digest": "b"},
        None,
        "the tenant, its users or the tenants below it have changed since the plan was made",
    ),
]


@pytest.mark.parametrize(("expected", "now", "after", "message"), MESSAGES)
def test_what_a_message_says(expected: Before, now: Before, after: Before, message: str) -> None:
    assert describe(expected, now, after) == message
