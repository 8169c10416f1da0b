"""Exercises of migrations of users."""

from __future__ import annotations

from typing import Any, Final

from frontegg_async import UserToMigrate
from frontegg_async.endpoints.user_migrations import BULK_MIGRATE
from tests.emulator.cases import case
from tests.exercises.exercise import ExerciseClients, MakeCall, bad, good, refused

_ROLE_OF_OTHER: Final = "role-of-other"  # see world
_HASH: Final = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"
"""The SHA-256 of ``password``."""


def _migrate(tenant_id: str = "acme", email: str = "new@acme.example", **given: Any) -> MakeCall:
    def call(s: ExerciseClients) -> Any:
        return s.frontegg.users.migrate(tenant_id, email=email, **given)

    return call


def _row(email: str = "new@acme.example", **given: Any) -> UserToMigrate:
    return UserToMigrate(tenant_id="acme", email=email, **given)


def _bulk(users: Any) -> MakeCall:
    def call(s: ExerciseClients) -> Any:
        return s.frontegg.users.bulk_migrate(users, timeout=0.001).all()

    return call


_HASHED: Final = {"password_hash": _HASH, "password_hash_type": "sha256"}

EXERCISES: Final = (
    good("users.migrate", _migrate(password="emu_new", verify=True)),
    good(
        "users.migrate",
        _migrate(
            name="New",
            **_HASHED,
            password_hash_config="{}",
            mfa_secret="emu_mfa",
            phone_number="+49301234567",
            phone_number_type="mfa",
            provider="local",
            metadata={"plan": "pro"},
            vendor_metadata={"crm": 7},
            role_keys=["Admin"],
            external_id="7",
            username="new.user",
            verify=False,
        ),
    ),
    refused("users.migrate", 400, _migrate(role_ids=[_ROLE_OF_OTHER])),
    refused("users.migrate", 404, _migrate("nobody")),
    refused("users.migrate", 409, _migrate(email="ann@acme.example")),
    bad("users.migrate", "email", _migrate(email="no address")),
    bad("users.migrate", "not both", _migrate(password="p", **_HASHED)),
    bad("users.migrate", "password_hash_type together", _migrate(password_hash=_HASH)),
    bad("users.migrate", "must be one of bcrypt, ", _migrate(password_hash=_HASH, password_hash_type="md5")),
    bad("users.migrate", "is allowed only together with password_hash", _migrate(password_hash_config="{}")),
    bad("users.migrate", "JSON object", _migrate(**_HASHED, password_hash_config="[]")),
    bad("users.migrate", "4,095", _migrate(**_HASHED, password_hash_config=" " * 4_096)),
    bad("users.migrate", "username", _migrate(username="u" * 129)),
    bad("users.migrate", "provider", _migrate(provider="myspace")),
    bad("users.migrate", "password must be text", _migrate(password=7)),
    bad("users.migrate", "verify", _migrate(verify="yes")),
    good("users.bulk_migrate", _bulk([_row(), _row("two@acme.example", password="emu_two")])),
    refused("users.bulk_migrate", 400, lambda s: s.frontegg.send(BULK_MIGRATE, body={"users": []})),
    bad("users.bulk_migrate", r"users\[1\].email must be", _bulk([_row(), _row("no address")])),
    bad("users.bulk_migrate", r"users\[0\] must be a UserToMigrate", _bulk(["ada@acme.example"])),
    bad("users.bulk_migrate", "iterable of UserToMigrate", _bulk(7)),
    good("users.get_migration_task", lambda s: s.frontegg.users.get_migration_task("migration")),
    refused("users.get_migration_task", 404, lambda s: s.frontegg.users.get_migration_task("none")),
    bad("users.get_migration_task", "migration_id", lambda s: s.frontegg.users.get_migration_task("..")),
)


def _body(**more: object) -> dict[str, object]:
    return {"tenantId": "acme", "email": "new@acme.example", **more}


_EMAIL: Final = {"email": "two@acme.example", "primary": False, "verified": True}
_AUTH0: Final = {
    "domain": "acme.eu.auth0.com",
    "clientId": "c1",
    "secret": "emu_canary_auth0",
    "tenantIdFieldName": "tenant",
}

CASES: Final = (
    case("users.migrate", 201, body=_body(password="emu_new", verifyUser=True)),
    case("users.migrate", 201, body=_body(passwordHash=_HASH, passwordHashType="sha256", metadata="{}", roleIds=[])),
    case("users.migrate", 400, body={"tenantId": "acme"}),
    case("users.migrate", 400, body=_body(email="no address")),
    case("users.migrate", 400, body=_body(passwordHashType="md5")),
    case("users.migrate", 400, body=_body(phoneNumberType="fax")),
    case("users.migrate", 400, body=_body(passwordHashConfig="[]")),
    case("users.migrate", 400, body=_body(username="u" * 129)),
    case("users.migrate", 400, body=_body(provider="myspace")),
    case("users.migrate", 400, body=_body(roleIds=[_ROLE_OF_OTHER])),
    case("users.migrate", 404, body={**_body(), "tenantId": "nobody"}),
    case("users.migrate", 409, body=_body(email="ann@a.example")),
    case("users.migrate", 409, body=_body(username="ann@a.example")),
    case("users.bulk_migrate", 202, body={"users": [_body(), _body()]}),
    case("users.bulk_migrate", 400, body={"users": []}),
    case(
        "users.bulk_migrate_v2",
        202,
        body={"users": [{"tenantId": "acme", "emails": [_EMAIL, {**_EMAIL, "primary": True}]}]},
    ),
    case("users.bulk_migrate_v2", 400, body={"users": []}),
    case("users.migrate_from_auth0", 201, body=_AUTH0),
    case("users.migrate_from_auth0", 400, body={}),
    case("users.get_migration_task", 200, "migration"),
    case("users.get_migration_task", 404, "none"),
)

TABLES: Final = {
    "userMigrations": [
        {
            "id": "migration",
            "startedAt": "2026-01-01T00:00:00.000Z",
            "total": 2,
            "errors": [{"email": "ann@acme.example", "message": "User already exists"}],
        }
    ]
}
"""A migration that is over."""
