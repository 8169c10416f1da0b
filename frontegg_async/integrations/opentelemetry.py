"""OpenTelemetry: a span for each call, with its attempts as events, and metrics.

This module needs the extra ``otel``. Spans and metrics follow the semantic conventions for HTTP clients. Other
attributes begin with ``frontegg.``. Spans and metrics contain no ids of tenants or users and no personal data, unless a
hook adds them.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable, Collection
from typing import Final, TypeAlias, TypedDict, Unpack
from urllib.parse import urlsplit

import attrs

from frontegg_async._core.call.hooks import load_observed_calls
from frontegg_async._core.call.observers import CURRENT_OBSERVERS, GLOBAL_OBSERVERS
from frontegg_async._version import __version__
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints.auth import AUTHENTICATE
from frontegg_async.endpoints.sessions import ENDPOINTS as SESSIONS
from frontegg_async.errors import FronteggError, MissingExtraError
from frontegg_async.mirror.health_board import BOARD
from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot
from frontegg_async.regions import BaseUrl

try:
    from opentelemetry import context, metrics, trace
    from opentelemetry.instrumentation.instrumentor import BaseInstrumentor
    from opentelemetry.instrumentation.utils import is_http_instrumentation_enabled, suppress_http_instrumentation
    from opentelemetry.trace import Span, SpanKind, StatusCode
except ImportError:
    raise MissingExtraError(
        "telemetry needs opentelemetry-api and opentelemetry-instrumentation: pip install 'frontegg-async[otel]'"
    ) from None

from frontegg_async.integrations.opentelemetry_entitlements import create_instruments
from frontegg_async.integrations.opentelemetry_mirrors import create_gauges

Attributes: TypeAlias = dict[str, str | int | float | bool]

__all__ = ["FronteggInstrumentor"]

_SCHEMA: Final = "https://opentelemetry.io/schemas/1.30.0"
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Bucket boundaries in seconds, from the HTTP conventions."""

_CALL_BUCKETS: Final = (*_BUCKETS, 30.0, 60.0, 120.0)
"""Bucket boundaries for calls, which may take as long as their deadline."""

_ATTEMPT_BUCKETS: Final = (1.0, 2.0, 3.0, 4.0, 5.0, 10.0)
_FIRST_ERROR: Final = 400
_CODE: Final = re.compile(r"[A-Z]{1,8}-[0-9]{1,8}", re.ASCII)
"""The form of the service's error codes. Other text is not recorded."""

_TOKEN_FETCHES: Final = frozenset(endpoint.name for endpoint in (AUTHENTICATE, *SESSIONS))


class Instruments:
    """The metric instruments.

    Args:
        meter: Creates the instruments.
    """

    def __init__(self, meter: metrics.Meter) -> None:
        self.requests: metrics.Histogram = meter.create_histogram(
            "http.client.request.duration",
            unit="s",
            description="Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=_BUCKETS,
        )
        self.calls: metrics.Histogram = meter.create_histogram(
            "frontegg.client.call.duration",
            unit="s",
            description="Duration of calls, with all attempts and waits.",
            explicit_bucket_boundaries_advisory=_CALL_BUCKETS,
        )
        self.attempts: metrics.Histogram = meter.create_histogram(
            "frontegg.client.call.attempts",
            unit="{attempt}",
            description="Attempts that a call took.",
            explicit_bucket_boundaries_advisory=_ATTEMPT_BUCKETS,
        )
        self.waits: metrics.Histogram = meter.create_histogram(
            "frontegg.client.attempt.wait",
            unit="s",
            description="Waits before attempts: for a connection, a token, a rate limit, or between attempts.",
            explicit_bucket_boundaries_advisory=_CALL_BUCKETS,
        )
        self.errors: metrics.Counter = meter.create_counter(
            "frontegg.client.call.errors", unit="{error}", description="Calls that raised an error."
        )
        self.token_fetches: metrics.Counter = meter.create_counter(
            "frontegg.client.token.fetches", unit="{fetch}", description="Requests for a token, or for a newer one."
        )


