"""Requests about policies of the environment, which no method of the clients makes."""

from __future__ import annotations

from typing import Final

from tests.emulator.cases import case
from tests.exercises.exercise import Exercise

EXERCISES: Final[tuple[Exercise, ...]] = ()

_OF_USERS: Final = ("mfa", "lockout", "password_history", "password_rotation", "sessions")
_SMS: Final = {"sms": {"active": True, "tokenLifetimeSeconds": 600}}

CASES: Final = (
    *(
        each
        for policy in _OF_USERS
        for each in (
            case(f"security.{policy}.get_of_environment", 200, token="user"),
            case(f"security.{policy}.get_of_environment", 403, token="bare"),
        )
    ),
    case("security.user_emails.get", 200),
    case("security.user_emails.get", 403, token="bare"),
    case("security.user_emails.set", 200, body={"allowEmailChange": True}),
    case("security.user_emails.set", 400, body={}),
    case("security.mfa_strategies.list", 200),
    case("security.mfa_strategies.list", 403, token="bare"),
    case("security.mfa_strategies.set", 201, body={"strategy": "SMS", "isActive": True}),
    case("security.mfa_strategies.set", 400, body={"strategy": "Fax", "isActive": True}),
    case("security.mfa_config.get", 200),
    case("security.mfa_config.set", 201, body=_SMS),
    case("security.mfa_config.set", 400, body={"sms": {"active": True, "tokenLifetimeSeconds": 1}}),
)
"""Requests with the status that each must get."""
