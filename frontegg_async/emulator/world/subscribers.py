"""`Subscribers`: those that follow what happens in an emulator, as the dashboard does."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, Literal, TypeAlias

import attrs

from frontegg_async.emulator.world.journal import JournalEntry

MAX_SUBSCRIBERS: Final = 64
MAX_WAITING: Final = 2_000
"""Requests that wait for one watcher; more are counted, and can be read in the journal."""

Subject: TypeAlias = Literal["environments", "state", "faults", "clock", "journal"]
"""What may have changed by a verb: ``state`` is tenants and users."""


@attrs.frozen(kw_only=True)
class PendingEvents:
    """What happened since a watcher was told last: requests, each as it is by now, and what verbs changed."""

    requests: tuple[JournalEntry, ...] = ()
    missed: int = 0
    changed: tuple[Subject, ...] = ()


@attrs.define(eq=False)
class Subscriber:
    """One who looks on, at one environment or at all."""

    environment: str | None
    _requests: dict[str, JournalEntry] = attrs.field(factory=dict[str, JournalEntry], init=False)
    _missed: int = attrs.field(default=0, init=False)
    _changed: dict[Subject, None] = attrs.field(factory=dict["Subject", None], init=False)
    _stir: asyncio.Event = attrs.field(factory=asyncio.Event, init=False)
    _ended: asyncio.Event = attrs.field(factory=asyncio.Event, init=False)

    def see_request(self, entry: JournalEntry) -> None:
        """Note a request, or what became of it."""
        if entry.trace_id not in self._requests and len(self._requests) >= MAX_WAITING:
            self._missed += 1
        else:
            self._requests[entry.trace_id] = entry
        self._stir.set()

    def see_change(self, subject: Subject) -> None:
        """Note that a verb changed something."""
        self._changed[subject] = None
        self._stir.set()

    def end(self) -> None:
        """Let it go."""
        self._ended.set()
        self._stir.set()

    async def news(self, patience: float) -> PendingEvents | None:
        """Wait for news and return them; they are empty after so many seconds without any, and ``None`` at the end."""
        try:
            async with asyncio.timeout(patience):
                await self._stir.wait()
        except TimeoutError:
            return PendingEvents()
        if self._ended.is_set():
            return None
        news = PendingEvents(requests=tuple(self._requests.values()), missed=self._missed, changed=tuple(self._changed))
        self._requests.clear()
        self._changed.clear()
        self._missed = 0
        self._stir.clear()
        return news

    async def rest(self, seconds: float) -> None:
        """Let news gather for so long, or until the end."""
        try:
            async with asyncio.timeout(seconds):
                await self._ended.wait()
        except TimeoutError:
            return


@attrs.define(eq=False)
class Subscribers:
    """All who look on. Telling them costs nothing while there are none."""

    _all: list[Subscriber] = attrs.field(factory=list[Subscriber], init=False)
    _closed: bool = attrs.field(default=False, init=False)

    @property
    def is_full(self) -> bool:
        """Whether no more are let in."""
        return self._closed or len(self._all) >= MAX_SUBSCRIBERS

    @contextmanager
    def watch(self, environment: str | None) -> Generator[Subscriber]:
        """Look on, at one environment or at all."""
        watcher = Subscriber(environment)
        self._all.append(watcher)
        try:
            yield watcher
        finally:
            self._all.remove(watcher)

    def publish_request(self, entry: JournalEntry) -> None:
        """Tell of a request, when it came and when it is done."""
        for watcher in self._all:
            if watcher.environment in (None, entry.environment):
                watcher.see_request(entry)

    def publish_change(self, subject: Subject, environment: str | None) -> None:
        """Tell what a verb changed, in one environment or in all."""
        for watcher in self._all:
            if None in (environment, watcher.environment) or watcher.environment == environment:
                watcher.see_change(subject)

    def close(self) -> None:
        """Let all go, and let nobody in any more."""
        self._closed = True
        for watcher in self._all:
            watcher.end()
