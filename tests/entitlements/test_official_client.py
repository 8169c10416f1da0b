"""Frontegg's own client for Node against the emulator: it signs in, follows the snapshot, and decides as we do."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import jwt
import pytest

from frontegg_async._values.javascript_values import as_time
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_sync import Entitlements, Frontegg
from tests.entitlements.cases import NOW, Maker, attributes_of
from tests.entitlements.deciding import LETTERS
from tests.entitlements.official_client import OfficialClient, official_client

pytestmark = pytest.mark.acceptance

_PAST: Final = datetime(2020, 1, 1, tzinfo=UTC)
_FUTURE: Final = "2099-01-01T00:00:00.000Z"
_PASSED: Final = "2025-12-31T00:00:00.000Z"
_FEATURES: Final = ["reports", "export", "beta", "alone", "unknown"]
_PERMISSIONS: Final = ["reports.read", "reports.write", "export.run", "users.read", "admin"]


def _rule(attribute: str, operation: str, value: Mapping[str, Any]) -> dict[str, Any]:
    condition = {"attribute": attribute, "op": operation, "value": value, "negate": False}
    return {"conditionLogic": "and", "conditions": [condition], "treatment": "true"}


def _seed() -> dict[str, Any]:
    """Return two accounts, one of which has a plan, and flags by attributes and by claims."""
    features = [
        {"id": "f1", "key": "reports", "permissions": ["reports.read", "reports.write"]},
        {"id": "f2", "key": "export", "permissions": ["export.run"]},
        {"id": "f3", "key": "beta"},
        {"id": "f4", "key": "alone"},
    ]
    by_country = _rule("country", "in_list", {"list": ["DE"]})
    by_email = _rule("frontegg.email", "ends_with", {"list": ["@acme.example"]})
    by_claim = _rule("jwt.roles.0", "matches", {"string": "^Adm"})
    flags = [
        {"id": "g1", "featureId": "f3", "rules": [by_country, by_email]},
        {"id": "g2", "featureId": "f4", "on": False, "defaultTreatment": "true"},
    ]
    return {
        "tenants": [{"tenantId": each, "name": each} for each in ("acme", "bakery")],
        "users": [
            {"id": "ann", "email": "ann@acme.example", "tenantId": "acme"},
            {"id": "bo", "email": "bo@bakery.example", "tenantId": "bakery"},
        ],
        "tables": {
            "features": features,
            "plans": [
                {"id": "pro", "name": "Pro", "featureIds": ["f1"]},
                {"id": "max", "name": "Max", "featureIds": ["f1", "f2"], "rules": [by_claim]},
            ],
            "featureFlags": flags,
            "planAssignments": [{"id": "a1", "planId": "pro", "tenantId": "acme", "expirationDate": _FUTURE}],
        },
    }


_CHANGES: Final[Mapping[str, Callable[[Frontegg], object]]] = {
    "an account gets a plan": lambda frontegg: frontegg.plan_assignments.assign("pro", tenant_ids=["bakery"]),
    "a plan of an account ends": lambda frontegg: frontegg.plan_assignments.change_expiry(["a1"], expires_at=_PAST),
    "a plan gets a feature": lambda frontegg: frontegg.plans.link_features("pro", feature_ids=["f2"]),
    "a plan loses a feature": lambda frontegg: frontegg.plans.unlink_features("pro", feature_ids=["f1"]),
    "a feature is for other permissions": lambda frontegg: frontegg.features.update("f2", permissions=["users.read"]),
    "a flag is on": lambda frontegg: frontegg.feature_flags.update("g2", on=True),
    "a flag has other rules": lambda frontegg: frontegg.feature_flags.update("g1", rules=[]),
    "a plan is for all": lambda frontegg: frontegg.plans.update("max", default_treatment="true"),
    "a plan is deleted": lambda frontegg: frontegg.plans.delete("max"),
}
"""Changes of the environment, one after the other. Each changes a decision."""


def _letters(decisions: Sequence[Mapping[str, Any] | None]) -> str:
    """Return the decisions of the client for Node, a letter for each; ``!`` where it raised an error."""
    words = {"missing-feature": "m", "bundle-expired": "x", "missing-permission": "p"}
    return "".join(
        "!" if each is None else "e" if each["result"] else words[each["justification"]] for each in decisions
    )


def _decided_here(environment: EmulatorHandle, questions: Sequence[Mapping[str, Any]]) -> str:
    found: list[str] = []
    with environment.client() as frontegg, Entitlements(frontegg) as entitlements:
        for question in questions:
            claims = question.get("claims") or jwt.decode(question["token"], options={"verify_signature": False})
            decision = entitlements.decide(
                claims,
                feature=question.get("feature"),
                permission=question.get("permission"),
                attributes=attributes_of({"attributes": {}, **question}),
            )
            found.append(LETTERS[decision.reason])
    return "".join(found)


def _questions(emulator: EmulatorHandle) -> list[dict[str, Any]]:
    issued = [
        emulator.user_token(tenant_id="acme", user_id="ann", permissions=["reports.*", "users.read"], roles=["Reader"]),
        emulator.user_token(tenant_id="bakery", user_id="bo", permissions=["*.run", "reports.read"], roles=[]),
        emulator.user_token(tenant_id="acme", type="tenantApiToken", permissions=["*"], roles=["Admin"]),
    ]
    keys = [*({"feature": each} for each in _FEATURES), *({"permission": each} for each in _PERMISSIONS)]
    attributes = [{}, {"country": "DE"}]
    return [
        {"token": token.access_token, "attributes": given, **key}
        for token, given, key in itertools.product(issued, attributes, keys)
    ]


def test_it_follows_each_change_and_decides_as_the_sdk_does() -> None:
    """By the tokens of users, which it verifies by the key of the emulator; a snapshot is read only after a change."""
    with Emulator(seed=_seed()) as emulator, official_client(emulator.url) as client:
        client.open(emulator.client_id, emulator.secret)
        questions = _questions(emulator)
        decided = _letters(client.decide(questions))
        assert decided == _decided_here(emulator, questions)
        every = [decided]
        emulator.clear_journal()
        before = client.snapshots
        with emulator.client() as frontegg:
            for name, change in _CHANGES.items():
                change(frontegg)
                client.wait_for_snapshot(emulator)
                every.append(_letters(client.decide(questions)))
                assert every[-1] == _decided_here(emulator, questions), name
                assert every[-1] != every[-2], name
        assert {*"".join(every)} == {*"emxp"}
        journal = emulator.journal()
        own = len(_CHANGES)  # `_decided_here` reads one for each
        assert sum(each.route == "entitlements.snapshot" for each in journal) == client.snapshots - before + own
        assert client.snapshots - before == len(_CHANGES)
        assert {each.status for each in journal if each.route and each.route.startswith("entitlements.")} == {200}


def test_it_differs_where_the_reference_says() -> None:
    """In groups of conditions, several plans with one feature, and attributes that an operation cannot read."""
    group = {
        "conditionLogic": "and",
        "conditions": [_rule("country", "in_list", {"list": ["DE"]})],
        "treatment": "true",
    }
    tables = {
        "features": [{"id": key, "key": key} for key in ("grouped", "twice", "text")],
        "plans": [{"id": each, "name": each, "featureIds": ["twice"]} for each in ("first", "last")],
        "featureFlags": [
            {"id": "g1", "featureId": "grouped", "rules": [group]},
            {"id": "g2", "featureId": "text", "rules": [_rule("seats", "starts_with", {"list": ["5"]})]},
        ],
        "planAssignments": [
            {"id": "a1", "planId": "first", "tenantId": "acme"},
            {"id": "a2", "planId": "last", "tenantId": "acme", "expirationDate": _PASSED},
        ],
    }
    claims = {"type": "tenantApiToken", "tenantId": "acme"}
    given = {"country": "DE", "seats": 5}
    questions = [{"claims": claims, "attributes": given, "feature": each} for each in ("grouped", "twice", "text")]
    seed = {"tenants": [{"tenantId": "acme", "name": "Acme"}], "tables": tables}
    with Emulator(seed=seed) as emulator, official_client(emulator.url) as client:
        client.open(emulator.client_id, emulator.secret)
        assert (_letters(client.decide(questions)), _decided_here(emulator, questions)) == ("mx!", "eem")


def test_it_decides_generated_environments_as_the_sdk_does() -> None:
    """Of a new seed each time, which is printed when decisions differ."""
    seed = random.SystemRandom().randrange(1 << 32)
    maker = Maker(seed)
    with Emulator() as emulator, official_client(emulator.url) as client:
        decided = "".join(_compared(maker, emulator, client, seed) for _ in range(12))
    assert {*decided} >= {*"emp"}


def _compared(maker: Maker, emulator: EmulatorHandle, client: OfficialClient, seed: int) -> str:
    """Return the decisions of an environment, which are equal."""
    cases = [maker.case() for _ in range(60)]
    environment = emulator.create_environment()
    environment.seed(_seed_of(cases[0]["data"]))
    client.open(environment.client_id, environment.secret)
    questions = [
        {
            "claims": case["subject"]["claims"],
            "attributes": case["attributes"],
            **({"feature": case["feature"]} if "feature" in case else {"permission": case["permission"]}),
        }
        for case in cases
    ]
    there, here = _letters(client.decide(questions)), _decided_here(environment, questions)
    client.close()
    wrong = [n for n, (ours, theirs) in enumerate(zip(here, there, strict=True)) if theirs not in (ours, "!")]
    assert [(seed, questions[n], here[n], there[n]) for n in wrong[:3]] == []
    return there


def _seed_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the seed of an environment.

    It leaves out what the client for Node decides otherwise than the package that evaluates rules: groups in rules, and
    a user or an account with several plans, of which the last counts there.
    """
    known = {feature[0] for feature in data["features"]}
    plans = {bundle[0] for bundle in data["featureBundles"]}
    assignments = {(tenant, user): (plan, end) for plan, tenant, user, end in data["entitlements"] if plan in plans}
    return {
        "tenants": [{"tenantId": each, "name": each} for each in ("t0", "t1")],
        "tables": {
            "features": [{"id": each, "key": key, "permissions": held or []} for each, key, held in data["features"]],
            "plans": [
                {
                    "id": plan,
                    "name": plan,
                    "featureIds": sorted(known.intersection(features)),
                    "defaultTreatment": default,
                    "rules": _without_groups(rules),
                }
                for plan, features, default, rules in data["featureBundles"]
            ],
            "featureFlags": [
                {
                    "id": f"flag-{key}",
                    "featureId": f"id{key.removeprefix('f')}",
                    "on": on,
                    "defaultTreatment": default,
                    "offTreatment": off,
                    "rules": _without_groups(rules),
                }
                for key, on, _, default, off, rules in data["featureFlags"]
            ],
            "planAssignments": [
                {
                    "id": f"{tenant}-{user}",
                    "planId": plan,
                    "tenantId": tenant,
                    "userId": user,
                    "expirationDate": _end(end),
                }
                for (tenant, user), (plan, end) in assignments.items()
            ],
        },
    }


def _end(end: str | None) -> str | None:
    """Return an end that is far from now: each client has its own clock."""
    return end and (_PASSED if (as_time(end) or 0) <= NOW else _FUTURE)


def _without_groups(rules: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**rule, "conditions": [each for each in rule["conditions"] if "op" in each]} for rule in rules]
