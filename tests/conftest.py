"""Fixtures for every test."""

from __future__ import annotations

import gc
import signal
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


def _handle_what_is_ignored() -> None:
    """Have a handler for each signal that this process was started to ignore, as by nohup or in the background.

    Processes that tests start would inherit that; what has a handler here has its default there. This process goes on
    to ignore them, but for SIGINT, which tests raise.
    """
    for number in signal.valid_signals():
        # Python ignores two by itself, and its processes do so too.
        is_of_python = number in {getattr(signal, name, None) for name in ("SIGPIPE", "SIGXFSZ")}
        if signal.getsignal(number) is signal.SIG_IGN and not is_of_python:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else lambda *_: None)


_handle_what_is_ignored()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep what is made for all tests out of garbage collection: many tests collect, and would search it each time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Keep what tests of a file left, as imported modules, out of garbage collection in the tests of the next file."""
    if nextitem is not None and nextitem.path != item.path:
        gc.collect()
        gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests: one that is begun last runs without company."""
    items.sort(key=lambda item: item.get_closest_marker("early") is None)


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio, which the core is made for."""
    return "asyncio"
