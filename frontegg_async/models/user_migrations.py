"""Models of migrations of users: people who come from elsewhere with their passwords or the hashes of these."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret, hide
from frontegg_async._values.value import Value

__all__ = [
    "PasswordHashType",
    "PhoneNumberType",
    "UserToMigrate",
]


def _hidden(value: str | Secret | None) -> Secret | None:
    return hide(value)


class PasswordHashType(enum.StrEnum):
    """How a password was hashed."""

    BCRYPT = "bcrypt"
    """bcrypt."""
    SCRYPT = "scrypt"
    """scrypt, whose parameters are in the configuration."""
    FIREBASE_SCRYPT = "firebase-scrypt"
    """The scrypt of Firebase, whose parameters are in the configuration."""
    PBKDF2 = "pbkdf2"
    """PBKDF2."""
    ARGON2 = "argon2"
    """Argon2."""
    SHA256 = "sha256"
    """SHA-256."""
    SHA1 = "sha1"
    """SHA-1."""


PasswordHashTypeLiteral: TypeAlias = Literal[
    "bcrypt", "scrypt", "firebase-scrypt", "pbkdf2", "argon2", "sha256", "sha1", "firebase_scrypt"
]
"""The values of `PasswordHashType` as text."""


class PhoneNumberType(enum.StrEnum):
    """What the phone number of a migrated user is for."""

    AUTH = "auth"
    """To sign in."""
    MFA = "mfa"
    """As a second factor."""


PhoneNumberTypeLiteral: TypeAlias = Literal["auth", "mfa"]
"""The values of `PhoneNumberType` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserToMigrate(Value):
    """A user to migrate, see `users.bulk_migrate`. ``None`` is not sent; no text form shows a secret."""

    tenant_id: str
    """The id of the tenant that the user joins."""
    email: str = attrs.field(repr=False)
    """The e-mail address, at most 256 characters."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name that people see."""
    password: Secret | None = attrs.field(default=None, repr=False, converter=_hidden)
    """The password itself, if you know it; not together with ``password_hash``."""
    password_hash: Secret | None = attrs.field(default=None, repr=False, converter=_hidden)
    """The hash of the password. For scrypt it is salt and key with the salt separator between them."""
    password_hash_type: PasswordHashType | PasswordHashTypeLiteral | None = None
    """How the password was hashed."""
    password_hash_config: Secret | None = attrs.field(default=None, repr=False, converter=_hidden)
    """The parameters of the hash, as the text of a JSON object, at most 4,095 characters.

    For scrypt these are ``saltSeparator``, ``N``, ``r``, ``p`` and ``keyLen``; for Firebase ``memCost``, ``rounds``,
    ``saltSeparator`` and ``signerKey``.
    """
    mfa_secret: Secret | None = attrs.field(default=None, repr=False, converter=_hidden)
    """The secret of the user's authenticator app."""
    phone_number: str | None = attrs.field(default=None, repr=False)
    """The phone number, as ``+49301234567``; it is unique. The service asks for it as a second factor."""
    phone_number_type: PhoneNumberType | PhoneNumberTypeLiteral | None = None
    """What the phone number is for."""
    profile_picture_url: str | None = attrs.field(default=None, repr=False)
    """The address of a picture, at most 4,095 characters."""
    provider: str | None = None
    """What the user signs in with: ``local``, the default, ``saml``, ``google``, ``github`` and so on."""
    metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    """A JSON object of your own."""
    vendor_metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    """A JSON object of your own, which the user does not see."""
    role_ids: Sequence[str] | None = None
    """The ids of the roles that the user gets in the tenant; the service chooses by default."""
    external_id: str | None = attrs.field(default=None, repr=False)
    """The id of the user in your own system."""
    username: str | None = attrs.field(default=None, repr=False)
    """A name to sign in with, at most 128 characters."""
    verify: bool | None = None
    """Whether the e-mail address counts as verified; `users.mark_verified` does that later."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserMigrationBase(Value):
    """What both versions send of a user to migrate. ``None`` is not sent."""

    tenant_id: str
    name: str | None = attrs.field(default=None, repr=False)
    password_hash: str | None = attrs.field(default=None, repr=False)
    password_hash_type: PasswordHashType | None = None
    password_hash_config: str | None = attrs.field(default=None, repr=False)
    authenticator_app_mfa_secret: str | None = attrs.field(default=None, repr=False)
    phone_number: str | None = attrs.field(default=None, repr=False)
    phone_number_type: PhoneNumberType | None = None
    profile_picture_url: str | None = attrs.field(default=None, repr=False)
    provider: str | None = None
    metadata: str | None = attrs.field(default=None, repr=False)
    vendor_metadata: str | None = attrs.field(default=None, repr=False)
    role_ids: tuple[str, ...] | None = None
    external_id: str | None = attrs.field(default=None, repr=False)
    username: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserMigration(UserMigrationBase):
    """A user to migrate, as it is sent. ``None`` is not sent."""

    email: str = attrs.field(repr=False)
    password: str | None = attrs.field(default=None, repr=False)
    verify_user: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserMigrations(Value):
    """The users to migrate, at most 1,000."""

    users: tuple[UserMigration, ...] = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MigratedEmail(Value):
    """An e-mail address of a user to migrate."""

    email: str = attrs.field(repr=False)
    primary: bool
    verified: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserMigrationV2(UserMigrationBase):
    """A user to migrate with several e-mail addresses, as it is sent. ``None`` is not sent."""

    emails: tuple[MigratedEmail, ...] | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserMigrationsV2(Value):
    """The users to migrate, at most 1,000."""

    users: tuple[UserMigrationV2, ...] = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Auth0Migration(Value):
    """The Auth0 tenant whose users are migrated, with the secret of one of its applications."""

    domain: str
    client_id: str
    secret: str = attrs.field(repr=False)
    tenant_id_field_name: str
    is_tenant_id_on_user_metadata: bool | None = None
