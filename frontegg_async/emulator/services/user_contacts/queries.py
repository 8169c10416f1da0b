"""Which users a listing is about, and which addresses and numbers are taken."""

from __future__ import annotations

from collections.abc import Sequence

from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def texts(call: IncomingCall, name: str) -> frozenset[str]:
    """Return the texts of a parameter that takes them repeatedly, or with commas in between."""
    return frozenset(each for text in call.query.values(name) for each in text.split(",") if each)


def chosen_users(environment: EmulatedEnvironment, call: IncomingCall) -> Sequence[UserRow]:
    """Return the users whose ids a query has, all without ids; with a tenant's header only its users."""
    state = environment.state
    users = state.members(call.tenant_id) if call.tenant_id else tuple(state.users.values())
    ids = texts(call, "userIds")
    return [user for user in users if not ids or user.id in ids]