class FronteggInstrumentor(BaseInstrumentor):
    """The instrumentor of all clients of this process, asynchronous and blocking, including existing clients.

    ``opentelemetry-instrument`` finds this class automatically.
    """

    def instrumentation_dependencies(self) -> Collection[str]:
        """Return nothing: the instrumented code is in the same distribution."""
        return ()

    def instrument(  # type: ignore[override]  # the base accepts any keyword
        self,
        *,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
        capture_url: bool = False,
        request_hook: Callable[[Span, RequestSnapshot], None] | None = None,
        response_hook: Callable[[Span, ResponseSnapshot], None] | None = None,
        skip_dep_check: bool = False,
        raise_exception_on_conflict: bool = False,
    ) -> None:
        """Start instrumenting.

        Args:
            tracer_provider: The provider for spans. The default is the global provider.
            meter_provider: The provider for metrics. The default is the global provider.
            capture_url: Whether spans have ``url.full``, including ids and queries.
            request_hook: Called with the span and each request, before it is sent.
            response_hook: Called with the span and the result of each request.
            skip_dep_check: An argument that all instrumentors of OpenTelemetry have.
            raise_exception_on_conflict: An argument that all instrumentors of OpenTelemetry have.
        """
        super().instrument(
            tracer_provider=tracer_provider,
            meter_provider=meter_provider,
            capture_url=capture_url,
            request_hook=request_hook,
            response_hook=response_hook,
            skip_dep_check=skip_dep_check,
            raise_exception_on_conflict=raise_exception_on_conflict,
        )

    def uninstrument(self) -> None:  # type: ignore[override]  # likewise
        """Stop instrumenting new calls. Calls in progress are recorded until they end."""
        super().uninstrument()

    def _instrument(self, **settings: Unpack[_Settings]) -> None:
        tracer = trace.get_tracer("frontegg_async", __version__, settings["tracer_provider"], _SCHEMA)
        meter = metrics.get_meter("frontegg_async", __version__, settings["meter_provider"], _SCHEMA)
        self._telemetry = Telemetry(
            tracer=tracer,
            instruments=Instruments(meter),
            capture_url=settings["capture_url"],
            request_hook=settings["request_hook"],
            response_hook=settings["response_hook"],
        )
        create_gauges(meter)
        create_instruments(meter)
        BOARD.want(is_wanted=True)
        load_observed_calls()
        GLOBAL_OBSERVERS.append(self._telemetry)

    def _uninstrument(self, **settings: object) -> None:
        del settings
        GLOBAL_OBSERVERS.remove(self._telemetry)
        BOARD.want(is_wanted=False)


class _Settings(TypedDict):
    tracer_provider: trace.TracerProvider | None
    meter_provider: metrics.MeterProvider | None
    capture_url: bool
    request_hook: Callable[[Span, RequestSnapshot], None] | None
    response_hook: Callable[[Span, ResponseSnapshot], None] | None


@attrs.frozen(eq=False, kw_only=True)
class Telemetry:
    """The telemetry of calls: it begins a span for each call.

    Args:
        tracer: Creates the spans.
        instruments: The metric instruments.
        capture_url: Whether spans have the whole URL, including ids and queries.
        request_hook: Called with the span and each request.
        response_hook: Called with the span and the result of each request.
    """

    tracer: trace.Tracer
    instruments: Instruments
    capture_url: bool
    request_hook: Callable[[Span, RequestSnapshot], None] | None
    response_hook: Callable[[Span, ResponseSnapshot], None] | None

    def begin(self, endpoint: Endpoint[object], base_url: BaseUrl) -> CallSpan | None:
        """Begin a span, unless instrumentation is suppressed in this context."""
        if not is_http_instrumentation_enabled():
            return None
        address, port = _server_address(base_url)
        template = f"{base_url.prefix}{endpoint.path}"
        shared: Attributes = {
            "http.request.method": endpoint.method,
            "server.address": address,
            "server.port": port,
            "url.template": template,
        }
        caller_context = context.get_current()
        span = self.tracer.start_span(
            f"{endpoint.method} {template}",
            caller_context,
            kind=SpanKind.CLIENT,
            attributes={"frontegg.operation": endpoint.name, **shared},
            links=_links(caller_context),
        )
        return CallSpan(self, endpoint.name, shared, span, caller_context)


def _links(caller_context: context.Context) -> list[trace.Link]:
    """Return links to the calls that started shared background work, since this work has no parent span."""
    if trace.get_current_span(caller_context).get_span_context().is_valid:
        return []
    causes = (watch.span.get_span_context() for watch in CURRENT_OBSERVERS.get() if isinstance(watch, CallSpan))
    return [trace.Link(cause) for cause in causes if cause.is_valid]


