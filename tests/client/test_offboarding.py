"""Offboarding against the emulator: all access ends, each step that fails is reported and taken up again."""

from __future__ import annotations

import asyncio
import copy
import pickle
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg, FronteggError, NotFoundError, Options
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from frontegg_async.errors import BadRequestError, ConflictError, InvalidArgumentError, OffboardingError, ReadOnlyError
from frontegg_async.models import Offboarding
from frontegg_sync import Frontegg
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

ADMIN, READ_ONLY = (role.id for role in DEFAULT_ROLES)
SEED: Final[dict[str, object]] = {
    "tenants": [{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}],
    "users": [
        {"id": "ann", "email": "ann@acme.example", "tenantId": "acme"},
        {"id": "bob", "email": "bob@acme.example", "tenantId": "acme", "tenantIds": ["acme", "other"]},
    ],
}
NAMES: Final = ["sessions", "api_token", "api_token", "access_token", "roles", "membership"]
REQUESTS: Final[list[dict[str, Any]]] = [
    {"path": "/identity/resources/users/sessions/v1/me/all"},
    {"path": "/identity/resources/users/api-tokens/v1/*", "nth": 1},
    {"path": "/identity/resources/users/api-tokens/v1/*", "nth": 2},
    {"path": "/identity/resources/users/access-tokens/v1/*"},
    {"path": "/identity/resources/users/v1/*/roles"},
    {"path": "/identity/resources/users/v1/bob"},
]
"""The request of each step."""


