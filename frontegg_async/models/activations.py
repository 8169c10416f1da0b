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
    """The token of an activation link, and a password if the user must set one."""

    user_id: str
    token: str = attrs.field(repr=False)
    password: str | None = attrs.field(default=None, repr=False)
    recaptcha_token: str | None = attrs.field(default=None, repr=False)
    last_terms_check: str | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActivationWithCode(Value):
    """An activation with the code of a message in addition to the token."""

    user_id: str
    token: str = attrs.field(repr=False)
    code: str = attrs.field(repr=False)
    password: str | None = attrs.field(default=None, repr=False)
    recaptcha_token: str | None = attrs.field(default=None, repr=False)
    last_terms_check: str | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActivationEmail(Value):
    """The e-mail address of a user who needs a new activation link."""

    email: str = attrs.field(repr=False)
    email_metadata: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InvitationAcceptance(Value):
    """The token of an invitation."""

    user_id: str
    token: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InvitationAcceptanceWithCode(Value):
    """The token of an invitation, and the code of a message."""

    user_id: str
    token: str = attrs.field(repr=False)
    code: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SignUp(Value):
    """A person who signs up, and the name of the new tenant."""

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
    """The means by which users activate themselves."""

    CODE = "code"
    LINK = "link"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActivationStrategyUpdate(Value):
    """The means by which users activate themselves, and the lifetime of codes in seconds."""

    strategy: ActivationStrategy
    code_expiration: int | float | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InvitationStrategyUpdate(Value):
    """The lifetime of the codes of invitations, in seconds."""

    code_expiration: int | float | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class OwnTenantToken(Value):
    """The tenant for which a token is requested."""

    tenant_id: str
