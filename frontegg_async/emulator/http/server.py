"""`EmulatorServer`: the HTTP server. It passes requests to the pipeline of the service or to the admin API."""

from __future__ import annotations

import asyncio
import logging
import os
from http import HTTPStatus
from typing import Final

import attrs
from aiohttp import web

from frontegg_async._values.ascii_case import folded
from frontegg_async.emulator.admin.api import ADMIN_PREFIX
from frontegg_async.emulator.dashboard.static_files import home_of
from frontegg_async.emulator.http.admin_http import AdminHttp, admin_error
from frontegg_async.emulator.http.allowed_hosts import AllowedHosts
from frontegg_async.emulator.http.deliverer import DeliveryLoop
from frontegg_async.emulator.http.encoding import encode_response
from frontegg_async.emulator.http.hook_calls import HookCalls
from frontegg_async.emulator.http.pipeline import Pipeline
from frontegg_async.emulator.http.requests import authority_of, target_of
from frontegg_async.emulator.http.routes import route_table
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, framework_error
from frontegg_async.emulator.world.connections import Connection
from frontegg_async.emulator.world.deliveries import NoDeliverer
from frontegg_async.emulator.world.world import World

_DASHBOARD: Final = ADMIN_PREFIX.rstrip("/")
SERVER_ERROR: Final = 500
BACKLOG: Final = 1024
MAX_LINE: Final = 1 << 17
"""The maximum length of a request line that aiohttp accepts.

The service has a lower limit. The emulator must read the longer line to respond with 414.
"""
MAX_HEADER: Final = 1 << 15
LINGER_SECONDS: Final = 1.0
GRACE_SECONDS: Final = 0.05
"""The seconds that requests may continue when the server stops. A fault may delay a request for hours."""

http_log: logging.Logger = logging.getLogger("frontegg_async.emulator.http")
http_log.addHandler(logging.NullHandler())  # invalid requests are logged only if the program configures logging


class _HttpConnection(web.RequestHandler):
    """A connection of aiohttp. Its error responses have the same body and headers as other errors of the emulator."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return the response to a request that is not valid HTTP, or to a failure of the emulator."""
        text = "the request is not valid HTTP"
        if status >= SERVER_ERROR or request.writer.output_size > 0:
            super().handle_error(request, status, exc, message)  # logs the failure, and ends a response that has begun
            text = "the emulator failed: see its log"
        else:
            # aiohttp's own log message would contain the request line, which may contain a secret.
            http_log.debug("a request from %s is not valid HTTP", request.remote)
        encoded = encode_response(framework_error(status, text).response, os.urandom(16).hex())
        response = web.Response(status=encoded.status, headers=encoded.headers, body=encoded.body)
        response.force_close()
        return response

    def log_exception(self, *args: object, **more: object) -> None:
        """Log a failure of the emulator. A body that cannot be decoded is not a failure."""
        if not isinstance(more.get("exc_info"), web.RequestPayloadError):
            super().log_exception(*args, **more)


class _HttpServer(web.Server):
    """A server of aiohttp that counts connections, and passes requests to the service or to the admin API."""

    def __init__(self, world: World, hosts: AllowedHosts, deliveries: DeliveryLoop) -> None:
        super().__init__(self._handle)
        self._world = world
        self._hosts = hosts
        self._pipeline = Pipeline(world, route_table(), deliveries)
        self._admin = AdminHttp(world)
        self._records: dict[web.RequestHandler, Connection] = {}

    def __call__(self) -> web.RequestHandler:
        """Return the object that handles a new connection."""
        return _HttpConnection(
            self,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # aiohttp's way to switch it off, though its type says no
            logger=http_log,
            max_line_size=MAX_LINE,
            max_field_size=MAX_HEADER,
            lingering_time=LINGER_SECONDS,
        )

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Record a new connection."""
        super().connection_made(handler, transport)
        self._records[handler] = Connection()

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        """Record that a connection has ended."""
        super().connection_lost(handler, exc)
        record = self._records.pop(handler, None)
        if record is not None:
            self._world.connections.remove(record)
            for call in record.when_lost:
                call()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        target = target_of(request)
        is_admin = target.startswith(ADMIN_PREFIX) or target == _DASHBOARD
        refusal = self._hosts.refusal(authority_of(request))
        if refusal is not None:
            return _refuse(request, refusal, is_admin=is_admin)
        if (home := home_of(request.method, target, request.headers.get("Accept", ""))) is not None:
            return _response(home)
        # The record is gone if the connection was lost while the request waited.
        connection = self._records.get(request.protocol) or Connection()
        return await (self._admin if is_admin else self._pipeline).handle(request, connection)


def _refuse(request: web.BaseRequest, reason: str, *, is_admin: bool) -> web.Response:
    """Refuse a request before the emulator reads its body, counts it or records it in the journal."""
    forbidden = HTTPStatus.FORBIDDEN
    result = admin_error(forbidden, reason) if is_admin else framework_error(forbidden.value, reason).response
    response = _response(result)
    if request.body_exists:
        response.force_close()
    return response


def _response(result: EmulatedResponse) -> web.Response:
    encoded = encode_response(result, os.urandom(16).hex())
    return web.Response(status=encoded.status, reason=encoded.reason, headers=encoded.headers, body=encoded.body)


@attrs.define(eq=False)
class EmulatorServer:
    """The HTTP server of an emulator.

    Args:
        world: The state of the whole emulator.
        allow_hosts: The host names that requests may use, besides loopback names and the host that the server listens
            on.
        allow_nonloopback_hooks: Whether webhooks and prehooks on other machines are called too.
    """

    world: World
    allow_hosts: tuple[str, ...] = ()
    allow_nonloopback_hooks: bool = False
    local_url: str = attrs.field(default="", init=False)
    """The address at which the server listens. The text is empty before `start`."""
    _runner: web.ServerRunner | None = attrs.field(default=None, init=False)
    _deliveries: DeliveryLoop | None = attrs.field(default=None, init=False)

    async def start(self, host: str = "127.0.0.1", port: int = 0, public_url: str | None = None) -> str:
        """Start to listen on an address, and return the origin by which clients reach the server.

        Args:
            host: The address to listen on.
            port: The port to listen on. With 0, the operating system chooses a free port.
            public_url: The origin by which clients reach the server, if it differs from the listening address.

        Raises:
            OSError: The server cannot listen on the address.
        """
        hosts = AllowedHosts(frozenset((*self.allow_hosts, folded(host).removesuffix("."))))
        deliveries = DeliveryLoop(self.world, HookCalls(any_host=self.allow_nonloopback_hooks))
        server = _HttpServer(self.world, hosts, deliveries)
        runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=GRACE_SECONDS)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port, backlog=BACKLOG)
            await site.start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        self._deliveries = self.world.deliverer = deliveries
        for environment in self.world.environments.values():
            deliveries.drop(environment)
            self.world.commit(environment, counts=False)
        address = runner.addresses[0]
        shown = f"[{address[0]}]" if ":" in address[0] else address[0]
        self.local_url = f"http://{shown}:{address[1]}"
        url = public_url or self.local_url
        self.world.set_issuer(url)
        return url

    async def stop(self) -> None:
        """Close all sockets. Requests that have not ended are aborted."""
        runner, self._runner = self._runner, None
        deliveries, self._deliveries = self._deliveries, None
        self.world.subscribers.close()
        if deliveries is not None:
            self.world.deliverer = NoDeliverer()
            await deliveries.stop()
        if runner is not None:
            await runner.cleanup()
        if self.world.store is not None:
            self.world.store.close()
            self.world.store = None
