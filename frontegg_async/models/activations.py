"""Bodies of requests by which people activate themselves, accept invitations and sign up."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value

__all__: list[str] = []


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Activation(Value):
    """The token of a link, and a password where the user has to set one."""

    user_id: str
    token: str = attrs.field(repr=False)
    password: str | None = attrs.field(default=None, repr=False)
    recaptcha_token: str | None = attrs.field(default=None, repr=False)
    last_terms_check: str | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActivationWithCode(Value):
    """The same with the code of a message."""

    user_id: str
    token: str = attrs.field(repr=False)
    code: str = attrs.field(repr=False)
    password: str | None = attrs.field(default=None, repr=False)
    recaptcha_token: str | None = attrs.field(default=None, repr=False)
    last_terms_check: str | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActivationEmail(Value):
    """Who gets a new link to activate itself."""

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
    """A person who signs up, and the name of the tenant."""

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
    """By what users activate themselves."""

    CODE = "code"
    LINK = "link"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActivationStrategyUpdate(Value):
    """Whether users activate themselves by links or by codes."""

    strategy: ActivationStrategy
    code_expiration: int | float | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InvitationStrategyUpdate(Value):
    """How many seconds the codes of invitations are valid."""

    code_expiration: int | float | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class OwnTenantToken(Value):
    """The tenant that a token is for."""

    tenant_id: str
