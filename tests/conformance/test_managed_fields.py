"""The checks of the fields that plans write: each field has one, a few requests are enough, and a refusal is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.check import CheckStatus, Result
from frontegg_async.conformance.checks import managed_fields
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.plans.files.fields import MANAGED, METADATA, SETTINGS, SETTINGS_FIELDS
from tests.conformance.kit import results_of

CHECKS: Final = managed_fields.TOPIC.checks


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorHandle]:
    with Emulator() as emulator:
        yield emulator


def differences(results: Sequence[Result]) -> dict[str, str]:
    return {each.check.name: each.how for each in results if each.status is CheckStatus.DIFFERS}


def fault(environment: EmulatorHandle, status: int, path: str, method: str, **match: JsonValue) -> None:
    environment.add_fault(
        stage="before_commit",
        action={"type": "status", "status": status, "body": {"errors": ["no"]}},
        match={"method": method, "path": path, **match},
    )


@pytest.mark.parametrize("field", sorted(MANAGED - {SETTINGS} | {f"{SETTINGS}.{name}" for name in SETTINGS_FIELDS}))
def test_each_managed_field_has_a_check(field: str) -> None:
    name = f" {field}." if field == METADATA else f" {field} "
    assert [check.name for check in CHECKS if name in check.name]


def test_fields_are_written_together(emulator: EmulatorHandle, tmp_path: Path) -> None:
    """One request writes all fields of an account, and one clears them."""
    environment = emulator.create_environment()
    results = results_of(environment, CHECKS, tmp_path / "made")
    assert {each.status for each in results} == {CheckStatus.HELD}
    routes = [entry.route for entry in environment.journal()]
    counts = {name: routes.count(name) for name in ("tenants.update", "tenants.list", "account_settings.update")}
    assert counts == {"tenants.update": 2, "tenants.list": 2, "account_settings.update": 2}
    with environment.client() as frontegg:
        assert [tenant.tenant_id for tenant in frontegg.tenants.list() if tenant.is_locked] == []


def test_a_value_that_is_refused_is_found(emulator: EmulatorHandle, tmp_path: Path) -> None:
    """Each field is then written alone, in the order of the row: the third is the one that the service refuses."""
    environment = emulator.create_environment()
    path = "/tenants/resources/tenants/v2/*-managed"
    fault(environment, 400, path, "PUT", nth=1)
    fault(environment, 400, path, "PUT", nth=4)
    found = differences(results_of(environment, CHECKS, tmp_path / "made"))
    assert found == {
        "A plan is empty after creator_email is written and cleared": (
            "once written, the service answers 400 with an object of errors"
        )
    }


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/tenants/resources/tenants/v1/lock", "is_locked is written and cleared"),
        ("DELETE", "/tenants/resources/hierarchy/v1", "parent_tenant_id is written and cleared"),
        ("POST", "/applications/resources/applications/tenant-assignments/v1/*", "one of the applications is assigned"),
    ],
)
def test_a_write_that_is_refused(emulator: EmulatorHandle, tmp_path: Path, method: str, path: str, name: str) -> None:
    environment = emulator.create_environment()
    fault(environment, 403, path, method)
    assert [*differences(results_of(environment, CHECKS, tmp_path / "made"))] == [f"A plan is empty after {name}"]


def test_what_cannot_be_read_is_not_tried(emulator: EmulatorHandle, tmp_path: Path) -> None:
    environment = emulator.create_environment()
    fault(environment, 403, "/tenants/resources/account-settings/v1", "GET")
    results = results_of(environment, CHECKS, tmp_path / "made")
    untried = {each.check.name: each.how for each in results if each.status is not CheckStatus.HELD}
    assert len(untried) == len(SETTINGS_FIELDS)
    assert all(f" {SETTINGS}." in name for name in untried)
    assert {*untried.values()} == {"the written value cannot be read: PermissionDeniedError"}
