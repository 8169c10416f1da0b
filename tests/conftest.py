"""Fixtures for every test."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.support.browser import browser

__all__ = ["anyio_backend", "browser"]

settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio, which the core is made for."""
    return "asyncio"
