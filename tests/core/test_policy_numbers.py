"""The numbers of the policies, as the documentation promises them: tests elsewhere go by their names."""

from __future__ import annotations

from typing import Final

import pytest

from frontegg_async.auth import environment, jwks, jwt, keeper, keycache, keys, sessions, unverified, windows
from frontegg_async.wire import budget, ratelimit, retries

_NUMBERS: Final[dict[str, tuple[object, object]]] = {
    "retries: the longest wait that the service may ask for": (retries.MAX_SERVER_WAIT, 120.0),
    "budget: its size": (budget.RetryBudget.SIZE, 100),
    "rate limits: the wait after an answer that does not say": (ratelimit.DEFAULT_WAIT, 60.0),
    "rate limits: over what calls are spread": (ratelimit.SPREAD, 2.0),
    "rate limits: how long nothing is read ahead": (ratelimit.QUIET, 60.0),
    "tokens: the longest life": (windows.MAX_LIFETIME, 30 * 24 * 60 * 60.0),
    "tokens: between two tries to refresh": (keeper.REFRESH_PAUSE, 30.0),
    "tokens: how long a refused secret is not sent": (environment.REFUSAL_MEMORY, 60.0),
    "tokens: how many refused secrets are remembered": (environment.Refusals.SIZE, 256),
    "user tokens: how long one is used that has no end": (sessions._UNKNOWN_LIFE, 300.0),
    "user tokens: the longest": (unverified.MAX_LENGTH, 16_384),
    "verification: the longest token": (jwt.MAX_TOKEN, 16_384),
    "verification: the longest name of a key": (jwt.MAX_KEY_ID, 256),
    "verification: how many keys of a set": (keys.MAX_KEYS, 64),
    "verification: the largest set of keys": (jwks.MAX_DOCUMENT, 65_536),
    "verification: how long keys are taken without asking": (keycache.FRESH, 300.0),
    "verification: from when keys are read beside the calls": (keycache.AHEAD, 240.0),
    "verification: how long keys are taken in an outage": (keycache.KEPT, 86_400.0),
    "verification: between two reads of keys": (keycache.PAUSE, 30.0),
}


@pytest.mark.parametrize(("actual", "promised"), _NUMBERS.values(), ids=_NUMBERS)
def test_numbers(actual: object, promised: object) -> None:
    """Whoever changes one changes what users were told."""
    assert actual == promised
