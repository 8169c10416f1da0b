"""Models of invitations to tenants. People follow the link of an invitation to join a tenant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from frontegg_async._values.fields import EXPIRES_AT, MAY_BE_EMPTY, NONE_IS_EMPTY, WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["Invitation", "InvitationConfiguration"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Invitation(Model):
    """An invitation to a tenant. Anyone who has the token of the invitation can join the tenant."""

    id: str
    """The id of the invitation, with which you delete it. The id is not secret."""
    token: Secret = attrs.field(repr=False)
    """The token in the link of the invitation. ``token.reveal()`` returns the text."""
    tenant_id: str
    """The id of the tenant that people join."""
    user_id: str | None = None
    """The id of the user who is invited; ``None`` for a general invitation."""
    role_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=NONE_IS_EMPTY)
    """The ids of the roles that people get when they join."""
    send_email: bool | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "shouldSendEmail"})
    """Whether the service sends an e-mail; ``None`` if the response lacks this field."""
    expires_at: datetime | None = attrs.field(default=None, repr=False, metadata=EXPIRES_AT)
    """The time at which the invitation expires; ``None`` if the response lacks it."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name of the tenant; ``None`` if the response lacks it."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The id of the environment."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class InvitationConfiguration(Model):
    """The settings of invitations to the tenants of an environment."""

    tenant_invitations_allowed: bool | None = None
    """Whether people may be invited; ``None`` if the response lacks this field."""
    emails_enabled: bool | None = None
    """Whether the service sends e-mails about invitations; ``None`` if the response lacks this field."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InvitationCreate(Value):
    """The fields of a new invitation to a tenant. Fields that are ``None`` are not sent."""

    tenant_id: str
    user_id: str | None = None
    expires_in_minutes: int | float | None = None
    send_email: bool | None = attrs.field(default=None, metadata={WIRE_NAME: "shouldSendEmail"})
    role_ids: tuple[str, ...] | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserInvitationCreateV1(Value):
    """The fields of a new invitation for a user."""

    expires_in_minutes: int | float
    send_email: bool = attrs.field(metadata={WIRE_NAME: "shouldSendEmail"})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserInvitationCreate(UserInvitationCreateV1):
    """The fields of a new invitation for a user, with roles."""

    role_ids: tuple[str, ...] = attrs.field(metadata={MAY_BE_EMPTY: True})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserInvitationUpdate(Value):
    """The fields of a user's invitation to change. Fields that are `UNSET` are not sent."""

    expires_in_minutes: int | float | Unset = UNSET
    send_email: bool | Unset = attrs.field(default=UNSET, metadata={WIRE_NAME: "shouldSendEmail"})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InvitationVerification(Value):
    """The request body to verify an invitation: the token of the invitation."""

    token: str = attrs.field(repr=False)
