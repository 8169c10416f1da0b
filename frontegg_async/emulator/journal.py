"""The journal: every request in order, with what it did and which faults it met."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, unquote_plus, urlencode

import attrs
import msgspec

from frontegg_async.emulator.answers import Effect

_SECRET_NAME: Final = re.compile(r"token|secret|passw|pwd|key|code|jwt|auth|cookie|refresh|credential", re.IGNORECASE)
REDACTED: Final = "[redacted]"


class Entry(msgspec.Struct, kw_only=True):
    """A request. ``status`` is null while it is under way and when its answer was lost to a fault."""

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


def redact(query: str) -> str:
    """Return a query without the values whose names say that they are secret, and without e-mail addresses."""
    if not query or not (_SECRET_NAME.search(unquote_plus(query)) or "@" in unquote_plus(query)):
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
class Journal:
    """The entries of all environments, in the order in which the requests arrived."""

    _entries: list[Entry] = attrs.field(factory=list[Entry])

    def add(self, entry: Entry) -> None:
        """Write a request down."""
        self._entries.append(entry)

    def entries(self, environment: str | None = None) -> list[Entry]:
        """Return all entries, or those of one environment."""
        if environment is None:
            return list(self._entries)
        return [entry for entry in self._entries if entry.environment == environment]

    def clear(self, environment: str | None = None) -> None:
        """Forget all entries, or those of one environment."""
        if environment is None:
            self._entries = []
        else:
            self._entries = [entry for entry in self._entries if entry.environment != environment]
