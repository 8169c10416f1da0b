"""Models of security policies: rules for the sign-in, the passwords and the sessions of a tenant's users."""

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
    """The rules that define who must sign in with a second factor."""

    DONT_FORCE = "DontForce"
    """Nobody must use a second factor."""
    FORCE = "Force"
    """Everybody must use a second factor."""
    FORCE_EXCEPT_SAML = "ForceExceptSAML"
    """Everybody except users who sign in by SAML must use a second factor."""


MfaEnforcementLiteral: TypeAlias = Literal[
    "DontForce", "Force", "ForceExceptSAML", "dont_force", "force", "force_except_saml"
]
"""The values of `MfaEnforcement` as text."""


class RestrictionType(enum.StrEnum):
    """The effect of a list: only its entries are allowed, or its entries are blocked."""

    ALLOW = "ALLOW"
    """Only the entries of the list are allowed."""
    BLOCK = "BLOCK"
    """Everything except the entries of the list is allowed."""


RestrictionTypeLiteral: TypeAlias = Literal["allow", "block"]
"""The values of `RestrictionType` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class MfaPolicy(Model):
    """A policy that defines who must sign in with a second factor."""

    id: str | None = attrs.field(default=None, repr=False)
    """The id of the policy."""
    enforce: MfaEnforcement | str | None = attrs.field(default=None, metadata=_ENFORCE)
    """The rule. A value that this version does not know is plain text."""
    allow_remember_my_device: bool | None = None
    """Whether a device can be remembered. A remembered device needs no second factor."""
    device_expiration: int | None = attrs.field(default=None, metadata=_EXPIRATION)
    """The time for which a device is remembered, in seconds."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class LockoutPolicy(Model):
    """A policy that locks users out after several wrong passwords."""

    id: str | None = attrs.field(default=None, repr=False)
    """The id of the policy."""
    enabled: bool | None = None
    """Whether users are locked out."""
    max_attempts: int | None = None
    """The number of wrong passwords after which a user is locked out."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class PasswordPolicy(Model):
    """The rules for passwords."""

    min_length: int | None = None
    """The smallest number of characters."""
    max_length: int | None = None
    """The largest number of characters."""
    allow_passphrases: bool | None = None
    """Whether a long password is accepted without the other tests."""
    min_phrase_length: int | None = None
    """The smallest number of characters of a long password."""
    min_optional_tests_to_pass: int | None = None
    """The number of optional tests that a password must pass."""
    block_pwned_passwords: bool | None = None
    """Whether passwords that were published in a leak are refused."""
    optional_tests: Mapping[str, JsonValue] | None = attrs.field(default=None, hash=False)
    """The optional tests: ``requireLowercase``, ``requireUppercase``, ``requireNumbers``, ``requireSpecialChars``."""
    required_tests: Mapping[str, JsonValue] | None = attrs.field(default=None, hash=False)
    """The tests that a password must always pass: ``checkThreeRepeatedChars``."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class PasswordHistoryPolicy(Model):
    """A policy that refuses a new password if the user had the same password before."""

    id: str | None = attrs.field(default=None, repr=False)
    """The id of the policy."""
    enabled: bool | None = None
    """Whether former passwords are refused."""
    history_size: int | None = None
    """The number of former passwords to refuse, 1 to 10."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class PasswordRotationPolicy(Model):
    """A policy that defines how often users must change their passwords."""

    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    """Whether users must change their passwords."""
    rotation_period_minutes: int | None = attrs.field(default=None, metadata=_ROTATION)
    """The number of minutes after which users must change a password."""
    notification_period_minutes: int | None = attrs.field(default=None, metadata=_NOTIFICATION)
    """The number of minutes before the end of the period at which users are notified."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SessionTimeout(Model):
    """A duration after which sessions end."""

    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    """Whether sessions end after this duration."""
    timeout: int | None = None
    """The duration, in seconds."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SessionConcurrency(Model):
    """The limit of concurrent sessions per user."""

    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    """Whether there is a limit."""
    max_sessions: int | None = None
    """The largest number of sessions."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class SessionPolicy(Model):
    """A policy that limits the duration and the number of the sessions of users."""

    idle: SessionTimeout | None = attrs.field(default=None, metadata=_IDLE)
    """The longest time between two requests of a session."""
    lifetime: SessionTimeout | None = attrs.field(default=None, metadata=_TIMEOUT)
    """The longest time from the sign-in to the end of the session."""
    concurrent: SessionConcurrency | None = attrs.field(default=None, metadata=_CONCURRENT)
    """The limit of concurrent sessions per user."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class IpRestriction(Model):
    """An address, or a range of addresses, from which sign-in is allowed or blocked."""

    id: str
    """The id of the restriction, with which you delete it."""
    ip: str | None = None
    """The address, or the range in CIDR notation."""
    mode: RestrictionType | str | None = attrs.field(default=None, metadata=_STRATEGY)
    """The list that contains the restriction. A value that this version does not know is plain text."""
    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    """Whether the restriction applies."""
    description: str | None = attrs.field(default=None, repr=False)
    """The purpose of the restriction."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class IpRestrictionConfig(Model):
    """The choice between the lists of allowed and of blocked addresses."""

    mode: RestrictionType | str | None = attrs.field(default=None, metadata=_STRATEGY)
    """The list that applies. A value that this version does not know is plain text."""
    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    """Whether the list applies."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class EmailDomainRestriction(Model):
    """A domain of e-mail addresses that is allowed or blocked at sign-up."""

    id: str
    """The id of the restriction, with which you delete it."""
    domain: str
    """The domain, such as ``example.com``."""
    mode: RestrictionType | str | None = attrs.field(default=None, metadata=_TYPE)
    """The list that contains the domain. A value that this version does not know is plain text."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class EmailDomainConfig(Model):
    """The choice between the lists of allowed and of blocked domains."""

    enabled: bool | None = attrs.field(default=None, metadata=_ACTIVE)
    """Whether the list applies."""
    mode: RestrictionType | str | None = attrs.field(default=None, metadata={WIRE_NAME: "listType"})
    """The list that applies. A value that this version does not know is plain text."""
    block_public_domains: bool | None = None
    """Whether public domains are blocked. Everybody can get an e-mail address of a public domain."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class CountryRestriction(Model):
    """A country from which sign-in is allowed or blocked."""

    id: str | None = attrs.field(default=None, repr=False)
    """The id of the restriction."""
    country_code: str
    """The code of the country, two letters."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class CountryRestrictionConfig(Model):
    """The effect of the list of countries on the sign-in."""

    id: str | None = attrs.field(default=None, repr=False)
    """The id of the configuration."""
    enabled: bool | None = None
    """Whether the list applies."""
    mode: RestrictionType | str | None = attrs.field(default=None, metadata={WIRE_NAME: "action"})
    """The effect on users in the listed countries. A value that this version does not know is plain text."""
    fail_mode: RestrictionType | str | None = attrs.field(default=None, metadata={WIRE_NAME: "failStrategy"})
    """The effect on users whose country is unknown. A value that this version does not know is plain text."""
    send_email: bool | None = attrs.field(default=None, metadata=_SEND_EMAIL)
    """Whether the service sends an e-mail about a restricted user."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MfaPolicyWrite(Value):
    """The MFA policy to store. Fields that are ``None`` are not sent."""

    enforce: MfaEnforcement | None = attrs.field(default=None, metadata=_ENFORCE)
    allow_remember_my_device: bool | None = None
    device_expiration: int | float | None = attrs.field(default=None, metadata=_EXPIRATION)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LockoutPolicyWrite(Value):
    """The lockout policy to store."""

    enabled: bool
    max_attempts: int | float


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CaptchaPolicyWrite(Value):
    """The captcha policy to store. Fields that are ``None`` are not sent."""

    enabled: bool
    site_key: str
    secret_key: str = attrs.field(repr=False)
    min_score: int | float
    ignored_emails: tuple[str, ...] | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordPolicyWrite(Value):
    """The password policy to store. Fields that are ``None`` are not sent."""

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
    """The password history policy to store."""

    enabled: bool
    history_size: int | float


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordRotationPolicyWrite(Value):
    """The password rotation policy to store. Fields that are ``None`` are not sent."""

    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    rotation_period_minutes: int | float | None = attrs.field(default=None, metadata=_ROTATION)
    notification_period_minutes: int | float | None = attrs.field(default=None, metadata=_NOTIFICATION)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SessionTimeoutWrite(Value):
    """A duration after which sessions end."""

    enabled: bool = attrs.field(metadata=_IS_ACTIVE)
    timeout: int | float


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SessionConcurrencyWrite(Value):
    """The limit of concurrent sessions per user."""

    enabled: bool = attrs.field(metadata=_IS_ACTIVE)
    max_sessions: int | float


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SessionPolicyWrite(Value):
    """The session policy to store. Fields that are ``None`` are not sent."""

    idle: SessionTimeoutWrite | None = attrs.field(default=None, metadata=_IDLE)
    lifetime: SessionTimeoutWrite | None = attrs.field(default=None, metadata=_TIMEOUT)
    concurrent: SessionConcurrencyWrite | None = attrs.field(default=None, metadata=_CONCURRENT)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class IpRestrictionCreate(Value):
    """An address, or a range of addresses, to allow or to block. Fields that are ``None`` are not sent."""

    ip: str
    mode: RestrictionType = attrs.field(metadata=_STRATEGY)
    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)
    description: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class IpRestrictionCreates(Value):
    """Addresses, or ranges of addresses, to allow or to block."""

    ips: tuple[IpRestrictionCreate, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class IpRestrictionConfigWrite(Value):
    """The choice between the lists of allowed and of blocked addresses. Fields that are ``None`` are not sent."""

    mode: RestrictionType | None = attrs.field(default=None, metadata=_STRATEGY)
    enabled: bool | None = attrs.field(default=None, metadata=_IS_ACTIVE)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EmailDomainRestrictionCreate(Value):
    """A domain, and the list to which the domain is added."""

    domain: str
    mode: RestrictionType = attrs.field(metadata=_TYPE)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EmailDomainReplacement(Value):
    """The domains that replace all domains of a list."""

    mode: RestrictionType = attrs.field(metadata=_TYPE)
    domains: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EmailDomainConfigWrite(Value):
    """The choice between the lists of domains.

    Fields that are ``None`` are not sent. The response has another name for the field ``mode``.
    """

    enabled: bool = attrs.field(metadata=_ACTIVE)
    mode: RestrictionType | None = attrs.field(default=None, metadata=_TYPE)
    block_public_domains: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CountryCode(Value):
    """The code of a country, two letters."""

    country_code: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CountryRestrictionsWrite(Value):
    """The countries from which sign-in is allowed or blocked."""

    countries: tuple[CountryCode, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class CountryRestrictionConfigWrite(Value):
    """The effect of the list of countries on the sign-in."""

    enabled: bool
    mode: RestrictionType = attrs.field(metadata={WIRE_NAME: "action"})
    fail_mode: RestrictionType = attrs.field(metadata={WIRE_NAME: "failStrategy"})
    send_email: bool = attrs.field(metadata=_SEND_EMAIL)
