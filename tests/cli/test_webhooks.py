"""``frontegg webhooks listen``: what it shows of the calls that come, and how it ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.emulator.http.hook_calls import sign
from frontegg_async.emulator.store.switches import DEFAULT
from frontegg_sync import Frontegg
from tests.cli.conftest import Run
from tests.support.nursery import forked

CREATED = "frontegg.tenant.created"


@contextmanager
def beside(work: Callable[[], object]) -> Iterator[list[object]]:
    """Do something in a thread while a command runs; what it returns is in the list at the end."""
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    try:
        yield results
    finally:
        thread.join()


def create_tenant(emulator: EmulatorHandle) -> str:
    """Create a tenant as soon as there is a webhook, and return the webhook's address."""
    with emulator.client() as frontegg:
        hooks = wait_for_hook(frontegg)
        frontegg.tenants.create(tenant_id="acme", name="Acme")
        emulator.deliveries_done()
        return hooks


def wait_for_hook(frontegg: Frontegg) -> str:
    """Return the address of the first webhook that there is."""
    while not (hooks := frontegg.webhooks.of_environment.list().all()):
        pass
    return hooks[0].url


def create_user(emulator: EmulatorHandle) -> None:
    """Invite a user to another account and to acme, as soon as acme has a webhook."""
    with emulator.client() as frontegg:
        while not frontegg.webhooks.list("acme").all():
            pass
        for tenant_id in ("other", "acme"):
            frontegg.users.invite(tenant_id, email=f"ann@{tenant_id}.example", name="Ann")


def test_it_registers_for_one_account(run: Run, emulator: EmulatorHandle) -> None:
    """It shows the events of this account only; no webhook of the environment is made, and none is left."""
    emulator.seed(tenants=[{"tenantId": each, "name": each} for each in ("acme", "other")])
    with beside(lambda: create_user(emulator)):
        ran = run("webhooks", "listen", "--register", "frontegg.user.created", "--tenant", "acme", "--count", "1")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert (told["tenant_id"], told["payload"]["user"]["email"]) == ("acme", "ann@acme.example")
    assert "the environment's" not in ran.err
    with emulator.client() as frontegg:
        assert frontegg.webhooks.list("acme").all() == frontegg.webhooks.of_environment.list().all() == []


def post(url: str, body: bytes, method: str = "POST", **headers: str) -> int:
    """Call an address; return the status."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        connection.request(method, parts.path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse().status
    finally:
        connection.close()


def test_it_registers_and_shows(run: Run, emulator: EmulatorHandle) -> None:
    """The webhook is there while it listens, and its calls are lines of JSON."""
    with beside(lambda: create_tenant(emulator)):
        ran = run("webhooks", "listen", "--register", CREATED, "--count", "1")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert {**told, "payload": told["payload"]["tenant"]["name"]} == {
        "event_key": CREATED,
        "tenant_id": "acme",
        "user_id": None,
        "verified": True,
        "forwarded": None,
        "payload": "Acme",
    }
    listening, whose = ran.err.splitlines()
    assert listening.startswith("listening at http://127.0.0.1:")
    assert "for the events of all accounts; --tenant ID" in whose
    with emulator.client() as frontegg:
        assert frontegg.webhooks.of_environment.list().all() == []


def test_ctrl_c_ends_it(run: Run, emulator: EmulatorHandle) -> None:
    """The webhook is deleted then, and people see the calls in lines."""

    def interrupt() -> None:
        create_tenant(emulator)
        os.kill(os.getpid(), signal.SIGINT)

    with beside(interrupt):
        ran = run("webhooks", "listen", "--register", CREATED, "--output", "table")
    assert (ran.code, ran.err.splitlines()[-1]) == (130, "interrupted")
    first, *body = ran.out.splitlines()
    assert first == f"{CREATED}, tenant acme, verified"
    assert json.loads("\n".join(body))["eventKey"] == CREATED
    with emulator.client() as frontegg:
        assert frontegg.webhooks.of_environment.list().all() == []


def test_it_verifies_and_forwards(
    run: Run, emulator: EmulatorHandle, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What is not signed with the secret is refused; all else is passed on, and answered as it is there."""
    (tmp_path / "secret").write_text("a secret", encoding="utf-8")

    def call() -> list[int]:
        with emulator.client() as frontegg:
            url = wait_for_hook(frontegg)
            signature = sign("a secret", emulator.time(), DEFAULT)
            with socket.create_connection(("127.0.0.1", urlsplit(url).port)) as cut_off:
                cut_off.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
            return [
                post(url, b"", "GET"),
                post(url, b"{}"),
                post(url, b"[" * 2_000_000),
                post(url, b"no \xff JSON", x_webhook_secret=signature, Content_Encoding="gzip"),
                post(url, b"[1]", x_webhook_secret=signature),
                post(url, b'{"a": 1, "a": 2}', x_webhook_secret=signature),
            ]

    forward = f"{emulator.url}/nothing"
    options = ("--register", CREATED, "--hook-secret-file", str(tmp_path / "secret"), "--count", "4")
    with beside(call) as results:
        ran = run("webhooks", "listen", *options, "--forward", forward, "--output", "json")
    assert results == [[405, 401, 413, 404, 404, 404]]
    assert [record for record in caplog.records if record.name == "aiohttp.server"] == []  # of who has gone
    told = [(each["verified"], each["forwarded"], each["payload"]) for each in json.loads(ran.out)]
    verified = ["no \ufffd JSON", [1], '{"a": 1, "a": 2}']
    assert told == [(False, None, {}), *((True, 404, payload) for payload in verified)]

    with beside(lambda: create_tenant(emulator)):
        ran = run(
            "webhooks",
            "listen",
            "--register",
            CREATED,
            "--count",
            "1",
            "--forward",
            "http://127.0.0.1:9/",
            "-o",
            "table",
        )
    assert "forwarded: no response" in ran.out
    assert emulator.deliveries()[-1].status == 502


