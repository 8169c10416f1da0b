"""Telemetry with in-memory exporters."""

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
class ExportedTelemetry:
    """The exported spans and metrics."""

    exporter: InMemorySpanExporter
    reader: InMemoryMetricReader
    tracers: TracerProvider
    meters: MeterProvider

    @property
    def spans(self) -> dict[str, ReadableSpan]:
        """The spans by operation, or by name if they have none."""
        spans = self.exporter.get_finished_spans()
        found = {str((span.attributes or {}).get("frontegg.operation", span.name)): span for span in spans}
        assert len(found) == len(spans)
        return found

    def span(self, operation: str) -> ReadableSpan:
        """Return the only span of an operation."""
        return self.spans[operation]

    def points(self, name: str) -> list[HistogramDataPoint | NumberDataPoint]:
        """Return the data points of a metric."""
        data = self.reader.get_metrics_data()
        if data is None:
            return []
        scopes = [scope for resource in data.resource_metrics for scope in resource.scope_metrics]
        found = [metric for scope in scopes for metric in scope.metrics if metric.name == name]
        return [point for metric in found for point in metric.data.data_points]


def _in_memory_exporters() -> ExportedTelemetry:
    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracers = TracerProvider(shutdown_on_exit=False)
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    return ExportedTelemetry(exporter, reader, tracers, MeterProvider([reader], shutdown_on_exit=False))


@pytest.fixture
def instrument() -> Iterator[Callable[..., ExportedTelemetry]]:
    """Return a function that instruments all clients with given settings."""
    instrumentor = FronteggInstrumentor()

    def begin(**settings: Any) -> ExportedTelemetry:
        exported = _in_memory_exporters()
        instrumentor.instrument(tracer_provider=exported.tracers, meter_provider=exported.meters, **settings)
        return exported

    yield begin
    if instrumentor.is_instrumented_by_opentelemetry:
        instrumentor.uninstrument()


@pytest.fixture
def exported(instrument: Callable[..., ExportedTelemetry]) -> ExportedTelemetry:
    """Instrument all clients with the default settings."""
    return instrument()
