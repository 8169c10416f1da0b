"""Fixtures for every test."""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest
from hypothesis import Phase, settings

from tests.support.browser import browser

__all__ = ["anyio_backend", "browser"]

settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("quick", settings.get_profile("suite"), max_examples=10)
"""For `make test`; `make acceptance` draws them all."""
settings.register_profile(
    "mutants", settings.get_profile("suite"), max_examples=30, phases=(Phase.explicit, Phase.generate)
)
"""For mutants, whose failures nobody reads."""

settings.load_profile("suite")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep what is made for all tests out of garbage collection: many tests collect, and would search it each time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests: one that is begun last runs without company."""
    items.sort(key=lambda item: item.get_closest_marker("early") is None)


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio, which the core is made for."""
    return "asyncio"
