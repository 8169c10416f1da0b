"""Receivers of signals, for the time of a block."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from django.dispatch import Signal


@contextlib.contextmanager
def heard(signal: Signal, receiver: Callable[..., object]) -> Iterator[None]:
    """Connect a receiver, and disconnect it at the end."""
    signal.connect(receiver, weak=False)
    try:
        yield
    finally:
        assert signal.disconnect(receiver)
