"""``frontegg webhooks trigger``, with a receiver that verifies."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from frontegg_async.errors import WebhookVerificationError
from frontegg_async.webhooks import WebhookEvent, WebhookVerifier
from tests.cli.conftest import Run
from tests.support.nursery import forked
from tests.support.ports import reserved_port


class Receiver(HTTPServer):
    """Verifies what it receives."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.events: list[WebhookEvent] = []
        self.url = f"http://127.0.0.1:{self.server_port}/hooks"


class Handler(BaseHTTPRequestHandler):
    """Answers 200 to events that are signed with the secret, and 401 to others."""

    def do_POST(self) -> None:
        """Receive an event."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, Receiver)
        try:
            self.server.events.append(WebhookVerifier("s3cret").read(dict(self.headers), body))
            self.send_response(200)
        except WebhookVerificationError:
            self.send_response(401)
        self.end_headers()
        self.wfile.write(b"seen")

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver."""
    with Receiver() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """The file of the secret of the webhook."""
    path = tmp_path / "secret"
    path.write_text("s3cret\n", encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_receiver_accepts_it(receiver: Receiver, secret: Path, environ: Mapping[str, str]) -> None:
    """The body has ids, and a subject with the name that the key has."""
    words = ["webhooks", "trigger", "frontegg.user.created", receiver.url, "--secret-file", str(secret)]
    ran = subprocess.run([*forked(), *words], capture_output=True, env=environ, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    [event] = receiver.events
    record = json.loads(ran.stdout)
    assert (record["status"], record["response"], record["body"]) == (200, "seen", event.payload)
    assert (event.event_key, event.tenant_id) == ("frontegg.user.created", "acme")
    assert record["body"]["user"]["id"] == event.user_id
    assert "s3cret" not in ran.stdout


def test_bodies(receiver: Receiver, secret: Path, run: Run, tmp_path: Path) -> None:
    """Of an account, of another subject, of an event that no version knows, and one of your own."""
    given = ("--secret-file", str(secret), "--tenant", "globex")
    assert run("webhooks", "trigger", "frontegg.tenant.deleted", receiver.url, *given).code == 0
    assert run("webhooks", "trigger", "frontegg.scim.group.created", receiver.url, *given).code == 0
    ran = run("webhooks", "trigger", "frontegg.usr.created", receiver.url, *given)
    assert "did you mean frontegg.user.created?" in ran.err
    (tmp_path / "body").write_text('{"eventKey": "own", "eventContext": {"tenantId": "t"}}', encoding="utf-8")
    assert run("webhooks", "trigger", "own", receiver.url, *given, "--body", f"@{tmp_path / 'body'}").code == 0
    tenant, group, _, own = receiver.events
    assert (tenant.tenant_id, [*tenant.payload]) == ("globex", ["eventKey", "eventContext", "tenant"])
    assert [*group.payload] == ["eventKey", "eventContext", "group"]
    assert (own.event_key, own.tenant_id) == ("own", "t")


def test_refusals(receiver: Receiver, secret: Path, run: Run) -> None:
    """Of the receiver, and of the command line."""
    secret.write_text("wrong", encoding="utf-8")
    ran = run("webhooks", "trigger", "frontegg.user.created", receiver.url, "--secret-file", str(secret))
    assert (ran.code, json.loads(ran.out)["status"]) == (1, 401)
    ran = run("webhooks", "trigger", "frontegg.user.created", receiver.url)
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: the secret of the webhook is missing")
    ran = run("webhooks", "trigger", "x", receiver.url, "--secret-file", str(secret), "--body", "[]")
    assert (ran.code, ran.err.splitlines()[-1]) == (2, "error: --body must be a JSON object")
    with reserved_port() as port:
        nobody = f"http://127.0.0.1:{port}/"
        ran = run("webhooks", "trigger", "frontegg.user.created", nobody, "--secret-file", str(secret))
    assert (ran.code, f"error: {nobody} does not respond (ClientConnectorError" in ran.err) == (1, True)
