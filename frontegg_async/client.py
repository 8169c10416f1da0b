"""``AsyncFrontegg``: the client of an environment."""

from __future__ import annotations

import inspect
import platform
import random
import ssl as tls
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar, cast

import aiohttp

from frontegg_async import settings
from frontegg_async._version import __version__
from frontegg_async.auth.environment import EnvironmentTokens
from frontegg_async.auth.windows import Token, make_token
from frontegg_async.endpoints import Auth, Endpoint
from frontegg_async.endpoints.auth import AUTHENTICATE
from frontegg_async.errors import AuthenticationError, ConfigurationError, FronteggError, InvalidArgumentError
from frontegg_async.models.auth import EnvironmentAuthentication
from frontegg_async.models.check import Check
from frontegg_async.models.response import Response
from frontegg_async.options import IncompleteListing, Options
from frontegg_async.regions import BaseUrl, Region, check_credential_host, parse_domain
from frontegg_async.resources.access_tokens import AsyncAccessTokens
from frontegg_async.resources.migrations import AsyncMigrations
from frontegg_async.resources.tenants import AsyncTenants
from frontegg_async.secret import Secret
from frontegg_async.settings import SecretSource
from frontegg_async.unset import UNSET, Unset
from frontegg_async.wire.caller import Caller
from frontegg_async.wire.engine import Clocks, Engine
from frontegg_async.wire.paths import NO_FIELDS
from frontegg_async.wire.session import SessionHolder, SessionSettings

T = TypeVar("T")


class Environment:
    """What the views of a client share: the credential, its token, and the engine of its calls.

    Args:
        client_id: The environment's client id.
        secret: Its secret, or what returns it.
        engine: Makes the calls.
        options: The options of authentications.
    """

    def __init__(
        self,
        client_id: str,
        secret: Secret | Callable[[], str] | Callable[[], Awaitable[str]],
        engine: Engine,
        options: Options,
    ) -> None:
        self.engine = engine
        self._client_id = client_id
        self._secret = secret
        self._clock = engine.clocks.monotonic
        self._caller = Caller(engine, None, options)
        self.tokens = EnvironmentTokens(
            self._current_secret, self._authenticate, self._clock, account=(engine.base_url.origin, client_id)
        )
        engine.sessions.on_fork(self.tokens.forget_loop)

    async def _current_secret(self) -> Secret:
        if isinstance(self._secret, Secret):
            return self._secret
        try:
            given = self._secret()
            secret = await given if inspect.isawaitable(given) else given
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises; an exit would end the loop only
            kind = type(error).__name__
        else:
            return self._checked(Secret(settings.check_visible(secret, "secret")))
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
        self.tokens.reset()
        token = await self._authenticate(await self._current_secret(), options)
        self.tokens.adopt(token)
        return token.life

    async def close(self) -> None:
        """End everything that is under way."""
        self.tokens.close()
        self.engine.interrupt()
        await self.engine.sessions.close()


