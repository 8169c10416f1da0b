"""Benchmark the decoding of a page of 200 tenants to typed values: ``python -m benchmarks.decode``."""

from __future__ import annotations

import json
import statistics
import time
import uuid
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import attrs
import cattrs
import orjson
from cattrs.gen import make_dict_structure_fn, override

from frontegg_async import Page, Tenant
from frontegg_async._core.codec.reader import decode
from frontegg_async._core.codec.slow_path import converter
from frontegg_async._values.fields import wire_name

_ROUNDS = 60


def make_rows(count: int = 200, **more: object) -> list[dict[str, object]]:
    """Return tenants with their names on the wire."""
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
    """Return tenants that each lack some fields, or have null in them."""
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
    """Return a converter with the default settings of cattrs."""
    made = cattrs.Converter()
    names = {field.name: override(rename=wire_name(field)) for field in attrs.fields(Tenant) if field.name != "extra"}
    overrides: dict[str, Any] = {**names, "extra": override(omit=True), "metadata": override(omit=True)}
    made.register_structure_hook_func(lambda kind: "datetime" in str(kind), lambda value, _: value)
    made.register_structure_hook_func(lambda kind: "int | " in str(kind), lambda value, _: value)
    made.register_structure_hook(Tenant, make_dict_structure_fn(Tenant, made, **overrides))
    return made


DICTS = "orjson.loads (dicts)"
TYPED = "frontegg_async (frozen typed tenants)"
GROWN = "the same, each row with a field that the model does not have"
SPARSE = "the same, with null and missing fields, among them names and times"
ODD = "the same, with one value of another type"
STOCK = "stock cattrs, without metadata"


def candidates() -> dict[str, Callable[[], object]]:
    """Return the decoders to compare, by name."""
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
        "the slow path (odd input)": lambda: [converter.structure(row, Tenant) for row in orjson.loads(page)["items"]],
        STOCK: lambda: [stock.structure(row, Tenant) for row in orjson.loads(page)["items"]],
    }


def compare(candidates: Mapping[str, Callable[[], object]], *, calls: int = 3, seed: int = 1) -> dict[str, float]:
    """Return the median seconds of one call of each candidate.

    Args:
        candidates: The functions to measure, by name; each round calls them in random order.
        calls: Calls of a candidate in each round.
        seed: The seed of the order within the rounds.
    """
    rng = Random(seed)
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for candidate in candidates.values():
        candidate()
    for _ in range(_ROUNDS):
        for name in rng.sample(list(candidates), len(candidates)):
            candidate = candidates[name]
            started = time.perf_counter()
            for _ in range(calls):
                candidate()
            times[name].append((time.perf_counter() - started) / calls)
    return {name: statistics.median(values) for name, values in times.items()}


def show(title: str, seconds: Mapping[str, float]) -> None:
    """Print a table of times and of ratios to the first row."""
    print(title)
    base = next(iter(seconds.values()))
    for name, value in seconds.items():
        print(f"  {name:<44} {value * 1e6:12.1f} µs {value / base:8.2f} x")


def main() -> None:
    """Measure the decoders and print the table."""
    show(f"a page of 200 tenants, {len(make_page(make_rows())):,} bytes", compare(candidates()))


if __name__ == "__main__":
    main()
