"""Models of user sources: where the users of an environment come from when they sign in for the first time."""

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
    """How the service reaches a user source. Each type of source has some of the fields; the others are ``None``."""

    sync_on_login: bool | None = None
    """Whether each sign-in updates the profile of the user."""
    is_migrated: bool | None = None
    """Whether users become users of the environment when they sign in."""
    tenant_config: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    """The tenant that users join: ``tenantResolverType`` is ``static``, ``dynamic``, ``new`` or ``from-source``."""
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
    """The client secret at Auth0 or a federated provider; ``secret.reveal()`` returns the text."""
    client_secret: Secret | None = attrs.field(default=None, repr=False)
    """The client secret at Cognito."""
    access_key_id: Secret | None = attrs.field(default=None, repr=False)
    """The id of the AWS access key."""
    secret_access_key: Secret | None = attrs.field(default=None, repr=False)
    """The AWS secret access key."""
    api_key: Secret | None = attrs.field(default=None, repr=False)
    """The Firebase API key."""
    service_account: Secret | None = attrs.field(default=None, repr=False, metadata=_JSON_TEXT)
    """The Firebase service account as JSON text, as it holds a private key."""
    code_payload: Secret | None = attrs.field(default=None, repr=False)
    """Custom code that signs users in, which may hold credentials."""
    get_user_code_payload: Secret | None = attrs.field(default=None, repr=False)
    """Custom code that looks users up, which may hold credentials."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserSource(Model):
    """A user source of an environment."""

    id: str
    """The id of the user source."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name that people see."""
    type: str | None = None
    """The kind of provider. The descriptions of the service list no values."""
    app_ids: tuple[str, ...]
    """The ids of the applications whose users come from this source."""
    index: int | None = attrs.field(default=None, repr=False)
    """Its place among the user sources."""
    users_count: int | None = attrs.field(default=None, repr=False)
    """How many users it has; ``None`` from ``get``, which does not tell it."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description that it was given."""
    configuration: UserSourceConfiguration | None = attrs.field(default=None, repr=False)
    """How the service reaches it, with secrets: ``configuration.to_dict(reveal=["secret"])`` shows one of them."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserOfSource(Model):
    """A user whom a user source has brought."""

    email: str = attrs.field(repr=False)
    """The e-mail address; `users.get_by_email` reads the user."""
    last_login: datetime | None = attrs.field(default=None, repr=False)
    """When the user last signed in; ``None`` for never."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserSourceCreate(Value):
    """A new user source. The configuration differs for each type and has secrets. ``None`` is not sent."""

    name: str = attrs.field(repr=False)
    configuration: Mapping[str, JsonValue] = attrs.field(repr=False, hash=False)
    index: int
    app_ids: tuple[str, ...] | None = None
    description: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserSourceUpdate(Value):
    """The fields of a user source to change. ``None`` is not sent."""

    name: str | None = attrs.field(default=None, repr=False)
    configuration: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    index: int | None = None
    description: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserSourceApplications(Value):
    """The applications that a user source gets or loses."""

    user_source_id: str
    app_ids: tuple[str, ...]
