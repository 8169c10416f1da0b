"""Models as plain dicts of one shape, and as rows of pandas and polars."""

from __future__ import annotations

import csv
import datetime as dt
import io
from types import MappingProxyType
from typing import Any

import attrs
import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue, RawText
from frontegg_async._values.records import record_of
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.hierarchy import HierarchyMarks, HierarchyTenant, SubAccountAccessType, TreeNode
from frontegg_async.models.page import Page
from frontegg_async.models.tenants import Tenant
from frontegg_async.tree import TenantTree

NOW = dt.datetime(2026, 5, 4, 9, 30, tzinfo=dt.UTC)


def _tenant(number: int, metadata: JsonValue = None, **fields: Any) -> Tenant:
    return Tenant(
        tenant_id=f"t{number}", name=f"T{number}", created_at=NOW, updated_at=NOW, metadata=metadata, **fields
    )


def _page(*tenants: Tenant) -> Page[Tenant]:
    return Page(items=tenants, total=len(tenants))


def test_all_records_have_one_shape() -> None:
    """In the order of the fields, whatever is set; without what a version does not know."""
    records = _page(_tenant(1), _tenant(2, {"plan": "pro"}, currency="EUR", extra={"new": 1})).to_records()
    shape = ["tenant_id", "name", "created_at", "updated_at", "metadata", "currency"]
    assert [list(record) for record in records] == [shape, shape]
    assert records[0]["created_at"] is NOW
    assert [record["metadata"] for record in records] == [None, '{"plan":"pro"}']
    assert [record["currency"] for record in records] == [None, "EUR"]


def test_columns_that_are_empty_throughout_are_left_out() -> None:
    """Without a value in any row; what is false or zero is a value."""
    page = _page(_tenant(1, is_locked=False, status=""), _tenant(2, number_of_employees=0, website=""))
    assert list(page.to_records()[0]) == [
        *("tenant_id", "name", "created_at", "updated_at", "number_of_employees", "is_locked"),
    ]
    assert page.to_records(columns=["status", "website", "logo"]) == [
        {"status": "", "website": None, "logo": None},
        {"status": None, "website": "", "logo": None},
    ]
    assert _page().to_records() == []


def test_named_columns_come_in_their_order() -> None:
    """Empty ones too, and what this version does not know, as JSON text."""
    page = _page(_tenant(1, {"plan": "pro"}, extra={"new": 1}), _tenant(2))
    records = page.to_records(columns=("extra", "metadata", "currency", "tenant_id"))
    assert [list(record) for record in records] == [["extra", "metadata", "currency", "tenant_id"]] * 2
    assert list(records[0].values()) == ['{"new":1}', '{"plan":"pro"}', None, "t1"]
    assert list(records[1].values()) == ["{}", None, None, "t2"]
    assert page.to_records(columns=["metadata"], json_as_text=False)[0] == {"metadata": {"plan": "pro"}}


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["name", "plan"], "columns must be among tenant_id, name, .*, extra; 'plan' is not a column$"),
        ([None], "columns must be among tenant_id, .*; None is not a column$"),
        (["__class__"], "columns must be among tenant_id, .*; '__class__' is not a column$"),
        ("name", "columns must be a sequence of names, not str$"),
        (3, "columns must be a sequence of names, not int$"),
        ([], "columns must have at least one name, or be None"),
    ],
)
def test_other_columns_are_refused(columns: Any, message: str) -> None:
    """The error lists those that there are."""
    with pytest.raises(InvalidArgumentError, match=f"^{message}"):
        _page(_tenant(1)).to_records(columns=columns)


def test_parts_become_text() -> None:
    """Also where a model, and no JSON value, has parts."""
    page = Page(items=(HierarchyTenant(tenant_id="t1", metadata=HierarchyMarks(is_parent=True)),), total=1)
    assert page.to_records() == [{"tenant_id": "t1", "metadata": '{"is_parent":true}'}]
    assert page.to_records(json_as_text=False) == [{"tenant_id": "t1", "metadata": {"is_parent": True}}]


def test_records_are_csv() -> None:
    """The keys of the first are those of all."""
    records = _page(_tenant(1), _tenant(2, {"plan": "pro"})).to_records(columns=["tenant_id", "metadata"])
    file = io.StringIO()
    writer = csv.DictWriter(file, records[0])
    writer.writeheader()
    writer.writerows(records)
    assert file.getvalue().splitlines() == ["tenant_id,metadata", "t1,", 't2,"{""plan"":""pro""}"']


def test_json_as_text() -> None:
    """Each value that there is, so that a column has one type."""
    values: list[JsonValue] = [None, {"plan": "pro"}, "pro", 3, [1, None], RawText("{no")]
    page = _page(*(_tenant(number, value) for number, value in enumerate(values)))
    assert [record["metadata"] for record in page.to_records()] == [
        None,
        '{"plan":"pro"}',
        '"pro"',
        "3",
        "[1,null]",
        '"{no"',
    ]


