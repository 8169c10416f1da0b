"""Creates, finds and removes the links of users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.emails.links import make_link
from frontegg_async.emulator.services.emails.rows import EmailTemplate, LinkKind, UserLinkRow
from frontegg_async.emulator.services.emails.sending import link_to
from frontegg_async.emulator.services.sessions.rules import named_environment
from frontegg_async.emulator.services.support.emulated_response import service_error
from frontegg_async.emulator.services.support.rule import Environments
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_TEMPLATES: Final[Mapping[LinkKind, EmailTemplate]] = {"activation": "ActivateUser", "passwordReset": "ResetPassword"}


def shown_link(environment: EmulatedEnvironment, kind: LinkKind, user: UserRow) -> dict[str, object]:
    """Create a link of a user, and return the link in the form of a response."""
    token = make_link(environment, kind, user).token
    return {"link": link_to(environment, _TEMPLATES[kind], user, token), "token": token, "userId": user.id}


def find_link(environment: EmulatedEnvironment, kind: LinkKind, user_id: object, token: object) -> UserLinkRow:
    """Return the valid link that has a token.

    Raises:
        RequestRefusedError: 400 if the user does not exist, or if the token is wrong, used or expired.
    """
    now = environment.clock.timestamp()
    for row in environment.state.table(UserLinkRow).values():
        is_it = row.kind == kind and row.user_id == user_id and row.token == token
        if is_it and row.expires > now and row.user_id in environment.state.users:
            return row
    raise service_error(400, "The token is not valid")


def user_of_link(environment: EmulatedEnvironment, row: UserLinkRow) -> UserRow:
    """Return the user to whom a link belongs."""
    return environment.state.users[row.user_id]


def use_link(environment: EmulatedEnvironment, row: UserLinkRow) -> None:
    """Remove a link that was used."""
    environment.state.remove(UserLinkRow, row.id)


def locate(
    environments: Environments, body: Mapping[str, JsonValue], headers: Mapping[str, str]
) -> EmulatedEnvironment | None:
    """Return the environment that a header names. Without the header, search for the user or the token in the body."""
    named = named_environment(environments, headers)
    if named is not None:
        return named
    login = body.get("email") or body.get("identifier")
    for environment in environments.values():
        state = environment.state
        if isinstance(login, str) and state.users_named(login):
            return environment
        if any(row.token == body.get("token") for row in state.table(UserLinkRow).values()):
            return environment
    return None
