"""What is kept of SSO: in a file, in a snapshot, and nothing of its secrets in the journal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, cast

import msgspec
import pytest

from frontegg_async.emulator import Emulator, EmulatorHandle
from tests.emulator.machine.doors import HttpDoor
from tests.emulator.sso import BASE, BASE_V2, SAML
from tests.emulator.support import V1

SECRETS: Final = ("hush", "hush-hush", "ann@acme.example", "MIIB")


def _fill(door: HttpDoor) -> None:
    door.send("POST", V1, {"tenantId": "acme", "name": "Acme"})
    secrets = {"oidcSecret": "hush", "idpClientSecret": "hush-hush", "publicCertificate": "MIIB"}
    for kind in ("oidc", "saml"):
        created = door.send("POST", BASE_V2, {"tenantId": "acme", "type": kind, **secrets}).body
        for number in range(12):
            _tell(door, "POST", f"{BASE}/{created['id']}/domains", {"domain": f"{kind}-{number}.example"})
            _tell(door, "POST", f"{BASE}/{created['id']}/groups", {"group": f"{number}", "roleIds": ["r1"]})
        _tell(door, "PUT", f"{BASE}/{created['id']}/roles", {"roleIds": ["r2"]})
    door.send("POST", f"{BASE}/excluded-emails", {"email": "ann@acme.example"})
    door.send("DELETE", f"{BASE}/excluded-emails/ann%40acme.example")
    door.send("POST", f"{BASE}/excluded-emails", {"email": "bob@acme.example"})
    door.send("PUT", f"{BASE}/multiple-sso-per-domain", _MULTIPLE)


_MULTIPLE: Final = {"active": True, "useActiveTenant": True, "unspecifiedTenantStrategy": "LAST"}


def _tell(door: HttpDoor, method: str, target: str, body: object) -> None:
    assert door.send(method, target, body, headers={"frontegg-tenant-id": "acme"}).status in {200, 201}


def _read(door: HttpDoor) -> list[Any]:
    about = {"frontegg-tenant-id": "acme"}
    targets = (BASE, f"{BASE}/excluded-emails", f"{BASE}/multiple-sso-per-domain")
    return [door.send("GET", target, headers=about).body for target in targets]


def test_a_file_keeps_it(tmp_path: Path) -> None:
    """Also the order in which parts came, though a file has an order of its own; what is deleted is gone."""
    path = tmp_path / "accounts.sqlite3"
    with Emulator(persist=path) as emulator:
        emulator.clock(freeze=True)
        door = HttpDoor(emulator.url, environment="emu_sso")
        _fill(door)
        before = _read(door)
        door.close()
    with Emulator(persist=path) as emulator:
        door = HttpDoor(emulator.url, environment="emu_sso")
        assert _read(door) == before
        (first, *_) = before[0]
        assert door.send("DELETE", f"{BASE}/{first['id']}", headers={"frontegg-tenant-id": "acme"}).status == 200
        after = _read(door)
        door.close()
    with Emulator(persist=path) as emulator:
        door = HttpDoor(emulator.url, environment="emu_sso")
        assert _read(door) == after
        assert len(after[0]) == 1
        door.close()


def test_a_snapshot_keeps_it() -> None:
    """It goes through JSON, into the same environment and into another one; a reset forgets it."""
    with Emulator() as emulator:
        door = HttpDoor(emulator.url)
        _fill(door)
        before = _read(door)
        snapshot = json.loads(json.dumps(door.admin("GET", "snapshot")))
        door.admin("POST", "reset")
        assert door.admin("GET", "snapshot")["environments"][0]["tables"] == {}
        assert door.send("GET", f"{BASE}/excluded-emails").body == []
        other = HttpDoor(emulator.url)
        for each in (door, other):
            each.admin("POST", "restore", snapshot)
            assert _read(each) == before
            each.close()


@pytest.mark.parametrize(
    ("table", "change", "text"),
    [
        ("ssoDomains", {"ssoConfigId": "nothing"}, "the tenant has no SSO configuration 'nothing'"),
        ("ssoConfigurations", {"tenantId": "nobody"}, "tenant 'nobody' does not exist"),
        ("ssoConfigurations", {"type": "ldap"}, "Invalid enum value 'ldap'"),
        ("ssoGroups", {"createdAt": "now"}, "'now' is no moment"),
        ("ssoMultiple", {"more": 1}, "unknown field `more`"),
    ],
)
def test_a_snapshot_that_does_not_hold_together(table: str, change: dict[str, Any], text: str) -> None:
    """It is refused, and nothing changes."""
    with Emulator() as emulator:
        door = HttpDoor(emulator.url)
        _fill(door)
        before = _read(door)
        environment = _environment(emulator, door)
        snapshot = cast("Any", environment.snapshot())
        snapshot["environments"][0]["tables"][table][0].update(change)
        with pytest.raises(ValueError, match=text):
            environment.restore(snapshot)
        assert _read(door) == before
        door.close()


def _environment(emulator: EmulatorHandle, door: HttpDoor) -> EmulatorHandle:
    return emulator.environment(door.client_id)


def test_the_journal_has_no_secrets() -> None:
    """Neither secrets nor certificates nor excluded addresses; each request is there with its route."""
    with Emulator() as emulator:
        door = HttpDoor(emulator.url)
        _fill(door)
        door.send("GET", f"{SAML}/sp-certificate")
        entries = _environment(emulator, door).journal()
        door.close()
    text = msgspec.json.encode(entries).decode()
    assert [secret for secret in SECRETS if secret in text] == []
    assert {"sso.create", "sso.domains.create", "sso.excluded_emails.delete"} <= {entry.route for entry in entries}
