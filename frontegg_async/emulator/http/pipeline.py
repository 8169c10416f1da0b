"""`Pipeline`: serves a request in stages, from its head to the response. Faults can act at each stage."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, cast

import attrs
import msgspec
from aiohttp import web

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.faults.ledger import Fault, FaultLedger
from frontegg_async.emulator.faults.spec import Bomb, Delay, Drip, Stage, Truncate
from frontegg_async.emulator.http import fault_actions
from frontegg_async.emulator.http.access import TENANT_HEADER, check_access, check_subject, read_token
from frontegg_async.emulator.http.deliverer import DeliveryLoop
from frontegg_async.emulator.http.encoding import EncodedResponse, encode_response
from frontegg_async.emulator.http.fault_actions import fault_response
from frontegg_async.emulator.http.prehook_calls import ask_prehook
from frontegg_async.emulator.http.rate_limit_responses import rate_limit_headers, too_many_requests
from frontegg_async.emulator.http.requests import (
    OversizedBodyError,
    UnreadableBodyError,
    peer_is_gone,
    read_body,
    target_of,
)
from frontegg_async.emulator.http.routes import Route, RouteTable, decode, strip_prefix
from frontegg_async.emulator.services.applications.given_ids import check_given_ids
from frontegg_async.emulator.services.changed_tenants import touch_tenant
from frontegg_async.emulator.services.support.emulated_response import (
    NO_HEADERS,
    EmulatedResponse,
    RequestRefusedError,
    edge_error,
    framework_error,
    service_error,
)
from frontegg_async.emulator.services.support.incoming_call import NO_FIELDS, IncomingCall, Query
from frontegg_async.emulator.services.support.request_bodies import read_object
from frontegg_async.emulator.services.support.switches import ServiceSwitches
from frontegg_async.emulator.services.tenants.lag import note_write, prepare_for_write
from frontegg_async.emulator.services.write_bodies import apply_write_body
from frontegg_async.emulator.store.switches import Switches
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.connections import Connection
from frontegg_async.emulator.world.deliveries import Outgoing
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import NOBODY, Grant
from frontegg_async.emulator.world.journal import NO_EFFECT, JournalEntry, recorded_headers
from frontegg_async.emulator.world.recordings import Recording, message
from frontegg_async.emulator.world.redaction import redact, redact_path
from frontegg_async.emulator.world.world import World
from frontegg_async.endpoints import Auth

MAX_BODY: Final = 16 * 1024 * 1024
MAX_TARGET: Final = 16 * 1024
"""The maximum length, in characters, of a request target that the proxy in front of the service accepts."""
_SHOWS_LIMITS: Final = "/identity/"
"""The prefix of the paths whose responses have rate-limit headers."""

log: logging.Logger = logging.getLogger("frontegg_async.emulator")


class _NoResponseError(Exception):
    """A fault ended the connection before a response was sent."""


@attrs.define(eq=False)
class Exchange:
    """One HTTP request with its response, while the pipeline handles the request."""

    request: web.BaseRequest
    connection: Connection
    method: str
    target: str
    raw_path: str
    path: str
    query: str
    prefixed: bool
    trace_id: str
    route: Route | None
    fields: Mapping[str, str]
    entry: JournalEntry
    body: bytes | None = None
    refusal: RequestRefusedError | None = None
    """The refusal of the body, if the body was read before the other checks of the request."""
    token: str | None = None
    grant: Grant | None = None
    environment: EmulatedEnvironment | None = None
    limit_headers: Mapping[str, str] = NO_HEADERS
    """The rate-limit headers of the response."""
    sent: EncodedResponse | None = None
    """The encoded response as it was before a fault changed it."""
    response_fault: Fault | None = None
    """The fault that will act while the response is sent. An earlier stage has chosen it."""
    ledgers: tuple[tuple[FaultLedger, Mapping[str, int]], ...] = ()
    """The ledgers with faults that match this request. For each fault, the number of matching requests is given.

    Most requests match no fault.
    """

    def count_for(self, ledgers: Iterable[FaultLedger]) -> None:
        """Count the request for every fault that matches it."""
        counted = [(ledger, ledger.count_request(self.method, self.path)) for ledger in ledgers if ledger]
        self.ledgers = tuple((ledger, numbers) for ledger, numbers in counted if numbers)

    def due(self, stage: Stage) -> Iterator[Fault]:
        """Yield the faults that act on this request at a stage, and record them in the journal."""
        for ledger, numbers in self.ledgers:
            for fault in ledger.due(stage, numbers):
                self.entry.faults = (*self.entry.faults, fault.id)
                yield fault


class Pipeline:
    """Serves the requests to the emulated service of Frontegg.

    Args:
        world: The state of the whole emulator.
        table: The table that finds the route of a request.
        deliveries: The loop that calls webhooks and prehooks.
    """

    def __init__(self, world: World, table: RouteTable, deliveries: DeliveryLoop) -> None:
        self._world = world
        self._table = table
        self._deliveries = deliveries

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        """Serve a request. A fault may change or prevent the response."""
        self._world.connections.count_request(connection)
        try:
            exchange = await self._open(request, connection)
        except ConnectionError:
            return _no_response()
        try:
            return await self._respond_and_send(exchange)
        finally:
            if self._world.recordings is not None:
                self._world.recordings.add(exchange.trace_id, _recording(exchange))
            self._world.subscribers.publish_request(exchange.entry)

    async def _respond_and_send(self, exchange: Exchange) -> web.StreamResponse:
        try:
            response = await self._respond(exchange)
        except (_NoResponseError, ConnectionError):
            return _no_response()
        return await self._send(exchange, encode_response(response, exchange.trace_id))

    async def _open(self, request: web.BaseRequest, connection: Connection) -> Exchange:
        target = target_of(request)
        raw_path, _, query = target.partition("?")
        raw_path, prefixed = strip_prefix(raw_path)
        method = request.method
        found = self._table.find(method, raw_path)
        route = None if found is None else found[0]
        path = decode(raw_path) or raw_path
        entry = JournalEntry(
            at="",
            method=method,
            path=redact_path(self._table.shown(path) if found is None else found[0].shown(path)),
            query=redact(query),
            route=None if route is None else route.endpoint.name,
            environment=None,
            trace_id=os.urandom(16).hex(),
            headers=recorded_headers(request.headers),
        )
        exchange = Exchange(
            request=request,
            connection=connection,
            method=method,
            target=target,
            raw_path=raw_path,
            path=path,
            query=query,
            prefixed=prefixed,
            trace_id=entry.trace_id,
            route=route,
            fields=NO_FIELDS if found is None else found[1],
            entry=entry,
        )
        await self._identify(exchange)
        self._note(exchange)
        return exchange

    async def _identify(self, exchange: Exchange) -> None:
        """Find the environment of a request before authentication. Faults, the journal and rate limits need it."""
        world = self._world
        route, token = exchange.route, read_token(exchange.request.headers)
        if route is not None and route.rule.locate is not None and (token is None or not route.endpoint.auth):
            try:
                exchange.body = await _read_body(exchange.request)
            except RequestRefusedError as refusal:
                exchange.refusal = refusal
            body = _leniently(exchange.body or b"")
            exchange.environment = route.rule.locate(world.environments, body, exchange.request.headers)
        else:
            exchange.grant = None if token is None else world.grant_of(token)
            if exchange.grant is not None:
                exchange.environment = world.environments.get(exchange.grant.client_id)

    def _note(self, exchange: Exchange) -> None:
        world = self._world
        environment = exchange.environment
        entry = exchange.entry
        if environment is None:
            entry.at = timestamp(time.time())
            exchange.count_for((world.faults,))
        else:
            entry.at = environment.clock.timestamp()
            entry.environment = environment.client_id
            exchange.count_for((world.environment_faults[environment.client_id], world.faults))
            world.connections.assign(exchange.connection, environment.client_id)
        world.journal.add(entry)
        world.subscribers.publish_request(entry)
        if exchange.route is not None:
            world.requests[entry.environment, exchange.route.endpoint.name] += 1

    async def _respond(self, exchange: Exchange) -> EmulatedResponse:
        try:
            instead = await self._apply_faults(exchange, "accept")
            return await self._serve(exchange) if instead is None else instead
        except RequestRefusedError as refusal:
            return _with_limit_headers(exchange, refusal.response)
        except (_NoResponseError, ConnectionError):
            raise
        except Exception:
            log.exception("the emulator failed on %s %s", exchange.method, exchange.path)
            return framework_error(500, "the emulator failed: see its log").response

    async def _serve(self, exchange: Exchange) -> EmulatedResponse:
        if exchange.route is None:
            nearest = self._table.nearest(exchange.method, exchange.path)
            message = f"Cannot {exchange.method} {exchange.path}: the most similar known route is {nearest}"
            raise framework_error(404, message)
        if len(exchange.target) > MAX_TARGET:
            raise edge_error(414)
        if exchange.refusal is not None:
            raise exchange.refusal
        limited = self._limited(exchange, exchange.route)
        if limited is not None:
            return limited
        environment, caller, tenant_id = self._admit(exchange, exchange.route)
        body = await self._body(exchange, exchange.route, environment.switches)
        call = IncomingCall(
            caller=caller,
            tenant_id=tenant_id,
            path=exchange.fields,
            query=Query(exchange.query),
            body=body,
            raw_path=exchange.raw_path,
            headers=exchange.request.headers,
        )
        check_given_ids(environment, exchange.route.endpoint, call)
        call = await ask_prehook(self._deliveries.calls, environment, exchange.route.rule, call)
        instead = await self._apply_faults(exchange, "before_commit")
        if instead is not None:
            return instead
        response = self._run(exchange, exchange.route, environment, call)
        if response.outgoing is not None:
            response = await self._send_first(environment, response, response.outgoing)
        response = _with_limit_headers(
            exchange, apply_write_body(response, exchange.route.endpoint, environment.switches)
        )
        instead = await self._apply_faults(exchange, "after_commit")
        return response if instead is None else instead

    def _limited(self, exchange: Exchange, route: Route) -> EmulatedResponse | None:
        environment = exchange.environment
        if environment is None or environment.settings.rate_limit is None:
            return None
        now, switches = environment.clock.now(), environment.switches
        window = environment.limits.take(route.endpoint.name, environment.settings.rate_limit, now)
        shows_limit = route.endpoint.path.startswith(_SHOWS_LIMITS)
        if window.is_over:
            return too_many_requests(window.seconds, switches, time.time(), window=window if shows_limit else None)
        if shows_limit:
            exchange.limit_headers = rate_limit_headers(window, switches, time.time())
        return None

    def _admit(self, exchange: Exchange, route: Route) -> tuple[EmulatedEnvironment, Grant, str]:
        environment = exchange.environment
        needs_no_token = route.endpoint.auth == Auth.NONE
        if needs_no_token or (route.rule.locate is not None and read_token(exchange.request.headers) is None):
            return environment or self._world.default, NOBODY, ""
        grant = exchange.grant
        if environment is None or grant is None:
            raise service_error(401, "Unauthorized")
        if not environment.accepts(grant):
            raise service_error(401, "The token is expired or revoked")
        check_subject(environment, grant, route.rule)
        tenant_id = check_access(
            route,
            grant,
            tenant_header=exchange.request.headers.get(TENANT_HEADER),
            prefixed=exchange.prefixed,
            switches=environment.switches,
        )
        return environment, grant, tenant_id

    async def _body(self, exchange: Exchange, route: Route, switches: Switches) -> dict[str, JsonValue]:
        if route.shape is None:
            return {}
        raw = exchange.body
        if raw is None:
            raw = exchange.body = await _read_body(exchange.request)
        strict = switches[ServiceSwitches].unknown_body_field == "refuse" and not route.ignores_unknown_fields
        return route.shape.declared(route.shape.read(raw), strict=strict)

    def _run(
        self, exchange: Exchange, route: Route, environment: EmulatedEnvironment, call: IncomingCall
    ) -> EmulatedResponse:
        prepare_for_write(environment)
        try:
            response = route.rule.run(environment, call)
            touch_tenant(environment, route.endpoint, call)
        finally:  # a refused sign-in publishes an event, too
            note_write(environment)
            if environment.state.changes or environment.events:
                self._world.commit(environment)
        if response.effect != NO_EFFECT:
            exchange.entry.effect = response.effect
        return response

    async def _send_first(
        self, environment: EmulatedEnvironment, response: EmulatedResponse, outgoing: Outgoing
    ) -> EmulatedResponse:
        """Make a delivery before the response is sent. Return the response with the result of the delivery."""
        await self._deliveries.make(environment, outgoing)
        return response if response.shown is None else msgspec.structs.replace(response, body=response.shown())

    async def _apply_faults(self, exchange: Exchange, stage: Stage) -> EmulatedResponse | None:
        """Apply the faults of a stage. If a fault sends a response, return that response.

        Raises:
            _NoResponseError: A fault ended the connection without a response.
        """
        if not exchange.ledgers:
            return None
        for fault in exchange.due(stage):
            action = fault.action
            if isinstance(action, Truncate | Drip):
                exchange.response_fault = attrs.evolve(fault, stage="in_body")
                continue
            if isinstance(action, Delay):
                await fault_actions.wait(exchange.request, action.seconds)
                if stage == "accept" and peer_is_gone(exchange.request):
                    raise _NoResponseError
                continue
            instead = await fault_response(action, self._switches(exchange))
            if instead is not None:
                return instead
            fault_actions.end_connection(exchange.request.transport, action)
            raise _NoResponseError
        return None

    def _switches(self, exchange: Exchange) -> Switches:
        return (exchange.environment or self._world.default).switches

    async def _send(self, exchange: Exchange, encoded: EncodedResponse) -> web.StreamResponse:
        fault = exchange.response_fault
        if fault is None and exchange.ledgers:
            fault = _first(fault for stage in fault_actions.RESPONSE_STAGES for fault in exchange.due(stage))
        if fault is not None:
            return await self._send_faulty(exchange, encoded, fault)
        exchange.entry.status = encoded.status
        exchange.sent = encoded
        sent = web.Response(status=encoded.status, reason=encoded.reason, headers=encoded.headers, body=encoded.body)
        if exchange.request.content.exception() is not None:
            sent.force_close()
        connection = exchange.connection
        connection.idle_faults.extend(exchange.due("idle"))
        if connection.idle_faults and (transport := exchange.request.transport) is not None:
            await sent.prepare(exchange.request)
            await sent.write_eof()
            fault_actions.apply_when_idle(transport, connection)
        return sent

    async def _send_faulty(self, exchange: Exchange, encoded: EncodedResponse, fault: Fault) -> web.StreamResponse:
        if isinstance(fault.action, Bomb):
            instead = await fault_response(fault.action, self._switches(exchange))
            encoded = encode_response(cast("EmulatedResponse", instead), exchange.trace_id)
        exchange.entry.status = encoded.status
        exchange.sent = encoded
        head = fault_actions.encode_head(
            encoded.status, encoded.reason, list(encoded.headers.items()), len(encoded.body)
        )
        await fault_actions.send_faulty(exchange.request, fault, head, encoded.body)
        return _no_response()


def _recording(exchange: Exchange) -> Recording:
    """Return the headers and bodies of an exchange in the form that the journal keeps."""
    body = exchange.body if exchange.request.body_exists else b""
    sent = exchange.sent
    return Recording(
        exchange.entry.environment,
        message(exchange.request.headers, body),
        None if sent is None else message(sent.headers, sent.body),
    )


def _no_response() -> web.Response:
    """Return a response for a connection that has ended. aiohttp notices the end when it sends this response."""
    response = web.Response()
    response.force_close()
    return response


def _with_limit_headers(exchange: Exchange, response: EmulatedResponse) -> EmulatedResponse:
    """Add the rate-limit headers to a response of the service. The response of a fault gets no such headers."""
    if not exchange.limit_headers:
        return response
    return msgspec.structs.replace(response, headers={**exchange.limit_headers, **response.headers})


def _first(faults: Iterable[Fault]) -> Fault | None:
    return next(iter(faults), None)


def _leniently(raw: bytes) -> dict[str, JsonValue]:
    try:
        return read_object(raw)
    except RequestRefusedError:
        return {}


async def _read_body(request: web.BaseRequest) -> bytes:
    try:
        return await read_body(request, MAX_BODY)
    except OversizedBodyError:
        raise framework_error(413, "request entity too large") from None
    except UnreadableBodyError as error:
        raise framework_error(400, str(error)) from None
