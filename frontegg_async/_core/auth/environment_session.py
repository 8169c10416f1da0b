"""`EnvironmentSession`: the credential, token and context that the views of a management client share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, TypeAlias, cast

from frontegg_async._core.auth.application_functions import FunctionError, SharedFunction
from frontegg_async._core.auth.secret_exchange import SecretExchange
from frontegg_async._core.auth.token_cache import TokenCache
from frontegg_async._core.auth.token_windows import Token, make_token
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.call.context import CallContext
from frontegg_async._core.call.retry_budget import shared_budget
from frontegg_async._core.call.single_flight import SingleFlight, caller_context, cancel_together
from frontegg_async._core.checks import settings
from frontegg_async._core.runtime.loops import running_loop
from frontegg_async._values.secret import Secret, hide
from frontegg_async.endpoints import Auth
from frontegg_async.endpoints.auth import AUTHENTICATE
from frontegg_async.errors import (
    AuthenticationError,
    ConfigurationError,
    ErrorDetails,
    FronteggError,
    Outcome,
    RequestTimeoutError,
)
from frontegg_async.models.auth import EnvironmentAuthentication
from frontegg_async.options import Options, ResolvedOptions
from frontegg_async.regions import BaseUrl, check_credential_host

_NOT_RETURNED: Final = "the function given as secret did not return"


class SharedTokenSource(Protocol):
    """A source of the token that several processes share. The package ``fleet`` implements this protocol."""

    def __call__(self) -> Awaitable[Token]:
        """Return the token that this process or another process fetched."""
        ...

    def refuse(self, token: Secret, /) -> None:
        """Never return this token again, because the service refused it."""
        ...

    def want_new(self) -> None:
        """Fetch the next token from the service, even if other processes have a valid token."""
        ...


SharedTokenFactory: TypeAlias = Callable[
    [Callable[[], Awaitable[Secret]], Callable[[Secret], Awaitable[Token]]], SharedTokenSource
]
"""A function that creates a `SharedTokenSource`.

