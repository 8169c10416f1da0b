"""Spans: one for each call, with attributes and events."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from collections.abc import Callable

import pytest
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.instrumentation.utils import suppress_http_instrumentation, suppress_instrumentation
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind, StatusCode

from frontegg_async import (
    AsyncFrontegg,
    ConflictError,
    FronteggError,
    NotFoundError,
    Options,
    RequestSnapshot,
    ResponseSnapshot,
    UserToMigrate,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints.tenants import GET
from frontegg_async.errors import ConnectionFailedError, OutcomeUnknownError
from tests.integrations.opentelemetry.conftest import ExportedTelemetry
from tests.support.clients import make_client
from tests.support.raw_server import CLOSE, SILENCE, http, raw_server
from tests.support.tenants import tenant_row

pytestmark = pytest.mark.anyio

OK = http(200, tenant_row(), headers={"frontegg-trace-id": "trace-1"})
TEMPLATE = "/tenants/resources/tenants/v2/{tenant_id}"


def _events(span: ReadableSpan, name: str) -> list[dict[str, object]]:
    return [dict(event.attributes or {}) for event in span.events if event.name == name]


async def test_a_call_has_one_span(exported: ExportedTelemetry) -> None:
    """The span has kind client, method and path template as name, the conventional attributes and one attempt."""
    async with raw_server(OK) as server, make_client(f"{server.url}/frontegg") as client:
        await client.tenants.get("t1")
    span = exported.span("tenants.get")
    assert span.name == f"GET /frontegg{TEMPLATE}"
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert span.attributes == {
        "frontegg.operation": "tenants.get",
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "server.address": "127.0.0.1",
        "server.port": server.port,
        "url.template": f"/frontegg{TEMPLATE}",
    }
    (event,) = _events(span, "frontegg.attempt")
    assert event.pop("frontegg.duration") == 0  # the clock of this client does not move
    assert event == {
        "frontegg.attempt": 1,
        "frontegg.trace_id": "trace-1",
        "frontegg.wait": 0,
        "http.response.status_code": 200,
    }
    assert span.instrumentation_scope is not None
    assert span.instrumentation_scope.name == "frontegg_async"


async def test_attempts_are_events_of_one_span(exported: ExportedTelemetry) -> None:
    """Failed attempts are events too, with the error and the wait."""
    async with raw_server(CLOSE, http(503, {}), OK) as server, make_client(server.url, rng=lambda: 1.0) as client:
        await client.tenants.get("t1")
    span = exported.span("tenants.get")
    attempts = _events(span, "frontegg.attempt")
    assert [(each["frontegg.attempt"], each.get("error.type"), each["frontegg.wait"]) for each in attempts] == [
        (1, "disconnected", 0),
        (2, "503", 0.5),
        (3, None, 1),
    ]
    assert (span.attributes or {})["http.request.resend_count"] == 2
    assert (span.attributes or {})["http.response.status_code"] == 200
    assert span.status.status_code is StatusCode.UNSET


async def test_an_error_is_recorded_by_its_type(exported: ExportedTelemetry) -> None:
    """The span has the service's error code and the outcome, and not the message."""
    refusal = http(404, {"errors": ["no tenant t1 of ann@acme.example"], "errorCode": "ER-00008"})
    async with raw_server(refusal) as server, make_client(server.url) as client:
        with pytest.raises(NotFoundError):
            await client.tenants.get("t1")
    span = exported.span("tenants.get")
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description is None
    attributes = dict(span.attributes or {})
    assert (attributes["error.type"], attributes["http.response.status_code"]) == ("NotFoundError", 404)
    assert (attributes["frontegg.outcome"], attributes["frontegg.error_code"]) == ("refused", "ER-00008")
    assert _events(span, "exception") == [{"exception.type": "frontegg_async.errors.NotFoundError"}]


@pytest.mark.parametrize("code", ["ann@acme.example", "ER-00008 of t1", ["x"]])
async def test_text_in_the_place_of_the_error_code_is_not_recorded(exported: ExportedTelemetry, code: object) -> None:
    """Text in the place of the error code is not recorded."""
    async with (
        raw_server(http(400, {"errors": ["no"], "errorCode": code})) as server,
        make_client(server.url) as client,
    ):
        with pytest.raises(FronteggError):
            await client.tenants.get("t1")
    assert "frontegg.error_code" not in (exported.span("tenants.get").attributes or {})


