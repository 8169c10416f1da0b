"""Tokens and keys, as the service hands them out."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.fields import STRICT
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EnvironmentAuthentication(Value):
    """What an environment authenticates with."""

    client_id: str
    secret: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EnvironmentToken(Value):
    """An environment token and the seconds that it is good for."""

    token: str = attrs.field(repr=False)
    expires_in: float


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class IdentityConfiguration(Value):
    """The identity settings of an environment. The service's ``jwtSecret`` is never kept."""

    public_key: str | None = attrs.field(default=None, repr=False, metadata={STRICT: True})
    jwt_algorithm: str | None = attrs.field(default=None, metadata={STRICT: True})
    api_tokens_enabled: bool | None = None
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwksDocument(Value):
    """A JSON Web Key Set."""

    keys: tuple[Mapping[str, JsonValue], ...] = attrs.field(hash=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
