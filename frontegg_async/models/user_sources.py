"""Models of user sources: external systems from which the service gets users when they sign in for the first time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import attrs

from frontegg_async._values.fields import READ
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["UserOfSource", "UserSource", "UserSourceConfiguration"]


def _as_text(value: object) -> object:
    return json.dumps(value) if isinstance(value, Mapping) else value


_JSON_TEXT: Final = {READ: _as_text}


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserSourceConfiguration(Model):
    """The connection of the service to a user source.

    Each type of source has some of the fields. All other fields are ``None``.
    """

    sync_on_login: bool | None = None
    """Whether each sign-in updates the profile of the user."""
    is_migrated: bool | None = None
    """Whether users of the source become users of the environment at sign-in."""
    tenant_config: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    """The choice of the tenant that users join.

    The key ``tenantResolverType`` is ``static``, ``dynamic``, ``new`` or ``from-source``.
    """
    domain: str | None = attrs.field(default=None, repr=False)
    """The domain at Auth0."""
    region: str | None = attrs.field(default=None, repr=False)
    """The AWS region of the Cognito user pool."""
    user_pool_id: str | None = attrs.field(default=None, repr=False)
    """The id of the Cognito user pool."""
    wellknown_url: str | None = attrs.field(default=None, repr=False)
    """The OpenID Connect discovery address of a federated provider."""
    oauth2_config: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    """The addresses and scopes of a federated provider without discovery."""
    client_id: str | None = attrs.field(default=None, repr=False)
    """The client id at the provider."""
    secret: Secret | None = attrs.field(default=None, repr=False)
    """The client secret at Auth0 or a federated provider. ``secret.reveal()`` returns the text."""
    client_secret: Secret | None = attrs.field(default=None, repr=False)
    """The client secret at Cognito."""
    access_key_id: Secret | None = attrs.field(default=None, repr=False)
    """The id of the AWS access key."""
    secret_access_key: Secret | None = attrs.field(default=None, repr=False)
    """The AWS secret access key."""
    api_key: Secret | None = attrs.field(default=None, repr=False)
    """The Firebase API key."""
    service_account: Secret | None = attrs.field(default=None, repr=False, metadata=_JSON_TEXT)
    """The Firebase service account as JSON text, which contains a private key."""
    code_payload: Secret | None = attrs.field(default=None, repr=False)
    """Your own code that signs users in. The code may contain credentials."""
    get_user_code_payload: Secret | None = attrs.field(default=None, repr=False)
    """Your own code that looks users up. The code may contain credentials."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserSource(Model):
    """A user source of an environment."""

    id: str
    """The id of the user source."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name that people see."""
    type: str | None = None
    """The kind of external system. Frontegg's API reference lists no values."""
    app_ids: tuple[str, ...]
    """The ids of the applications whose users come from this source."""
    index: int | None = attrs.field(default=None, repr=False)
    """The position among the user sources."""
    users_count: int | None = attrs.field(default=None, repr=False)
    """The number of users of the source. The method ``get`` does not return this number, so it is ``None``."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description of the source."""
    configuration: UserSourceConfiguration | None = attrs.field(default=None, repr=False)
    """The connection of the service to the source.

    The configuration has secrets. ``configuration.to_dict(reveal=["secret"])`` shows the field ``secret``, for example.
    """
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserOfSource(Model):
    """A user who came from a user source."""

    email: str = attrs.field(repr=False)
    """The e-mail address. `users.get_by_email` returns the user."""
    last_login: datetime | None = attrs.field(default=None, repr=False)
    """The time of the user's last sign-in; ``None`` if the user never signed in."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserSourceCreate(Value):
    """A new user source.

    Each type of source has its own form of ``configuration``, which contains secrets. Fields that are ``None`` are not
    sent.
    """

    name: str = attrs.field(repr=False)
    configuration: Mapping[str, JsonValue] = attrs.field(repr=False, hash=False)
    index: int
    app_ids: tuple[str, ...] | None = None
    description: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserSourceUpdate(Value):
    """The fields of a user source to change. Fields that are ``None`` are not sent."""

    name: str | None = attrs.field(default=None, repr=False)
    configuration: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    index: int | None = None
    description: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserSourceApplications(Value):
    """The applications to add to a user source or to remove from a user source."""

    user_source_id: str
    app_ids: tuple[str, ...]
