"""Exercises of feature flags, whose rows are those of entitlements."""

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
_BODY: Final = {"name": "New", "on": True, "offTreatment": "false", "defaultTreatment": "true", "featureId": "beta"}


def _create(s: ExerciseClients, feature_id: str = "beta", **more: Any) -> Any:
    return s.frontegg.feature_flags.create(feature_id=feature_id, name="New", **more)


EXERCISES: Final = (
    good("feature_flags.list", lambda s: s.frontegg.feature_flags.list(filter="b", sort_by="name", order="asc").all()),
    bad("feature_flags.list", "page_size", lambda s: s.frontegg.feature_flags.list(page_size=11).all()),
    good("feature_flags.get", lambda s: s.frontegg.feature_flags.get("flag")),
    refused("feature_flags.get", 404, lambda s: s.frontegg.feature_flags.get("none")),
    bad("feature_flags.get", "flag_id", lambda s: s.frontegg.feature_flags.get("..")),
    good(
        "feature_flags.create",
        lambda s: _create(
            s,
            on=False,
            default_treatment="true",
            off_treatment="true",
            rules=[_RULE],
            description="D",
            metadata={"a": 1},
        ),
    ),
    refused("feature_flags.create", 400, lambda s: _create(s, metadata=[1])),
    refused("feature_flags.create", 404, lambda s: _create(s, "none")),
    bad("feature_flags.create", "off_treatment", lambda s: _create(s, off_treatment="maybe")),
    bad("feature_flags.create", "on", lambda s: _create(s, on=1)),
    bad("feature_flags.create", "rules", lambda s: _create(s, rules=_RULE)),
    good("feature_flags.update", lambda s: s.frontegg.feature_flags.update("flag", on=False, rules=[], metadata={})),
    refused("feature_flags.update", 400, lambda s: s.frontegg.feature_flags.update("flag", metadata=[1])),
    refused("feature_flags.update", 404, lambda s: s.frontegg.feature_flags.update("none", name="N")),
    bad("feature_flags.update", "at least one", lambda s: s.frontegg.feature_flags.update("flag")),
    good("feature_flags.delete", lambda s: s.frontegg.feature_flags.delete("flag")),
    refused("feature_flags.delete", 404, lambda s: s.frontegg.feature_flags.delete("none")),
    bad("feature_flags.delete", "flag_id", lambda s: s.frontegg.feature_flags.delete("")),
)

CASES: Final = (
    case("feature_flags.list", 200, query=(("limit", "1"), ("orderBy", "name"), ("sortType", "ASC"))),
    case("feature_flags.list", 200, query=(("filter", "BETA"), ("offset", "1"))),
    case("feature_flags.list", 400, query=(("limit", "11"),)),
    case("feature_flags.get", 200, "flag"),
    case("feature_flags.get", 404, "none"),
    case("feature_flags.create", 200, body={**_BODY, "rules": [_RULE], "metadata": "{}"}),
    case("feature_flags.create", 400, body={**_BODY, "name": ""}),
    case("feature_flags.create", 400, body={**_BODY, "metadata": "["}),
    case("feature_flags.create", 404, body={**_BODY, "featureId": "none"}),
    case("feature_flags.update", 200, "flag", body={"featureId": "reports", "on": False}),
    case("feature_flags.update", 400, "flag", body={"offTreatment": "maybe"}),
    case("feature_flags.update", 404, "none", body={"name": "N"}),
    case("feature_flags.delete", 200, "flag"),
    case("feature_flags.delete", 404, "none"),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""
