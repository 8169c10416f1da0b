"""A site under uWSGI, which forks its workers in C, by default without Python's fork handlers."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import attrs
import pytest

from frontegg_async.emulator import EmulatorHandle
from tests.support.ports import reserved_port

pytestmark = pytest.mark.acceptance

_ROOT: Final = Path(__file__).resolve().parents[2]
_SECONDS: Final = 60.0
_SECONDS_TO_END: Final = 20.0
_REQUESTS: Final = 300
_LOOKS: Final = 600
_WORKERS: Final = 3
_REQUESTS_OF_A_WORKER: Final = 50
_RIGHT: Final = {"blocking": "Tenant 1", "listed": 5, "user": 1, "verified": "t1"}
_BAD: Final = ("Traceback", "NO MERCY", "OOPS", "HARAKIRI", "DAMN")


@attrs.define
class _Served:
    """A running site."""

    address: tuple[str, int]
    statistics: tuple[str, int]
    log: Path
    process: subprocess.Popen[bytes]

    def ask(self, _: object = None) -> dict[str, object]:
        """Ask once; return what the site says."""
        try:
            with urllib.request.urlopen("http://{}:{}/".format(*self.address), timeout=_SECONDS) as answer:
                return {**json.load(answer)}
        except urllib.error.HTTPError as error:
            with error:
                return {"status": error.code, **json.load(error)}

    def ask_often(self) -> list[dict[str, object]]:
        """Ask `_REQUESTS` times, eight at a time."""
        with ThreadPoolExecutor(8) as threads:
            return list(threads.map(self.ask, range(_REQUESTS)))

    def wait_for_socket(self) -> None:
        """Wait until the master listens."""
        pause = threading.Event()
        for _ in range(_LOOKS):
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(self.address):
                return
            pause.wait(0.1)
        raise AssertionError(self.log.read_text())

    def wait_for_workers(self, requests: int = sys.maxsize) -> None:
        """Wait until each worker accepts requests and none has answered its share of `requests`, so none is replaced.

        A worker that the master forks while it handles SIGTERM gets no signal, and the master waits for it forever.
        uWSGI counts a request before it closes the connection, so the counts are final once each answer is read.
        """
        pause = threading.Event()
        for _ in range(_LOOKS):
            if all(_stays(worker, requests) for worker in self._workers()):
                return
            pause.wait(0.1)
        raise AssertionError(self.log.read_text())

    def _workers(self) -> list[dict[str, object]]:
        with socket.create_connection(self.statistics) as connection, connection.makefile("rb") as answer:
            return [*json.load(answer)["workers"]]

    def end(self) -> int:
        """End it as systemd would, and return its status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the master does not end:\n{self.log.read_text()}") from None


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """An environment with some tenants and a user."""
    tenants = [{"tenantId": f"t{number}", "name": f"Tenant {number}"} for number in range(5)]
    frontegg_emulator.seed(tenants=tenants, users=[{"id": "ann", "email": "ann@t1.example", "tenantId": "t1"}])
    return frontegg_emulator


def _stays(worker: dict[str, object], requests: int) -> bool:
    """Whether a worker accepts requests, and has answered too few since its fork to be replaced."""
    answered = worker["delta_requests"]
    assert isinstance(answered, int)
    return bool(worker["pid"] and worker["accepting"] and worker["apps"]) and answered < requests


@contextlib.contextmanager
def _served(emulator: EmulatorHandle, directory: Path, *options: str) -> Iterator[_Served]:
    with reserved_port() as port, reserved_port() as statistics:
        log = directory / "uwsgi.log"
        command = [
            str(Path(sys.executable).with_name("uwsgi")),
            f"--http-socket=127.0.0.1:{port}",
            f"--stats=127.0.0.1:{statistics}",
            *("--master", f"--processes={_WORKERS}", "--threads=4", "--die-on-term", "--need-app", "--disable-logging"),
            *("--listen=64", "--module=tests.acceptance.wsgi_site", "--harakiri=60"),
            *options,
        ]
        variables = {
            **os.environ,
            # Use a host name, so that a thread of the loop looks the name up.
            "FRONTEGG_BASE_URL": emulator.url.replace("127.0.0.1", "localhost"),
            "FRONTEGG_CLIENT_ID": emulator.client_id,
            "FRONTEGG_SECRET_KEY": emulator.secret,
            "SITE_ISSUER": emulator.url,
            "SITE_TOKEN": emulator.user_token(tenant_id="t1", user_id="ann", permissions=["*"]).access_token,
            "PYTHONPATH": os.pathsep.join((str(_ROOT), sysconfig.get_path("purelib"))),
        }
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=directory, env=variables, stdout=output, stderr=output, start_new_session=True
            )
        try:
            site = _Served(("127.0.0.1", port), ("127.0.0.1", statistics), log, process)
            site.wait_for_socket()
            yield site
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _processes(answers: list[dict[str, object]]) -> set[object]:
    """Check what a site answered, and return the processes that did."""
    processes = {answer.pop("process", None) for answer in answers}
    wrong = [answer for answer in answers if answer != _RIGHT]
    assert wrong == [], (len(wrong), wrong[0])
    return processes


def _end(site: _Served) -> None:
    """End a site, and check that it ends silently."""
    status = site.end()
    written = site.log.read_text()
    assert status == 0, written
    assert [line for line in written.splitlines() if any(word in line for word in _BAD)] == [], written


@pytest.mark.parametrize("options", [(), ("--lazy-apps",), ("--py-call-osafterfork",), ("--enable-threads",)])
def test_workers_serve(options: tuple[str, ...], emulator: EmulatorHandle, tmp_path: Path) -> None:
    """Each request is answered, wherever the clients were made; the master ends when it is told to."""
    with _served(emulator, tmp_path, *options) as site:
        processes = _processes(site.ask_often())
        site.wait_for_workers()
        _end(site)

    assert site.process.pid not in processes
    assert processes


@pytest.mark.parametrize("options", [(), ("--lazy-apps",)])
def test_workers_are_recycled(options: tuple[str, ...], emulator: EmulatorHandle, tmp_path: Path) -> None:
    """Workers end after some requests and others take their places, without one that has to be killed."""
    # uWSGI checks the minimum lifetime only after a request, so a worker that is done early would stay until its next
    # request. The master pauses after many forks in a second.
    recycling = (f"--max-requests={_REQUESTS_OF_A_WORKER}", "--min-worker-lifetime=0", "--forkbomb-delay=0")
    with _served(emulator, tmp_path, *recycling, *options) as site:
        processes: set[object] = set()
        while len(processes) < 2 * _WORKERS:
            processes |= _processes(site.ask_often())
        site.wait_for_workers(_REQUESTS_OF_A_WORKER)
        _end(site)

    assert site.process.pid not in processes
