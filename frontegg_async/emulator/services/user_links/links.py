"""Makes, checks and uses the links of users. Their lifetimes are assumed: no source says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.emails.rows import EmailTemplate
from frontegg_async.emulator.services.emails.sending import link_to
from frontegg_async.emulator.services.sessions.rules import named_environment
from frontegg_async.emulator.services.support.emulated_response import service_error
from frontegg_async.emulator.services.support.rule import Environments
from frontegg_async.emulator.services.user_links.rows import LinkKind, UserLinkRow
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_DAY: Final = 86_400
_LIFETIMES: Final[Mapping[LinkKind, int]] = {"activation": 7 * _DAY, "passwordReset": _DAY}
TEMPLATES: Final[Mapping[LinkKind, EmailTemplate]] = {"activation": "ActivateUser", "passwordReset": "ResetPassword"}
"""The templates of the e-mails that have such a link."""


def make_token(environment: EmulatedEnvironment, kind: LinkKind, user: UserRow) -> str:
    """Return the token of a new link of a user; the link before is no longer valid."""
    row = UserLinkRow(
        id=f"{kind}:{user.id}",
        kind=kind,
        user_id=user.id,
        token=environment.new_id(),
        expires=timestamp(environment.clock.now() + _LIFETIMES[kind]),
    )
    environment.state.put(row)
    return row.token


def shown_link(environment: EmulatedEnvironment, kind: LinkKind, user: UserRow) -> dict[str, object]:
    """Return a new link of a user as the service shows it."""
    token = make_token(environment, kind, user)
    return {"link": link_to(environment, TEMPLATES[kind], user, token), "token": token, "userId": user.id}


def check_token(environment: EmulatedEnvironment, kind: LinkKind, user_id: object, token: object) -> UserRow:
    """Return the user of a link that is valid.

    Raises:
        RequestRefusedError: 400 for an unknown user, and for a token that is another one, was used or has expired.
    """
    row = environment.state.table(UserLinkRow).get(f"{kind}:{user_id}")
    user = environment.state.users.get(row.user_id) if row is not None else None
    if row is None or user is None or row.token != token or row.expires <= environment.clock.timestamp():
        raise service_error(400, "The token is not valid")
    return user


def locate(
    environments: Environments, body: Mapping[str, JsonValue], headers: Mapping[str, str]
) -> EmulatedEnvironment | None:
    """Return the environment that a header names, or else the first one that has the user or the token of a body."""
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


def use_token(environment: EmulatedEnvironment, kind: LinkKind, user: UserRow) -> None:
    """Remove a link that was used."""
    environment.state.remove(UserLinkRow, f"{kind}:{user.id}")
