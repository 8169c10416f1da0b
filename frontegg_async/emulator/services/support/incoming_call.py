"""`IncomingCall`: a request as rules receive it, with its caller, path fields, query and body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.world.grants import NOBODY, Grant


def _pairs(raw: str) -> Iterable[tuple[str, str]]:
    if "%" in raw or "+" in raw:
        return parse_qsl(raw, keep_blank_values=True, max_num_fields=None)
    # Most queries need no decoding. Splitting such queries directly takes a third of the time.
    return [(name, value) for name, _, value in (pair.partition("=") for pair in raw.split("&") if pair)]


class Query:
    """The query of a request.

    Args:
        raw: The encoded text of the query.
    """

    __slots__ = ("_values",)

    def __init__(self, raw: str = "") -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in _pairs(raw):
            self._values.setdefault(name, []).append(value)

    def values(self, name: str) -> list[str]:
        """Return all values of a parameter in their order."""
        return list(self._values.get(name, ()))

    def get(self, name: str) -> str | None:
        """Return the last value of a parameter, or ``None`` without the parameter."""
        values = self._values.get(name)
        return values[-1] if values else None


NO_FIELDS: Final[Mapping[str, str]] = {}
_NO_BODY: Final[Mapping[str, JsonValue]] = {}


class IncomingCall(msgspec.Struct, kw_only=True, frozen=True):
    """An authorized request. The fields and types of its body are those of its operation."""

    caller: Grant = NOBODY
    tenant_id: str = ""
    """The id of the tenant that the request concerns, from the user token or the tenant header."""
    path: Mapping[str, str] = NO_FIELDS
    query: Query = msgspec.field(default_factory=Query)
    body: Mapping[str, JsonValue] = _NO_BODY
    raw_path: str = ""
    headers: Mapping[str, str] = NO_FIELDS
    """The headers of the request, with case-insensitive names."""
    claims: Mapping[str, JsonValue] = _NO_BODY
    """The claims that a prehook adds to the token in the response. They replace claims with the same names."""
