"""Fixtures for the tests without a network."""

from __future__ import annotations

import pytest

from frontegg_async._core.codec import reader


@pytest.fixture(autouse=True)
def fresh_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test make its own readers, independent of earlier tests."""
    monkeypatch.setattr(reader, "_readers", {})
