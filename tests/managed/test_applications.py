"""Metadata of applications."""

from __future__ import annotations

import pytest

from frontegg_async import AsyncFrontegg
from tests.managed.writing import create, full, read, update
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server

pytestmark = pytest.mark.anyio


async def test_null_that_others_wrote(frontegg_client: AsyncFrontegg) -> None:
    """A change of another key keeps it."""
    created = await create(frontegg_client, "applications", full("applications"))
    await frontegg_client.applications.update(created.id, metadata={"a": None, "b": 1})
    changed = await update(frontegg_client, "applications", created, {"metadata.b": 2})
    assert changed.values["metadata"] == {"a": None, "b": 2}


async def test_metadata_that_are_no_object() -> None:
    """Nothing is written, since keys would replace them."""
    rows = [{"id": "1", "name": "Desk", "metadata": ["a"]}, {"id": "2", "name": "Till", "metadata": None}]
    async with raw_server(http(200, rows)) as server, make_client(server.url) as client:
        found = (await read(client, "applications")).found
    assert {key: (each.values["metadata"], each.reason_to_stay) for key, each in found.items()} == {
        "Desk": ({}, "its metadata are no JSON object"),
        "Till": ({}, None),
    }