async def test_an_unknown_outcome_is_recorded(exported: ExportedTelemetry) -> None:
    """A write without a response has an unknown outcome."""
    async with raw_server(CLOSE) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError):
            await client.tenants.lock(["t1"], options=Options(max_retries=0))
    assert (exported.span("tenants.lock").attributes or {})["frontegg.outcome"] == "unknown"


async def test_nothing_was_sent(exported: ExportedTelemetry) -> None:
    """There is no status, and the attempt has the reason."""
    async with make_client("http://127.0.0.1:1", options=Options(max_retries=0)) as client:
        with pytest.raises(ConnectionFailedError):
            await client.check()
    span = exported.span("auth.authenticate")
    assert (span.attributes or {})["error.type"] == "ConnectionFailedError"
    assert "http.response.status_code" not in (span.attributes or {})
    assert [each["error.type"] for each in _events(span, "frontegg.attempt")] == ["refused"]


async def test_no_ids_and_no_personal_data(exported: ExportedTelemetry, frontegg_emulator: EmulatorHandle) -> None:
    """The span has no data of the call, the response or the error."""
    async with AsyncFrontegg(
        frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url
    ) as client:
        await client.tenants.create(tenant_id="id-canary", name="name-canary", creator_email="mail-canary@acme.example")
        await client.tenants.list(filter="filter-canary").all()
        await client.for_tenant("id-canary").account_settings.get()
        with pytest.raises(FronteggError):
            await client.tenants.create(tenant_id="id-canary", name="name-canary")
    shown = "".join(span.to_json() for span in exported.exporter.get_finished_spans())
    shown += str(exported.reader.get_metrics_data())
    assert "tenants.create" in shown
    for private in ("canary", frontegg_emulator.client_id, frontegg_emulator.secret):
        assert private not in shown


