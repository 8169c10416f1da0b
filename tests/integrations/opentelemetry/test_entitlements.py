"""Metrics of the snapshots of entitlements."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.metrics.export import HistogramDataPoint

from frontegg_async import AsyncEntitlements
from frontegg_async.emulator import Emulator
from frontegg_async.integrations.opentelemetry_entitlements import AGE, OUTAGE, OUTAGES
from tests.entitlements.stepped import Stepped
from tests.integrations.opentelemetry.conftest import ExportedTelemetry


def _values(exported: ExportedTelemetry, environment: str) -> list[float]:
    """Return the values of outages, and whether there is an age."""
    values: list[float] = []
    for name in (OUTAGE, OUTAGES):
        for point in exported.points(name):
            assert not isinstance(point, HistogramDataPoint)
            assert point.attributes == {"frontegg.environment": environment}
            values.append(point.value)
    return values


@pytest.mark.anyio
async def test_an_outage_is_counted_once(exported: ExportedTelemetry) -> None:
    """A gauge shows its begin and its end; a snapshot that is not used any more has no values."""
    async with Emulator() as emulator:
        stepped = Stepped(emulator)
        environment = f"{emulator.client_id} at {emulator.url}"
        async with stepped.client, AsyncEntitlements(stepped.client):
            assert _values(exported, environment) == [0, 0]
            assert len(exported.points(AGE)) == 1
            await emulator.add_fault(stage="before_commit", action={"type": "status", "status": 503})
            await stepped.advance(120.0)
            assert _values(exported, environment) == [1, 1]
            await emulator.delete_faults()
            await stepped.advance(30.0)
            assert _values(exported, environment) == [0, 1]
        assert _values(exported, environment) == exported.points(AGE) == []
