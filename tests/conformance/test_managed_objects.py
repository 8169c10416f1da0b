"""The checks of the objects that plans write: each field has one, a few requests are enough, and all is deleted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.check import Check, CheckStatus, Result
from frontegg_async.conformance.checks import managed_objects
from frontegg_async.conformance.made import PARTS, Made
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.endpoints import (
    Endpoint,
    applications,
    feature_flags,
    features,
    jwt_templates,
    permissions,
    plans,
    prehooks,
    roles,
    security,
    users,
    webhooks,
)
from frontegg_async.endpoints import sso as sso_operations
from frontegg_async.managed.registry import KINDS
from tests.conformance.kit import clean, results_of, rows_of

CHECKS: Final = managed_objects.TOPIC.checks
REQUESTS: Final = 175
"""The most requests of the checks, without those of clean-up."""
UPDATES: Final[dict[str, Endpoint[object]]] = {
    "permission_categories": permissions.UPDATE_CATEGORY,
    "permissions": permissions.UPDATE,
    "roles": roles.UPDATE,
    "applications": applications.UPDATE,
    "jwt_templates": jwt_templates.UPDATE,
    "webhooks": webhooks.UPDATE,
    "prehooks": prehooks.UPDATE,
    "features": features.UPDATE,
    "plans": plans.UPDATE,
    "feature_flags": feature_flags.UPDATE,
    "policies.mfa": security.SET_MFA,
    "policies.lockout": security.SET_LOCKOUT,
    "policies.password": security.SET_PASSWORD,
    "policies.password_history": security.SET_HISTORY,
    "policies.password_rotation": security.SET_ROTATION,
    "policies.sessions": security.SET_SESSIONS,
    "policies.ip_restrictions": security.SET_IP_CONFIG,
    "policies.email_domains": security.SET_DOMAIN_CONFIG,
}
"""The operations that change all fields of an object."""
CREATIONS: Final[dict[str, Endpoint[object]]] = {
    "permission_categories": permissions.CREATE_CATEGORY,
    "permissions": permissions.CREATE,
    "roles": roles.CREATE,
    "applications": applications.CREATE,
    "jwt_templates": jwt_templates.CREATE,
    "webhooks": webhooks.CREATE,
    "prehooks": prehooks.CREATE,
    "features": features.CREATE,
    "plans": plans.CREATE,
    "feature_flags": feature_flags.CREATE,
    "users": users.INVITE,
    "sso.oidc": sso_operations.CREATE,
}


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorHandle]:
    with Emulator() as emulator:
        yield emulator


def fault(environment: EmulatorHandle, endpoint: Endpoint[object], status: int, **match: JsonValue) -> None:
    """Let an operation answer without any effect."""
    environment.add_fault(
        stage="before_commit",
        action={"type": "status", "status": status, "body": {"errors": ["no"]}},
        match={"method": endpoint.method, "path": re.sub(r"\{\w+\}", "*", endpoint.path), **match},
    )


def of_place(place: str) -> list[Check]:
    """Return the checks of a part, or of one of the objects with fixed keys."""
    return [check for check in CHECKS if f" in {place} " in check.name]


def differences(results: Sequence[Result]) -> dict[str, str]:
    return {each.check.name: each.how for each in results if each.status is CheckStatus.DIFFERS}


@pytest.mark.parametrize(
    ("part", "key", "field"),
    [
        (part, key, field)
        for part, kind in KINDS.items()
        if kind.can_delete or kind.of_account
        for key in (kind.keys if part == "policies" else ("",))
        for field in kind.fields_of(key)
    ],
)
def test_each_managed_field_has_a_check(part: str, key: str, field: str) -> None:
    place = f"{part}.{key}" if key else part
    named = [check.name for check in CHECKS if re.search(rf"[ ]{field}(?=[, ]).* in {place}[. ]", check.name)]
    assert named


def test_settings_are_only_read() -> None:
    found = [check for check in CHECKS if not check.writes]
    assert [check.name for check in found] == [
        "A plan is empty after jwt_template_targeting is read",
        "A plan is empty after sso_settings is read",
    ]


@pytest.mark.slow
def test_fields_are_written_together(emulator: EmulatorHandle, tmp_path: Path) -> None:
    """One request creates an object, one changes it, and one clears it; nothing is left, and nobody gets an e-mail."""
    environment = emulator.create_environment()
    before = rows_of(environment)
    results = results_of(environment, CHECKS, tmp_path / "made")
    assert {each.status for each in results} == {CheckStatus.HELD}
    journal = environment.journal()
    assert len(journal) <= REQUESTS
    counts = Counter(entry.route for entry in journal)
    made = {counts[endpoint.name] for endpoint in CREATIONS.values() if endpoint is not sso_operations.CREATE}
    assert made == {1}
    assert {counts[endpoint.name] for endpoint in UPDATES.values()} == {2, 3}  # an application is made with two
    made_of_run = Made.read(tmp_path / "made")
    assert {*made_of_run.parts} == PARTS
    assert clean(environment, made_of_run) == 0
    assert rows_of(environment) == before
    assert environment.outbox() == []


@pytest.mark.parametrize("place", UPDATES)
@pytest.mark.slow
def test_a_change_without_effect_is_found(emulator: EmulatorHandle, tmp_path: Path, place: str) -> None:
    environment = emulator.create_environment()
    # The pattern for permissions matches categories too, which are changed and cleared before.
    fault(environment, UPDATES[place], 200, **({"nth": 3} if place == "permissions" else {}))
    checks = of_place(place)
    found = differences(results_of(environment, checks, tmp_path / "made"))
    is_policy = place.startswith("policies.")
    assert [*found] == [check.name for check in checks if is_policy or "changed" in check.name]
    assert all(" comes back as " in how for how in found.values())


@pytest.mark.parametrize("place", CREATIONS)
@pytest.mark.slow
def test_a_creation_that_needs_fewer_fields_is_found(emulator: EmulatorHandle, tmp_path: Path, place: str) -> None:
    """The object is then made with the fields that it must have, and the others are written later."""
    environment = emulator.create_environment()
    fault(environment, CREATIONS[place], 400, nth=1)
    results = results_of(environment, of_place(place), tmp_path / "made")
    assert CheckStatus.NOT_TRIED not in {each.status for each in results}
    hows = {*differences(results).values()}
    assert hows
    assert all("is refused: the creation succeeds only without it" in how for how in hows)


@pytest.mark.slow
def test_a_field_that_is_refused_is_named(emulator: EmulatorHandle, tmp_path: Path) -> None:
    """Each field is then written alone, in the order of the values: the second is the one that the service refuses."""
    environment = emulator.create_environment()
    fault(environment, roles.UPDATE, 400, nth=1)
    fault(environment, roles.UPDATE, 400, nth=4)
    found = differences(results_of(environment, of_place("roles"), tmp_path / "made"))
    assert [*found.values()] == ["once changed, level is refused: the service answers 400 with an object of errors"]


@pytest.mark.parametrize("place", ["users", "sso.saml"])
@pytest.mark.slow
def test_parts_of_objects_that_are_refused(emulator: EmulatorHandle, tmp_path: Path, place: str) -> None:
    environment = emulator.create_environment()
    refused = users.UPDATE if place == "users" else sso_operations.SET_DEFAULT_ROLES
    fault(environment, refused, 403)
    found = differences(results_of(environment, of_place(place), tmp_path / "made"))
    field = "name" if place == "users" else "default_roles"
    assert [how.partition(" the service answers")[0].split(", ")[1] for how in found.values()] == [
        f"{field} is refused:"
    ]


@pytest.mark.slow
def test_an_object_that_cannot_be_made_is_not_tried(emulator: EmulatorHandle, tmp_path: Path) -> None:
    """Neither are those that refer to it."""
    environment = emulator.create_environment()
    fault(environment, permissions.CREATE, 403)
    results = results_of(environment, CHECKS, tmp_path / "made")
    untried = {each.check.name for each in results if each.status is CheckStatus.NOT_TRIED}
    assert {each.how for each in results if each.how} == {"the permission could not be made: 403"}
    places = ("permissions", "roles", "users", "sso.saml", "features", "plans", "feature_flags")
    assert untried == {check.name for place in places for check in of_place(place)}


def test_a_prehook_of_the_environment_stays(emulator: EmulatorHandle, tmp_path: Path) -> None:
    """An event has one prehook: that of the kit cannot be made beside it."""
    environment = emulator.create_environment()
    with environment.client() as frontegg:
        frontegg.prehooks.create(
            url="https://gate.example", secret="s", event_keys=["AUTH_INITIATED"], fail_method="open"
        )
    before = rows_of(environment)
    results = results_of(environment, of_place("prehooks"), tmp_path / "made")
    assert {each.how for each in results} == {"the prehook could not be made: 409"}
    assert rows_of(environment) == before


def test_settings_that_a_file_cannot_have_are_found(emulator: EmulatorHandle) -> None:
    environment = emulator.create_environment()
    condition: JsonValue = {"attribute": "userId", "op": "in_list", "value": {"list": []}, "negate": False}
    rules: JsonValue = {"rules": [{"conditionLogic": "and", "conditions": [condition], "treatment": "standard"}]}
    body: JsonValue = {"id": "targeting", "targeting": rules}
    environment.add_fault(
        stage="before_commit",
        action={"type": "status", "status": 200, "body": body},
        match={"method": "GET", "path": jwt_templates.GET_TARGETING.path},
    )
    results = results_of(environment, CHECKS, None)
    assert differences(results) == {
        "A plan is empty after jwt_template_targeting is read": (
            "rules of environment has a form that files cannot contain"
        )
    }


@pytest.mark.slow
def test_clean_up_deletes_only_objects_of_the_run(emulator: EmulatorHandle, tmp_path: Path) -> None:
    """Their keys begin with the prefix of the run, in any case; a failure is reported, and a second try succeeds."""
    environment = emulator.create_environment()
    made = Made.begin(tmp_path / "made", "emulator")
    for part in ("roles", "applications"):
        made.part(part)
    address = "https://desk.example"
    with environment.client() as frontegg:
        frontegg.roles.create(key=f"not-{made.prefix}role", name="Theirs", level=1)
        before = rows_of(environment)
        frontegg.roles.create(key=f"{made.prefix}Role".upper(), name="Own", level=1)
        for _ in range(2):
            frontegg.applications.create(name=f"{made.prefix}Desk", app_url=address, login_url=address)
    fault(environment, applications.DELETE, 403, nth=1)
    assert clean(environment, made) == 1
    assert clean(environment, Made.read(tmp_path / "made")) == 0
    assert rows_of(environment) == before
