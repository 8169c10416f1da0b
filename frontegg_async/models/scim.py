"""Models of SCIM: connections through which an identity provider manages the users of a tenant."""

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
    """The identity providers of SCIM connections."""

    FRONTEGG = "frontegg"
    """Frontegg itself."""
    OKTA = "okta"
    """Okta."""
    AZURE_AD = "azure-ad"
    """Microsoft Entra ID, formerly Azure AD."""
    OTHER = "other"
    """Another identity provider that supports SCIM 2.0."""


ScimSourceLiteral: TypeAlias = Literal["frontegg", "okta", "azure-ad", "other", "azure_ad"]
"""The values of `ScimSource` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class ScimConfiguration(Model):
    """A connection through which an identity provider creates, changes and deletes the users of a tenant."""

    id: str
    """The id of the configuration."""
    tenant_id: str | None = None
    """The id of the tenant; ``None`` if the response lacks it."""
    connection_name: str | None = None
    """The name that people see."""
    source: ScimSource | str | None = None
    """The identity provider. A value that this version does not know is plain text."""
    sync_to_user_management: bool | None = attrs.field(default=None, repr=False)
    """Whether users of the identity provider become users of the tenant."""
    last_sync: datetime | None = attrs.field(default=None, repr=False)
    """The time of the identity provider's last request; ``None`` if there was no request."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class NewScimConfiguration(Model):
    """A new SCIM configuration. The service returns its token only this once."""

    id: str
    """The id of the configuration, which is part of the address that the identity provider calls."""
    connection_name: str | None = None
    """The name that people see."""
    token: Secret = attrs.field(repr=False)
    """The token that the identity provider sends. ``token.reveal()`` returns the text."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScimConfigurationCreate(Value):
    """A new SCIM configuration. Fields that are ``None`` are not sent."""

    source: ScimSource
    connection_name: str | None = attrs.field(default=None, repr=False)
    sync_to_user_management: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScimConfigurationUpdate(Value):
    """The fields of a SCIM configuration to change."""

    sync_to_user_management: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScimConfigurationDelete(Value):
    """The data to delete together with a SCIM configuration. Fields that are ``None`` are not sent."""

    delete_all: bool | None = None
