"""Reads the queries of the lists of e-mail addresses, phone numbers and user names."""

from __future__ import annotations

from collections.abc import Sequence

from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def texts(call: IncomingCall, name: str) -> frozenset[str]:
    """Return the values of a parameter. It may be repeated, or contain texts that are separated by commas."""
    return frozenset(each for text in call.query.values(name) for each in text.split(",") if each)


def chosen_users(environment: EmulatedEnvironment, call: IncomingCall) -> Sequence[UserRow]:
    """Return the users whose ids are in a query, or all users. With a tenant header, they must belong to the tenant."""
    state = environment.state
    users = state.members(call.tenant_id) if call.tenant_id else tuple(state.users.values())
    ids = texts(call, "userIds")
    return [user for user in users if not ids or user.id in ids]
