"""Fuzz target for response bodies: decoded as every type that an operation returns, as an error, and decompressed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

from multidict import CIMultiDict

from frontegg_async._core.call.failures import error_of_response
from frontegg_async._core.codec.reader import decode
from frontegg_async._core.http.attempt_results import RawResponse
from frontegg_async._core.http.decompression import inflate
from frontegg_async.endpoints import all_endpoints
from frontegg_async.endpoints.tenants import GET
from frontegg_async.errors import APIError, DecodeError, ErrorDetails
from frontegg_async.models.tenants import Tenant
from quality.fuzz_targets.target import Target, check

TYPES: list[object] = [*dict.fromkeys([*(each.returns for each in all_endpoints()), str, int, float, bool, list, dict])]
_MOST = 65_536
_TENANT = {
    "tenantId": "t1",
    "name": "One",
    "createdAt": "2024-01-01T00:00:00.000Z",
    "updatedAt": "2024-01-01T00:00:00.000Z",
    "metadata": '{"plan": "pro"}',
}


def run(data: bytes) -> None:
    """Check that each body is decoded or refused, always with the same result, and that a decoded id is unchanged."""
    if not data:
        return
    returns, body = TYPES[data[0] % len(TYPES)], data[1:]
    found = decode(body, returns)  # type: ignore[arg-type]  # a type that is drawn
    again = decode(body, returns)  # type: ignore[arg-type]  # likewise
    check(type(again) is type(found), "the same body gives the same type")
    if isinstance(found, DecodeError):
        check(isinstance(again, DecodeError) and again.paths == found.paths, "the same body gives the same error")
        check(found.paths and len(found.message) < _MOST, "an error names a place in the body")
    if isinstance(found, Tenant):
        check(found.tenant_id in _ids(body), "the id of the tenant is in the body")
    _check_error(body)
    plain = inflate(body, _MOST)
    check(plain is None or len(plain) <= _MOST, "a decompressed body respects the limit")


def _ids(body: bytes) -> list[object]:
    value = json.loads(body)
    return [row.get("tenantId") for row in (value if isinstance(value, list) else [value])]


def _check_error(body: bytes) -> None:
    error = error_of_response(
        GET, RawResponse(400, CIMultiDict({"Content-Type": "application/json"}), body), ErrorDetails()
    )
    check(isinstance(error, APIError), "a refusal becomes an error of the SDK")
    check(str(error).isprintable() or "\n" not in error.message, "an error message is one line")


def seeds() -> Iterator[bytes]:
    """Yield typical bodies of every type."""
    node = {"tenantId": "t1", "name": "One", "children": [{"tenantId": "t2", "name": "Two", "children": []}]}
    page = {"items": [_TENANT], "_metadata": {"totalItems": 1, "totalPages": 1}}
    for number in range(len(TYPES)):
        for value in (_TENANT, [_TENANT], page, node, {"errors": ["wrong"], "errorCode": "ER-1"}, "text", None, [1.5]):
            yield bytes([number]) + json.dumps(value).encode()
    yield b"\0" + gzip.compress(json.dumps(_TENANT).encode(), mtime=0)
    yield b"\0" + b"[" * 2_000
    yield b"\0" + b"9" * 5_000


TARGET = Target("bodies", run, seeds)