async def test_no_secrets_of_migrated_users(exported: ExportedTelemetry, frontegg_emulator: EmulatorHandle) -> None:
    """Neither of one nor of many, also when the service refuses them."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    async with AsyncFrontegg(
        frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url
    ) as client:
        await client.users.migrate(
            "acme", email="ann@acme.example", password="canary-password", mfa_secret="canary-mfa"
        )
        with pytest.raises(ConflictError):
            await client.users.migrate("acme", email="ann@acme.example", password="canary-password")
        many = [UserToMigrate(tenant_id="acme", email="bob@acme.example", password="canary-many")]
        await client.users.bulk_migrate(many, timeout=0.001).all()
    shown = "".join(span.to_json() for span in exported.exporter.get_finished_spans())
    shown += str(exported.reader.get_metrics_data())
    assert "users.bulk_migrate" in shown
    assert "canary" not in shown


async def test_urls_and_attributes_are_opt_in(instrument: Callable[..., ExportedTelemetry]) -> None:
    """A setting adds URLs, and hooks add attributes."""

    def on_request(span: trace.Span, request: RequestSnapshot) -> None:
        span.set_attribute("shop.size", request.body_size or 0)

    def on_response(span: trace.Span, response: ResponseSnapshot) -> None:
        span.set_attribute("shop.response", response.body_size)

    exported = instrument(capture_url=True, request_hook=on_request, response_hook=on_response)
    async with raw_server(OK) as server, make_client(server.url) as client:
        await client.tenants.get("t1")
    attributes = dict(exported.span("tenants.get").attributes or {})
    assert attributes["url.full"] == f"{server.url}/tenants/resources/tenants/v2/t1"
    assert attributes["shop.size"] == 0
    assert int(str(attributes["shop.response"])) > 0


async def test_a_hook_that_fails_harms_nothing(
    instrument: Callable[..., ExportedTelemetry], caplog: pytest.LogCaptureFixture
) -> None:
    """The span is complete without the hook."""

    def fail(span: trace.Span, snapshot: object) -> None:
        raise ValueError(span, snapshot)

    exported = instrument(request_hook=fail, response_hook=fail)
    async with raw_server(OK) as server, make_client(server.url) as client:
        await client.tenants.get("t1")
    assert len(exported.span("tenants.get").events) == 1
    assert {record.message for record in caplog.records} == {"a hook or telemetry raised ValueError"}


async def test_a_token_is_fetched_in_a_span_of_its_own(exported: ExportedTelemetry) -> None:
    """It has no parent, because it serves all calls, and a link to the call that started it."""
    tracer = exported.tracers.get_tracer("test")
    async with raw_server(OK) as server, make_client(server.url) as client:
        with tracer.start_as_current_span("request"):
            await client.tenants.get("t1")
    fetch, call, request = exported.span("auth.authenticate"), exported.span("tenants.get"), exported.span("request")
    assert fetch.parent is None
    assert [link.context for link in fetch.links] == [call.context]
    assert call.parent == request.context
    assert not call.links


async def test_many_calls_share_one_fetch(exported: ExportedTelemetry) -> None:
    """Each call has a span, and the token fetch has one."""
    async with raw_server(OK) as server, make_client(server.url) as client:
        await asyncio.gather(*(client.tenants.get("t1") for _ in range(8)))
    names = [str((span.attributes or {})["frontegg.operation"]) for span in exported.exporter.get_finished_spans()]
    assert sorted(names) == ["auth.authenticate", *["tenants.get"] * 8]


async def test_the_recovery_of_a_lost_write_is_a_child_span(exported: ExportedTelemetry) -> None:
    """It belongs to the call that it recovers."""
    script = (CLOSE, http(200, {"items": [tenant_row()], "totalItems": 1, "totalPages": 1, "currentPage": 0}))
    async with raw_server(*script) as server, make_client(server.url) as client:
        with contextlib.suppress(FronteggError):
            await client.tenants.create(tenant_id="t1", name="T")
    write = exported.span("tenants.create")
    reads = [span for name, span in exported.spans.items() if name not in ("tenants.create", "auth.authenticate")]
    assert reads
    assert all(span.parent == write.context for span in reads)


async def test_the_context_is_restored(exported: ExportedTelemetry) -> None:
    """This holds after a call, after an error, and after a cancelled call."""
    before = otel_context.get_current()
    async with raw_server(OK, http(404, {}), SILENCE) as server, make_client(server.url) as client:
        await client.tenants.get("t1")
        assert otel_context.get_current() is before
        with pytest.raises(NotFoundError):
            await client.tenants.get("t1")
        assert otel_context.get_current() is before
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await client.tenants.get("t1")
        assert otel_context.get_current() is before
    last = exported.exporter.get_finished_spans()[-1]
    assert (last.attributes or {})["frontegg.cancelled"] is True
    assert last.status.status_code is StatusCode.UNSET
    assert not _events(last, "exception")


async def test_a_call_that_is_closed_elsewhere(exported: ExportedTelemetry, caplog: pytest.LogCaptureFixture) -> None:
    """Its span ends silently, and the context of the task that closes it does not change."""
    async with raw_server(OK, auth=[SILENCE]) as server, make_client(server.url) as client:
        coroutine = client._caller.value(GET, path={"tenant_id": "t1"})
        contextvars.Context().run(coroutine.send, None)
        before = otel_context.get_current()
        coroutine.close()
        assert otel_context.get_current() is before
    assert (exported.span("tenants.get").attributes or {})["frontegg.cancelled"] is True
    assert caplog.records == []


@pytest.mark.parametrize("suppress", [suppress_instrumentation, suppress_http_instrumentation])
async def test_suppressed_instrumentation_records_nothing(
    exported: ExportedTelemetry, suppress: Callable[[], object]
) -> None:
    """The caller may suppress instrumentation."""
    async with raw_server(OK) as server, make_client(server.url) as client:
        await client.check()
        exported.exporter.clear()
        with suppress():  # type: ignore[attr-defined] # a context manager of the library, which says not of what
            await client.tenants.get("t1")
    assert not exported.exporter.get_finished_spans()
