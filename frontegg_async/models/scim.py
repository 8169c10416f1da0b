"""Models of SCIM: how an identity provider provisions the users of a tenant."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["NewScimConfiguration", "ScimConfiguration", "ScimSource"]


class ScimSource(enum.StrEnum):
    """The identity provider."""

    FRONTEGG = "frontegg"
    """Frontegg itself."""
    OKTA = "okta"
    """Okta."""
    AZURE_AD = "azure-ad"
    """Microsoft Entra ID, which was called Azure AD."""
    OTHER = "other"
    """Another one that speaks SCIM 2.0."""


ScimSourceLiteral: TypeAlias = Literal["frontegg", "okta", "azure-ad", "other", "azure_ad"]
"""The values of `ScimSource` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class ScimConfiguration(Model):
    """A connection by which an identity provider creates, changes and deletes the users of a tenant."""

    id: str
    """The id of the configuration."""
    tenant_id: str | None = None
    """The id of the tenant; ``None`` where the service does not say."""
    connection_name: str | None = None
    """The name that people see."""
    source: ScimSource | str | None = None
    """The identity provider; text if the service adds one."""
    sync_to_user_management: bool | None = attrs.field(default=None, repr=False)
    """Whether its users become users of the tenant."""
    last_sync: datetime | None = attrs.field(default=None, repr=False)
    """When the identity provider last called; ``None`` if it never did."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class NewScimConfiguration(Model):
    """A new SCIM configuration. The service returns its token only this once."""

    id: str
    """The id of the configuration, which is also in the address that the identity provider calls."""
    connection_name: str | None = None
    """The name that people see."""
    token: Secret = attrs.field(repr=False)
    """The token that the identity provider sends. ``token.reveal()`` returns the text."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScimConfigurationCreate(Value):
    """A new SCIM configuration. ``None`` is not sent."""

    source: ScimSource
    connection_name: str | None = attrs.field(default=None, repr=False)
    sync_to_user_management: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScimConfigurationUpdate(Value):
    """What can be changed of a SCIM configuration."""

    sync_to_user_management: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScimConfigurationDelete(Value):
    """What goes with a SCIM configuration that is deleted. ``None`` is not sent."""

    delete_all: bool | None = None
