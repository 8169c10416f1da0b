"""``frontegg.features``: pages that count items, look-ups by id, and lost responses."""

from __future__ import annotations

from typing import Any

import pytest

from frontegg_async import NotFoundError, PaginationError
from frontegg_async.emulator import EmulatorHandle
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server

pytestmark = pytest.mark.anyio


def _row(number: int) -> dict[str, object]:
    return {"id": f"f{number}", "key": f"k{number}", "name": f"N{number}", "metadata": {"a": 1}, "permissions": None}


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5])
@pytest.mark.parametrize("prefetch", [0, 2])
def test_all_features_are_listed_once(frontegg_emulator: EmulatorHandle, count: int, prefetch: int) -> None:
    """In the order of their creation, whether the last page is full or not, and without a warning."""
    rows: list[Any] = [{"id": f"f{number}", "key": f"k{number}", "name": f"N{number}"} for number in range(count)]
    frontegg_emulator.seed({"tables": {"features": rows}})
    with frontegg_emulator.client() as frontegg:
        listing = frontegg.features.list(page_size=2, prefetch=prefetch)
        assert [each.id for each in listing.all()] == [each["id"] for each in rows]


async def test_a_short_page_before_others_is_an_error() -> None:
    """The next page would leave features out: the service returned fewer than it was asked for."""
    page = {"items": [_row(1)], "hasNext": True}
    async with raw_server(http(200, page)) as server, make_client(server.url) as client:
        with pytest.raises(PaginationError, match="1 of 100 items"):
            await client.features.list().all()


async def test_an_empty_page_that_was_announced_is_no_proof_of_the_end() -> None:
    """A service that counts pages and not items has nothing at the next offset: the listing warns."""
    script = (http(200, {"items": [_row(1)], "hasNext": True}), http(200, {"items": [], "hasNext": False}))
    async with raw_server(*script) as server, make_client(server.url) as client:
        with pytest.warns(UserWarning, match="unknown whether these are all"):
            assert len(await client.features.list(page_size=1, prefetch=0).all()) == 1


def test_a_feature_is_found_by_its_id(frontegg_emulator: EmulatorHandle) -> None:
    """The service has no operation for it: the id is a filter of the listing."""
    frontegg_emulator.seed({"tables": {"features": [{"id": "f1", "key": "k1", "name": "N"}]}})
    with frontegg_emulator.client() as frontegg:
        assert frontegg.features.get("f1").key == "k1"
        with pytest.raises(NotFoundError, match="'f2'"):
            frontegg.features.get("f2")


async def test_a_response_with_other_features_is_not_the_one() -> None:
    """A service that ignores the filter returns others."""
    async with (
        raw_server(http(200, {"items": [_row(1)], "hasNext": False})) as server,
        make_client(server.url) as client,
    ):
        with pytest.raises(NotFoundError):
            await client.features.get("f2")


async def test_permissions_that_are_null_are_none() -> None:
    """A feature without permissions has an empty tuple, and its metadata is any JSON value."""
    async with (
        raw_server(http(200, {"items": [_row(1)], "hasNext": False})) as server,
        make_client(server.url) as client,
    ):
        feature = await client.features.get("f1")
        assert (feature.permissions, feature.metadata) == ((), {"a": 1})


def test_a_description_is_cleared(frontegg_emulator: EmulatorHandle) -> None:
    """``None`` is sent as empty text."""
    with frontegg_emulator.client() as frontegg:
        made = frontegg.features.create(key="k", name="N", description="D")
        frontegg.features.update(made.id, description=None)
        assert not frontegg.features.get(made.id).description
