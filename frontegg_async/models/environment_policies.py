"""Request bodies for policies of the whole environment, which the emulator accepts."""

from __future__ import annotations

import enum

import attrs

from frontegg_async._values.value import Value

__all__: list[str] = []


class MfaStrategy(enum.StrEnum):
    """The kinds of second factors."""

    AUTHENTICATOR_APP = "AuthenticatorApp"
    WEB_AUTHN_PLATFORM = "WebAuthnPlatform"
    WEB_AUTHN_CROSS_PLATFORM = "WebAuthnCrossPlatform"
    SMS = "SMS"
    EMAIL_CODE = "EmailCode"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserEmailsPolicyWrite(Value):
    """Whether users may change their e-mail addresses."""

    allow_email_change: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MfaStrategyWrite(Value):
    """Whether users may use a kind of second factor."""

    strategy: MfaStrategy
    is_active: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MfaAppConfig(Value):
    """The settings of authenticator apps."""

    active: bool
    service_name: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MfaSmsConfig(Value):
    """The settings of codes by SMS."""

    active: bool
    token_lifetime_seconds: int


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MfaEmailConfig(Value):
    """The settings of codes by e-mail."""

    active: bool
    token_lifetime_seconds: int
    sender: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MfaConfigWrite(Value):
    """The settings of second factors. Fields that are ``None`` are not sent."""

    authentication_app: MfaAppConfig | None = None
    sms: MfaSmsConfig | None = None
    email: MfaEmailConfig | None = None
