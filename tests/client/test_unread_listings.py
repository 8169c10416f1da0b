"""A listing that is not read says what it asks for and how to read it, awaiting and blocking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync import Frontegg

_AWAITED = "no request is sent yet; 'async for', 'await listing.all()' or 'await listing.to_records()' sends requests"
_BLOCKING = "no request is sent yet; 'for', 'listing.all()' or 'listing.to_records()' sends requests"

_CALLS: list[tuple[Callable[[Any], Any], str]] = [
    (lambda client: client.tenants.list(), "tenants.list()"),
    (lambda client: client.tenants.list(filter="ann@acme.example"), "tenants.list(filter='…@…')"),
    (
        lambda client: client.tenants.list(filter="<b>", sort_by="createdAt", order="desc", page_size=3),
        "tenants.list(filter='<b>', sort_by='createdAt', order='desc')",
    ),
    (
        lambda client: client.tenants.list(tenant_ids=[f"t{number}" for number in range(250)], order="asc"),
        "tenants.list(order='asc', tenant_ids=[250])",
    ),
    (
        lambda client: client.hierarchy.search("north", filter="o", sub_tenant_id="oslo"),
        "hierarchy.search(tenant_id='north', filter='o', sub_tenant_id='oslo')",
    ),
    (lambda client: client.for_tenant("north").hierarchy.search(), "hierarchy.search(tenant_id='north')"),
]


@pytest.mark.parametrize(("call", "request_"), _CALLS)
def test_a_listing_says_what_it_asks_for(
    frontegg_client: AsyncFrontegg,
    frontegg_sync_client: Frontegg,
    frontegg_emulator: EmulatorHandle,
    call: Callable[[Any], Any],
    request_: str,
) -> None:
    """As text and in notebooks, where it is escaped; nothing is sent."""
    sent = len(frontegg_emulator.journal())
    awaited, blocking = call(frontegg_client), call(frontegg_sync_client)

    assert repr(awaited) == f"<AsyncPages of {request_}: {_AWAITED}>"
    assert repr(blocking) == f"<Pages of {request_}: {_BLOCKING}>"
    for html in (awaited._repr_html_(), blocking._repr_html_()):
        assert request_.replace("<b>", "&lt;b&gt;").replace("'", "&#x27;") in html
        assert "no request is sent yet" in html
        assert "<b>" not in html
    assert len(frontegg_emulator.journal()) == sent


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (len, "a listing has no length: '{0}listing.count()' .* '{0}listing.all()'"),
        (lambda listing: listing[0], "a listing has no items by number: .* '{0}listing.first()' .*limit=10"),
        (lambda listing: listing[:10], "a listing has no items by number: .* '{0}listing.first()' .*limit=10"),
        (bool, "a listing is neither true nor false: '{0}listing.first\\(\\) is not None'"),
        (lambda listing: "acme" in listing, "does not search a listing: '{0}client.tenants.get.*'{0}listing.all()'"),
        (lambda listing: listing or [], "a listing is neither true nor false"),
    ],
)
def test_what_a_listing_cannot_do_says_what_to_do(
    frontegg_client: AsyncFrontegg, frontegg_sync_client: Frontegg, use: Callable[[Any], Any], message: str
) -> None:
    """With the call that does it in this package."""
    pattern = message.replace("()", r"\(\)")
    with pytest.raises(TypeError, match=pattern.format("await ")):
        use(frontegg_client.tenants.list())
    with pytest.raises(TypeError, match=pattern.format("")):
        use(frontegg_sync_client.tenants.list())


def test_a_blocking_listing_can_be_put_into_a_list(
    frontegg_sync_client: Frontegg, frontegg_emulator: EmulatorHandle
) -> None:
    """Though ``list`` asks for its length first."""
    frontegg_emulator.seed(tenants=[{"tenantId": f"t{number}", "name": "T"} for number in range(3)])
    listing = frontegg_sync_client.tenants.list()

    assert [tenant.tenant_id for tenant in list(listing)] == ["t0", "t1", "t2"]
    assert {tenant.tenant_id for tenant in tuple(listing)} == {"t0", "t1", "t2"}
    first, *others = listing
    assert (first.tenant_id, len(others)) == ("t0", 2)
