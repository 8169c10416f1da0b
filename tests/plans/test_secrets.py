"""Secrets are in no file and no output of plans: no plan, ledger, report, log or error, and no known one in exports."""

from __future__ import annotations

import http.client
import json
import logging
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from frontegg_async import cli
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync import Frontegg

pytestmark = pytest.mark.slow

_LISTING: Final = "/tenants/resources/tenants/v2"
_OF_OTHERS: Final = frozenset({"host", "connection", "content-length", "transfer-encoding"})
_FILE: Final = """\
- tenant_id: acme
  name: Acme two
  metadata: {plan: pro, old: null}
  settings: {date_format: DD}
  applications: [Desk]
  is_locked: true
- {tenant_id: shop, name: Refused}
- {tenant_id: new, name: New}
- {tenant_id: gone, absent: true}
"""
_INCLUDE: Final = "settings,applications,sso,api-tokens"


class _Surplus(BaseHTTPRequestHandler):
    """Hands requests on to an emulator, and adds a secret in an unknown field to each account that it lists."""

    address = ""
    protocol_version = "HTTP/1.1"

    def _hand_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        connection = http.client.HTTPConnection(self.address)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OF_OTHERS}
        connection.request(self.command, self.path, body, headers)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        if self.command == "GET" and self.path.startswith(_LISTING):
            page: Any = json.loads(answer)
            for item in page["items"]:
                item["clientSecret"] = "canary-unknown"
            answer = json.dumps(page).encode()
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in _OF_OTHERS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _hand_on  # noqa: N815 - the names of the base class

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


@pytest.fixture
def url(frontegg_emulator: EmulatorHandle) -> Iterator[str]:
    """The origin of a service whose accounts have an unknown field."""
    handler = type("_Handler", (_Surplus,), {"address": frontegg_emulator.url.removeprefix("http://")})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@attrs.frozen
class Service:
    """A service that knows secrets.

    Args:
        emulator: The emulator that it runs on.
        url: Its origin.
        known: Secrets in fields that exports know.
        secrets: All secrets.
    """

    emulator: EmulatorHandle
    url: str
    known: tuple[str, ...]
    secrets: tuple[str, ...]

    def check_text(self, place: str, text: str) -> None:
        """Fail if a text has a secret."""
        assert not [place for each in self.secrets if each in text]

    def check_files(self, directory: Path) -> set[str]:
        """Fail if a file has a secret; return the names of the files."""
        contents = {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}
        for name, content in contents.items():
            # An export has unknown fields of accounts as the service shows them, in extra.
            secrets = self.known if name.startswith("export") else self.secrets
            assert not [name for each in secrets if each.encode() in content]
        return set(contents)


@pytest.fixture
def service(frontegg_emulator: EmulatorHandle, url: str) -> Service:
    """Three accounts, with secrets of the environment, of SSO, of an API token and in an unknown field."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "acme", "name": "Acme", "metadata": {"plan": "free", "old": 1}},
            {"tenantId": "shop", "name": "Shop"},
            {"tenantId": "gone", "name": "Gone"},
        ]
    )
    with frontegg_emulator.client() as client:
        client.sso.create("acme", type="oidc", oidc_client_id="oidc-id", oidc_secret="canary-oidc")
        client.sso.create("acme", type="saml", idp_client_id="idp-id", idp_client_secret="canary-idp")
        token = client.api_tokens.create("acme", description="for tests", role_ids=["role-1"])
        client.applications.create(name="Desk", app_url="https://a", login_url="https://b")
    known = (frontegg_emulator.secret, token.secret.reveal(), "canary-oidc", "canary-idp")
    return Service(frontegg_emulator, url, known, (*known, "canary-"))


@pytest.fixture
def run(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Run a command line in an empty directory, look at its output, and return it with the exit code before it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FRONTEGG_BASE_URL", service.url)
    monkeypatch.setenv("FRONTEGG_CLIENT_ID", service.emulator.client_id)
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", service.emulator.secret)
    monkeypatch.setenv("FRONTEGG_CONFIG_DIR", str(tmp_path / "settings"))

    def run(*arguments: str) -> str:
        capfd.readouterr()
        code = cli.run([*arguments, "--verbose", "--debug"])
        output, errors = capfd.readouterr()
        service.check_text(" ".join(arguments), output + errors)
        return f"{code} {output}{errors}"

    return run


def test_commands(service: Service, run: Callable[..., str], tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Also when files have faults, rows are stale or refused, and the secret is wrong."""
    caplog.set_level(logging.DEBUG)
    Path("accounts.yml").write_text(_FILE, encoding="utf-8")
    Path("export-faults.yml").write_text("- {tenant_id: acme, clientSecret: canary-given}\n", encoding="utf-8")
    for name in ("export.jsonl", "export.csv", "export.yml"):
        assert run("export", name, "--include", _INCLUDE)[0] == "0"
        assert run("plan", name)[0] == "0"
    assert "clientSecret" in run("plan", "export-faults.yml")
    assert run("plan", "export.jsonl", "--base", "export.yml", "--out", "none.jsonl")[0] == "0"
    for look in ("table", "json", "csv", "yaml"):
        assert run("plan", "accounts.yml", "--out", "plan.jsonl", "--output", look)[0] == "0"
    assert run("plan", "accounts.yml", "--markdown")[0] == "0"
    service.emulator.add_fault(
        stage="before_commit",
        action={"type": "status", "status": 400, "body": {"errors": ["no"]}},
        match={"method": "PUT", "path": f"{_LISTING}/shop"},
    )
    with service.emulator.client() as client:
        client.tenants.update("gone", name="By others")
    applied = run("apply", "plan.jsonl", "--yes")
    assert applied[0] == "3"
    assert "tenants.update" in applied
    ledger = "plan.jsonl.ledger.sqlite3"
    for state in ("done", "failed", "stale"):
        for look in ("jsonl", "csv", "table"):
            assert "_state" in run("bulk", "report", ledger, "--only", state, "--output", look) or look == "table"
    for look in ("json", "table"):
        assert run("bulk", "report", ledger, "--output", look)[0] == "0"
    assert run("bulk", "undo", ledger, "--out", "undo.jsonl")[0] == "0"
    Path("export-wrong").write_text("canary-wrong", encoding="utf-8")
    assert "401" in run("plan", "accounts.yml", "--secret-file", "export-wrong")
    assert {"plan.jsonl", "undo.jsonl", ledger} <= service.check_files(tmp_path)
    assert caplog.text
    service.check_text("log", caplog.text)


