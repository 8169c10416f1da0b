"""`Subscribers`: the readers of requests and changes in an emulator, such as the dashboard."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, Literal, TypeAlias

import attrs

from frontegg_async.emulator.world.journal import JournalEntry

MAX_SUBSCRIBERS: Final = 64
MAX_WAITING: Final = 2_000
"""The most requests that wait for one subscriber. Further requests are only counted, and remain in the journal."""

Subject: TypeAlias = Literal["environments", "state", "faults", "clock", "journal", "deliveries", "outbox"]
"""The subjects of changes by verbs and deliveries. ``state`` stands for tenants and users."""


@attrs.frozen(kw_only=True)
class PendingEvents:
    """The events that were not sent to a subscriber yet: requests in their latest states, and changes by verbs."""

    requests: tuple[JournalEntry, ...] = ()
    missed: int = 0
    changed: tuple[Subject, ...] = ()


@attrs.define(eq=False)
class Subscriber:
    """A reader of the events of one environment, or of all environments."""

    environment: str | None
    _requests: dict[str, JournalEntry] = attrs.field(factory=dict[str, JournalEntry], init=False)
    _missed: int = attrs.field(default=0, init=False)
    _changed: dict[Subject, None] = attrs.field(factory=dict["Subject", None], init=False)
    _has_news: asyncio.Event = attrs.field(factory=asyncio.Event, init=False)
    _ended: asyncio.Event = attrs.field(factory=asyncio.Event, init=False)

    def add_request(self, entry: JournalEntry) -> None:
        """Add a request or its new state."""
        if entry.trace_id not in self._requests and len(self._requests) >= MAX_WAITING:
            self._missed += 1
        else:
            self._requests[entry.trace_id] = entry
        self._has_news.set()

    def add_change(self, subject: Subject) -> None:
        """Add a change by a verb."""
        self._changed[subject] = None
        self._has_news.set()

    def end(self) -> None:
        """End the subscription."""
        self._ended.set()
        self._has_news.set()

    async def next(self, timeout: float) -> PendingEvents | None:  # noqa: ASYNC109 - a timeout is no error here
        """Wait for events and return them. The result is empty after ``timeout`` seconds, and ``None`` at the end."""
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
    """All subscribers. Publishing costs nothing without subscribers."""

    _all: list[Subscriber] = attrs.field(factory=list[Subscriber], init=False)
    _closed: bool = attrs.field(default=False, init=False)

    @property
    def is_full(self) -> bool:
        """Whether no more subscribers are accepted."""
        return self._closed or len(self._all) >= MAX_SUBSCRIBERS

    @contextmanager
    def subscribe(self, environment: str | None) -> Generator[Subscriber]:
        """Subscribe to one environment, or to all environments, until the end of the ``with`` block."""
        subscriber = Subscriber(environment)
        self._all.append(subscriber)
        try:
            yield subscriber
        finally:
            self._all.remove(subscriber)

    def publish_request(self, entry: JournalEntry) -> None:
        """Publish a request, at its arrival and at its end."""
        for subscriber in self._all:
            if subscriber.environment in (None, entry.environment):
                subscriber.add_request(entry)

    def publish_change(self, subject: Subject, environment: str | None) -> None:
        """Publish a change by a verb, in one environment or in all."""
        for subscriber in self._all:
            if None in (environment, subscriber.environment) or subscriber.environment == environment:
                subscriber.add_change(subject)

    def close(self) -> None:
        """End all subscriptions, and accept no more."""
        self._closed = True
        for subscriber in self._all:
            subscriber.end()
