"""Models of the environment: which one a credential belongs to."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import attrs

from frontegg_async._values.fields import WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async.models.model import Model

__all__ = ["EnvironmentDetails", "EnvironmentType"]


class EnvironmentType(enum.StrEnum):
    """What an environment is for."""

    DEVELOPMENT = "development"
    """Development."""
    STAGING = "staging"
    """The last tests before production."""
    QA = "qa"
    """Tests of quality."""
    PRODUCTION = "production"
    """Production: its accounts are those of customers."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class EnvironmentDetails(Model):
    """An environment, which the service calls a vendor."""

    id: str
    """The id of the environment, the ``vendor_id`` of its tenants."""
    type: EnvironmentType | str | None = attrs.field(default=None, metadata={WIRE_NAME: "environment"})
    """An `EnvironmentType`, a text that this version does not know, or ``None`` where the service does not say."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name of the workspace."""
    environment_name: str | None = None
    """What people call the environment."""
    host: str | None = attrs.field(default=None, repr=False)
    """The sub-domain of the environment, where calls of its users go."""
    custom_domain: str | None = attrs.field(default=None, repr=False)
    """A domain of your own that replaces ``host``."""
    account_id: str | None = None
    """The id of the workspace that the environment belongs to."""
    app_url: str | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "appURL"})
    """The address of the application."""
    login_url: str | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "loginURL"})
    """The address of the login page."""
    allowed_origins: tuple[str, ...] | None = attrs.field(default=None, repr=False)
    """The origins from which browsers may call the service."""
    country: str | None = attrs.field(default=None, repr=False)
    """The country of the workspace."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""
