"""Fuzz target for request paths and queries: any text in any field of any operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from frontegg_async._core.http.urls import address, build_path, build_query, build_url
from frontegg_async.endpoints import all_endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.regions import parse_base_url
from quality.fuzz_targets.target import Target, check, join, split, text_of

_ENDPOINTS = [endpoint for endpoint in all_endpoints() if endpoint.fields]
_BASE = parse_base_url("https://app-acme.us.frontegg.com/frontegg")
_FIELD = re.compile(r"\{[^}]*\}")


def run(data: bytes) -> None:
    """Check that a value becomes exactly one segment or is refused, and that a query survives a round trip."""
    if not data:
        return
    endpoint = _ENDPOINTS[data[0] % len(_ENDPOINTS)]
    texts = [text_of(part) for part in split(data[1:], 4)]
    fields = dict(zip(sorted(endpoint.fields), [*texts, *texts], strict=False))
    pairs = [("first", texts[2]), (texts[3], "second")]
    try:
        path = build_path(endpoint.path, fields)
    except InvalidArgumentError:
        path = ""
    try:
        query = build_query(pairs)
    except InvalidArgumentError:
        query = ""
    if path:
        _check_segments(endpoint.path, path, fields)
        check(address(_BASE, endpoint.path, fields, ()).raw_path == _BASE.prefix + path, "address and build_path agree")
    if query:
        check(parse_qsl(query, keep_blank_values=True, strict_parsing=True) == pairs, "a query has the given pairs")
    url = build_url(_BASE, path or "/x", query)
    check(url.raw_path == _BASE.prefix + (path or "/x"), "the URL has the built path")
    check(url.raw_query_string == query, "the URL has the built query")
    check(str(url.origin()) == _BASE.origin and not url.raw_fragment, "origin and fragment do not change")


def _check_segments(template: str, path: str, fields: dict[str, str]) -> None:
    wanted, sent = template.split("/"), path.split("/")
    check(len(wanted) == len(sent), "the number of segments does not change")
    for own, segment in zip(wanted, sent, strict=True):
        if not _FIELD.search(own):
            check(own == segment, "segments without a field do not change")
        elif _FIELD.fullmatch(own):
            check(unquote(segment, errors="strict") == fields[own[1:-1]], "a segment is the quoted value of its field")
            check(segment not in {"", ".", ".."}, "a segment is neither empty nor dots")


def seeds() -> Iterator[bytes]:
    """Yield harmless values and hostile ones."""
    for number in range(len(_ENDPOINTS)):
        yield bytes([number]) + join("tenant-1", "key", "value", "name")
    for value in ("..", ".", "", "a/b", "%2e%2e", "a?b#c", "a b", "\u00e9", "\udc80", "\x00", "a" * 257):
        yield b"\0" + join(value, value, value, value or "name")


TARGET = Target("routes", run, seeds)
