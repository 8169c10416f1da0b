"""What becomes of invitations when responses are lost, when they expire, and when a user makes another one."""

from __future__ import annotations

from typing import Any, Final

import pytest

from frontegg_async import UNSET, AsyncFrontegg, NotFoundError, OutcomeUnknownError, ResultLostError, Secret
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES

pytestmark = pytest.mark.anyio

_SEED: Final[dict[str, Any]] = {
    "tenants": [{"tenantId": "acme", "name": "Acme"}],
    "users": [{"id": "ann", "email": "ann@acme.example", "tenantId": "acme"}],
}
_ROLE: Final = DEFAULT_ROLES[0].id
_LOST: Final[dict[str, Any]] = {
    "match": {"method": "POST", "path": "/identity/*", "times": 1},
    "stage": "after_commit",
    "action": {"type": "reset"},
}


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """An environment with a user."""
    frontegg_emulator.seed(**_SEED)
    return frontegg_emulator


async def test_a_create_whose_response_is_lost(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """It is not sent again, and the list has the invitation, if there is one."""
    emulator.add_fault(**_LOST)
    with pytest.raises(OutcomeUnknownError, match=r"look for the invitation with frontegg.invitations.list") as unknown:
        await frontegg_client.invitations.create("acme", expires_in_minutes=5, role_ids=[_ROLE])
    assert unknown.value.asked == {"tenant_id": "acme", "expires_in_minutes": 5, "role_ids": (_ROLE,)}

    emulator.set_switch("invitation_write_body", "empty")
    with pytest.raises(ResultLostError, match=r"frontegg.invitations.list\(\) returns the invitation"):
        await frontegg_client.invitations.create("acme")
    assert len(await frontegg_client.invitations.list().all()) == 2


async def test_a_user_has_one_invitation(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Another one replaces it; if the response has no body, the client reads the invitation."""
    invitations = frontegg_client.for_tenant("acme").user_invitations
    old = await invitations.create("ann", expires_in_minutes=5)
    emulator.set_switch("invitation_write_body", "no_content")
    new = await invitations.create("ann", expires_in_minutes=5, send_email=True)
    assert (new.user_id, new.send_email, new.token == old.token) == ("ann", True, False)
    with pytest.raises(NotFoundError):
        await frontegg_client.invitations.verify(token=old.token)

    changed = await invitations.update("ann", expires_in_minutes=60, send_email=UNSET)
    assert (changed.token, changed.send_email) == (new.token, True)
    assert changed.expires_at is not None
    assert new.expires_at is not None
    assert changed.expires_at > new.expires_at


async def test_an_invitation_expires(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Nobody joins by it then, and it goes with its tenant."""
    made = await frontegg_client.invitations.create("acme", expires_in_minutes=1)
    assert isinstance(made.token, Secret)
    assert (await frontegg_client.invitations.verify(token=made.token.reveal())).name == "Acme"
    emulator.clock(advance=61)
    with pytest.raises(NotFoundError):
        await frontegg_client.invitations.verify(token=made.token)
    await frontegg_client.tenants.delete("acme")
    assert await frontegg_client.invitations.list().all() == []


async def test_the_token_is_shown_nowhere(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Neither the model nor the journal has it."""
    made = await frontegg_client.invitations.create("acme")
    await frontegg_client.invitations.verify(token=made.token)
    shown = (repr(made), made.to_json(), repr(emulator.journal()))
    assert [text for text in shown if made.token.reveal() in text] == []
