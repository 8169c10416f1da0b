"""Telemetry that is kept in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader, NumberDataPoint
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from frontegg_async.integrations.opentelemetry import FronteggInstrumentor


@attrs.frozen(eq=False)
class Seen:
    """What was exported."""

    exporter: InMemorySpanExporter
    reader: InMemoryMetricReader
    tracers: TracerProvider
    meters: MeterProvider

    @property
    def spans(self) -> dict[str, ReadableSpan]:
        """The spans by their operation, or else by their name."""
        spans = self.exporter.get_finished_spans()
        found = {str((span.attributes or {}).get("frontegg.operation", span.name)): span for span in spans}
        assert len(found) == len(spans)
        return found

    def span(self, operation: str) -> ReadableSpan:
        """Return the one span of an operation."""
        return self.spans[operation]

    def points(self, name: str) -> list[HistogramDataPoint | NumberDataPoint]:
        """Return what was measured under a name."""
        data = self.reader.get_metrics_data()
        if data is None:
            return []
        scopes = [scope for resource in data.resource_metrics for scope in resource.scope_metrics]
        found = [metric for scope in scopes for metric in scope.metrics if metric.name == name]
        return [point for metric in found for point in metric.data.data_points]


def _seen() -> Seen:
    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracers = TracerProvider(shutdown_on_exit=False)
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    return Seen(exporter, reader, tracers, MeterProvider([reader], shutdown_on_exit=False))


@pytest.fixture
def instrument() -> Iterator[Callable[..., Seen]]:
    """Return what begins to watch all clients, with settings that a test wants."""
    instrumentor = FronteggInstrumentor()

    def begin(**settings: Any) -> Seen:
        seen = _seen()
        instrumentor.instrument(tracer_provider=seen.tracers, meter_provider=seen.meters, **settings)
        return seen

    yield begin
    if instrumentor.is_instrumented_by_opentelemetry:
        instrumentor.uninstrument()


@pytest.fixture
def seen(instrument: Callable[..., Seen]) -> Seen:
    """Watch all clients, as it is by default."""
    return instrument()
