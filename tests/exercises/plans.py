"""Exercises of plans, whose rows are those of entitlements."""

from __future__ import annotations

from typing import Any, Final

from tests.emulator.cases import case
from tests.exercises.exercise import ExerciseClients, bad, good, refused

_RULE: Final = {
    "description": "Germany",
    "conditionLogic": "and",
    "conditions": [
        {"attribute": "country", "attributeType": "custom", "negate": False, "op": "in_list", "value": {"list": ["DE"]}}
    ],
    "treatment": "true",
}


def _create(s: ExerciseClients, **more: Any) -> Any:
    return s.frontegg.plans.create(name="New", **more)


EXERCISES: Final = (
    good("plans.list", lambda s: s.frontegg.plans.list(tenant_ids=["acme"], sort_by="name", order="desc").all()),
    bad("plans.list", "page_size", lambda s: s.frontegg.plans.list(page_size=11).all()),
    bad("plans.list", "tenant_ids", lambda s: s.frontegg.plans.list(tenant_ids="acme").all()),
    good("plans.get", lambda s: s.frontegg.plans.get("pro")),
    refused("plans.get", 404, lambda s: s.frontegg.plans.get("none")),
    bad("plans.get", "plan_id", lambda s: s.frontegg.plans.get("..")),
    good(
        "plans.create",
        lambda s: _create(
            s,
            feature_keys=["beta"],
            description="D",
            default_treatment="true",
            rules=[_RULE],
            default_time_limitation=30,
            assign_on_signup=True,
            metadata={"a": 1},
        ),
    ),
    refused("plans.create", 404, lambda s: _create(s, feature_keys=["none"])),
    bad("plans.create", "default_treatment", lambda s: _create(s, default_treatment="maybe")),
    good("plans.update", lambda s: s.frontegg.plans.update("pro", feature_keys=["beta"], rules=[], metadata={})),
    refused("plans.update", 404, lambda s: s.frontegg.plans.update("none", name="N")),
    bad("plans.update", "at least one", lambda s: s.frontegg.plans.update("pro")),
    good("plans.delete", lambda s: s.frontegg.plans.delete("pro")),
    refused("plans.delete", 404, lambda s: s.frontegg.plans.delete("none")),
    bad("plans.delete", "plan_id", lambda s: s.frontegg.plans.delete("")),
    good("plans.list_features", lambda s: s.frontegg.plans.list_features("pro").all()),
    refused("plans.list_features", 404, lambda s: s.frontegg.plans.list_features("none").all()),
    bad("plans.list_features", "page_size", lambda s: s.frontegg.plans.list_features("pro", page_size=11).all()),
    good("plans.link_features", lambda s: s.frontegg.plans.link_features("pro", feature_ids=["beta"])),
    refused("plans.link_features", 404, lambda s: s.frontegg.plans.link_features("pro", feature_ids=["none"])),
    bad("plans.link_features", "feature_ids", lambda s: s.frontegg.plans.link_features("pro", feature_ids=[])),
    good("plans.unlink_features", lambda s: s.frontegg.plans.unlink_features("pro", feature_ids=["reports"])),
    refused("plans.unlink_features", 404, lambda s: s.frontegg.plans.unlink_features("none", feature_ids=["beta"])),
    bad("plans.unlink_features", "feature_ids", lambda s: s.frontegg.plans.unlink_features("pro", feature_ids="b")),
)

CASES: Final = (
    case("plans.list", 200, query=(("limit", "1"), ("orderBy", "name"), ("sortType", "ASC"))),
    case("plans.list", 200, query=(("featureIds", "reports"), ("tenantIds", "acme,other"), ("userIds", "ann"))),
    case("plans.list", 400, query=(("limit", "11"),)),
    case("plans.get", 200, "pro"),
    case("plans.get", 404, "none"),
    case("plans.create", 200, body={"name": "New", "rules": [_RULE], "featureKeys": ["beta"], "metadata": "{}"}),
    case("plans.create", 400, body={"name": ""}),
    case("plans.create", 400, body={"name": "New", "metadata": "["}),
    case("plans.create", 404, body={"name": "New", "featureKeys": ["none"]}),
    case("plans.update", 200, "pro", body={"defaultTreatment": "true"}),
    case("plans.update", 400, "pro", body={"name": ""}),
    case("plans.update", 404, "none", body={"name": "N"}),
    case("plans.delete", 200, "pro"),
    case("plans.delete", 404, "none"),
    case("plans.list_features", 200, "pro", query=(("featureKeys", "reports"),)),
    case("plans.list_features", 400, "pro", query=(("limit", "11"),)),
    case("plans.list_features", 404, "none"),
    case("plans.link_features", 200, "pro", body={"featuresIds": ["beta"]}),
    case("plans.link_features", 400, "pro", body={}),
    case("plans.link_features", 404, "pro", body={"featuresIds": ["none"]}),
    case("plans.unlink_features", 200, "pro", body={"featuresIds": ["reports"]}),
    case("plans.unlink_features", 400, "pro", body={}),
    case("plans.unlink_features", 404, "none", body={"featuresIds": ["reports"]}),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""
