"""``AsyncFronteggUser``: the self-service client, with a user's credential."""

from __future__ import annotations

import ssl as tls
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NoReturn, Self, TypeVar

import aiohttp

from frontegg_async._core.auth.given_tokens import TokenOfCall, given_token
from frontegg_async._core.auth.token_cache import TokenCache
from frontegg_async._core.auth.user_sessions import session_token_cache
from frontegg_async._core.call.base_client import BaseClient, with_resources
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.call.context import CallContext, TokenSource
from frontegg_async._core.call.hooks import hooks_of
from frontegg_async._core.call.retry_budget import shared_budget
from frontegg_async._core.checks import settings
from frontegg_async._core.http.setup import make_sessions
from frontegg_async._core.runtime.clocks import system_clocks
from frontegg_async._core.runtime.forks import importing
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.flags import check_flag
from frontegg_async._values.kinds import kind_of
from frontegg_async._values.not_copyable import refuse_copies
from frontegg_async._values.secret import Hidden, Secret, hide, reveal
from frontegg_async.credentials import ApiToken, RotatingTokens, TokenFunction
from frontegg_async.endpoints import Auth, Endpoint
from frontegg_async.errors import ConfigurationError
from frontegg_async.models.response import Response
from frontegg_async.options import Options, ResolvedOptions, merge_options
from frontegg_async.regions import BaseUrl, Region, RegionLiteral, parse_base_url, parse_domain, parse_region

if TYPE_CHECKING:
    from frontegg_async.fleet.rates import RateGate
    from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot
    from frontegg_async.resources.of_tenant.account_settings import AsyncTenantAccountSettings
    from frontegg_async.resources.of_tenant.api_tokens import AsyncTenantApiTokens
    from frontegg_async.resources.of_tenant.audits import AsyncOwnAudits
    from frontegg_async.resources.of_tenant.groups import AsyncTenantGroups
    from frontegg_async.resources.of_tenant.hierarchy import AsyncOwnHierarchy
    from frontegg_async.resources.of_tenant.own_entitlements import AsyncOwnEntitlements
    from frontegg_async.resources.of_tenant.own_profile import AsyncOwnProfile
    from frontegg_async.resources.of_tenant.own_sessions import AsyncOwnSessions
    from frontegg_async.resources.of_tenant.own_sub_tenants import AsyncOwnSubTenants
    from frontegg_async.resources.of_tenant.own_tenant import AsyncOwnTenant
    from frontegg_async.resources.of_tenant.own_tenant_access_tokens import AsyncOwnTenantAccessTokens
    from frontegg_async.resources.of_tenant.own_tenants import AsyncOwnTenants
    from frontegg_async.resources.of_tenant.own_users import AsyncOwnUsers
    from frontegg_async.resources.of_tenant.permissions import AsyncOwnPermissions
    from frontegg_async.resources.of_tenant.roles import AsyncOwnRoles
    from frontegg_async.resources.of_tenant.scim import AsyncTenantScim
    from frontegg_async.resources.of_tenant.security.tenant import AsyncOwnSecurity
    from frontegg_async.resources.of_tenant.user_access_tokens import AsyncOwnAccessTokens
    from frontegg_async.resources.of_tenant.user_api_tokens import AsyncOwnApiTokens
    from frontegg_async.resources.of_tenant.user_invitations import AsyncOwnInvitation
    from frontegg_async.resources.of_tenant.webhooks import AsyncTenantWebhooks
    from frontegg_async.resources.views.own_sso import AsyncOwnSso

T = TypeVar("T")

CLOSING_PATIENCE: Final = 5.0
"""The most seconds that `aclose` waits for a session's new pair of tokens, and for ``on_rotate``."""


