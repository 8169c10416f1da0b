"""Models of the authentication of an environment."""

from __future__ import annotations

import attrs

from frontegg_async._values.value import Value


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EnvironmentAuthentication(Value):
    """The client id and the secret with which an environment authenticates."""

    client_id: str
    secret: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EnvironmentToken(Value):
    """An environment token and its lifetime in seconds."""

    token: str = attrs.field(repr=False)
    expires_in: float
