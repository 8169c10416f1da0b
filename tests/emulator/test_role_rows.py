"""Roles, permissions and applications that an environment has from the beginning, and how they are stored."""

from __future__ import annotations

import msgspec
import pytest

from frontegg_async.emulator.services.applications import application_rows
from frontegg_async.emulator.services.applications.rows import (
    DEFAULT_APPLICATION,
    ApplicationAssignmentRow,
    assignment_id,
)
from frontegg_async.emulator.services.roles import role_rows
from frontegg_async.emulator.services.roles.rows import BEFORE_ALL, DEFAULT_ROLES, GroupRow, RoleRow
from frontegg_async.emulator.store.integrity import check_rows
from frontegg_async.emulator.store.table_row import TableRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.environment_snapshots import prepare, take
from frontegg_async.emulator.world.seeds import add_seed, export_seed, read_seed
from tests.emulator.support import make_environment

TENANTS = read_seed({"tenants": [{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}]})
ADMIN, READ_ONLY = DEFAULT_ROLES


def own_role() -> RoleRow:
    return RoleRow(id="r1", tenant_id="acme", key="own", name="Own", created_at=BEFORE_ALL, updated_at=BEFORE_ALL)


def keys(environment: EmulatedEnvironment) -> list[str]:
    return [row.key for row in role_rows.roles(environment).values()]


def test_a_fresh_environment_has_roles_and_an_application() -> None:
    environment = make_environment()
    assert keys(environment) == ["Admin", "ReadOnly"]
    assert application_rows.default_application(environment) == DEFAULT_APPLICATION
    assert [row.key for row in role_rows.permissions_of(environment, [READ_ONLY])] == [
        "fe.account-hierarchy.read.*",
        "fe.account-settings.read.*",
        "fe.connectivity.read.*",
        "fe.secure.read.*",
    ]
    environment = make_environment(default_roles="none", default_application="none")
    assert keys(environment) == []
    assert application_rows.default_application(environment) is None


def test_they_are_stored_once_they_change() -> None:
    environment = make_environment()
    assert environment.state.count() == 0
    environment.state.put(msgspec.structs.replace(ADMIN, name="Owner"))
    role_rows.remove(environment, READ_ONLY)
    add_seed(environment, TENANTS)
    environment.state.put(own_role())
    other = make_environment()
    prepare(take([environment]).environments[0], other.vendor_id)(other)
    again = make_environment()
    add_seed(again, read_seed(export_seed(environment)))
    for each in (environment, other, again):
        assert [row.name for row in role_rows.roles(each).values()] == ["Owner", "Own"]
        role_rows.remove(each, own_role())
        assert keys(each) == ["Admin"]


def test_roles_are_found_by_id_and_key() -> None:
    environment = make_environment()
    add_seed(environment, TENANTS)
    environment.state.put(own_role())
    assert role_rows.find_roles(environment, ["own", "Admin", ADMIN.id, "unknown"], "acme") == [own_role(), ADMIN]
    assert role_rows.find_roles(environment, ["own"], "other") == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (GroupRow(id="g", name="G", created_at=BEFORE_ALL, updated_at=BEFORE_ALL), "must belong to a tenant"),
        (ApplicationAssignmentRow(id="x", tenant_id="acme", app_id="a", created_at=BEFORE_ALL), "appId/tenantId"),
        (ApplicationAssignmentRow(id="a/acme", tenant_id="acme", app_id="a", created_at=BEFORE_ALL), "no application"),
        (msgspec.structs.replace(DEFAULT_APPLICATION, updated_at="x"), "is not a time"),
    ],
)
def test_wrong_rows_are_refused(row: TableRow, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        check_rows([row], ["acme"])


def test_assignments_of_the_default_application_are_valid() -> None:
    app_id = DEFAULT_APPLICATION.id
    key = assignment_id(app_id, "acme")
    check_rows([ApplicationAssignmentRow(id=key, tenant_id="acme", app_id=app_id, created_at=BEFORE_ALL)], ["acme"])
