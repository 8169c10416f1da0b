"""Exercises of features, whose rows are those of entitlements."""

from __future__ import annotations

from typing import Any, Final

from tests.emulator.cases import case
from tests.exercises.exercise import ExerciseClients, bad, good, refused


def _create(s: ExerciseClients, key: str = "new", **more: Any) -> Any:
    return s.frontegg.features.create(key=key, name="New", **more)


EXERCISES: Final = (
    good("features.list", lambda s: s.frontegg.features.list(keys=["beta"], sort_by="key", order="desc").all()),
    bad("features.list", "page_size", lambda s: s.frontegg.features.list(page_size=101).all()),
    bad("features.list", "keys", lambda s: s.frontegg.features.list(keys=["a,b"]).all()),
    bad("features.list", "sort_by", lambda s: s.frontegg.features.list(sort_by="colour").all()),
    good("features.create", lambda s: _create(s, description="Reports", permissions=["reports.read"])),
    refused("features.create", 409, lambda s: _create(s, "beta")),
    bad("features.create", "permissions", lambda s: _create(s, permissions="reports.read")),
    good("features.update", lambda s: s.frontegg.features.update("beta", name="Beta 2", permissions=["b"])),
    refused("features.update", 404, lambda s: s.frontegg.features.update("none", name="N")),
    refused("features.update", 409, lambda s: s.frontegg.features.update("beta", key="reports")),
    bad("features.update", "at least one", lambda s: s.frontegg.features.update("beta")),
    good("features.delete", lambda s: s.frontegg.features.delete("beta")),
    refused("features.delete", 404, lambda s: s.frontegg.features.delete("none")),
    bad("features.delete", "feature_id", lambda s: s.frontegg.features.delete("")),
)

CASES: Final = (
    case("features.list", 200, query=(("limit", "1"), ("offset", "1"), ("orderBy", "key"), ("sortType", "ASC"))),
    case("features.list", 200, query=(("featureIds", "beta,reports"), ("filter", "be"), ("hasFeatureFlag", "true"))),
    case("features.list", 200, query=(("featureKeys", "beta"), ("permissionKeys", "reports.read"))),
    case("features.list", 400, query=(("limit", "101"),)),
    case("features.list", 400, query=(("orderBy", "colour"),)),
    case("features.create", 200, body={"key": "new", "name": "New", "permissions": ["new.read"]}),
    case("features.create", 400, body={"key": "", "name": "New"}),
    case("features.create", 409, body={"key": "beta", "name": "New"}),
    case("features.update", 200, "beta", body={"name": "Beta 2", "permissions": []}),
    case("features.update", 400, "beta", body={"name": ""}),
    case("features.update", 404, "none", body={"name": "N"}),
    case("features.update", 409, "beta", body={"key": "reports"}),
    case("features.delete", 200, "beta"),
    case("features.delete", 404, "none"),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""