def test_a_ledger_in_use(service: Service, tmp_path: Path) -> None:
    """Its write-ahead log too, and the errors of rows."""
    seen: set[str] = set()

    def look(_: object) -> None:
        seen.update(service.check_files(tmp_path))

    with Frontegg(service.emulator.client_id, service.emulator.secret, base_url=service.url) as client:
        rows = [
            {"tenant_id": "acme", "name": "New", "metadata": {"plan": "pro"}},
            {"tenant_id": "gone", "absent": True},
        ]
        plan = client.plan(rows)
        report = client.apply(plan, ledger=tmp_path / "ledger", on_progress=look)
    assert report.succeeded == len(plan.writes)
    assert "ledger-wal" in seen
    service.check_text("plan and report", f"{plan!r} {plan} {report!r} {report.summary()} {[*report.rows()]}")


_OBJECTS: Final = """\
format: frontegg-environment/1
webhooks:
  Orders:
    url: https://orders.example/hooks
    event_keys: [frontegg.tenant.created]
    secret: {secret: env:HOOK, rotate: true}
  Quoted:
    url: https://quoted.example/hooks
    event_keys: [frontegg.tenant.created]
    secret: {secret: file:export-secret}
"""
_SSO: Final = """\
- tenant_id: acme
  users: {ann@acme.example: {name: Ann}}
  sso:
    oidc: {oidc_secret: {secret: env:OIDC, rotate: true}}
    saml: {idp_client_secret: {secret: env:OIDC, rotate: true}, enabled: true}
"""


def test_secrets_of_objects(
    service: Service,
    run: Callable[..., str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither those that the service has, nor those that a plan sends and that a refusal quotes."""
    caplog.set_level(logging.DEBUG)
    with service.emulator.client() as client:
        client.webhooks.of_environment.create(
            display_name="Orders",
            url="https://orders.example/hooks",
            secret="canary-hook",
            event_keys=["frontegg.tenant.created"],
        )
    for name in ("export.yml", "export.json"):
        assert run("export", name, "--kind", "environment", "--vars", f"variables-{name}")[0] == "0"
        assert run("plan", name, "--vars", f"variables-{name}")[0] == "0"
    assert run("export", "export.jsonl", "--include", "users,policies,sso")[0] == "0"
    Path("environment.yml").write_text(_OBJECTS, encoding="utf-8")
    Path("accounts.yml").write_text(_SSO, encoding="utf-8")
    files = ("environment.yml", "accounts.yml")
    for look in ("table", "json", "markdown"):
        more = ("--markdown",) if look == "markdown" else ("--output", look)
        assert run("plan", *files, "--out", "plan.jsonl", *more)[0] == "0"
    missing = run("apply", "plan.jsonl", "--yes")
    assert missing[0] == "2"
    assert "env:HOOK" in missing
    assert "file:export-secret" in missing
    monkeypatch.setenv("HOOK", "canary-new-hook")
    monkeypatch.setenv("OIDC", "canary-new-oidc")
    secret = tmp_path / "export-secret"
    secret.write_text("canary-of-a-file\n", encoding="utf-8")
    service.emulator.add_fault(
        stage="before_commit",
        action={"type": "status", "status": 400, "body": {"errors": ["not allowed: canary-of-a-file"]}},
        match={"method": "POST", "path": "/webhook/custom"},
    )
    applied = run("apply", "plan.jsonl", "--yes")
    assert applied[0] == "3"
    assert "not allowed: [secret]" in run("bulk", "report", "plan.jsonl.ledger.sqlite3", "--only", "failed")
    assert run("bulk", "undo", "plan.jsonl.ledger.sqlite3", "--out", "undo.jsonl")[0] == "0"
    secret.unlink()
    service.check_files(tmp_path)
    service.check_text("log", caplog.text)
    with service.emulator.client() as client:
        [hook] = client.webhooks.of_environment.list()
        found = {each.type: each for each in client.sso.list("acme")}
    assert [each.reveal() for each in (hook.secret, found["oidc"].oidc_secret) if each] == [
        "canary-new-hook",
        "canary-new-oidc",
    ]
