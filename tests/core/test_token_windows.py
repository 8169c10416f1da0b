"""When a token is fresh, when it is refreshed, and when it is no longer sent."""

from __future__ import annotations

import math
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._core.auth.token_windows import MAX_LIFETIME, make_token
from frontegg_async.errors import DecodeError


@pytest.mark.parametrize(
    ("expires_in", "advisory", "mandatory"),
    [
        (86_400, 300, 30),
        (1_800, 300, 30),
        (1_500, 300, 30),
        (1_000, 200, 30),
        (600, 120, 30),
        (599, 119.8, 29.95),
        (100, 20, 5),
        (60, 12, 3),
        (1, 0.2, 0.05),
        (0.001, 0.0002, 0.00005),
    ],
)
def test_windows(expires_in: float, advisory: float, mandatory: float) -> None:
    """It is refreshed 300 s or a fifth before its end, and not sent for the last 30 s or twentieth."""
    token = make_token("token", expires_in, 1_000.0)
    assert token.life == expires_in
    assert 1_000.0 + expires_in - token.refresh_at == pytest.approx(advisory)
    assert 1_000.0 + expires_in - token.stale_at == pytest.approx(mandatory)
    assert token.value.reveal() == "token"


@pytest.mark.parametrize("expires_in", [30 * 86_400 + 1, 10**12, 1e300, sys.float_info.max, 10**400])
def test_a_longer_life_is_not_believed(expires_in: float) -> None:
    """A life is capped at 30 days."""
    token = make_token("token", expires_in, 0.0)
    assert token.life == MAX_LIFETIME == 30 * 86_400
    assert token.stale_at == 30 * 86_400 - 30


@pytest.mark.parametrize("expires_in", [0, -1, -0.0, 0.0, math.nan, math.inf, -math.inf, -(10**400)])
def test_lives_that_are_none(expires_in: float) -> None:
    """A life that is not positive and finite is refused."""
    with pytest.raises(DecodeError) as caught:
        make_token("token", expires_in, 0.0)
    assert caught.value.paths == ("$.expiresIn: expected a finite number above 0",)
    assert caught.value.endpoint == "auth.authenticate"


@pytest.mark.parametrize("expires_in", [True, False, "60", None, b"60", [60], 60j])
def test_lives_that_are_no_number(expires_in: Any) -> None:
    """A flag or a text is no number of seconds, whatever it looks like."""
    with pytest.raises(DecodeError) as caught:
        make_token("token", expires_in, 0.0)
    assert caught.value.paths == ("$.expiresIn: expected a number of seconds",)


@pytest.mark.parametrize(
    "value", ["", " ", "canary token", "canary\n", "canary\r\nX: y", "canary\x00", "canary\x7f", "c\u00e4nary", None, 5]
)
def test_tokens_that_are_none(value: Any) -> None:
    """A token that cannot stand in a header is refused, and not quoted."""
    with pytest.raises(DecodeError) as caught:
        make_token(value, 60, 0.0)
    assert caught.value.paths == ("$.token: expected a token",)
    assert "nary" not in repr(caught.value.args)


@given(expires_in=st.floats(1e-3, 1e12), requested_at=st.floats(0, 1e9))
def test_the_windows_are_in_order(expires_in: float, requested_at: float) -> None:
    """From the request on: fresh, then to be refreshed, then stale, then at its end."""
    token = make_token("token", expires_in, requested_at)
    assert requested_at <= token.refresh_at <= token.stale_at <= requested_at + token.life
    assert token.life <= expires_in
    assert token.refresh_at >= requested_at + token.life * 0.79 - 1e-6
    assert token.stale_at >= requested_at + token.life * 0.94 - 1e-6
