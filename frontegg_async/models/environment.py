"""Models of the environment: the identity of the environment to which a credential belongs."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import attrs

from frontegg_async._values.fields import WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async.models.model import Model

__all__ = ["EnvironmentDetails", "EnvironmentType"]


class EnvironmentType(enum.StrEnum):
    """The purposes of environments."""

    DEVELOPMENT = "development"
    """Development."""
    STAGING = "staging"
    """Staging: the last tests before production."""
    QA = "qa"
    """Quality assurance."""
    PRODUCTION = "production"
    """Production: the accounts belong to customers."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class EnvironmentDetails(Model):
    """An environment. The service calls it a vendor."""

    id: str
    """The id of the environment. The tenants of the environment have this id as ``vendor_id``."""
    type: EnvironmentType | str | None = attrs.field(default=None, metadata={WIRE_NAME: "environment"})
    """The purpose: an `EnvironmentType` or an unknown text; ``None`` if the response lacks it."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name of the workspace."""
    environment_name: str | None = None
    """The name of the environment."""
    host: str | None = attrs.field(default=None, repr=False)
    """The subdomain of the environment, to which requests of its users go."""
    custom_domain: str | None = attrs.field(default=None, repr=False)
    """Your own domain that replaces ``host``."""
    account_id: str | None = None
    """The id of the workspace to which the environment belongs."""
    app_url: str | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "appURL"})
    """The address of the application."""
    login_url: str | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "loginURL"})
    """The address of the login page."""
    allowed_origins: tuple[str, ...] | None = attrs.field(default=None, repr=False)
    """The origins from which browsers may send requests to the service."""
    country: str | None = attrs.field(default=None, repr=False)
    """The country of the workspace."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""
