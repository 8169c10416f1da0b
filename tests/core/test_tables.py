"""Tables of tenants and pages in notebooks are small and escape all values."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._values.json_values import JsonValue
from frontegg_async.models.hierarchy import HierarchyTenant
from frontegg_async.models.page import Page
from frontegg_async.models.tenants import Tenant
from tests.support.html import NASTY, elements

NOW = dt.datetime(2026, 5, 4, 9, 30, tzinfo=dt.UTC)


def _tenant(name: str = "Acme", **fields: Any) -> Tenant:
    return Tenant(**{"tenant_id": "t1", "name": name, "created_at": NOW, "updated_at": NOW} | fields)


def _check(html: str) -> None:
    tags = {tag for tag, _ in elements(html)[0]}
    assert tags <= {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "small"}
    assert all(text.isprintable() for text in elements(html)[1])
    assert "color" not in html.replace("color:inherit", "")


def test_a_tenant() -> None:
    """The fields that are set, but for those about a person."""
    html = _tenant(metadata={"plan": "pro"}, creator_email="ann@acme.example", is_reseller=False)._repr_html_()
    _check(html)
    assert elements(html)[1] == [
        "Tenant Acme",
        *("tenant_id", "t1"),
        *("name", "Acme"),
        *("created_at", "2026-05-04 09:30:00"),
        *("updated_at", "2026-05-04 09:30:00"),
        *("is_reseller", "False"),
        *("metadata", '{"plan":"pro"}'),
        "not shown: creator_email",
    ]
    assert elements(_tenant()._repr_html_())[1][-1] == "2026-05-04 09:30:00"


def test_a_page() -> None:
    """The columns that have something in them, and how many there are."""
    page = Page(items=(_tenant(), _tenant("B", is_locked=True, creator_name="Ann")), total=1234, index=3)
    html = page._repr_html_()
    _check(html)
    assert elements(html)[1] == [
        "Page 3: 2 of 1,234",
        *("tenant_id", "name", "created_at", "is_locked"),
        *("t1", "Acme", "2026-05-04 09:30:00"),
        *("t1", "B", "2026-05-04 09:30:00", "True"),
    ]
    assert elements(Page[Tenant](items=(), total=0)._repr_html_())[1] == ["Page 0: 0 of 0"]
    found = Page(items=(HierarchyTenant(tenant_id="t1", name="A"),), total=1)
    assert elements(found._repr_html_())[1] == ["Page 0: 1 of 1", "tenant_id", "name", "t1", "A"]


@attrs.frozen(kw_only=True)
class _Wide:
    """A model of a user's own."""

    a: int = 1
    b: int = 2
    c: int = 3
    d: int = 4
    e: int = 5
    f: int = 6
    g: int = 7


def test_a_large_page_is_small() -> None:
    """The first rows and columns of it, and the beginning of what is long."""
    html = Page(items=(_tenant("x" * 100_000),) * 200, total=200)._repr_html_()
    _check(html)
    assert len(html) < 20_000
    assert elements(html)[1][-1] == "… 180 more"
    assert elements(Page(items=(_Wide(),), total=1)._repr_html_())[1][1:] == [*"abcdef", *"123456"]


@pytest.mark.parametrize("name", NASTY)
def test_whatever_people_typed_is_text(name: str) -> None:
    """In each place that it may be in."""
    _check_text(name, {name: name})


@given(st.text(max_size=40), st.recursive(st.none() | st.text(max_size=9), st.lists, max_leaves=4))
def test_so_is_any_text(name: str, metadata: JsonValue) -> None:
    """So it is."""
    _check_text(name, metadata)


def _check_text(name: str, metadata: JsonValue) -> None:
    tenant = _tenant(name, tenant_id=name, metadata=metadata)
    _check(tenant._repr_html_())
    _check(Page(items=(tenant,), total=1)._repr_html_())
