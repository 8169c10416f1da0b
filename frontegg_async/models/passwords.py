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
    """The present and the new password of a user."""

    password: str = attrs.field(repr=False)
    new_password: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordResetRequest(Value):
    """The user who needs a message to set a new password."""

    identifier: str = attrs.field(repr=False)
    identifier_type: UserIdentifier
    email_metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordResetRequestV1(Value):
    """The user who needs a message to set a new password, as shipped clients send it: with only an ``email``."""

    identifier: str | None = attrs.field(default=None, repr=False)
    identifier_type: UserIdentifier | None = None
    email: str | None = attrs.field(default=None, repr=False)
    email_metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordReset(Value):
    """The token of a password reset link, and the new password."""

    user_id: str
    token: str = attrs.field(repr=False)
    password: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordResetToken(Value):
    """The token of a password reset link."""

    user_id: str
    token: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordResetCode(Value):
    """The code of a password reset SMS."""

    otc_token: str = attrs.field(repr=False)
    session_id: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PasswordVerification(Value):
    """The e-mail address and the password of a user."""

    email: str = attrs.field(repr=False)
    password: str = attrs.field(repr=False)