@with_resources()
class AsyncFronteggUser(BaseClient):
    """The self-service client of a user. The client reaches only the user's tenant and the tenants below this tenant.

    The constructor sends no request. Use it in ``async with``, or call `aclose` at the end. To serve many users, call
    ``frontegg.as_user(token)`` of a management client for each request. The returned clients share one session.

    Almost every method takes ``options`` (`Options`) for its own requests. Methods can raise the common errors that
    `FronteggError` lists.

    Args:
        domain: The environment's sub-domain, for example ``app-acme``, or with the region ``app-acme.us``.
        region: The region of the sub-domain, if ``domain`` does not name the region; Europe by default.
        base_url: An address in place of the sub-domain: text, or the `base_url` of another client. The address begins
            with ``https``, or with ``http`` on loopback.
        prefix: The path prefix of the address. The default is ``/frontegg`` for ``domain``, and none for ``base_url``.
        token: The user's JWT, or a function, plain or ``async``, that returns the JWT for each call. A plain function
            runs in a thread for a blocking client. Otherwise it runs on the event loop and must not block.
        credential: Instead of ``token``, a credential that the client renews: `RotatingTokens` of a session, or an
            `ApiToken`.
        connector: A connector of your own to use; you close it.
        proxy: The address of a proxy.
        ssl: A TLS context of your own; it must verify certificate and host name.
        trust_env: Whether to use the proxies of environment variables, and ``.netrc``.
        max_connections: The most open connections, 1 to 10,000. Has no effect with ``connector``, which has its own
            limit.
        allow_http: Whether ``http`` is allowed on hosts other than loopback, which also needs credentials of an
            emulator.
        options: The default options of all calls.
        app: The name of your application, for the user agent.
        rate_gate: The store in which the processes of a fleet share rate limits: ``RedisRateGate``.
        on_request: A function that is called with each request just before the request is sent, including requests for
            tokens. The function must be quick. Its exceptions are logged and otherwise ignored.
        on_response: A function that is called with the result of each request.

    Raises:
        ConfigurationError: A setting is malformed or contradicts another setting, or the credential is not a user's
            credential. The message names the setting.
    """

    access_tokens: AsyncOwnTenantAccessTokens
    """Access tokens (JWTs for ``x-api-key``) of the user's own tenant."""

    account_settings: AsyncTenantAccountSettings
    """The settings of the user's own tenant."""

    api_tokens: AsyncTenantApiTokens
    """API tokens (client id and secret) of the user's own tenant."""

    audits: AsyncOwnAudits
    """The audit log of the user's own tenant."""

    entitlements: AsyncOwnEntitlements
    """The entitlements of the user: the features that the user may use."""

    groups: AsyncTenantGroups
    """The groups of the users of the user's own tenant."""

    hierarchy: AsyncOwnHierarchy
    """The tenants above and below the user's own tenant."""

    invitation: AsyncOwnInvitation
    """The link with which the user invites others to the user's own tenant."""

    permissions: AsyncOwnPermissions
    """The permissions that roles contain."""

    personal_access_tokens: AsyncOwnAccessTokens
    """Access tokens (JWTs for ``x-api-key``) of the user."""

    personal_api_tokens: AsyncOwnApiTokens
    """API tokens (client id and secret) of the user."""

    profile: AsyncOwnProfile
    """The profile of the user."""

    sessions: AsyncOwnSessions
    """The sessions of the user, one for each sign-in."""

    roles: AsyncOwnRoles
    """The roles that the user's own tenant may use: the roles of the environment, and the tenant's own roles."""

    scim: AsyncTenantScim
    """SCIM: how identity providers provision the users of the user's own tenant."""

    security: AsyncOwnSecurity
    """Security policies of the user's own tenant, which say how and from where users sign in."""

    sso: AsyncOwnSso
    """Single sign-on with the identity providers of the user's own tenant."""

    sub_tenants: AsyncOwnSubTenants
    """The sub-accounts below the user's own tenant, and their users."""

    tenant: AsyncOwnTenant
    """The user's own tenant, which the user may delete."""

    tenants: AsyncOwnTenants
    """The tenants that the user belongs to; ``switch`` changes the active one."""

    users: AsyncOwnUsers
    """The team: the users of the user's own tenant."""

    webhooks: AsyncTenantWebhooks
    """Webhooks of the user's own tenant: addresses to which the service sends the tenant's events."""

    def __init__(
        self,
        *,
        domain: str | None = None,
        region: Region | RegionLiteral | None = None,
        base_url: str | BaseUrl | None = None,
        prefix: str | None = None,
        token: str | TokenFunction | None = None,
        credential: RotatingTokens | ApiToken | None = None,
        connector: aiohttp.BaseConnector | None = None,
        proxy: str | None = None,
        ssl: tls.SSLContext | None = None,
        trust_env: bool = False,
        max_connections: int = 100,
        allow_http: bool = False,
        options: Options | None = None,
        app: str | None = None,
        rate_gate: RateGate | None = None,
        on_request: Callable[[RequestSnapshot], None] | None = None,
        on_response: Callable[[ResponseSnapshot], None] | None = None,
    ) -> None:
        # Keep these texts out of this frame, which is part of an error's traceback.
        hidden_proxy, address, sub_domain = hide(proxy), hide(base_url), hide(domain)
        del proxy, base_url, domain
        hidden = hide(token)
        del token
        if (hidden is None) is (credential is None):
            raise ConfigurationError(
                "give either token or credential; token is a user's JWT, or a function that returns the JWT"
            )
        resolved = _address(reveal(sub_domain), region, reveal(address), prefix)
        checked = settings.check_options(options)
        sessions = make_sessions(
            connector=connector,
            proxy=hidden_proxy,
            ssl=ssl,
            trust_env=trust_env,
            max_connections=max_connections,
            app=app,
        )
        clocks = system_clocks()
        rates = None
        if rate_gate is not None:
            with importing:
                from frontegg_async.fleet.rates import shared_rates  # noqa: PLC0415 - only for fleets

            rates = shared_rates(rate_gate, clocks.monotonic, account=(resolved.origin,))
        context = CallContext(
            resolved,
            Auth.USER,
            {},
            sessions,
            clocks,
            budget=shared_budget(resolved.origin),
            rates=rates,
            observers=hooks_of(on_request, on_response),
        )
        allowed = check_flag(allow_http, "allow_http", ConfigurationError)
        if hidden is not None:
            self._assemble(context, _source(context, hidden, allow_http=allowed), checked, owns=True)
        else:
            token_cache = _token_cache(context, credential, checked, allow_http=allowed)
            sessions.on_fork(token_cache.forget_loop)
            self._assemble(context, token_cache, checked, owns=True)

    @classmethod
    def _over(
        cls, context: CallContext, token: Secret | TokenFunction, options: ResolvedOptions, *, allow_http: bool
    ) -> Self:
        """Return a client that shares the session of another client."""
        client = object.__new__(cls)
        client._assemble(context, _source(context, token, allow_http=allow_http), options, owns=False)
        return client

    def _assemble(self, context: CallContext, tokens: TokenSource, options: ResolvedOptions, *, owns: bool) -> None:
        self._context = context
        self._tokens = tokens
        self._options = options
        self._owns = owns
        self._caller = Caller(context, tokens, options)

    def _with(self, given: Options) -> Self:
        view = object.__new__(type(self))
        view._assemble(self._context, self._tokens, merge_options(self._options, given), owns=self._owns)
        return view

    async def send(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str | Sequence[str]] | None = None,
        body: object = None,
        options: Options | None = None,
    ) -> Response[T]:
        """Call any operation of the service, including an operation that you define.

        Args:
            endpoint: The operation.
            path: A value for each placeholder in the operation's path.
            query: The parameters of the query; a sequence repeats the key.
            body: A model of the request body, or any JSON value.

        Returns:
            The response: value, status, headers, trace id, attempts and elapsed time.

        Raises:
            ConfigurationError: The operation does not take the credential of this client.
            InvalidArgumentError: A field, a parameter or the body is not allowed; nothing was sent.
        """
        return await self._caller.send(endpoint, path=path, query=query, body=Hidden(body), options=options)

    async def aclose(self) -> None:
        """Close the client. Calls in flight and later calls raise `ClientClosedError`. A second call does nothing.

        The client first waits, at most five seconds, for a refresh of `RotatingTokens` in progress and for
        ``on_rotate`` with the new pair. A client that ``as_user`` returned shares the session of the management client,
        and closes together with the management client.
        """
        if not self._owns:
            return
        try:
            if isinstance(self._tokens, TokenCache):
                self._tokens.close()
                self._context.interrupt()
                # The refresh has used up the old refresh token. If nobody stored the new token, the session would be
                # lost.
                await self._tokens.drain(CLOSING_PATIENCE)
        finally:
            self._context.interrupt()
            await self._context.sessions.close()

    def __reduce__(self) -> NoReturn:
        refuse_copies(type(self).__name__, "make one in each process")


