"""Exercises of the entitlements of a user; the snapshot of all, which no method reads, and the rows that it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.emulator.cases import case
from tests.exercises.exercise import good

EXERCISES: Final = (good("entitlements.get", lambda s: s.user.entitlements.get(), "user", permissions=()),)

CASES: Final = (
    case("entitlements.get", 200, token="user"),
    case("entitlements.get", 403, switches={"wrong_token_kind": 403}),
    case("entitlements.snapshot", 200),
    case("entitlements.snapshot_offset", 200),
)
"""Requests with the status that each must get."""

_RULE: Final = {
    "description": "Germany",
    "conditions": [
        {
            "attribute": "country",
            "attributeType": "custom",
            "negate": False,
            "op": "in_list",
            "value": {"list": ["DE"]},
        }
    ],
    "treatment": "true",
}

TABLES: Final[Mapping[str, Any]] = {
    "features": [
        {"id": "reports", "key": "reports", "name": "Reports", "permissions": ["reports.read"]},
        {"id": "beta", "key": "beta", "name": "Beta"},
    ],
    "plans": [{"id": "pro", "name": "Pro", "featureIds": ["reports"], "rules": [_RULE]}],
    "featureFlags": [{"id": "flag", "name": "Beta", "featureId": "beta", "rules": [_RULE]}],
    "planAssignments": [
        {"id": "of-acme", "tenantId": "acme", "planId": "pro"},
        {
            "id": "of-ann",
            "tenantId": "other",
            "userId": "ann",
            "planId": "pro",
            "expirationDate": "2030-01-01T00:00:00.000Z",
        },
    ],
}
"""Rows that there are before each request."""
