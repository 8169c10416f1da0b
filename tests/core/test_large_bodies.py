"""Large bodies are decoded in pieces like small ones, or refused before they are parsed."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from frontegg_async._core.codec import large_bodies
from frontegg_async._core.codec.reader import decode
from frontegg_async.errors import DecodeError
from frontegg_async.models.page import Page
from frontegg_async.models.tenants import Tenant
from tests.core.rows import REQUIRED

_MIB: Final = 1024 * 1024


def _row(number: int, **more: object) -> dict[str, object]:
    return {**REQUIRED, "tenantId": f"t{number}", "metadata": json.dumps({"plan": "x" * 200}), **more}


def _many(*rows: object) -> bytes:
    return json.dumps(rows).encode()


def _page(*rows: object) -> bytes:
    return json.dumps({"items": rows, "_metadata": {"totalItems": len(rows)}}).encode()


def _paths(body: bytes, returns: Any) -> tuple[str, ...]:
    error = decode(body, returns)
    assert isinstance(error, DecodeError)
    return error.paths


@pytest.mark.parametrize(("make", "returns"), [(_page, Page[Tenant]), (_many, tuple[Tenant, ...])])
def test_rows_of_a_large_body(make: Any, returns: Any) -> None:
    """Each row is read as that of a small body, with names that are new in the middle of it."""
    rows = [_row(number, **({"newField": number} if number % 7 == 3 else {})) for number in range(2_000)]
    body = make(*rows)
    assert len(body) > 2 * large_bodies.SIZE
    value: Any = decode(body, returns)
    tenants = value.items if returns == Page[Tenant] else value
    assert [tenant.tenant_id for tenant in tenants] == [f"t{number}" for number in range(2_000)]
    assert [tenant.extra.get("newField") for tenant in tenants] == [row.get("newField") for row in rows]
    assert tenants[1_999].metadata == {"plan": "x" * 200}


@pytest.mark.parametrize(
    ("make", "returns", "place"), [(_page, Page[Tenant], "$.items[1234]"), (_many, tuple[Tenant, ...], "$[1234]")]
)
def test_a_wrong_row_of_a_large_body(make: Any, returns: Any, place: str) -> None:
    """The error has its index in the whole."""
    rows = [_row(number) for number in range(2_000)]
    rows[1_234]["tenantId"] = 5
    assert _paths(make(*rows), returns) == (f"{place}.tenantId: expected str, got int",)


@pytest.mark.parametrize(("make", "returns"), [(_page, Page[Tenant]), (_many, tuple[Tenant, ...])])
def test_an_odd_row_of_a_large_body(make: Any, returns: Any) -> None:
    """It is read as one of a small body."""
    rows = [_row(number) for number in range(2_000)]
    rows[1_234] = {"tenantId": "odd", "name": 5}
    value: Any = decode(make(*rows), returns)
    tenants = value.items if returns == Page[Tenant] else value
    assert tenants[1_234] == Tenant(tenant_id="odd", extra={"name": 5})
    assert [tenant.name for tenant in (*tenants[:1_234], *tenants[1_235:])] == ["Acme"] * 1_999


@pytest.mark.parametrize(
    ("about", "total"),
    [
        (b"", None),
        (b', "_metadata": null', None),
        (b', "_metadata": []', None),
        (b', "_metadata": {"totalItems": "2000"}', 2_000),
        (b', "_metadata": {"totalItems": 2000.0}', 2_000),
        (b', "_metadata": {"totalItems": 2000, "x": "%b"}' % (b"x" * large_bodies.FREE_SIZE), None),
    ],
    ids=range(6),
)
def test_the_total_of_a_large_page(about: bytes, total: int | None) -> None:
    """It is taken as that of a small one; what stands in its place and is large is not parsed."""
    rows = b",".join(json.dumps(_row(number)).encode() for number in range(2_000))
    value = decode(b'{"items": [%b]%b}' % (rows, about), Page[Tenant])
    assert isinstance(value, Page)
    assert (len(value.items), value.total) == (2_000, total)


def test_rows_of_every_size() -> None:
    """Pieces have whole rows, in order, and a row that is larger than a piece has one of its own."""
    rows = [b"x" * size for size in (1, 200_000, 3, 60_000, 70_000, 70_000, 5)]
    found = list(large_bodies.pieces(rows))
    assert [(start, count) for start, count, _ in found] == [(0, 1), (1, 1), (2, 3), (5, 2)]
    assert b",".join(piece[1:-1] for _, _, piece in found) == b",".join(rows)
    assert list(large_bodies.pieces([])) == []


@pytest.mark.parametrize(
    ("body", "returns", "path"),
    [
        (b'["' + b"x" * 2 * _MIB + b'"]', Tenant, "$: expected at most 2 MiB"),
        (b'["' + b"x" * 8 * _MIB + b'"]', object, "$: expected at most 8 MiB"),
        (b"[" + b"1," * 2**17 + b"1]", Tenant, "$: expected at most 131072 values"),
        (b"[" + b"1," * 2**20 + b"1]", Page[Tenant], "$: expected at most 1048576 values"),
        (b"[" + b"[]," * 2**15 + b"1]", object, "$: expected at most 32768 arrays and objects"),
        (b"[" + b"{}," * 2**16 + b"{}]", tuple[Tenant, ...], "$: expected at most 32768 arrays and objects"),
        (b"[" + b"{}," * 250_001 + b"{}]", tuple[Tenant, ...], "$: expected at most 250000 rows"),
        (_page(*[REQUIRED] * 10_001), Page[Tenant], "$: expected at most 10000 rows"),
        (_many(*[REQUIRED] * 9_000, REQUIRED | {"x": "y" * 2 * _MIB}), tuple[Tenant, ...], "$[9000]: expected at most"),
        (b'[{"a":"' + b"\\" * 4 * _MIB + b'"}]', tuple[Tenant, ...], "$: expected rows of at most 2 MiB"),
    ],
    ids=range(10),
)
def test_what_would_take_long(body: bytes, returns: Any, path: str) -> None:
    """It is refused, whatever else may be wrong with it."""
    (found,) = _paths(body, returns)
    assert found.startswith(path)


def test_what_takes_no_time() -> None:
    """As many values as a small body can have are no harm."""
    assert decode(b"[" + b"1," * 100_000 + b"1]", object) == [1] * 100_001
