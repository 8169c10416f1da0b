"""`Journal`: records every request in order of arrival, with its changes of tenants and its faults."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from itertools import islice
from operator import itemgetter
from typing import Final

import attrs
import msgspec

from frontegg_async.emulator.store.gradual_free import free_gradually
from frontegg_async.emulator.world.redaction import REDACTED, readable

MAX_ENTRIES: Final = 100_000
"""The default maximum number of requests in a journal."""
MAX_TEXT: Final = 64 * 1024 * 1024
"""The maximum number of characters in all methods, paths, queries and headers of a journal together."""
MAX_STALE: Final = 1_000
"""The number of cleared entries that the list of the order may contain before it is rebuilt."""
_VERIFIER: Final = "x-frontegg-headers-verifier"
_RECORDED: Final = (_VERIFIER, "x-frontegg-forwarded-for", "frontegg-vendor-id", "frontegg-application-id")
"""The names of the headers with which a backend forwards the address of its own caller."""
_NO_HEADERS: Final[Mapping[str, str]] = {}


class Effect(msgspec.Struct, kw_only=True, frozen=True, gc=False):
    """The ids of the tenants that a request created, changed and deleted."""

    created: tuple[str, ...] = ()
    """The ids of the tenants that the request created."""
    changed: tuple[str, ...] = ()
    """The ids of the tenants that the request changed."""
    deleted: tuple[str, ...] = ()
    """The ids of the tenants that the request deleted."""


NO_EFFECT: Final = Effect()


class JournalEntry(msgspec.Struct, kw_only=True, gc=False):
    """A recorded request. ``status`` is null before the response. It stays null if a fault prevented a response.

    ``headers`` are the headers with which a backend forwards its caller's address. The shared secret in the header
    ``x-frontegg-headers-verifier`` is redacted.
    """

    at: str
    """The ISO 8601 time of arrival by the clock of the environment."""
    method: str
    """The HTTP method."""
    path: str
    """The decoded path, with e-mail addresses redacted."""
    query: str
    """The query, with secrets and e-mail addresses redacted."""
    route: str | None
    """The name of the operation, such as ``tenants.get``, or ``None`` if no operation has this path."""
    environment: str | None
    """The client id of the environment, or ``None`` if the environment is unknown."""
    trace_id: str
    """The trace id of the response."""
    status: int | None = None
    """The status of the response, or ``None`` if there is no response."""
    effect: Effect | None = None
    """The ids of the tenants that the request changed, or ``None`` if it changed no tenant."""
    faults: tuple[str, ...] = ()
    """The ids of the faults that acted on the request."""
    headers: Mapping[str, str] = _NO_HEADERS
    """The headers with which a backend forwards the address of its own caller."""


def recorded_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the headers of a request that the journal keeps."""
    recorded = {name: readable(headers[name]) for name in _RECORDED if name in headers}
    if _VERIFIER in recorded:
        recorded[_VERIFIER] = REDACTED
    return recorded or _NO_HEADERS


@attrs.define(eq=False)
class _Part:
    """The entries of one environment, their positions in the whole journal, and the number of dropped entries."""

    entries: deque[JournalEntry] = attrs.field(factory=deque[JournalEntry])
    numbers: deque[int] = attrs.field(factory=deque[int])
    dropped: int = 0
    is_cleared: bool = False


@attrs.define
class Journal:
    """The journal entries of all environments, in the order in which the requests arrived.

    Args:
        most: The maximum number of entries. When the journal is full, the oldest entries are dropped. Large entries are
        dropped earlier, because all methods, paths, queries and headers together may have at most `MAX_TEXT`
        characters.
    """

    most: int = MAX_ENTRIES
    _parts: dict[str | None, _Part] = attrs.field(factory=dict[str | None, _Part], init=False)
    _order: deque[_Part] = attrs.field(factory=deque[_Part], init=False)
    """For each entry, oldest first, the `_Part` to which it belongs. Cleared entries are included."""
    _numbered: int = attrs.field(default=0, init=False)
    _count: int = attrs.field(default=0, init=False)
    _text: int = attrs.field(default=0, init=False)

    def add(self, entry: JournalEntry) -> None:
        """Add a request. Its environment must not change afterwards."""
        part = self._parts.get(entry.environment)
        if part is None:
            part = self._parts[entry.environment] = _Part()
        part.entries.append(entry)
        part.numbers.append(self._numbered)
        self._order.append(part)
        self._numbered += 1
        self._count += 1
        self._text += _text_in(entry)
        while self._count > self.most or (self._text > MAX_TEXT and self._count > 1):
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        part = self._order.popleft()
        if part.is_cleared:
            return
        part.numbers.popleft()
        part.dropped += 1
        self._count -= 1
        self._text -= _text_in(part.entries.popleft())

    def _parts_of(self, environment: str | None) -> list[_Part]:
        """Return the `_Part` of one environment, or the `_Part` of every environment for ``None``."""
        if environment is None:
            return list(self._parts.values())
        part = self._parts.get(environment)
        return [] if part is None else [part]

    def entries(self, environment: str | None = None) -> list[JournalEntry]:
        """Return the entries of one environment, or of all environments."""
        parts = self._parts_of(environment)
        if len(parts) == 1:
            return list(parts[0].entries)
        numbered = [pair for part in parts for pair in zip(part.numbers, part.entries, strict=True)]
        return [entry for _, entry in sorted(numbered, key=itemgetter(0))]

    def dropped(self, environment: str | None = None) -> int:
        """Return the number of entries dropped since the start or the last `clear`, of one or all environments."""
        return sum(part.dropped for part in self._parts_of(environment))

    def last(self, count: int, environment: str | None = None) -> list[JournalEntry]:
        """Return the newest entries of one environment, or of all environments. The newest entry is last."""
        newest: list[tuple[int, JournalEntry]] = []
        for part in self._parts_of(environment):
            backwards = zip(reversed(part.numbers), reversed(part.entries), strict=True)
            newest.extend(islice(backwards, count))
        newest.sort(key=itemgetter(0), reverse=True)
        return [entry for _, entry in reversed(newest[:count])]

    def clear(self, environment: str | None = None) -> None:
        """Delete the entries of one or of all environments, and set the count of dropped entries to 0."""
        parts = self._parts_of(environment)
        if environment is None:
            self._parts, self._order = {}, deque()
            self._count = self._text = 0
        else:
            self._parts.pop(environment, None)
            for part in parts:
                part.is_cleared = True
                self._count -= len(part.entries)
                self._text -= sum(map(_text_in, part.entries))
            if len(self._order) > 2 * self._count + MAX_STALE:
                self._order = deque(part for part in self._order if not part.is_cleared)
        free_gradually(part.entries for part in parts)


def _text_in(entry: JournalEntry) -> int:
    text = len(entry.method) + len(entry.path) + len(entry.query)
    return text + sum(map(len, entry.headers.values())) if entry.headers else text
