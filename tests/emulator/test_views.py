"""The lists that the dashboard reads, over HTTP, and its static files."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.emulator.support import Service

pytestmark = pytest.mark.anyio

SEED: dict[str, Any] = {
    "tenants": [
        {"tenantId": "leaf", "name": "Leaf", "parentTenantId": "root", "metadata": {"k": 1}, "isLocked": True},
        {"tenantId": "root", "name": "Root", "isReseller": True},
    ],
    "users": [
        {"id": "ann", "email": "ann@root.example", "password": "hush", "tenantId": "root", "permissions": ["fe.*"]}
    ],
}


async def test_what_there_is(service: Service) -> None:
    """Environments, tenants and users, without secrets and passwords."""
    await service.admin("POST", "seed", SEED)
    listed = (await service.admin("GET", "environments", only=False)).json["environments"]
    assert {"client_id": service.emulator.client_id, "tenants": 2, "users": 1} in listed
    assert len(listed) == 2
    assert len((await service.admin("GET", "environments")).json["environments"]) == 1
    tenants = (await service.admin("GET", "tenants")).json
    assert tenants["total"] == 2
    assert tenants["tenants"] == [
        {"tenantId": "leaf", "name": "Leaf", "parentTenantId": "root", "isReseller": False, "isLocked": True},
        {"tenantId": "root", "name": "Root", "parentTenantId": None, "isReseller": True, "isLocked": False},
    ]
    leaf = (await service.admin("GET", "tenants/leaf")).json
    assert (leaf["metadata"], leaf["parentTenantId"]) == ('{"k":1}', "root")
    assert (await service.admin("GET", "tenants/no%2Fbody")).status == 404
    users = await service.admin("GET", "users")
    assert [user["id"] for user in users.json["users"]] == ["ann"]
    assert b"hush" not in users.raw
    assert service.emulator.secret.encode() not in (await service.admin("GET", "environments", only=False)).raw


async def test_the_clock_is_read(service: Service) -> None:
    """The moment, and whether it stands still."""
    assert (await service.admin("GET", "clock")).json["frozen"] is False
    now = (await service.admin("POST", "clock", {"freeze": True})).json["now"]
    assert (await service.admin("GET", "clock")).json == {"now": now, "frozen": True}


async def test_what_can_be_chosen(service: Service) -> None:
    """Every operation with its credentials; every stage with its actions, and their fields."""
    operations = (await service.admin("GET", "operations", only=False)).json["operations"]
    assert len({one["name"] for one in operations}) == len(operations) > 50
    create = next(one for one in operations if one["name"] == "tenants.create")
    assert (create["method"], create["auth"]) == ("POST", ["environment"])
    kinds = (await service.admin("GET", "fault-kinds", only=False)).json
    assert set(kinds["actions"]) == {kind for stage in kinds["stages"].values() for kind in stage}
    assert kinds["actions"]["drip"] == ["bytes", "every"]


async def test_the_files(service: Service) -> None:
    """Each part that the page names is served, with its type, and may load nothing from elsewhere."""
    page = await service.send("GET", "/_emulator/")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    text = page.raw.decode()
    waiting = re.findall(r'(?:href|src)="(static/[^"]+)"', text)
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        part = await service.send("GET", f"/_emulator/{name}")
        assert part.status == 200, name
        kinds = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
        assert part.headers["Content-Type"] == kinds[name.rpartition(".")[2]]
        assert part.headers["X-Content-Type-Options"] == "nosniff"
        policy = part.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        found = {f"static/{module}" for module in re.findall(r'from "\./([^"]+)"', part.raw.decode())} - seen
        waiting += found
        seen |= found
    assert len(seen) > 10
    assert "innerHTML" not in text
    assert not re.search(r"\son\w+=|style=", text)


async def test_the_address_of_the_page(service: Service) -> None:
    """Without the last slash it leads there; what is no part of it is no file, and it is only read."""
    short = await service.send("GET", "/_emulator")
    assert (short.status, short.headers["Location"]) == (308, "/_emulator/")
    assert (await service.send("HEAD", "/_emulator/")).raw == b""
    for path in ("/_emulator/static/", "/_emulator/static/../admin.py", "/_emulator/static/nothing.js"):
        assert (await service.send("GET", path)).status == 404
    assert (await service.send("POST", "/_emulator/")).status == 404
    assert [entry.path for entry in await service.emulator.journal()] == ["/auth/vendor"]
