"""What the emulator does with users who come from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, Final

import pytest

from frontegg_async.emulator.services.support.emulated_response import RequestRefusedError
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from tests.emulator.support import create, make_environment, refusal, run, shown

_RIGHT: Final = "emu_päss"
_RAW: Final = _RIGHT.encode()
_SCRYPT: Final = {"saltSeparator": ":", "N": 1_024, "r": 8, "p": 1, "keyLen": 64}
_KEY: Final = hashlib.scrypt(_RAW, salt=b"salt", n=1_024, r=8, p=1, dklen=64)
_PBKDF2: Final = hashlib.pbkdf2_hmac("sha256", _RAW, b"salt", 1_000)

KNOWN: Final[dict[str, dict[str, str]]] = {
    "sha1": {"passwordHash": hashlib.sha1(_RAW, usedforsecurity=False).hexdigest().upper()},
    "sha256": {"passwordHash": base64.b64encode(hashlib.sha256(_RAW).digest()).decode()},
    "pbkdf2": {"passwordHash": f"pbkdf2_sha256$1000$salt${base64.b64encode(_PBKDF2).decode()}"},
    "scrypt": {"passwordHash": f"salt:{_KEY.hex()}", "passwordHashConfig": json.dumps(_SCRYPT)},
}
"""A hash of each type that the emulator can check, with its parameters."""

_ODD: Final[tuple[dict[str, str], ...]] = (
    {"passwordHashType": "bcrypt", "passwordHash": "$2b$12$KIXQ"},
    {"passwordHashType": "argon2", "passwordHash": "$argon2id$v=19$"},
    {"passwordHashType": "firebase-scrypt", "passwordHash": "x", "passwordHashConfig": "{}"},
    {"passwordHashType": "pbkdf2", "passwordHash": "pbkdf2_sha256$x$salt$x"},
    {"passwordHashType": "pbkdf2", "passwordHash": "pbkdf2_sha256$99999999$salt$x"},
    {"passwordHashType": "pbkdf2", "passwordHash": "no parts"},
    {"passwordHashType": "pbkdf2", "passwordHash": "pbkdf2_none$1$salt$x"},
    {"passwordHashType": "scrypt", "passwordHash": "salt:x"},
    {"passwordHashType": "scrypt", "passwordHash": "salt:x", "passwordHashConfig": '{"N": 2}'},
    {"passwordHashType": "scrypt", "passwordHash": "x", "passwordHashConfig": json.dumps(_SCRYPT)},
    {"passwordHashType": "scrypt", "passwordHash": "salt:x", "passwordHashConfig": json.dumps({**_SCRYPT, "N": 3})},
    {
        "passwordHashType": "scrypt",
        "passwordHash": "salt:x",
        "passwordHashConfig": json.dumps({**_SCRYPT, "N": 2**30}),
    },
    {"passwordHash": "without a type"},
    {},
)


def _make() -> EmulatedEnvironment:
    environment = make_environment()
    create(environment, "acme")
    return environment


def _migrate(environment: EmulatedEnvironment, **body: Any) -> Any:
    return shown(run(environment, "users.migrate", {"tenantId": "acme", "email": "ada@acme.example", **body}))


def _signs_in(environment: EmulatedEnvironment, password: str, **login: str) -> bool:
    body = {**(login or {"email": "ada@acme.example"}), "password": password}
    try:
        return bool(shown(run(environment, "sessions.login", body))["accessToken"])
    except RequestRefusedError:
        return False


def test_a_password_and_a_user_name() -> None:
    environment = _make()
    made = _migrate(environment, password=_RIGHT, username="ada", verifyUser=True)
    assert (made["verified"], made["activatedForTenant"], made["mfaEnrolled"]) == (True, True, False)
    assert _signs_in(environment, _RIGHT)
    assert _signs_in(environment, _RIGHT, username="ada")
    assert not _signs_in(environment, "another")
    assert _migrate(environment, email="bob@acme.example", authenticatorAppMfaSecret="s")["mfaEnrolled"]


@pytest.mark.parametrize("kind", KNOWN)
def test_hashes_that_can_be_checked(kind: str) -> None:
    environment = _make()
    _migrate(environment, passwordHashType=kind, **KNOWN[kind])
    assert _signs_in(environment, _RIGHT)
    assert not _signs_in(environment, "another")
    assert not _signs_in(environment, KNOWN[kind]["passwordHash"])


@pytest.mark.parametrize("given", _ODD)
def test_no_password_is_right_for_other_hashes(given: dict[str, str]) -> None:
    """They are taken all the same, as the service takes them."""
    environment = _make()
    _migrate(environment, **given)
    assert not _signs_in(environment, _RIGHT)
    assert not _signs_in(environment, given.get("passwordHash", ""))


def test_a_name_that_is_taken() -> None:
    """Neither an address nor a user name is given twice, whatever its case; nothing changes."""
    environment = _make()
    _migrate(environment, username="ada", name="Ada")
    for names in ({}, {"email": "ADA@acme.example"}, {"email": "b@acme.example", "username": "Ada"}):
        body = {"tenantId": "acme", "email": "ada@acme.example", "name": "Other", **names}
        assert refusal(environment, "users.migrate", body).status == 409
    assert [user.name for user in environment.state.users.values()] == ["Ada"]


def test_roles_are_those_of_new_users_by_default() -> None:
    environment = _make()
    keys = [[role["key"] for role in _migrate(environment, email=f"{n}@a.example")["roles"]] for n in range(2)]
    assert keys == [["Admin"], ["ReadOnly"]]


def test_many_users_are_there_at_once_and_the_state_follows_from_the_clock() -> None:
    """Who cannot be migrated is an error, with the address and the reason, when the migration is over."""
    environment = _make()
    environment.clock.freeze(True)
    _migrate(environment)
    users = [{"tenantId": tenant, "email": f"{name}@acme.example"} for tenant, name in _USERS]
    started = shown(run(environment, "users.bulk_migrate", {"users": users}))
    assert len(environment.state.users) == 2

    def task() -> Any:
        return shown(run(environment, "users.get_migration_task", migration_id=started["migrationId"]))

    states = []
    for _ in range(3):
        states.append(task()["state"])
        environment.clock.advance(0.5)
    assert states == ["pending", "in_progress", "completed"]
    assert task() == {
        **started,
        "state": "completed",
        "migratedUsers": 1,
        "errors": [
            {"email": "ada@acme.example", "message": "User already exists"},
            {"email": "cid@acme.example", "message": "Tenant not found"},
        ],
    }


_USERS: Final = (("acme", "ada"), ("acme", "bob"), ("nobody", "cid"))


def test_a_migration_that_migrates_nobody_fails() -> None:
    environment = _make()
    body = {"users": [{"tenantId": "nobody", "email": "a@a.example"}]}
    started = shown(run(environment, "users.bulk_migrate", body))
    environment.clock.advance(1)
    task = shown(run(environment, "users.get_migration_task", migration_id=started["migrationId"]))
    assert (task["state"], task["migratedUsers"]) == ("failed", 0)


def test_the_number_of_users_is_limited() -> None:
    environment = _make()
    for users in ([], [{"tenantId": "acme", "email": "a@a.example"}] * 1_001):
        assert refusal(environment, "users.bulk_migrate", {"users": users}).status == 400
    assert refusal(environment, "users.get_migration_task", migration_id="none").status == 404


def test_a_user_with_several_addresses_has_the_primary_one() -> None:
    environment = _make()
    emails = [
        {"email": "one@acme.example", "primary": False, "verified": False},
        {"email": "two@acme.example", "primary": True, "verified": True},
    ]
    users = [{"tenantId": "acme", "emails": emails}, {"tenantId": "acme", "username": "cid"}, {"tenantId": "acme"}]
    run(environment, "users.bulk_migrate_v2", {"users": users})
    found = [(user.email, user.verified) for user in environment.state.users.values()]
    assert found == [("two@acme.example", True), ("cid", False)]


def test_nobody_comes_from_auth0() -> None:
    environment = _make()
    body = {"domain": "a.auth0.com", "clientId": "c", "secret": "s", "tenantIdFieldName": "t"}
    assert run(environment, "users.migrate_from_auth0", body).status == 201
    assert environment.state.users == {}
