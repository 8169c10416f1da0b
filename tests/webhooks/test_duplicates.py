"""``DuplicateGuard``: what came before, told by header and body together, in bounded memory."""

from __future__ import annotations

from typing import Any, Final

import pytest

from frontegg_async import ConfigurationError, InvalidArgumentError
from frontegg_async.webhooks import DuplicateGuard
from tests.support.clients import FakeClock

FIRST: Final = {"x-webhook-secret": "first"}
SECOND: Final = {"X-Webhook-Secret": ["second"]}


def test_a_duplicate_has_the_same_header_and_the_same_body() -> None:
    """One header may be that of two events, and one body that of two."""
    guard = DuplicateGuard()

    assert not guard.is_duplicate(FIRST, b"a")
    assert not guard.is_duplicate(FIRST, b"b")
    assert not guard.is_duplicate(SECOND, b"a")
    assert not guard.is_duplicate({}, b"firsta")
    assert guard.is_duplicate({"X-WEBHOOK-SECRET": ["first"], "date": "another"}, "a")
    guard.forget(FIRST, b"a")
    guard.forget(FIRST, b"a")
    assert not guard.is_duplicate(FIRST, b"a")


def test_memory_is_bounded() -> None:
    """By number and by time: the oldest is forgotten first."""
    clock = FakeClock(now=0.0)
    guard = DuplicateGuard(max_entries=3, ttl=10, clock=clock.monotonic)

    assert not any(guard.is_duplicate(FIRST, body) for body in "abcd")
    assert len(guard) == 3
    assert [guard.is_duplicate(FIRST, body) for body in "dcb"] == [True, True, True]
    assert not guard.is_duplicate(FIRST, "a")
    clock.now += 10
    assert not guard.is_duplicate(FIRST, "d")
    assert len(guard) == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"max_entries": 0}, "max_entries must be a whole number"),
        ({"max_entries": True}, "max_entries must be a whole number"),
        ({"ttl": 0}, "ttl must be a positive number"),
        ({"ttl": float("inf")}, "ttl must be a positive number"),
    ],
)
def test_settings_are_checked(settings: dict[str, Any], message: str) -> None:
    """In words."""
    with pytest.raises(ConfigurationError, match=message):
        DuplicateGuard(**settings)


def test_the_body_is_that_of_the_request() -> None:
    """Parsed JSON may be written in many ways."""
    with pytest.raises(InvalidArgumentError, match="body must be the received bytes or text, not dict"):
        DuplicateGuard().is_duplicate(FIRST, {})