def test_values_are_plain() -> None:
    """Nothing of this package is in them, however deep."""
    record = record_of(
        HierarchyTenant(
            tenant_id="t1",
            metadata=HierarchyMarks(is_parent=True, extra={"x": 1}),
            sub_account_access_type=SubAccountAccessType.ALWAYS_ON,
        )
    )
    assert record["metadata"] == {"is_parent": True}
    assert type(record["sub_account_access_type"]) is str

    @attrs.frozen
    class Own:
        raw: Any
        marks: tuple[HierarchyMarks, ...] = (HierarchyMarks(is_parent=False),)
        mapping: Any = MappingProxyType({"a": 1})
        other: Any = frozenset({1})

    plain = record_of(Own(raw=RawText("{no")))
    assert plain == {"raw": "{no", "marks": [{"is_parent": False}], "mapping": {"a": 1}, "other": {1}}
    assert (type(plain["mapping"]), type(plain["raw"])) == (dict, str)


def test_records_of_a_tree() -> None:
    """With where each node is."""
    tree = TenantTree([TreeNode(tenant_id=name, created_at=NOW) for name in "abcd"], [-1, 0, 1, 0])
    shown = [(r["tenant_id"], r["parent_tenant_id"], r["depth"], r["descendants"]) for r in tree.to_records()]
    assert shown == [("a", None, 0, 3), ("b", "a", 1, 1), ("c", "b", 2, 0), ("d", "a", 1, 0)]
    assert list(tree.to_records()[0]) == ["tenant_id", "created_at", "parent_tenant_id", "depth", "descendants"]
    assert tree.to_records(columns=["depth", "tenant_id", "status"])[1] == {
        "depth": 1,
        "tenant_id": "b",
        "status": None,
    }
    assert TenantTree([TreeNode(tenant_id="a")], [-1]).to_records() == [
        {"tenant_id": "a", "parent_tenant_id": None, "depth": 0, "descendants": 0}
    ]
    known = "tenant_id, tenant_name, status, created_at, extra, parent_tenant_id, depth, descendants"
    with pytest.raises(InvalidArgumentError, match=f"^columns must be among {known}; 'path' is not a column$"):
        tree.to_records(columns=["path"])


@pytest.mark.anyio
async def test_records_of_a_listing(frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle) -> None:
    """Awaiting and blocking; with a limit, no page behind it is asked for."""
    rows = [{"tenantId": f"t{number}", "name": "T", "metadata": {"n": number}} for number in range(5)]
    frontegg_emulator.seed(tenants=rows)
    listing = frontegg_client.tenants.list(page_size=2)
    records = await listing.to_records()
    assert [record["metadata"] for record in records] == [f'{{"n":{number}}}' for number in range(5)]
    assert (await listing.to_records(json_as_text=False))[-1]["metadata"] == {"n": 4}
    named = await listing.to_records(columns=["name", "logo", "tenant_id"], limit=3)
    assert [list(record.items()) for record in named] == [
        [("name", "T"), ("logo", None), ("tenant_id", f"t{number}")] for number in range(3)
    ]
    assert await listing.to_records(limit=3) == records[:3]
    assert await listing.to_records(limit=0) == []
    with pytest.raises(InvalidArgumentError, match=r"^limit"):
        await listing.to_records(limit=-1)
    sent = len(frontegg_emulator.journal())
    with pytest.raises(InvalidArgumentError, match=r"^columns must be among tenant_id, .*; 'plan' is not a column$"):
        await listing.to_records(columns=["plan"])
    assert len(frontegg_emulator.journal()) == sent
    with frontegg_emulator.client() as client:
        assert client.tenants.list(page_size=2).to_records(columns=["name", "logo", "tenant_id"], limit=3) == named
        assert client.tenants.list().to_records(json_as_text=False)[-1]["metadata"] == {"n": 4}
        assert client.tenants.list(page_size=2).to_records() == records
        assert client.tenants.list().first_page().to_records() == records


@pytest.mark.slow
def test_pandas_takes_them() -> None:
    """Moments are moments, and metadata is as it was."""
    import pandas as pd

    frame = pd.DataFrame(
        _page(*(_tenant(n, {"n": n} if n % 2 else None) for n in range(300))).to_records(json_as_text=False)
    )
    assert list(frame.columns) == ["tenant_id", "name", "created_at", "updated_at", "metadata"]
    assert str(frame["created_at"].dtype) in {"datetime64[us, UTC]", "datetime64[ns, UTC]"}
    assert frame["metadata"][1] == {"n": 1}
    tree = TenantTree([TreeNode(tenant_id=name) for name in "ab"], [-1, 0])
    assert list(pd.DataFrame(tree.to_records())["depth"]) == [0, 1]


@pytest.mark.slow
def test_polars_takes_them() -> None:
    """One page as it is; many rows by looking at all of them, and values of several kinds as text."""
    import polars as pl

    frame = pl.DataFrame(_page(*(_tenant(n, {"n": n}) for n in range(100))).to_records(json_as_text=False))
    assert frame["metadata"][7] == {"n": 7}
    assert frame.schema["created_at"] == pl.Datetime("us", "UTC")
    mixed: list[JsonValue] = [*[None] * 200, {"plan": "pro"}, "pro", [1]]
    page = _page(*(_tenant(n, value, deleted_at=NOW if n > 150 else None) for n, value in enumerate(mixed)))
    frame = pl.DataFrame(page.to_records(), infer_schema_length=None)
    assert list(frame["metadata"].tail(3)) == ['{"plan":"pro"}', '"pro"', "[1]"]
    assert frame["deleted_at"].null_count() == 151
