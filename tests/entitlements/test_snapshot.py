"""Decisions by a snapshot: assignments, flags, plans, permissions, and the attributes of who asks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from frontegg_async.entitlements.decisions import Decision, DecisionReason
from frontegg_async.entitlements.subject import Subject
from frontegg_async.models import Claims, TokenType
from tests.entitlements.deciding import snapshot_of

NOW = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
ENTITLED = Decision(True)
MISSING = Decision(False, DecisionReason.MISSING_FEATURE)
EXPIRED = Decision(False, DecisionReason.BUNDLE_EXPIRED)
NOT_HELD = Decision(False, DecisionReason.MISSING_PERMISSION)


def environment(**parts: Any) -> dict[str, Any]:
    """Return an environment with the feature ``reports`` in the plan ``pro``."""
    return {
        "features": [["f", "reports", ["reports.read"]], ["g", "alone", None]],
        "featureBundles": [["pro", ["f"], "false", []]],
        "entitlements": [],
        "featureFlags": [],
        **parts,
    }


def rule(attribute: str, operation: str, value: dict[str, Any], treatment: str = "true") -> dict[str, Any]:
    """Return a rule with one condition."""
    condition = {"attribute": attribute, "op": operation, "value": value, "negate": False}
    return {"conditionLogic": "and", "conditions": [condition], "treatment": treatment}


@pytest.mark.parametrize(
    ("assignments", "decision"),
    [
        ([], MISSING),
        ([["pro", "acme", None, None]], ENTITLED),
        ([["pro", "other", None, None]], MISSING),
        ([["pro", "acme", "ann", None]], ENTITLED),
        ([["pro", "acme", "bob", None]], MISSING),
        ([["pro", "other", "ann", None]], MISSING),
        ([["pro", "acme", None, "2026-01-01T00:00:00.000Z"]], EXPIRED),
        ([["pro", "acme", None, "2026-01-01T00:00:00.001Z"]], ENTITLED),
        ([["pro", "acme", None, "2026-01-01T00:59:59+01:00"]], EXPIRED),
        ([["pro", "acme", None, "2026-01-01T00:00:01"]], ENTITLED),
        ([["pro", "acme", None, "soon"]], EXPIRED),
        ([["pro", "acme", None, "2025-01-01T00:00:00Z"], ["pro", "acme", "ann", None]], ENTITLED),
        ([["unknown", "acme", None, None]], MISSING),
        ([["pro", "acme"]], ENTITLED),
    ],
)
def test_assignments(assignments: list[Any], decision: Decision) -> None:
    """A plan ends at its time; one that is not known gives nothing."""
    snapshot = snapshot_of(environment(entitlements=assignments))
    assert snapshot.decide_feature("reports", Subject("acme", "ann", None, None), NOW) == decision


def test_a_flag_decides_before_plans_and_after_assignments() -> None:
    """Off is the off treatment; else the first rule that applies, else the default."""
    country = rule("country", "in_list", {"list": ["DE"]})
    refusing = rule("country", "in_list", {"list": ["DE"]}, "false")
    subject = Subject("acme", None, None, {"country": "DE"})
    for flag, decision in (
        (["reports", False, "boolean", "true", "false", [country]], MISSING),
        (["reports", False, "boolean", "false", "true", []], ENTITLED),
        (["reports", True, "boolean", "false", "false", [country]], ENTITLED),
        (
            ["reports", True, "boolean", "true", "false", [refusing]],
            MISSING,
        ),
        (["reports", True, "boolean", "true", "false", None], ENTITLED),
    ):
        snapshot = snapshot_of(environment(featureFlags=[flag]))
        assert snapshot.decide_feature("reports", subject, NOW) == decision
    with_rule = snapshot_of(environment(featureBundles=[["pro", ["f"], "false", [country]]]))
    assert with_rule.decide_feature("reports", subject, NOW) == ENTITLED
    assert with_rule.decide_feature("reports", Subject("acme", None, None, None), NOW) == MISSING


def test_permissions() -> None:
    """It must be held; if features are linked to it, one of them must be given."""
    snapshot = snapshot_of(environment(entitlements=[["pro", "acme", None, None]]))
    for held, tenant, permission, decision in (
        ([], "acme", "reports.read", NOT_HELD),
        (["reports.read"], "acme", "reports.read", ENTITLED),
        (["reports.*"], "acme", "reports.read", ENTITLED),
        (["*.read"], "acme", "reports.read", ENTITLED),
        (["reports?read", "report"], "acme", "reports.read", NOT_HELD),
        (["reports.read"], "other", "reports.read", MISSING),
        (["users.read"], "other", "users.read", ENTITLED),
        ("reports.read", "acme", "reports.read", NOT_HELD),
    ):
        subject = Subject.of({"tenantId": tenant, "permissions": held}, None)
        assert snapshot.decide_permission(permission, subject, NOW) == decision


CLAIMS = {
    "type": "userToken",
    "sub": "ann",
    "tenantId": "acme",
    "email": "ann@acme.com",
    "email_verified": True,
    "roles": ["a", "b"],
    "metadata": {"plan": {"name": "pro"}, "empty": {}},
    "x.y": 1,
    "x": {"y": 2},
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("jwt.sub", "ann"),
            ("jwt.roles.1", "b"),
            ("jwt.metadata.plan.name", "pro"),
            ("jwt.metadata.empty", {}),
            ("jwt.x.y", 2),
        ),
        *(("frontegg.email", "ann@acme.com"), ("frontegg.emailVerified", True), ("frontegg.tenantId", "acme")),
        *(("frontegg.userId", "ann"), ("country", "DE"), ("jwt.given", 1), ("frontegg.other", 2)),
    ],
)
def test_attributes(name: str, value: object) -> None:
    """Claims by their paths, what the service knows, and what the caller gives."""
    given = {"country": "DE", "jwt.given": 1, "frontegg.other": 2, "jwt.sub": "forged", "frontegg.email": "forged"}
    assert Subject.of(CLAIMS, given).attribute(name) == value


@pytest.mark.parametrize(
    "name", ["jwt.roles", "jwt.roles.2", "jwt.metadata.plan", "jwt.metadata", "jwt.", "jwt", "nothing"]
)
def test_attributes_that_are_missing(name: str) -> None:
    """What has parts is none itself."""
    snapshot = snapshot_of(
        environment(featureFlags=[["alone", True, "", "false", "false", [rule(name, "in_list", {"list": ["a"]})]]])
    )
    assert snapshot.decide_feature("alone", Subject.of(CLAIMS, None), NOW) == MISSING


def test_verified_claims_are_those_of_their_token() -> None:
    """Rules name claims as the token does."""
    claims = Claims(
        type=TokenType.USER,
        subject="ann",
        tenant_id="acme",
        roles=("a", "b"),
        email="ann@acme.com",
        metadata={"plan": "pro"},
        issued_at=datetime(2026, 1, 1, tzinfo=UTC),
        expires_at=None,
        audience=("client",),
        issuer="https://acme",
        extra={"email_verified": True},
    )
    subject = Subject.of(claims, None)
    names = [
        "jwt.sub",
        "jwt.roles.1",
        "jwt.metadata.plan",
        "jwt.aud",
        "jwt.iat",
        "frontegg.emailVerified",
        "frontegg.userId",
    ]
    assert [subject.attribute(name) for name in names] == ["ann", "b", "pro", "client", NOW, True, "ann"]
    assert (subject.tenant_id, subject.user_id) == ("acme", "ann")


def test_expressions_that_are_refused_are_named() -> None:
    """Their condition is false, negated or not."""
    refused: list[str] = []
    rules = [rule("a", "matches", {"string": "(?=a)"})]
    rules[0]["conditions"][0]["negate"] = True
    data = environment(featureFlags=[["alone", True, "", "false", "false", rules]])
    snapshot = snapshot_of(data, refused)
    assert refused == ["(?=a)"]
    assert snapshot.decide_feature("alone", Subject(None, None, None, {"a": "a"}), NOW) == MISSING


@pytest.mark.parametrize(
    "broken",
    [
        {"conditions": None, "treatment": "true"},
        {"conditions": [None], "treatment": "true"},
        {"conditions": [{"op": "in_list"}], "treatment": "true"},
        {"conditions": [{"attribute": "a", "op": "in_list", "value": None}], "treatment": "true"},
        {"conditions": [{"attribute": None, "op": "is", "value": {"boolean": True}}], "treatment": "true"},
    ],
)
def test_rules_that_are_broken_apply_to_nobody(broken: dict[str, Any]) -> None:
    """The others of the flag still decide."""
    rules = [None, broken, rule("a", "equal", {"number": 5})]
    snapshot = snapshot_of(environment(featureFlags=[["alone", True, "", "false", "false", rules]]))
    assert snapshot.decide_feature("alone", Subject(None, None, None, {"a": 5}), NOW) == ENTITLED
    assert snapshot.decide_feature("alone", Subject(None, None, None, {"a": True}), NOW) == MISSING
