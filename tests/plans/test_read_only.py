"""A credential that may only read makes plans, and a plan shows what the credential cannot read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg, Plan
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import (
    APIError,
    ConnectionFailedError,
    FronteggError,
    PaginationError,
    ProtocolError,
    RequestTimeoutError,
)
from frontegg_async.managed.registry import ACCOUNT, ENVIRONMENT
from frontegg_async.options import Options
from frontegg_async.testing import EmulatorFaults
from tests.managed.environment_cases import create_twin, prepare

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

_RULE: Final = {
    "template_key": "standard",
    "conditions": [{"attribute": "applicationId", "op": "in_list", "values": ["Till"]}],
}
_SECRET: Final = {"secret": "env:A"}
_OBJECTS: Final[Mapping[str, Any]] = {
    "format": "frontegg-environment/1",
    "permission_categories": {"Costs": {}, "Reports": {}},
    "permissions": {"reports.write": {"name": "Write", "category": "Reports"}, "reports.read": {}},
    "roles": {"viewer": {"level": 8, "permissions": ["reports.read"]}, "editor": {"name": "Editor", "level": 3}},
    "applications": {"Till": {"description": "The till"}},
    "jwt_templates": {"standard": {"expiration": 600}},
    "jwt_template_targeting": {"environment": {"rules": [_RULE]}},
    "webhooks": {
        "Desk": {"url": "https://a.example", "secret": _SECRET, "event_keys": ["frontegg.tenant.created"]},
    },
    "prehooks": {
        "Desk": {"url": "https://a.example", "secret": _SECRET, "event_keys": ["JWT_CREATED"], "fail_method": "open"}
    },
    "sso_settings": {"domains": {"skip_domain_verification": True}, "oidc": {"enabled": True}},
    "features": {"exports": {"name": "Exports", "permissions": ["reports.read"]}, "seats": {}, "sso": {}},
    "plans": {"Pro": {"default_treatment": "true", "features": ["seats"]}},
    "feature_flags": {
        "Beta": {"feature": "sso", "on": True, "default_treatment": "true", "off_treatment": "false"},
    },
}
_PRUNED: Final = [f"part:{part}" for part, kind in ENVIRONMENT.items() if kind.can_create]
_ACCOUNT: Final[Mapping[str, Any]] = {
    "tenant_id": "acme",
    "status": "new",
    "settings": {"timezone": "Europe/Berlin"},
    "applications": ["Till"],
    "plans": ["Pro"],
    "users": {
        "ann@acme.example": {"roles": ["own", "editor"]},
        "new@acme.example": {"name": "New", "roles": ["viewer"]},
        "old@acme.example": {"absent": True},
    },
    "policies": {"mfa": {"enforce": "force"}, "lockout": {"enabled": True, "max_attempts": 3}},
    "sso": {"saml": {"sign_request": True, "default_roles": ["own"]}},
}
_SOURCES: Final = [_OBJECTS, [_ACCOUNT]]

_NO_ROUTE: Final = {"statusCode": 404, "message": "Cannot GET /", "error": "Not Found"}
_REFUSALS: Final = [(403, {"errors": ["no"]}), (404, _NO_ROUTE), (404, "<html>")]
"""The responses of the service, and of a proxy, to what cannot be read."""


@pytest.fixture
async def client(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client that cannot write, of an environment that differs from the files in each part."""
    writer = frontegg_client
    await prepare(writer)
    await writer.plans.create(name="Pro")
    await writer.plans.create(name="Old")
    for name in ("webhooks", "prehooks", "applications"):
        await create_twin(writer, name)
    for name in ("acme", "other"):
        await writer.tenants.create(tenant_id=name, name=name.title())
    await writer.for_tenant("acme").roles.create(key="own", name="Own", level=1)
    for name in ("ann", "old"):
        await writer.users.invite(
            "acme", email=f"{name}@acme.example", name=name, role_keys=["Admin"], send_email=False
        )
    await writer.sso.create("acme", type="oidc", enabled=True)
    frontegg_emulator.clear_journal()
    return writer.with_options(read_only=True, max_retries=0)


