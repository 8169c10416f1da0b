"""The rules that create users without an invitation, and that search users by phrases."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Final, cast

from frontegg_async.emulator.services.support.common import find_tenant
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall, Query
from frontegg_async.emulator.services.support.paging import choice
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.users import shapes as user_shapes
from frontegg_async.emulator.services.users.rules import page_of
from frontegg_async.emulator.services.users.uniqueness import check_is_new
from frontegg_async.emulator.services.users.writes import invite_user
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_SIMILAR: Final = 0.8
"""The minimum similarity of two words that match in an approximate search (assumed), from 0 to 1."""


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a user in a tenant. No e-mail is sent, and a user who exists already is refused (both assumed)."""
    tenant_id = find_tenant(environment.state, cast("str", call.body["tenantId"])).tenant_id
    check_is_new(environment, call.body)
    user = invite_user(environment, tenant_id, {**call.body, "skipInviteEmail": True})
    return EmulatedResponse(status=201, body=user_shapes.whole(environment, user, tenant_id))


def search(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the users that match the phrases of a query."""

    def shown(user: UserRow) -> dict[str, object]:
        return user_shapes.listed(environment, user, has_roles=False, tenant_id=call.tenant_id)

    return page_of(environment, call, shown, _finds(call.query))


def _finds(query: Query) -> Callable[[UserRow], bool]:
    """Return a function that tests whether a user matches the phrases of a query. The searched fields are assumed.

    Raises:
        RequestRefusedError: 400 if a flag is neither true nor false.
    """
    contains, excludes, optional = (
        [phrase.casefold() for phrase in query.values(f"_phraseSearch{name}")]
        for name in ("Contains", "Excludes", "Optional")
    )
    is_approximate = choice(query, "_phraseSearchApproximate", ("true", "false")) == "true"

    def finds(user: UserRow) -> bool:
        fields = (user.name, user.email, user.username, user.phone_number)
        text = " ".join(filter(None, fields)).casefold()

        def has(phrase: str) -> bool:
            near = is_approximate and difflib.get_close_matches(phrase, text.split(), n=1, cutoff=_SIMILAR)
            return phrase in text or bool(near)

        return all(map(has, contains)) and not any(map(has, excludes)) and (not optional or any(map(has, optional)))

    return finds


RULES = {
    "users.create": Rule(run=create),
    "users.search": Rule(run=search),
}