@pytest.fixture
def listening(environ: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The command as a process, whose output is a pipe, and the address that it listens at."""
    command = [*forked(), "webhooks", "listen"]
    with subprocess.Popen(command, stdout=-1, stderr=-1, env=dict(environ)) as process:
        try:
            yield process, _line(process).split()[-1]
        finally:
            process.kill()


def _line(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr is not None
    return process.stderr.readline().decode().strip()


LONG: Final = json.dumps("x" * 1_000_000).encode()
"""More than a pipe takes."""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="it sends signals")
def test_a_full_pipe_holds_no_answer_up(listening: tuple[subprocess.Popen[bytes], str]) -> None:
    """What nobody reads is lost in the end, and told; Ctrl-C ends it."""
    process, url = listening
    assert process.stdout is not None
    assert {post(url, body) for body in (LONG, *[b"{}"] * 300)} == {200}
    assert len(process.stdout.readline()) > len(LONG)
    assert _line(process) == "calls that were not shown, since the output was not read in time: 44"
    assert [json.loads(process.stdout.readline())["payload"] for _ in range(256)] == [{}] * 256
    assert post(url, LONG) == 200
    process.stdout.read(1)  # it is being written
    process.send_signal(signal.SIGINT)
    assert (process.wait(60), _line(process), _line(process)) == (
        130,
        "calls that were not shown, since nobody reads the output: 1",
        "interrupted",
    )


@pytest.mark.slow
def test_a_closed_pipe_ends_it(listening: tuple[subprocess.Popen[bytes], str]) -> None:
    """As of any command, without a word."""
    process, url = listening
    assert process.stdout is not None
    process.stdout.close()
    assert post(url, b"{}") == 200
    assert (process.wait(60), _line(process)) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--register", CREATED, "--base-url", "https://api.frontegg.com"), "Give --url"),
        (("--url", "https://tunnel.example.com/", "--count", "0"), "give both"),
        (("--tenant", "acme", "--count", "0"), "--tenant is the account of the webhook that --register creates"),
        (("--hook-secret-file", "/nothing"), "cannot be read"),
        (("--forward", "127.0.0.1:8000", "--count", "0"), "--forward must be an absolute URL"),
        (("--forward", "http://localhost:8000/a", "--port", "8000", "--count", "0"), "forward calls to itself"),
        (("--register", "tenant.created", "--count", "0"), "did you mean"),
    ],
)
def test_what_cannot_be(arguments: tuple[str, ...], words: str, run: Run) -> None:
    """The message says what to do."""
    ran = run("webhooks", "listen", *arguments)
    assert ran.code == 2
    assert words in ran.err


def test_a_port_in_use(run: Run, emulator: EmulatorHandle) -> None:
    """It is named."""
    ran = run("webhooks", "listen", "--port", str(urlsplit(emulator.url).port))
    assert (ran.code, "cannot listen on port" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("options", "delete"), [((), "of-environment delete"), (("--tenant", "acme"), "delete acme")], ids=["all", "acme"]
)
def test_a_webhook_that_stays(run: Run, emulator: EmulatorHandle, options: tuple[str, ...], delete: str) -> None:
    """The command that deletes it is named, and works."""
    emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    match = {"method": "DELETE", "path": "/webhook/*", "times": 1}
    emulator.add_fault(stage="accept", action={"type": "status", "status": 403}, match=match)
    ran = run("webhooks", "listen", "--register", CREATED, "--count", "0", *options)
    assert ran.code == 4
    (command,) = re.findall("to delete it: frontegg (.+)", ran.err)
    assert command.startswith(f"webhooks {delete} ")
    assert run(*command.split(), "--yes").code == 0