Its first argument is a function that returns the secret. Its second argument exchanges a secret for a token.
"""


class EnvironmentSession:
    """The state that the views of a management client share: the credential, its token, and the context of calls.

    Args:
        client_id: The environment's client id.
        secret: The environment's secret, or a function that returns the secret. A plain function runs in a thread, one
            call at a time.
        context: The context of the calls.
        options: The options of authentication calls.
        share: Creates the token source that several processes share. ``None`` if this process shares no token.
        environment_id: The id of the environment, if the credential has access to several.
    """

    def __init__(
        self,
        client_id: str,
        secret: Secret | Callable[[], str] | Callable[[], Awaitable[str]],
        context: CallContext,
        options: ResolvedOptions,
        *,
        share: SharedTokenFactory | None = None,
        environment_id: str | None = None,
    ) -> None:
        self.context = context
        context.options = options
        self._client_id = client_id
        self._given = secret if isinstance(secret, Secret) else SharedFunction[str](secret)
        self._secret: Secret | None = None
        self._secret_request = SingleFlight(self._ask, "client")
        self._deadline = options.deadline
        self._clock = context.clocks.monotonic
        self._caller = Caller(context, None, options)
        self.exchange: SecretExchange = SecretExchange(
            self._current_secret, self._authenticate, self._clock, account=(context.base_url.origin, client_id)
        )
        self._shared = None if share is None else share(self._current_secret, self.exchange.of)
        self.tokens: TokenCache = TokenCache(
            self._shared or self.exchange,
            self._clock,
            kind="environment token",
            is_strained=lambda: not context.budget.allows,
            on_refused=self._refuse,
            deadline=options.deadline,
            waits_for=lambda: _NOT_RETURNED if self._secret_request.is_under_way else "",
        )
        self._environment_id = environment_id
        self._users: CallContext | None = None
        context.sessions.on_fork(self.tokens.forget_loop)
        context.sessions.on_fork(self._secret_request.forget_loop)

    @property
    def name(self) -> str:
        """The name of the environment in files and messages: the client id and the host, never a secret."""
        name = f"{self._client_id} at {self.context.base_url.origin}"
        return name if self._environment_id is None else f"{self._environment_id} of {name}"

    def _refuse(self, token: Secret) -> None:
        if self._shared is not None:
            self._shared.refuse(token)

    async def _current_secret(self) -> Secret:
        if isinstance(self._given, Secret):
            return self._given
        # `close` and `reset_auth` cancel the call for which all callers wait.
        while True:
            await self._secret_request.join()
            if self._secret is not None:
                return self._secret

    async def _ask(self) -> FronteggError | None:
        """Call the function that returns the secret. If it fails, return an error for the callers."""
        try:
            async with asyncio.timeout(self._deadline):
                returned = await cast("SharedFunction[str]", self._given)(caller_context())
            self._secret = self._checked(settings.check_secret_text(hide(returned.reveal())))
        except FunctionError as error:
            return ConfigurationError(f"the function given as secret raised {error.kind}")
        except FronteggError as error:
            return error.fresh()
        except TimeoutError:
            return RequestTimeoutError(
                f"{_NOT_RETURNED} within {self._deadline:g} s",
                ErrorDetails(reason="deadline", outcome=Outcome.NOT_SENT),
            )
        return None

    def _checked(self, secret: Secret) -> Secret:
        check_credential_host(self.context.base_url, self._client_id, secret, allow_http=True)
        return secret

    async def _authenticate(self, secret: Secret, options: Options | None = None) -> Token:
        requested_at = self._clock()
        try:
            authentication = await self._caller.value(
                AUTHENTICATE,
                body=EnvironmentAuthentication(client_id=self._client_id, secret=secret.reveal()),
                options=options,
            )
        except AuthenticationError as refused:
            error = refused
        else:
            return make_token(authentication.token, authentication.expires_in, requested_at)
        raise AuthenticationError(
            f"{self.context.base_url.place} refused the client id or the secret: "
            "check that both belong to the same environment, and that this address is right",
            error.details,
        )

    async def authenticate(self, options: ResolvedOptions) -> float:
        """Fetch a new token for all views with these options. Return the token's lifetime in seconds."""
        self._forget()
        token = await self._authenticate(await self._secret_in_time(options), options)
        self.tokens.adopt(token)
        return token.life

    async def _secret_in_time(self, options: ResolvedOptions) -> Secret:
        running_loop()
        try:
            async with asyncio.timeout(options.deadline):
                return await self._current_secret()
        except FronteggError:
            raise
        except TimeoutError:
            pass
        raise RequestTimeoutError(
            f"{_NOT_RETURNED} within {options.deadline:g} s", ErrorDetails(reason="deadline", outcome=Outcome.NOT_SENT)
        )

    def reset(self) -> None:
        """Discard the token, and forget refusals of secrets and of routes. Cancel a token request in progress.

        Any thread may call this method. The requests for a secret and for a token are cancelled in the same step of the
        event loop.
        """
        for context in (self.context, self._users):
            if context is not None:
                context.gates.open_all()
                if context.rates is not None:
                    context.rates.open_all()
        self._forget()

    def _forget(self) -> None:
        if isinstance(self._given, SharedFunction):
            self._given.forget()
        self._secret = None
        self.tokens.forget()
        self.exchange.forget()
        if self._shared is not None:
            self._shared.want_new()
        cancel_together(self._secret_request, self.tokens.single_flight)

    def users(self, base_url: BaseUrl) -> CallContext:
        """Return the context for calls with user tokens. These calls share the HTTP session of this environment."""
        if self._users is None:
            context = self.context
            budget = shared_budget(base_url.origin, self._client_id)
            account = (base_url.origin, self._client_id, self._environment_id or "")
            self._users = CallContext(
                base_url,
                Auth.USER,
                {},
                context.sessions,
                context.clocks,
                budget=budget,
                rates=None if context.rates is None else context.rates.for_account(account),
                observers=context.observers,
            )
        return self._users

    async def close(self) -> None:
        """Cancel all calls in progress and close the HTTP session."""
        self.tokens.close()
        self._secret_request.close()
        self.context.interrupt()
        if self._users is not None:
            self._users.interrupt()
        await self.context.sessions.close()
