"""Request bodies to activate users, to accept invitations and to sign up."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value

__all__: list[str] = []


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Activation(Value):
    """The request body to activate a user: the token of the activation link, and the user's password, if needed."""

    user_id: str
    token: str = attrs.field(repr=False)
    password: str | None = attrs.field(default=None, repr=False)
    recaptcha_token: str | None = attrs.field(default=None, repr=False)
    last_terms_check: str | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActivationWithCode(Value):
    """The request body to activate a user with the token of a link and a code that the user received."""

    user_id: str
    token: str = attrs.field(repr=False)
    code: str = attrs.field(repr=False)
    password: str | None = attrs.field(default=None, repr=False)
    recaptcha_token: str | None = attrs.field(default=None, repr=False)
    last_terms_check: str | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActivationEmail(Value):
    """The request body for a new activation link: the e-mail address of the user."""

    email: str = attrs.field(repr=False)
    email_metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InvitationAcceptance(Value):
    """The request body to accept an invitation: the user and the token of the invitation's link."""

    user_id: str
    token: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InvitationAcceptanceWithCode(Value):
    """The request body to accept an invitation with the token of a link and a code that the user received."""

    user_id: str
    token: str = attrs.field(repr=False)
    code: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SignUp(Value):
    """The request body of a sign-up: the person who signs up, and the name of the new tenant."""

    provider: str
    company_name: str
    email: str | None = attrs.field(default=None, repr=False)
    username: str | None = attrs.field(default=None, repr=False)
    name: str | None = attrs.field(default=None, repr=False)
    password: str | None = attrs.field(default=None, repr=False)
    phone_number: str | None = attrs.field(default=None, repr=False)
    profile_picture_url: str | None = attrs.field(default=None, repr=False)
    metadata: str | None = attrs.field(default=None, repr=False)
    role_ids: tuple[str, ...] | None = None
    skip_invite_email: bool | None = None
    email_metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    recaptcha_token: str | None = attrs.field(default=None, repr=False)
    invitation_token: str | None = attrs.field(default=None, repr=False)


class ActivationStrategy(enum.StrEnum):
    """The means by which users activate themselves: a code or a link."""

    CODE = "code"
    LINK = "link"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActivationStrategyUpdate(Value):
    """The request body that chooses how users activate themselves.

    ``code_expiration`` is the lifetime of codes in seconds.
    """

    strategy: ActivationStrategy
    code_expiration: int | float | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InvitationStrategyUpdate(Value):
    """The request body that sets the lifetime of invitation codes, in seconds."""

    code_expiration: int | float | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class OwnTenantToken(Value):
    """The request body for a token: the tenant that the token is for."""

    tenant_id: str
