"""Models of security policies: how the users of a tenant sign in, and from where."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias

import attrs

from frontegg_async._values.fields import WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = [
    "CountryRestriction",
    "CountryRestrictionConfig",
    "EmailDomainConfig",
    "EmailDomainRestriction",
    "IpRestriction",
    "IpRestrictionConfig",
    "LockoutPolicy",
    "MfaEnforcement",
    "MfaPolicy",
    "PasswordHistoryPolicy",
    "PasswordPolicy",
    "PasswordRotationPolicy",
    "RestrictionType",
    "SessionConcurrency",
    "SessionPolicy",
    "SessionTimeout",
]

_ENFORCE: Final = {WIRE_NAME: "enforceMFAType"}
_EXPIRATION: Final = {WIRE_NAME: "mfaDeviceExpiration"}
_IDLE: Final = {WIRE_NAME: "sessionIdleTimeoutConfiguration"}
_TIMEOUT: Final = {WIRE_NAME: "sessionTimeoutConfiguration"}
_SEND_EMAIL: Final = {WIRE_NAME: "shouldSendRestrictionEmail"}
_CONCURRENT: Final = {WIRE_NAME: "sessionConcurrentConfiguration"}
_IS_ACTIVE: Final = {WIRE_NAME: "isActive"}
_ACTIVE: Final = {WIRE_NAME: "active"}
_STRATEGY: Final = {WIRE_NAME: "strategy"}
_TYPE: Final = {WIRE_NAME: "type"}
_ROTATION: Final = {WIRE_NAME: "rotationPeriod"}
_NOTIFICATION: Final = {WIRE_NAME: "notificationPeriod"}


class MfaEnforcement(enum.StrEnum):
    """Which users must sign in with a second factor."""

    DONT_FORCE = "DontForce"
    """Nobody has to."""
    FORCE = "Force"
    """Everybody has to."""
    FORCE_EXCEPT_SAML = "ForceExceptSAML"
    """Everybody has to who does not sign in by SAML."""


MfaEnforcementLiteral: TypeAlias = Literal[
    "DontForce", "Force", "ForceExceptSAML", "dont_force", "force", "force_except_saml"
]
"""The values of `MfaEnforcement` as text."""


class RestrictionType(enum.StrEnum):
    """Whether what is listed is all that is allowed, or all that is not."""

    ALLOW = "ALLOW"
    """Only what is listed is allowed."""
    BLOCK = "BLOCK"
    """All but what is listed is allowed."""


RestrictionTypeLiteral: TypeAlias = Literal["allow", "block"]
"""The values of `RestrictionType` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class MfaPolicy(Model):
    """Which users must sign in with a second factor."""

    id: str | None = attrs.field(default=None, repr=False)
    """The id of the policy."""
    enforce: MfaEnforcement | str | None = attrs.field(default=None, metadata=_ENFORCE)
    """Who has to; text if the service adds a kind."""
    allow_remember_my_device: bool | None = None
    """Whether a device can be remembered, which then needs no second factor."""
    device_expiration: int | None = attrs.field(default=None, metadata=_EXPIRATION)
    """For how many seconds a device is remembered."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was last changed."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class LockoutPolicy(Model):
    """After how many wrong passwords a user is locked out."""

    id: str | None = attrs.field(default=None, repr=False)
    """The id of the policy."""
    enabled: bool | None = None
    """Whether users are locked out."""
    max_attempts: int | None = None
    """The attempts that a user has."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was last changed."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class PasswordPolicy(Model):
    """What a password must be."""

    min_length: int | None = None
    """The fewest characters."""
    max_length: int | None = None
    """The most characters."""
    allow_passphrases: bool | None = None
    """Whether a long password needs to pass no other test."""
    min_phrase_length: int | None = None
    """The fewest characters of a long password."""
    min_optional_tests_to_pass: int | None = None
    """How many of the optional tests it has to pass."""
    block_pwned_passwords: bool | None = None
    """Whether passwords are refused that were published in a leak."""
    optional_tests: Mapping[str, JsonValue] | None = attrs.field(default=None, hash=False)
    """The optional tests: ``requireLowercase``, ``requireUppercase``, ``requireNumbers``, ``requireSpecialChars``."""
    required_tests: Mapping[str, JsonValue] | None = attrs.field(default=None, hash=False)
    """The tests that it always has to pass: ``checkThreeRepeatedChars``."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class PasswordHistoryPolicy(Model):
    """How many former passwords a new one must differ from."""

    id: str | None = attrs.field(default=None, repr=False)
    """The id of the policy."""
    enabled: bool | None = None
    """Whether former passwords are refused."""
    history_size: int | None = None
    """How many former passwords, 1 to 10."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was last changed."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class PasswordRotationPolicy(Model):
    """How often users have to change their password."""

    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    """Whether they have to."""
    rotation_period_minutes: int | None = attrs.field(default=None, metadata=_ROTATION)
    """The minutes after which a password has to be changed."""
    notification_period_minutes: int | None = attrs.field(default=None, metadata=_NOTIFICATION)
    """How many minutes before users are told."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was last changed."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SessionTimeout(Model):
    """A time after which sessions end."""

    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    """Whether they end."""
    timeout: int | None = None
    """The time, in seconds."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SessionConcurrency(Model):
    """How many sessions a user may have at once."""

    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    """Whether there is a limit."""
    max_sessions: int | None = None
    """The limit."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SessionPolicy(Model):
    """When the sessions of users end."""

    idle: SessionTimeout | None = attrs.field(default=None, metadata=_IDLE)
    """After how long without a call of the user they end."""
    lifetime: SessionTimeout | None = attrs.field(default=None, metadata=_TIMEOUT)
    """How long after the sign-in they end."""
    concurrent: SessionConcurrency | None = attrs.field(default=None, metadata=_CONCURRENT)
    """How many a user may have."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class IpRestriction(Model):
    """An address, or a range of addresses, from which users may sign in or may not."""

    id: str
    """The id of the restriction, by which it is deleted."""
    ip: str | None = None
    """The address, or the range in CIDR notation."""
    mode: RestrictionType | str | None = attrs.field(default=None, metadata=_STRATEGY)
    """The list that it is in; text if the service adds a kind."""
    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    """Whether it counts."""
    description: str | None = attrs.field(default=None, repr=False)
    """What it is for."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class IpRestrictionConfig(Model):
    """Which list of addresses counts."""

    mode: RestrictionType | str | None = attrs.field(default=None, metadata=_STRATEGY)
    """The list that counts; text if the service adds a kind."""
    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    """Whether it counts."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class EmailDomainRestriction(Model):
    """A domain whose e-mail addresses users may sign up with or may not."""

    id: str
    """The id of the restriction, by which it is deleted."""
    domain: str
    """The domain."""
    mode: RestrictionType | str | None = attrs.field(default=None, metadata=_TYPE)
    """The list that it is in; text if the service adds a kind."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class EmailDomainConfig(Model):
    """Which list of domains counts."""

    enabled: bool | None = attrs.field(default=None, metadata=_ACTIVE)
    """Whether it counts."""
    mode: RestrictionType | str | None = attrs.field(default=None, metadata={WIRE_NAME: "listType"})
    """The list that counts; text if the service adds a kind."""
    block_public_domains: bool | None = None
    """Whether domains are refused at which everybody may have an address."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class CountryRestriction(Model):
    """A country from which users may sign in or may not."""

    id: str | None = attrs.field(default=None, repr=False)
    """The id of the restriction."""
    country_code: str
    """The code of the country, of two letters."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class CountryRestrictionConfig(Model):
    """What the list of countries means."""

    id: str | None = attrs.field(default=None, repr=False)
    """The id of the configuration."""
    enabled: bool | None = None
    """Whether the list counts."""
    mode: RestrictionType | str | None = attrs.field(default=None, metadata={WIRE_NAME: "action"})
    """What happens to users in the countries of the list; text if the service adds a kind."""
    fail_mode: RestrictionType | str | None = attrs.field(default=None, metadata={WIRE_NAME: "failStrategy"})
    """What happens to users whose country is not known; text if the service adds a kind."""
    send_email: bool | None = attrs.field(default=None, metadata=_SEND_EMAIL)
    """Whether an e-mail tells of who was restricted."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MfaPolicyWrite(Value):
    """An MFA policy. ``None`` is not sent."""

    enforce: MfaEnforcement | None = attrs.field(default=None, metadata=_ENFORCE)
    allow_remember_my_device: bool | None = None
    device_expiration: int | float | None = attrs.field(default=None, metadata=_EXPIRATION)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LockoutPolicyWrite(Value):
    """A lockout policy."""

    enabled: bool
    max_attempts: int | float


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CaptchaPolicyWrite(Value):
    """A captcha policy. ``None`` is not sent."""

    enabled: bool
    site_key: str
    secret_key: str = attrs.field(repr=False)
    min_score: int | float
    ignored_emails: tuple[str, ...] | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordPolicyWrite(Value):
    """A password policy. ``None`` is not sent."""

    min_length: int | float | None = None
    max_length: int | float | None = None
    allow_passphrases: bool | None = None
    min_phrase_length: int | float | None = None
    min_optional_tests_to_pass: int | float | None = None
    block_pwned_passwords: bool | None = None
    optional_tests: Mapping[str, JsonValue] | None = attrs.field(default=None, hash=False)
    required_tests: Mapping[str, JsonValue] | None = attrs.field(default=None, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordHistoryPolicyWrite(Value):
    """A password history policy."""

    enabled: bool
    history_size: int | float


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordRotationPolicyWrite(Value):
    """A password rotation policy. ``None`` is not sent."""

    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    rotation_period_minutes: int | float | None = attrs.field(default=None, metadata=_ROTATION)
    notification_period_minutes: int | float | None = attrs.field(default=None, metadata=_NOTIFICATION)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SessionTimeoutWrite(Value):
    """A time after which sessions end."""

    enabled: bool = attrs.field(metadata=_IS_ACTIVE)
    timeout: int | float


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SessionConcurrencyWrite(Value):
    """How many sessions a user may have at once."""

    enabled: bool = attrs.field(metadata=_IS_ACTIVE)
    max_sessions: int | float


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SessionPolicyWrite(Value):
    """A session policy. ``None`` is not sent."""

    idle: SessionTimeoutWrite | None = attrs.field(default=None, metadata=_IDLE)
    lifetime: SessionTimeoutWrite | None = attrs.field(default=None, metadata=_TIMEOUT)
    concurrent: SessionConcurrencyWrite | None = attrs.field(default=None, metadata=_CONCURRENT)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class IpRestrictionCreate(Value):
    """An address, or a range of addresses. ``None`` is not sent."""

    ip: str
    mode: RestrictionType = attrs.field(metadata=_STRATEGY)
    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    description: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class IpRestrictionCreates(Value):
    """Some addresses, or ranges of addresses."""

    ips: tuple[IpRestrictionCreate, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class IpRestrictionConfigWrite(Value):
    """Which list of addresses counts. ``None`` is not sent."""

    mode: RestrictionType | None = attrs.field(default=None, metadata=_STRATEGY)
    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EmailDomainRestrictionCreate(Value):
    """A domain, and the list that it is put in."""

    domain: str
    mode: RestrictionType = attrs.field(metadata=_TYPE)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EmailDomainReplacement(Value):
    """All domains of a list."""

    mode: RestrictionType = attrs.field(metadata=_TYPE)
    domains: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EmailDomainConfigWrite(Value):
    """Which list of domains counts. ``None`` is not sent; the service reads the list under another name."""

    enabled: bool = attrs.field(metadata=_ACTIVE)
    mode: RestrictionType | None = attrs.field(default=None, metadata=_TYPE)
    block_public_domains: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CountryCode(Value):
    """A country."""

    country_code: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CountryRestrictionsWrite(Value):
    """The countries from which users may sign in or may not."""

    countries: tuple[CountryCode, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CountryRestrictionConfigWrite(Value):
    """What the list of countries means."""

    enabled: bool
    mode: RestrictionType = attrs.field(metadata={WIRE_NAME: "action"})
    fail_mode: RestrictionType = attrs.field(metadata={WIRE_NAME: "failStrategy"})
    send_email: bool = attrs.field(metadata=_SEND_EMAIL)
