"""Token sources for user tokens of the application: a fixed token, or a function that is called for each call."""

from __future__ import annotations

import contextvars
import inspect
import threading
from collections.abc import Awaitable, Callable
from typing import ClassVar, Final, cast

from frontegg_async._core.auth.application_functions import FunctionError, FunctionThreads, is_async, run_async
from frontegg_async._core.auth.unverified_claims import TokenFacts, check_user_host, parse_user_token
from frontegg_async._core.call.context import PinnedToken
from frontegg_async._core.runtime.caller_warnings import calling_thread
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.secret import Hidden, Secret, hide, reveal
from frontegg_async.credentials import TokenFunction
from frontegg_async.errors import ConfigurationError
from frontegg_async.regions import BaseUrl

MOST_THREADS: Final = 64
"""The largest number of concurrent calls of a client's plain token function. Further calls wait."""


@without_frames
def given_token(token: Secret, base_url: BaseUrl, wall: Callable[[], float], *, allow_http: bool) -> PinnedToken:
    """Return the source of a fixed token.

    Raises:
        ConfigurationError: The token is not a user's JWT, or the token must not be sent to this address.
    """
    secret, facts = parse_user_token(token.reveal(), "token")
    check_user_host(base_url, "token", is_emulated=facts.is_emulated, allow_http=allow_http)
    return PinnedToken(secret, lambda: facts.hint(wall()), facts.tenant_id)


class TokenOfCall:
    """The token source of one call. It calls a function of the application.

    Args:
        function: Returns the token.
        base_url: The address to which the token is sent.
        wall: Returns the current time in seconds of the epoch.
        allow_http: Whether ``http`` is allowed for addresses other than loopback.
        threads: The threads in which a blocking client calls a plain function. New threads by default.
    """

    __slots__ = ("_allow_http", "_base_url", "_facts", "_function", "_threads", "_token", "_wall")

    is_per_call: ClassVar[bool] = True

    def __init__(
        self,
        function: TokenFunction,
        base_url: BaseUrl,
        wall: Callable[[], float],
        *,
        allow_http: bool,
        threads: FunctionThreads | None = None,
    ) -> None:
        self._threads = FunctionThreads(MOST_THREADS) if threads is None else threads
        self._function = function
        self._base_url = base_url
        self._wall = wall
        self._allow_http = allow_http
        self._token: Secret | None = None
        self._facts: TokenFacts | None = None

    @property
    def tenant_id(self) -> str | None:
        """The tenant of the token. ``None`` until the function has returned a token."""
        return None if self._facts is None else self._facts.tenant_id

    def begin(self) -> TokenOfCall:
        """Return a source for another call."""
        return TokenOfCall(
            self._function, self._base_url, self._wall, allow_http=self._allow_http, threads=self._threads
        )

    def current(self) -> Secret | None:
        """Return the token, or ``None`` if the function has not returned a token yet."""
        return self._token

    async def fetch(self) -> bool:
        """Call the function and store its token. Return ``True``.

        Raises:
            ConfigurationError: The function raised an exception, or did not return a JWT of a user.
        """
        setting = "what the function given as token returned"
        try:
            token = hide((await self._ask()).reveal())
        except FunctionError as error:
            kind = error.kind
        else:
            secret, facts = parse_user_token(reveal(token), setting)
            check_user_host(self._base_url, setting, is_emulated=facts.is_emulated, allow_http=self._allow_http)
            self._token, self._facts = secret, facts
            return True
        raise ConfigurationError(f"the function given as token raised {kind}")

    async def _ask(self) -> Hidden[str]:
        """Call the function and return its result in a `Hidden`."""
        context = contextvars.copy_context()
        if is_async(self._function):
            return await run_async(cast("Callable[[], Awaitable[str]]", self._function), context)
        plain = cast("Callable[[], str | Awaitable[str]]", self._function)
        thread = calling_thread.get()
        if thread is None or thread == threading.get_ident():
            returned = _call(plain)
        else:
            # A blocking client runs this code in its own event loop, which must stay free for other calls.
            returned = Hidden(await self._threads.run(plain, context.copy()))
        value = returned.reveal()
        if inspect.isawaitable(value):
            return await run_async(lambda: value, context)
        return cast("Hidden[str]", returned)

    async def replace(self, token: Secret) -> bool:
        """Call the function again. Return whether the new token differs from the refused one."""
        await self.fetch()
        return self._token != token

    @property
    def is_unproven(self) -> bool:
        """``False``, because the function may return another token each time."""
        return False

    def prove(self) -> None:
        """Do nothing, because the function is called again when its token is refused."""

    def reset(self) -> None:
        """Discard the token, so that the function is called again."""
        self._token = None

    def hint(self) -> str:
        """Return a hint about the token for the message of an error when the service refuses a call."""
        return "" if self._facts is None else self._facts.hint(self._wall())


def _call(function: Callable[[], str | Awaitable[str]]) -> Hidden[str | Awaitable[str]]:
    try:
        return Hidden(function())
    except (Exception, SystemExit) as error:  # noqa: BLE001 - an exit would end the loop instead of the program
        kind = type(error).__name__
    raise FunctionError(kind)
