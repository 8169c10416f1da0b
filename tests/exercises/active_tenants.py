"""Exercises of the tenants in which users work, which no method reads or sets."""

from __future__ import annotations

from typing import Any, Final

from frontegg_async.emulator.services.applications.rows import DEFAULT_APPLICATION
from tests.emulator.cases import case

_ANN: Final = {"frontegg-user-id": "ann"}


def _body(tenant_id: str = "other", app_id: str = DEFAULT_APPLICATION.id) -> dict[str, Any]:
    return {"activeApplicationTenants": [{"tenantId": tenant_id, "applicationId": app_id}]}


EXERCISES: Final = ()

CASES: Final = (
    case("applications.get_active_tenants", 200, headers=_ANN),
    case("applications.get_active_tenants", 400),
    case("applications.get_active_tenants", 404, headers={"frontegg-user-id": "nobody"}),
    case("applications.set_active_tenants", 200, headers=_ANN, body=_body()),
    case("applications.set_active_tenants", 400, headers=_ANN, body={}),
    case("applications.set_active_tenants", 400, body=_body()),
    case("applications.set_active_tenants", 404, headers=_ANN, body=_body("leaf")),
    case("applications.set_active_tenants", 404, headers=_ANN, body=_body(app_id="none")),
)
