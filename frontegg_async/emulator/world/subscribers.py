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
"""How many requests wait for one subscriber; further ones are only counted, and are in the journal."""

Subject: TypeAlias = Literal["environments", "state", "faults", "clock", "journal", "deliveries", "outbox"]
"""What a verb, or a delivery, can change; ``state`` is tenants and users."""


@attrs.frozen(kw_only=True)
class PendingEvents:
    """What a subscriber has not been sent yet: requests, each in its latest state, and what verbs changed."""

    requests: tuple[JournalEntry, ...] = ()
    missed: int = 0
    changed: tuple[Subject, ...] = ()


@attrs.define(eq=False)
class Subscriber:
    """Follows one environment, or all of them."""

    environment: str | None
    _requests: dict[str, JournalEntry] = attrs.field(factory=dict[str, JournalEntry], init=False)
    _missed: int = attrs.field(default=0, init=False)
    _changed: dict[Subject, None] = attrs.field(factory=dict["Subject", None], init=False)
    _has_news: asyncio.Event = attrs.field(factory=asyncio.Event, init=False)
    _ended: asyncio.Event = attrs.field(factory=asyncio.Event, init=False)

    def add_request(self, entry: JournalEntry) -> None:
        """Add a request, or its new state."""
        if entry.trace_id not in self._requests and len(self._requests) >= MAX_WAITING:
            self._missed += 1
        else:
            self._requests[entry.trace_id] = entry
        self._has_news.set()

    def add_change(self, subject: Subject) -> None:
        """Add that a verb changed something."""
        self._changed[subject] = None
        self._has_news.set()

    def end(self) -> None:
        """End the subscription."""
        self._ended.set()
        self._has_news.set()

    async def next(self, timeout: float) -> PendingEvents | None:  # noqa: ASYNC109 - a timeout is no error here
        """Wait for events and return them: none after ``timeout`` seconds without any, ``None`` at the end."""
        try:
            async with asyncio.timeout(timeout):
                await self._has_news.wait()
        except TimeoutError:
            return PendingEvents()
        if self._ended.is_set():
            return None
        pending = PendingEvents(
            requests=tuple(self._requests.values()), missed=self._missed, changed=tuple(self._changed)
        )
        self._requests.clear()
        self._changed.clear()
        self._missed = 0
        self._has_news.clear()
        return pending

    async def pause(self, seconds: float) -> None:
        """Wait for some seconds, or until the end, so that several events are sent together."""
        try:
            async with asyncio.timeout(seconds):
                await self._ended.wait()
        except TimeoutError:
            return


@attrs.define(eq=False)
class Subscribers:
    """All subscribers. Publishing costs nothing while there are none."""

    _all: list[Subscriber] = attrs.field(factory=list[Subscriber], init=False)
    _closed: bool = attrs.field(default=False, init=False)

    @property
    def is_full(self) -> bool:
        """Whether no more subscribers are accepted."""
        return self._closed or len(self._all) >= MAX_SUBSCRIBERS

    @contextmanager
    def subscribe(self, environment: str | None) -> Generator[Subscriber]:
        """Subscribe to one environment, or to all of them, until the end of the ``with`` block."""
        subscriber = Subscriber(environment)
        self._all.append(subscriber)
        try:
            yield subscriber
        finally:
            self._all.remove(subscriber)

    def publish_request(self, entry: JournalEntry) -> None:
        """Publish a request, when it has arrived and when it is done."""
        for subscriber in self._all:
            if subscriber.environment in (None, entry.environment):
                subscriber.add_request(entry)

    def publish_change(self, subject: Subject, environment: str | None) -> None:
        """Publish what a verb changed, in one environment or in all."""
        for subscriber in self._all:
            if None in (environment, subscriber.environment) or subscriber.environment == environment:
                subscriber.add_change(subject)

    def close(self) -> None:
        """End all subscriptions, and accept no more."""
        self._closed = True
        for subscriber in self._all:
            subscriber.end()
