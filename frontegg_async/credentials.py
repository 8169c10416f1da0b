"""Credentials of self-service clients: the rotating tokens of a session, and API tokens."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final, Literal, TypeAlias, cast, get_args

import attrs

from frontegg_async._values.secret import Secret, hide
from frontegg_async._values.value import Value
from frontegg_async.errors import ConfigurationError

__all__ = ["ApiToken", "Renewal", "RotatingTokens", "RotationHook", "SecretSource", "TokenFunction", "TokenPair"]

_VISIBLE: Final = re.compile(r"[!-~]+", re.ASCII)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TokenPair(Value):
    """The tokens of a user's session, for your store. The refresh token gives full access to the session."""

    access_token: str = attrs.field(repr=False)
    """The JWT that authenticates calls."""
    refresh_token: str = attrs.field(repr=False)
    """The token for the next refresh. It can be used once."""
    expires_in: float
    """The lifetime of the access token in seconds."""


SecretSource: TypeAlias = str | Callable[[], str] | Callable[[], Awaitable[str]]
"""The secret of an environment, or a function that returns the secret.

The client calls the function for each authentication.
"""

TokenFunction: TypeAlias = Callable[[], str] | Callable[[], Awaitable[str]]
"""A function that returns the user token of a call.

A plain function runs in a thread for a blocking client. For an asyncio client it runs on the event loop, where it must
not block.
"""

RotationHook: TypeAlias = Callable[[TokenPair], None] | Callable[[TokenPair], Awaitable[None]]
"""A function, plain or ``async``, that receives each new pair of tokens, to store the pair."""

Renewal: TypeAlias = Literal["exchange", "refresh"]
"""The way to renew the session of an API token: an exchange of its secret, or its refresh token."""


class RotatingTokens:
    """The tokens of a user's session. The client refreshes the pair before it expires; each refresh returns a new pair.

    A refresh token can be used once. Give a pair to one client only. Store each pair that ``on_rotate`` receives, since
    the old pair cannot be refreshed again. In a forked child process, the client of the parent process raises
    `ConfigurationError`.

    Args:
        refresh_token: The refresh token.
        access_token: The access token. Without one, the first call begins with a refresh.
        on_rotate: A function that receives each new pair before any call uses it, one pair at a time. A plain function
            runs in a thread, an ``async`` function runs on the event loop. The function is never cancelled: ``aclose``
            waits at most five seconds for the function. If the function raises, the type of the exception is logged.
            The client uses the new pair even if the function fails or takes longer than the client's ``deadline``.
        vendor_host: The host of the session, for the service's ``frontegg-vendor-host`` header; the host of the
            client's address by default.

    Raises:
        ConfigurationError: An argument is not allowed; the message names the argument.
    """

    __slots__ = ("access_token", "on_rotate", "refresh_token", "vendor_host")

    def __init__(
        self,
        *,
        refresh_token: str,
        access_token: str | None = None,
        on_rotate: RotationHook | None = None,
        vendor_host: str | None = None,
    ) -> None:
        # Keep these texts out of this frame, which is part of an error's traceback.
        refresh, access = hide(refresh_token), hide(access_token)
        del refresh_token, access_token
        if on_rotate is not None and not callable(on_rotate):
            raise ConfigurationError(f"on_rotate must be a function, not {type(on_rotate).__name__}")
        self.refresh_token: Secret = check_hidden(refresh, "refresh_token", most=MAX_TOKEN)
        self.access_token: Secret | None = (
            None if access is None else check_hidden(access, "access_token", most=MAX_TOKEN)
        )
        self.on_rotate: RotationHook | None = on_rotate
        self.vendor_host: str | None = None if vendor_host is None else check_visible(vendor_host, "vendor_host")

    def __repr__(self) -> str:
        return "RotatingTokens(…)"


class ApiToken:
    """An API token (client credentials) of a tenant or of a user.

    The service keeps the 100 newest refresh tokens of an API token. So a client uses only one session for all its
    calls.

    Args:
        client_id: The id of the API token.
        secret: The secret of the API token.
        version: The version of the service's routes, 1 or 2.
        renewal: The way to renew an expiring session: a new ``exchange``, or its ``refresh`` token. With ``refresh``,
            an exchange follows only if the service refuses the refresh token.

    Raises:
        ConfigurationError: An argument is not allowed; the message names the argument.
    """

    __slots__ = ("client_id", "renewal", "secret", "version")

    def __init__(
        self, client_id: str, secret: str, *, version: Literal[1, 2] = 2, renewal: Renewal = "exchange"
    ) -> None:
        hidden = hide(secret)
        del secret
        self.client_id: str = check_visible(client_id, "client_id")
        self.secret: Secret = check_hidden(hidden, "secret")
        if version not in (1, 2) or isinstance(version, bool):
            raise ConfigurationError("version must be 1 or 2")
        if renewal not in get_args(Renewal):
            raise ConfigurationError(f"renewal must be one of {', '.join(get_args(Renewal))}")
        self.version = version
        self.renewal = renewal

    def __repr__(self) -> str:
        return f"ApiToken(client_id={self.client_id!r})"


MAX_TOKEN = 16 * 1024
"""The most characters of a token."""


def check_visible(value: object, setting: str, *, most: int = 1024) -> str:
    """Return a part of a credential after a check that it is plain text.

    Args:
        value: The argument.
        setting: The name of the argument, for messages.
        most: The most characters.

    Raises:
        ConfigurationError: The value is not a text of visible ASCII characters, or is too long.
    """
    if not _is_visible(value, most):
        raise ConfigurationError(_must_be_visible(value, setting, most))
    return cast("str", value)


def check_hidden(value: object, setting: str, *, most: int = 1024) -> Secret:
    """Return the secret part of a credential after a check that it is plain text.

    Args:
        value: The argument, hidden already: the frames of an error's traceback must not contain the text.
        setting: The name of the argument, for messages.
        most: The most characters.

    Raises:
        ConfigurationError: The value is not a text of visible ASCII characters, or is too long.
    """
    if not isinstance(value, Secret) or not _is_visible(value.reveal(), most):
        raise ConfigurationError(_must_be_visible(value, setting, most))
    return value


def _is_visible(value: object, most: int) -> bool:
    return isinstance(value, str) and len(value) <= most and _VISIBLE.fullmatch(value) is not None


def _must_be_visible(value: object, setting: str, most: int) -> str:
    if value is None:
        return f"{setting} must be text, not None: is an environment variable missing?"
    return f"{setting} must be 1 to {most} visible ASCII characters, without spaces and line ends"
