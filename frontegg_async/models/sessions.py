"""Models of sessions: request bodies that start or renew a session of a user or an API token, and the tokens."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime
from typing import Final

import attrs

from frontegg_async._values.fields import READ, WIRE_NAME
from frontegg_async._values.value import Value

_MAX_DATE: Final = 64


def _read_expiry(value: object) -> datetime | None:
    """Parse an HTTP date or an RFC 3339 date-time.

    Return ``None`` for other text, since ``expiresIn`` is sufficient.
    """
    if not isinstance(value, str) or len(value) > _MAX_DATE:
        return None
    for read in (email.utils.parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except Exception:  # noqa: BLE001, S112 - parsedate_to_datetime can raise errors of any type for odd text
            continue
    return None


_EXPIRY: Final = {READ: _read_expiry}


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserLogin(Value):
    """The credentials of a user: a password, and an e-mail address or a user name."""

    password: str = attrs.field(repr=False)
    email: str | None = attrs.field(default=None, repr=False)
    username: str | None = attrs.field(default=None, repr=False)
    invitation_token: str | None = attrs.field(default=None, repr=False)
    recaptcha_token: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TokenRefresh(Value):
    """The refresh token of a user's session. A refresh token works once."""

    refresh_token: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ApiTokenRefresh(Value):
    """The refresh token of an API token's session. A refresh token works once."""

    refresh_token: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ApiTokenAuthentication(Value):
    """The client id and the secret with which an API token authenticates."""

    client_id: str
    secret: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SessionTokens(Value):
    """The tokens of a session, and the lifetime of the access token in seconds.

    ``expires`` is the time at which the session ends, by the service's clock; ``None`` if the response has no valid
    date.
    """

    access_token: str = attrs.field(repr=False)
    refresh_token: str | None = attrs.field(default=None, repr=False)
    expires_in: float
    expires: datetime | None = attrs.field(default=None, metadata=_EXPIRY)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SessionTokensV2(Value):
    """The tokens of a session, with the field names of version 2 of the API token routes."""

    access_token: str = attrs.field(repr=False, metadata={WIRE_NAME: "access_token"})
    refresh_token: str | None = attrs.field(default=None, repr=False, metadata={WIRE_NAME: "refresh_token"})
    expires_in: float = attrs.field(metadata={WIRE_NAME: "expires_in"})
    expires: datetime | None = attrs.field(default=None, metadata=_EXPIRY)