def lines(plan: Plan) -> list[tuple[str, str, str]]:
    return [(change.kind, change.key, change.path) for change in plan]


async def whole_plan(client: AsyncFrontegg) -> Plan:
    """Return the plan of all files, and of the deletion of all other objects of the environment."""
    return await client.plan(_SOURCES, prune=_PRUNED)


def routes(emulator: EmulatorHandle) -> dict[str, str]:
    """Return the operations that the environment was asked for by GET, and a path of each."""
    return {entry.route: entry.path for entry in emulator.journal() if entry.route and entry.method == "GET"}


async def test_a_plan_sends_nothing_that_writes(client: AsyncFrontegg, frontegg_emulator: EmulatorHandle) -> None:
    """Only GET requests and the request for a token. The plan has changes in each part."""
    plan = await whole_plan(client)

    assert {entry.method for entry in frontegg_emulator.journal() if entry.route != "auth.authenticate"} == {"GET"}
    assert plan.notes == []
    changed = {path.partition(".")[0] or key.partition(".")[0] for _, key, path in lines(plan)}
    assert changed >= {"status", "settings", "applications", "plans", *ACCOUNT}
    assert {key.partition(".")[0] for _, key, _ in lines(plan)} == {"acme", *ENVIRONMENT}
    assert {key.partition(".")[0] for kind, key, _ in lines(plan) if kind == "deleted"} >= {"roles", "webhooks"}


async def test_what_cannot_be_read_is_shown_and_not_planned(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, frontegg_faults: EmulatorFaults
) -> None:
    """Whatever route is refused, each change that the plan lacks then has a note, and no other change is planned."""
    expected = lines(await whole_plan(client))
    noted = dict[str, set[str]]()
    for route, path in routes(frontegg_emulator).items():
        for status, body in _REFUSALS if route != "tenants.list" else ():
            with frontegg_faults.status(status, body=body, method="GET", path=path):
                plan = await whole_plan(client)
            assert {note.text[-18:] for note in plan.notes} == {f"not readable ({status})"}, route
            notes = {(note.key, note.path) for note in plan.notes}
            assert [each for each in expected if not _is_noted(each, notes)] == [
                each for each in lines(plan) if not _is_noted(each, notes)
            ], route
            assert set(lines(plan)) <= set(expected), route
            noted[route] = {" ".join(filter(None, each)) for each in notes}

    assert noted["environment.get"] == {"environment"}
    assert noted["account_settings.get"] == {"acme settings"}
    assert noted["applications.list"] >= {"applications"}
    assert noted["applications.list_tenants"] == {"applications"}
    assert noted["entitlements.snapshot"] == {"plans", "plans.Old"}
    assert noted["plans.list"] >= {"plans"}
    assert noted["security.mfa.get"] == {"acme policies.mfa"}
    assert noted["sso.settings.get_oidc_config"] == {"sso_settings.oidc"}
    assert noted["sso.list"] == {"acme sso"}
    assert noted["users.list"] == {"acme users"}
    assert noted["roles.list_v1"] >= {"roles"}
    assert {part for part in ENVIRONMENT if not any(part in " ".join(each) for each in noted.values())} == set()


def _is_noted(change: tuple[str, str, str], notes: set[tuple[str, str]]) -> bool:
    """Return whether a note is about a change, or about the part of it."""
    _, key, path = change
    return any(f"{key}.".startswith(f"{of}." if of else "") and f"{path}.".startswith(field) for of, field in notes)


async def test_roles_of_accounts_are_not_checked_if_they_cannot_be_read(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults
) -> None:
    """The part stays planned, and a note has the reason."""
    frontegg_faults.status(403, method="GET", path="/identity/resources/roles/v1")
    plan = await client.plan([{"tenant_id": "acme", "sso": {"saml": {"default_roles": ["unknown"]}}}])
    assert ("created", "acme", "sso.saml") in lines(plan)
    assert [(note.key, note.path, note.text) for note in plan.notes] == [("roles", "", "not readable (403)")]


