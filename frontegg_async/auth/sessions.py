"""Sessions that renew themselves: of a user, by refresh tokens that rotate, and of an API token."""

from __future__ import annotations

import copy
import inspect
import logging
from typing import Final, TypeAlias

from frontegg_async.auth.environment import SecretExchange
from frontegg_async.auth.keeper import TokenKeeper
from frontegg_async.auth.unverified import TokenFacts, check_user_host, facts_of, read_token
from frontegg_async.auth.windows import Token, make_token
from frontegg_async.credentials import ApiToken, RotatingTokens, TokenPair
from frontegg_async.endpoints import sessions as endpoints
from frontegg_async.errors import AuthenticationError, FronteggError, PermissionDeniedError, ResultLostError
from frontegg_async.models.sessions import ApiTokenAuthentication, SessionTokens, SessionTokensV2, TokenRefresh
from frontegg_async.options import Options
from frontegg_async.regions import EMULATED
from frontegg_async.secret import Secret
from frontegg_async.wire.caller import Caller
from frontegg_async.wire.engine import Engine
from frontegg_async.wire.log import logger

Answer: TypeAlias = SessionTokens | SessionTokensV2

VENDOR_HOST: Final = "frontegg-vendor-host"

_UNKNOWN_LIFE: Final = 300.0
"""Seconds that a token is used of which nobody told how long it is good."""


class Rotation:
    """Gets the tokens of a user's session, each with the refresh token that came with the one before.

    Args:
        credential: The pair to begin with.
        engine: Makes the calls.
        caller: Makes the refreshes.
        allow_http: Whether ``http`` may be used beyond loopback.
    """

    def __init__(self, credential: RotatingTokens, engine: Engine, caller: Caller, *, allow_http: bool) -> None:
        self._hook = credential.on_rotate
        self._refresh_token = credential.refresh_token
        self._engine = engine
        self._caller = caller
        self._facts: TokenFacts | None = None
        self._refusal: AuthenticationError | None = None
        self.keeper: TokenKeeper = TokenKeeper(
            self._fetch,
            engine.clocks.monotonic,
            kind="user token",
            remark=self._remark,
            is_strained=lambda: not engine.budget.allows,
        )
        is_emulated = False
        if credential.access_token is not None:
            is_emulated = self._adopt(credential.access_token)
        check_user_host(engine.base_url, "access_token", is_emulated=is_emulated, allow_http=allow_http)

    def _adopt(self, access_token: Secret) -> bool:
        """Take the token to begin with; return whether it is an emulator's."""
        secret, self._facts = read_token(access_token.reveal(), "access_token")
        clocks = self._engine.clocks
        ends = self._facts.expires_at
        left = _UNKNOWN_LIFE if ends is None else ends - clocks.wall()
        if left > 0:
            self.keeper.adopt(make_token(secret.reveal(), left, clocks.monotonic()))
        return self._facts.is_emulated

    async def _fetch(self) -> Token:
        refusal = self._refusal
        if refusal is not None:
            raise refusal.with_details(refusal.details)
        requested_at = self._engine.clocks.monotonic()
        error: FronteggError
        try:
            answer = await self._caller.value(
                endpoints.REFRESH, body=TokenRefresh(refresh_token=self._refresh_token.reveal())
            )
        except ResultLostError as lost:
            error = ResultLostError(
                f"{lost.message}; the next refresh token was in it, so the user probably has to sign in again",
                lost.details,
            )
        except AuthenticationError as refused:
            # The token is good for one use: what was refused once is refused for ever. A 403 is another matter: a
            # tenant that is locked uses no token up.
            error = self._refusal = AuthenticationError(
                f"{self._engine.base_url.place} refused the refresh token: the user has to sign in again",
                refused.details,
            )
        else:
            return await self._take(answer, requested_at)
        raise error.with_details(error.details)

    async def _take(self, answer: SessionTokens, requested_at: float) -> Token:
        token = make_token(answer.access_token, answer.expires_in, requested_at)
        self._facts = facts_of(answer.access_token)
        if answer.refresh_token:
            self._refresh_token = Secret(answer.refresh_token)
        await self._tell(token)
        return token

    async def _tell(self, token: Token) -> None:
        if self._hook is None:
            return
        pair = TokenPair(
            access_token=token.value.reveal(), refresh_token=self._refresh_token.reveal(), expires_in=token.life
        )
        try:
            done = self._hook(pair)
            if inspect.isawaitable(done):
                await done
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises; an exit would end the loop only
            logger.log(logging.ERROR, "the function given as on_rotate raised %s", type(error).__name__)

    def _remark(self) -> str:
        return "" if self._facts is None else self._facts.remark(self._engine.clocks.wall())


