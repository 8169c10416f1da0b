"""Models of migrations of users, who bring their passwords or the hashes of their passwords from another system."""

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
    """The algorithms that hash passwords."""

    BCRYPT = "bcrypt"
    """bcrypt."""
    SCRYPT = "scrypt"
    """scrypt, whose parameters are in ``password_hash_config``."""
    FIREBASE_SCRYPT = "firebase-scrypt"
    """The scrypt of Firebase, whose parameters are in ``password_hash_config``."""
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
    """The uses of a migrated user's phone number."""

    AUTH = "auth"
    """Sign-in."""
    MFA = "mfa"
    """Second factor."""


PhoneNumberTypeLiteral: TypeAlias = Literal["auth", "mfa"]
"""The values of `PhoneNumberType` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserToMigrate(Value):
    """A user to migrate with `users.bulk_migrate`.

    Fields that are ``None`` are not sent. The ``repr`` never shows a secret.
    """

    tenant_id: str
    """The id of the tenant that the user joins."""
    email: str = attrs.field(repr=False)
    """The e-mail address, at most 256 characters."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name that people see."""
    password: Secret | None = attrs.field(default=None, repr=False, converter=_hidden)
    """The password in plain text, if you know it; not together with ``password_hash``."""
    password_hash: Secret | None = attrs.field(default=None, repr=False, converter=_hidden)
    """The hash of the password. For scrypt: the salt, the salt separator and the key, in this order."""
    password_hash_type: PasswordHashType | PasswordHashTypeLiteral | None = None
    """The algorithm of the hash."""
    password_hash_config: Secret | None = attrs.field(default=None, repr=False, converter=_hidden)
    """The parameters of the hash, as the text of a JSON object, at most 4,095 characters.

    For scrypt the keys are ``saltSeparator``, ``N``, ``r``, ``p`` and ``keyLen``. For Firebase the keys are
    ``memCost``, ``rounds``, ``saltSeparator`` and ``signerKey``.
    """
    mfa_secret: Secret | None = attrs.field(default=None, repr=False, converter=_hidden)
    """The secret of the user's authenticator app."""
    phone_number: str | None = attrs.field(default=None, repr=False)
    """The phone number, such as ``+49301234567``.

    The number must be unique. The service uses the number as a second factor.
    """
    phone_number_type: PhoneNumberType | PhoneNumberTypeLiteral | None = None
    """The use of the phone number."""
    profile_picture_url: str | None = attrs.field(default=None, repr=False)
    """The address of a picture, at most 4,095 characters."""
    provider: str | None = None
    """The provider of the user's sign-in: ``local`` (the default), ``saml``, ``google``, ``github`` and others."""
    metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    """Your own metadata: a JSON object."""
    vendor_metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    """Your own metadata that the user does not see: a JSON object."""
    role_ids: Sequence[str] | None = None
    """The ids of the roles that the user gets in the tenant. By default the service chooses the roles."""
    external_id: str | None = attrs.field(default=None, repr=False)
    """The id of the user in your own system."""
    username: str | None = attrs.field(default=None, repr=False)
    """The user name for the sign-in, at most 128 characters."""
    verify: bool | None = None
    """Whether the e-mail address is marked as verified. `users.mark_verified` can mark the address later."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserMigrationBase(Value):
    """The fields of a user to migrate that both versions of the request have. Fields that are ``None`` are not sent."""

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
    """A user to migrate, in the form of the request. Fields that are ``None`` are not sent."""

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
    """A user to migrate with several e-mail addresses, in the form of the request.

    Fields that are ``None`` are not sent.
    """

    emails: tuple[MigratedEmail, ...] | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserMigrationsV2(Value):
    """The users to migrate, at most 1,000."""

    users: tuple[UserMigrationV2, ...] = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Auth0Migration(Value):
    """The Auth0 tenant whose users are migrated, with the secret of an application of this Auth0 tenant."""

    domain: str
    client_id: str
    secret: str = attrs.field(repr=False)
    tenant_id_field_name: str
    is_tenant_id_on_user_metadata: bool | None = None
