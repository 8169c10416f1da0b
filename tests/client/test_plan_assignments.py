"""``frontegg.plan_assignments``: what is sent, in batches, and writes whose responses are lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from frontegg_async import OutcomeUnknownError
from frontegg_async.emulator import EmulatorHandle
from tests.support.clients import make_client
from tests.support.raw_server import CLOSE, http, raw_server

pytestmark = pytest.mark.anyio


def test_a_plan_is_assigned_changed_and_removed(frontegg_emulator: EmulatorHandle) -> None:
    """In several tenants at once, with an end in any time zone."""
    frontegg_emulator.seed(
        {
            "tenants": [{"tenantId": "acme", "name": "Acme"}, {"tenantId": "north", "name": "North"}],
            "tables": {"plans": [{"id": "p1", "name": "Pro"}]},
        }
    )
    berlin = timezone(timedelta(hours=1))
    with frontegg_emulator.client() as frontegg:
        assignments = frontegg.plan_assignments
        ids = assignments.assign("p1", tenant_ids=["acme", "north"], expires_at=datetime(2030, 1, 1, tzinfo=berlin))
        assert [assignments.get(each).tenant_id for each in ids] == ["acme", "north"]
        assert assignments.get(ids[0]).expires_at == datetime(2029, 12, 31, 23, tzinfo=UTC)
        later = datetime(2031, 1, 1, tzinfo=UTC)
        assignments.change_expiry(ids, expires_at=later)
        assignments.clear_expiry(ids[1:])
        assert [each.expires_at for each in assignments.list(sort_by="expires_at")] == [None, later]
        assignments.remove(ids[:1])
        assert [each.id for each in assignments.list(plan_ids=["p1"], tenant_ids=["acme", "north"])] == [ids[1]]


async def test_a_lost_assignment_is_not_repeated() -> None:
    """A second one of the same plan may be another one."""
    async with raw_server(CLOSE) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError):
            await client.plan_assignments.assign("p1", tenant_ids=["acme"])
        assert len(server.requests) == 1


async def test_an_expiry_is_removed_by_null() -> None:
    """Null is sent, and the request again after a lost response."""
    async with raw_server(CLOSE, http(200)) as server, make_client(server.url) as client:
        await client.plan_assignments.clear_expiry(["a1"])
        bodies = [json.loads(request.body) for request in server.requests]
        assert bodies == [{"entitlements": [{"id": "a1", "expirationDate": None}]}] * 2


async def test_a_time_without_a_zone_is_in_utc() -> None:
    """The service may leave the zone out."""
    row = {"id": "a1", "planId": "p1", "tenantId": "acme", "expirationDate": "2022-01-01T12:00:00"}
    async with raw_server(http(200, row)) as server, make_client(server.url) as client:
        assert (await client.plan_assignments.get("a1")).expires_at == datetime(2022, 1, 1, 12, tzinfo=UTC)