@without_frames
def _address(
    domain: str | None, region: Region | str | None, base_url: str | BaseUrl | None, prefix: str | None
) -> BaseUrl:
    known = None if region is None else parse_region(region)
    if base_url is None and domain is not None:
        return parse_domain(domain, region=known, prefix=prefix)
    if base_url is not None and domain is None:
        return parse_base_url(base_url, prefix=prefix)
    raise ConfigurationError("give either domain, such as 'app-acme', or base_url")


def _kind_of_token(token: object) -> str:
    # The access token of `RotatingTokens` is hidden: only the client may use it.
    has_text = isinstance(getattr(token, "access_token", None), str)
    return kind_of(token, "access_token" if has_text else "")


def _source(context: CallContext, token: Secret | TokenFunction, *, allow_http: bool) -> TokenSource:
    wall = context.clocks.wall
    if isinstance(token, Secret):
        return given_token(token, context.base_url, wall, allow_http=allow_http)
    if callable(token):
        return TokenOfCall(token, context.base_url, wall, allow_http=allow_http)
    raise ConfigurationError(
        f"token must be a user's JWT or a function that returns the JWT, not {_kind_of_token(token)}; "
        "pass a session or an API token to the self-service client as the argument credential"
    )


def _token_cache(
    context: CallContext, credential: RotatingTokens | ApiToken | None, options: ResolvedOptions, *, allow_http: bool
) -> TokenCache:
    if not isinstance(credential, RotatingTokens | ApiToken):
        raise ConfigurationError(f"credential must be RotatingTokens or an ApiToken, not {kind_of(credential)}")
    return session_token_cache(credential, context, options, allow_http=allow_http)
