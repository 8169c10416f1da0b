"""Decoding a page of 200 tenants to typed values: ``python -m benchmarks.decode``."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from random import Random
from typing import Any

import attrs
import cattrs
import orjson
from cattrs.gen import make_dict_structure_fn, override

from benchmarks.measure import compare, show
from frontegg_async import Page, Tenant
from frontegg_async._core.codec.reader import decode
from frontegg_async._core.codec.slow_path import converter
from frontegg_async._values.fields import wire_name


def make_rows(count: int = 200, **more: object) -> list[dict[str, object]]:
    """Return tenants as they are on the wire."""
    rng = Random(1)
    return [
        {
            "id": str(uuid.UUID(int=rng.getrandbits(128))),
            "vendorId": str(uuid.UUID(int=rng.getrandbits(128))),
            "tenantId": str(uuid.UUID(int=rng.getrandbits(128))),
            "name": f"Company {number} GmbH",
            "createdAt": "2024-01-01T10:00:00.123Z",
            "updatedAt": "2024-01-01T10:00:00.123Z",
            "deletedAt": None,
            "isReseller": False,
            "metadata": json.dumps({"plan": "pro", "seats": number, "crm": {"id": f"abc{number}", "tags": ["a"]}}),
            "creatorName": "N. N.",
            "creatorEmail": "nn@company.example",
            "status": "active",
            "website": "https://company.example",
            "applicationUrl": "https://app.company.example",
            "logo": None,
            "logoUrl": "https://company.example/logo.png",
            "address": "Street 1",
            "timezone": "Europe/Berlin",
            "currency": "EUR",
        }
        | more
        for number in range(count)
    ]


def sparse_rows() -> list[dict[str, object]]:
    """Return tenants of which each lacks some fields, or has null in their place."""
    rows = make_rows()
    for number, row in enumerate(rows):
        row.update({"name": None, "status": None} if number % 2 else {"metadata": None, "website": None})
        for name in ("createdAt", "currency") if number % 2 else ("updatedAt", "id"):
            del row[name]
    return rows


def make_page(rows: list[dict[str, object]]) -> bytes:
    """Return the body of a page."""
    return orjson.dumps({"items": rows, "_metadata": {"totalItems": len(rows), "totalPages": 1}, "_links": {}})


def stock_cattrs() -> cattrs.Converter:
    """Return a converter as one would set it up without thinking of speed."""
    made = cattrs.Converter()
    names = {field.name: override(rename=wire_name(field)) for field in attrs.fields(Tenant) if field.name != "extra"}
    overrides: dict[str, Any] = {**names, "extra": override(omit=True), "metadata": override(omit=True)}
    made.register_structure_hook_func(lambda kind: "datetime" in str(kind), lambda value, _: value)
    made.register_structure_hook_func(lambda kind: "int | " in str(kind), lambda value, _: value)
    made.register_structure_hook(Tenant, make_dict_structure_fn(Tenant, made, **overrides))
    return made


DICTS = "orjson.loads (dicts)"
TYPED = "frontegg_async (frozen typed tenants)"
GROWN = "the same, each row with a field unknown to it"
SPARSE = "the same, with null and missing fields, names and times among them"
ODD = "the same, with one value of another type"
STOCK = "stock cattrs, metadata left out"


def candidates() -> dict[str, Callable[[], object]]:
    """Return what reads a page, by name."""
    page = make_page(make_rows())
    grown = make_page(make_rows(newField={"a": 1}))
    sparse, odd = make_page(sparse_rows()), make_page([*make_rows(199), *make_rows(1, status=5)])
    stock = stock_cattrs()
    rows = make_rows()
    for body in (page, grown, sparse, odd):
        assert isinstance(decode(body, Page[Tenant]), Page)
    assert stock.structure(rows[0], Tenant).tenant_id == rows[0]["tenantId"]
    return {
        DICTS: lambda: orjson.loads(page),
        TYPED: lambda: decode(page, Page[Tenant]),
        GROWN: lambda: decode(grown, Page[Tenant]),
        SPARSE: lambda: decode(sparse, Page[Tenant]),
        ODD: lambda: decode(odd, Page[Tenant]),
        "the slow lane (odd input)": lambda: [converter.structure(row, Tenant) for row in orjson.loads(page)["items"]],
        STOCK: lambda: [stock.structure(row, Tenant) for row in orjson.loads(page)["items"]],
    }


def main() -> None:
    """Measure and print."""
    show(f"a page of 200 tenants, {len(make_page(make_rows())):,} bytes", compare(candidates()))


if __name__ == "__main__":
    main()
