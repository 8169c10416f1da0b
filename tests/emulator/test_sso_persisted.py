"""SSO data in files and snapshots, and no SSO secrets in the journal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, cast

import msgspec
import pytest

from frontegg_async.emulator import Emulator, EmulatorHandle
from tests.emulator.machine.transports import HttpTransport
from tests.emulator.sso import BASE, BASE_V2, SAML
from tests.emulator.support import V1

SECRETS: Final = ("hush", "hush-hush", "ann@acme.example", "MIIB")


def _fill(transport: HttpTransport) -> None:
    transport.send("POST", V1, {"tenantId": "acme", "name": "Acme"})
    secrets = {"oidcSecret": "hush", "idpClientSecret": "hush-hush", "publicCertificate": "MIIB"}
    for kind in ("oidc", "saml"):
        created = transport.send("POST", BASE_V2, {"tenantId": "acme", "type": kind, **secrets}).body
        for number in range(12):
            _tell(transport, "POST", f"{BASE}/{created['id']}/domains", {"domain": f"{kind}-{number}.example"})
            _tell(transport, "POST", f"{BASE}/{created['id']}/groups", {"group": f"{number}", "roleIds": ["r1"]})
        _tell(transport, "PUT", f"{BASE}/{created['id']}/roles", {"roleIds": ["r2"]})
    transport.send("POST", f"{BASE}/excluded-emails", {"email": "ann@acme.example"})
    transport.send("DELETE", f"{BASE}/excluded-emails/ann%40acme.example")
    transport.send("POST", f"{BASE}/excluded-emails", {"email": "bob@acme.example"})
    transport.send("PUT", f"{BASE}/multiple-sso-per-domain", _MULTIPLE)


_MULTIPLE: Final = {"active": True, "useActiveTenant": True, "unspecifiedTenantStrategy": "LAST"}


def _tell(transport: HttpTransport, method: str, target: str, body: object) -> None:
    assert transport.send(method, target, body, headers={"frontegg-tenant-id": "acme"}).status in {200, 201}


def _read(transport: HttpTransport) -> list[Any]:
    about = {"frontegg-tenant-id": "acme"}
    targets = (BASE, f"{BASE}/excluded-emails", f"{BASE}/multiple-sso-per-domain")
    return [transport.send("GET", target, headers=about).body for target in targets]


def test_a_file_keeps_it(tmp_path: Path) -> None:
    """Also the order in which parts came, though a file has an order of its own; what is deleted is gone."""
    path = tmp_path / "accounts.sqlite3"
    with Emulator(persist=path) as emulator:
        emulator.clock(freeze=True)
        transport = HttpTransport(emulator.url, environment="emu_sso")
        _fill(transport)
        before = _read(transport)
        transport.close()
    with Emulator(persist=path) as emulator:
        transport = HttpTransport(emulator.url, environment="emu_sso")
        assert _read(transport) == before
        (first, *_) = before[0]
        assert transport.send("DELETE", f"{BASE}/{first['id']}", headers={"frontegg-tenant-id": "acme"}).status == 200
        after = _read(transport)
        transport.close()
    with Emulator(persist=path) as emulator:
        transport = HttpTransport(emulator.url, environment="emu_sso")
        assert _read(transport) == after
        assert len(after[0]) == 1
        transport.close()


def test_a_snapshot_keeps_it() -> None:
    """It goes through JSON, into the same environment and into another one; a reset forgets it."""
    with Emulator() as emulator:
        transport = HttpTransport(emulator.url)
        _fill(transport)
        before = _read(transport)
        snapshot = json.loads(json.dumps(transport.admin("GET", "snapshot")))
        transport.admin("POST", "reset")
        assert transport.admin("GET", "snapshot")["environments"][0]["tables"] == {}
        assert transport.send("GET", f"{BASE}/excluded-emails").body == []
        other = HttpTransport(emulator.url)
        for each in (transport, other):
            each.admin("POST", "restore", snapshot)
            assert _read(each) == before
            each.close()


@pytest.mark.parametrize(
    ("table", "change", "text"),
    [
        ("ssoDomains", {"ssoConfigId": "nothing"}, "the tenant has no SSO configuration 'nothing'"),
        ("ssoConfigurations", {"tenantId": "nobody"}, "tenant 'nobody' does not exist"),
        ("ssoConfigurations", {"type": "ldap"}, "Invalid enum value 'ldap'"),
        ("ssoGroups", {"createdAt": "now"}, "'now' is not a time"),
        ("ssoMultiple", {"more": 1}, "unknown field `more`"),
    ],
)
def test_a_snapshot_that_does_not_hold_together(table: str, change: dict[str, Any], text: str) -> None:
    """It is refused, and nothing changes."""
    with Emulator() as emulator:
        transport = HttpTransport(emulator.url)
        _fill(transport)
        before = _read(transport)
        environment = _environment(emulator, transport)
        snapshot = cast("Any", environment.snapshot())
        snapshot["environments"][0]["tables"][table][0].update(change)
        with pytest.raises(ValueError, match=text):
            environment.restore(snapshot)
        assert _read(transport) == before
        transport.close()


def _environment(emulator: EmulatorHandle, transport: HttpTransport) -> EmulatorHandle:
    return emulator.environment(transport.client_id)


def test_the_journal_has_no_secrets() -> None:
    """Neither secrets nor certificates nor excluded addresses; each request is there with its route."""
    with Emulator() as emulator:
        transport = HttpTransport(emulator.url)
        _fill(transport)
        transport.send("GET", f"{SAML}/sp-certificate")
        entries = _environment(emulator, transport).journal()
        transport.close()
    text = msgspec.json.encode(entries).decode()
    assert [secret for secret in SECRETS if secret in text] == []
    assert {"sso.create", "sso.domains.create", "sso.excluded_emails.remove"} <= {entry.route for entry in entries}
