"""Environment variables of the SDK for a test."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager

import pytest


@contextmanager
def variables(given: Mapping[str, str]) -> Generator[None]:
    """Set the variables of the SDK in this process, and remove the others of it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [each for each in os.environ if each.startswith("FRONTEGG_")]:
            patch.delenv(name)
        for name, value in given.items():
            patch.setenv(name, value)
        yield
