"""Sessions that renew themselves: of a user, by refresh tokens that rotate, and of an API token."""

from __future__ import annotations

import copy
import os
from typing import Final, TypeAlias

from frontegg_async._core.auth.rotation import RotatingTokenCache, RotationNotifier
from frontegg_async._core.auth.secret_exchange import SecretExchange
from frontegg_async._core.auth.single_flight import caller_context
from frontegg_async._core.auth.token_cache import TokenCache
from frontegg_async._core.auth.token_windows import Token, make_token
from frontegg_async._core.auth.unverified_claims import TokenFacts, check_user_host, facts_of, parse_user_token
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.call.context import CallContext
from frontegg_async._values.secret import Hidden, Secret
from frontegg_async.credentials import ApiToken, RotatingTokens, TokenPair
from frontegg_async.endpoints import sessions as endpoints
from frontegg_async.errors import AuthenticationError, FronteggError, PermissionDeniedError, ResultLostError
from frontegg_async.models.sessions import ApiTokenAuthentication, SessionTokens, SessionTokensV2, TokenRefresh
from frontegg_async.options import ResolvedOptions
from frontegg_async.regions import EMULATED

Answer: TypeAlias = SessionTokens | SessionTokensV2

VENDOR_HOST: Final = "frontegg-vendor-host"

_UNKNOWN_LIFE: Final = 300.0
"""Seconds that a token is used of which nobody told how long it is good."""


class RotatingSession:
    """Gets the tokens of a user's session, each with the refresh token that came with the one before.

    Args:
        credential: The pair to begin with.
        context: Makes the calls.
        caller: Makes the refreshes.
        deadline: The seconds for which ``on_rotate`` is waited for; ``None`` for no limit.
        allow_http: Whether ``http`` may be used beyond loopback.
    """

    def __init__(
        self,
        credential: RotatingTokens,
        context: CallContext,
        caller: Caller,
        *,
        deadline: float | None,
        allow_http: bool,
    ) -> None:
        self._notifier = RotationNotifier(credential.on_rotate, deadline)
        self._refresh_token = credential.refresh_token
        self._context = context
        self._caller = caller
        self._facts: TokenFacts | None = None
        self._refusal: AuthenticationError | None = None
        self.token_cache: TokenCache = RotatingTokenCache(
            self._fetch,
            context.clocks.monotonic,
            hint=self._hint,
            is_strained=lambda: not context.budget.allows,
            notifier=self._notifier,
        )
        is_emulated = False
        if credential.access_token is not None:
            is_emulated = self._adopt(credential.access_token)
        check_user_host(context.base_url, "access_token", is_emulated=is_emulated, allow_http=allow_http)

    def _adopt(self, access_token: Secret) -> bool:
        """Take the token to begin with; return whether it is an emulator's."""
        secret, self._facts = parse_user_token(access_token.reveal(), "access_token")
        clocks = self._context.clocks
        ends = self._facts.expires_at
        left = _UNKNOWN_LIFE if ends is None else ends - clocks.wall()
        if left > 0:
            self.token_cache.adopt(make_token(secret.reveal(), left, clocks.monotonic()))
        return self._facts.is_emulated

    async def _fetch(self) -> Token:
        refusal = self._refusal
        if refusal is not None:
            raise refusal.fresh()
        requested_at = self._context.clocks.monotonic()
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
                f"{self._context.base_url.place} refused the refresh token: the user has to sign in again",
                refused.details,
            )
        else:
            return await self._take(answer, requested_at)
        raise error.fresh()

    async def _take(self, answer: SessionTokens, requested_at: float) -> Token:
        if answer.refresh_token:
            # First of all: the one before is used up, also when the access token turns out to be of no use.
            self._refresh_token = Secret(answer.refresh_token)
        token = make_token(answer.access_token, answer.expires_in, requested_at)
        self._facts = facts_of(answer.access_token)
        pair = Hidden(
            TokenPair(
                access_token=token.value.reveal(), refresh_token=self._refresh_token.reveal(), expires_in=token.life
            )
        )
        await self._notifier.notify(pair, caller_context())
        return token

    def _hint(self) -> str:
        return "" if self._facts is None else self._facts.hint(self._context.clocks.wall())


class ApiTokenSession:
    """Gets the tokens of an API token's session.

    Args:
        credential: The API token.
        context: Makes the calls.
        caller: Makes the exchanges and refreshes.
        deadline: The seconds that a renewal may take; ``None`` for no limit.
    """

    def __init__(self, credential: ApiToken, context: CallContext, caller: Caller, *, deadline: float | None) -> None:
        self._credential = credential
        self._context = context
        self._caller = caller
        self._facts: TokenFacts | None = None
        self._refresh_token: Secret | None = None
        self._process = os.getpid()
        self.exchange: SecretExchange = SecretExchange(
            self._secret,
            self._authenticate,
            context.clocks.monotonic,
            account=(context.base_url.origin, "api-token", credential.client_id),
        )
        self.token_cache: TokenCache = TokenCache(
            self.exchange,
            context.clocks.monotonic,
            kind="user token",
            hint=self._hint,
            is_strained=lambda: not context.budget.allows,
            deadline=deadline,
        )

    async def _secret(self) -> Secret:
        return self._credential.secret

    async def _authenticate(self, secret: Secret) -> Token:
        requested_at = self._context.clocks.monotonic()
        answer = await self._refresh() or await self._exchange(secret)
        token = make_token(answer.access_token, answer.expires_in, requested_at)
        self._facts = facts_of(answer.access_token)
        if self._credential.renewal == "refresh" and answer.refresh_token:
            self._refresh_token = Secret(answer.refresh_token)
        return token

    async def _refresh(self) -> Answer | None:
        """Return new tokens for the refresh token, if there is one and the service takes it."""
        token, self._refresh_token = self._refresh_token, None
        if self._process != os.getpid():
            # It is good for one use, and that is the parent's, from which this process was forked.
            token, self._process = None, os.getpid()
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
            f"{self._context.base_url.place} refused the id or the secret of the API token", error.details
        )

    def _hint(self) -> str:
        return "" if self._facts is None else self._facts.hint(self._context.clocks.wall())


def session_token_cache(
    credential: RotatingTokens | ApiToken, context: CallContext, options: ResolvedOptions, *, allow_http: bool
) -> TokenCache:
    """Return what keeps the token of a session.

    Args:
        credential: What the session begins with.
        context: Makes the calls that need the token.
        options: How the session is renewed.
        allow_http: Whether ``http`` may be used beyond loopback.

    Raises:
        ConfigurationError: The access token is no user's JWT, or the credential must not travel to the address.
    """
    caller = Caller(_for_renewals(context, credential), None, options)
    if isinstance(credential, RotatingTokens):
        return RotatingSession(
            credential, context, caller, deadline=options.deadline, allow_http=allow_http
        ).token_cache
    is_emulated = credential.secret.reveal().startswith(EMULATED)
    check_user_host(context.base_url, "credential", is_emulated=is_emulated, allow_http=allow_http)
    return ApiTokenSession(credential, context, caller, deadline=options.deadline).token_cache


def _for_renewals(context: CallContext, credential: RotatingTokens | ApiToken) -> CallContext:
    """Return the context of the calls that renew a session: that of all calls, with a header of their own."""
    host = credential.vendor_host if isinstance(credential, RotatingTokens) else None
    renewals = copy.copy(context)
    renewals.headers = {**context.headers, VENDOR_HOST: host or context.base_url.host}
    return renewals
