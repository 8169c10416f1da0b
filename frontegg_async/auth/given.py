"""User tokens that the application has: one that was given, or whatever a function returns for each call."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import ClassVar, TypeAlias

from frontegg_async.auth.unverified import TokenFacts, check_user_host, read_token
from frontegg_async.errors import ConfigurationError
from frontegg_async.regions import BaseUrl
from frontegg_async.secret import Secret, hide, reveal
from frontegg_async.wire.engine import PinnedToken

TokenFunction: TypeAlias = Callable[[], str] | Callable[[], Awaitable[str]]
"""Returns the user token of a call, plainly or when it is awaited."""


def given_token(token: Secret, base_url: BaseUrl, wall: Callable[[], float], *, allow_http: bool) -> PinnedToken:
    """Return the source of a token that was given.

    Raises:
        ConfigurationError: It is no user's JWT, or must not travel to the address.
    """
    secret, facts = read_token(token.reveal(), "token")
    check_user_host(base_url, "token", is_emulated=facts.is_emulated, allow_http=allow_http)
    return PinnedToken(secret, lambda: facts.remark(wall()), facts.tenant_id)


class TokenOfCall:
    """The token of one call, as the application's function returned it.

    Args:
        function: Returns the token.
        base_url: Where the token goes.
        wall: The time of day.
        allow_http: Whether ``http`` may be used beyond loopback.
    """

    __slots__ = ("_allow_http", "_base_url", "_facts", "_function", "_token", "_wall")

    is_per_call: ClassVar[bool] = True

    def __init__(
        self, function: TokenFunction, base_url: BaseUrl, wall: Callable[[], float], *, allow_http: bool
    ) -> None:
        self._function = function
        self._base_url = base_url
        self._wall = wall
        self._allow_http = allow_http
        self._token: Secret | None = None
        self._facts: TokenFacts | None = None

    @property
    def tenant_id(self) -> str | None:
        """The tenant that the token is for."""
        return None if self._facts is None else self._facts.tenant_id

    def begin(self) -> TokenOfCall:
        """Return the source of another call."""
        return TokenOfCall(self._function, self._base_url, self._wall, allow_http=self._allow_http)

    def current(self) -> Secret | None:
        """Return the token, if the function was asked already."""
        return self._token

    async def fetch(self) -> None:
        """Ask the function.

        Raises:
            ConfigurationError: It raised something, or returned no user's JWT.
        """
        setting = "what the function given as token returned"
        try:
            given = self._function()
            token = hide(await given if inspect.isawaitable(given) else given)
            # The frame is part of an error's traceback, which must not hold the text.
            del given
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises; an exit would end the loop only
            kind = type(error).__name__
        else:
            secret, facts = read_token(reveal(token), setting)
            check_user_host(self._base_url, setting, is_emulated=facts.is_emulated, allow_http=self._allow_http)
            self._token, self._facts = secret, facts
            return
        raise ConfigurationError(f"the function given as token raised {kind}")

    async def replace(self, token: Secret) -> bool:
        """Ask the function again; return whether it has another token than the refused one."""
        await self.fetch()
        return self._token != token

    def reset(self) -> None:
        """Have the function asked again."""
        self._token = None

    def remark(self) -> str:
        """Return what a person should know of the token when the service refuses a call with it."""
        return "" if self._facts is None else self._facts.remark(self._wall())
