"""The journal: every request in order, with what it did and which faults it met."""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Mapping
from operator import itemgetter
from typing import Final
from urllib.parse import parse_qsl, unquote_plus, urlencode

import attrs
import msgspec

from frontegg_async.emulator.answers import Effect
from frontegg_async.emulator.disposal import dispose

_SECRET_NAME: Final = re.compile(r"token|secret|passw|pwd|key|code|jwt|auth|cookie|refresh|credential", re.IGNORECASE)
REDACTED: Final = "[redacted]"
_VERIFIER: Final = "x-frontegg-headers-verifier"
_NOTED: Final = (_VERIFIER, "x-frontegg-forwarded-for", "frontegg-vendor-id", "frontegg-application-id")
"""The headers by which a backend tells of its own caller."""
_NONE_NOTED: Final[Mapping[str, str]] = {}


class Entry(msgspec.Struct, kw_only=True, gc=False):
    """A request. ``status`` is null while it is under way and when its answer was lost to a fault.

    ``headers`` are those by which a backend tells of its own caller, as far as they were sent; the verifier is
    redacted.
    """

    at: str
    method: str
    path: str
    query: str
    route: str | None
    environment: str | None
    trace_id: str
    status: int | None = None
    effect: Effect | None = None
    faults: tuple[str, ...] = ()
    headers: Mapping[str, str] = _NONE_NOTED


def noted_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the headers of a request that the journal shows."""
    noted = {name: _readable(headers[name]) for name in _NOTED if name in headers}
    if _VERIFIER in noted:
        noted[_VERIFIER] = REDACTED
    return noted or _NONE_NOTED


def _readable(header: str) -> str:
    """Return a header as JSON can hold it: bytes that are no UTF-8 arrive as lone surrogates."""
    return header if header.isascii() else header.encode("utf-8", "backslashreplace").decode()


def redact(query: str) -> str:
    """Return a query without the values whose names say that they are secret, and without e-mail addresses."""
    plain = unquote_plus(query)
    if "@" not in plain and not _SECRET_NAME.search(plain):
        return query
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(
        [(name, REDACTED if _SECRET_NAME.search(name) or "@" in value else value) for name, value in pairs]
    )


def redact_path(path: str) -> str:
    """Return a path without e-mail addresses."""
    if "@" not in path:
        return path
    return "/".join(REDACTED if "@" in segment else segment for segment in path.split("/"))


@attrs.define
class _Part:
    """The entries of one environment, and the numbers that they have among all."""

    entries: list[Entry] = attrs.field(factory=list[Entry])
    numbers: array[int] = attrs.field(factory=lambda: array("Q"))


@attrs.define
class Journal:
    """The entries of all environments, in the order in which the requests arrived."""

    _parts: dict[str | None, _Part] = attrs.field(factory=dict[str | None, _Part])
    _count: int = 0

    def add(self, entry: Entry) -> None:
        """Write a request down; its environment stays the same from now on."""
        part = self._parts.get(entry.environment)
        if part is None:
            part = self._parts[entry.environment] = _Part()
        part.entries.append(entry)
        part.numbers.append(self._count)
        self._count += 1

    def entries(self, environment: str | None = None) -> list[Entry]:
        """Return all entries, or those of one environment."""
        if environment is not None:
            part = self._parts.get(environment)
            return [] if part is None else list(part.entries)
        numbered = [pair for part in self._parts.values() for pair in zip(part.numbers, part.entries, strict=True)]
        return [entry for _, entry in sorted(numbered, key=itemgetter(0))]

    def last(self, count: int, environment: str | None = None) -> list[Entry]:
        """Return the newest entries of all, or of one environment, the newest at the end."""
        parts = self._parts.values() if environment is None else filter(None, [self._parts.get(environment)])
        start = -count if count else sys.maxsize
        newest = [pair for part in parts for pair in zip(part.numbers[start:], part.entries[start:], strict=True)]
        return [entry for _, entry in sorted(newest, key=itemgetter(0))][start:]

    def clear(self, environment: str | None = None) -> None:
        """Forget all entries, or those of one environment."""
        if environment is None:
            parts, self._parts = self._parts, {}
            dispose(part.entries for part in parts.values())
        elif (forgotten := self._parts.pop(environment, None)) is not None:
            dispose([forgotten.entries])
