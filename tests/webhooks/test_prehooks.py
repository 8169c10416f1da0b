"""The answers to prehooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from frontegg_async import InvalidArgumentError
from frontegg_async.webhooks import PrehookVerdict, allow, block


def test_the_bodies_of_answers() -> None:
    """As the service reads them."""
    claims = {"claims": {"customClaims": {"plan": "team"}}}

    assert allow().to_dict() == {"continue": True}
    assert allow(claims).to_dict() == {"continue": True, "response": claims}
    assert block("no seats").to_dict() == {"continue": False, "error": {"status": 400, "message": ["no seats"]}}
    assert block("no", status=403).to_dict() == {"continue": False, "error": {"status": 403, "message": ["no"]}}
    assert block("no") == PrehookVerdict(is_allowed=False, reason="no", status=400)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: block(""), "reason must not be empty"),
        (lambda: block(None), "reason must be text"),
        (lambda: block("no", status=399), "status must be a whole number from 400 to 499"),
        (lambda: block("no", status=500), "status must be a whole number from 400 to 499"),
        (lambda: block("no", status=True), "status must be a whole number from 400 to 499"),
        (lambda: block("no", status=429), "status must not be 429: clients would try again"),
        (lambda: block("no", status=404), "status must not be 404: clients would conclude that the object is gone"),
        (lambda: block("no", status=401), "status must not be 401"),
        (lambda: allow("yes"), "response must be a mapping"),
        (lambda: allow({"a": object()}), "cannot hold"),
    ],
)
def test_arguments_are_checked(make: Callable[[], Any], message: str) -> None:
    """A status of success, for example, would let the service go on."""
    with pytest.raises(InvalidArgumentError, match=message):
        make()