@pytest.fixture
async def client(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client that does not try again; Bob has a session, tokens and a role."""
    frontegg_emulator.seed(SEED)
    client = frontegg_client.with_options(max_retries=0)
    frontegg_emulator.user_token(tenant_id="acme", user_id="bob")
    for _ in range(2):
        await client.user_api_tokens.create("bob", tenant_id="acme")
    await client.user_access_tokens.create("bob", tenant_id="acme")
    await client.users.assign_roles("ann", tenant_id="acme", role_ids=[ADMIN])
    await client.users.assign_roles("bob", tenant_id="acme", role_ids=[ADMIN, READ_ONLY])
    return client


def _outcomes(offboarding: Offboarding) -> list[str]:
    assert [*dict.fromkeys(step.name.value for step in offboarding.steps)] == [*dict.fromkeys(NAMES)]
    return [step.outcome.value for step in offboarding.steps]


def _writes(emulator: EmulatorHandle) -> list[str | None]:
    return [each.route for each in emulator.journal() if each.method != "GET" and each.route != "auth.authenticate"]


async def test_all_access_ends(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """In the tenant alone; a second call finds no such user, since the ids may be wrong."""
    tokens = await client.user_api_tokens.list("bob", tenant_id="acme").all()
    before = len(_writes(frontegg_emulator))
    left = await client.offboard("bob", tenant_id="acme")
    assert (left.user_id, left.tenant_id) == ("bob", "acme")
    assert [step.name.value for step in left.steps] == NAMES
    assert _outcomes(left) == ["done"] * 6
    assert [step.token_id for step in left.steps[1:3]] == [token.client_id for token in tokens]
    assert left.steps[3].token_id is not None
    assert _writes(frontegg_emulator)[before:] == [
        "users.end_sessions", "user_api_tokens.delete", "user_api_tokens.delete", "user_access_tokens.delete",
        "users.unassign_roles", "users.remove",
    ]  # fmt: skip
    assert (await client.users.get("bob")).tenant_ids == ("other",)
    assert [user.id for user in await client.users.list("acme").all()] == ["ann"]
    with pytest.raises(NotFoundError) as caught:
        await client.offboard("bob", tenant_id="acme")
    assert type(caught.value) is NotFoundError

    rest = await client.offboard("bob", tenant_id="other")
    assert _outcomes(rest) == ["absent", "absent", "absent", "absent", "done"]
    assert Offboarding.from_dict(rest.to_dict()) == rest
    with pytest.raises(NotFoundError):
        await client.users.get("bob")


@pytest.mark.parametrize("index", range(6), ids=[f"{index} {name}" for index, name in enumerate(NAMES)])
@pytest.mark.parametrize("is_lost", [False, True], ids=["refused", "lost"])
async def test_what_failed_is_taken_up_again(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, index: int, *, is_lost: bool
) -> None:
    """The error says what was done, and the next call does the rest."""
    match = {"method": "DELETE", "times": 1, **REQUESTS[index]}
    if is_lost:
        unread = {"method": "GET", "path": "/identity/*", "nth": 8}  # after those that plan
        frontegg_emulator.add_fault(stage="after_commit", action={"type": "reset"}, match=match)
        frontegg_emulator.add_fault(stage="accept", action={"type": "status", "status": 503}, match=unread)
    else:
        frontegg_emulator.add_fault(stage="before_commit", action={"type": "status", "status": 400}, match=match)
    with pytest.raises(FronteggError) as caught:
        await client.offboard("bob", tenant_id="acme")
    error = caught.value
    if index == 0 and not is_lost:
        assert type(error) is BadRequestError  # nothing was changed
    else:
        assert isinstance(error, OffboardingError)
        reported = "unknown" if is_lost else "failed"
        assert _outcomes(error.offboarding) == ["done"] * index + [reported] + ["not_tried"] * (5 - index)
        assert error.offboarding.steps[index].message == error.failure.message
        assert error.outcome is error.failure.outcome
        assert f"its step '{NAMES[index]}'" in error.message
        for twin in (copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
            assert twin == error
            assert twin.offboarding == error.offboarding

    frontegg_emulator.delete_faults()
    rest = NAMES[index + is_lost :]
    if rest:
        again = await client.offboard("bob", tenant_id="acme")
        assert [step.name.value for step in again.steps if step.outcome == "done"] == rest
        assert {step.outcome.value for step in again.steps} <= {"done", "absent"}
    else:
        with pytest.raises(NotFoundError):
            await client.offboard("bob", tenant_id="acme")
    assert (await client.users.get("bob")).tenant_ids == ("other",)


async def test_the_last_owner_stays(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """Unless that is allowed; and also if nobody can say who else is an owner."""
    await client.users.unassign_roles("ann", tenant_id="acme", role_ids=[ADMIN])
    before = len(_writes(frontegg_emulator))
    with pytest.raises(ConflictError, match="user 'bob' is the last owner of tenant 'acme'"):
        await client.offboard("bob", tenant_id="acme")
    fault = frontegg_emulator.add_fault(
        stage="accept", action={"type": "status", "status": 403}, match={"path": "/identity/resources/users/v3"}
    )
    with pytest.raises(FronteggError, match=r"users\.list returned 403"):
        await client.offboard("bob", tenant_id="acme")
    frontegg_emulator.delete_fault(fault)
    assert len(_writes(frontegg_emulator)) == before
    assert "done" in _outcomes(await client.offboard("bob", tenant_id="acme", allow_last_owner=True))


async def test_mistakes_change_nothing(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """Arguments that cannot be, ids that are nobody's, a client that may not write, and a failure of a read."""
    before = len(frontegg_emulator.journal())
    mistakes: list[tuple[type[FronteggError], str, dict[str, Any]]] = [
        (InvalidArgumentError, "user_id", {"user_id": "", "tenant_id": "acme"}),
        (InvalidArgumentError, "user_id must not be 'me'", {"user_id": "me", "tenant_id": "acme"}),
        (InvalidArgumentError, "tenant_id", {"user_id": "bob", "tenant_id": ""}),
        (InvalidArgumentError, "allow_last_owner", {"user_id": "bob", "tenant_id": "acme", "allow_last_owner": "no"}),
        (ReadOnlyError, "offboard writes", {"user_id": "bob", "tenant_id": "acme", "options": Options(read_only=True)}),
    ]
    for kind, words, given in mistakes:
        with pytest.raises(kind, match=words):
            await client.offboard(**given)
    assert len(frontegg_emulator.journal()) == before

    before = len(_writes(frontegg_emulator))
    for user_id, tenant_id in (("nobody", "acme"), ("ann", "other"), ("bob", "nowhere"), ("acme", "bob")):
        with pytest.raises(NotFoundError):
            await client.offboard(user_id, tenant_id=tenant_id)
    frontegg_emulator.add_fault(
        stage="accept", action={"type": "reset"}, match={"path": "/identity/resources/users/access-tokens/v1"}
    )
    with pytest.raises(FronteggError) as caught:
        await client.offboard("bob", tenant_id="acme")
    assert caught.value.outcome is not None
    assert caught.value.outcome.value == "not_sent"
    assert len(_writes(frontegg_emulator)) == before


async def test_a_cancelled_call_says_what_was_done(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """In a note, as ``onboard`` does."""
    frontegg_emulator.add_fault(
        stage="accept", action={"type": "delay", "seconds": 60}, match={"method": "DELETE", **REQUESTS[4]}
    )
    task = asyncio.ensure_future(client.offboard("bob", tenant_id="acme"))
    await until(lambda: any(entry.faults for entry in frontegg_emulator.journal()))
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as cancelled:
        await task
    (note,) = cancelled.value.__notes__
    assert "'bob' who leaves tenant 'acme': sessions done, api_token done, api_token done, access_token done" in note
    assert "roles unknown, membership not_tried. Call offboard() again" in note


def test_blocking(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """The blocking client does the same."""
    frontegg_emulator.seed(SEED)
    left = frontegg_sync_client.offboard("bob", tenant_id="other")
    assert _outcomes(left)[-1] == "done"
    assert frontegg_sync_client.users.get("bob").tenant_ids == ("acme",)
