"""Telemetry beside the aiohttp instrumentation, with the blocking client, and without the extra."""

from __future__ import annotations

import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import aiohttp
import pytest
from opentelemetry import trace
from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor
from opentelemetry.instrumentation.instrumentor import BaseInstrumentor
from opentelemetry.trace import SpanKind

from frontegg_async._core.auth.application_functions import SharedFunction
from frontegg_async._core.call.observers import GLOBAL_OBSERVERS
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.integrations.opentelemetry import FronteggInstrumentor
from frontegg_sync import Frontegg
from tests.integrations.opentelemetry.conftest import ExportedTelemetry
from tests.support.clients import make_client
from tests.support.raw_server import CLOSE, http, raw_server
from tests.support.tenants import tenant_row

ROOT = Path(__file__).resolve().parents[3]
OK = http(200, tenant_row())


@pytest.fixture
def both(instrument: Callable[..., ExportedTelemetry]) -> Iterator[ExportedTelemetry]:
    """Instrument all clients and all aiohttp sessions."""
    exported = instrument()
    AioHttpClientInstrumentor().instrument(tracer_provider=exported.tracers, meter_provider=exported.meters)
    try:
        yield exported
    finally:
        AioHttpClientInstrumentor().uninstrument()


@pytest.mark.anyio
async def test_a_call_has_no_second_span(both: ExportedTelemetry) -> None:
    """Attempts and token fetches have no second span; other requests of the program do, also between attempts."""

    async def ask() -> str:
        async with aiohttp.ClientSession() as session, session.get(f"{server.url}/vault") as response:
            await response.read()
        return "emu_secret"

    async with raw_server(OK, CLOSE, OK) as server, make_client(server.url) as client:
        client._environment._given = SharedFunction(ask)
        await client.tenants.get("t1")
        async with aiohttp.ClientSession() as session, session.get(f"{server.url}/other") as response:
            await response.read()
    spans = both.exporter.get_finished_spans()
    names = sorted(span.name for span in spans if span.kind is SpanKind.CLIENT)
    assert names == ["GET", "GET", "GET /tenants/resources/tenants/v2/{tenant_id}", "POST /auth/vendor"]


def test_the_context_of_the_caller_reaches_the_blocking_client(
    exported: ExportedTelemetry, frontegg_emulator: EmulatorHandle
) -> None:
    """The parent is the current span of the calling thread, which stays current."""
    tracer = exported.tracers.get_tracer("test")
    current: list[bool] = []

    def work(client: Frontegg, number: int) -> None:
        with tracer.start_as_current_span(f"request {number}") as span:
            client.tenants.create(tenant_id=f"t{number}", name="T")
            current.append(trace.get_current_span() is span)

    with frontegg_emulator.client() as client:
        client.check()
        threads = [threading.Thread(target=work, args=(client, number)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert current == [True] * 4
    spans = exported.exporter.get_finished_spans()
    parents = [span.context.span_id for span in spans if span.context is not None and span.name.startswith("request")]
    writes = [
        span.parent.span_id for span in spans if span.name.startswith("POST /tenants") and span.parent is not None
    ]
    assert sorted(parents) == sorted(writes)


def test_pages_of_a_blocking_listing_have_the_callers_parent(
    exported: ExportedTelemetry, frontegg_emulator: EmulatorHandle
) -> None:
    """Prefetched pages have the caller's span as parent too."""
    frontegg_emulator.seed(tenants=[{"tenantId": f"t{number}", "name": "T"} for number in range(5)])
    tracer = exported.tracers.get_tracer("test")
    with frontegg_emulator.client() as client:
        client.check()
        with tracer.start_as_current_span("request") as span:
            assert len(list(client.tenants.list(page_size=2))) == 5
    pages = [each for each in exported.exporter.get_finished_spans() if each.name.startswith("GET /tenants")]
    assert len(pages) == 3
    assert all(page.parent == span.get_span_context() for page in pages)


@pytest.mark.anyio
async def test_uninstrument(exported: ExportedTelemetry) -> None:
    """`uninstrument` may be called twice, and instrumenting again works."""
    instrumentor = FronteggInstrumentor()
    assert instrumentor.instrumentation_dependencies() == ()
    instrumentor.uninstrument()
    async with raw_server(OK) as server, make_client(server.url) as client:
        await client.tenants.get("t1")
    assert not exported.exporter.get_finished_spans()
    assert GLOBAL_OBSERVERS == []
    instrumentor.instrument(tracer_provider=exported.tracers, meter_provider=exported.meters)
    assert len(GLOBAL_OBSERVERS) == 1


def test_it_is_found_by_its_entry_point() -> None:
    """`opentelemetry-instrument` finds the instrumentor by its entry point."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (entry,) = project["entry-points"]["opentelemetry_instrumentor"].items()
    found = EntryPoint(*entry, group="opentelemetry_instrumentor").load()
    assert found is FronteggInstrumentor
    assert isinstance(found(), BaseInstrumentor)


@pytest.mark.each_python
def test_a_missing_extra_is_named() -> None:
    """The error names the command that installs it; clients never import OpenTelemetry."""
    code = """
import sys, frontegg_async.errors, frontegg_sync
frontegg_sync.Frontegg
assert not [name for name in sys.modules if name.startswith("opentelemetry")]
sys.modules["opentelemetry"] = None
try:
    import frontegg_async.integrations.opentelemetry
except frontegg_async.errors.MissingExtraError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 1
    assert "pip install 'frontegg-async[otel]'" in done.stdout
