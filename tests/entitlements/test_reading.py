"""What the service sends in the place of a snapshot, and snapshots that are large."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import pytest

from frontegg_async import AsyncEntitlements, AsyncFrontegg
from frontegg_async.entitlements import Decision
from frontegg_async.errors import DecodeError
from tests.entitlements.stepped import Stepped
from tests.support.clients import make_client
from tests.support.raw_server import RawServer, http, raw_server

pytestmark = pytest.mark.anyio

_DATA: Final[Mapping[str, Any]] = {
    "features": [["f", "reports", None]],
    "featureBundles": [["pro", ["f"], "false", []]],
    "entitlements": [["pro", "acme", None, None]],
    "featureFlags": [],
}
_WHOLE: Final = {"data": _DATA, "snapshotOffset": 1}
_OF_OTHER_SHAPE: Final[Any] = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"<html>Bad gateway</html>",
    json.dumps(_WHOLE).encode()[:-30],
    b"[" * 100_000,
    json.dumps({**_WHOLE, "snapshotOffset": None}).encode(),
    json.dumps({**_WHOLE, "snapshotOffset": True}).encode(),
    json.dumps({"data": _DATA}).encode(),
    json.dumps({**_WHOLE, "data": {**_DATA, "features": None}}).encode(),
    json.dumps({**_WHOLE, "data": {**_DATA, "entitlements": {"a": 1}}}).encode(),
    json.dumps({**_WHOLE, "data": {**_DATA, "entitlements": [["pro", 5, None, None]]}}).encode(),
    json.dumps({**_WHOLE, "data": {**_DATA, "entitlements": ["pro"]}}).encode(),
    json.dumps({**_WHOLE, "data": {**_DATA, "features": [{"id": "f"}]}}).encode(),
    json.dumps({**_WHOLE, "data": {**_DATA, "featureFlags": "none"}}).encode(),
    json.dumps({**_WHOLE, "data": {**_DATA, "entitlements": [["pro", "acme"]]}}).encode().replace(b"acme", b"\xff"),
]


def _client(server: RawServer) -> AsyncFrontegg:
    return make_client(server.url)


@pytest.mark.parametrize("body", _OF_OTHER_SHAPE, ids=range(len(_OF_OTHER_SHAPE)))
async def test_a_snapshot_of_another_shape_is_refused(body: bytes) -> None:
    """At the start it is an error. It has no part of the body."""
    async with raw_server(http(200, raw=body)) as server, _client(server) as client:
        with pytest.raises(DecodeError) as raised:
            await AsyncEntitlements(client.with_options(max_retries=0)).open()
    assert "acme" not in str(raised.value)


async def test_a_snapshot_of_another_shape_replaces_nothing(stepped: Stepped) -> None:
    """It is an outage, as an offset of another shape is."""
    async with AsyncEntitlements(stepped.client) as entitlements:
        for path, body in (("/*-offset", [1]), ("/*-offset", {}), ("/*/vendor-entitlements", {"data": {}})):
            await stepped.client.plan_assignments.remove(["a1"])
            await stepped.emulator.add_fault(
                stage="before_commit", action={"type": "status", "status": 200, "body": body}, match={"path": path}
            )
            await stepped.advance(30.0)
            assert entitlements.has_outage
            assert entitlements.decide(tenant_id="acme", feature="reports") == Decision(True)
            await stepped.emulator.delete_faults()
        await stepped.advance(30.0)
        assert not entitlements.has_outage
        assert not entitlements.features_of(tenant_id="acme")


@pytest.mark.parametrize("action", [{"type": "truncate", "bytes": 90}, {"type": "reset"}, {"type": "garbage"}])
async def test_half_a_snapshot_replaces_nothing(stepped: Stepped, action: dict[str, Any]) -> None:
    """The connection breaks in the body."""
    async with AsyncEntitlements(stepped.client) as entitlements:
        await stepped.client.plan_assignments.remove(["a1"])
        match = {"path": "/*/vendor-entitlements", "times": 1}
        await stepped.emulator.add_fault(stage="in_body", action=action, match=match)
        await stepped.advance(30.0)
        assert entitlements.has_outage
        assert entitlements.decide(tenant_id="acme", feature="reports") == Decision(True)
        await stepped.advance(30.0)
        assert not entitlements.features_of(tenant_id="acme")


async def test_an_offset_may_be_a_text() -> None:
    """It is compared, and not computed with."""
    whole = http(200, {**_WHOLE, "snapshotOffset": "a-7"})
    async with raw_server(whole) as server, _client(server) as client, AsyncEntitlements(client) as entitlements:
        assert entitlements.features_of(tenant_id="acme") == {"reports"}


@pytest.mark.slow
async def test_a_snapshot_may_be_larger_than_other_responses() -> None:
    """Its limit is its own: this one has 24 MiB."""
    rows = [["pro", f"{number:0200}", None, None] for number in range(120_000)]
    body = json.dumps({**_WHOLE, "data": {**_DATA, "entitlements": [*_DATA["entitlements"], *rows]}}).encode()
    assert len(body) > 24 << 20
    whole = http(200, raw=body)
    async with raw_server(whole) as server, _client(server) as client, AsyncEntitlements(client) as entitlements:
        assert entitlements.decide(tenant_id=f"{119_999:0200}", feature="reports") == Decision(True)


async def test_expressions_that_cannot_be_searched_for_are_named_once(
    stepped: Stepped, caplog: pytest.LogCaptureFixture
) -> None:
    """However often the snapshot is read."""
    condition = {"attribute": "name", "op": "matches", "negate": False, "value": {"string": "(?=a)"}}
    rule = {"conditionLogic": "and", "conditions": [condition], "treatment": "true"}
    async with AsyncEntitlements(stepped.client):
        for _ in range(3):
            await stepped.client.plans.create(name="Rules", rules=[rule])
            await stepped.advance(30.0)
    (record,) = caplog.records
    assert record.message.startswith("entitlements: a condition with the expression '(?=a)' applies to nobody")
