"""The rules of migrations of users: people who come with a password or with the hash of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.roles.of_users import checked_role_ids, roles_of_new_user
from frontegg_async.emulator.services.support.common import find_tenant
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.users import shapes as user_shapes
from frontegg_async.emulator.services.users.writes import check_email, check_fields, emit_of_user, parsed_json
from frontegg_async.emulator.store.user_rows import Membership, PasswordHash, UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.models.user_migrations import PasswordHashType, PhoneNumberType

_LONGEST: Final[Mapping[str, int]] = {"username": 128, "passwordHashConfig": 4_095}
_WORDS: Final = {"passwordHashType": PasswordHashType, "phoneNumberType": PhoneNumberType}

Body = Mapping[str, JsonValue]


def migrate(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a user with a password or its hash, without an invitation."""
    user = migrate_user(environment, call.body)
    return EmulatedResponse(status=201, body=user_shapes.whole(environment, user, user.tenant_id))


def migrate_user(environment: EmulatedEnvironment, body: Body) -> UserRow:
    """Return the migrated user, who is stored. An address or a user name that is taken is refused, which is assumed.

    Raises:
        RequestRefusedError: 400 for a field that is not allowed, 404 for an unknown tenant, 409 for a taken name.
    """
    tenant_id, email = cast("str", body["tenantId"]), cast("str", body["email"])
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
    if any(environment.state.users_named(login) for login in (email, user.username) if login):
        raise service_error(409, "User already exists")
    environment.state.put_user(user)
    emit_of_user(environment, "created", user, tenant_id)
    return user


def _check_words(body: Body) -> None:
    """Refuse texts that are too long, and words that there are not.

    Raises:
        RequestRefusedError: 400.
    """
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


RULES = {
    "users.migrate": Rule(run=migrate),
}
