"""Which features the dashboard shows as open for an account, and why."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from frontegg_async.emulator import EmulatorHandle

_OF_ACME: Final[Any] = {
    "conditionLogic": "and",
    "conditions": [{"attribute": "frontegg.tenantId", "negate": False, "op": "matches", "value": {"string": "^ac.e$"}}],
    "treatment": "true",
}
_SEED: Final[Any] = {
    "tenants": [{"tenantId": each, "name": each} for each in ("acme", "a/b")],
    "tables": {
        "features": [{"id": each, "key": each} for each in ("reports", "beta", "ruled", "dark")],
        "plans": [
            {"id": "pro", "name": "Pro", "featureIds": ["reports"]},
            {"id": "vip", "name": "Vip", "featureIds": ["ruled"], "rules": [_OF_ACME]},
        ],
        "featureFlags": [{"id": "flag", "name": "Trial", "featureId": "beta", "on": False, "offTreatment": "true"}],
        "planAssignments": [
            {"id": "a1", "planId": "pro", "tenantId": "acme", "expirationDate": "2999-01-01T00:00:00.000Z"},
            {"id": "a2", "planId": "pro", "tenantId": "acme", "userId": "ann"},
        ],
    },
}
_CLOSED: Final = (False, "no assigned plan contains it, and no feature flag or rule enables it")


def _features(emulator: EmulatorHandle, tenant_id: str) -> dict[str, tuple[bool, str]]:
    root = f"{emulator.url}/_emulator/v1/environments/{emulator.client_id}"
    with urlopen(f"{root}/tenants/{quote(tenant_id, safe='')}/features") as response:
        found = json.load(response)["features"]
    return {each["key"]: (each["isOpen"], each["why"]) for each in found}


def test_each_feature_has_a_reason(frontegg_emulator: EmulatorHandle) -> None:
    """By an assignment of the account, a feature flag, the rules of a plan; otherwise it is closed."""
    frontegg_emulator.seed(_SEED)
    assert _features(frontegg_emulator, "acme") == {
        "reports": (True, "the plan Pro is assigned until 2999-01-01T00:00:00.000Z"),
        "beta": (True, "the feature flag Trial enables it"),
        "ruled": (True, "the rules of the plan Vip enable it"),
        "dark": _CLOSED,
    }
    assert _features(frontegg_emulator, "a/b") == {
        "reports": _CLOSED,
        "beta": (True, "the feature flag Trial enables it"),
        "ruled": _CLOSED,
        "dark": _CLOSED,
    }


def test_an_assignment_that_has_ended(frontegg_emulator: EmulatorHandle) -> None:
    """The feature is closed from the end on, by the clock of the environment, and the reason names the end."""
    frontegg_emulator.seed(_SEED)
    with frontegg_emulator.client() as frontegg:
        end = frontegg_emulator.clock() + timedelta(minutes=1)
        frontegg.plan_assignments.change_expiry(["a1"], expires_at=end)
        assert _features(frontegg_emulator, "acme")["reports"][0]
        frontegg_emulator.clock(advance=61)
    is_open, why = _features(frontegg_emulator, "acme")["reports"]
    assert (is_open, why.startswith("the plan Pro was assigned until 20")) == (False, True)


def test_an_unknown_tenant(frontegg_emulator: EmulatorHandle) -> None:
    """It is 404."""
    with pytest.raises(HTTPError) as raised:
        _features(frontegg_emulator, "none")
    raised.value.close()
    assert raised.value.code == 404
