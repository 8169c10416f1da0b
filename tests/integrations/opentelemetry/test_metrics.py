"""Metrics: calls, errors, attempts, waits and token fetches."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from opentelemetry.sdk.metrics.export import HistogramDataPoint, NumberDataPoint

from frontegg_async import AuthenticationError, NotFoundError
from tests.integrations.opentelemetry.conftest import ExportedTelemetry
from tests.support.clients import make_client
from tests.support.raw_server import CLOSE, http, raw_server
from tests.support.tenants import tenant_row

pytestmark = pytest.mark.anyio

OK = http(200, tenant_row())
TEMPLATE = "/tenants/resources/tenants/v2/{tenant_id}"


def _rows(points: list[HistogramDataPoint | NumberDataPoint]) -> dict[tuple[object, ...], float]:
    """Return counts or sums by the attribute values, in the order of the attribute names."""
    return {
        tuple(value for _, value in sorted(_attributes(point).items())): (
            point.count if isinstance(point, HistogramDataPoint) else point.value
        )
        for point in points
    }


def _attributes(point: HistogramDataPoint | NumberDataPoint) -> Mapping[str, object]:
    return dict(point.attributes or {})


async def test_calls_and_attempts(exported: ExportedTelemetry) -> None:
    """A call with two attempts, a failed call, and their token are counted."""
    async with raw_server(CLOSE, OK, http(404, {})) as server, make_client(server.url, rng=lambda: 1.0) as client:
        await client.tenants.get("t1")
        with pytest.raises(NotFoundError):
            await client.tenants.get("t1")
    here = "127.0.0.1"
    assert _rows(exported.points("frontegg.client.call.duration")) == {
        ("auth.authenticate", here): 1,
        ("tenants.get", here): 1,
        ("NotFoundError", "tenants.get", here): 1,
    }
    assert _rows(exported.points("frontegg.client.call.errors")) == {("NotFoundError", "tenants.get", here): 1}
    assert _rows(exported.points("frontegg.client.token.fetches")) == {("auth.authenticate", here): 1}
    requests = exported.points("http.client.request.duration")
    assert _rows(requests) == {
        ("POST", 200, here, server.port, "/auth/vendor"): 1,
        ("disconnected", "GET", here, server.port, TEMPLATE): 1,
        ("GET", 200, here, server.port, TEMPLATE): 1,
        ("404", "GET", 404, here, server.port, TEMPLATE): 1,
    }
    assert {name for point in requests for name in _attributes(point)} == {
        "error.type",
        "http.request.method",
        "http.response.status_code",
        "server.address",
        "server.port",
        "url.template",
    }


async def test_attempts_and_waits_are_distributions(exported: ExportedTelemetry) -> None:
    """Durations are in seconds, with the advised buckets."""
    async with raw_server(CLOSE, OK) as server, make_client(server.url, rng=lambda: 1.0) as client:
        await client.tenants.get("t1")
    points = {
        name: {str(_attributes(point)["frontegg.operation"]): point for point in exported.points(name)}
        for name in ("frontegg.client.call.attempts", "frontegg.client.attempt.wait")
    }
    attempts = points["frontegg.client.call.attempts"]["tenants.get"]
    waits = points["frontegg.client.attempt.wait"]["tenants.get"]
    assert isinstance(attempts, HistogramDataPoint)
    assert isinstance(waits, HistogramDataPoint)
    assert (attempts.count, attempts.sum) == (1, 2)
    assert (waits.count, waits.sum) == (2, 0.5)
    (request, *_) = exported.points("http.client.request.duration")
    assert isinstance(request, HistogramDataPoint)
    assert tuple(request.explicit_bounds) == (
        *(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10),
    )


async def test_a_fetch_that_fails_is_counted_as_one(exported: ExportedTelemetry) -> None:
    """The metric has the class of the error."""
    async with raw_server(OK, auth=[http(401, {})]) as server, make_client(server.url) as client:
        with pytest.raises(AuthenticationError):
            await client.tenants.get("t1")
    here = "127.0.0.1"
    assert _rows(exported.points("frontegg.client.token.fetches")) == {
        ("AuthenticationError", "auth.authenticate", here): 1
    }
    assert _rows(exported.points("frontegg.client.call.errors")) == {
        ("AuthenticationError", "auth.authenticate", here): 1,
        ("AuthenticationError", "tenants.get", here): 1,
    }
