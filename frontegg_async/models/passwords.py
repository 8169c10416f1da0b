"""Request bodies for passwords of users."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models.users import UserIdentifier

__all__: list[str] = []


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordChange(Value):
    """The request body to change a password: the present and the new password."""

    password: str = attrs.field(repr=False)
    new_password: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordResetRequest(Value):
    """The request body for a message with which a user sets a new password."""

    identifier: str = attrs.field(repr=False)
    identifier_type: UserIdentifier
    email_metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordResetRequestV1(Value):
    """The same request body in the form that Frontegg's own SDKs send: with only an ``email``."""

    identifier: str | None = attrs.field(default=None, repr=False)
    identifier_type: UserIdentifier | None = None
    email: str | None = attrs.field(default=None, repr=False)
    email_metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordReset(Value):
    """The request body to set a new password: the token of a password reset link, and the password."""

    user_id: str
    token: str = attrs.field(repr=False)
    password: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordResetToken(Value):
    """The request body to check the token of a password reset link."""

    user_id: str
    token: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordResetCode(Value):
    """The request body to check the code of a password reset SMS."""

    otc_token: str = attrs.field(repr=False)
    session_id: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordVerification(Value):
    """The request body to check the password of a user."""

    email: str = attrs.field(repr=False)
    password: str = attrs.field(repr=False)
