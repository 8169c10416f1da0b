"""`Listeners`: the functions that receive the events of a snapshot."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import TypeAlias

from frontegg_async._core.call.observers import log_failure
from frontegg_async._core.runtime.forks import ProcessLock
from frontegg_async.entitlements.events import EntitlementsEvent

Listener: TypeAlias = Callable[[EntitlementsEvent], None]


class Listeners:
    """The listeners of one client. Any thread may add a listener."""

    def __init__(self) -> None:
        self._all: tuple[Listener, ...] = ()
        self._lock = ProcessLock()

    def add(self, listener: Listener) -> Callable[[], None]:
        """Add a listener, even if the listener was added before. Return a function that removes the listener."""
        own = functools.partial(listener)

        def remove() -> None:
            with self._lock.of_process():
                self._all = tuple(each for each in self._all if each is not own)

        with self._lock.of_process():
            self._all = (*self._all, own)
        return remove

    def call(self, event: EntitlementsEvent) -> None:
        """Call the listeners one after the other, and log their exceptions."""
        for listener in self._all:
            try:
                listener(event)
            except (Exception, asyncio.CancelledError, GeneratorExit) as failure:  # noqa: BLE001 - it must not end the task
                log_failure(failure)
