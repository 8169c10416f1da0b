"""Checks that no two users have the same e-mail address, phone number or user name (assumed)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.contacts.contacts import is_taken
from frontegg_async.emulator.services.contacts.rows import ContactKind
from frontegg_async.emulator.services.support.emulated_response import service_error
from frontegg_async.emulator.services.users.switches import UserSwitches
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def check_is_free(environment: EmulatedEnvironment, kind: ContactKind, value: str, user_id: str = "") -> None:
    """Refuse an address or a number that a user other than ``user_id`` has. Without ``user_id``, any user counts.

    Raises:
        RequestRefusedError: 409 or 400, as a switch chooses.
    """
    if is_taken(environment.state, kind, value, user_id):
        raise service_error(environment.switches[UserSwitches].taken_email, f"The {kind} is taken")


def check_is_new(environment: EmulatedEnvironment, body: Mapping[str, JsonValue]) -> None:
    """Refuse a new user if another user has the same e-mail address or user name.

    Raises:
        RequestRefusedError: 409 if another user has the address or user name. For an address that another user has in
        addition, the refusal of `check_is_free`.
    """
    email, username = (cast("str | None", body.get(name)) for name in ("email", "username"))
    if any(environment.state.users_named(login) for login in (email, username) if login):
        raise service_error(409, "User already exists")
    if email:
        check_is_free(environment, "email", email)
