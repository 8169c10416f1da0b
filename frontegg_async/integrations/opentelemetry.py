"""OpenTelemetry: a span for each call, with its attempts as events, and metrics.

It needs the extra ``otel``. Spans and metrics follow the semantic conventions for HTTP clients; what these have no
name for begins with ``frontegg.``. Neither has ids or personal data, unless a hook puts them there.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable, Collection
from typing import Final, TypeAlias, TypedDict, Unpack
from urllib.parse import urlsplit

import attrs

from frontegg_async._core.call.observers import EVERYWHERE, UNDER_WAY
from frontegg_async._version import __version__
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints.auth import AUTHENTICATE
from frontegg_async.endpoints.sessions import ENDPOINTS as SESSIONS
from frontegg_async.errors import FronteggError, MissingExtraError
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

Attributes: TypeAlias = dict[str, str | int | float | bool]

_SCHEMA: Final = "https://opentelemetry.io/schemas/1.30.0"
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Seconds, as the conventions for HTTP advise."""

_CALL_BUCKETS: Final = (*_BUCKETS, 30.0, 60.0, 120.0)
"""A call may take its whole deadline, and not only the time of one attempt."""

_ATTEMPT_BUCKETS: Final = (1.0, 2.0, 3.0, 4.0, 5.0, 10.0)
_FIRST_ERROR: Final = 400
_CODE: Final = re.compile(r"[A-Z]{1,8}-[0-9]{1,8}", re.ASCII)
"""A code of the service's; whatever else an answer may have in its place is kept out."""

_TOKEN_FETCHES: Final = frozenset(endpoint.name for endpoint in (AUTHENTICATE, *SESSIONS))


class Instruments:
    """What is measured.

    Args:
        meter: Makes the instruments.
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
    """Watches the calls of all clients of this process, awaiting and blocking, those that exist already included.

    ``opentelemetry-instrument`` finds it by itself.
    """

    def instrumentation_dependencies(self) -> Collection[str]:
        """Return nothing: what is watched is in the same distribution."""
        return ()

    def instrument(  # type: ignore[override]  # the base takes whatever keyword it is given
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
        """Begin to watch.

        Args:
            tracer_provider: Where spans go; the global one by default.
            meter_provider: Where measurements go; the global one by default.
            capture_url: Whether spans have ``url.full``, with the ids and queries in it.
            request_hook: Is called with the span and each request, before it is sent.
            response_hook: Is called with the span and what came of each request.
            skip_dep_check: As for all instrumentors.
            raise_exception_on_conflict: As for all instrumentors.
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
        """Watch no further call; those that are under way are watched to their end."""
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
        EVERYWHERE.append(self._telemetry)

    def _uninstrument(self, **settings: object) -> None:
        del settings
        EVERYWHERE.remove(self._telemetry)


class _Settings(TypedDict):
    tracer_provider: trace.TracerProvider | None
    meter_provider: metrics.MeterProvider | None
    capture_url: bool
    request_hook: Callable[[Span, RequestSnapshot], None] | None
    response_hook: Callable[[Span, ResponseSnapshot], None] | None


@attrs.frozen(eq=False, kw_only=True)
class Telemetry:
    """Begins a span for each call.

    Args:
        tracer: Makes the spans.
        instruments: What is measured.
        capture_url: Whether spans have the whole address, ids and queries included.
        request_hook: Is called with the span and each request.
        response_hook: Is called with the span and what came of it.
    """

    tracer: trace.Tracer
    instruments: Instruments
    capture_url: bool
    request_hook: Callable[[Span, RequestSnapshot], None] | None
    response_hook: Callable[[Span, ResponseSnapshot], None] | None

    def begin(self, endpoint: Endpoint[object], base_url: BaseUrl) -> CallSpan | None:
        """Begin a span, unless instrumentation is suppressed here."""
        if not is_http_instrumentation_enabled():
            return None
        address, port = _where(base_url)
        template = f"{base_url.prefix}{endpoint.path}"
        shared: Attributes = {
            "http.request.method": endpoint.method,
            "server.address": address,
            "server.port": port,
            "url.template": template,
        }
        around = context.get_current()
        span = self.tracer.start_span(
            f"{endpoint.method} {template}",
            around,
            kind=SpanKind.CLIENT,
            attributes={"frontegg.operation": endpoint.name, **shared},
            links=_links(around),
        )
        return CallSpan(self, endpoint.name, shared, span, around)


