"""Fixtures for the tests without a network."""

from __future__ import annotations

import pytest

from frontegg_async._core.codec import reader


@pytest.fixture(autouse=True)
def fresh_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test makes the readers that it reads with, whichever tests came before."""
    monkeypatch.setattr(reader, "_readers", {})