class ApiTokenSession:
    """Gets the tokens of an API token's session.

    Args:
        credential: The API token.
        engine: Makes the calls.
        caller: Makes the exchanges and refreshes.
    """

    def __init__(self, credential: ApiToken, engine: Engine, caller: Caller) -> None:
        self._credential = credential
        self._engine = engine
        self._caller = caller
        self._facts: TokenFacts | None = None
        self._refresh_token: Secret | None = None
        self.exchange: SecretExchange = SecretExchange(
            self._secret,
            self._authenticate,
            engine.clocks.monotonic,
            account=(engine.base_url.origin, "api-token", credential.client_id),
        )
        self.keeper: TokenKeeper = TokenKeeper(
            self.exchange,
            engine.clocks.monotonic,
            kind="user token",
            remark=self._remark,
            is_strained=lambda: not engine.budget.allows,
        )

    async def _secret(self) -> Secret:
        return self._credential.secret

    async def _authenticate(self, secret: Secret) -> Token:
        requested_at = self._engine.clocks.monotonic()
        answer = await self._refresh() or await self._exchange(secret)
        token = make_token(answer.access_token, answer.expires_in, requested_at)
        self._facts = facts_of(answer.access_token)
        if self._credential.renewal == "refresh" and answer.refresh_token:
            self._refresh_token = Secret(answer.refresh_token)
        return token

    async def _refresh(self) -> Answer | None:
        """Return new tokens for the refresh token, if there is one and the service takes it."""
        token, self._refresh_token = self._refresh_token, None
        if token is None:
            return None
        body = TokenRefresh(refresh_token=token.reveal())
        try:
            if self._credential.version == 1:
                return await self._caller.value(endpoints.REFRESH_API_TOKEN_V1, body=body)
            return await self._caller.value(endpoints.REFRESH_API_TOKEN, body=body)
        except (AuthenticationError, PermissionDeniedError, ResultLostError):
            return None

    async def _exchange(self, secret: Secret) -> Answer:
        body = ApiTokenAuthentication(client_id=self._credential.client_id, secret=secret.reveal())
        try:
            if self._credential.version == 1:
                return await self._caller.value(endpoints.EXCHANGE_API_TOKEN_V1, body=body)
            return await self._caller.value(endpoints.EXCHANGE_API_TOKEN, body=body)
        except AuthenticationError as refused:
            error = refused
        raise AuthenticationError(
            f"{self._engine.base_url.place} refused the id or the secret of the API token", error.details
        )

    def _remark(self) -> str:
        return "" if self._facts is None else self._facts.remark(self._engine.clocks.wall())


def session_keeper(
    credential: RotatingTokens | ApiToken, engine: Engine, options: Options, *, allow_http: bool
) -> TokenKeeper:
    """Return what keeps the token of a session.

    Args:
        credential: What the session begins with.
        engine: Makes the calls that need the token.
        options: How the session is renewed.
        allow_http: Whether ``http`` may be used beyond loopback.

    Raises:
        ConfigurationError: The access token is no user's JWT, or the credential must not travel to the address.
    """
    caller = Caller(_for_renewals(engine, credential), None, options)
    if isinstance(credential, RotatingTokens):
        return Rotation(credential, engine, caller, allow_http=allow_http).keeper
    is_emulated = credential.secret.reveal().startswith(EMULATED)
    check_user_host(engine.base_url, "credential", is_emulated=is_emulated, allow_http=allow_http)
    return ApiTokenSession(credential, engine, caller).keeper


def _for_renewals(engine: Engine, credential: RotatingTokens | ApiToken) -> Engine:
    """Return the engine of the calls that renew a session: that of all calls, with a header of their own."""
    host = credential.vendor_host if isinstance(credential, RotatingTokens) else None
    renewals = copy.copy(engine)
    renewals.headers = {**engine.headers, VENDOR_HOST: host or engine.base_url.host}
    return renewals
