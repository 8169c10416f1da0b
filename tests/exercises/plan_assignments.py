"""Exercises of plan assignments, whose rows are those of entitlements."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from tests.emulator.cases import case
from tests.exercises.exercise import ExerciseClients, bad, good, refused

_THEN: Final = datetime(2031, 1, 1, tzinfo=UTC)


def _assign(s: ExerciseClients, plan_id: str = "pro", tenant_id: str = "other", **more: Any) -> Any:
    return s.frontegg.plan_assignments.assign(plan_id, tenant_ids=[tenant_id], **more)


def _change(s: ExerciseClients, assignment_id: str, expires_at: Any = _THEN) -> Any:
    return s.frontegg.plan_assignments.change_expiry([assignment_id], expires_at=expires_at)


EXERCISES: Final = (
    good(
        "plan_assignments.list",
        lambda s: s.frontegg.plan_assignments.list(plan_ids=["pro"], sort_by="expires_at", order="desc").all(),
    ),
    bad("plan_assignments.list", "page_size", lambda s: s.frontegg.plan_assignments.list(page_size=11).all()),
    bad("plan_assignments.list", "user_ids", lambda s: s.frontegg.plan_assignments.list(user_ids=[]).all()),
    good("plan_assignments.get", lambda s: s.frontegg.plan_assignments.get("of-ann")),
    refused("plan_assignments.get", 404, lambda s: s.frontegg.plan_assignments.get("none")),
    bad("plan_assignments.get", "assignment_id", lambda s: s.frontegg.plan_assignments.get("..")),
    good("plan_assignments.assign", lambda s: _assign(s, user_id="ann", expires_at=_THEN)),
    refused("plan_assignments.assign", 404, lambda s: _assign(s, "none")),
    refused("plan_assignments.assign", 404, lambda s: _assign(s, tenant_id="none")),
    bad("plan_assignments.assign", "expires_at", lambda s: _assign(s, expires_at=datetime(2031, 1, 1))),  # noqa: DTZ001
    good("plan_assignments.change_expiry", lambda s: _change(s, "of-acme")),
    good("plan_assignments.change_expiry", lambda s: s.frontegg.plan_assignments.clear_expiry(["of-ann"])),
    refused("plan_assignments.change_expiry", 404, lambda s: _change(s, "none")),
    bad("plan_assignments.change_expiry", "expires_at", lambda s: _change(s, "of-acme", "soon")),
    good("plan_assignments.remove", lambda s: s.frontegg.plan_assignments.remove(["of-acme", "of-ann"])),
    bad(
        "plan_assignments.remove",
        "at most 50",
        lambda s: s.frontegg.plan_assignments.remove([str(number) for number in range(51)]),
    ),
)


def _new(**changes: object) -> dict[str, object]:
    return {"entitlements": [{"planId": "pro", "tenantId": "other", **changes}]}


_MANY: Final = [{"planId": "pro", "tenantId": "acme"}] * 51

CASES: Final = (
    case("plan_assignments.list", 200, query=(("limit", "1"), ("orderBy", "expirationDate"), ("planId", "pro"))),
    case("plan_assignments.list", 200, query=(("assignLevel", "USER"), ("withRelations", "true"))),
    case("plan_assignments.list", 200, query=(("planIds", "pro"), ("tenantIds", "acme"), ("userIds", "ann"))),
    case("plan_assignments.list", 400, query=(("limit", "11"),)),
    case("plan_assignments.list", 400, query=(("assignLevel", "GROUP"),)),
    case("plan_assignments.get", 200, "of-ann"),
    case("plan_assignments.get", 404, "none"),
    case("plan_assignments.assign", 200, body=_new(userId="ann", expirationDate="2030-01-01T00:00:00")),
    case("plan_assignments.assign", 400, body=_new(expirationDate="soon")),
    case("plan_assignments.assign", 400, body={"entitlements": _MANY}),
    case("plan_assignments.assign", 404, body=_new(planId="none")),
    case("plan_assignments.assign", 404, body=_new(userId="bob")),
    case("plan_assignments.change_expiry", 200, body={"entitlements": [{"id": "of-ann", "expirationDate": None}]}),
    case("plan_assignments.change_expiry", 400, body={"entitlements": [{"id": "of-ann", "expirationDate": "soon"}]}),
    case("plan_assignments.change_expiry", 404, body={"entitlements": [{"id": "none"}]}),
    case("plan_assignments.remove", 200, query=(("ids", "of-acme,none"),)),
    case("plan_assignments.remove", 400, query=(("ids", ",".join(map(str, range(51)))),)),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""
