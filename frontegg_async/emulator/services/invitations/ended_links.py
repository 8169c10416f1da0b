"""Removes the links and the invitation of a user who leaves a tenant (assumed)."""

from __future__ import annotations

from frontegg_async.emulator.services.emails.rows import UserLinkRow
from frontegg_async.emulator.services.invitations.rows import InvitationRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def end_links(environment: EmulatedEnvironment, user_id: str, tenant_id: str) -> None:
    """Remove the links and the invitation of a user to a tenant."""
    state = environment.state
    for link in state.owned(UserLinkRow, tenant_id):
        if link.user_id == user_id:
            state.remove(UserLinkRow, link.id)
    for invitation in state.owned(InvitationRow, tenant_id):
        if invitation.user_id == user_id:
            state.remove(InvitationRow, invitation.id)
