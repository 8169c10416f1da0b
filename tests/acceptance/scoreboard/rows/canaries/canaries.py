"""Row 18: no call and no failure makes secrets or personal data visible."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Final

import msgspec
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import frontegg_async
import frontegg_sync
from frontegg_async.emulator import Emulator
from frontegg_async.integrations.opentelemetry import FronteggInstrumentor
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.canaries.answering import Answering
from tests.acceptance.scoreboard.rows.canaries.cancellations import drive_cancelled
from tests.acceptance.scoreboard.rows.canaries.operations import make, make_clients, operations_of, refused_settings
from tests.acceptance.scoreboard.rows.canaries.search import CapturedLogs, Findings
from tests.acceptance.scoreboard.rows.canaries.services import drive_services
from tests.acceptance.scoreboard.rows.canaries.values import ANSWERS, ONCE
from tests.acceptance.scoreboard.support.recorder import recorder

_MANY: Final = ("frames", "logs", "spans")
_LEAST: Final = 500
"""Texts of each of these kinds, so that the row cannot pass without looking."""
_SHARES: Final = {frontegg_async: 7, frontegg_sync: 21}
"""In the short form, an answer is for one of so many operations, and the next answer for the next of them."""
_AT_ONCE: Final = 16
"""Calls, as most of them wait before their second attempt."""


@contextlib.contextmanager
def telemetry() -> Iterator[Callable[[], Iterator[tuple[str, str]]]]:
    """Trace and measure all calls; yield a function that returns the spans and metrics as text."""
    spans, readings = InMemorySpanExporter(), InMemoryMetricReader()
    tracers, meters = TracerProvider(), MeterProvider([readings])
    tracers.add_span_processor(SimpleSpanProcessor(spans))

    def seen() -> Iterator[tuple[str, str]]:
        yield from ((f"spans: {span.name}", span.to_json(indent=None)) for span in spans.get_finished_spans())
        data = readings.get_metrics_data()
        if data is not None:
            scopes = [scope for resource in data.resource_metrics for scope in resource.scope_metrics]
            yield from ((f"metrics: {each.name}", each.to_json()) for scope in scopes for each in scope.metrics)

    instrumentor = FronteggInstrumentor()
    instrumentor.instrument(tracer_provider=tracers, meter_provider=meters)
    try:
        yield seen
    finally:
        instrumentor.uninstrument()
        tracers.shutdown()
        meters.shutdown()


async def _drive(package: ModuleType, url: str, findings: Findings, answers: Iterator[str], share: int) -> int:
    client, views = make_clients(package, url)
    places = asyncio.Semaphore(_AT_ONCE)
    made = {place: list(operations_of(view, place)) for place, view in views.items()}
    for place in made.keys() - {"client", "view", "user"}:
        made[place] = [each for each in made[place] if each[0].endswith(("me.tenants", "tenants.get"))]
    calls = 0
    for number, name in enumerate(answers):
        for place, view in views.items():
            findings.look(
                f"repr of clients: {place}", f"{view!r} {view} {vars(view) if hasattr(view, '__dict__') else ''!r}"
            )
            operations = made[place][number % share :: share]
            calls += len(operations)
            async with asyncio.TaskGroup() as group:
                for operation, call in operations:
                    group.create_task(_look_at_call(package, places, findings, (f"{operation}, {name}", call)))
            client.reset_auth()
    for each in views.values():
        closing = getattr(each, "aclose", None) or getattr(each, "close", None)
        if closing is not None:
            await make(package, closing)
    return calls


async def _look_at_call(
    package: ModuleType, places: asyncio.Semaphore, findings: Findings, operation: tuple[str, Callable[[], object]]
) -> None:
    name, call = operation
    async with places:
        try:
            value = await make(package, call)
        except Exception as error:  # noqa: BLE001 - every error is searched for secrets
            findings.look_at_error(name, error)
            del error
        else:
            # Plain JSON may contain secrets. A model shows only ids.
            if not isinstance(value, dict | list | str | None):
                findings.look(f"repr of models: {name}", f"{value!r} {value}")


async def _drive_settings(package: ModuleType, findings: Findings) -> None:
    for name, make_client in refused_settings(package):
        try:
            await asyncio.to_thread(make_client)
        except frontegg_async.FronteggError as error:
            findings.look_at_error(f"settings, {name}", error)
        else:
            findings.places[f"settings, {name}: it was taken"] += 1


async def _drive_emulator(findings: Findings) -> None:
    """Look at the journal of an emulator, after calls with all these values."""
    async with Emulator() as emulator, emulator.client(options=ONCE) as client:
        await emulator.seed(tenants=[{"tenantId": "t", "name": "n"}], users=[])
        for place, view in (("client", client), ("view", client.for_tenant("t"))):
            for _, call in operations_of(view, place):
                with contextlib.suppress(frontegg_async.FronteggError, OSError):  # the file of a plan does not exist
                    await make(frontegg_async, call)
        entries = await emulator.journal()
        findings.look("journal", f"{entries!r} {msgspec.json.encode(entries).decode()}")
        if emulator.secret in repr(entries):
            findings.places["journal: the secret"] += 1


async def measure_canaries(setting: Setting) -> Finding:
    """Call every public operation of both packages with every kind of answer, and search all text for canaries."""
    capture = CapturedLogs()
    root = logging.getLogger()
    root.addHandler(capture)
    for name in ("", "aiohttp", "asyncio", "frontegg_async"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    asyncio.get_running_loop().set_debug(enabled=True)
    findings = Findings()
    calls = 0
    answering = Answering()
    async with recorder(answering) as server:
        with telemetry() as told:
            for package in (frontegg_async, frontegg_sync):
                share = 1 if setting.full else _SHARES[package]
                calls += await _drive(package, server.url, findings, answering.each(list(ANSWERS)), share)
                await _drive_settings(package, findings)
            await drive_services(server.url, findings)
            stalled = functools.partial(setattr, answering, "name")
            calls += await drive_cancelled(server.url, findings, stalled, full=setting.full)
            for place, text in told():
                findings.look_outside(place, text)
    await _drive_emulator(findings)
    root.removeHandler(capture)
    for line in capture.lines:
        findings.look_outside("logs", line)
    looked = ", ".join(f"{count:,} {place}" for place, count in sorted(findings.looked_at.items()))
    return Finding(
        figure=f"{calls:,} calls in both packages: {findings.places.total()} canaries visible; searched: {looked}",
        passed=not findings.places and min(findings.looked_at[place] for place in _MANY) > _LEAST,
        details=tuple(f"{place} ({count})" for place, count in findings.places.most_common(25)),
    )


ROWS: Final = (
    Row(
        number=18,
        name="secrets-and-personal-data",
        early=True,
        title="secrets and personal data: client id, secret, tokens, proxy password, e-mail, metadata value",
        target="secrets and tokens visible nowhere; e-mail and metadata values only in the public method's own frame; "
        "client id not in logs, spans or metrics",
        measure=measure_canaries,
        starred=True,
        time_limit=120.0,
    ),
)
