"""Environments and callers made at random: every operation, groups, expiry, wildcards and wrong types."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

NOW: Final = 1_767_225_600_000
"""The time of each decision, in milliseconds: the first day of 2026."""

_TEXTS: Final = ["", "a", "ab", "b", "DE", "x@acme.com", "5", " 5 ", "0x1f", "true", "日本", "👍", "acme-1"]
_NUMBERS: Final = [0, 1, -1, 5, 5.5, 1e21, 1e-7, 2**53 + 1, -0.0]
_TIMES: Final = [
    *("2026-01-01", "2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00+02:00", "2026-13-01", "soon"),
    NOW,
]
_EXPRESSIONS: Final = ["^a", "b$", "a|b", "^[0-9]+$", r"\d", r"^\w+@acme\.com$", ".", "^.$", "object", "null", "a,b"]
_TEXT_NAMES: Final = [
    *("country", "seats", "is_beta", "tags", "frontegg.email"),
    *("jwt.roles", "jwt.a.b", "jwt.metadata.plan"),
]
"""The names of attributes that are no times: JavaScript makes a text of a time that depends on the machine."""
_NAMES: Final = [
    *("country", "seats", "is_beta", "since", "tags", "nothing", "frontegg.email", "frontegg.tenantId"),
    *("frontegg.emailVerified", "frontegg.userId"),
    *("jwt.email", "jwt.metadata.plan", "jwt.roles.0", "jwt.a.b", "jwt.roles"),
]
_TEXT_OPERATIONS: Final = ["in_list", "starts_with", "ends_with", "contains"]
_NUMBER_OPERATIONS: Final = ["equal", "greater_than", "greater_than_equal", "lower_than", "lower_than_equal"]
_TIME_OPERATIONS: Final = ["on", "on_or_after", "on_or_before"]


class Maker:
    """Makes cases by a seed."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)

    def case(self) -> dict[str, Any]:
        """Return an environment, a caller and a question."""
        rng = self._rng
        case: dict[str, Any] = {
            "data": self._data(),
            "subject": self._subject(),
            "attributes": self._attributes(),
            "at": NOW,
        }
        if rng.random() < 0.25:
            return {**case, "permission": rng.choice(["reports.read", "reports.write", "users.read", "admin"])}
        return {**case, "feature": rng.choice(["f0", "f1", "f2", "f3", "unknown"])}

    def _data(self) -> dict[str, Any]:
        rng = self._rng
        features = [
            [f"id{n}", f"f{n}", rng.choice([None, [], ["reports.read"], ["users.read", "admin"]])] for n in range(4)
        ]
        bundles = [
            [f"b{n}", rng.sample(["id0", "id1", "id2", "id9"], rng.randrange(4)), self._treatment(0.2), self._rules()]
            for n in range(3)
        ]
        assignments = [
            [
                rng.choice(["b0", "b1", "b2", "b9"]),
                rng.choice(["t0", "t1"]),
                rng.choice([None, None, "u0", "u1"]),
                self._end(),
            ]
            for _ in range(rng.randrange(4))
        ]
        flags = [
            [f"f{n}", rng.random() < 0.8, "boolean", self._treatment(0.3), self._treatment(0.3), self._rules()]
            for n in range(4)
            if rng.random() < 0.5
        ]
        return {"features": features, "featureBundles": bundles, "entitlements": assignments, "featureFlags": flags}

    def _treatment(self, share: float) -> str:
        return "true" if self._rng.random() < share else "false"

    def _end(self) -> str | None:
        ends = [
            None,
            "2025-12-31T00:00:00.000Z",
            "2026-01-01T00:00:00.001Z",
            "2026-06-01T00:00:00Z",
            "2026-01-01T01:00:00+02:00",
        ]
        return self._rng.choice(ends)

    def _rules(self) -> list[Any]:
        return [{**self._group(2), "treatment": self._treatment(0.6)} for _ in range(self._rng.randrange(4))]

    def _group(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        parts = [
            self._group(depth - 1) if depth and rng.random() < 0.25 else self._condition()
            for _ in range(rng.randrange(4))
        ]
        return {"conditionLogic": rng.choice(["and", "or"]), "conditions": parts}

    def _condition(self) -> dict[str, Any]:
        rng = self._rng
        kind = rng.randrange(8)
        operation, value = "in_list", dict[str, Any]()
        if kind < 3:
            operation, value = rng.choice(_TEXT_OPERATIONS), {"list": rng.choices(_TEXTS, k=rng.randrange(4))}
        elif kind == 3:
            operation, value = "matches", {"string": rng.choice(_EXPRESSIONS)}
        elif kind == 4:
            operation, value = rng.choice(_NUMBER_OPERATIONS), {"number": rng.choice(_NUMBERS)}
        elif kind == 5:
            operation, value = "is", {"boolean": rng.random() < 0.5}
        elif kind == 6:
            operation, value = rng.choice(_TIME_OPERATIONS), {"date": rng.choice(_TIMES)}
        else:
            operation = rng.choice(["between_numeric", "between_date", "unknown"])
            ends = _NUMBERS if operation == "between_numeric" else _TIMES
            value = {"start": rng.choice(ends), "end": rng.choice(ends)}
        if rng.random() < 0.05:
            value = rng.choice([{}, {"number": "5"}, {"list": [1]}, {"boolean": "true"}, {"string": 5}, {"date": ""}])
        negate = rng.choice([{}, {"negate": False}, {"negate": True}])
        name = rng.choice(_TEXT_NAMES if operation == "matches" else _NAMES)
        return {"attribute": name, "op": operation, "value": value, **negate}

    def _attributes(self) -> dict[str, Any]:
        rng = self._rng
        values = {
            "country": [*_TEXTS, None, 5],
            "seats": [*_NUMBERS, *_TEXTS, True, None, [5], []],
            "is_beta": [True, False, "true", 1, None],
            "since": [{"$date": NOW}, {"$date": NOW - 1}, {"$date": NOW - 7_200_000}],
            "tags": [[], ["a"], ["a", "b"], [1, "b"], {"a": 1}, "a"],
            "frontegg.email": ["other@acme.com"],
        }
        return {name: rng.choice(some) for name, some in values.items() if rng.random() < 0.8}

    def _subject(self) -> dict[str, Any]:
        rng = self._rng
        claims = {
            "email": ["x@acme.com", None],
            "email_verified": [True, False],
            "tenantId": ["t0", "t0", "t1", "t2"],
            "roles": [[], ["a"], ["b", "a"]],
            "permissions": [[], ["reports.read"], ["reports.*"], ["*"], ["users.read", "admin"], ["*.read"]],
            "metadata": [{}, {"plan": "a"}, {"plan": 5}, {"plan": ["a"]}],
            "a": [{"b": "a"}, {"b": {}}, {"b": None}, ["a"]],
            "a.b": ["b"],
        }
        found = {name: rng.choice(some) for name, some in claims.items() if name == "tenantId" or rng.random() < 0.7}
        user = rng.choice(["u0", "u1", "u2"])
        return {"claims": {**found, "type": "userToken", "sub": user}, "tenantId": found["tenantId"], "userId": user}


def attributes_of(case: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a case as Python has them."""
    return {
        name: datetime.fromtimestamp(value["$date"] / 1_000, UTC)
        if isinstance(value, dict) and "$date" in value
        else value
        for name, value in case["attributes"].items()
    }
