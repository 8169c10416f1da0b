"""Checks new passwords of users against the password policies, and stores the passwords.

The strictest policy of a user's tenants applies (documented). The order of strictness and the refusals are assumed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, cast

import msgspec

from frontegg_async.emulator.services.passwords.rows import MOST_FORMER, PasswordHistoryRow
from frontegg_async.emulator.services.security.rows import PolicyRow, policy_id
from frontegg_async.emulator.services.security.rules import shown_password_policy
from frontegg_async.emulator.services.support.emulated_response import service_error, validation_error
from frontegg_async.emulator.services.user_migrations.password_hashes import is_password
from frontegg_async.emulator.services.users.writes import emit_of_user
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

Policy = dict[str, object]

_STRICTEST: Final[Mapping[str, Callable[[Iterable[int]], int]]] = {
    "minLength": max,
    "maxLength": min,
    "minPhraseLength": max,
    "minOptionalTestsToPass": max,
}
_OPTIONAL: Final[Mapping[str, re.Pattern[str]]] = {
    "requireLowercase": re.compile(r"[a-z]"),
    "requireUppercase": re.compile(r"[A-Z]"),
    "requireNumbers": re.compile(r"\d"),
    "requireSpecialChars": re.compile(r"[^A-Za-z0-9]"),
}
_REPEATED: Final = re.compile(r"(.)\1\1")


def policy_of(environment: EmulatedEnvironment, user: UserRow | None) -> Policy:
    """Return the strictest password policy of a user's tenants.

    Without a user, return the policy of the environment.
    """
    policies = [_policy(environment, tenant_id) for tenant_id in (user.tenant_ids if user is not None else ("",))]
    strictest: Policy = dict(policies[0])
    for name, choose in _STRICTEST.items():
        strictest[name] = choose([cast("int", each[name]) for each in policies])
    strictest["allowPassphrases"] = all(each["allowPassphrases"] for each in policies)
    strictest["blockPwnedPasswords"] = any(each["blockPwnedPasswords"] for each in policies)
    for name in ("optionalTests", "requiredTests"):
        tests = [cast("Mapping[str, object]", each[name]) for each in policies]
        strictest[name] = {
            test: any(each.get(test) for each in tests) for test in dict.fromkeys(t for e in tests for t in e)
        }
    return strictest


def _policy(environment: EmulatedEnvironment, tenant_id: str) -> Policy:
    return shown_password_policy(_found(environment, "password", tenant_id))


def _found(environment: EmulatedEnvironment, kind: str, tenant_id: str) -> PolicyRow | None:
    """Return the policy of a tenant. If the tenant has none, return the policy of the environment."""
    rows = environment.state.table(PolicyRow)
    return rows.get(policy_id(kind, tenant_id)) or rows.get(policy_id(kind, ""))


def set_password(environment: EmulatedEnvironment, user: UserRow, password: str) -> UserRow:
    """Change the password of a user. The user's sessions do not end. Store and return the changed user.

    Raises:
        RequestRefusedError: 400 if the password is not allowed or is one of the user's former passwords.
    """
    _check(policy_of(environment, user), password)
    former = environment.state.table(PasswordHistoryRow).get(user.id, PasswordHistoryRow(id=user.id))
    _check_history(environment, user, former, password)
    if user.password is not None:
        kept = (user.password, *former.passwords)[:MOST_FORMER]
        environment.state.put(msgspec.structs.replace(former, passwords=kept))
    user = msgspec.structs.replace(user, password=password, password_hash=None)
    environment.state.put_user(user)
    emit_of_user(environment, "changedPassword", user, user.tenant_id)
    return user


def check_new_password(environment: EmulatedEnvironment, password: str) -> None:
    """Refuse the password of a new user if the environment's policy does not allow it.

    Raises:
        RequestRefusedError: 400 if the password is not allowed.
    """
    _check(policy_of(environment, None), password)


def _check(policy: Policy, password: str) -> None:
    least, most = cast("int", policy["minLength"]), cast("int", policy["maxLength"])
    if not least <= len(password) <= most:
        raise validation_error([f"password must have {least} to {most} characters"])
    if policy["allowPassphrases"] and len(password) >= cast("int", policy["minPhraseLength"]):
        return
    required = cast("Mapping[str, object]", policy["requiredTests"])
    if required.get("checkThreeRepeatedChars") and _REPEATED.search(password):
        raise validation_error(["password must not have three repeated characters"])
    optional = cast("Mapping[str, object]", policy["optionalTests"])
    asked = [pattern for name, pattern in _OPTIONAL.items() if optional.get(name)]
    passed = sum(pattern.search(password) is not None for pattern in asked)
    if passed < min(cast("int", policy["minOptionalTestsToPass"]), len(asked)):
        raise validation_error(["password is too weak"])


def _check_history(environment: EmulatedEnvironment, user: UserRow, former: PasswordHistoryRow, password: str) -> None:
    size = max(_history_size(environment, tenant_id) for tenant_id in user.tenant_ids)
    # The present password counts as one of the former passwords. It is the latest one.
    if size and (is_password(user, password) or password in former.passwords[: size - 1]):
        raise service_error(400, "The password was used before")


def _history_size(environment: EmulatedEnvironment, tenant_id: str) -> int:
    row = _found(environment, "passwordHistory", tenant_id)
    is_enabled = row is not None and row.values.get("enabled") is True
    return cast("int", row.values.get("historySize", 1)) if row is not None and is_enabled else 0
