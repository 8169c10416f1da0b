"""Requests that `@frontegg/rest-api` 7.119.0, the portal, sends about audits, with the token of a user."""

from __future__ import annotations

from typing import Final

import attrs
import pytest

from tests.emulator.support import Service
from tests.emulator.test_replays import IN_T, get, replay

pytestmark = pytest.mark.anyio

_PAGE: Final = "sortDirection=desc&sortBy=severity&filter=&offset=0"
_COLUMN: Final = {
    "_id": "c",
    "name": "severity",
    "type": "Severity",
    "sortable": True,
    "filterable": True,
    "displayName": "Severity",
    "showInTable": True,
    "showInMoreInfo": "Always",
}
PORTAL: Final = (
    get(f"/audits?{_PAGE}&count=20&paginationMode=virtual", {"severity": "High", "tenantId": "t"}),
    get("/audits/stats?sortDirection=desc&sortBy=createdAt&count=20", {"severeThisWeek": 1}),
)


async def test_what_the_portal_sends(service: Service) -> None:
    """Each request is below the prefix of self-service hosts."""
    await service.create("t")
    await service.send("POST", "/audits", {"severity": "High"}, headers=IN_T)
    service.token = (await service.emulator.user_token(tenant_id="t", permissions=["fe.secure.*"])).access_token
    await replay(service, [attrs.evolve(each, path=f"/frontegg{each.path}") for each in PORTAL])


@pytest.mark.parametrize("version", ["csv", "csv/v2"])
async def test_its_export_of_audits(service: Service, version: str) -> None:
    """The portal sends whole columns, and no count: the file has all rows from the offset on."""
    await service.create("t")
    for severity in ("Info", "High"):
        await service.send("POST", "/audits", {"severity": severity}, headers=IN_T)
    service.token = (await service.emulator.user_token(tenant_id="t", permissions=["fe.secure.*"])).access_token
    path = f"/frontegg/audits/export/{version}?sortDirection=desc&sortBy=severity&filter=&offset=1"
    exported = await service.send("POST", path, {"properties": [_COLUMN]})
    assert (exported.status, exported.raw) == (201, b"Severity\r\nInfo\r\nHigh\r\n")
