"""Sessions that refresh themselves: for a user's rotating tokens, and for an API token."""

from __future__ import annotations

import copy
import os
from typing import Final, TypeAlias

from frontegg_async._core.auth.rotation import RotatingTokenCache, RotationNotifier
from frontegg_async._core.auth.secret_exchange import SecretExchange
from frontegg_async._core.auth.token_cache import TokenCache
from frontegg_async._core.auth.token_windows import Token, make_token
from frontegg_async._core.auth.unverified_claims import TokenFacts, check_user_host, facts_of, parse_user_token
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.call.context import CallContext
from frontegg_async._core.call.single_flight import caller_context
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.secret import Hidden, Secret
from frontegg_async.credentials import ApiToken, RotatingTokens, TokenPair
from frontegg_async.endpoints import sessions as endpoints
from frontegg_async.errors import (
    AuthenticationError,
    FronteggError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ResultLostError,
)
from frontegg_async.models.sessions import ApiTokenAuthentication, SessionTokens, SessionTokensV2, TokenRefresh
from frontegg_async.options import ResolvedOptions
from frontegg_async.regions import EMULATED

RenewedTokens: TypeAlias = SessionTokens | SessionTokensV2

VENDOR_HOST: Final = "frontegg-vendor-host"

_UNKNOWN_LIFE: Final = 300.0
"""The assumed lifetime of a token without an expiry, in seconds."""


class RotatingSession:
    """Refreshes the session of a user. Each response contains the refresh token for the next refresh.

    Args:
        credential: The first pair of an access token and a refresh token.
        context: The context of the calls.
        caller: Makes the refresh calls.
        deadline: The longest wait for ``on_rotate``, in seconds. ``None`` for no limit.
        allow_http: Whether ``http`` is allowed for addresses other than loopback.
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
        """Cache the first access token. Return whether an emulator issued it."""
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
            renewed = await self._caller.value(
                endpoints.REFRESH, body=TokenRefresh(refresh_token=self._refresh_token.reveal())
            )
        except ResultLostError as lost:
            error = ResultLostError(
                f"{lost.message}; the lost response contained the next refresh token, so the user probably has to "
                "sign in again",
                lost.details,
            )
        except AuthenticationError as refused:
            # A refresh token can be used once, so the service will refuse this token again. A 403 for a locked tenant
            # is different: it does not use up the token.
            error = self._refusal = AuthenticationError(
                f"{self._context.base_url.place} refused the refresh token: the user has to sign in again",
                refused.details,
            )
        else:
            return await self._take(renewed, requested_at)
        raise error.fresh()

    async def _take(self, renewed: SessionTokens, requested_at: float) -> Token:
        if renewed.refresh_token:
            # Store the new refresh token first: the old one is used up even if the new access token is unusable.
            self._refresh_token = Secret(renewed.refresh_token)
        token = make_token(renewed.access_token, renewed.expires_in, requested_at)
        self._facts = facts_of(renewed.access_token)
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
    """Exchanges an API token for access tokens, and refreshes them.

    Args:
        credential: The API token.
        context: The context of the calls.
        caller: Makes the exchange and refresh calls.
        deadline: The longest duration of a renewal, in seconds. ``None`` for no limit.
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
        renewed = await self._refresh() or await self._exchange(secret)
        token = make_token(renewed.access_token, renewed.expires_in, requested_at)
        self._facts = facts_of(renewed.access_token)
        if self._credential.renewal == "refresh" and renewed.refresh_token:
            self._refresh_token = Secret(renewed.refresh_token)
        return token

    async def _refresh(self) -> RenewedTokens | None:
        """Return new tokens for the refresh token.

        Return ``None`` if there is no refresh token, or if the service refuses it.
        """
        token, self._refresh_token = self._refresh_token, None
        if self._process != os.getpid():
            # This process was forked. The single-use refresh token belongs to the parent process.
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
        except OutcomeUnknownError as unknown:
            error = unknown
        if error.reason == "decode":
            # If the response contains no tokens, the caller exchanges the secret for new tokens.
            return None
        raise error.fresh()

    async def _exchange(self, secret: Secret) -> RenewedTokens:
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


@without_frames
def session_token_cache(
    credential: RotatingTokens | ApiToken, context: CallContext, options: ResolvedOptions, *, allow_http: bool
) -> TokenCache:
    """Return the token cache of a session.

    Args:
        credential: The credential of the session.
        context: The context of the calls that need the token.
        options: The options of the calls that renew the session.
        allow_http: Whether ``http`` is allowed for addresses other than loopback.

    Raises:
        ConfigurationError: The access token is not a user's JWT, or the credential must not be sent to this address.
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
    """Return a copy of the context with the header that renewal calls need."""
    host = credential.vendor_host if isinstance(credential, RotatingTokens) else None
    renewals = copy.copy(context)
    renewals.headers = {**context.headers, VENDOR_HOST: host or context.base_url.host}
    return renewals
