"""Requests that end early under uvicorn: the client disconnects, or the server is told to stop."""

from __future__ import annotations

import contextlib
import select
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import attrs
import pytest

from frontegg_async.emulator import EmulatorHandle
from tests.integrations.django.servers import FILTERS, OPERATOR, SITE, environment

pytestmark = pytest.mark.each_python

_SECONDS = 30.0
_TENANT = "/tenants/resources/tenants/v2/north"
_TOKEN = "/auth/vendor"
_LEFT = ("destroyed", "never awaited", "never retrieved", "Unclosed client", "Unclosed connector")


class _Service:
    """Stands before the emulator, and holds requests to one path back."""

    def __init__(self, emulator: EmulatorHandle) -> None:
        self.held: str | None = None
        self.arrived, self.abandoned = threading.Event(), threading.Event()
        self._wake, self._woken = socket.socketpair()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._forward(None)

            def do_POST(self) -> None:
                self._forward(self.rfile.read(int(self.headers["Content-Length"])))

            def _forward(self, body: bytes | None) -> None:
                if self.path == service.held and not service.hold(self.connection):
                    self.close_connection = True
                    return
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                request = urllib.request.Request(emulator.url + self.path, body, headers, method=self.command)
                with urllib.request.urlopen(request, timeout=_SECONDS) as response:
                    answer = response.read()
                self.send_response(response.status)
                for name, value in response.headers.items():
                    if name.lower().startswith(("content-", "frontegg-")):
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Write nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def hold(self, connection: socket.socket) -> bool:
        """Hold a request until it may go on; return whether its client still waits for it then."""
        self.arrived.set()
        readable, _, _ = select.select([connection, self._woken], [], [], _SECONDS)
        if connection in readable:
            self.abandoned.set()
        return self._woken in readable

    def release(self) -> None:
        """Let requests go on, those that are held and those to come."""
        self._wake.sendall(b".")

    def close(self) -> None:
        """Let the last requests go on, and end."""
        self.release()
        self.server.shutdown()
        self.server.server_close()
        self._wake.close()
        self._woken.close()


@pytest.fixture
def service(frontegg_emulator: EmulatorHandle) -> Iterator[_Service]:
    """The service of the site."""
    frontegg_emulator.seed(tenants=[{"tenantId": "north", "name": "North"}])
    found = _Service(frontegg_emulator)
    thread = threading.Thread(target=found.server.serve_forever)
    thread.start()
    yield found
    found.close()
    thread.join()


@attrs.define
class _Worker:
    """A process of uvicorn."""

    process: subprocess.Popen[str]
    lines: list[str] = attrs.field(factory=list)

    def wait_for(self, text: str) -> None:
        """Read what it writes until a line has a text."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if text in line:
                return
        raise AssertionError("".join(self.lines))

    def end(self) -> list[str]:
        """Wait for its end; return the lines that are no information."""
        self.lines.extend(self.process.communicate(timeout=_SECONDS)[1].splitlines())
        return [line for line in self.lines if line.strip() and not line.startswith("INFO: ")]


@attrs.define
class _Site:
    """A listening socket, which one worker after the other serves."""

    listener: socket.socket
    variables: dict[str, str]

    @contextlib.contextmanager
    def worker(self, *options: str) -> Iterator[_Worker]:
        """Start a worker, and kill it if it has not ended."""
        words = ["uvicorn", "backoffice.asgi:application", f"--fd={self.listener.fileno()}", "--lifespan=off", *options]
        with subprocess.Popen(
            [sys.executable, *(f"-W{each}" for each in FILTERS), "-m", *words],
            cwd=SITE,
            env=self.variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=(self.listener.fileno(),),
        ) as process:
            try:
                yield _Worker(process)
            finally:
                process.kill()

    def ask(self) -> socket.socket:
        """Send a request for the page of a tenant."""
        client = socket.create_connection(self.listener.getsockname(), timeout=_SECONDS)
        head = f"GET /customers/north/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {OPERATOR}\r\nConnection: close"
        client.sendall(f"{head}\r\n\r\n".encode())
        return client


@pytest.fixture
def site(frontegg_emulator: EmulatorHandle, service: _Service) -> Iterator[_Site]:
    """The example site, whose page of a tenant is an ``async`` view."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield _Site(listener, {**environment(frontegg_emulator), "FRONTEGG_BASE_URL": service.url})


def _answer(client: socket.socket) -> bytes:
    with client, client.makefile("rb") as stream:
        return stream.read()


def test_a_client_that_disconnects(site: _Site, service: _Service) -> None:
    """Django cancels the view and the SDK its request; the next request is served."""
    with site.worker() as worker:
        service.held = _TENANT
        client = site.ask()
        assert service.arrived.wait(_SECONDS)
        client.close()
        assert service.abandoned.wait(_SECONDS)
        service.held = None
        assert b"North" in _answer(site.ask())

        worker.process.send_signal(signal.SIGINT)
        assert worker.end() == []


@pytest.mark.parametrize(("number", "held"), [(signal.SIGTERM, _TENANT), (signal.SIGINT, _TOKEN)])
def test_a_request_in_flight_is_finished(site: _Site, service: _Service, number: signal.Signals, held: str) -> None:
    """A worker that is told to stop answers first."""
    service.held = held
    with site.worker() as worker:
        client = site.ask()
        assert service.arrived.wait(_SECONDS)
        worker.process.send_signal(number)
        worker.wait_for("Waiting for connections to close")
        service.release()
        assert b"North" in _answer(client)
        assert worker.end() == []
        assert worker.process.returncode in {0, -number}


@pytest.mark.parametrize("held", [_TENANT, _TOKEN])
def test_a_request_in_flight_is_cancelled(site: _Site, service: _Service, held: str) -> None:
    """A worker whose time is up ends with its requests; the next one serves."""
    service.held = held
    with site.worker("--timeout-graceful-shutdown=0") as worker:
        client = site.ask()
        assert service.arrived.wait(_SECONDS)
        worker.process.send_signal(signal.SIGINT)
        assert service.abandoned.wait(_SECONDS)
        assert _answer(client).startswith(b"HTTP/1.1 500 ")
        # uvicorn tells of the cancelled request, and Django may leave its body open.
        assert not [line for line in worker.end() if any(word in line for word in _LEFT)]
        assert worker.process.returncode == 0
    service.held = None
    with site.worker():
        assert b"North" in _answer(site.ask())
