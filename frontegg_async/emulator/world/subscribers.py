"""`Subscribers`: the connected readers of an emulator's event stream, such as the dashboard."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, Literal, TypeAlias

import attrs

from frontegg_async.emulator.world.journal import JournalEntry

MAX_SUBSCRIBERS: Final = 64
MAX_WAITING: Final = 2_000
"""The maximum number of requests that wait for one subscriber. Further requests are only in the journal."""

Subject: TypeAlias = Literal["environments", "state", "faults", "clock", "journal", "deliveries", "outbox"]
"""The kinds of data that verbs and deliveries change. ``state`` stands for tenants and users."""


@attrs.frozen(kw_only=True)
class PendingEvents:
    """The events that were not yet sent to a subscriber: requests with their latest status, and changed subjects."""

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
        """Add a request that arrived or that has a new status."""
        if entry.trace_id not in self._requests and len(self._requests) >= MAX_WAITING:
            self._missed += 1
        else:
            self._requests[entry.trace_id] = entry
        self._has_news.set()

    def add_change(self, subject: Subject) -> None:
        """Add a change that a verb or a delivery made."""
        self._changed[subject] = None
        self._has_news.set()

    def end(self) -> None:
        """End the subscription."""
        self._ended.set()
        self._has_news.set()

    async def next(self, timeout: float) -> PendingEvents | None:  # noqa: ASYNC109 - a timeout is no error here
        """Wait for events and return them.

        After ``timeout`` seconds without events, the result is empty. At the end of the subscription, it is ``None``.
        """
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
        """Wait for some seconds, so that several events are sent together. Return early if the subscription ends."""
        try:
            async with asyncio.timeout(seconds):
                await self._ended.wait()
        except TimeoutError:
            return


@attrs.define(eq=False)
class Subscribers:
    """All subscribers. Without subscribers, publishing an event does nothing."""

    _all: list[Subscriber] = attrs.field(factory=list[Subscriber], init=False)
    _closed: bool = attrs.field(default=False, init=False)

    @property
    def is_full(self) -> bool:
        """Whether the maximum number of subscribers is reached."""
        return self._closed or len(self._all) >= MAX_SUBSCRIBERS

    @contextmanager
    def subscribe(self, environment: str | None) -> Generator[Subscriber]:
        """Subscribe to the events of one or of all environments until the end of the ``with`` block."""
        subscriber = Subscriber(environment)
        self._all.append(subscriber)
        try:
            yield subscriber
        finally:
            self._all.remove(subscriber)

    def publish_request(self, entry: JournalEntry) -> None:
        """Publish a request. This is called when the request arrives and when it ends."""
        for subscriber in self._all:
            if subscriber.environment in (None, entry.environment):
                subscriber.add_request(entry)

    def publish_change(self, subject: Subject, environment: str | None) -> None:
        """Publish a change that a verb made in one environment or in all environments."""
        for subscriber in self._all:
            if None in (environment, subscriber.environment) or subscriber.environment == environment:
                subscriber.add_change(subject)

    def close(self) -> None:
        """End all subscriptions, and accept no new subscriptions."""
        self._closed = True
        for subscriber in self._all:
            subscriber.end()
