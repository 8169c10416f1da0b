"""Models of invitations to tenants: links by which people join a tenant."""

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
    """An invitation to a tenant. Whoever has its token can join the tenant."""

    id: str
    """The id of the invitation, by which it is deleted; not secret."""
    token: Secret = attrs.field(repr=False)
    """What the link has that people follow to join. ``token.reveal()`` returns the text."""
    tenant_id: str
    """The id of the tenant that people join."""
    user_id: str | None = None
    """The id of the user whose invitation it is; ``None`` for a general one."""
    role_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=NONE_IS_EMPTY)
    """The ids of the roles that people get who join."""
    send_email: bool | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "shouldSendEmail"})
    """Whether the service sends an e-mail; ``None`` where it does not say."""
    expires_at: datetime | None = attrs.field(default=None, repr=False, metadata=EXPIRES_AT)
    """When nobody can join by it any more; ``None`` where the service does not say."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name of the tenant, where the service tells it."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The id of the environment."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class InvitationConfiguration(Model):
    """Whether people may be invited to the tenants of an environment."""

    tenant_invitations_allowed: bool | None = None
    """Whether they may; ``None`` where the service does not say."""
    emails_enabled: bool | None = None
    """Whether the service sends e-mails about it; ``None`` where it does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InvitationCreate(Value):
    """The fields of a new invitation to a tenant. ``None`` is not sent."""

    tenant_id: str
    user_id: str | None = None
    expires_in_minutes: int | float | None = None
    send_email: bool | None = attrs.field(default=None, metadata={WIRE_NAME: "shouldSendEmail"})
    role_ids: tuple[str, ...] | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserInvitationCreateV1(Value):
    """The fields of a new invitation of a user."""

    expires_in_minutes: int | float
    send_email: bool = attrs.field(metadata={WIRE_NAME: "shouldSendEmail"})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserInvitationCreate(UserInvitationCreateV1):
    """The fields of a new invitation of a user, with roles."""

    role_ids: tuple[str, ...] = attrs.field(metadata={MAY_BE_EMPTY: True})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserInvitationUpdate(Value):
    """The fields of an invitation of a user to change. What is `UNSET` is not sent."""

    expires_in_minutes: int | float | Unset = UNSET
    send_email: bool | Unset = attrs.field(default=UNSET, metadata={WIRE_NAME: "shouldSendEmail"})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InvitationVerification(Value):
    """The token of an invitation."""

    token: str = attrs.field(repr=False)