def _links(around: context.Context) -> list[trace.Link]:
    """Return a link to the call that began what is done for many: no span is around that."""
    if trace.get_current_span(around).get_span_context().is_valid:
        return []
    causes = (watch.span.get_span_context() for watch in UNDER_WAY.get() if isinstance(watch, CallSpan))
    return [trace.Link(cause) for cause in causes if cause.is_valid]


class CallSpan:
    """The span of one call, which is the current one from here to its end.

    Args:
        telemetry: What began it.
        operation: The name of the operation.
        shared: What the span and the measurements of its requests tell alike.
        span: The span.
        around: The context that the call is made in.
    """

    __slots__ = ("_around", "_attempts", "_inside", "_operation", "_quiet", "_shared", "_started", "_telemetry", "span")

    def __init__(
        self, telemetry: Telemetry, operation: str, shared: Attributes, span: Span, around: context.Context
    ) -> None:
        self.span: Span = span
        self._telemetry = telemetry
        self._operation = operation
        self._shared = shared
        self._started = time.perf_counter()
        self._attempts = 0
        self._around = around
        self._inside = trace.set_span_in_context(span, around)
        context.attach(self._inside)
        with suppress_http_instrumentation():
            self._quiet = context.get_current()

    def send(self, request: RequestSnapshot) -> None:
        """Keep the instrumentation of HTTP quiet during the attempt."""
        self._go(self._quiet)
        self._attempts = request.attempt
        telemetry = self._telemetry
        telemetry.instruments.waits.record(request.waited, {"frontegg.operation": self._operation})
        if telemetry.capture_url:
            self.span.set_attribute("url.full", request.url)
        if telemetry.request_hook is not None:
            telemetry.request_hook(self.span, request)

    def receive(self, response: ResponseSnapshot) -> None:
        """Take the attempt down."""
        self._go(self._inside)
        telemetry, request, span = self._telemetry, response.request, self.span
        seen = _seen(response)
        telemetry.instruments.requests.record(response.elapsed, {**self._shared, **seen})
        event: Attributes = {"frontegg.attempt": request.attempt, "frontegg.wait": request.waited}
        event |= {"frontegg.duration": response.elapsed, **seen}
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
        how: Attributes = {**what, **_outcome(error)}
        instruments.calls.record(time.perf_counter() - self._started, how)
        instruments.attempts.record(self._attempts, what)
        if isinstance(error, Exception):
            instruments.errors.add(1, how)
        if self._operation in _TOKEN_FETCHES:
            instruments.token_fetches.add(1, how)
        if self._attempts > 1:
            span.set_attribute("http.request.resend_count", self._attempts - 1)
        if error is not None:
            _tell(span, error)
        span.end()
        self._go(self._around)

    def _go(self, to: context.Context) -> None:
        """Change the current context.

        Nothing is detached: what closes a coroutine that nobody awaits any more has a context of its own, which is left
        as it is.
        """
        current = context.get_current()
        if current is self._inside or current is self._quiet:
            context.attach(to)


def _seen(response: ResponseSnapshot) -> Attributes:
    """Return what a request and its measurement tell of what came of it."""
    if response.status is None:
        return {"error.type": response.failure or "unknown"}
    if response.status < _FIRST_ERROR:
        return {"http.response.status_code": response.status}
    return {"http.response.status_code": response.status, "error.type": str(response.status)}


def _outcome(error: BaseException | None) -> Attributes:
    """Return how a call ended; a caller that did not want it any more is no error of it."""
    if error is None:
        return {}
    return {"error.type": type(error).__qualname__} if isinstance(error, Exception) else {"frontegg.cancelled": True}


def _tell(span: Span, error: BaseException) -> None:
    """Have a span tell of an error: never by its message, which may hold ids."""
    span.set_attributes(_outcome(error))
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
def _where(base_url: BaseUrl) -> tuple[str, int]:
    """Return the address and the port of an origin."""
    parts = urlsplit(base_url.origin)
    return parts.hostname or base_url.host, parts.port or (443 if parts.scheme == "https" else 80)