class AsyncFrontegg:
    """The client of an environment, for its management.

    Nothing happens when it is made: the session opens and the token is fetched with the first call. Use it in
    ``async with``, or call `aclose` at the end.

    Args:
        client_id: The environment's client id.
        secret: The environment's secret (API key), or a function, plain or ``async``, that returns it each time it is
            needed.
        region: The region that the environment is in.
        base_url: The address in the place of the region's: ``https``, or ``http`` on loopback.
        domain: The environment's sub-domain, as ``app-acme``, where calls of its users go.
        prefix: The path prefix of the address; none by default.
        environment_id: For credentials that see several environments: the one that is meant.
        connector: A connector of your own to borrow; it is never closed.
        proxy: The address of a proxy.
        ssl: A TLS context of your own; it must verify certificate and host name.
        trust_env: Whether the environment's proxies and ``.netrc`` count.
        max_connections: The most connections, 1 to 10,000; of a connector of your own its limit counts.
        allow_http: Whether ``http`` may be used beyond loopback, for an emulator's credentials only.
        options: How calls are made.
        app: The name of your application, for the user agent.

    Raises:
        ConfigurationError: A setting is malformed or contradicts another; the message names it.
    """

    access_tokens: AsyncAccessTokens
    """What opaque access tokens entitle to."""
    migrations: AsyncMigrations
    """The migrations of tenants into the environment."""
    tenants: AsyncTenants
    """The tenants of the environment."""

    def __init__(
        self,
        client_id: str,
        secret: SecretSource,
        *,
        region: Region = Region.EU,
        base_url: str | None = None,
        domain: str | None = None,
        prefix: str | None = None,
        environment_id: str | None = None,
        connector: aiohttp.BaseConnector | None = None,
        proxy: str | None = None,
        ssl: tls.SSLContext | None = None,
        trust_env: bool = False,
        max_connections: int = 100,
        allow_http: bool = False,
        options: Options | None = None,
        app: str | None = None,
    ) -> None:
        settings.check_visible(client_id, "client_id")
        if connector is not None and ssl is not None:
            raise ConfigurationError("ssl and connector exclude each other: give the context to the connector")
        if connector is not None and not isinstance(connector, aiohttp.BaseConnector):
            raise ConfigurationError("connector must be an aiohttp connector")
        checked = settings.check_options(options)
        held = settings.check_secret(secret)
        resolved = settings.resolve_base_url(
            client_id,
            held if isinstance(held, Secret) else None,
            region=region,
            base_url=base_url,
            prefix=prefix,
            allow_http=settings.check_flag(allow_http, "allow_http"),
        )
        self._domain = None if domain is None else parse_domain(domain)
        sessions = SessionHolder(
            SessionSettings(
                user_agent=_user_agent(settings.check_app(app)),
                connector=connector,
                proxy=settings.check_proxy(proxy),
                ssl=settings.check_ssl(ssl),
                trust_env=settings.check_flag(trust_env, "trust_env"),
                max_connections=settings.check_max_connections(max_connections),
            )
        )
        chosen = settings.check_environment_id(environment_id)
        headers = {} if chosen is None else {"frontegg-environment-id": chosen}
        clocks = Clocks(monotonic=time.monotonic, wall=time.time, rng=random.random)
        engine = Engine(resolved, Auth.ENVIRONMENT, headers, sessions, clocks)
        self._assemble(Environment(client_id, held, engine, checked), checked)

    @classmethod
    def from_env(
        cls,
        *,
        environ: Mapping[str, str] | None = None,
        prefix: str | None = None,
        connector: aiohttp.BaseConnector | None = None,
        proxy: str | None = None,
        ssl: tls.SSLContext | None = None,
        trust_env: bool = False,
        max_connections: int = 100,
        allow_http: bool = False,
        options: Options | None = None,
        app: str | None = None,
    ) -> Self:
        """Make a client with the settings of environment variables.

        ``FRONTEGG_CLIENT_ID`` and ``FRONTEGG_SECRET_KEY`` (or ``FRONTEGG_API_KEY``, or ``FRONTEGG_SECRET``) are
        required; ``FRONTEGG_REGION``, ``FRONTEGG_BASE_URL`` (which wins over the region), ``FRONTEGG_DOMAIN`` and
        ``FRONTEGG_ENVIRONMENT_ID`` are read if they are set.

        Args:
            environ: The variables; those of the process by default.
            prefix: The path prefix of the address; none by default.
            connector: A connector of your own to borrow; it is never closed.
            proxy: The address of a proxy.
            ssl: A TLS context of your own; it must verify certificate and host name.
            trust_env: Whether the environment's proxies and ``.netrc`` count.
            max_connections: The most connections, 1 to 10,000.
            allow_http: Whether ``http`` may be used beyond loopback, for an emulator's credentials only.
            options: How calls are made.
            app: The name of your application, for the user agent.

        Returns:
            The client.

        Raises:
            ConfigurationError: A variable is missing or malformed; the message names it.
        """
        found = settings.read_environment(environ, prefix=prefix, allow_http=allow_http)
        return cls(
            found.client_id,
            found.secret.reveal(),
            region=found.region,
            base_url=found.base_url,
            domain=found.domain,
            prefix=prefix,
            environment_id=found.environment_id,
            connector=connector,
            proxy=proxy,
            ssl=ssl,
            trust_env=trust_env,
            max_connections=max_connections,
            allow_http=allow_http,
            options=options,
            app=app,
        )

    def _assemble(self, environment: Environment, options: Options) -> None:
        self._environment = environment
        self._options = options
        self._caller = Caller(environment.engine, environment.tokens, options)
        self.access_tokens = AsyncAccessTokens(self._caller)
        self.migrations = AsyncMigrations(self._caller)
        self.tenants = AsyncTenants(self._caller)

    def with_options(
        self,
        *,
        timeout: float | None | Unset = UNSET,
        deadline: float | None | Unset = UNSET,
        max_retries: int | None | Unset = UNSET,
        headers: Mapping[str, str] | None | Unset = UNSET,
        strict_delete: bool | Unset = UNSET,
        incomplete_listing: IncompleteListing | Unset = UNSET,
    ) -> Self:
        """Return a view of this client whose calls are made with other options: the same session, the same token.

        Args:
            timeout: Seconds for one attempt; ``None`` for no limit.
            deadline: Seconds for a whole call; ``None`` for no limit.
            max_retries: Attempts after the first, 0 to 100; ``None`` for no limit.
            headers: Headers to add to each request.
            strict_delete: Whether a 404 on a repeated delete raises.
            incomplete_listing: ``raise`` or ``warn``, when a listing is not complete.

        Returns:
            The view. To close it is to close this client.

        Raises:
            ConfigurationError: A value is out of range, or a header is reserved.
        """
        given = Options(
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            headers=headers,
            strict_delete=strict_delete,
            incomplete_listing=incomplete_listing,
        )
        view = object.__new__(type(self))
        view._domain = self._domain
        view._assemble(self._environment, self._options.merge(given))
        return view

    @property
    def base_url(self) -> BaseUrl:
        """The address that the credential is bound to."""
        return self._environment.engine.base_url

    @property
    def options(self) -> Options:
        """How calls are made, unless a call says otherwise."""
        return self._options

    async def send(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str | Sequence[str]] | None = None,
        body: object = None,
        options: Options | None = None,
    ) -> Response[T]:
        """Make a call of any operation, one of your own included.

        Args:
            endpoint: The operation.
            path: A value for each field of its path.
            query: The parameters of the query; a sequence repeats the key.
            body: A write model, or any JSON value.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The value together with status, headers, trace id, attempts and elapsed time.

        Raises:
            ConfigurationError: The operation does not take the credential of this client.
            InvalidArgumentError: A field, a parameter or the body is not allowed; nothing was sent.
            FronteggError: Any other failure of the call.
        """
        if not isinstance(endpoint, Endpoint):
            raise InvalidArgumentError(f"endpoint must be an Endpoint, not {type(endpoint).__name__}")
        for name, given in (("path", path), ("query", query)):
            if given is not None and not isinstance(given, Mapping):
                raise InvalidArgumentError(f"{name} must be a mapping, not {type(given).__name__}")
        pairs = [] if query is None else _pairs(query)
        return await self._caller.response(
            endpoint, path=NO_FIELDS if path is None else path, query=pairs, body=body, options=options
        )

    async def check(self) -> Check:
        """Authenticate, and say which setting is wrong if that fails.

        ``POST /auth/vendor`` (documented).

        Returns:
            What works.

        Raises:
            AuthenticationError: The host answered and refused client id or secret; the message names the region.
            ConnectionFailedError: The host could not be reached; the message names it.
            FronteggError: Any other failure of the call.
        """
        started = time.monotonic()
        base_url = self.base_url
        try:
            expires_in = await self._environment.authenticate(self._options)
        except FronteggError as error:
            failure = error.with_details(error.details)
        else:
            return Check(
                base_url=str(base_url),
                region=None if base_url.region is None else base_url.region.value,
                expires_in=expires_in,
                elapsed=time.monotonic() - started,
            )
        if isinstance(failure, ConfigurationError) or base_url.place in failure.message:
            raise failure.with_details(failure.details)
        raise type(failure)(f"{failure.message}, at {base_url.place}", failure.details)

    def reset_auth(self) -> None:
        """Forget the token, and that a secret was refused: the next call authenticates."""
        self._environment.tokens.reset()

    async def aclose(self) -> None:
        """Close the client. Calls in flight and later calls raise `ClientClosedError`; to close twice does nothing."""
        await self._environment.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.base_url)!r})"


def _pairs(query: Mapping[str, str | Sequence[str]]) -> list[tuple[str, str]]:
    """Return the parameters of a query one by one; a sequence repeats its key."""
    pairs: list[tuple[str, str]] = []
    for name, values in query.items():
        if isinstance(values, str):
            pairs.append((name, values))
        elif isinstance(values, list | tuple):
            pairs += [(name, value) for value in cast("Sequence[str]", values)]
        else:
            kind = type(values).__name__
            raise InvalidArgumentError(f"query[{name!r}] must be text, or a list or tuple of texts, not {kind}")
    return pairs


def _user_agent(app: str | None) -> str:
    agent = f"frontegg-async/{__version__} python/{platform.python_version()} aiohttp/{aiohttp.__version__}"
    return f"{agent} {app}" if app else agent
