"""Requests about the snapshot of all entitlements, which no method of the clients makes, and the rows that it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.emulator.cases import case
from tests.exercises.exercise import Exercise

EXERCISES: Final[tuple[Exercise, ...]] = ()

CASES: Final = (
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
