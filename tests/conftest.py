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
settings.register_profile("quick", settings.get_profile("suite"), max_examples=5)
"""The profile of `make test`. `make acceptance` runs all examples."""
settings.register_profile(
    "mutants", settings.get_profile("suite"), max_examples=30, phases=(Phase.explicit, Phase.generate)
)
"""The profile for mutants. Their failures need no report."""

settings.load_profile("suite")


def _handle_what_is_ignored() -> None:
    """Set a handler for each signal that this process ignores from its start, for example because of nohup.

    Child processes of tests would inherit ignored signals. A signal with a handler has its default in child processes.
    This process still ignores these signals, except SIGINT, which tests raise.
    """
    for number in signal.valid_signals():
        # Python itself ignores these two signals, in every process.
        is_of_python = number in {getattr(signal, name, None) for name in ("SIGPIPE", "SIGXFSZ")}
        if signal.getsignal(number) is signal.SIG_IGN and not is_of_python:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else lambda *_: None)


_handle_what_is_ignored()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Freeze the objects of the collection. Many tests collect garbage, and would search these objects each time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Freeze the objects that the tests of a file left, such as imported modules, before the next file."""
    if nextitem is not None and nextitem.path != item.path:
        gc.collect()
        gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests, so that no worker runs a long test alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("early") is None)


@pytest.fixture
def anyio_backend() -> str:
    """The backend of async tests: the core requires asyncio."""
    return "asyncio"
