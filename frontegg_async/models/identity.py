"""Models of the identity settings of an environment: the settings, and the public keys of its user tokens."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.fields import STRICT
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["IdentityConfiguration"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class IdentityConfiguration(Model):
    """The identity settings of an environment. The client discards the secret ``jwtSecret`` of the response."""

    public_key: str | None = attrs.field(default=None, repr=False, metadata={STRICT: True})
    """The key that verifies the environment's user tokens, in PEM form; ``None`` if the response has no key."""
    jwt_algorithm: str | None = attrs.field(default=None, metadata={STRICT: True})
    """The algorithm of the tokens: ``RS256``, or ``HS256`` in a few environments."""
    api_tokens_enabled: bool | None = None
    """Whether API tokens and access tokens are enabled; ``None`` if the response lacks this field."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON.

    ``jwtSecret`` is never included, since it is a secret.
    """


@attrs.frozen(kw_only=True, eq=False, repr=False)
class JwksDocument(Value):
    """A JSON Web Key Set."""

    keys: tuple[Mapping[str, JsonValue], ...] = attrs.field(hash=False)
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
