"""Fixtures of the fleet's tests."""

from __future__ import annotations

import pytest

from tests.support.clients import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that only the test advances."""
    return FakeClock()
