"""The constants of the policies have the values that the documentation promises."""

from __future__ import annotations

import logging
from typing import Final

import pytest

from frontegg_async._core.auth import (
    jwks,
    jwt_validation,
    key_cache,
    keys,
    secret_exchange,
    token_cache,
    token_windows,
    unverified_claims,
    user_sessions,
)
from frontegg_async._core.call import rate_limits, retries, retry_budget
from frontegg_async._core.call.log import logger
from frontegg_async.fleet import circuit_breaker, tokens
from frontegg_async.options import Options

_NUMBERS: Final[dict[str, tuple[object, object]]] = {
    "retries: the longest wait that the service may ask for": (retries.MAX_SERVER_WAIT, 120.0),
    "budget: its size": (retry_budget.RetryBudget.SIZE, 100),
    "rate limits: the wait after an answer that does not say": (rate_limits.DEFAULT_WAIT, 60.0),
    "rate limits: over what calls are spread": (rate_limits.SPREAD, 2.0),
    "rate limits: how long nothing is read ahead": (rate_limits.QUIET, 60.0),
    "tokens: the longest life": (token_windows.MAX_LIFETIME, 30 * 24 * 60 * 60.0),
    "tokens: between two tries to refresh": (token_cache.REFRESH_PAUSE, 30.0),
    "tokens: between two tries to get one in an outage": (token_cache.STRAINED_PAUSE, 1.0),
    "tokens: how long a refused secret is not sent": (secret_exchange.REFUSAL_MEMORY, 60.0),
    "tokens: how many refused secrets are remembered": (secret_exchange.RefusedSecrets.SIZE, 256),
    "fleets: the longest step": (circuit_breaker.PATIENCE, 1.0),
    "fleets: how long nothing is asked of what failed": (circuit_breaker.PAUSE, 10.0),
    "fleets: how long one may fetch for all": (tokens.LEASE, 30.0),
    "fleets: how often one looks whether it is there": (tokens.LOOK_AGAIN, 0.5),
    "user tokens: how long one is used that has no end": (user_sessions._UNKNOWN_LIFE, 300.0),
    "user tokens: the longest": (unverified_claims.MAX_LENGTH, 16_384),
    "verification: the longest token": (jwt_validation.MAX_TOKEN, 16_384),
    "verification: the longest name of a key": (jwt_validation.MAX_KEY_ID, 256),
    "verification: how many keys of a set": (keys.MAX_KEYS, 64),
    "verification: the largest set of keys": (jwks.MAX_DOCUMENT, 65_536),
    "verification: how keys are read when there are none": (
        key_cache.READ_FIRST,
        Options(timeout=5.0, deadline=5.0, max_retries=2),
    ),
    "verification: how keys are read again": (key_cache.READ_AGAIN, Options(timeout=5.0, deadline=5.0, max_retries=0)),
    "verification: how long keys are taken without asking": (key_cache.STALE, 3_600.0),
    "verification: from when keys are read beside the calls": (key_cache.AHEAD, 240.0),
    "verification: how long keys are taken in an outage": (key_cache.KEPT, 86_400.0),
    "verification: between two reads of keys": (key_cache.PAUSE, 30.0),
}


@pytest.mark.parametrize(("actual", "promised"), _NUMBERS.values(), ids=_NUMBERS)
def test_numbers(actual: object, promised: object) -> None:
    """Whoever changes one changes what users were told."""
    assert actual == promised


def test_the_words_of_what_follows() -> None:
    """People search logs for them."""
    assert {action.value for action in retries.Action} == {"raise", "resend", "reauthenticate", "reconcile"}


def test_an_application_without_logging_hears_nothing() -> None:
    """The logger has a handler that drops everything, so that Python's last resort writes nothing to stderr."""
    assert logger.name == "frontegg_async"
    assert any(isinstance(handler, logging.NullHandler) for handler in logger.handlers)
