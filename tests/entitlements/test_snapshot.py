"""Decisions by a snapshot: assignments, flags, plans, permissions, and the attributes of who asks."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from typing import Any, cast

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
        ([["pro", "acme", "", None]], MISSING),
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
        (["*e*o*r*.*d"], "acme", "reports.read", ENTITLED),
        (["rep*ports.read", "*reports.read.*"], "acme", "reports.read", NOT_HELD),
        (["*e*e*e*e*e*e*e*Z"], "acme", "e" * 200, NOT_HELD),
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
        {"conditions": [None], "treatment": "true"},
        {"conditions": [{"op": "in_list"}], "treatment": "true"},
        {"conditions": [{"attribute": "a", "op": "in_list", "value": None}], "treatment": "true"},
        {"conditions": [{"attribute": None, "op": "is", "value": {"boolean": True}}], "treatment": "true"},
    ],
)
def test_rules_that_are_broken_apply_to_nobody(broken: dict[str, Any]) -> None:
    """The others of the flag still decide."""
    rules = [broken, rule("a", "equal", {"number": 5})]
    snapshot = snapshot_of(environment(featureFlags=[["alone", True, "", "false", "false", rules]]))
    assert snapshot.decide_feature("alone", Subject(None, None, None, {"a": 5}), NOW) == ENTITLED
    assert snapshot.decide_feature("alone", Subject(None, None, None, {"a": True}), NOW) == MISSING


@pytest.mark.parametrize("rules", [{}, "[]", [None], ["rule"], [{"treatment": "false"}], [{"conditions": {}}]])
def test_rules_of_another_shape_give_a_feature_to_nobody(rules: object) -> None:
    """They may be meant to keep the feature from somebody."""
    flag = ["alone", True, "", "true", "false", rules]
    snapshot = snapshot_of(environment(featureFlags=[flag], featureBundles=[["pro", ["f"], "true", rules]]))
    subject = Subject("acme", None, None, None)
    assert snapshot.decide_feature("alone", subject, NOW) == MISSING
    assert snapshot.decide_feature("reports", subject, NOW) == MISSING


def test_more_columns_than_are_known() -> None:
    """The service may add columns to its rows."""
    parts = {
        "features": [["f", "reports", None, "new"]],
        "featureBundles": [["pro", ["f"], "false", [], "new"]],
        "entitlements": [["pro", "acme", None, None, "new"]],
        "featureFlags": [["reports", True, "boolean", "false", "false", [], "new"]],
    }
    assert snapshot_of(parts).decide_feature("reports", Subject("acme", None, None, None), NOW) == ENTITLED


@pytest.mark.parametrize("user_id", [None, "ann"])
def test_of_many_assignments_of_a_plan_the_last_to_end_counts(user_id: str | None) -> None:
    """A customer may have had one trial after the other."""
    past = [["pro", "acme", user_id, f"2025-01-01T00:00:0{second}Z"] for second in (1, 3, 2)]
    subject = Subject("acme", user_id, None, None)
    for added, decision, count in (
        ([], EXPIRED, 1),
        ([["pro", "acme", user_id, "2027-01-01"]], ENTITLED, 1),
        ([["pro", "acme", user_id, None], *past], ENTITLED, 1),
        ([["other", "acme", user_id, None]], EXPIRED, 2),
    ):
        bundles = [["pro", ["f"], "false", []], ["other", ["g"], "false", []]]
        snapshot = snapshot_of(environment(featureBundles=bundles, entitlements=[*past, *added]))
        assert snapshot.decide_feature("reports", subject, NOW) == decision
        (grants,) = [*snapshot.of_tenants.values(), *snapshot.of_users.values()]
        assert len(grants) == count


@pytest.mark.parametrize(
    ("claims", "user_id"),
    [
        ({"sub": "ann"}, "ann"),
        ({"type": "userToken", "sub": "ann", "userId": "bob"}, "ann"),
        ({"type": "userApiToken", "sub": "token", "userId": "ann"}, "ann"),
        ({"type": "userAccessToken", "sub": "token", "userId": "ann"}, "ann"),
        ({"type": "tenantApiToken", "sub": "token", "userId": "ann", "id": "ann"}, None),
        ({"type": "a new type", "sub": "token", "userId": "ann", "id": "bob"}, "ann"),
        ({"type": None, "sub": "ann"}, None),
        ({"sub": ""}, None),
    ],
)
def test_the_user_of_a_token(claims: dict[str, object], user_id: str | None) -> None:
    """Claims without a type are those of a user."""
    assert Subject.of(claims, None).user_id == user_id


def test_an_account_without_an_id_has_no_plans() -> None:
    """Nobody is such an account."""
    snapshot = snapshot_of(environment(entitlements=[["pro", "", None, None]]))
    assert snapshot.decide_feature("reports", Subject.of({"tenantId": ""}, None), NOW) == MISSING


class Nowhere(tzinfo):
    """A zone whose offset nobody knows."""

    def utcoffset(self, dt: datetime | None) -> None:
        """Return nothing."""

    def dst(self, dt: datetime | None) -> None:
        """Return nothing."""

    def tzname(self, dt: datetime | None) -> None:
        """Return nothing."""


def test_values_that_no_json_has() -> None:
    """A program may give any; a condition is false for one that has no number or text."""
    endless: list[object] = []
    endless.append(endless)

    conditions = [
        rule("a", "matches", {"string": "a"}),
        rule("a", "greater_than", {"number": 1}),
        rule("a", "on_or_after", {"date": "2030-01-01"}),
    ]
    snapshot = snapshot_of(environment(featureFlags=[["alone", True, "", "false", "false", conditions]]))
    for value, decision in (
        (endless, MISSING),
        (datetime(2026, 1, 1, tzinfo=Nowhere()), ENTITLED),
        (object(), MISSING),
        ("0x" + "f" * 300, ENTITLED),
        ("-0x1", MISSING),
    ):
        assert snapshot.decide_feature("alone", Subject(None, None, None, {"a": value}), NOW) == decision
    odd = {1: 2, "a": {3: {"b": 4}, "c": "a"}}
    assert Subject(None, None, cast("Any", odd), None).attribute("jwt.a.c") == "a"


@pytest.mark.parametrize(("levels", "decision"), [(50, ENTITLED), (51, MISSING), (200, MISSING)])
def test_groups_in_groups(levels: int, decision: Decision) -> None:
    """A rule that is too deep gives the feature to nobody, whatever it was meant for."""
    deep: dict[str, Any] = rule("country", "in_list", {"list": ["DE"]})
    for _ in range(levels):
        deep = {"conditionLogic": "and", "conditions": [deep]}
    flag = ["alone", True, "", "true", "false", [{**deep, "treatment": "false"}]]
    snapshot = snapshot_of(environment(featureFlags=[flag]))
    assert snapshot.decide_feature("alone", Subject("acme", None, None, {"country": "FR"}), NOW) == decision


def test_half_of_a_character() -> None:
    """JavaScript writes one where it cuts a text; it must not keep others from their features."""
    half = "\ud83d"
    conditions = [rule("a", "in_list", {"list": [half]}), rule("a", "matches", {"string": half})]
    data = environment(
        entitlements=[["pro", "acme", None, None]], featureFlags=[["alone", True, "", "false", "false", conditions]]
    )
    refused: list[str] = []
    snapshot = snapshot_of(data, refused)
    assert refused == [half]
    for value, decision in ((half, ENTITLED), ("?", MISSING), ("\ufffd", MISSING)):
        assert snapshot.decide_feature("alone", Subject("acme", None, None, {"a": value}), NOW) == decision
    assert snapshot.decide_feature("reports", Subject("acme", None, None, None), NOW) == ENTITLED


def test_claims_win_whatever_mapping_they_are_in() -> None:
    """Also over attributes of the same name."""
    claims = {"tenantId": "acme", "metadata": MappingProxyType({"plan": "free"})}
    assert Subject.of(claims, {"jwt.metadata.plan": "gold"}).attribute("jwt.metadata.plan") == "free"


def test_verified_fields_win_over_other_claims() -> None:
    """Permissions that a token has in a wrong shape are none."""
    claims = Claims(
        type=TokenType.USER,
        subject="ann",
        tenant_id="acme",
        issued_at=datetime(2026, 1, 1, tzinfo=UTC),
        expires_at=None,
        audience=("client",),
        issuer="https://acme",
        extra={"permissions": ["admin", 5], "tenantId": "other", "roles": "viewer"},
    )
    subject = Subject.of(claims, None)
    assert not subject.holds("admin")
    assert subject.attribute("jwt.tenantId") == subject.attribute("frontegg.tenantId") == "acme"
    assert subject.attribute("jwt.roles") == "viewer"
