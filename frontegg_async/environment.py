"""`Environment`: what the views of a management client share."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable

from frontegg_async import settings
from frontegg_async.auth.environment import SecretExchange
from frontegg_async.auth.keeper import TokenKeeper
from frontegg_async.auth.windows import Token, make_token
from frontegg_async.endpoints import Auth
from frontegg_async.endpoints.auth import AUTHENTICATE
from frontegg_async.errors import AuthenticationError, ConfigurationError
from frontegg_async.fleet.tokens import SharedToken, TokenStore
from frontegg_async.models.auth import EnvironmentAuthentication
from frontegg_async.options import Options
from frontegg_async.regions import BaseUrl, check_credential_host
from frontegg_async.secret import Secret, hide
from frontegg_async.wire.budget import shared_budget
from frontegg_async.wire.caller import Caller
from frontegg_async.wire.engine import Engine


class Environment:
    """What the views of a client share: the credential, its token, and the engine of its calls.

    Args:
        client_id: The environment's client id.
        secret: Its secret, or what returns it.
        engine: Makes the calls.
        options: The options of authentications.
        token_store: Where the processes of a fleet share the token.
        environment_id: The environment that is meant, if the credential sees several.
    """

    def __init__(
        self,
        client_id: str,
        secret: Secret | Callable[[], str] | Callable[[], Awaitable[str]],
        engine: Engine,
        options: Options,
        *,
        token_store: TokenStore | None = None,
        environment_id: str | None = None,
    ) -> None:
        self.engine = engine
        self._client_id = client_id
        self._secret = secret
        self._clock = engine.clocks.monotonic
        self._caller = Caller(engine, None, options)
        self.exchange: SecretExchange = SecretExchange(
            self._current_secret, self._authenticate, self._clock, account=(engine.base_url.origin, client_id)
        )
        self._shared: SharedToken | None = None
        if token_store is not None:
            account = (engine.base_url.origin, client_id, environment_id or "")
            self._shared = SharedToken(
                token_store, self._current_secret, self.exchange.of, self._clock, account=account
            )
        self.tokens: TokenKeeper = TokenKeeper(
            self._shared or self.exchange,
            self._clock,
            kind="environment token",
            is_strained=lambda: not engine.budget.allows,
            on_refused=self._refuse,
        )
        self._environment_id = environment_id
        self._users: Engine | None = None
        engine.sessions.on_fork(self.tokens.forget_loop)

    def _refuse(self, token: Secret) -> None:
        if self._shared is not None:
            self._shared.refuse(token)

    async def _current_secret(self) -> Secret:
        if isinstance(self._secret, Secret):
            return self._secret
        try:
            given = self._secret()
            secret = hide(await given if inspect.isawaitable(given) else given)
            # The frame is part of an error's traceback, which must not hold the text.
            del given
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises; an exit would end the loop only
            kind = type(error).__name__
        else:
            return self._checked(settings.check_secret_text(secret))
        raise ConfigurationError(f"the function given as secret raised {kind}")

    def _checked(self, secret: Secret) -> Secret:
        check_credential_host(self.engine.base_url, self._client_id, secret, allow_http=True)
        return secret

    async def _authenticate(self, secret: Secret, options: Options | None = None) -> Token:
        requested_at = self._clock()
        try:
            answer = await self._caller.value(
                AUTHENTICATE,
                body=EnvironmentAuthentication(client_id=self._client_id, secret=secret.reveal()),
                options=options,
            )
        except AuthenticationError as refused:
            error = refused
        else:
            return make_token(answer.token, answer.expires_in, requested_at)
        raise AuthenticationError(f"{self.engine.base_url.place} refused the client id or the secret", error.details)

    async def authenticate(self, options: Options) -> float:
        """Get a new token for all views, in a call with these options; return the seconds of its life."""
        self.forget()
        token = await self._authenticate(await self._current_secret(), options)
        self.tokens.adopt(token)
        return token.life

    def forget(self) -> None:
        """Forget the token and that a secret was refused."""
        self.tokens.reset()
        self.exchange.forget()
        if self._shared is not None:
            self._shared.want_new()

    def users(self, base_url: BaseUrl) -> Engine:
        """Return the engine of the calls that users make, over the session of this environment."""
        if self._users is None:
            engine = self.engine
            budget = shared_budget(base_url.origin, self._client_id)
            account = (base_url.origin, self._client_id, self._environment_id or "")
            self._users = Engine(
                base_url,
                Auth.USER,
                {},
                engine.sessions,
                engine.clocks,
                budget=budget,
                rates=None if engine.rates is None else engine.rates.beside(account),
                observers=engine.observers,
            )
        return self._users

    async def close(self) -> None:
        """End everything that is under way."""
        self.tokens.close()
        self.engine.interrupt()
        if self._users is not None:
            self._users.interrupt()
        await self.engine.sessions.close()
