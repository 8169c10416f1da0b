"""Onboarding against the emulator: each step that fails is told of and taken up again, and nobody gets in by an id."""

from __future__ import annotations

import copy
import pickle
from typing import Any, Final

import pytest

from frontegg_async import (
    AsyncFrontegg,
    BadRequestError,
    ConflictError,
    FronteggError,
    InvalidArgumentError,
    NotFoundError,
    Onboarding,
    OnboardingError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from frontegg_async.models import StepOutcome
from frontegg_sync import Frontegg

pytestmark = pytest.mark.anyio

ADMIN, READ_ONLY = (role.id for role in DEFAULT_ROLES)
ASKED: Final[dict[str, Any]] = {
    "name": "Acme",
    "owner_email": "Ann@acme.example",
    "tenant_id": "acme",
    "applications": ["Desk"],
}
NAMES: Final = ["tenant", "application", "owner", "roles"]
REQUESTS: Final = {
    "tenant": {"method": "POST", "path": "/tenants/*"},
    "application": {"method": "POST", "path": "/applications/*"},
    "owner": {"method": "POST", "path": "/identity/resources/users/v2"},
    "roles": {"path": "/identity/resources/users/v3/roles"},
}
"""A request of each step."""


@pytest.fixture
async def client(frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client that does not try again, of an environment with a second application."""
    address = "https://desk.example"
    await frontegg_client.applications.create(name="Desk", app_url=address, login_url=address)
    return frontegg_client.with_options(max_retries=0)


def _outcomes(onboarding: Onboarding) -> list[str]:
    assert [step.name for step in onboarding.steps] == NAMES
    return [step.outcome.value for step in onboarding.steps]


def _writes(frontegg_emulator: EmulatorHandle) -> list[tuple[str | None, int | None]]:
    journal = [
        entry for entry in frontegg_emulator.journal() if entry.method != "GET" and entry.route != "auth.authenticate"
    ]
    return [(entry.route, entry.status) for entry in journal]


async def test_an_account_is_made_once(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """The second call finds everything there; one that wants another role gives that alone."""
    made = await client.onboard(**ASKED, owner_name="Ann", is_reseller=True, metadata={"plan": "trial"})
    assert _outcomes(made) == ["done", "done", "done", "present"]  # the invitation gave the roles
    tenant = await client.tenants.get("acme")
    assert (tenant.name, tenant.is_reseller, tenant.metadata) == ("Acme", True, {"plan": "trial"})
    assert (tenant.creator_name, tenant.creator_email) == ("Ann", "Ann@acme.example")
    assert await client.applications.list_tenants(made.steps[1].app_id or "") == ("acme",)
    assert made.owner_id is not None
    assert [each.role_ids for each in await client.users.list_roles([made.owner_id], tenant_id="acme")] == [(ADMIN,)]

    before = len(_writes(frontegg_emulator))
    again = await client.onboard(**ASKED | {"owner_email": "ann@ACME.example"})
    assert _outcomes(again) == ["present"] * 4
    assert again.owner_id == made.owner_id
    assert [status for _, status in _writes(frontegg_emulator)[before:]] == [409, 409]

    more = await client.onboard(**ASKED, role_keys=["ReadOnly", "Admin"])
    assert _outcomes(more) == ["present", "present", "present", "done"]
    assert {*(await client.users.list_roles([made.owner_id], tenant_id="acme"))[0].role_ids} == {ADMIN, READ_ONLY}


async def test_a_new_account_needs_no_id_and_no_role(client: AsyncFrontegg) -> None:
    """The id is in the result."""
    made = await client.onboard(name="Acme", owner_email="ann@acme.example", role_keys=[])
    assert [step.outcome for step in made.steps] == ["done", "done", "present"]
    assert (await client.tenants.get(made.tenant_id)).name == "Acme"


@pytest.mark.parametrize("index", range(4), ids=NAMES)
@pytest.mark.parametrize("is_lost", [False, True], ids=["refused", "lost"])
async def test_what_failed_is_taken_up_again(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, index: int, *, is_lost: bool
) -> None:
    """The error says what was done, and the next call does the rest, and nothing twice."""
    match = REQUESTS[NAMES[index]] | {"times": 1}
    if is_lost:
        frontegg_emulator.add_fault(stage="after_commit", action={"type": "reset"}, match=match)
    else:
        frontegg_emulator.add_fault(stage="before_commit", action={"type": "status", "status": 400}, match=match)
    with pytest.raises(FronteggError) as caught:
        await client.onboard(**ASKED)
    error = caught.value
    if index == 0 and not is_lost:
        assert type(error) is BadRequestError  # nothing was made
    else:
        assert isinstance(error, OnboardingError)
        told = "unknown" if is_lost else "failed"
        assert _outcomes(error.onboarding) == ["done"] * index + [told] + ["not_tried"] * (3 - index)
        assert error.onboarding.steps[index].message == error.failure.message
        assert error.outcome is error.failure.outcome
        assert "Ann@" not in repr(error.args)
        for twin in (copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
            assert twin == error
            assert twin.onboarding == error.onboarding

    again = await client.onboard(**ASKED)
    acted = index + is_lost  # the invitation acts for the roles, too
    assert _outcomes(again) == ["present" if step < acted or step == 3 else "done" for step in range(4)]
    assert [(await client.users.list_roles([again.owner_id or ""], tenant_id="acme"))[0].role_ids] == [(ADMIN,)]
    users = await client.users.list("acme").all()
    assert [user.email for user in users] == ["Ann@acme.example"]


@pytest.mark.parametrize(
    ("changes", "kind", "told"),
    [
        ({"role_keys": ["Admni"]}, NotFoundError, "Admni"),
        ({"applications": ["Dsek"]}, NotFoundError, "Dsek"),
        ({"role_keys": "Admin"}, InvalidArgumentError, "role_keys must be a sequence"),
        ({"applications": [""]}, InvalidArgumentError, r"applications\[0\]"),
        ({"owner_email": "nobody"}, InvalidArgumentError, "owner_email must be an e-mail address"),
        ({"owner_name": ""}, InvalidArgumentError, "owner_name"),
        ({"name": ""}, InvalidArgumentError, "name"),
        ({"tenant_id": "a/../b" + "c" * 300}, InvalidArgumentError, "tenant_id"),
        ({"parent_tenant_id": "acme"}, InvalidArgumentError, "parent_tenant_id must not be tenant_id"),
        ({"is_reseller": "yes"}, InvalidArgumentError, "is_reseller"),
        ({"send_email": "yes"}, InvalidArgumentError, "send_email"),
        ({"metadata": "{"}, InvalidArgumentError, "metadata"),
    ],
)
async def test_mistakes_make_nothing(
    frontegg_emulator: EmulatorHandle,
    client: AsyncFrontegg,
    changes: dict[str, Any],
    kind: type[FronteggError],
    told: str,
) -> None:
    """Names are looked up, and arguments checked, before the first step."""
    with pytest.raises(kind, match=told):
        await client.onboard(**ASKED | changes)
    assert _writes(frontegg_emulator) == [("applications.create", 201)]


async def test_nobody_gets_into_an_account_by_its_id(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """Neither a stranger, nor an owner who left it or lost a role to others."""
    made = await client.onboard(**ASKED)
    before = len(_writes(frontegg_emulator))
    with pytest.raises(ConflictError, match="another owner"):
        await client.onboard(**ASKED | {"owner_email": "eve@evil.example"})
    assert len(_writes(frontegg_emulator)) == before

    assert made.owner_id is not None
    await client.users.invite("acme", email="bob@acme.example", role_ids=[ADMIN])
    assert _outcomes(await client.onboard(**ASKED)) == ["present"] * 4  # nothing lacks
    with pytest.raises(ConflictError, match="no longer has all of the roles"):
        await client.onboard(**ASKED, role_keys=["ReadOnly"])
    await client.users.remove_from_tenant(made.owner_id, tenant_id="acme")
    with pytest.raises(ConflictError, match="its owner has left the account"):
        await client.onboard(**ASKED)
    assert [user.email for user in await client.users.list("acme").all()] == ["bob@acme.example"]


async def test_an_owner_who_is_not_in_the_account_was_not_invited(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg
) -> None:
    """A 409 of the invitation may be the verdict of a prehook: the owner is a user of another tenant, and stays so."""
    frontegg_emulator.seed(
        tenants=[{"tenantId": "other", "name": "Other"}],
        users=[{"id": "ann", "email": ASKED["owner_email"], "tenantId": "other"}],
    )
    refused = {"type": "status", "status": 409}
    frontegg_emulator.add_fault(stage="before_commit", action=refused, match=REQUESTS["owner"])
    with pytest.raises(OnboardingError, match="the owner is not in the account"):
        await client.onboard(**ASKED, role_keys=[])


def test_blocking(frontegg_sync_client: Frontegg) -> None:
    """The blocking client does the same."""
    made = frontegg_sync_client.onboard(name="Acme", owner_email="ann@acme.example", tenant_id="acme")
    assert all(step.outcome in {StepOutcome.DONE, StepOutcome.PRESENT} for step in made.steps)
    assert Onboarding.from_dict(made.to_dict()) == made
