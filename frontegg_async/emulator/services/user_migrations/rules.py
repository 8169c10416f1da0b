"""The rules of migrations of users with passwords or password hashes: functions that serve the operations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.roles.of_users import checked_role_ids, roles_of_new_user
from frontegg_async.emulator.services.support.common import find_row, find_tenant
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    RequestRefusedError,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.user_migrations.rows import UserMigrationRow
from frontegg_async.emulator.services.users import shapes as user_shapes
from frontegg_async.emulator.services.users.uniqueness import check_is_new
from frontegg_async.emulator.services.users.writes import (
    check_email,
    check_fields,
    emit_of_user,
    parsed_json,
    reason_of,
)
from frontegg_async.emulator.store.user_rows import Membership, PasswordHash, UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.models.migrations import MigrationStatus
from frontegg_async.models.user_migrations import PasswordHashType, PhoneNumberType

MAX_USERS: Final = 1_000
PENDING_FOR: Final = 0.5
"""The seconds from the start of a migration of many users until its state becomes "in progress"."""

TAKES: Final = 0.5
"""The seconds during which the state of a migration of many users is "in progress"."""

_LONGEST: Final[Mapping[str, int]] = {"username": 128, "passwordHashConfig": 4_095}
_WORDS: Final = {"passwordHashType": PasswordHashType, "phoneNumberType": PhoneNumberType}

Body = Mapping[str, JsonValue]


def migrate(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a user with a password or a password hash. The user gets no invitation."""
    user = migrate_user(environment, call.body)
    return EmulatedResponse(status=201, body=user_shapes.whole(environment, user, user.tenant_id))


def migrate_user(environment: EmulatedEnvironment, body: Body) -> UserRow:
    """Store and return a migrated user. An e-mail address or user name that is in use is refused (assumed).

    Raises:
        RequestRefusedError: 400 if a field has a value that is not allowed, 404 if the tenant does not exist, 409 if
            the e-mail address or user name is in use.
    """
    tenant_id, email = cast("str", body["tenantId"]), cast("str", body.get("email") or body.get("username") or "")
    if not email:
        raise validation_error(["email or username should not be empty"])
    if body.get("email"):
        check_email(email)
    check_fields(body)
    _check_words(body)
    find_tenant(environment.state, tenant_id)
    given = cast("list[str] | None", body.get("roleIds"))
    membership = Membership(
        role_ids=checked_role_ids(environment, given, tenant_id) if given else roles_of_new_user(environment, tenant_id)
    )
    user = UserRow(
        id=environment.new_id(),
        email=email,
        username=_text(body, "username"),
        password=_text(body, "password"),
        password_hash=_hash(body),
        name=_text(body, "name"),
        phone_number=_text(body, "phoneNumber"),
        profile_picture_url=_text(body, "profilePictureUrl"),
        provider=_text(body, "provider") or "local",
        metadata=parsed_json(body, "metadata"),
        vendor_metadata=parsed_json(body, "vendorMetadata"),
        external_id=_text(body, "externalId"),
        mfa_enrolled=bool(body.get("authenticatorAppMfaSecret") or body.get("phoneNumber")),
        verified=bool(body.get("verifyUser")),
        tenant_id=tenant_id,
        tenant_ids=(),
        created_at=environment.clock.timestamp(),
    ).within(tenant_id, membership)
    check_is_new(environment, {"email": email, "username": user.username})
    environment.state.put_user(user)
    emit_of_user(environment, "created", user, tenant_id)
    return user


def _check_words(body: Body) -> None:
    """Refuse texts that are too long, and values that an enumeration does not contain."""
    problems = [
        f"{name} must be shorter than or equal to {most} characters"
        for name, most in _LONGEST.items()
        if len(_text(body, name) or "") > most
    ]
    for name, words in _WORDS.items():
        known = [each.value for each in words]
        if body.get(name) not in (None, *known):
            problems.append(f"{name} must be one of the following values: {', '.join(known)}")
    if problems:
        raise validation_error(problems)
    parsed_json(body, "passwordHashConfig")


def _hash(body: Body) -> PasswordHash | None:
    hashed, kind = _text(body, "passwordHash"), _text(body, "passwordHashType")
    if hashed is None:
        return None
    return PasswordHash(type=kind or "", hash=hashed, config=_text(body, "passwordHashConfig"))


def _text(body: Body, name: str) -> str | None:
    return cast("str | None", body.get(name))


def bulk_migrate(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create many users at once. For each user who cannot be created, the migration reports an error."""
    users = cast("list[Body]", call.body["users"])
    if not 1 <= len(users) <= MAX_USERS:
        raise validation_error([f"users must contain 1 to {MAX_USERS} elements"])
    errors: list[dict[str, str]] = []
    for user in map(_with_one_address, users):
        try:
            migrate_user(environment, user)
        except RequestRefusedError as refusal:
            errors.append({"email": cast("str", user.get("email") or ""), "message": reason_of(refusal)})
    row = UserMigrationRow(
        id=environment.new_id(),
        started_at=datetime.fromtimestamp(environment.clock.now(), UTC),
        total=len(users),
        errors=tuple(errors),
    )
    environment.state.put(row)
    return EmulatedResponse(status=202, body={"migrationId": row.id})


def _with_one_address(user: Body) -> Body:
    """Return a user of the second version with a single e-mail address: the primary or first address."""
    addresses = sorted(cast("list[Body]", user.get("emails") or ()), key=lambda each: not each["primary"])
    if not addresses:
        return user
    return {**user, "email": addresses[0]["email"], "verifyUser": addresses[0]["verified"]}


def task(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the progress of a migration of many users. The form of the response and the states are assumed."""
    row = find_row(environment.state.table(UserMigrationRow), call.path["migration_id"], "Migration")
    elapsed = environment.clock.now() - row.started_at.timestamp() - PENDING_FOR
    is_over = elapsed >= TAKES
    migrated = row.total - len(row.errors) if is_over else 0
    if is_over:
        state = MigrationStatus.COMPLETED if migrated else MigrationStatus.FAILED
    else:
        state = MigrationStatus.PENDING if elapsed < 0 else MigrationStatus.IN_PROGRESS
    errors = list(row.errors) if is_over else []
    return EmulatedResponse(body={"migrationId": row.id, "state": state, "migratedUsers": migrated, "errors": errors})


def migrate_from_auth0(_environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Migrate no users. The emulator does not call Auth0."""
    return EmulatedResponse(status=201)


RULES = {
    "users.migrate": Rule(run=migrate),
    "users.bulk_migrate": Rule(run=bulk_migrate),
    "users.bulk_migrate_v2": Rule(run=bulk_migrate),
    "users.migrate_from_auth0": Rule(run=migrate_from_auth0),
    "users.get_migration_task": Rule(run=task),
}