async def test_what_guards_depend_on_must_be_readable(client: AsyncFrontegg, frontegg_faults: EmulatorFaults) -> None:
    """Nobody is removed without knowing the administrators, and no SSO disabled without knowing who has to use it."""
    users = {"ann@acme.example": {"roles": ["own"]}, "old@acme.example": {"absent": True}}
    row = {"tenant_id": "acme", "users": users, "sso": {"oidc": {"enabled": False, "sign_request": True}}}
    assert len((await client.plan([row])).writes) == 3
    frontegg_faults.status(403, method="GET", path="/identity/resources/permissions/v1")
    frontegg_faults.status(403, method="GET", path="/identity/resources/configurations/v1/mfa-policy")
    plan = await client.plan([row])
    assert lines(plan) == [("changed", "acme", "users.ann@acme.example.roles.own")]
    assert [(note.path, note.text) for note in plan.notes] == [
        ("users.old@acme.example", "administrators not readable (403)"),
        ("sso.oidc", "MFA policy not readable (403)"),
    ]


async def test_accounts_are_deleted_only_if_their_people_can_be_read(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults
) -> None:
    """A deletion expects the number of people, so it is not planned without."""
    rows = [{"tenant_id": "acme", "status": "new"}, {"tenant_id": "other", "absent": True}]
    assert ("deleted", "other", "") in lines(await client.plan(rows))
    with frontegg_faults.status(403, method="GET", path="/identity/resources/users/v3"):
        plan = await client.plan(rows)
    assert lines(plan) == [("changed", "acme", "status")]
    assert [(note.key, note.path, note.text) for note in plan.notes] == [("other", "", "not readable (403)")]


async def test_an_environment_without_any_account_that_can_be_read(
    client: AsyncFrontegg, frontegg_client: AsyncFrontegg, frontegg_faults: EmulatorFaults, tmp_path: Path
) -> None:
    """Its objects are planned. Nothing shows of which environment the plan is, so it cannot be applied."""
    for path in ("/vendors", "/tenants/resources/tenants/v2"):
        frontegg_faults.status(403, method="GET", path=path)
    plan = await client.plan({"format": "frontegg-environment/1", "applications": _OBJECTS["applications"]})
    assert lines(plan) == [("changed", "applications.Till", "description")]
    assert plan.environment_id is None
    with pytest.raises(FronteggError, match="cannot be applied"):
        await frontegg_client.apply(plan, ledger=tmp_path / "ledger")


@pytest.mark.parametrize("path", ["/tenants/resources/tenants/v2", "/tenants/resources/hierarchy/v1/tree"])
async def test_accounts_that_cannot_be_read_are_an_error(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, frontegg_faults: EmulatorFaults, path: str
) -> None:
    """There is no plan of a part of the accounts."""
    frontegg_emulator.seed(tenants=[{"tenantId": "top", "name": "Top", "isReseller": True}])
    for status, body in _REFUSALS:
        fault = frontegg_faults.status(status, body=body, method="GET", path=path)
        with fault, pytest.raises((APIError, PaginationError)):
            await client.plan([{"tenant_id": "acme", "parent_tenant_id": "top"}])


async def test_failures_are_no_missing_permissions(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, frontegg_faults: EmulatorFaults
) -> None:
    """There is no plan if the service has an error or does not respond, whatever route it is."""
    await whole_plan(client)
    for path in routes(frontegg_emulator).values():
        with frontegg_faults.status(500, method="GET", path=path), pytest.raises(APIError):
            await whole_plan(client)
        with frontegg_faults.outage(method="GET", path=path), pytest.raises((ConnectionFailedError, ProtocolError)):
            await whole_plan(client)


@pytest.mark.parametrize("path", ["/vendors", "/webhook", "/tenants/resources/account-settings/v1"])
async def test_a_timeout_is_no_missing_permission(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults, path: str
) -> None:
    """There is no plan."""
    frontegg_faults.delay(60, method="GET", path=path)
    with pytest.raises(RequestTimeoutError):
        await client.plan(_SOURCES, options=Options(timeout=0.5))