class CallSpan:
    """The span of a call. It is the current span until the call ends.

    Args:
        telemetry: The telemetry that began the span.
        operation: The name of the operation.
        shared: The attributes that the span and its request metrics have in common.
        span: The span.
        caller_context: The context of the caller.
    """

    __slots__ = (
        "_attempts",
        "_caller_context",
        "_operation",
        "_shared",
        "_span_context",
        "_started",
        "_suppressed",
        "_telemetry",
        "span",
    )

    def __init__(
        self, telemetry: Telemetry, operation: str, shared: Attributes, span: Span, caller_context: context.Context
    ) -> None:
        self.span: Span = span
        self._telemetry = telemetry
        self._operation = operation
        self._shared = shared
        self._started = time.perf_counter()
        self._attempts = 0
        self._caller_context = caller_context
        self._span_context = trace.set_span_in_context(span, caller_context)
        context.attach(self._span_context)
        with suppress_http_instrumentation():
            self._suppressed = context.get_current()

    def send(self, request: RequestSnapshot) -> None:
        """Record the start of an attempt, and suppress HTTP instrumentation during it."""
        self._switch_context(self._suppressed)
        self._attempts = request.attempt
        telemetry = self._telemetry
        telemetry.instruments.waits.record(request.waited, {"frontegg.operation": self._operation})
        if telemetry.capture_url:
            self.span.set_attribute("url.full", request.url)
        if telemetry.request_hook is not None:
            telemetry.request_hook(self.span, request)

    def receive(self, response: ResponseSnapshot) -> None:
        """Record the result of an attempt."""
        self._switch_context(self._span_context)
        telemetry, request, span = self._telemetry, response.request, self.span
        result = _result_attributes(response)
        telemetry.instruments.requests.record(response.elapsed, {**self._shared, **result})
        event: Attributes = {"frontegg.attempt": request.attempt, "frontegg.wait": request.waited}
        event |= {"frontegg.duration": response.elapsed, **result}
        if response.trace_id is not None:
            event["frontegg.trace_id"] = response.trace_id
        span.add_event("frontegg.attempt", event)
        if response.status is not None:
            span.set_attribute("http.response.status_code", response.status)
        if telemetry.response_hook is not None:
            telemetry.response_hook(span, response)

    def end(self, error: BaseException | None) -> None:
        """End the span."""
        span, instruments = self.span, self._telemetry.instruments
        what: Attributes = {"frontegg.operation": self._operation, "server.address": self._shared["server.address"]}
        how: Attributes = {**what, **_outcome_attributes(error)}
        instruments.calls.record(time.perf_counter() - self._started, how)
        instruments.attempts.record(self._attempts, what)
        if isinstance(error, Exception):
            instruments.errors.add(1, how)
        if self._operation in _TOKEN_FETCHES:
            instruments.token_fetches.add(1, how)
        if self._attempts > 1:
            span.set_attribute("http.request.resend_count", self._attempts - 1)
        if error is not None:
            _record_error(span, error)
        span.end()
        self._switch_context(self._caller_context)

    def _switch_context(self, to: context.Context) -> None:
        """Change the current context.

        Nothing is detached: an abandoned coroutine is closed in another context, and this context must not change.
        """
        current = context.get_current()
        if current is self._span_context or current is self._suppressed:
            context.attach(to)


def _result_attributes(response: ResponseSnapshot) -> Attributes:
    """Return the attributes of a result, for the span event and the metric of its request."""
    if response.status is None:
        return {"error.type": response.failure or "unknown"}
    if response.status < _FIRST_ERROR:
        return {"http.response.status_code": response.status}
    return {"http.response.status_code": response.status, "error.type": str(response.status)}


def _outcome_attributes(error: BaseException | None) -> Attributes:
    """Return the attributes of the outcome of a call. A cancelled call is not an error."""
    if error is None:
        return {}
    return {"error.type": type(error).__qualname__} if isinstance(error, Exception) else {"frontegg.cancelled": True}


def _record_error(span: Span, error: BaseException) -> None:
    """Record an error in a span, without its message, which may contain ids."""
    span.set_attributes(_outcome_attributes(error))
    if not isinstance(error, Exception):
        return
    kind = type(error)
    span.add_event("exception", {"exception.type": f"{kind.__module__}.{kind.__qualname__}"})
    span.set_status(StatusCode.ERROR)
    if isinstance(error, FronteggError):
        if error.outcome is not None:
            span.set_attribute("frontegg.outcome", error.outcome.value)
        if error.details.code is not None and _CODE.fullmatch(error.details.code):
            span.set_attribute("frontegg.error_code", error.details.code)


@functools.lru_cache(maxsize=256)
def _server_address(base_url: BaseUrl) -> tuple[str, int]:
    """Return the server address and port of an origin."""
    parts = urlsplit(base_url.origin)
    return parts.hostname or base_url.host, parts.port or (443 if parts.scheme == "https" else 80)
