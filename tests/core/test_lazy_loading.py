"""What is loaded when it is needed: resources when they are looked up, and the slow path in a thread."""

from __future__ import annotations

import datetime as dt

import pytest

from frontegg_async import AsyncFrontegg, Tenant
from frontegg_async._core.codec.reader import LATER, reader_of
from frontegg_async._core.codec.rows import slow_path
from frontegg_async._core.runtime.lazy_resources import LazyResource, resource_kinds
from frontegg_async.resources import AsyncUsers
from frontegg_sync import Frontegg
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server


def test_a_resource_is_made_once() -> None:
    """It is the object's own from the first look-up on, and a view has its own."""
    with Frontegg("emu_id", "emu_secret", base_url="http://localhost:1") as client:
        assert client.users is client.users
        assert client.users is not client.with_options(timeout=1).users


def test_the_class_has_what_loads_it() -> None:
    """Reflection finds the classes of the resources without evaluating annotations, which would need imports."""
    assert isinstance(vars(AsyncFrontegg)["users"], LazyResource)
    assert AsyncFrontegg.users is vars(AsyncFrontegg)["users"]
    assert resource_kinds(AsyncFrontegg)["users"] is AsyncUsers


@pytest.mark.anyio
async def test_the_first_response_that_needs_the_slow_path_is_read_in_a_thread() -> None:
    """To load it would block the loop. An array of one object is such a response."""
    row = {"tenantId": "t1", "name": "A", "createdAt": "2024-01-01T00:00:00Z", "updatedAt": None, "deletedAt": None}
    async with raw_server(http(200, [row])) as server, make_client(server.url) as client:
        slow_path.cache_clear()
        assert reader_of(Tenant).decode(b'{"tenantId": 1}') is LATER
        assert (await client.tenants.get("t1")).created_at == dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
        assert slow_path.cache_info().currsize == 1


@pytest.mark.anyio
async def test_one_object_is_read_fast_once_its_names_are_known() -> None:
    """Else each response with one object would take the slow path, in a thread or not."""
    slow_path.cache_clear()
    read = reader_of(Tenant).decode
    found = [read(b'{"tenantId": "t1", "name": "A"}') for _ in range(2)]
    assert found == [Tenant(tenant_id="t1", name="A")] * 2
    assert slow_path.cache_info().currsize == 0
