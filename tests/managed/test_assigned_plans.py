"""Which accounts have which feature plans, as one request reads it."""

from __future__ import annotations

import pytest

from frontegg_async.managed.assigned_plans import read_assigned_plans
from tests.managed.account_rows import caller_of
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server

pytestmark = pytest.mark.anyio


async def test_half_of_a_character_in_a_rule_hides_no_assignment() -> None:
    """JavaScript writes half of a character as an escape; it says nothing about assignments."""
    body = rb'{"data": {"featureFlags": ["\ud83d"], "entitlements": [["p1", "acme", null, null]]}}'
    async with raw_server(http(200, raw=body)) as server, make_client(server.url) as client:
        (assigned,) = await read_assigned_plans(caller_of(client))
    assert (assigned.plan_id, assigned.tenant_id) == ("p1", "acme")
